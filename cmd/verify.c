/* SPDX-License-Identifier: Apache-2.0 */
/* ecert verify - is it intact, in force, from who it says? */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confinement.h"
#include "cmd/facecheck.h"
#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/pool.h"
#include "formats/cms/cms.h"
#include "formats/ofd/diagnose.h"
#include "formats/ofd/ofd_verify.h"

struct verify_args {
    struct common common;
    struct opt_list trust, crls;
    const char *detached, *at, *require;
    bool detailed;
    bool diagnose;
};

static const struct opt opts[] = {
    OPT_LIST(0, "trust", struct verify_args, trust, .arg = "DIR", .files = true,
             .brief = N_("believe the anchors of this folder or named trust (may be repeated)"),
             .more = N_("Default: the trust named default in the configuration, else nobody.")),
    OPT_LIST(0, "crl", struct verify_args, crls, .arg = "FILE", .files = true,
             .brief = N_("use this revocation list too (may be repeated)")),
    OPT_TEXT(0, "at", struct verify_args, at, .arg = "TIME",
             .brief = N_("judge as of TIME instead of now"),
             .more = N_("The time the seals were put on is taken from them in any case.")),
    OPT_TEXT(0, "require", struct verify_args, require, .arg = "LIST",
             .brief = N_("require more for a yes: seals=N, status"),
             .more = N_("Separate several by commas. What is missing makes the answer undecided.")),
    OPT_FILE(0, "detached", struct verify_args, detached,
             .brief = N_("check this detached signature (SM2 CMS) over the one FILE")),
    OPT_FLAG(0, "detailed", struct verify_args, detailed,
             .brief = N_("list what each seal and signature covers, part by part"),
             .more = N_("What came after it and what nobody covers; -v gives the numbers alone.")),
    OPT_FLAG(0, "diagnose", struct verify_args, diagnose,
             .brief = N_("say under which known deviation a failing value would be right"),
             .more = N_("Explains why another reader may show the file as valid. The verdict "
                        "does not change.")),
    OPT_ROWS(batch_opts),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

/* Everything that is opened for a run, released together. */
struct run {
    const struct verify_args *args;
    struct session session;
    struct trust *trust;
    struct judge_cache *cache;
    struct ofd_judge judge;
    struct output output;
    enum rc worst;
};

static void run_clear(struct run *run)
{
    output_clear(&run->output);
    judge_cache_free(run->cache);
    trust_free(run->trust);
    session_close(&run->session);
}

/* One file on its way through the pool. */
struct job {
    const struct run *run;
    const char *path;
    struct verification result;
};

static enum rc judge_file(void *data, void *worker, struct err *err)
{
    struct job *job = data;
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);

    (void)worker;
    TRY(file_read(job->path, &file, err));
    ofd_verify(&job->run->judge, buf_span(&file), &job->result);
    return RC_OK;
}

static enum rc tell(void *data, enum rc rc, const struct err *fault, void *context, struct err *err)
{
    struct job *job = data;
    struct run *run = context;

    (void)err;
    if (rc != RC_OK) {
        rc = output_fault(&run->output, job->path, fault);
    } else {
        job->result.path = mem_text(job->path);
        rc = output_item(&run->output, &job->result);
    }
    run->worst = rc_worse(run->worst, rc);
    verification_clear(&job->result);
    free(job);
    return RC_OK;
}

static void drop(void *data, void *context)
{
    (void)context;
    free(data);
}

static enum rc judge_all(struct run *run, const struct inputs *inputs, struct err *err)
{
    struct pool_plan plan = {.threads = inputs->n > 1 ? inputs_jobs(&run->args->common) : 1,
                             .work = judge_file,
                             .done = tell,
                             .drop = drop,
                             .context = run};
    CLEANUP(pool_freep) struct pool *pool = pool_new(&plan);

    for (size_t i = 0; i < inputs->n; i++) {
        struct job *job = mem_zero(1, sizeof(*job));

        *job = (struct job){.run = run, .path = inputs->paths[i]};
        TRY(pool_submit(pool, job, err));
    }
    return pool_finish(pool, err);
}

