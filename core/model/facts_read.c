/* SPDX-License-Identifier: Apache-2.0 */
/* Reading ecert.facts/1, which anybody may have written. */
#include <limits.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/facts_priv.h"

enum { PATH_MAX_CERTS = 4096, PARAMS_MAX = 16, NAMES_MAX = 2 * LIMIT_PACKAGE_MEMBERS };

/* Where the reader is: what kept texts belong to. */
struct reader {
    struct verification *v;
    struct err *err;
};

static enum rc bad(const struct reader *r, const char *key)
{
    return err_set(r->err, RC_INPUT, "ecert.facts/1: '%.40s' is not there or not as it should be",
                   key);
}

static size_t n_rows(const struct fact *rows)
{
    size_t n = 0;

    while (rows[n].key)
        n++;
    return n;
}

/* An object that has these rows and `extra` keys besides, each of which is looked for later. */
static enum rc check_object(const struct reader *r, const struct js *js, const char *name,
                            size_t keys)
{
    return js_kind(js) == JS_OBJECT && js_len(js) == keys ? RC_OK : bad(r, name);
}

static enum rc read_text(const struct reader *r, const struct js *js, const char *key, char **out)
{
    if (js_kind(js) != JS_NULL && js_kind(js) != JS_STRING)
        return bad(r, key);
    *out = mem_text(js_text(js));
    return RC_OK;
}

/* As it is printed and no other way: two writings of a time would be two reports. */
static enum rc read_time(const struct reader *r, const struct js *js, const char *key, instant *out)
{
    struct err ignored = ERR_INIT;
    char printed[21];

    *out = INSTANT_NONE;
    if (js_kind(js) == JS_NULL)
        return RC_OK;
    if (js_kind(js) != JS_STRING || instant_parse(js_text(js), out, &ignored) != RC_OK)
        return bad(r, key);
    instant_print(*out, printed);
    return strcmp(printed, js_text(js)) == 0 ? RC_OK : bad(r, key);
}

static enum rc read_choice(const struct reader *r, const struct js *js, const struct fact *fact,
                           int *out)
{
    for (int i = 0; js_kind(js) == JS_STRING && fact->names[i]; i++) {
        if (strcmp(fact->names[i], js_text(js)) == 0) {
            *out = i;
            return RC_OK;
        }
    }
    return bad(r, fact->key);
}

static enum rc read_number(const struct reader *r, const struct js *js, const struct fact *fact,
                           void *at)
{
    int64_t value = js_integer(js);

    if (js_kind(js) != JS_INTEGER || value < fact->least || value > fact->most)
        return bad(r, fact->key);
    if (fact->kind == FACT_INT)
        *(int *)at = (int)value;
    else if (fact->kind == FACT_LONG)
        *(long *)at = (long)value;
    else if (fact->kind == FACT_OFFSET)
        *(long long *)at = value;
    else
        *(size_t *)at = (size_t)value;
    return RC_OK;
}

static enum rc read_kept(const struct reader *r, const struct js *js, const char *key,
                         const char **out)
{
    *out = NULL;
    if (js_kind(js) == JS_NULL)
        return RC_OK;
    if (js_kind(js) != JS_STRING)
        return bad(r, key);
    *out = verification_keep(r->v, js_text(js));
    return RC_OK;
}

static enum rc read_value(const struct reader *r, const struct js *js, const struct fact *fact,
                          void *object)
{
    void *at = (char *)object + fact->at;

    switch (fact->kind) {
    case FACT_TEXT:
        return read_text(r, js, fact->key, at);
    case FACT_KEPT:
        return read_kept(r, js, fact->key, at);
    case FACT_TIME:
        return read_time(r, js, fact->key, at);
    case FACT_INT:
    case FACT_LONG:
    case FACT_OFFSET:
    case FACT_SIZE:
        return read_number(r, js, fact, at);
    case FACT_BOOL:
        *(bool *)at = js_bool(js);
        return js_kind(js) == JS_BOOL ? RC_OK : bad(r, fact->key);
    case FACT_SM3:
        return js_kind(js) == JS_STRING && hex_decode(js_text(js), SM3_LEN, at) ? RC_OK
                                                                                : bad(r, fact->key);
    case FACT_CHOICE:
        return read_choice(r, js, fact, at);
    }
    return bad(r, fact->key);
}

