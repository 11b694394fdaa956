/* SPDX-License-Identifier: Apache-2.0 */
/* ecert issue - records and a template to licences. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/inputs.h"
#include "cmd/issuance.h"
#include "cmd/records.h"
#include "cmd/session.h"
#include "cmd/templates.h"
#include "core/base/file.h"
#include "core/base/mem.h"

struct issue_args {
    struct common common;
    struct keyopts keys;
    const char *template, *data, *photo, *serial, *face, *salt_key;
    struct opt_list set, templates;
    int version;
    instant issued_at;
    bool close, reproducible;
};

static const struct opt opts[] = {
    OPT_TEXT('t', "template", struct issue_args, template, .arg = "TEMPLATE", .required = true,
             .brief = N_("licence type: a template's id, or its folder")),
    OPT_FILE('d', "data", struct issue_args, data,
             .brief = N_("read the records from FILE: one JSON object or JSON Lines"),
             .more = N_("Without it records come from standard input, unless --set gives one.")),
    OPT_LIST(0, "set", struct issue_args, set, .arg = "FIELD=VALUE",
             .brief = N_("set a field of every record (may be repeated)"),
             .more = N_("Without --data the fields set are the record.")),
    OPT_FILE(0, "photo", struct issue_args, photo,
             .brief = N_("picture for the fields that show one")),
    OPT_TEXT(0, "serial", struct issue_args, serial, .arg = "TEXT",
             .brief = N_("serial part of the identifier (default: by the template's rule)"),
             .more = N_("auto: 20 random characters, never a counter.")),
    OPT_COUNT(0, "issue-version", struct issue_args, version,
              .brief = N_("version part of the identifier (default: 1)")),
    OPT_TIME(0, "issued-at", struct issue_args, issued_at,
             .brief = N_("date of issue where the record is silent (default: today)")),
    OPT_TEXT(0, "face", struct issue_args, face, .arg = "ID",
             .brief = N_("draw this face of the template (default: its first)")),
    OPT_LIST(0, "templates", struct issue_args, templates, .arg = "DIR",
             .brief = N_("look for templates here first (may be repeated)")),
    OPT_FLAG(0, "close", struct issue_args, close,
             .brief = N_("let nobody seal or sign after this seal")),
    OPT_FLAG(0, "reproducible", struct issue_args, reproducible,
             .brief = N_("same record, same bytes before the seal; needs --salt-key")),
    OPT_FILE(0, "salt-key", struct issue_args, salt_key,
             .brief = N_("derive the salts of the digests from the secret in FILE")),
    OPT_FLAG('n', "dry-run", struct issue_args, common.dry_run,
             .brief = N_("do everything but write")),
    OPT_ROWS(seal_opts),
    OPT_ROWS(key_opts),
    OPT_ROWS(output_opts),
    OPT_ROWS(batch_opts),
    OPT_ROWS(journal_opts),
    OPT_ROWS(report_opts),
    OPT_ROWS(common_opts),
    OPT_END,
};

/* Everything that is opened for a run, released together. */
struct run {
    struct session session;
    struct sealer sealer;
    struct template *template;
    struct typesetter *typesetter;
    struct trust *trust;
    struct judge_cache *cache;
    struct buf photo, salt_key;
    struct press press;
    struct output output;
    struct issuance issuance;
    struct records *records;
    struct journal *journal;
};

static void run_clear(struct run *run)
{
    issuance_clear(&run->issuance);
    output_clear(&run->output);
    press_close(&run->press);
    records_close(run->records);
    journal_free(run->journal);
    judge_cache_free(run->cache);
    trust_free(run->trust);
    typesetter_free(run->typesetter);
    template_free(run->template);
    sealer_clear(&run->sealer);
    buf_clear(&run->photo);
    buf_clear(&run->salt_key);
    session_close(&run->session);
}

