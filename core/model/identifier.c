/* SPDX-License-Identifier: Apache-2.0 */
/* Licence identifiers, GB/T 36904-2018; the check character is ISO/IEC 7064 MOD 37,36 (GB/T 17710).
 */
#include "core/model/identifier.h"

#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/crypto/random.h"
#include "core/model/checkdigit.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool identifier_is_alnum(const char *text)
{
    return *text && text[strspn(text, alphabet)] == '\0';
}

static bool is_digits(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "0123456789") == n;
}

const char *identifier_part_name(enum identifier_part part, enum lang lang)
{
    static const char *const names[][2] = {
        [PART_ROOT] = {N_("root"), "电子证照根代码"},
        [PART_TYPE] = {N_("licence type"), "证照类型代码"},
        [PART_ISSUER] = {N_("issuing body"), "证照颁发机构代码"},
        [PART_SERIAL] = {N_("serial"), "流水号"},
        [PART_VERSION] = {N_("version"), "版本号"},
        [PART_CHECK] = {N_("check character"), "校验位"},
    };

    return names[part][lang == LANG_ZH];
}

/* Splits off the root, whose own dots do not separate parts. */
static const char *after_root(const char *text, const char *root)
{
    size_t n = strlen(root);

    return strncmp(text, root, n) == 0 && text[n] == '.' ? text + n + 1 : NULL;
}

/* Copies the parts behind the root into out, in the order given; false if their number differs. */
static bool split(const char *p, const enum identifier_part *order, size_t n,
                  struct identifier *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strcspn(p, ".");
        char *to = out->part[order[i]];

        memcpy(to, p, len);
        to[len] = '\0';
        p += len;
        if (*p != (i + 1 < n ? '.' : '\0'))
            return false;
        p += *p == '.';
    }
    return true;
}

/* Parts start to version in a row, as the check character covers them; start may be the root. */
static size_t covered(const struct identifier *id, enum identifier_part start, char *out)
{
    size_t n = 0;

    for (enum identifier_part part = start; part < PART_CHECK; part++) {
        for (const char *p = id->part[part]; *p; p++) {
            if (*p != '.')
                out[n++] = *p;
        }
    }
    out[n] = '\0';
    return n;
}

static void add(struct findings *findings, const char *code, const char *value)
{
    findings_add(findings, code, PLACE_NONE, "value", value, NULL);
}

static void check_character(struct identifier *id, struct findings *findings)
{
    char body[IDENTIFIER_PARTS * IDENTIFIER_MAX], expected[2] = "?";
    const char *given = id->part[PART_CHECK];
    size_t n = covered(id, id->form == IDENTIFIER_BEFORE ? PART_ROOT : PART_TYPE, body);

    id->expected = mod37_36(body, n);
    if (!id->expected) /* its parts have been complained about */
        return;
    expected[0] = id->expected;
    id->check_is_right = strcmp(given, expected) == 0;
    id->check_is_defective =
        !id->check_is_right && strlen(given) == 1 && given[0] == mod37_36_defective(body, n);
    if (!id->check_is_right)
        findings_add(findings, id->check_is_defective ? "IDN202" : "IDN201", PLACE_NONE, "actual",
                     given, "expected", expected, NULL);
}

/* A USCC whose check digit fails is kept: old data hold some, and the identifier's own check
 * counts. */
static void check_uscc(const char *text, const char *code, struct findings *findings)
{
    struct check check = uscc_check(text);

    if (check.fault == CHECK_DIGIT) {
        char expected[2] = {check.expected, '\0'};

        findings_add(findings, code, PLACE_NONE, "value", text, "expected", expected, NULL);
    } else if (check.fault != CHECK_GOOD) {
        findings_add(findings, code, PLACE_NONE, "value", text, "expected", "?", NULL);
    }
}

static void check_parts(const struct identifier *id, struct findings *findings)
{
    const char *type = id->part[PART_TYPE], *issuer = id->part[PART_ISSUER];

    if (strlen(type) != IDENTIFIER_TYPE_LEN || !identifier_is_alnum(type)) {
        add(findings, "IDN004", type);
    } else {
        char definer[IDENTIFIER_ISSUER_LEN + 1] = "";

        memcpy(definer, type, IDENTIFIER_ISSUER_LEN);
        check_uscc(definer, "IDN302", findings);
    }
    if (is_digits(issuer, 6))
        add(findings, "IDN301", issuer);
    else if (strlen(issuer) != IDENTIFIER_ISSUER_LEN || !identifier_is_alnum(issuer))
        add(findings, "IDN005", issuer);
    else
        check_uscc(issuer, "IDN303", findings);
    if (!identifier_is_alnum(id->part[PART_SERIAL]))
        add(findings, "IDN006", id->part[PART_SERIAL]);
    if (!is_digits(id->part[PART_VERSION], 3) || strcmp(id->part[PART_VERSION], "000") == 0)
        add(findings, "IDN007", id->part[PART_VERSION]);
}

