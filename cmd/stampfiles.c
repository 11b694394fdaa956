/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/stampfiles.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/parallel.h"
#include "cmd/press.h"
#include "core/base/file.h"
#include "core/base/mem.h"

enum { GROUP = 64 }; /* files between two syncs */

/* One file on its way. */
struct stamping_job {
    const char *path;
    char *target, *temporary;
    struct stamped stamped;
    struct findings findings;
    struct err fault;
    enum rc rc;
};

static void job_clear(struct stamping_job *job)
{
    stamped_clear(&job->stamped);
    findings_clear(&job->findings);
    file_drop(job->temporary);
    free(job->target);
}

void stampfiles_clear(struct stampfiles *run)
{
    output_clear(&run->output);
    inputs_clear(&run->inputs);
    journal_free(run->journal);
    judge_cache_free(run->cache);
    trust_free(run->trust);
    sealer_clear(&run->sealer);
    session_close(&run->session);
}

enum rc stampfiles_open(struct stampfiles *run, const struct couriered *with, bool as_seal,
                        char **operands, struct err *err)
{
    const struct keyed *args = &with->keyed;

    run->courier = &with->courier;
    run->common = &args->common;
    run->command = as_seal ? "seal" : "sign";
    TRY(inputs_collect(run->common, operands, &run->inputs, err));
    if (run->courier->query && run->inputs.n != 1)
        return err_set(err, RC_USAGE, "--tsa-query is for one file");
    TRY(session_open(&run->session, run->common, err));
    TRY(session_sealer(&run->session, &args->keys, as_seal, &run->sealer, err));
    TRY(session_trust(&run->session, &(struct trust_opts){.trust = &with->courier.trust},
                      &run->trust, err));
    run->cache = judge_cache_new();
    run->stamping.sealer = &run->sealer;
    run->stamping.as_seal = as_seal;
    run->stamping.judge =
        (struct ofd_judge){.trust = run->trust, .cache = run->cache, .now = clock_system()};
    return session_open_journal(&run->session, run->command, &run->journal, err);
}

static bool to_stdout(const struct stamping_job *job)
{
    return strcmp(job->target, "-") == 0;
}

static enum rc stamp(const struct stampfiles *run, struct stamping_job *job, struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    unsigned flags = inputs_flags(run->common) | FILE_NOSYNC;

    TRY(file_read(job->path, &file, err));
    job->target = inputs_target(run->common, job->path);
    TRY(stamping_apply(&run->stamping, buf_span(&file), &job->stamped, &job->findings, err));
    if (to_stdout(job) || run->common->dry_run)
        return RC_OK;
    return file_stage(job->target, buf_span(&job->stamped.package), flags, &job->temporary, err);
}

struct phase {
    const struct stampfiles *run;
    struct stamping_job *jobs;
};

static void run_job(void *context, size_t i)
{
    const struct phase *phase = context;

    phase->jobs[i].rc = stamp(phase->run, &phase->jobs[i], &phase->jobs[i].fault);
}

static enum rc put_in_place(const struct stampfiles *run, struct stamping_job *job, struct err *err)
{
    char *temporary = job->temporary;

    if (run->common->dry_run)
        return RC_OK;
    /* first: a request without its file does no harm, a file without its request is stuck */
    if (run->courier->query)
        TRY(courier_ask(run->courier->query, courier_hash(run->courier),
                        buf_span(&job->stamped.package), inputs_flags(run->common), err));
    if (to_stdout(job))
        return file_write("-", buf_span(&job->stamped.package), 0, err);
    job->temporary = NULL;
    return file_commit(temporary, job->target, inputs_flags(run->common), err);
}

static enum rc sync_group(struct stamping_job *jobs, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(freep) char *folder = NULL;

        if (!jobs[i].temporary)
            continue;
        folder = path_dir(jobs[i].target);
        TRY(dir_sync(folder, err));
        if (i + 1 < n && jobs[i + 1].target &&
            path_base(jobs[i].target) - jobs[i].target ==
                path_base(jobs[i + 1].target) - jobs[i + 1].target)
            return RC_OK; /* the same folder, or beside it on the same file system */
    }
    return RC_OK;
}

