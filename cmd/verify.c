/* SPDX-License-Identifier: Apache-2.0 */
/* ecert verify - is it intact, in force, from who it says? */

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/confinement.h"
#include "cmd/facecheck.h"
#include "cmd/inputs.h"
#include "cmd/judging.h"
#include "cmd/output.h"
#include "cmd/session.h"
#include "cmd/templates.h"
#include "cmd/walk.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/judge.h"
#include "core/model/pool.h"
#include "formats/cms/cms.h"
#include "formats/ofd/diagnose.h"
#include "formats/ofd/ofd_seen.h"
#include "formats/ofd/ofd_verify.h"

struct verify_args {
    struct common common;
    struct opt_list trust, crls, ocsps;
    const char *detached, *at, *require;
    const char *policy, *facts, *replay;
    bool detailed;
    bool diagnose;
    bool content;
    int level;
};

static const struct opt opts[] = {
    OPT_LIST(0, "trust", struct verify_args, trust, .arg = "DIR", .files = true,
             .brief = N_("believe the anchors of this folder or named trust (may be repeated)"),
             .more = N_("Default: the trust named default in the configuration, else nobody.")),
    OPT_LIST(0, "crl", struct verify_args, crls, .arg = "FILE", .files = true,
             .brief = N_("use this revocation list too (may be repeated)")),
    OPT_LIST(0, "ocsp", struct verify_args, ocsps, .arg = "FILE", .files = true,
             .brief = N_("use this OCSP response too (may be repeated)"),
             .more =
                 N_("A file that was fetched elsewhere: nothing is ever asked over a network.")),
    OPT_TEXT(0, "at", struct verify_args, at, .arg = "TIME",
             .brief = N_("judge as of TIME instead of now; signing: when each file was signed"),
             .more = N_("The time the seals were put on is taken from them in any case.")),
    OPT_CHOICE(0, "level", struct verify_args, level, .arg = "LEVEL", .choices = level_names,
               .brief = N_("proof of time: basic, long-term or archival (default: the policy's)"),
               .more = N_("long-term wants a timestamp that holds, archival besides all that is "
                          "needed to check it again.")),
    OPT_TEXT(0, "require", struct verify_args, require, .arg = "LIST",
             .brief = N_("require more for a yes: seals=N, coverage=full, timestamp, issuer=USCC, "
                         "status"),
             .more = N_("Separate several by commas. What is missing makes the answer undecided.")),
    OPT_FILE(0, "policy", struct verify_args, policy,
             .brief = N_("judge by this policy: default, strict, archive, a name or a file"),
             .more = N_("Default: the policy named default in the configuration, else ecert's "
                        "own.")),
    OPT_FILE(0, "facts", struct verify_args, facts,
             .brief = N_("write what was found, before any policy, to FILE (one line each)"),
             .more = N_("For --replay. Facts are not signed: they prove nothing to others.")),
    OPT_FLAG('f', "force", struct verify_args, common.force,
             .brief = N_("let --facts replace a file that is there")),
    OPT_FILE(0, "replay", struct verify_args, replay,
             .brief = N_("judge the facts in FILE again, without the files themselves"),
             .more = N_("The answer is as good as whoever kept the facts.")),
    OPT_FLAG(0, "content", struct verify_args, content,
             .brief = N_("look at what the pages show too: other data, hidden text"),
             .more =
                 N_("Fields, attached data, the two-dimensional code and the constant texts are "
                    "compared; text that cannot be seen is reported.")),
    OPT_FILE(0, "detached", struct verify_args, detached,
             .brief = N_("check this detached signature (SM2 CMS) over the one FILE")),
    OPT_FLAG(0, "detailed", struct verify_args, detailed,
             .brief = N_("list what each seal and signature covers, part by part"),
             .more = N_("What came after it and what nobody covers; -v gives the numbers alone.")),
    OPT_FLAG(0, "diagnose", struct verify_args, diagnose,
             .brief = N_("say under which known deviation a failing value would be right"),
             .more = N_("Explains why another reader may show the file as valid. The verdict "
                        "does not change.")),
    OPT_ROWS(walk_opts),
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
    struct ofd_seen *seen;
    struct template_set templates; /* for --content */
    struct ofd_judge judge;
    struct judging judging;
    struct output output;
    enum rc worst;
};

static void run_clear(struct run *run)
{
    output_clear(&run->output);
    judging_close(&run->judging);
    judge_cache_free(run->cache);
    ofd_seen_free(run->seen);
    template_set_clear(&run->templates);
    trust_free(run->trust);
    session_close(&run->session);
}

/* One file on its way through the pool. */
struct job {
    const struct run *run;
    char *path;                          /* own */
    struct err fault;                    /* that met it before it was opened */
    struct verification results[LEVELS]; /* those that are needed */
};

/* A thread keeps its buffer from file to file. */
static void *new_buffer(void *context)
{
    struct lazy lazy = LAZY_INIT;

    (void)context;
    return mem_copy(&lazy, sizeof(lazy));
}

static void free_buffer(void *worker)
{
    lazy_clear(worker);
    free(worker);
}