/* Which form the text has, with its parts in out. */
static enum identifier_form take_apart(const char *text, struct identifier *out)
{
    static const enum identifier_part now[] = {PART_TYPE, PART_ISSUER, PART_SERIAL, PART_VERSION,
                                               PART_CHECK};
    static const enum identifier_part before[] = {PART_TYPE, PART_SERIAL, PART_VERSION, PART_CHECK};
    const char *rest = after_root(text, IDENTIFIER_ROOT);

    if (rest) {
        (void)snprintf(out->part[PART_ROOT], sizeof(out->part[0]), "%s", IDENTIFIER_ROOT);
        return split(rest, now, 5, out) ? IDENTIFIER_GBT36904 : IDENTIFIER_UNKNOWN;
    }
    rest = after_root(text, IDENTIFIER_ROOT_BEFORE);
    if (rest) {
        (void)snprintf(out->part[PART_ROOT], sizeof(out->part[0]), "%s", IDENTIFIER_ROOT_BEFORE);
        return split(rest, before, 4, out) ? IDENTIFIER_BEFORE : IDENTIFIER_UNKNOWN;
    }
    return IDENTIFIER_UNKNOWN;
}

static void look_at(const char *text, struct identifier *out, struct findings *findings)
{
    *out = (struct identifier){.form = IDENTIFIER_UNKNOWN};
    if (strlen(text) > IDENTIFIER_MAX) {
        add(findings, "IDN003", text);
        return;
    }
    out->form = take_apart(text, out);
    if (out->form == IDENTIFIER_UNKNOWN)
        add(findings, out->part[PART_ROOT][0] ? "IDN001" : "IDN002", text);
    else if (out->form == IDENTIFIER_BEFORE)
        add(findings, "IDN203", text);
    else
        check_parts(out, findings);
    if (out->form != IDENTIFIER_UNKNOWN)
        check_character(out, findings);
}

bool identifier_check(const char *text, struct identifier *out, struct findings *findings)
{
    CLEANUP(findings_clear) struct findings own = {.list = NULL};

    look_at(text, out, &own); /* the caller's list may be full, which changes no answer */
    look_at(text, out, findings);
    return findings_worst(&own) != SEVERITY_ERROR;
}

static enum rc check_mint(const struct identifier_parts *parts, struct err *err)
{
    if (strlen(parts->type) != IDENTIFIER_TYPE_LEN || !identifier_is_alnum(parts->type))
        return err_find(err, "IDN004", RC_USAGE,
                        "GB/T 36904: type code: want 21 characters of 0-9A-Z, got '%.60s'",
                        parts->type);
    if (uscc_check(parts->issuer).fault != CHECK_GOOD)
        return err_find(err, "IDN005", RC_USAGE,
                        "GB/T 36904: issuer: want a unified social credit code whose check digit "
                        "is right, got '%.60s'",
                        parts->issuer);
    if (!identifier_is_alnum(parts->serial) || strlen(parts->serial) > IDENTIFIER_SERIAL_MAX)
        return err_find(err, "IDN006", RC_USAGE,
                        "GB/T 36904: serial: want 1 to %d characters of 0-9A-Z, got '%.80s'",
                        IDENTIFIER_SERIAL_MAX, parts->serial);
    if (parts->version < 1 || parts->version > 999)
        return err_find(err, "IDN007", RC_USAGE, "GB/T 36904: version: want 1 to 999, got %d",
                        parts->version);
    return RC_OK;
}

enum rc identifier_mint(const struct identifier_parts *parts, char **out, struct err *err)
{
    char body[IDENTIFIER_MAX], text[IDENTIFIER_MAX + 1];
    int n;

    TRY(check_mint(parts, err));
    n = snprintf(body, sizeof(body), "%s%s%s%03d", parts->type, parts->issuer, parts->serial,
                 parts->version);
    (void)snprintf(text, sizeof(text), IDENTIFIER_ROOT ".%s.%s.%s.%03d.%c", parts->type,
                   parts->issuer, parts->serial, parts->version, mod37_36(body, (size_t)n));
    *out = mem_text(text);
    return RC_OK;
}

enum rc identifier_random_serial(char *out, size_t n, struct err *err)
{
    for (size_t i = 0; i < n;) {
        unsigned char byte;

        TRY(random_bytes(&byte, 1, err));
        if (byte < 252) /* the largest multiple of 36: no character is likelier than another */
            out[i++] = alphabet[byte % 36];
    }
    out[n] = '\0';
    return RC_OK;
}
