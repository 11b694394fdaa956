/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entries of a revocation list (RFC 5280 5.3).  There may be a million, so they
 * are counted first, nothing is allocated for each, and a list that is sorted
 * already, as most are, is not sorted again.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/crypto/crl_priv.h"
#include "core/crypto/der.h"

static enum rc bad(struct err *err, const char *what)
{
    return err_set(err, RC_INPUT, "%s", what);
}

struct span crl_serial(struct span body)
{
    for (; body.len > 1 && body.data[0] == 0 && body.data[1] < 0x80; body.data++)
        body.len--;
    return body;
}

enum rc extension_next(struct span *rest, struct extension *out, struct err *err)
{
    struct der item, part;

    TRY(der_expect(rest, DER_SEQUENCE, "extension", &item, err));
    TRY(der_expect(&item.body, DER_OID, "extension", &part, err));
    out->oid = part.body;
    TRY(der_next(&item.body, &part, err));
    out->critical = der_is(&part, DER_BOOLEAN) && part.body.len == 1 && part.body.data[0];
    if (der_is(&part, DER_BOOLEAN))
        TRY(der_next(&item.body, &part, err));
    if (!der_is(&part, DER_OCTET_STRING))
        return bad(err, "extension: no value");
    out->value = part.body;
    return RC_OK;
}

bool extension_is_ce(const struct extension *extension, unsigned n)
{
    return extension->oid.len == 3 && extension->oid.data[0] == 0x55 &&
           extension->oid.data[1] == 0x1d && extension->oid.data[2] == n;
}

/* An entry while it is read; of an indirect list it may be of another issuer. */
struct entry {
    struct crl_entry kept;
    struct span issuer; /* contents of certificateIssuer, empty without one */
};

static enum rc read_reason(const struct der *value, struct entry *entry, struct err *err)
{
    if (value->body.len != 1)
        return bad(err, "reasonCode: not a number of RFC 5280 5.3.1");
    entry->kept.reason = value->body.data[0];
    return RC_OK;
}

static enum rc read_invalidity(const struct der *value, struct entry *entry, struct err *err)
{
    instant at;

    if (!der_time(value, &at))
        return bad(err, "invalidityDate: not a time");
    if (at < entry->kept.at) /* RFC 5280 5.3.2: since then it was no longer to be relied on */
        entry->kept.at = at;
    return RC_OK;
}

static enum rc read_extensions(struct crl *crl, struct span rest, struct entry *entry,
                               struct err *err)
{
    struct extension extension;
    struct der value;

    while (rest.len) {
        TRY(extension_next(&rest, &extension, err));
        if (extension_is_ce(&extension, 21) || extension_is_ce(&extension, 24) ||
            extension_is_ce(&extension, 29))
            TRY(der_only(extension.value, &value, err));
        if (extension_is_ce(&extension, 21))
            TRY(read_reason(&value, entry, err));
        else if (extension_is_ce(&extension, 24))
            TRY(read_invalidity(&value, entry, err));
        else if (extension_is_ce(&extension, 29))
            entry->issuer = value.body;
        else if (extension.critical)
            crl->use = CRL_UNUSABLE;
    }
    return RC_OK;
}

static enum rc read_entry(struct crl *crl, struct span *rest, struct entry *entry, struct err *err)
{
    struct der item, part;
    struct span serial;

    TRY(der_expect(rest, DER_SEQUENCE, "entry", &item, err));
    TRY(der_expect(&item.body, DER_INTEGER, "userCertificate", &part, err));
    serial = crl_serial(part.body);
    if (serial.len > UINT8_MAX)
        return bad(err, "userCertificate: more than 255 bytes");
    *entry = (struct entry){
        .kept = {.serial = (uint32_t)(serial.data - crl->der), .serial_len = (uint8_t)serial.len}};
    TRY(der_next(&item.body, &part, err));
    if (!der_time(&part, &entry->kept.at))
        return bad(err, "revocationDate: not a time");
    if (item.body.len == 0)
        return RC_OK;
    TRY(der_expect(&item.body, DER_SEQUENCE, "crlEntryExtensions", &part, err));
    return read_extensions(crl, part.body, entry, err);
}

/* Does GeneralNames hold this directoryName? */
static bool names_issuer(struct span names, struct span issuer)
{
    struct err ignored = ERR_INIT;
    struct der name;

    while (names.len && der_next(&names, &name, &ignored) == RC_OK) {
        if (der_is_context(&name, 4) && span_equals(name.body, issuer))
            return true;
    }
    return false;
}

struct span crl_entry_serial(const struct crl *crl, const struct crl_entry *entry)
{
    return (struct span){crl->der + entry->serial, entry->serial_len};
}

/* Revoked for good, on hold, taken off the list. */
static int weight(const struct crl_entry *entry)
{
    return entry->reason == REASON_REMOVE ? 2 : entry->reason == REASON_HOLD ? 1 : 0;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct crl_entry *left = a, *right = b;
    const unsigned char *der = context;
    int order;

    if (left->serial_len != right->serial_len)
        return left->serial_len < right->serial_len ? -1 : 1;
    order = memcmp(der + left->serial, der + right->serial, left->serial_len);
    return order ? order : weight(left) - weight(right);
}

static void sort(struct crl *crl)
{
    for (size_t i = 1; i < crl->n_entries; i++) {
        if (compare(&crl->entries[i - 1], &crl->entries[i], crl->der) > 0) {
            qsort_r(crl->entries, crl->n_entries, sizeof(*crl->entries), compare, crl->der);
            return;
        }
    }
}

/* A list that names a certificate twice means the gravest it says, the earliest of that. */
static void keep_gravest(struct crl *crl)
{
    size_t kept = 0;

    for (size_t i = 0; i < crl->n_entries; i++) {
        struct crl_entry *last = kept ? &crl->entries[kept - 1] : NULL;
        const struct crl_entry *entry = &crl->entries[i];

        if (!last || !span_equals(crl_entry_serial(crl, last), crl_entry_serial(crl, entry)))
            crl->entries[kept++] = *entry;
        else if (weight(last) == weight(entry) && entry->at < last->at)
            last->at = entry->at;
    }
    crl->n_entries = kept;
}

static enum rc count(struct span rest, size_t *n, struct err *err)
{
    struct der item;

    for (*n = 0; rest.len; (*n)++)
        TRY(der_next(&rest, &item, err));
    return RC_OK;
}

/*
 * RFC 5280 5.3.3: certificateIssuer holds for the entries after it too, until the
 * next one; what is of another issuer than the list is not kept.
 */
enum rc crl_read_entries(struct crl *crl, struct span rest, struct err *err)
{
    bool foreign = false;
    struct entry entry;
    size_t n;

    TRY(count(rest, &n, err));
    free(crl->entries);
    crl->n_entries = 0;
    crl->entries = mem_zero(n, sizeof(*crl->entries));
    while (rest.len) {
        TRY(read_entry(crl, &rest, &entry, err));
        if (entry.issuer.len) {
            foreign = !names_issuer(entry.issuer, crl->issuer_der);
            crl->is_indirect = true;
        }
        if (!foreign)
            crl->entries[crl->n_entries++] = entry.kept;
    }
    sort(crl);
    keep_gravest(crl);
    return RC_OK;
}
