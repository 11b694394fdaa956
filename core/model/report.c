/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/report.h"

#include <ctype.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

#ifndef ECERT_VERSION
#define ECERT_VERSION "0"
#endif

enum { ID_NUMBER_LEN = 18 }; /* GB 11643: 17 digits and a digit or X */

static struct js *number_or_null(long long value)
{
    return value < 0 ? js_null() : js_number(value);
}

struct js *report_time(instant at)
{
    char text[21];

    instant_print(at, text);
    return js_string(text[0] ? text : NULL);
}

/* Names of members and subjects of certificates are whatever their maker wrote. */
static struct js *text_json(const char *text)
{
    CLEANUP(freep) char *good = text ? utf8_repair(text) : NULL;

    return js_string(good);
}

static struct js *text_or_null(const char *text)
{
    return text_json(text && *text ? text : NULL);
}

/* A new text in which every `what` reads `with`; frees the old one. */
static char *replace(char *text, const char *what, const char *with)
{
    size_t n = strlen(what), k = strlen(with), times = 0, len = 0;
    char *out;

    for (const char *p = text; n && (p = strstr(p, what)); p += n)
        times++;
    if (!times)
        return text;
    out = mem_zero(strlen(text) + times * k + 1, 1);
    for (const char *p = text; *p;) {
        if (strncmp(p, what, n) == 0) {
            memcpy(out + len, with, k);
            len += k;
            p += n;
        } else {
            out[len++] = *p++;
        }
    }
    free(text);
    return out;
}

static bool is_id_number(const char *p)
{
    for (int i = 0; i < ID_NUMBER_LEN - 1; i++) {
        if (!isdigit((unsigned char)p[i]))
            return false;
    }
    return isdigit((unsigned char)p[ID_NUMBER_LEN - 1]) || p[ID_NUMBER_LEN - 1] == 'X' ||
           p[ID_NUMBER_LEN - 1] == 'x';
}

static void mask_id_numbers(char *text)
{
    bool inside = false; /* a longer word, say a digest or an identifier, holds no ID number */

    for (char *p = text; *p; p++) {
        if (!inside && is_id_number(p) && !isalnum((unsigned char)p[ID_NUMBER_LEN])) {
            memset(p + 4, '*', ID_NUMBER_LEN - 8);
            p += ID_NUMBER_LEN - 1;
        }
        inside = isalnum((unsigned char)*p) || *p == '.';
    }
}

static char *masked(const char *text, char *(*mask)(const char *text), bool show)
{
    return !text || show ? mem_text(text) : mask(text);
}

char *report_text(const char *text, const struct verification *item, bool show_personal)
{
    char *out = mem_text(text);
    CLEANUP(freep) char *holder = masked(item->holder, mask_name, show_personal);
    CLEANUP(freep) char *number = masked(item->number, mask_number, show_personal);

    if (show_personal)
        return out;
    if (holder && strcmp(holder, item->holder) != 0)
        out = replace(out, item->holder, holder);
    if (number && strlen(number) > 3)
        out = replace(out, item->number, number);
    for (size_t i = 0; i < item->n_personal; i++) {
        CLEANUP(freep) char *name = mask_name(item->personal[i]);

        if (strcmp(name, item->personal[i]) != 0)
            out = replace(out, item->personal[i], name);
    }
    mask_id_numbers(out);
    return out;
}

static struct js *scrubbed(const char *text, const struct verification *item, bool show)
{
    CLEANUP(freep) char *out = report_text(text, item, show);

    return text_json(out);
}

static struct js *two_languages(struct js *zh, struct js *en)
{
    struct js *js = js_object();

    js_set(js, "zh", zh);
    js_set(js, "en", en);
    return js;
}

static struct js *place_json(const struct place *where)
{
    struct js *js = js_object();

    js_set(js, "part", text_json(where->part));
    js_set(js, "line", number_or_null(where->line));
    js_set(js, "column", number_or_null(where->column));
    js_set(js, "row", number_or_null(where->row));
    js_set(js, "field", text_json(where->field));
    js_set(js, "offset", number_or_null(where->offset));
    return js;
}

