/* SPDX-License-Identifier: Apache-2.0 */
/* Writing ecert.facts/1. */
#include "core/model/facts.h"

#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "core/model/facts_priv.h"
#include "core/model/report.h"

/* What a file of another maker says may be anything; JSON holds UTF-8. */
static struct js *text_js(const char *text)
{
    CLEANUP(freep) char *good = text ? utf8_repair(text) : NULL;

    return js_string(good);
}

static struct js *sm3_js(const unsigned char *bytes)
{
    char text[2 * SM3_LEN + 1];

    hex_encode(bytes, SM3_LEN, text);
    return js_string(text);
}

static struct js *value_of(const struct fact *fact, const void *object)
{
    const void *at = (const char *)object + fact->at;

    switch (fact->kind) {
    case FACT_TEXT:
        return text_js(*(char *const *)at);
    case FACT_KEPT:
        return text_js(*(const char *const *)at);
    case FACT_TIME:
        return report_time(*(const instant *)at);
    case FACT_INT:
        return js_number(*(const int *)at);
    case FACT_LONG:
        return js_number(*(const long *)at);
    case FACT_OFFSET:
        return js_number(*(const long long *)at);
    case FACT_SIZE:
        return js_number((int64_t) * (const size_t *)at);
    case FACT_BOOL:
        return js_boolean(*(const bool *)at);
    case FACT_SM3:
        return sm3_js(at);
    case FACT_CHOICE:
        return js_string(fact->names[*(const int *)at]);
    }
    return js_null();
}

static void put(struct js *js, const struct fact *rows, const void *object)
{
    for (; rows->key; rows++)
        js_set(js, rows->key, value_of(rows, object));
}

static struct js *object_of(const struct fact *rows, const void *object)
{
    struct js *js = js_object();

    put(js, rows, object);
    return js;
}

static struct js *names_js(char *const *names, size_t n)
{
    struct js *js = js_array();

    for (size_t i = 0; i < n; i++)
        js_push(js, text_js(names[i]));
    return js;
}

static struct js *path_js(const struct path_report *path)
{
    struct js *js = js_array();

    for (size_t i = 0; i < path->n; i++)
        js_push(js, object_of(facts_of_cert, &path->list[i]));
    return js;
}

static struct js *steps_js(const struct signature_report *s)
{
    struct js *js = js_array();

    for (size_t i = 0; i < s->n_steps; i++) {
        struct js *step = object_of(facts_of_step, &s->steps[i]);

        js_set(step, "sub_indication", js_string(sub_indication_name(s->steps[i].sub)));
        js_push(js, step);
    }
    return js;
}

static struct js *counts_js(const unsigned counts[KINDS])
{
    struct js *js = js_array();

    for (size_t i = 0; i < KINDS; i++)
        js_push(js, js_number(counts[i]));
    return js;
}

static struct js *coverage_js(const struct coverage *coverage)
{
    struct js *js = js_object(), *parts = js_array();

    for (size_t i = 0; i < coverage->n_parts; i++) {
        struct js *part = js_object();

        js_set(part, "name", text_js(coverage->parts[i].name));
        js_set(part, "kind", js_string(part_kind_name(coverage->parts[i].kind)));
        js_set(part, "by", text_js(coverage->parts[i].by));
        js_push(parts, part);
    }
    js_set(js, "covers", counts_js(coverage->covers));
    js_set(js, "changed", counts_js(coverage->changed));
    js_set(js, "added", counts_js(coverage->added));
    js_set(js, "left_out", counts_js(coverage->left_out));
    js_set(js, "open", counts_js(coverage->open));
    js_set(js, "parts", parts);
    return js;
}

static struct js *signature_js(const struct signature_report *s)
{
    struct js *js = object_of(facts_of_signature, s);

    js_set(js, "signer_path", path_js(&s->signer_path));
    js_set(js, "maker_path", path_js(&s->maker_path));
    js_set(js, "signer_revocation", object_of(facts_of_revocation, &s->signer_revocation));
    js_set(js, "maker_revocation", object_of(facts_of_revocation, &s->maker_revocation));
    js_set(js, "issuers", names_js(s->issuers, s->n_issuers));
    js_set(js, "coverage", coverage_js(&s->coverage));
    js_set(js, "steps", steps_js(s));
    return js;
}

static struct js *scrubbed(const char *text, const struct verification *v, bool show)
{
    CLEANUP(freep) char *out = report_text(text, v, show);

    return text_js(out);
}

static struct js *finding_js(const struct finding *finding, const struct verification *v, bool show)
{
    struct js *js = js_object(), *params = js_array(), *where, *text = js_object();

