/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/issuance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/parallel.h"
#include "core/base/file.h"
#include "core/base/mem.h"

enum { GROUP = 256 }; /* records between two syncs */

/* One record on its way. */
struct issuing {
    struct js *record;
    long line;
    struct pressed pressed;
    unsigned char content[SM3_LEN]; /* what the identifier stands for; only with a journal */
    struct findings findings;
    struct err fault;
    enum rc rc;
    bool reserved; /* in the journal */
    char *path, *temporary;
};

struct group {
    struct issuing list[GROUP];
    size_t n;
    struct background sync;
};

static void issuing_clear(struct issuing *job)
{
    js_free(job->record);
    pressed_clear(&job->pressed);
    findings_clear(&job->findings);
    file_drop(job->temporary);
    free(job->path);
}

static void group_clear(struct group *group)
{
    for (size_t i = 0; i < group->n; i++)
        issuing_clear(&group->list[i]);
    group->n = 0;
}

static void group_free(struct group *group)
{
    struct err ignored = ERR_INIT;

    if (!group)
        return;
    (void)!background_wait(&group->sync, &ignored);
    group_clear(group);
    free(group);
}

/* ---- the steps of a group; those that take a job run side by side ---- */

struct phase {
    struct issuance *issuance;
    enum rc (*run)(const struct issuance *issuance, struct issuing *job, struct err *err);
};

/* A job that has failed stays as it is; each keeps its own fault. */
static void run_job(void *context, size_t i)
{
    const struct phase *phase = context;
    struct issuing *job = &phase->issuance->making->list[i];

    if (job->rc == RC_OK)
        job->rc = phase->run(phase->issuance, job, &job->fault);
}

static void run_phase(struct issuance *issuance,
                      enum rc (*run)(const struct issuance *, struct issuing *, struct err *))
{
    struct phase phase = {issuance, run};

    if (!issuance->team)
        issuance->team = team_new(issuance->making->n > 1 ? issuance->jobs : 1);
    team_run(issuance->team, issuance->making->n, run_job, &phase);
}

static enum rc make_licence(const struct issuance *issuance, struct issuing *job, struct err *err)
{
    TRY(press_licence(issuance->press, job->record, issuance->photo, &job->pressed, &job->findings,
                      err));
    return issuance->journal ? press_digest_record(issuance->press, job->record, issuance->photo,
                                                   job->content, err)
                             : RC_OK;
}

/* A licence's file is named by its identifier, which is unique, and so is the path. */
static char *choose_path(const struct issuance *issuance, const struct licence *licence)
{
    CLEANUP(freep) char *name = NULL;

    if (!issuance->out_dir)
        return mem_text(issuance->path);
    if (asprintf(&name, "%s.ofd", licence->identifier) < 0)
        abort();
    return path_join(issuance->out_dir, name);
}

/* ---- the journal: asked before anything is signed, told when the file is in place ---- */

static enum rc note(const struct issuance *issuance, const struct issuing *job, enum journal_op op,
                    const char *reason, struct err *err)
{
    const struct sealer *sealer = issuance->press->sealer;
    const struct verification *check = &job->pressed.check;
    struct journal_entry entry = {.op = op,
                                  .row = job->line,
                                  .content = job->content,
                                  .identifier = job->pressed.licence->identifier,
                                  .version = issuance->press->options.version,
                                  .path = job->path,
                                  .after = check->has_sm3 ? check->sm3 : NULL,
                                  .reason = reason};

    if (sealer && op == JOURNAL_DONE) {
        entry.seal = sealer->seal.id;
        entry.cert = signer_cert(sealer->signer) ? cert_serial(signer_cert(sealer->signer)) : NULL;
    }
    return journal_append(issuance->journal, &entry, err);
}

/* An identifier stands for one content: another one is refused, the same one is the same licence.
 */
static enum rc reserve(const struct issuance *issuance, struct issuing *job, struct err *err)
{
    const char *identifier = job->pressed.licence->identifier;

