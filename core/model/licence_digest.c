/* SPDX-License-Identifier: Apache-2.0 */
/* digests.json and salts.json of data-formats.md: what lets a field be shown alone later. */
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/random.h"
#include "core/model/licence.h"

#define SALT_BYTES 16

typedef char salt_hex[2 * SALT_BYTES + 1];
typedef char digest_hex[2 * SM3_LEN + 1];

static bool is_hex(const char *text, size_t n)
{
    return text && strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

/* SM3 of the canonical JSON array of these texts; with key, HMAC-SM3. */
static enum rc digest_of(const char *const *texts, size_t n, const struct span *key,
                         unsigned char out[SM3_LEN], struct err *err)
{
    CLEANUP(buf_clear) struct buf json = BUF_INIT(LIMIT_RECORD);

    TRY(js_canonical_texts(texts, n, &json, err));
    if (key)
        hmac_sm3(*key, buf_span(&json), out);
    else
        sm3(buf_span(&json), out);
    return RC_OK;
}

/*
 * All salts of a licence: at random, drawn at once because each draw costs as much as
 * ten digests.  A derived salt depends on a secret key, never on the record alone: else
 * values could be guessed.
 */
static enum rc make_salts(const struct licence *licence, const struct span *key,
                          unsigned char (*out)[SALT_BYTES], struct err *err)
{
    if (!key)
        return random_bytes(out[0], licence->n_fields * SALT_BYTES, err);
    for (size_t i = 0; i < licence->n_fields; i++) {
        const char *const texts[] = {licence->identifier, licence->fields[i].name};
        unsigned char bytes[SM3_LEN];

        TRY(digest_of(texts, 2, key, bytes, err));
        memcpy(out[i], bytes, SALT_BYTES);
    }
    return RC_OK;
}

static enum rc digest_field(const char *salt, const struct licence_field *field, digest_hex out,
                            struct err *err)
{
    const char *const texts[] = {salt, field->name, field->value};
    unsigned char bytes[SM3_LEN];

    TRY(digest_of(texts, 3, NULL, bytes, err));
    hex_encode(bytes, SM3_LEN, out);
    return RC_OK;
}

/* A field's line in the two lists. */
struct line {
    const struct licence_field *field;
    salt_hex salt;
    digest_hex digest;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct line *)a)->field->name, ((const struct line *)b)->field->name);
}

/* The caller frees. */
static struct line *sort_fields(const struct licence *licence)
{
    struct line *lines = mem_zero(licence->n_fields, sizeof(*lines));

    for (size_t i = 0; i < licence->n_fields; i++)
        lines[i].field = &licence->fields[i];
    qsort(lines, licence->n_fields, sizeof(*lines), by_name);
    return lines;
}

static enum rc put_line(bool first, const char *name, const char *hex, struct buf *out,
                        struct err *err)
{
    if (!first)
        TRY(buf_puts(out, ",", err));
    TRY(js_canonical_text(name, out, err));
    TRY(buf_puts(out, ":", err));
    return js_canonical_text(hex, out, err);
}

/* Canonical, as all that is digested; lines are sorted. */
static enum rc put_digests(const struct line *lines, size_t n, struct buf *out, struct err *err)
{
    TRY(buf_puts(out, "{\"alg\":\"sm3\",\"digests\":{", err));
    for (size_t i = 0; i < n; i++)
        TRY(put_line(i == 0, lines[i].field->name, lines[i].digest, out, err));
    return buf_puts(out, "}}", err);
}

static enum rc put_salts(const struct line *lines, size_t n, struct buf *out, struct err *err)
{
    TRY(buf_puts(out, "{", err));
    for (size_t i = 0; i < n; i++)
        TRY(put_line(i == 0, lines[i].field->name, lines[i].salt, out, err));
    return buf_puts(out, "}", err);
}

enum rc licence_digests(const struct licence *licence, const struct span *salt_key,
                        struct buf *digests, struct buf *salts, struct err *err)
{
    size_t n = licence->n_fields;
    CLEANUP(freep) unsigned char(*drawn)[SALT_BYTES] = mem_zero(n, SALT_BYTES);
    CLEANUP(freep) struct line *lines = sort_fields(licence);

    TRY(make_salts(licence, salt_key, drawn, err));
    for (size_t i = 0; i < n; i++) {
        hex_encode(drawn[lines[i].field - licence->fields], SALT_BYTES, lines[i].salt);
        TRY(digest_field(lines[i].salt, lines[i].field, lines[i].digest, err));
    }
    TRY(put_digests(lines, n, digests, err));
    return put_salts(lines, n, salts, err);
}

static enum rc read_list(struct span digests, const struct js *salt_list, struct js **list,
                         struct err *err)
{
    const char *alg;

    TRY_AT(js_parse(digests, list, err), err, "digests.json");
    alg = js_get_text(*list, "alg");
    if (!alg || strcmp(alg, "sm3") != 0 || js_kind(js_get(*list, "digests")) != JS_OBJECT)
        return err_find(err, "FLD005", RC_INPUT, "digests.json: want 'alg' sm3 and 'digests'");
    if (js_len(js_get(*list, "digests")) > LIMIT_FIELDS || js_len(salt_list) > LIMIT_FIELDS)
        return err_find(err, "FLD005", RC_INPUT, "more than %d fields", LIMIT_FIELDS);
    if (js_kind(salt_list) != JS_OBJECT)
        return err_find(err, "FLD005", RC_INPUT, "salts.json: want an object");
    return RC_OK;
}

