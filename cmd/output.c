/* SPDX-License-Identifier: Apache-2.0 */
/* Results for people and programs. */
#include "cmd/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

static bool printed;

bool output_was_printed(void)
{
    return printed;
}

static void print_js(FILE *stream, struct js *js)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT((size_t)1 << 30);
    struct err err = ERR_INIT;

    if (js_print(js, false, &text, &err) == RC_OK)
        fprintf(stream, "%s\n", text.data);
    js_free(js);
}

void output_open(struct output *output, const struct common *common, const char *command,
                 bool stdout_is_data)
{
    *output = (struct output){.common = common,
                              .command = command,
                              .filters = stdout_is_data,
                              .stream = stdout_is_data ? stderr : stdout,
                              .validation_time = clock_now(),
                              .policy_name = "default"};
    progress_begin(&output->progress, common->progress, 0);
    if (common->json)
        spool_open(&output->spool);
    if (common->jsonl) {
        struct js *version = js_object();

        js_set(version, "type", js_string("version"));
        js_set(version, "schema", js_string("ecert.events/1"));
        print_js(output->stream, version);
        printed = true;
    }
}

static bool in_colour(const struct output *output)
{
    const char *no = getenv("NO_COLOR");

    if (output->common->color != COLOR_AUTO)
        return output->common->color == COLOR_ALWAYS;
    return !(no && *no) && isatty(fileno(output->stream));
}

static const struct {
    const char *word;
    int colour;
} verdict_words[] = {
    [VERDICT_PASSED] = {N_("passed"), 32},
    [VERDICT_FAILED] = {N_("failed"), 31},
    [VERDICT_INDETERMINATE] = {N_("undecided"), 33},
    [VERDICT_UNSIGNED] = {N_("unsigned"), 33},
    [VERDICT_ERROR] = {N_("error"), 31},
};

static size_t n_seals(const struct verification *item)
{
    size_t n = 0;

    for (size_t i = 0; i < item->n_signatures; i++)
        n += item->signatures[i].is_seal;
    return n;
}

void output_text(FILE *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + strlen(text);

    while (p < end) {
        uint32_t code = utf8_next(&p, end);
        char shown[4];

        if (code == '\n' || code == '\t' || code == '\r')
            code = ' ';
        (void)fwrite(shown, 1, utf8_put(utf8_is_shown(code) ? code : 0xfffd, shown), out);
    }
}

void output_verdict_line(const struct output *output, const struct verification *item)
{
    bool done = output->done && item->verdict == VERDICT_PASSED;
    const char *word = tr(done ? output->done : verdict_words[item->verdict].word);
    const struct signature_report *last =
        item->n_signatures ? &item->signatures[item->n_signatures - 1] : NULL;
    size_t seals = n_seals(item);
    FILE *out = output->stream;
    struct date date;
    char day[11];

    if (in_colour(output))
        fprintf(out, "\033[%dm%s\033[0m", verdict_words[item->verdict].colour, word);
    else
        fprintf(out, "%s", word);
    fprintf(out, "  ");
    output_text(out, item->path ? item->path : "-");
    if (seals)
        fprintf(out, tr(seals == 1 ? N_("  %zu seal") : N_("  %zu seals")), seals);
    if (item->n_signatures > seals)
        fprintf(
            out,
            tr(item->n_signatures - seals == 1 ? N_("  %zu signature") : N_("  %zu signatures")),
            item->n_signatures - seals);
    if (last && (last->seal_name || last->signer_subject)) {
        fprintf(out, "  ");
        output_text(out, last->seal_name ? last->seal_name : last->signer_subject);
    }
    if (last && last->claimed_time != INSTANT_NONE) {
        date = date_at(last->claimed_time, CHINA_OFFSET);
        date_print(date, day);
        fprintf(out, "  %s", day);
    }
    fprintf(out, "\n");
}

/* The place, but for what the text names anyway. */
static void print_place(FILE *out, struct place place, const char *text)
{
    const struct place *where = &place;

    if (place.part && place.line <= 0 && place.offset < 0 && strstr(text, place.part))
        place.part = NULL;
    if (place.field && strstr(text, place.field))
        place.field = NULL;
    if (where->part)
        output_text(out, where->part);
    if (where->row > 0)
        fprintf(out, tr(N_("row %ld")), where->row);
    if (where->line > 0)
        fprintf(out, ":%ld", where->line);
    if (where->line > 0 && where->column > 0)
        fprintf(out, ":%ld", where->column);
    if (where->offset >= 0)
        fprintf(out, "@0x%llx", (unsigned long long)where->offset);
    if (where->field && (where->part || where->line > 0 || where->row > 0))
        fprintf(out, " ");
    if (where->field)
        output_text(out, where->field);
    if (where->part || where->field || where->line > 0 || where->row > 0 || where->offset >= 0)
        fprintf(out, ": ");
}