static enum rc judge_file(void *data, void *worker, struct err *err)
{
    struct job *job = data;
    struct lazy *file = worker;

    if (job->fault.code != RC_OK) {
        *err = job->fault;
        return err->code;
    }
    TRY(lazy_open(file, job->path, LIMIT_PACKAGE, err));
    for (enum level level = LEVEL_BASIC; level <= LEVEL_ARCHIVAL; level++) {
        struct ofd_judge judge = job->run->judge;

        if (!judging_needs(&job->run->judging, level))
            continue;
        judge.level = level;
        ofd_verify_lazy(&judge, file, &job->results[level]);
        job->results[level].path = mem_text(job->path);
    }
    return lazy_check(file, err);
}

static enum rc tell_results(struct run *run, struct verification results[LEVELS], struct err *err)
{
    enum rc rc = judging_item(&run->judging, results, err);

    if (rc == RC_OK)
        run->worst =
            rc_worse(run->worst, output_item(&run->output, &results[run->judging.policy->level]));
    for (size_t i = 0; i < LEVELS; i++)
        verification_clear(&results[i]);
    return rc;
}

static enum rc tell(void *data, enum rc rc, const struct err *fault, void *context, struct err *err)
{
    struct job *job = data;
    struct run *run = context;

    if (rc != RC_OK) {
        struct verification *only = &job->results[run->judging.policy->level];

        free(only->path); /* of what was judged before the file was found to have changed */
        only->path = mem_text(job->path);
        (void)findings_add_err(&only->findings, fault);
        verification_conclude(only, &(struct verdict_facts){.unreadable = rc});
    }
    rc = tell_results(run, job->results, err);
    free(job->path);
    free(job);
    return rc;
}

static void drop(void *data, void *context)
{
    struct job *job = data;

    (void)context;
    free(job->path);
    free(job);
}

/* Of members that an archive repeats: fonts, backgrounds and seals of some dozen templates. */
#define SEEN_BYTES ((size_t)16 << 20)

static enum rc judge_all(struct run *run, struct walk *walk, struct err *err)
{
    struct pool_plan plan = {.threads = walk_total(walk) != 1 ? inputs_jobs(&run->args->common) : 1,
                             .work = judge_file,
                             .done = tell,
                             .drop = drop,
                             .worker_new = new_buffer,
                             .worker_free = free_buffer,
                             .context = run};
    CLEANUP(pool_freep) struct pool *pool = pool_new(&plan);
    struct walked at;

    if (walk_total(walk) > 1)
        run->judge.seen = run->seen = ofd_seen_new(SEEN_BYTES);
    run->judge.no_file_sm3 =
        !run->args->common.json && !run->args->common.jsonl && !run->args->facts;
    while (walk_next(walk, &at)) {
        struct job *job = mem_zero(1, sizeof(*job));

        *job = (struct job){.run = run, .path = at.path, .fault = at.fault};
        TRY(pool_submit(pool, job, err));
    }
    return pool_finish(pool, err);
}

/* A signature that lies beside the file it is over. */
struct detached {
    const char *path;
    struct cms cms;
    struct span file;
};

static void detached_clear(struct detached *d)
{
    cms_clear(&d->cms);
}

static void judge_detached_at(const struct run *run, enum level level, const struct detached *d,
                              struct verification *item)
{
    struct cms_judge judge = {
        .trust = run->trust, .now = run->judge.now, .part = d->path, .level = level};
    struct signature_report *report;

    *item = (struct verification){
        .path = mem_text(d->path), .size = d->file.len, .has_sm3 = true, .coverage_complete = true};
    sm3(d->file, item->sm3);
    if (run->judge.at_signing) {
        CLEANUP(verification_clear) struct verification first = {.path = NULL};

        cms_judge(&judge, &d->cms, d->file, verification_add_signature(&first), &first.findings);
        judge.now = judge_moment(&first, judge.now);
        judge_tell_moment(item, judge.now);
    }
    report = verification_add_signature(item);
    cms_judge(&judge, &d->cms, d->file, report, &item->findings);
    verification_conclude(item, &(struct verdict_facts){.unreadable = RC_OK});
    if (run->args->diagnose)
        diagnose_cms(&d->cms, d->file, d->path, report, &item->findings);
}

static enum rc judge_detached(struct run *run, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    CLEANUP(detached_clear) struct detached d = {.path = path};
    struct verification items[LEVELS] = {{.path = NULL}};

    TRY(file_read(run->args->detached, &value, err));
    TRY(file_read(path, &file, err));
    TRY_AT(cms_read(buf_span(&value), &d.cms, err), err, "%s", run->args->detached);
    d.file = buf_span(&file);
    for (enum level level = LEVEL_BASIC; level <= LEVEL_ARCHIVAL; level++) {
        if (judging_needs(&run->judging, level))
            judge_detached_at(run, level, &d, &items[level]);
    }
    return tell_results(run, items, err);
}

