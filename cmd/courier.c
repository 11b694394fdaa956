/* SPDX-License-Identifier: Apache-2.0 */
/* seal and sign --tsa-query, --tsa-reply: RFC 3161 by courier. */
#include "cmd/courier.h"

#include <stdio.h>
#include <string.h>

#include "cmd/inputs.h"
#include "cmd/output.h"
#include "cmd/press.h"
#include "cmd/session.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_stamp.h"

static const char *const hashes[] = {"sm3", "sha256", NULL};

const struct opt courier_opts[] = {
    OPT_FILE(0, "tsa-query", struct couriered, courier.query,
             .brief = N_("write a timestamp request for the new value to FILE"),
             .more = N_("RFC 3161; what is sealed is complete without the timestamp, which "
                        "--tsa-reply puts in later.")),
    OPT_CHOICE(0, "tsa-hash", struct couriered, courier.hash, .arg = "HASH", .choices = hashes,
               .brief = N_("digest in the request: sm3 or sha256 (default: sm3)")),
    OPT_FILE(0, "tsa-reply", struct couriered, courier.reply,
             .brief = N_("put the timestamp of this reply into the sealed FILE, and do nothing "
                         "else"),
             .more = N_("No key is needed.")),
    OPT_LIST(0, "trust", struct couriered, courier.trust, .arg = "DIR", .files = true,
             .brief = N_("believe the anchors of this folder or named trust (may be repeated)"),
             .more = N_("Default: the trust named default in the configuration.")),
    OPT_END,
};

enum hash_alg courier_hash(const struct courier_opts *opts)
{
    return opts->hash == 1 ? HASH_SHA256 : HASH_SM3;
}

enum rc courier_check(const struct courier_opts *opts, struct err *err)
{
    if (opts->query && opts->reply)
        return err_set(err, RC_USAGE, "--tsa-query and --tsa-reply are two steps: one at a time");
    return RC_OK;
}

enum rc courier_ask(const char *path, enum hash_alg alg, struct span package, unsigned flags,
                    struct err *err)
{
    CLEANUP(buf_clear) struct buf request = BUF_INIT(1 << 16);
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    struct findings findings = {.list = NULL};
    enum rc rc = ofd_open(package, &ofd, &findings, err);

    findings_clear(&findings);
    TRY(rc);
    TRY(ofd_stamp_request(ofd, alg, &request, err));
    return file_write(path, buf_span(&request), flags, err);
}

/* ---- the reply ---- */

struct delivery {
    const struct common *common;
    struct session session;
    struct trust *trust;
    struct judge_cache *cache;
    struct journal *journal;
    struct inputs inputs;
    struct output output;
    struct ofd_judge judge;
};

static void delivery_clear(struct delivery *d)
{
    output_clear(&d->output);
    inputs_clear(&d->inputs);
    journal_free(d->journal);
    judge_cache_free(d->cache);
    trust_free(d->trust);
    session_close(&d->session);
}

static enum rc read_reply(const char *path, struct buf *token, struct err *err)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_SIGNED_VALUE);
    CLEANUP(timestamp_reply_clear) struct timestamp_reply reply = {.status = 0};

    TRY(file_read(path, &file, err));
    TRY_AT(timestamp_reply_read(buf_span(&file), &reply, err), err, "%s", path);
    if (reply.status != 0 && reply.status != 1)
        return err_find(err, "TIM220", RC_REFUSED,
                        "RFC 3161 2.4.2: the authority rejected the request with status %lld: %s",
                        (long long)reply.status, reply.text[0] ? reply.text : "-");
    if (!reply.token.len)
        return err_find(err, "TIM303", RC_INPUT, "RFC 3161 2.4.2: a reply without a token");
    return buf_add(token, reply.token.data, reply.token.len, err);
}

static const struct step *find_step(const struct signature_report *report, const char *id)
{
    for (size_t i = 0; i < report->n_steps; i++) {
        if (strcmp(report->steps[i].id, id) == 0)
            return &report->steps[i];
    }
    return NULL;
}

/* Says what a finding says, in both languages. */
static enum rc say(const struct finding *finding, enum rc rc, struct err *err)
{
    *err = (struct err){.code = rc};
    (void)snprintf(err->finding, sizeof(err->finding), "%s", finding->type->code);
    (void)snprintf(err->text, sizeof(err->text), "%.450s", finding->en);
    (void)snprintf(err->zh, sizeof(err->zh), "%.450s", finding->zh);
    return rc;
}

/* The token holds under the trust, and whatever stood before stands as it did. */
static enum rc prove(const struct verification *check, size_t signature, struct err *err)
{
    const struct step *step = find_step(&check->signatures[signature], "timestamp");

    if (!step || step->result == STEP_NOT_RUN)
        return err_set(err, RC_BUG, "the timestamp just put in is not there");
    if (step->result == STEP_PASSED)
        return press_prove(check, true, err);
    return say(&check->findings.list[step->finding],
               step->result == STEP_UNKNOWN ? RC_UNDECIDED : RC_REFUSED, err);
}