static enum rc check_args(const struct issue_args *a, struct err *err)
{
    if (!a->keys.seal != !a->keys.key)
        return err_set(err, RC_USAGE, "--seal and --key go together");
    if (a->close && !a->keys.seal)
        return err_set(err, RC_USAGE, "--close needs --seal and --key");
    if (a->reproducible && !a->salt_key)
        return err_set(
            err, RC_USAGE,
            "--reproducible needs --salt-key: salts from the record alone could be guessed");
    if (a->common.output && a->common.out_dir)
        return err_set(err, RC_USAGE, "only one of -o and --out-dir");
    if (!a->data && a->set.n == 0 && isatty(STDIN_FILENO))
        return err_set(err, RC_USAGE, "which record? --data FILE, --set, or standard input");
    if (!a->common.out_dir && !a->common.dry_run)
        return refuse_terminal(&a->common, err);
    return RC_OK;
}

static enum rc find_template(const struct issue_args *a, struct run *run, struct err *err)
{
    CLEANUP(template_folders_clear) struct template_folders folders = {.list = NULL};

    template_folders_make(&run->session, &a->templates, &folders);
    return template_find(a->template, (const char *const *)folders.list, &run->template, err);
}

static enum rc find_face(const struct issue_args *a, struct run *run, struct err *err)
{
    run->press.face = run->template->faces;
    for (size_t i = 0; a->face && i < run->template->n_faces; i++) {
        run->press.face = &run->template->faces[i];
        if (strcmp(run->press.face->id, a->face) == 0)
            return RC_OK;
    }
    return a->face
               ? err_set(err, RC_USAGE, "template %s has no face '%s'", run->template->id, a->face)
               : RC_OK;
}

static enum rc open_press(const struct issue_args *a, struct run *run, struct err *err)
{
    static const struct opt_list none;
    struct press *press = &run->press;

    TRY(find_template(a, run, err));
    press->template = run->template;
    TRY(find_face(a, run, err));
    TRY(typesetter_open(NULL, &run->typesetter, err));
    press->typesetter = run->typesetter;
    TRY(session_trust(&run->session, &(struct trust_opts){.trust = &none}, &run->trust, err));
    run->cache = judge_cache_new();
    press->judge =
        (struct ofd_judge){.trust = run->trust, .cache = run->cache, .now = clock_system()};
    press->options = (struct issue_options){
        .face = press->face,
        .serial = a->serial,
        .version = a->version,
        .issued_at = a->issued_at == INSTANT_NONE ? clock_now() : a->issued_at};
    press->close = a->close;
    press->reproducible = a->reproducible;
    if (a->keys.seal) {
        TRY(session_sealer(&run->session, &a->keys, true, &run->sealer, err));
        press->sealer = &run->sealer;
    }
    return RC_OK;
}

static enum rc read_files(const struct issue_args *a, struct run *run, struct span *salt,
                          struct err *err)
{
    if (a->photo)
        TRY(file_read(a->photo, &run->photo, err));
    if (a->salt_key) {
        TRY(file_read(a->salt_key, &run->salt_key, err));
        if (run->salt_key.len < 16)
            return err_set(err, RC_USAGE, "%s: a salt key has at least 16 bytes", a->salt_key);
        *salt = buf_span(&run->salt_key);
        run->press.salt_key = salt;
    }
    return RC_OK;
}

static enum rc check_photo(const struct issue_args *a, const struct template *template,
                           struct err *err)
{
    for (size_t i = 0; i < template->n_fields; i++) {
        if (template->fields[i].type == FIELD_IMAGE)
            return RC_OK;
    }
    return a->photo ? err_set(err, RC_USAGE, "--photo: template %s has no field for a picture",
                              template->id)
                    : RC_OK;
}

/* A face that cannot be laid out is the template's fault, said with its findings. */
static enum rc lay_out(struct run *run, struct err *err)
{
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    enum rc rc = press_open(&run->press, &findings, err);

    if (rc != RC_OK && findings.n)
        return err_find(err, findings.list[0].type->code, RC_USAGE, "template %s: %s",
                        run->template->id, findings.list[0].en);
    return rc;
}

/* Without --out-dir there is one place for one licence: a second record is told before anything is
 * done. */