static struct js *finding_json(const struct finding *finding, const struct verification *item,
                               bool show)
{
    static const char *const severities[] = {"info", "warning", "error"};
    struct js *js = js_object(), *params = js_object();

    for (size_t i = 0; i < finding->n_params; i++)
        js_set(params, finding->params[i].key, scrubbed(finding->params[i].value, item, show));
    js_set(js, "code", js_string(finding->type->code));
    js_set(js, "severity", js_string(severities[finding->severity]));
    js_set(js, "where", place_json(&finding->where));
    js_set(js, "params", params);
    js_set(js, "text",
           two_languages(scrubbed(finding->zh, item, show), scrubbed(finding->en, item, show)));
    js_set(js, "clause", text_or_null(finding->type->clause));
    js_set(js, "hint",
           *finding->type->hint_en
               ? two_languages(js_string(finding->type->hint_zh), js_string(finding->type->hint_en))
               : js_null());
    return js;
}

/* Millimetres: whole where they are whole. */
static struct js *millimetres(long um)
{
    return um % 1000 == 0 ? js_number(um / 1000) : js_real((double)um / 1000);
}

static struct js *box_json(const struct signature_report *s)
{
    struct js *js;

    if (!s->page)
        return js_null();
    js = js_array();
    for (int i = 0; i < 4; i++)
        js_push(js, millimetres(s->box_um[i]));
    return js;
}

static struct js *signer_json(const struct signature_report *s)
{
    struct js *js = js_object();

    js_set(js, "subject", text_json(s->signer_subject));
    js_set(js, "serial", text_json(s->signer_serial));
    js_set(js, "sm3", text_json(s->signer_sm3));
    return js;
}

static struct js *seal_json(const struct signature_report *s)
{
    struct js *js, *valid;

    if (!s->is_seal)
        return js_null();
    js = js_object();
    valid = js_array();
    js_push(valid, report_time(s->seal_valid[0]));
    js_push(valid, report_time(s->seal_valid[1]));
    js_set(js, "id", text_json(s->seal_id));
    js_set(js, "name", text_json(s->seal_name));
    js_set(js, "valid", valid);
    return js;
}

static struct js *steps_json(const struct signature_report *s, const struct findings *findings)
{
    static const char *const results[] = {"passed", "failed", "unknown", "not_run"};
    struct js *js = js_array();

    for (size_t i = 0; i < s->n_steps; i++) {
        const struct step *step = &s->steps[i];
        bool known = step->finding >= 0 && (size_t)step->finding < findings->n;
        struct js *one = js_object();

        js_set(one, "id", js_string(step->id));
        js_set(one, "result", js_string(results[step->result]));
        js_set(one, "finding", js_string(known ? findings->list[step->finding].type->code : NULL));
        js_push(js, one);
    }
    return js;
}

static struct js *signature_json(const struct signature_report *s, const struct findings *findings)
{
    struct js *js = js_object();

    js_set(js, "id", text_json(s->id));
    js_set(js, "kind", js_string(s->is_seal ? "seal" : "sign"));
    js_set(js, "format", js_string(s->format));
    js_set(js, "indication", js_string(indication_name(s->indication)));
    js_set(js, "sub_indication", text_or_null(sub_indication_name(s->sub)));
    js_set(js, "claimed_time", report_time(s->claimed_time));
    js_set(js, "best_time", report_time(s->best_time));
    js_set(js, "signer", signer_json(s));
    js_set(js, "seal", seal_json(s));
    js_set(js, "page", number_or_null(s->page ? s->page : -1));
    js_set(js, "box_mm", box_json(s));
    js_set(js, "steps", steps_json(s, findings));
    return js;
}

static struct js *identity_json(const struct verification *item, bool show)
{
    CLEANUP(freep) char *holder = masked(item->holder, mask_name, show);
    CLEANUP(freep) char *number = masked(item->number, mask_number, show);
    struct js *js = js_object();

    js_set(js, "identifier", text_json(item->identifier));
    js_set(js, "type", text_json(item->type_name));
    js_set(js, "number", text_json(number));
    js_set(js, "holder", text_json(holder));
    return js;
}

static struct js *answers_json(const struct verification *item)
{
    static const char *const answers[] = {"unknown", "yes", "no"};
    struct js *js = js_object();