static void add(struct findings *findings, const char *code, const char *field)
{
    findings_add(findings, code, PLACE_FIELD(field), "field", field, NULL);
}

static enum rc check_field(const struct licence_field *field, const struct js *digests,
                           const struct js *salts, struct findings *findings, struct err *err)
{
    const char *digest = js_get_text(digests, field->name);
    const char *salt = js_get_text(salts, field->name);
    digest_hex want;

    if (!is_hex(digest, 2 * SM3_LEN) || !is_hex(salt, 2 * SALT_BYTES)) {
        add(findings, "FLD231", field->name);
        return RC_NO;
    }
    TRY(digest_field(salt, field, want, err));
    if (hash_equals(span_of(want), span_of(digest)))
        return RC_OK;
    add(findings, "FLD230", field->name);
    return RC_NO;
}

/* A name in a list that no field has. */
static bool check_names(const struct licence *licence, const struct js *names,
                        struct findings *findings)
{
    bool all_known = true;

    for (struct js_member m = js_first(names); m.key; m = js_next(m)) {
        bool known = false;

        for (size_t i = 0; i < licence->n_fields && !known; i++)
            known = strcmp(licence->fields[i].name, m.key) == 0;
        if (!known)
            add(findings, "FLD232", m.key);
        all_known &= known;
    }
    return all_known;
}

/* Steps over `want` if the text goes on with it. */
static bool take(struct span *rest, struct span want)
{
    if (rest->len < want.len || memcmp(rest->data, want.data, want.len) != 0)
        return false;
    rest->data += want.len;
    rest->len -= want.len;
    return true;
}

static bool take_salt(struct span *rest, salt_hex out)
{
    if (rest->len < 2 * SALT_BYTES)
        return false;
    memcpy(out, rest->data, 2 * SALT_BYTES);
    out[2 * SALT_BYTES] = '\0';
    rest->data += 2 * SALT_BYTES;
    rest->len -= 2 * SALT_BYTES;
    return is_hex(out, 2 * SALT_BYTES);
}

/* Reads salts that lie there as put_salts() writes them; lines are sorted. */
static bool read_salts(struct span rest, struct line *lines, size_t n)
{
    CLEANUP(buf_clear) struct buf before = BUF_INIT(LIMIT_RECORD);
    struct err ignored = ERR_INIT;

    for (size_t i = 0; i < n; i++) {
        buf_reset(&before);
        if (buf_puts(&before, i ? "\"," : "{", &ignored) != RC_OK ||
            js_canonical_text(lines[i].field->name, &before, &ignored) != RC_OK ||
            buf_puts(&before, ":\"", &ignored) != RC_OK || !take(&rest, buf_span(&before)) ||
            !take_salt(&rest, lines[i].salt))
            return false;
    }
    return take(&rest, span_of(n ? "\"}" : "{}")) && rest.len == 0;
}

/*
 * Are the two lists, to the byte, what we would write for these fields and salts?  Then
 * they are right and need not be parsed; any other is looked at field by field.
 */
static bool are_as_written(const struct licence *licence, struct span digests, struct span salts)
{
    size_t n = licence->n_fields;
    CLEANUP(freep) struct line *lines = NULL;
    CLEANUP(buf_clear) struct buf want = BUF_INIT(LIMIT_RECORD);
    struct err ignored = ERR_INIT;

    if (n > LIMIT_FIELDS)
        return false;
    lines = sort_fields(licence);
    for (size_t i = 1; i < n; i++) {
        if (by_name(&lines[i - 1], &lines[i]) == 0)
            return false;
    }
    if (!read_salts(salts, lines, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (digest_field(lines[i].salt, lines[i].field, lines[i].digest, &ignored) != RC_OK)
            return false;
    }
    return put_digests(lines, n, &want, &ignored) == RC_OK && hash_equals(buf_span(&want), digests);
}

enum rc licence_check_digests(const struct licence *licence, struct span digests, struct span salts,
                              struct findings *findings, struct err *err)
{
    CLEANUP(js_freep) struct js *list = NULL;
    CLEANUP(js_freep) struct js *salt_list = NULL;
    const struct js *all;
    bool good = true;

    if (are_as_written(licence, digests, salts))
        return RC_OK;
    TRY_AT(js_parse(salts, &salt_list, err), err, "salts.json");
    TRY(read_list(digests, salt_list, &list, err));
    all = js_get(list, "digests");
    for (size_t i = 0; i < licence->n_fields; i++) {
        enum rc rc = check_field(&licence->fields[i], all, salt_list, findings, err);

        if (rc != RC_OK && rc != RC_NO)
            return rc;
        good &= rc == RC_OK;
    }
    good &= check_names(licence, all, findings);
    good &= check_names(licence, salt_list, findings);
    if (good)
        return RC_OK;
    return err_find(err, "FLD230", RC_NO, "the digest list does not fit the licence's fields");
}