static enum rc deliver(struct delivery *d, struct span file, struct span token,
                       struct verification *check, struct ofd_stamped *out, struct err *err)
{
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(verification_clear) struct verification standing = {.path = NULL};

    TRY(ofd_open(file, &ofd, &check->findings, err));
    TRY(ofd_stamp(ofd, token, out, err));
    ofd_verify_opened(&d->judge, ofd, &standing);
    if (standing.signatures[out->signature].indication == TOTAL_FAILED)
        return err_find(err, "SIG221", RC_REFUSED, "standing seal or signature %s is broken: %s",
                        standing.signatures[out->signature].id,
                        sub_indication_name(standing.signatures[out->signature].sub));
    verification_clear(check);
    ofd_verify(&d->judge, buf_span(&out->package), check);
    if (check->n_signatures != standing.n_signatures)
        return err_set(err, RC_BUG, "the file just made was thrown away: it lists %zu signatures",
                       check->n_signatures);
    return prove(check, out->signature, err);
}

static enum rc note(struct delivery *d, const char *target, struct span file,
                    const struct verification *check, bool is_seal, struct err *err)
{
    unsigned char before[SM3_LEN];
    const struct journal_entry entry = {.op = is_seal ? JOURNAL_SEAL : JOURNAL_SIGN,
                                        .identifier = check->identifier,
                                        .path = target,
                                        .before = before,
                                        .after = check->sm3,
                                        .reason = "tsa-reply"};

    if (!d->journal)
        return RC_OK;
    sm3(file, before);
    return journal_write(d->journal, &entry, err);
}

static enum rc deliver_file(struct delivery *d, const char *reply, struct verification *item,
                            struct err *err)
{
    const char *path = d->inputs.paths[0];
    CLEANUP(freep) char *target = inputs_target(d->common, path);
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    CLEANUP(buf_clear) struct buf token = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct ofd_stamped stamped = {.package = BUF_INIT(LIMIT_PACKAGE)};
    enum rc rc;

    TRY(read_reply(reply, &token, err));
    TRY(file_read(path, &file, err));
    rc = deliver(d, buf_span(&file), buf_span(&token), item, &stamped, err);
    if (rc == RC_OK && !d->common->dry_run)
        rc = file_write(target, buf_span(&stamped.package), inputs_flags(d->common), err);
    if (rc == RC_OK && !d->common->dry_run)
        rc = note(d, target, buf_span(&file), item, item->signatures[stamped.signature].is_seal,
                  err);
    buf_clear(&stamped.package);
    return rc;
}

static enum rc open_delivery(struct delivery *d, const struct couriered *args, const char *command,
                             char **operands, struct err *err)
{
    d->common = &args->keyed.common;
    TRY(inputs_collect(d->common, operands, &d->inputs, err));
    if (d->inputs.n != 1)
        return err_set(err, RC_USAGE, "--tsa-reply is for one file");
    if (!d->common->dry_run)
        TRY(inputs_check_targets(d->common, &d->inputs, err));
    TRY(session_open(&d->session, d->common, err));
    TRY(session_trust(&d->session, &(struct trust_opts){.trust = &args->courier.trust}, &d->trust,
                      err));
    d->cache = judge_cache_new();
    d->judge = (struct ofd_judge){.trust = d->trust, .cache = d->cache, .now = clock_system()};
    return session_open_journal(&d->session, command, &d->journal, err);
}

enum rc courier_deliver(const struct couriered *args, const char *command, char **operands,
                        struct err *err)
{
    CLEANUP(delivery_clear)
    struct delivery d = {.inputs = {.names = BUF_INIT(LIMIT_PACKAGE)}};
    struct verification item = {.path = NULL};
    enum rc rc;

    TRY(open_delivery(&d, args, command, operands, err));
    output_open(&d.output, d.common, command, inputs_to_stdout(d.common, &d.inputs));
    d.output.done = N_("timestamped");
    rc = deliver_file(&d, args->courier.reply, &item, err);
    item.path =
        rc == RC_OK ? inputs_target(d.common, d.inputs.paths[0]) : mem_text(d.inputs.paths[0]);
    if (rc == RC_OK) {
        press_excuse(&item);
        item.verdict = VERDICT_PASSED;
    } else {
        char *path = MOVE(item.path);

        verification_clear(&item);
        item = (struct verification){.path = path, .verdict = VERDICT_ERROR};
        (void)findings_add_err(&item.findings, err);
    }
    item.rc = rc;
    (void)output_item(&d.output, &item);
    *err = (struct err)ERR_INIT; /* told with the file */
    TRY(session_end_journal(d.journal, rc == RC_OK, rc != RC_OK, err));
    return output_close(&d.output, rc, err);
}
