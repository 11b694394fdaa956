/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of ecert.facts/1; ecert-formats(7) says the same in words. */
#include "core/base/limits.h"
#include "core/model/facts_priv.h"

#define ROW(k, kind_, type, field, ...)                                              \
    {                                                                                \
        .key = (k), .kind = (kind_), .at = offsetof(struct type, field), __VA_ARGS__ \
    }
#define ANY .least = 0, .most = INT64_MAX

enum { PIECES_MAX = 1000000, BITS_MAX = 1000000, REASONS_MAX = 64, CODES_MAX = 9 };

static const char *const answers[] = {"unknown", "yes", "no", NULL};
static const char *const results[] = {"passed", "failed", "unknown", "not_run", NULL};
static const char *const severities[] = {"info", "warning", "error", NULL};
static const char *const effects[] = {"none", "undecided", "failed", NULL};

const struct fact facts_of_item[] = {
    ROW("path", FACT_TEXT, verification, path),
    ROW("has_sm3", FACT_BOOL, verification, has_sm3),
    ROW("sm3", FACT_SM3, verification, sm3),
    ROW("size", FACT_SIZE, verification, size, ANY),
    ROW("coverage_complete", FACT_BOOL, verification, coverage_complete),
    ROW("seals_required", FACT_INT, verification, seals_required, .least = 0, .most = PIECES_MAX),
    ROW("status_known", FACT_BOOL, verification, status_known),
    ROW("dropped", FACT_SIZE, verification, findings.dropped, ANY),
    ROW("dropped_effect", FACT_CHOICE, verification, findings.dropped_effect, .names = effects),
    FACT_END,
};

const struct fact facts_of_identity[] = {
    ROW("identifier", FACT_TEXT, verification, identifier),
    ROW("type", FACT_TEXT, verification, type_name),
    ROW("number", FACT_TEXT, verification, number),
    ROW("holder", FACT_TEXT, verification, holder),
    FACT_END,
};

const struct fact facts_of_answers[] = {
    ROW("intact", FACT_CHOICE, verification, intact, .names = answers),
    ROW("in_force", FACT_CHOICE, verification, in_force, .names = answers),
    ROW("issuer_trusted", FACT_CHOICE, verification, issuer_trusted, .names = answers),
    ROW("face_agrees", FACT_CHOICE, verification, face_agrees, .names = answers),
    FACT_END,
};

const struct fact facts_of_verdict[] = {
    ROW("unreadable", FACT_INT, verdict_facts, unreadable, .least = 0, .most = CODES_MAX),
    ROW("structure_failed", FACT_BOOL, verdict_facts, structure_failed),
    ROW("licence_not_in_force", FACT_BOOL, verdict_facts, licence_not_in_force),
    ROW("face_disagrees", FACT_BOOL, verdict_facts, face_disagrees),
    ROW("undecided", FACT_BOOL, verdict_facts, undecided),
    FACT_END,
};

const struct fact facts_of_signature[] = {
    ROW("id", FACT_TEXT, signature_report, id),
    ROW("is_seal", FACT_BOOL, signature_report, is_seal),
    ROW("format", FACT_KEPT, signature_report, format),
    ROW("claimed_time", FACT_TIME, signature_report, claimed_time),
    ROW("best_time", FACT_TIME, signature_report, best_time),
    ROW("signer_subject", FACT_TEXT, signature_report, signer_subject),
    ROW("signer_serial", FACT_TEXT, signature_report, signer_serial),
    ROW("signer_sm3", FACT_TEXT, signature_report, signer_sm3),
    ROW("seal_id", FACT_TEXT, signature_report, seal_id),
    ROW("seal_name", FACT_TEXT, signature_report, seal_name),
    ROW("seal_valid_from", FACT_TIME, signature_report, seal_valid[0]),
    ROW("seal_valid_until", FACT_TIME, signature_report, seal_valid[1]),
    ROW("page", FACT_INT, signature_report, page, .least = 0, .most = PIECES_MAX),
    ROW("x_um", FACT_LONG, signature_report, box_um[0], .least = INT32_MIN, .most = INT32_MAX),
    ROW("y_um", FACT_LONG, signature_report, box_um[1], .least = INT32_MIN, .most = INT32_MAX),
    ROW("w_um", FACT_LONG, signature_report, box_um[2], .least = INT32_MIN, .most = INT32_MAX),
    ROW("h_um", FACT_LONG, signature_report, box_um[3], .least = INT32_MIN, .most = INT32_MAX),
    ROW("value_algorithm", FACT_TEXT, signature_report, value_algorithm),
    ROW("seal_algorithm", FACT_TEXT, signature_report, seal_algorithm),
    ROW("digest", FACT_TEXT, signature_report, digest),
    ROW("duplicate", FACT_BOOL, signature_report, duplicate),
    FACT_END,
};

/* The sub-indication is written by hand: its names are a function's. */
const struct fact facts_of_step[] = {
    ROW("id", FACT_KEPT, step, id),
    ROW("result", FACT_CHOICE, step, result, .names = results),
    ROW("finding", FACT_INT, step, finding, .least = -1, .most = FINDINGS_MAX),
    FACT_END,
};

const struct fact facts_of_cert[] = {
    ROW("sm3", FACT_SM3, cert_report, sm3),
    ROW("subject", FACT_TEXT, cert_report, subject),
    ROW("key", FACT_KEPT, cert_report, key),
    ROW("bits", FACT_INT, cert_report, bits, .least = 0, .most = BITS_MAX),
    ROW("from", FACT_TIME, cert_report, from),
    ROW("to", FACT_TIME, cert_report, to),
    FACT_END,
};

const struct fact facts_of_revocation[] = {
    ROW("state", FACT_KEPT, revocation_report, state),
    ROW("source", FACT_KEPT, revocation_report, source),
    ROW("this_update", FACT_TIME, revocation_report, this_update),
    ROW("next_update", FACT_TIME, revocation_report, next_update),
    ROW("revoked_at", FACT_TIME, revocation_report, revoked_at),
    ROW("reason", FACT_INT, revocation_report, reason, .least = -1, .most = REASONS_MAX),
    ROW("produced_at", FACT_TIME, revocation_report, produced_at),
    ROW("number", FACT_TEXT, revocation_report, number),
    ROW("sm3", FACT_SM3, revocation_report, sm3),
    FACT_END,
};

/* The code stands for the type and is read by hand. */
const struct fact facts_of_finding[] = {
    ROW("severity", FACT_CHOICE, finding, severity, .names = severities),
    ROW("effect", FACT_CHOICE, finding, effect, .names = effects),
    FACT_END,
};

const struct fact facts_of_place[] = {
    ROW("line", FACT_LONG, place, line, .least = -1, .most = INT64_MAX),
    ROW("column", FACT_LONG, place, column, .least = -1, .most = INT64_MAX),
    ROW("row", FACT_LONG, place, row, .least = -1, .most = INT64_MAX),
    ROW("offset", FACT_OFFSET, place, offset, .least = -1, .most = INT64_MAX),
    FACT_END,
};
