/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging timestamp tokens: RFC 3161 2.4.2, ETSI EN 319 102-1 5.4, GB/T 38540-2020 7.3.
 * All that is wrong is told, and the worst decides.  What a token contradicts is wrong;
 * what is missing to believe it makes it prove nothing, which counts only where proof
 * is asked for.
 */
#include "core/base/codec.h"
#include "core/base/mem.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/cms_signer.h"
#include "formats/cms/timestamp.h"

struct stamp_case {
    const struct judge *judge;
    const struct timestamp_question *question;
    const struct timestamp *stamp;
    const struct cms_signer *signer;
    struct cert *cert; /* of the TSA; NULL: not there */
    struct timestamp_answer *answer;
};

static void worsen(struct timestamp_answer *answer, enum step_result result, int finding,
                   enum sub_indication sub)
{
    bool worse =
        answer->result == STEP_PASSED || (answer->result == STEP_UNKNOWN && result == STEP_FAILED);

    if (!worse)
        return;
    answer->result = result;
    answer->finding = finding;
    answer->sub = sub;
}

static int tell(const struct stamp_case *c, const char *code, const char *key, const char *value)
{
    char time[21], claimed[21], from[21] = "", to[21] = "";

    instant_print(c->stamp->time, time);
    instant_print(c->question->claimed, claimed);
    if (c->cert) {
        instant_print(cert_not_before(c->cert), from);
        instant_print(cert_not_after(c->cert), to);
    }
    return findings_add(c->judge->findings, code, judge_place(c->judge, c->question->step),
                        "subject", c->cert ? cert_subject(c->cert) : "-", "time", time, "claimed",
                        claimed, "from", from, "to", to, key, value, NULL);
}

static void wrong(const struct stamp_case *c, const char *code, enum sub_indication sub)
{
    worsen(c->answer, STEP_FAILED, tell(c, code, NULL, NULL), sub);
}

/* Nothing that is asked for at level basic, where the time of the signer counts. */
static void unproven(const struct stamp_case *c, const char *code, const char *key,
                     const char *value, enum sub_indication sub)
{
    worsen(c->answer, STEP_UNKNOWN, tell(c, code, key, value),
           c->judge->level == LEVEL_BASIC ? SUB_NONE : sub);
}

/* ---- what it stamps ---- */

static void judge_other_imprint(const struct stamp_case *c)
{
    char want[2 * 64 + 1], got[2 * 64 + 1] = "-";
    size_t n = c->stamp->imprint.len;
    enum hash_alg alg;
    struct hash digest;
    struct err ignored = ERR_INIT;

    for (size_t i = 0; i < sizeof(c->question->also) / sizeof(c->question->also[0]); i++) {
        if (c->question->also[i].len && timestamp_is_over(c->stamp, c->question->also[i])) {
            unproven(c, "TIM117", NULL, NULL, SUB_SIG_CONSTRAINTS_FAILURE);
            return;
        }
    }
    hex_encode(c->stamp->imprint.data, n < 64 ? n : 64, want);
    if (hash_by_name(c->stamp->imprint_oid, &alg) &&
        hash_compute(alg, c->question->over, &digest, &ignored) == RC_OK)
        hex_encode(digest.bytes, digest.len, got);
    worsen(c->answer, STEP_FAILED,
           findings_add(c->judge->findings, "TIM203", judge_place(c->judge, c->question->step),
                        "expected", want, "actual", got, NULL),
           SUB_HASH_FAILURE);
}