/* Constant texts of licences of ours are compared with the templates at hand, codes drawn again. */
static void prepare_content(struct run *run)
{
    CLEANUP(template_folders_clear) struct template_folders folders = {.list = NULL};

    run->judge.content = true;
    run->judge.face = facecheck_code;
    template_folders_make(&run->session, NULL, &folders);
    template_set_load(&folders, &run->templates);
    run->judge.templates = (const struct template *const *)run->templates.list;
    run->judge.n_templates = run->templates.n;
}

static enum rc open_trust(const struct verify_args *a, struct run *run, struct err *err)
{
    TRY(session_trust(&run->session, &(struct trust_opts){&a->trust, &a->crls, &a->ocsps},
                      &run->trust, err));
    run->cache = judge_cache_new();
    run->judge.trust = run->trust;
    run->judge.cache = run->cache;
    run->judge.lists = &run->session.lists;
    /* A document date in the environment must not bring an expired licence back (cli.md 2). */
    run->judge.now = a->common.at != INSTANT_NONE ? a->common.at : clock_system();
    run->judge.diagnose = a->diagnose;
    if (a->content)
        prepare_content(run);
    return RC_OK;
}

static enum rc open_judging(const struct verify_args *a, struct run *run, struct err *err)
{
    const struct judging_opts wanted = {
        .policy = a->policy, .require = a->require, .facts = a->facts};

    TRY(judging_open(&run->session, &wanted, &run->judging, err));
    run->judging.now = run->judge.now;
    if (a->level >= 0)
        run->judging.policy->level = (enum level)a->level;
    run->judge.level = run->judging.policy->level;
    output_open(&run->output, &a->common, "verify", a->facts && strcmp(a->facts, "-") == 0);
    judging_describe(&run->judging, &run->output);
    run->output.validation_time = run->judge.now;
    run->output.lines_always = true;
    run->output.coverage = a->detailed ? 2 : a->common.verbose;
    run->output.steps = a->detailed;
    return RC_OK;
}

static enum rc verify(const struct verify_args *a, struct run *run, char **operands,
                      struct err *err)
{
    CLEANUP(walk_freep) struct walk *walk = NULL;

    TRY(walk_open(&a->common, operands, &walk, err));
    if (a->detached && walk_total(walk) != 1)
        return err_set(err, RC_USAGE, "--detached is for one file");
    TRY(session_open(&run->session, &a->common, err));
    TRY(open_trust(a, run, err));
    TRY(open_judging(a, run, err));
    run->output.progress.total = walk_total(walk);
    confinement_enter_walk(&a->common, walk, a->detached);
    if (a->detached)
        TRY(judge_detached(run, operands[0] ? operands[0] : "-", err));
    else
        TRY(judge_all(run, walk, err));
    TRY(judging_finish(&run->judging, err));
    return output_close(&run->output, run->worst, err);
}

/* The facts hold whatever files, trust and time were: only the policy is new. */
static enum rc check_replay(const struct verify_args *a, char *const *operands, struct err *err)
{
    if (*operands || a->common.files_from || a->detached)
        return err_set(err, RC_USAGE, "--replay judges facts, not files: name no file");
    if (a->trust.n || a->crls.n || a->ocsps.n || a->at)
        return err_set(err, RC_USAGE,
                       "--replay: trust, revocation and time are in the facts already; verify the "
                       "files again to change them");
    if (a->content || a->diagnose)
        return err_set(err, RC_USAGE, "--replay: --content and --diagnose look at the files");
    if (a->facts)
        return err_set(err, RC_USAGE, "--replay and --facts exclude each other");
    return RC_OK;
}

static enum rc replay(const struct verify_args *a, struct run *run, char **operands,
                      struct err *err)
{
    TRY(check_replay(a, operands, err));
    TRY(session_open(&run->session, &a->common, err));
    TRY(open_judging(a, run, err));
    if (!a->common.quiet)
        fprintf(stderr, "%s",
                tr(N_("ecert: judged from recorded facts, which nobody signed: the "
                      "answer is as good as whoever kept them\n")));
    confinement_enter(&a->common, &(struct inputs){.paths = (const char *[]){a->replay}, .n = 1},
                      NULL);
    TRY(judging_replay(&run->judging, a->replay, &run->output, &run->worst, err));
    return output_close(&run->output, run->worst, err);
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    struct verify_args a = *(const struct verify_args *)args;
    CLEANUP(run_clear) struct run run = {.args = &a};

    run.judge.at_signing = a.at && strcmp(a.at, "signing") == 0;
    if (a.at && !run.judge.at_signing)
        TRY_AT(instant_parse(a.at, &a.common.at, err), err, "--at");
    return a.replay ? replay(&a, &run, operands, err) : verify(&a, &run, operands, err);
}

const struct cmd cmd_verify = {
    .name = "verify",
    .brief = N_("say whether a licence is intact, in force and from who it says, and why"),
    .operands = "[FILE ...]",
    .max_operands = -1,
    .opts = opts,
    .args_size = sizeof(struct verify_args),
    .defaults = &(const struct verify_args){.common = COMMON_INIT, .level = -1},
    .run = run,
};
