/* SPDX-License-Identifier: Apache-2.0 */
/* ecert id - mint, check and explain licence identifiers (GB/T 36904). */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "core/base/cleanup.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/identifier.h"

struct mint_args {
    struct common common;
    const char *type, *issuer, *serial;
    int version;
};

static const struct opt mint_opts[] = {
    OPT_ROWS(common_opts),
    OPT_TEXT(0, "type", struct mint_args, type, .arg = "CODE", .required = true,
             .brief = N_("licence type code, 21 characters")),
    OPT_TEXT(0, "issuer", struct mint_args, issuer, .arg = "USCC", .required = true,
             .brief = N_("unified social credit code of the issuing body")),
    OPT_TEXT(0, "serial", struct mint_args, serial, .arg = "TEXT",
             .brief = N_("serial number of 0-9A-Z (default: 20 random characters)"),
             .more = N_("auto asks for the random one by name.")),
    OPT_COUNT(0, "issue-version", struct mint_args, version,
              .brief = N_("version, from 1 (default: 1)")),
    OPT_END,
};

static enum rc run_mint(const void *args, char **operands, struct err *err)
{
    const struct mint_args *a = args;
    CLEANUP(freep) char *identifier = NULL;
    char random[21];
    struct identifier_parts parts = {
        .type = a->type, .issuer = a->issuer, .serial = a->serial, .version = a->version};

    (void)operands;
    if (!a->serial || strcmp(a->serial, "auto") == 0) {
        TRY(identifier_random_serial(random, 20, err));
        parts.serial = random;
    }
    TRY(identifier_mint(&parts, &identifier, err));
    printf("%s\n", identifier);
    return RC_OK;
}

struct check_args {
    struct common common;
};

static const struct opt check_opts[] = {
    OPT_ROWS(common_opts),
    OPT_ROWS(report_opts),
    OPT_END,
};

static enum rc check_one(struct output *output, const char *text)
{
    struct verification item = {.path = mem_text(text), .identifier = mem_text(text)};
    struct identifier parts;

    item.rc = identifier_check(text, &parts, &item.findings) ? RC_OK : RC_NO;
    item.verdict = item.rc == RC_OK ? VERDICT_PASSED : VERDICT_FAILED;
    return output_item(output, &item);
}

/* Without operands: one identifier a line of standard input, "-" likewise. */
static enum rc check_stdin(struct output *output, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_PACKAGE);
    enum rc worst = RC_OK;
    bool any = false;

    TRY(file_read("-", &text, err));
    for (char *rest = text.data, *line; (line = strsep(&rest, "\r\n"));) {
        if (!*line)
            continue;
        worst = rc_worse(worst, check_one(output, line));
        any = true;
    }
    return any ? worst : err_set(err, RC_USAGE, "no identifier to check");
}

static enum rc run_check(const void *args, char **operands, struct err *err)
{
    const struct check_args *a = args;
    CLEANUP(output_clear) struct output output;
    enum rc worst = RC_OK;

    output_open(&output, &a->common, "id check", false);
    if (!operands[0] || strcmp(operands[0], "-") == 0)
        worst = check_stdin(&output, err);
    else
        for (; *operands; operands++)
            worst = rc_worse(worst, check_one(&output, *operands));
    return worst == RC_USAGE ? worst : output_close(&output, worst, err);
}

static void explain_one(const char *text)
{
    struct identifier parts;
    struct findings findings = {.list = NULL};
    bool good = identifier_check(text, &parts, &findings);

    printf("%s\n", text);
    for (int i = 0; i < IDENTIFIER_PARTS; i++) {
        if (parts.part[i][0])
            printf("    %s  %s\n", parts.part[i],
                   identifier_part_name((enum identifier_part)i, i18n_lang()));
    }
    if (parts.expected)
        printf(tr(parts.check_is_right ? N_("    check character %c is right\n")
                                       : N_("    check character should be %c\n")),
               parts.expected);
    for (size_t i = 0; i < findings.n; i++)
        printf("    %s  %s\n", findings.list[i].type->code,
               finding_text(&findings.list[i], i18n_lang()));
    if (good)
        printf("    %s\n", tr(N_("as GB/T 36904 has it")));
    findings_clear(&findings);
}

static enum rc run_explain(const void *args, char **operands, struct err *err)
{
    (void)args;
    (void)err;
    for (; *operands; operands++)
        explain_one(*operands);
    return RC_OK;
}

static const struct opt explain_opts[] = {
    OPT_ROWS(common_opts),
    OPT_END,
};

static const struct cmd mint = {
    .name = "mint",
    .brief = N_("make an identifier with its check character"),
    .opts = mint_opts,
    .args_size = sizeof(struct mint_args),
    .defaults = &(const struct mint_args){.common = COMMON_INIT, .version = 1},
    .run = run_mint,
};

static const struct cmd check = {
    .name = "check",
    .brief = N_("check identifiers, one verdict each"),
    .operands = "[IDENTIFIER ...]",
    .max_operands = -1,
    .opts = check_opts,
    .args_size = sizeof(struct check_args),
    .defaults = &(const struct check_args){.common = COMMON_INIT},
    .run = run_check,
};

static const struct cmd explain = {
    .name = "explain",
    .brief = N_("take identifiers apart"),
    .operands = "IDENTIFIER ...",
    .min_operands = 1,
    .max_operands = -1,
    .opts = explain_opts,
    .args_size = sizeof(struct check_args),
    .run = run_explain,
};

static const struct cmd *const verbs[] = {&check, &explain, &mint, NULL};

const struct cmd cmd_id = {
    .name = "id",
    .brief = N_("mint, check and explain licence identifiers (GB/T 36904)"),
    .verbs = verbs,
};