/* Ten empty fields want one piece of advice: a hint that was just given is not repeated. */
static void print_finding(const struct output *output, const struct verification *item,
                          const struct finding *finding, const char **given)
{
    static const char *const levels[] = {[SEVERITY_INFO] = N_("note"),
                                         [SEVERITY_WARNING] = N_("warning"),
                                         [SEVERITY_ERROR] = N_("error")};
    CLEANUP(freep)
    char *text =
        report_text(finding_text(finding, i18n_lang()), item, output->common->show_personal);
    const char *hint = finding_hint(finding, i18n_lang());
    FILE *out = output->stream;

    fprintf(out, "    %s %s  ", finding->type->code, tr(levels[finding->severity]));
    print_place(out, finding->where, text);
    output_text(out, text);
    if (*finding->type->clause)
        fprintf(out, "  [%s]", finding->type->clause);
    fprintf(out, "\n");
    if (*hint && *given != hint)
        fprintf(out, "        %s %s\n", tr(N_("hint:")), hint);
    *given = hint;
}

/* What decides stands first; a good answer needs no footnotes, unless asked for. */
void output_findings(const struct output *output, const struct verification *item)
{
    bool notes = item->rc != RC_OK || output->common->verbose;
    const char *given = NULL;
    FILE *out = output->stream;

    for (int severity = SEVERITY_ERROR; severity >= (notes ? SEVERITY_INFO : SEVERITY_WARNING);
         severity--) {
        for (size_t i = 0; i < item->findings.n; i++) {
            if ((int)item->findings.list[i].severity == severity && !item->findings.list[i].ignored)
                print_finding(output, item, &item->findings.list[i], &given);
        }
    }
    if (item->findings.dropped)
        fprintf(out, tr(N_("    and %zu more findings\n")), item->findings.dropped);
}

static void print_item_line(const struct output *output, const struct verification *item)
{
    struct js *line = js_object();

    js_set(line, "type", js_string("item"));
    js_set(line, "item", report_item(item, output->common->show_personal));
    print_js(output->stream, line);
}

static bool is_quiet(const struct output *output)
{
    return output->common->quiet || (output->filters && !output->common->verbose);
}

static void print_item(struct output *output, const struct verification *item)
{
    progress_end(&output->progress);
    (output->line ? output->line : output_verdict_line)(output, item);
    /* What verifying the new file noted (one seal of two …) is no news to who made it. */
    if (!output->done || item->rc != RC_OK || output->common->verbose)
        output_findings(output, item);
    if (output->steps)
        output_steps(output, item);
    if (output->coverage)
        output_coverage(output, item);
}

enum rc output_item(struct output *output, struct verification *item)
{
    enum rc rc = item->rc;

    report_count(&output->counts, item);
    if (output->common->jsonl)
        print_item_line(output, item);
    else if (output->common->json && output->spoiled == RC_OK)
        output->spoiled = spool_add(
            &output->spool, report_item(item, output->common->show_personal), &output->fault);
    else if (!output->common->json && (!is_quiet(output) || output->lines_always || rc != RC_OK))
        print_item(output, item);
    verification_clear(item);
    progress_step(&output->progress, output->counts.items);
    return rc;
}

enum rc output_fault(struct output *output, const char *path, const struct err *fault)
{
    struct verification item = {.verdict = VERDICT_ERROR, .rc = fault->code};

    item.path = mem_text(path);
    (void)findings_add_err(&item.findings, fault);
    return output_item(output, &item);
}

enum rc output_close(struct output *output, enum rc rc, struct err *err)
{
    struct report report = {.command = output->command,
                            .exit_status = rc,
                            .validation_time = output->validation_time,
                            .policy_name = output->policy_name,
                            .show_personal = output->common->show_personal,
                            .counts = &output->counts};

    output->closed = true;
    progress_end(&output->progress);
    memcpy(report.policy_sm3, output->policy_sm3, sizeof(report.policy_sm3));
    memcpy(report.insecure, output->insecure, sizeof(report.insecure));
    if (output->common->json) {
        if (output->spoiled != RC_OK) {
            *err = output->fault;
            return err->code;
        }
        TRY(spool_print(&output->spool, report_json(&report), output->stream, err));
        printed = true;
    } else if (output->common->jsonl) {
        struct js *line = js_object();

        js_set(line, "type", js_string("summary"));
        js_set(line, "exit_status", js_number(rc));
        js_set(line, "summary", report_summary(&output->counts));
        print_js(output->stream, line);
    }
    for (size_t i = 0; i < 8 && output->insecure[i]; i++) {
        if (!output->common->json && !output->common->jsonl)
            fprintf(output->stream, tr(N_("insecure: --%s was used\n")), output->insecure[i]);
    }
    if (fflush(output->stream) != 0 || ferror(output->stream))
        return err_errno(err, "cannot write the results");
    return rc;
}

void output_clear(struct output *output)
{
    if (output->common && output->common->json)
        spool_clear(&output->spool);
}