    js_set(js, "code", js_string(finding->type->code));
    put(js, facts_of_finding, finding);
    where = object_of(facts_of_place, &finding->where);
    js_set(where, "part", text_js(finding->where.part));
    js_set(where, "field", text_js(finding->where.field));
    js_set(js, "where", where);
    for (size_t i = 0; i < finding->n_params; i++) {
        struct js *pair = js_array();

        js_push(pair, js_string(finding->params[i].key));
        js_push(pair, scrubbed(finding->params[i].value, v, show));
        js_push(params, pair);
    }
    js_set(js, "params", params);
    js_set(text, "zh", scrubbed(finding->zh, v, show));
    js_set(text, "en", scrubbed(finding->en, v, show));
    js_set(js, "text", text);
    return js;
}

/* Masked as in reports: the number and name are of people. */
static struct js *identity_js(const struct verification *v, bool show)
{
    CLEANUP(freep) char *number = v->number && !show ? mask_number(v->number) : NULL;
    CLEANUP(freep) char *holder = v->holder && !show ? mask_name(v->holder) : NULL;
    struct verification masked = *v;

    masked.number = number ? number : v->number;
    masked.holder = holder ? holder : v->holder;
    return object_of(facts_of_identity, &masked);
}

static struct js *item_js(const struct verification *v, bool show_personal)
{
    struct js *js = js_object(), *signatures = js_array(), *findings = js_array();

    for (size_t i = 0; i < v->n_signatures; i++)
        js_push(signatures, signature_js(&v->signatures[i]));
    for (size_t i = 0; i < v->findings.n; i++)
        js_push(findings, finding_js(&v->findings.list[i], v, show_personal));
    put(js, facts_of_item, v);
    js_set(js, "identity", identity_js(v, show_personal));
    js_set(js, "answers", object_of(facts_of_answers, v));
    js_set(js, "verdict_facts", object_of(facts_of_verdict, &v->facts));
    js_set(js, "uncovered", names_js(v->uncovered, v->n_uncovered));
    js_set(js, "changed_after", names_js(v->changed_after, v->n_changed_after));
    js_set(js, "unreferenced", names_js(v->unreferenced, v->n_unreferenced));
    /* masked texts quote no name any more */
    js_set(js, "personal", names_js(v->personal, show_personal ? v->n_personal : 0));
    js_set(js, "signatures", signatures);
    js_set(js, "findings", findings);
    return js;
}

/* The items that differ, and for each level the number of its item. */
struct found {
    struct js *items, *levels;
    struct buf texts[LEVELS];
    int n;
};

static enum rc add_level(struct found *found, enum level level, const struct verification *v,
                         bool show, struct err *err)
{
    CLEANUP(js_freep) struct js *js = item_js(v, show);
    struct buf *text = &found->texts[found->n];
    int number = 0;

    TRY(js_print(js, false, text, err));
    while (number < found->n && !span_equals(buf_span(&found->texts[number]), buf_span(text)))
        number++;
    js_set(found->levels, level_names[level], js_number(number));
    if (number < found->n) {
        buf_reset(text);
        return RC_OK;
    }
    js_push(found->items, MOVE(js));
    found->n++;
    return RC_OK;
}

static const struct verification *of_level(const struct verification *const of_levels[LEVELS],
                                           size_t level)
{
    for (size_t i = 0; !of_levels[level] && i < LEVELS; i++) {
        if (of_levels[i])
            return of_levels[i];
    }
    return of_levels[level];
}

static enum rc add_levels(struct found *found, const struct verification *const of_levels[LEVELS],
                          bool show, struct err *err)
{
    for (size_t i = 0; i < LEVELS; i++)
        TRY(add_level(found, (enum level)i, of_level(of_levels, i), show, err));
    return RC_OK;
}

enum rc facts_line(const struct verification *const of_levels[LEVELS], instant validation_time,
                   bool show_personal, struct buf *out, struct err *err)
{
    CLEANUP(js_freep) struct js *js = js_object();
    struct found found = {.items = js_array(), .levels = js_object()};
    enum rc rc;

    for (size_t i = 0; i < LEVELS; i++)
        found.texts[i] = (struct buf)BUF_INIT(out->max);
    js_set(js, "schema", js_string("ecert.facts/1"));
    js_set(js, "validation_time", report_time(validation_time));
    js_set(js, "levels", found.levels);
    js_set(js, "found", found.items);
    rc = add_levels(&found, of_levels, show_personal, err);
    for (size_t i = 0; i < LEVELS; i++)
        buf_clear(&found.texts[i]);
    return rc == RC_OK ? js_print(js, false, out, err) : rc;
}
