/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/owner.h"

#include <string.h>

/* Is item one of the parts of list, which are joined by ^? */
static bool is_among(const char *item, const char *list)
{
    size_t n = strlen(item);

    for (const char *p = list; p; p = strchr(p, '^') ? strchr(p, '^') + 1 : NULL) {
        if (strcspn(p, "^") == n && strncmp(p, item, n) == 0)
            return true;
    }
    return false;
}

static bool owner_is_issuer(const struct sealer *sealer, const struct licence *licence)
{
    const char *codes = licence_metadata(licence, "ZZBFJGDM");
    const char *names = licence_metadata(licence, "ZZBFJG");

    for (size_t i = 0; codes && i < sealer->n_owners; i++) {
        if (is_among(sealer->owners[i], codes))
            return true;
    }
    return sealer->n_owners == 0 && names && is_among(sealer->seal.name, names);
}

enum rc owner_check(const struct sealer *sealer, const struct licence *licence, struct err *err)
{
    if (owner_is_issuer(sealer, licence))
        return RC_OK;
    return err_find(err, "SEA221", RC_REFUSED,
                    "the seal '%s' belongs to none of the licence's issuers (%s)",
                    sealer->seal.name, licence_metadata(licence, "ZZBFJG"));
}

static bool is_text(const char *text, const char *start, size_t len)
{
    return strlen(text) == len && strncmp(text, start, len) == 0;
}

static bool owns(const struct sealer *sealer, const char *name, size_t name_len, const char *code,
                 size_t code_len)
{
    for (size_t i = 0; i < sealer->n_owners; i++) {
        if (is_text(sealer->owners[i], code, code_len))
            return true;
    }
    return sealer->n_owners == 0 && is_text(sealer->seal.name, name, name_len);
}

bool owner_has_place(const struct sealer *sealer, const struct licence *licence,
                     const struct seal_place *place)
{
    const char *names = licence_metadata(licence, "ZZBFJG");
    const char *codes = licence_metadata(licence, "ZZBFJGDM");

    while (names && codes) {
        size_t name = strcspn(names, "^"), code = strcspn(codes, "^");

        if (is_text(place->issuer, names, name) && owns(sealer, names, name, codes, code))
            return true;
        names = names[name] ? names + name + 1 : NULL;
        codes = codes[code] ? codes + code + 1 : NULL;
    }
    return false;
}