    switch (journal_ask(issuance->journal, identifier, issuance->press->options.version,
                        job->content)) {
    case JOURNAL_NEW:
    case JOURNAL_RESERVED_SAME:
        job->reserved = true;
        return note(issuance, job, JOURNAL_RESERVE, NULL, err);
    case JOURNAL_ISSUED_SAME:
        return RC_OK;
    case JOURNAL_RESERVED_OTHER:
    case JOURNAL_ISSUED_OTHER:
        break;
    }
    return err_find(
        err, "JNL201", RC_REFUSED,
        "the journal knows %s with other content: raise the version, or correct the record",
        identifier);
}

static enum rc reserve_group(struct issuance *issuance, struct err *err)
{
    if (!issuance->journal || issuance->dry_run)
        return RC_OK;
    for (size_t i = 0; i < issuance->making->n; i++) {
        struct issuing *job = &issuance->making->list[i];

        if (job->rc == RC_OK)
            job->rc = reserve(issuance, job, &job->fault);
    }
    return journal_sync(issuance->journal, err);
}

static enum rc tell_journal(struct issuance *issuance, const struct group *group, struct err *err)
{
    if (!issuance->journal || issuance->dry_run)
        return RC_OK;
    for (size_t i = 0; i < group->n; i++) {
        const struct issuing *job = &group->list[i];

        if (job->rc == RC_OK)
            TRY(note(issuance, job, JOURNAL_DONE, job->reserved ? NULL : "again", err));
        else if (job->reserved)
            TRY(note(issuance, job, JOURNAL_REJECT, job->fault.text, err));
    }
    return journal_sync(issuance->journal, err);
}

/* In a folder each licence has a new name: whether it is taken is seen when it is given. */
static unsigned stage_flags(const struct issuance *issuance)
{
    unsigned flags = issuance->file_flags | FILE_NOSYNC;

    return issuance->out_dir && !(flags & FILE_FORCE) ? flags | FILE_FRESH : flags;
}

static enum rc make_package(const struct issuance *issuance, struct issuing *job, struct err *err)
{
    TRY(press_package(issuance->press, &job->pressed, &job->findings, err));
    job->path = choose_path(issuance, job->pressed.licence);
    if (issuance->dry_run || strcmp(job->path, "-") == 0)
        return RC_OK;
    TRY(file_stage(job->path, buf_span(&job->pressed.package), stage_flags(issuance),
                   &job->temporary, err));
    buf_clear(&job->pressed.package); /* for the next one: a group of them would be 20 MB */
    return RC_OK;
}

static enum rc put_in_place(const struct issuance *issuance, struct issuing *job, struct err *err)
{
    char *temporary = job->temporary;

    if (job->path && strcmp(job->path, "-") == 0 && !issuance->dry_run)
        return file_write("-", buf_span(&job->pressed.package), 0, err);
    if (!temporary)
        return RC_OK;
    job->temporary = NULL;
    return file_commit(temporary, job->path, issuance->file_flags, err);
}

static enum rc sync_group(void *context, struct err *err)
{
    const struct group *group = context;
    CLEANUP(freep) char *folder = NULL;

    for (size_t i = 0; i < group->n; i++) {
        if (group->list[i].temporary) {
            folder = path_dir(group->list[i].path);
            return dir_sync(folder, err);
        }
    }
    return RC_OK;
}

/* ---- what becomes of a record, said ---- */

static void tell(struct issuance *issuance, struct issuing *job)
{
    struct verification item = job->pressed.check;
    char where[32];

    job->pressed.check = (struct verification){.path = NULL};
    if (job->rc != RC_OK) {
        verification_clear(&item);
        item = (struct verification){.verdict = VERDICT_ERROR, .rc = job->rc};
        item.findings = job->findings;
        job->findings = (struct findings){.list = NULL};
        if (item.findings.n == 0 || job->rc != RC_NO)
            (void)findings_add_err(&item.findings, &job->fault);
        if (job->rc == RC_NO)
            item.verdict = VERDICT_FAILED;
        (void)snprintf(where, sizeof(where), tr(N_("record %ld")), job->line);
        item.path = mem_text(job->line ? where : tr(N_("record")));
        issuance->n_rejected++;
        issuance->worst = rc_worse(issuance->worst, job->rc);
    } else {
        press_excuse(&item);
        item.verdict = VERDICT_PASSED;
        item.rc = RC_OK;
        item.path = mem_text(job->path);
        issuance->n_written++;
    }
    (void)output_item(issuance->output, &item);
}