static void judge_imprint(const struct stamp_case *c)
{
    enum hash_alg alg;

    if (!hash_by_name(c->stamp->imprint_oid, &alg)) {
        unproven(c, "TIM107", "algorithm", c->stamp->imprint_oid, SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    }
    if (hash_is_weak(alg))
        unproven(c, "TIM107", "algorithm", hash_name(alg), SUB_CRYPTO_CONSTRAINTS_FAILURE);
    if (!timestamp_is_over(c->stamp, c->question->over) &&
        (!c->question->or_over.len || !timestamp_is_over(c->stamp, c->question->or_over)))
        judge_other_imprint(c);
}

static void judge_extensions(const struct stamp_case *c)
{
    if (c->stamp->critical[0])
        unproven(c, "TIM108", "oid", c->stamp->critical, SUB_SIG_CONSTRAINTS_FAILURE);
}

/* ---- the signature of the token ---- */

static bool digest_is(enum hash_alg alg, struct span bytes, struct span stated)
{
    struct hash digest;
    struct err ignored = ERR_INIT;

    return hash_compute(alg, bytes, &digest, &ignored) == RC_OK &&
           hash_equals((struct span){digest.bytes, digest.len}, stated);
}

/* RFC 5652 11.2; PKCS #7 9.3 leaves tag and length of a bare content out. */
static void judge_digest(const struct stamp_case *c)
{
    struct der type, stated, info;
    enum hash_alg alg;
    struct err ignored = ERR_INIT;
    char oid[64];

    if (cms_attribute_twice(c->signer, OID_CONTENT_TYPE) ||
        cms_attribute_twice(c->signer, OID_MESSAGE_DIGEST) ||
        !cms_attribute(c->signer, OID_CONTENT_TYPE, &type) || !der_is(&type, DER_OID) ||
        !der_oid_text(type.body, oid, sizeof(oid)) || strcmp(oid, OID_TST_INFO) != 0 ||
        !cms_attribute(c->signer, OID_MESSAGE_DIGEST, &stated) ||
        !der_is(&stated, DER_OCTET_STRING)) {
        wrong(c, "TIM210", SUB_FORMAT_FAILURE);
        return;
    }
    if (!hash_by_name(c->signer->digest_oid, &alg) || hash_is_weak(alg)) {
        unproven(c, "TIM107", "algorithm", c->signer->digest_oid, SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    }
    if (!digest_is(alg, c->stamp->info, stated.body) &&
        (der_only(c->stamp->info, &info, &ignored) != RC_OK ||
         !digest_is(alg, info.body, stated.body)))
        wrong(c, "TIM204", SUB_HASH_FAILURE);
}

static void judge_token_value(const struct stamp_case *c)
{
    struct sigform form = {0};

    switch (cms_signer_verify(c->signer, c->cert, c->stamp->info, &form)) {
    case SIGCHECK_WRONG:
        wrong(c, "TIM205", SUB_SIG_CRYPTO_FAILURE);
        return;
    case SIGCHECK_UNSUPPORTED:
        unproven(c, "TIM107", "algorithm", c->signer->signature_oid,
                 SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    case SIGCHECK_GOOD:
        break;
    }
    if (form.weak)
        unproven(c, "TIM107", "algorithm", c->signer->signature_oid,
                 SUB_CRYPTO_CONSTRAINTS_FAILURE);
}

/*
 * SigningCertificate { SEQUENCE OF ESSCertID { [hashAlgorithm,] certHash, … } … }: the first one
 * is the signer's (RFC 2634 5.4, RFC 5035 3).
 */
static bool names_cert(struct span attribute, enum hash_alg alg, const struct cert *cert)
{
    struct err ignored = ERR_INIT;
    struct span rest = attribute;
    struct der part, name;
    char oid[64];

    for (int depth = 0; depth < 3; depth++) {
        if (!rest.len || der_next(&rest, &part, &ignored) != RC_OK || !der_is(&part, DER_SEQUENCE))
            return false;
        rest = part.body;
    }
    if (!rest.len || der_next(&rest, &part, &ignored) != RC_OK)
        return false;
    if (der_is(&part, DER_SEQUENCE)) {
        if (!part.body.len || der_next(&part.body, &name, &ignored) != RC_OK ||
            !der_oid_text(name.body, oid, sizeof(oid)) || !hash_by_name(oid, &alg) || !rest.len ||
            der_next(&rest, &part, &ignored) != RC_OK)
            return false;
    }
    return der_is(&part, DER_OCTET_STRING) && digest_is(alg, cert_der(cert), part.body);
}

/* RFC 3161 2.4.2 wants one of them; GB/T 20520 tokens are met without. */
static void judge_signing_cert(const struct stamp_case *c)
{
    struct der value;
    bool v1 = cms_attribute(c->signer, OID_SIGNING_CERT, &value);
    bool named = !v1 || names_cert(value.whole, HASH_SHA1, c->cert);
    bool v2 = cms_attribute(c->signer, OID_SIGNING_CERT_V2, &value);

    named &= !v2 || names_cert(value.whole, HASH_SHA256, c->cert);
    if (!named)
        wrong(c, "TIM209", SUB_SIG_CONSTRAINTS_FAILURE);
    else if (!v1 && !v2)
        (void)tell(c, "TIM309", NULL, NULL);
}

/* ---- the authority ---- */

/*
 * RFC 3161 2.3: the one extended key usage, and critical.  SM2 authorities are met whose
 * certificates do not keep to that; but one that says nothing at all about timestamps may
 * belong to anybody, the signer included.
 */
static void judge_authority_usage(const struct stamp_case *c)
{
    bool lenient = cert_is_sm2(c->cert);

    if (!cert_may_sign(c->cert) ||
        (!cert_may_timestamp(c->cert) && cert_has_extended_usage(c->cert)) ||
        (!cert_only_timestamps(c->cert) && !lenient))
        wrong(c, "TIM206", SUB_SIG_CONSTRAINTS_FAILURE);
    else if (!cert_may_timestamp(c->cert))
        unproven(c, "TIM116", NULL, NULL, SUB_SIG_CONSTRAINTS_FAILURE);
    else if (!cert_only_timestamps(c->cert))
        (void)tell(c, "TIM308", NULL, NULL);
}

/* EN 319 102-1 5.4: an authority that expired since is proof no longer, unless something else
 * proves that the token was there before. */
static void judge_authority_validity(const struct stamp_case *c)
{
    instant from = cert_not_before(c->cert), to = cert_not_after(c->cert);

    if (c->stamp->time < from || c->stamp->time > to)
        wrong(c, "TIM207", c->stamp->time < from ? SUB_NOT_YET_VALID : SUB_EXPIRED);
    else if (c->judge->now > to && c->judge->level == LEVEL_BASIC)
        (void)tell(c, "TIM306", NULL, NULL);
    else if (c->judge->now > to)
        unproven(c, "TIM111", NULL, NULL, SUB_OUT_OF_BOUNDS_NO_POE);
}

/* RFC 3161 4: with these reasons what was stamped before stays; with any other, or none, nothing
 * does. */
static bool spares_earlier(int reason)
{
    enum { AFFILIATION_CHANGED = 3, SUPERSEDED = 4, CESSATION = 5 };

    return reason == AFFILIATION_CHANGED || reason == SUPERSEDED || reason == CESSATION;
}

static void judge_authority_revocation(const struct stamp_case *c, const struct chain *chain)
{
    char at[21];

    if (chain->revocation != REVOCATION_REVOKED)
        return;
    instant_print(chain->revoked_at, at);
    if (chain->revoked_at <= c->stamp->time && chain->reason != REASON_HOLD)
        worsen(c->answer, STEP_FAILED, tell(c, "TIM208", "revoked", at), SUB_REVOKED);
    else if (!spares_earlier(chain->reason))
        unproven(c, "TIM112", "revoked", at, SUB_REVOKED_NO_POE);
}

static void judge_authority_chain(const struct stamp_case *c)
{
    const struct chain_question question = {c->judge->trust, c->cert, &c->stamp->cms.certs,
                                            c->stamp->time, c->judge->now};
    CLEANUP(chain_clear) struct chain chain = {0};
    struct chain_fault fault;

    judge_cache_chain(c->judge->cache, &question, &chain);
    if (chain.status == CHAIN_NO_ANCHOR) {
        worsen(c->answer, STEP_UNKNOWN,
               findings_add(c->judge->findings, "TIM105", judge_place(c->judge, c->question->step),
                            "subject", cert_subject(c->cert), "issuer", chain.missing, "key_id",
                            chain.missing_key_id[0] ? chain.missing_key_id : "-", NULL),
               c->judge->level == LEVEL_BASIC ? SUB_NONE : SUB_NO_CERTIFICATE_CHAIN_FOUND);
    } else if (chain.status != CHAIN_OK) {
        fault = judge_chain_fault(c->judge, c->question->step, c->cert, &chain, c->stamp->time);
        worsen(c->answer, STEP_UNKNOWN, fault.finding,
               c->judge->level == LEVEL_BASIC ? SUB_NONE : fault.sub);
    }
    judge_authority_revocation(c, &chain);
}

static void judge_authority(const struct stamp_case *c)
{
    if (!c->cert) {
        unproven(c, "TIM106", NULL, NULL, SUB_NO_SIGNING_CERTIFICATE_FOUND);
        return;
    }
    judge_token_value(c);
    judge_signing_cert(c);
    judge_authority_usage(c);
    judge_authority_validity(c);
    judge_authority_chain(c);
}

/* ---- the time ---- */

/* Only a token that holds so far can contradict the signer. */
static void judge_order(const struct stamp_case *c)
{
    instant slack = c->stamp->accuracy + JUDGE_CLOCK_SKEW + c->question->slack;

    if (c->answer->result != STEP_PASSED)
        return;
    if (c->stamp->time > c->judge->now + c->stamp->accuracy + JUDGE_CLOCK_SKEW)
        unproven(c, "TIM110", NULL, NULL, SUB_NO_POE);
    else if (c->question->claimed != INSTANT_NONE && c->stamp->time + slack < c->question->claimed)
        worsen(c->answer, STEP_UNKNOWN, tell(c, "TIM109", NULL, NULL), SUB_TIMESTAMP_ORDER_FAILURE);
}

static void judge_read(struct stamp_case *c)
{
    c->signer = &c->stamp->cms.signers[0];
    c->cert = cms_signer_cert(&c->stamp->cms, c->signer);
    c->answer->time = c->stamp->time;
    if (c->stamp->in_reply)
        (void)tell(c, "TIM310", NULL, NULL);
    judge_imprint(c);
    judge_extensions(c);
    judge_digest(c);
    judge_authority(c);
    judge_order(c);
    c->answer->holds = c->answer->result == STEP_PASSED;
    if (c->answer->holds && c->judge->level == LEVEL_ARCHIVAL)
        judge_evidence(c->judge, c->cert, &c->stamp->cms.certs, c->stamp->time,
                       &c->answer->evidence);
}

void timestamp_judge(const struct judge *judge, const struct timestamp_question *question,
                     struct timestamp_answer *answer)
{
    CLEANUP(timestamp_clear) struct timestamp stamp = {0};
    struct stamp_case c = {.judge = judge, .question = question, .stamp = &stamp, .answer = answer};
    struct err err = ERR_INIT;

    *answer = (struct timestamp_answer){
        .result = STEP_PASSED, .finding = -1, .sub = SUB_NONE, .time = INSTANT_NONE};
    if (timestamp_read(question->token, &stamp, &err) != RC_OK) {
        if (judge->part)
            (void)err_at(&err, "%s", judge->part);
        answer->result = STEP_NOT_RUN;
        answer->finding = findings_add_err(judge->findings, &err);
        return;
    }
    judge_read(&c);
}

void timestamp_step(const struct judge *judge, const char *step,
                    const struct timestamp_answer *answer)
{
    signature_step(judge->report, step, answer->result, answer->finding, answer->sub);
}