static enum rc read_rows(const struct reader *r, const struct js *js, const struct fact *rows,
                         void *object)
{
    for (; rows->key; rows++) {
        const struct js *value = js_get(js, rows->key);

        if (!value)
            return bad(r, rows->key);
        TRY(read_value(r, value, rows, object));
    }
    return RC_OK;
}

/* An object with the rows and nothing else. */
static enum rc read_object(const struct reader *r, const struct js *js, const char *key,
                           const struct fact *rows, void *object)
{
    const struct js *inner = js_get(js, key);

    TRY(check_object(r, inner, key, n_rows(rows)));
    return read_rows(r, inner, rows, object);
}

static enum rc check_array(const struct reader *r, const struct js *js, const char *key,
                           size_t most, const struct js **out)
{
    *out = js_get(js, key);
    return js_kind(*out) == JS_ARRAY && js_len(*out) <= most ? RC_OK : bad(r, key);
}

static enum rc read_path(const struct reader *r, const struct js *js, const char *key,
                         struct path_report *out)
{
    const struct js *list;

    TRY(check_array(r, js, key, PATH_MAX_CERTS, &list));
    for (size_t i = 0; i < js_len(list); i++) {
        TRY(check_object(r, js_at(list, i), key, n_rows(facts_of_cert)));
        TRY(read_rows(r, js_at(list, i), facts_of_cert, path_report_add(out)));
        if (!out->list[i].key || !out->list[i].subject)
            return bad(r, "key");
    }
    return RC_OK;
}

static enum rc read_sub(const struct reader *r, const struct js *js, enum sub_indication *out)
{
    const char *text = js_get_text(js, "sub_indication");

    for (int i = SUB_NONE; text && i <= SUB_SIGNED_DATA_NOT_FOUND; i++) {
        if (strcmp(sub_indication_name((enum sub_indication)i), text) == 0) {
            *out = (enum sub_indication)i;
            return RC_OK;
        }
    }
    return bad(r, "sub_indication");
}

/* Steps are noted again as the judges did, so that the indication follows from them. */
static enum rc read_steps(const struct reader *r, const struct js *js, struct signature_report *s)
{
    const struct js *list;

    TRY(check_array(r, js, "steps", STEPS_MAX, &list));
    for (size_t i = 0; i < js_len(list); i++) {
        const struct js *one = js_at(list, i);
        struct step step = {.id = NULL};

        TRY(check_object(r, one, "steps", n_rows(facts_of_step) + 1));
        TRY(read_rows(r, one, facts_of_step, &step));
        TRY(read_sub(r, one, &step.sub));
        if (!step.id || step.finding >= (int)r->v->findings.n)
            return bad(r, "steps");
        signature_step(s, step.id, step.result, step.finding, step.sub);
    }
    return RC_OK;
}

static enum rc read_issuers(const struct reader *r, const struct js *js, struct signature_report *s)
{
    const struct js *list;

    TRY(check_array(r, js, "issuers", NAMES_MAX, &list));
    for (size_t i = 0; i < js_len(list); i++) {
        if (js_kind(js_at(list, i)) != JS_STRING)
            return bad(r, "issuers");
        verification_add_issuer(s, js_text(js_at(list, i)));
    }
    return RC_OK;
}

static enum rc read_counts(const struct reader *r, const struct js *js, const char *key,
                           unsigned out[KINDS])
{
    const struct js *list;

    TRY(check_array(r, js, key, KINDS, &list));
    for (size_t i = 0; i < KINDS; i++) {
        int64_t n = js_integer(js_at(list, i));

        if (js_kind(js_at(list, i)) != JS_INTEGER || n < 0 || n > UINT_MAX)
            return bad(r, key);
        out[i] = (unsigned)n;
    }
    return RC_OK;
}

