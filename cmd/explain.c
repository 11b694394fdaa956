/* SPDX-License-Identifier: Apache-2.0 */
/* ecert explain - a finding code, an exit status or a journal in words. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "core/base/cleanup.h"
#include "core/model/finding.h"
#include "core/model/journal.h"
#include "core/model/suggest.h"

struct explain_args {
    struct common common;
};

static const struct opt opts[] = {
    OPT_ROWS(common_opts),
    OPT_FILE(
        0, "journal", struct explain_args, common.journal,
        .brief = N_("check the chain of this journal and print it"),
        .more = N_("A line that was changed, removed or put in breaks the chain (exit status 1).")),
    OPT_END,
};

static void print_pair(const char *head, const char *text)
{
    if (*text)
        printf("  %s %s\n", tr(head), text);
}

/* A text whose parameters only a finding has: each is shown as a gap. */
static void print_text(const char *text)
{
    for (; *text; text++) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;

        if (!end) {
            (void)putchar(*text);
            continue;
        }
        (void)fputs("\u2026", stdout);
        text = end;
    }
    (void)putchar('\n');
}

static enum rc explain_code(const char *word, struct err *err)
{
    char code[8] = "";
    const struct finding_type *type;
    bool zh = i18n_lang() == LANG_ZH;

    for (size_t i = 0; i < sizeof(code) - 1 && word[i]; i++)
        code[i] = (char)toupper((unsigned char)word[i]);
    type = strlen(word) < sizeof(code) ? finding_type(code) : NULL;
    if (!type)
        return err_set(err, RC_USAGE, "no such finding code: '%s'; 'ecert explain list' lists them",
                       word);
    printf("%s  ", type->code);
    print_text(zh ? type->zh : type->en);
    print_pair(N_("severity:"), tr(type->severity == SEVERITY_ERROR     ? N_("error")
                                   : type->severity == SEVERITY_WARNING ? N_("warning")
                                                                        : N_("note")));
    print_pair(N_("clause:"), type->clause);
    print_pair(N_("what to do:"), zh ? type->hint_zh : type->hint_en);
    return RC_OK;
}

static enum rc explain_exit(const char *word, struct err *err)
{
    char *end;
    long value = word ? strtol(word, &end, 10) : -1;

    if (word && *word && !*end && value > 128 && value < 128 + 65) {
        printf("%ld  %s\n", value, tr(N_("Ended by a signal; nothing half-written is left.")));
        return RC_OK;
    }
    if (word && *word && !*end && rc_describe((int)value)) {
        printf("%ld  %s\n", value, tr(rc_describe((int)value)));
        return RC_OK;
    }
    if (word)
        return err_set(err, RC_USAGE, "no such exit status: '%s'", word);
    for (int i = 0; i < 128; i++) {
        if (rc_describe(i))
            printf("%3d  %s\n", i, tr(rc_describe(i)));
    }
    return RC_OK;
}

static void list_codes(void)
{
    for (const struct finding_type *type = finding_types; type->code; type++) {
        printf("%s  ", type->code);
        print_text(i18n_lang() == LANG_ZH ? type->zh : type->en);
    }
}

static const char *text_of(const struct js *entry, const char *key)
{
    const char *text = js_get_text(entry, key);

    return text ? text : "-";
}

static enum rc print_entry(long line, const struct js *entry, void *context, struct err *err)
{
    static const char *const keys[] = {"operator", "identifier", "path"};
    const char *reason = js_get_text(entry, "reason");

    (void)context;
    (void)err;
    printf("%6ld  ", line);
    output_text(stdout, text_of(entry, "time"));
    printf("  %-8s", text_of(entry, "op"));
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        printf("  ");
        output_text(stdout, text_of(entry, keys[i]));
    }
    printf("%s", reason ? "  " : "");
    output_text(stdout, reason ? reason : "");
    printf("\n");
    return RC_OK;
}

static enum rc explain_journal(const char *path, struct err *err)
{
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    enum rc rc = journal_read(path, print_entry, NULL, &findings, err);

    for (size_t i = 0; i < findings.n; i++)
        printf("%s  %s\n", findings.list[i].type->code,
               finding_text(&findings.list[i], i18n_lang()));
    return rc;
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    const struct explain_args *a = args;

    if (!operands[0] == !a->common.journal)
        return err_set(err, RC_USAGE, "expected: CODE ..., 'exit N', 'list' or --journal FILE");
    if (a->common.journal)
        return explain_journal(a->common.journal, err);
    if (strcmp(operands[0], "exit") == 0 && !(operands[1] && operands[2]))
        return explain_exit(operands[1], err);
    if (strcmp(operands[0], "list") == 0 && !operands[1]) {
        list_codes();
        return RC_OK;
    }
    for (; *operands; operands++)
        TRY(explain_code(*operands, err));
    return RC_OK;
}

const struct cmd cmd_explain = {
    .name = "explain",
    .brief = N_("say a finding code, an exit status or a journal in words"),
    .operands = "CODE ... | exit [N] | list",
    .max_operands = -1,
    .opts = opts,
    .args_size = sizeof(struct explain_args),
    .run = run,
};
