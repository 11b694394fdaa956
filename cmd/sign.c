/* SPDX-License-Identifier: Apache-2.0 */
/* ecert sign - a signature without a picture (GB/T 35275), in an OFD or beside any file. */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/courier.h"
#include "cmd/stampfiles.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "formats/cms/cms.h"

struct sign_args {
    struct couriered with; /* first, as the shared rows have it */
    bool close, detached;
};

static const struct opt opts[] = {
    OPT_FLAG(0, "detached", struct sign_args, detached,
             .brief = N_("write an SM2 CMS over any file as FILE.p7s"),
             .more = N_("ecert verify --detached FILE.p7s FILE checks it.")),
    OPT_FLAG(0, "close", struct sign_args, close,
             .brief = N_("let nobody seal or sign after this signature")),
    OPT_FLAG('n', "dry-run", struct sign_args, with.keyed.common.dry_run,
             .brief = N_("do everything but write")),
    OPT_ROWS(courier_opts),
    OPT_ROWS(key_opts),
    OPT_ROWS(output_opts),
    OPT_ROWS(in_place_opts),
    OPT_ROWS(batch_opts),
    OPT_ROWS(journal_opts),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

/* What was made must verify, whoever its chain leads to. */
static enum rc prove(struct span value, struct span content, struct err *err)
{
    CLEANUP(cms_clear) struct cms cms = {.whole = {NULL, 0}};
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(trust_freep) struct trust *nobody = trust_new();
    struct cms_judge judge = {.trust = nobody, .now = clock_system(), .part = "signature"};
    struct signature_report *report = verification_add_signature(&v);

    TRY(cms_read(value, &cms, err));
    cms_judge(&judge, &cms, content, report, &v.findings);
    if (report->indication == TOTAL_FAILED)
        return err_set(err, RC_BUG, "the signature just made does not verify");
    return RC_OK;
}

static char *detached_target(const struct common *common, const char *path)
{
    CLEANUP(freep) char *beside = NULL;

    if (common->output || strcmp(path, "-") == 0)
        return mem_text(common->output ? common->output : "-");
    if (asprintf(&beside, "%s.p7s", path) < 0)
        abort();
    return common->out_dir ? path_join(common->out_dir, path_base(beside)) : mem_text(beside);
}

static enum rc note_detached(struct stampfiles *run, const char *target, struct span content,
                             struct span value, struct err *err)
{
    unsigned char before[SM3_LEN], after[SM3_LEN];
    const struct cert *cert = signer_cert(run->sealer.signer);
    struct journal_entry entry = {.op = JOURNAL_SIGN,
                                  .path = target,
                                  .before = before,
                                  .after = after,
                                  .cert = cert ? cert_serial(cert) : NULL};

    if (!run->journal)
        return RC_OK;
    sm3(content, before);
    sm3(value, after);
    return journal_write(run->journal, &entry, err);
}

static enum rc sign_beside(struct stampfiles *run, const char *path, struct err *err)
{
    CLEANUP(buf_clear)
    struct buf file = BUF_INIT(LIMIT_PACKAGE), value = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(freep) char *target = detached_target(run->common, path);
    struct cms_spec spec = {.time = sealer_time(&run->sealer), .chain = &run->sealer.chain};

    TRY(file_read(path, &file, err));
    TRY(cms_sign(&spec, buf_span(&file), run->sealer.signer, &value, err));
    TRY(prove(buf_span(&value), buf_span(&file), err));
    if (run->common->dry_run)
        return RC_OK;
    TRY(file_write(target, buf_span(&value), inputs_flags(run->common), err));
    return note_detached(run, target, buf_span(&file), buf_span(&value), err);
}

static enum rc sign_all_beside(struct stampfiles *run, struct err *err)
{
    enum rc worst = RC_OK;
    size_t done = 0;

    output_open(&run->output, run->common, "sign", inputs_to_stdout(run->common, &run->inputs));
    if (run->sealer.insecure_time != INSTANT_NONE)
        run->output.insecure[0] = "insecure-time";
    run->output.done = N_("signed");
    if (run->common->out_dir && !run->common->dry_run)
        TRY(dir_make(run->common->out_dir, err));
    for (size_t i = 0; i < run->inputs.n; i++) {
        struct verification item = {.path = mem_text(run->inputs.paths[i])};

        item.rc = sign_beside(run, run->inputs.paths[i], err);
        if (item.rc == RC_OK) {
            free(item.path);
            item.path = detached_target(run->common, run->inputs.paths[i]);
        }
        item.verdict = item.rc == RC_OK ? VERDICT_PASSED : VERDICT_ERROR;
        if (item.rc != RC_OK)
            (void)findings_add_err(&item.findings, err);
        done += item.rc == RC_OK;
        worst = rc_worse(worst, output_item(&run->output, &item));
    }
    TRY(session_end_journal(run->journal, done, run->inputs.n - done, err));
    *err = (struct err)ERR_INIT; /* each file's fault was told with the file */
    return output_close(&run->output, worst != RC_OK && done ? RC_PARTIAL : worst, err);
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    const struct sign_args *a = args;
    CLEANUP(stampfiles_clear)
    struct stampfiles run = {.sealer = SEALER_INIT, .inputs = {.names = BUF_INIT(LIMIT_PACKAGE)}};

    TRY(courier_check(&a->with.courier, err));
    if (a->detached && (a->with.courier.query || a->with.courier.reply))
        return err_set(err, RC_USAGE, "--detached does not go with --tsa-query or --tsa-reply");
    if (a->with.courier.reply)
        return courier_deliver(&a->with, "sign", operands, err);
    if (a->detached && (a->close || a->with.keyed.common.in_place))
        return err_set(err, RC_USAGE, "--detached does not go with --close or --in-place");
    TRY(stampfiles_open(&run, &a->with, false, operands, err));
    if (signer_is_ses(run.sealer.signer))
        return err_set(err, RC_USAGE, "a key that seals by itself cannot sign without a seal");
    if (a->detached && run.inputs.n > 1 && a->with.keyed.common.output)
        return err_set(err, RC_USAGE, "-o is for one file; use --out-dir");
    if (a->detached)
        TRY(inputs_check_distinct(&a->with.keyed.common, &run.inputs, err));
    if (a->detached)
        return sign_all_beside(&run, err);
    if (!a->with.keyed.common.dry_run)
        TRY(inputs_check_targets(&a->with.keyed.common, &run.inputs, err));
    run.stamping.close = a->close;
    return stampfiles_run(&run, err);
}

const struct cmd cmd_sign = {
    .name = "sign",
    .brief = N_("sign an OFD without a picture (GB/T 35275), or any file beside it"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = opts,
    .args_size = sizeof(struct sign_args),
    .defaults =
        &(const struct sign_args){.with.keyed = {.common = COMMON_INIT, .keys = KEYOPTS_INIT}},
    .run = run,
};