static enum rc read_part(const struct reader *r, const struct js *js, struct coverage *out)
{
    const char *name = js_get_text(js, "name"), *kind = js_get_text(js, "kind");
    const struct js *by = js_get(js, "by");

    TRY(check_object(r, js, "parts", 3));
    if (!name || !kind || !by || (js_kind(by) != JS_NULL && js_kind(by) != JS_STRING))
        return bad(r, "parts");
    for (int i = 0; i < KINDS; i++) {
        if (strcmp(part_kind_name((enum part_kind)i), kind) == 0) {
            coverage_add(out, name, (enum part_kind)i, js_text(by), false);
            return RC_OK;
        }
    }
    return bad(r, "kind");
}

static enum rc read_coverage(const struct reader *r, const struct js *js, struct coverage *out)
{
    const struct js *coverage = js_get(js, "coverage"), *list;

    TRY(check_object(r, coverage, "coverage", 6));
    TRY(check_array(r, coverage, "parts", COVERAGE_NAMES, &list));
    for (size_t i = 0; i < js_len(list); i++)
        TRY(read_part(r, js_at(list, i), out));
    TRY(read_counts(r, coverage, "covers", out->covers));
    TRY(read_counts(r, coverage, "changed", out->changed));
    TRY(read_counts(r, coverage, "added", out->added));
    TRY(read_counts(r, coverage, "left_out", out->left_out));
    return read_counts(r, coverage, "open", out->open);
}

static enum rc read_signature(const struct reader *r, const struct js *js)
{
    struct signature_report *s = verification_add_signature(r->v);

    TRY(check_object(r, js, "signatures", n_rows(facts_of_signature) + 7));
    TRY(read_rows(r, js, facts_of_signature, s));
    TRY(read_path(r, js, "signer_path", &s->signer_path));
    TRY(read_path(r, js, "maker_path", &s->maker_path));
    TRY(read_object(r, js, "signer_revocation", facts_of_revocation, &s->signer_revocation));
    TRY(read_object(r, js, "maker_revocation", facts_of_revocation, &s->maker_revocation));
    TRY(read_issuers(r, js, s));
    TRY(read_coverage(r, js, &s->coverage));
    return read_steps(r, js, s);
}

static enum rc read_params(const struct reader *r, const struct js *js, struct finding *finding)
{
    const struct js *list;

    TRY(check_array(r, js, "params", PARAMS_MAX, &list));
    for (size_t i = 0; i < js_len(list); i++) {
        const char *key = js_text(js_at(js_at(list, i), 0));
        const char *value = js_text(js_at(js_at(list, i), 1));

        if (js_len(js_at(list, i)) != 2 || !key || !value)
            return bad(r, "params");
        finding_add_param(finding, key, value);
    }
    return RC_OK;
}

static enum rc read_texts(const struct reader *r, const struct js *js, struct finding *finding)
{
    const struct js *text = js_get(js, "text");

    TRY(check_object(r, text, "text", 2));
    TRY(read_text(r, js_get(text, "zh"), "zh", &finding->zh));
    TRY(read_text(r, js_get(text, "en"), "en", &finding->en));
    return finding->zh && finding->en ? RC_OK : bad(r, "text");
}

static enum rc read_where(const struct reader *r, const struct js *js, struct finding *finding)
{
    const struct js *where = js_get(js, "where");
    CLEANUP(freep) char *part = NULL;
    CLEANUP(freep) char *field = NULL;

    TRY(check_object(r, where, "where", n_rows(facts_of_place) + 2));
    TRY(read_rows(r, where, facts_of_place, &finding->where));
    TRY(read_text(r, js_get(where, "part"), "part", &part));
    TRY(read_text(r, js_get(where, "field"), "field", &field));
    finding->where.part = MOVE(part);
    finding->where.field = MOVE(field);
    return RC_OK;
}

static enum rc read_finding(const struct reader *r, const struct js *js)
{
    const char *code = js_get_text(js, "code");
    const struct finding_type *type = code ? finding_type(code) : NULL;
    struct finding *finding;