static enum rc read_all(const struct issue_args *a, struct run *run, struct err *err)
{
    CLEANUP(js_freep) struct js *held = NULL;
    long held_line = 0, line = 0;
    bool more = true;

    while (more) {
        CLEANUP(js_freep) struct js *record = NULL;
        struct err fault = ERR_INIT;
        enum rc rc = records_next(run->records, &record, &line, &fault);

        if (rc == RC_INPUT && a->common.out_dir) {
            if (held)
                TRY(issuance_add(&run->issuance, MOVE(held), held_line, err));
            TRY(issuance_reject(&run->issuance, &fault, line, err));
            continue;
        }
        if (rc != RC_OK) {
            *err = fault;
            return rc;
        }
        more = record != NULL;
        if (held && more && !a->common.out_dir)
            return err_set(err, RC_USAGE, "several records need --out-dir");
        if (held)
            TRY(issuance_add(&run->issuance, MOVE(held), held_line, err));
        held = MOVE(record);
        held_line = line;
    }
    return RC_OK;
}

static enum rc issue(const struct issue_args *a, struct run *run, struct err *err)
{
    struct span salt;
    enum rc status = RC_OK;

    TRY(session_open(&run->session, &a->common, err));
    TRY(records_open(a->data ? a->data : a->set.n ? NULL : "-", &a->set, &run->records, err));
    TRY(read_files(a, run, &salt, err));
    TRY(open_press(a, run, err));
    TRY(check_photo(a, run->template, err));
    TRY(lay_out(run, err));
    TRY(session_open_journal(&run->session, "issue", &run->journal, err));
    run->press.judge.no_file_sm3 = !run->journal && !a->common.json && !a->common.jsonl;
    if (a->common.out_dir && !a->common.dry_run)
        TRY(dir_make(a->common.out_dir, err));
    else if (a->common.output && !a->common.dry_run)
        TRY(file_check_free(a->common.output, inputs_flags(&a->common), err));
    run->issuance = (struct issuance){.press = &run->press,
                                      .output = &run->output,
                                      .journal = run->journal,
                                      .photo = buf_span(&run->photo),
                                      .out_dir = a->common.out_dir,
                                      .path = a->common.output ? a->common.output : "-",
                                      .file_flags = inputs_flags(&a->common),
                                      .dry_run = a->common.dry_run,
                                      .jobs = inputs_jobs(&a->common)};
    output_open(&run->output, &a->common, "issue",
                !a->common.out_dir && !a->common.dry_run &&
                    (!a->common.output || strcmp(a->common.output, "-") == 0));
    if (run->sealer.insecure_time != INSTANT_NONE)
        run->output.insecure[0] = "insecure-time";
    run->output.done = N_("issued");
    TRY(read_all(a, run, err));
    TRY(issuance_finish(&run->issuance, &status, err));
    if (run->issuance.n_written + run->issuance.n_rejected == 0) /* success on nothing is a trap */
        return err_set(err, RC_USAGE, "%s holds no record", a->data ? a->data : "-");
    TRY(session_end_journal(run->journal, run->issuance.n_written, run->issuance.n_rejected, err));
    return output_close(&run->output, status, err);
}

static enum rc run(const void *args, char **operands, struct err *err)
{
    const struct issue_args *a = args;
    CLEANUP(run_clear)
    struct run run = {.sealer = SEALER_INIT,
                      .photo = BUF_INIT(LIMIT_PICTURE),
                      .salt_key = BUF_INIT(LIMIT_KEY_FILE)};

    (void)operands;
    TRY(check_args(a, err));
    return issue(a, &run, err);
}

const struct cmd cmd_issue = {
    .name = "issue",
    .brief = N_("make licences (OFD) of records and a template, sealed at once when asked"),
    .opts = opts,
    .args_size = sizeof(struct issue_args),
    .defaults =
        &(const struct issue_args){
            .common = COMMON_INIT, .keys = KEYOPTS_INIT, .version = 1, .issued_at = INSTANT_NONE},
    .run = run,
};