    js_set(js, "intact", js_string(answers[item->intact]));
    js_set(js, "in_force", js_string(answers[item->in_force]));
    js_set(js, "issuer_trusted", js_string(answers[item->issuer_trusted]));
    js_set(js, "face_agrees", js_string(answers[item->face_agrees]));
    return js;
}

struct js *report_item(const struct verification *item, bool show_personal)
{
    struct js *js = js_object(), *signatures = js_array(), *findings = js_array();
    char sm3_text[2 * SM3_LEN + 1];

    for (size_t i = 0; i < item->n_signatures; i++)
        js_push(signatures, signature_json(&item->signatures[i], &item->findings));
    for (size_t i = 0; i < item->findings.n; i++) {
        if (!item->findings.list[i].ignored)
            js_push(findings, finding_json(&item->findings.list[i], item, show_personal));
    }
    hex_encode(item->sm3, SM3_LEN, sm3_text);
    js_set(js, "path", text_json(item->path));
    js_set(js, "sm3", js_string(item->has_sm3 ? sm3_text : NULL));
    js_set(js, "size", item->has_sm3 ? js_number((int64_t)item->size) : js_null());
    js_set(js, "identity", identity_json(item, show_personal));
    js_set(js, "verdict", js_string(verdict_name(item->verdict)));
    js_set(js, "answers", answers_json(item));
    js_set(js, "coverage", report_coverage(item));
    js_set(js, "signatures", signatures);
    js_set(js, "findings", findings);
    return js;
}

void report_count(struct report_counts *counts, const struct verification *item)
{
    counts->items++;
    counts->verdicts[item->verdict]++;
    counts->truncated |= item->findings.dropped > 0;
}

struct js *report_summary(const struct report_counts *counts)
{
    static const char *const names[] = {
        [VERDICT_PASSED] = "passed",
        [VERDICT_FAILED] = "failed",
        [VERDICT_INDETERMINATE] = "indeterminate",
        [VERDICT_UNSIGNED] = "unsigned",
        [VERDICT_ERROR] = "errors",
    };
    struct js *js = js_object();

    js_set(js, "items", js_number((int64_t)counts->items));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        js_set(js, names[i], js_number((int64_t)counts->verdicts[i]));
    js_set(js, "truncated", js_boolean(counts->truncated));
    return js;
}

static const char *verdict_by_rc(enum rc rc)
{
    if (rc == RC_OK)
        return verdict_name(VERDICT_PASSED);
    if (rc == RC_NO || rc == RC_PARTIAL)
        return verdict_name(VERDICT_FAILED);
    if (rc == RC_UNDECIDED)
        return verdict_name(VERDICT_INDETERMINATE);
    return verdict_name(rc == RC_NOTHING ? VERDICT_UNSIGNED : VERDICT_ERROR);
}

static struct js *tool_json(void)
{
    struct js *js = js_object();

    js_set(js, "name", js_string("ecert"));
    js_set(js, "version", js_string(ECERT_VERSION));
    return js;
}

static struct js *policy_json(const struct report *report)
{
    struct js *js = js_object();

    js_set(js, "name", text_json(report->policy_name));
    js_set(js, "sm3", text_or_null(report->policy_sm3));
    return js;
}

struct js *report_json(const struct report *report)
{
    struct js *js = js_object(), *insecure = js_array(), *items = js_array();
    struct report_counts counts = {0};

    for (size_t i = 0; i < sizeof(report->insecure) / sizeof(report->insecure[0]); i++) {
        if (!report->insecure[i])
            break;
        js_push(insecure, text_json(report->insecure[i]));
    }
    for (size_t i = 0; i < report->n_items; i++) {
        js_push(items, report_item(report->items[i], report->show_personal));
        report_count(&counts, report->items[i]);
    }
    js_set(js, "schema", js_string("ecert.report/1"));
    js_set(js, "tool", tool_json());
    js_set(js, "command", text_json(report->command));
    js_set(js, "verdict", js_string(verdict_by_rc(report->exit_status)));
    js_set(js, "exit_status", js_number(report->exit_status));
    js_set(js, "validation_time", report_time(report->validation_time));
    js_set(js, "policy", policy_json(report));
    js_set(js, "network", js_boolean(report->network));
    js_set(js, "insecure", insecure);
    js_set(js, "summary", report_summary(report->counts ? report->counts : &counts));
    js_set(js, "items", items);
    return js;
}