/* Two records of one identifier would be one file: whichever came last would win unnoticed. */
static enum rc claim(struct issuance *issuance, const struct issuing *job, struct err *err)
{
    const char *identifier = job->pressed.licence->identifier;
    long version = issuance->press->options.version;
    struct issued_entry entry = {.state = ISSUED_DONE};

    if (issued_get(&issuance->claimed, identifier, strlen(identifier), version))
        return err_set(err, RC_REFUSED, "an earlier record of this run has the identifier %s",
                       identifier);
    issued_put(&issuance->claimed, identifier, strlen(identifier), version, &entry);
    return RC_OK;
}

static void claim_group(struct issuance *issuance)
{
    for (size_t i = 0; i < issuance->making->n; i++) {
        struct issuing *job = &issuance->making->list[i];

        if (job->rc == RC_OK)
            job->rc = claim(issuance, job, &job->fault);
    }
}

static enum rc make_group(struct issuance *issuance, struct err *err)
{
    run_phase(issuance, make_licence);
    claim_group(issuance);
    TRY(reserve_group(issuance, err));
    run_phase(issuance, make_package);
    return RC_OK;
}

/* Its files are on the disk under names of their own: gives them theirs, and says so. */
static enum rc settle_group(struct issuance *issuance, struct group *group, struct err *err)
{
    if (!group || group->n == 0)
        return RC_OK;
    TRY(background_wait(&group->sync, err));
    for (size_t i = 0; i < group->n; i++) {
        struct issuing *job = &group->list[i];

        if (job->rc == RC_OK)
            job->rc = put_in_place(issuance, job, &job->fault);
    }
    TRY(tell_journal(issuance, group, err));
    for (size_t i = 0; i < group->n; i++)
        tell(issuance, &group->list[i]);
    group_clear(group);
    return RC_OK;
}

/* The group made last is left to its sync; the one before has had the time for it. */
static enum rc finish_group(struct issuance *issuance, struct err *err)
{
    struct group *before = issuance->syncing;

    if (!issuance->making || issuance->making->n == 0)
        return RC_OK;
    TRY(make_group(issuance, err));
    background_start(&issuance->making->sync, sync_group, issuance->making);
    issuance->syncing = issuance->making;
    issuance->making = before;
    return settle_group(issuance, before, err);
}

static enum rc add(struct issuance *issuance, const struct issuing *job, struct err *err)
{
    struct group *group = issuance->making;

    if (!group)
        group = issuance->making = mem_zero(1, sizeof(*group));
    group->list[group->n++] = *job;
    return group->n == GROUP ? finish_group(issuance, err) : RC_OK;
}

enum rc issuance_add(struct issuance *issuance, struct js *record, long line, struct err *err)
{
    struct issuing job = {.record = record, .line = line, .pressed = PRESSED_INIT};

    return add(issuance, &job, err);
}

enum rc issuance_reject(struct issuance *issuance, const struct err *fault, long line,
                        struct err *err)
{
    struct issuing job = {
        .line = line, .rc = fault->code, .fault = *fault, .pressed = PRESSED_INIT};

    return add(issuance, &job, err); /* told in its turn */
}

enum rc issuance_finish(struct issuance *issuance, enum rc *status, struct err *err)
{
    TRY(finish_group(issuance, err));
    TRY(settle_group(issuance, issuance->syncing, err));
    if (issuance->n_rejected == 0)
        *status = RC_OK;
    else
        *status = issuance->n_written ? RC_PARTIAL : issuance->worst;
    return RC_OK;
}

void issuance_clear(struct issuance *issuance)
{
    struct err ignored = ERR_INIT; /* the fault that ended the run has been told */

    (void)!settle_group(issuance, issuance->syncing, &ignored);
    group_free(issuance->making);
    group_free(issuance->syncing);
    issued_clear(&issuance->claimed);
    team_free(issuance->team);
    issuance->team = NULL;
    issuance->making = issuance->syncing = NULL;
}