static enum rc note(const struct stampfiles *run, const struct stamping_job *job, struct err *err)
{
    const struct verification *check = &job->stamped.check;
    const struct cert *cert = signer_cert(run->sealer.signer);
    struct journal_entry entry = {.op = run->stamping.as_seal ? JOURNAL_SEAL : JOURNAL_SIGN,
                                  .identifier = check->identifier,
                                  .path = job->target,
                                  .before = job->stamped.before,
                                  .after = check->has_sm3 ? check->sm3 : NULL,
                                  .seal = run->stamping.as_seal ? run->sealer.seal.id : NULL,
                                  .cert = cert ? cert_serial(cert) : NULL,
                                  .reason = run->stamping.on_behalf};

    return journal_append(run->journal, &entry, err);
}

static void tell(struct stampfiles *run, struct stamping_job *job, enum rc *worst, size_t *done)
{
    struct verification item = job->stamped.check;

    job->stamped.check = (struct verification){.path = NULL};
    if (job->rc != RC_OK) {
        verification_clear(&item);
        item = (struct verification){.verdict = VERDICT_ERROR, .rc = job->rc};
        item.findings = job->findings;
        job->findings = (struct findings){.list = NULL};
        (void)findings_add_err(&item.findings, &job->fault);
        item.path = mem_text(job->path);
        *worst = rc_worse(*worst, job->rc);
    } else {
        press_excuse(&item);
        item.verdict = VERDICT_PASSED;
        item.rc = RC_OK;
        item.path = mem_text(job->target);
        (*done)++;
    }
    (void)output_item(&run->output, &item);
}

static enum rc run_group(struct stampfiles *run, struct team *team, struct stamping_job *jobs,
                         size_t n, struct err *err)
{
    struct phase phase = {run, jobs};

    team_run(team, n, run_job, &phase);
    TRY(sync_group(jobs, n, err));
    for (size_t i = 0; i < n; i++) {
        if (jobs[i].rc == RC_OK)
            jobs[i].rc = put_in_place(run, &jobs[i], &jobs[i].fault);
        if (jobs[i].rc == RC_OK && run->journal)
            TRY(note(run, &jobs[i], err));
    }
    return run->journal ? journal_sync(run->journal, err) : RC_OK;
}

enum rc stampfiles_run(struct stampfiles *run, struct err *err)
{
    CLEANUP(team_freep) struct team *team = NULL;
    struct stamping_job jobs[GROUP];
    enum rc worst = RC_OK, rc = RC_OK;
    size_t done = 0;

    output_open(&run->output, run->common, run->command,
                inputs_to_stdout(run->common, &run->inputs));
    if (run->sealer.insecure_time != INSTANT_NONE)
        run->output.insecure[0] = "insecure-time";
    run->output.done = run->stamping.as_seal ? N_("sealed") : N_("signed");
    run->output.progress.total = run->inputs.n;
    if (run->common->out_dir && !run->common->dry_run)
        TRY(dir_make(run->common->out_dir, err));
    team = team_new(run->inputs.n > 1 ? inputs_jobs(run->common) : 1);
    for (size_t at = 0; at < run->inputs.n && rc == RC_OK; at += GROUP) {
        size_t n = run->inputs.n - at < GROUP ? run->inputs.n - at : GROUP;

        for (size_t i = 0; i < n; i++)
            jobs[i] =
                (struct stamping_job){.path = run->inputs.paths[at + i], .stamped = STAMPED_INIT};
        rc = run_group(run, team, jobs, n, err);
        for (size_t i = 0; i < n; i++) {
            if (rc == RC_OK)
                tell(run, &jobs[i], &worst, &done);
            job_clear(&jobs[i]);
        }
    }
    TRY(rc);
    TRY(session_end_journal(run->journal, done, run->inputs.n - done, err));
    if (worst != RC_OK && done)
        worst = RC_PARTIAL;
    return output_close(&run->output, worst, err);
}