/* A signature that lies beside the file it is over. */
static enum rc judge_detached(struct run *run, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    CLEANUP(cms_clear) struct cms cms = {.whole = {NULL, 0}};
    CLEANUP(verification_clear) struct verification item = {.path = mem_text(path)};
    struct cms_judge judge = {.trust = run->trust, .now = run->judge.now, .part = path};
    struct signature_report *report;

    TRY(file_read(run->args->detached, &value, err));
    TRY(file_read(path, &file, err));
    TRY_AT(cms_read(buf_span(&value), &cms, err), err, "%s", run->args->detached);
    item.size = file.len;
    item.has_sm3 = true;
    sm3(buf_span(&file), item.sm3);
    report = verification_add_signature(&item);
    cms_judge(&judge, &cms, buf_span(&file), report, &item.findings);
    verification_conclude(&item, &(struct verdict_facts){.unreadable = RC_OK});
    if (run->args->diagnose)
        diagnose_cms(&cms, buf_span(&file), path, report, &item.findings);
    item.coverage_complete = true;
    run->worst = output_item(&run->output, &item);
    return RC_OK;
}

static enum rc read_require(struct run *run, struct err *err)
{
    CLEANUP(freep) char *list = mem_text(run->args->require);
    char *rest = list, *word, *end;

    while (rest && (word = strsep(&rest, ","))) {
        if (strcmp(word, "status") == 0) {
            run->judge.status = true;
        } else if (strncmp(word, "seals=", 6) == 0) {
            long n = strtol(word + 6, &end, 10);

            if (end == word + 6 || *end || n < 1 || n > 1000)
                return err_set(err, RC_USAGE, "--require: seals=N wants a number from 1 to 1000");
            run->judge.seals = (int)n;
        } else {
            return err_set(err, RC_USAGE, "--require: no such requirement: '%s'", word);
        }
    }
    return RC_OK;
}

static enum rc verify(const struct verify_args *a, struct run *run, char **operands,
                      struct err *err)
{
    CLEANUP(inputs_clear) struct inputs inputs = {.names = BUF_INIT(LIMIT_PACKAGE)};

    TRY(inputs_collect(&a->common, operands, &inputs, err));
    TRY(read_require(run, err));
    if (a->detached && inputs.n != 1)
        return err_set(err, RC_USAGE, "--detached is for one file");
    TRY(session_open(&run->session, &a->common, err));
    TRY(session_trust(&run->session, &a->trust, &a->crls, &run->trust, err));
    run->cache = judge_cache_new();
    run->judge.trust = run->trust;
    run->judge.cache = run->cache;
    run->judge.lists = &run->session.lists;
    /* A document date in the environment must not bring an expired licence back (cli.md 2). */
    run->judge.now = a->common.at != INSTANT_NONE ? a->common.at : clock_system();
    run->judge.face = facecheck_code;
    run->judge.diagnose = a->diagnose;
    output_open(&run->output, &a->common, "verify", false);
    run->output.validation_time = run->judge.now;
    run->output.lines_always = true;
    run->output.coverage = a->detailed ? 2 : a->common.verbose;
    run->output.progress.total = inputs.n;
    confinement_enter(&a->common, &inputs, a->detached);
    if (a->detached)
        TRY(judge_detached(run, inputs.paths[0], err));
    else
        TRY(judge_all(run, &inputs, err));
    return output_close(&run->output, run->worst, err);
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    struct verify_args a = *(const struct verify_args *)args;
    CLEANUP(run_clear) struct run run = {.args = &a};

    if (a.at)
        TRY_AT(instant_parse(a.at, &a.common.at, err), err, "--at");
    return verify(&a, &run, operands, err);
}

const struct cmd cmd_verify = {
    .name = "verify",
    .brief = N_("say whether a licence is intact, in force and from who it says, and why"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = opts,
    .args_size = sizeof(struct verify_args),
    .defaults = &(const struct verify_args){.common = COMMON_INIT},
    .run = run,
};