    if (!type)
        return bad(r, "code");
    TRY(check_object(r, js, "findings", n_rows(facts_of_finding) + 4));
    finding = findings_add_bare(&r->v->findings, type);
    TRY(read_rows(r, js, facts_of_finding, finding));
    TRY(read_where(r, js, finding));
    TRY(read_params(r, js, finding));
    return read_texts(r, js, finding);
}

static enum rc read_names(const struct reader *r, const struct js *js, const char *key,
                          void (*add)(struct verification *v, const char *name))
{
    const struct js *list;

    TRY(check_array(r, js, key, NAMES_MAX, &list));
    for (size_t i = 0; i < js_len(list); i++) {
        if (js_kind(js_at(list, i)) != JS_STRING)
            return bad(r, key);
        add(r->v, js_text(js_at(list, i)));
    }
    return RC_OK;
}

static enum rc read_item(const struct reader *r, const struct js *js)
{
    const struct js *list;

    TRY(check_object(r, js, "found", n_rows(facts_of_item) + 9));
    TRY(read_rows(r, js, facts_of_item, r->v));
    TRY(read_object(r, js, "identity", facts_of_identity, r->v));
    TRY(read_object(r, js, "answers", facts_of_answers, r->v));
    TRY(read_object(r, js, "verdict_facts", facts_of_verdict, &r->v->facts));
    TRY(read_names(r, js, "uncovered", verification_add_uncovered));
    TRY(read_names(r, js, "changed_after", verification_add_changed_after));
    TRY(read_names(r, js, "unreferenced", verification_add_unreferenced));
    TRY(read_names(r, js, "personal", verification_add_personal));
    TRY(check_array(r, js, "findings", FINDINGS_MAX, &list));
    for (size_t i = 0; i < js_len(list); i++)
        TRY(read_finding(r, js_at(list, i)));
    TRY(check_array(r, js, "signatures", LIMIT_SIGNATURES, &list));
    for (size_t i = 0; i < js_len(list); i++)
        TRY(read_signature(r, js_at(list, i)));
    return RC_OK;
}

/* The number of the item of that level; every level has one. */
static enum rc read_levels(const struct reader *r, const struct js *js, enum level level,
                           size_t n_items, size_t *out)
{
    const struct js *levels = js_get(js, "levels");

    TRY(check_object(r, levels, "levels", LEVELS));
    for (int i = 0; i < LEVELS; i++) {
        const struct js *number = js_get(levels, level_names[i]);

        if (js_kind(number) != JS_INTEGER || js_integer(number) < 0 ||
            (size_t)js_integer(number) >= n_items)
            return bad(r, level_names[i]);
        if (i == (int)level)
            *out = (size_t)js_integer(number);
    }
    return RC_OK;
}

static enum rc read_line(const struct reader *r, const struct js *js, enum level level,
                         instant *validation_time)
{
    const char *schema = js_get_text(js, "schema");
    const struct js *found;
    size_t number = 0;

    if (!schema || strcmp(schema, "ecert.facts/1") != 0)
        return bad(r, "schema");
    TRY(check_object(r, js, "schema", 4));
    TRY(read_time(r, js_get(js, "validation_time"), "validation_time", validation_time));
    if (*validation_time == INSTANT_NONE)
        return bad(r, "validation_time");
    TRY(check_array(r, js, "found", LEVELS, &found));
    TRY(read_levels(r, js, level, js_len(found), &number));
    return read_item(r, js_at(found, number));
}

enum rc facts_parse(struct span line, enum level level, struct verification *out,
                    instant *validation_time, struct err *err)
{
    const struct reader r = {out, err};
    CLEANUP(js_freep) struct js *js = NULL;
    struct verdict_facts facts;

    *out = (struct verification){.path = NULL};
    TRY(js_parse(line, &js, err));
    TRY(read_line(&r, js, level, validation_time));
    facts = out->facts;
    verification_conclude(out, &facts);
    return RC_OK;
}
