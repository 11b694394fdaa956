/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging SignedData.  Three ways to bind the content are met in OFD files (ofd-seals 4):
 *
 *     a      attributes; messageDigest is the digest of the content, which is elsewhere
 *     b      no attributes; the content inside is the 32 octets of the file's SM3
 *     plain  no attributes; the value is over the file itself, inside or elsewhere
 */
#include "core/base/codec.h"
#include "core/model/judge.h"
#include "formats/cms/cms.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/cms_signer.h"
#include "formats/cms/timestamp.h"

/* What is around the value adds steps of its own: as many are left free for them. */
enum { STEPS_OF_SIGNER = 11, STEPS_LEFT_FREE = 16 };

/* How what is inside relates to the file that is judged. */
enum binding {
    BINDING_ABSENT, /* nothing inside */
    BINDING_SAME,
    BINDING_DIGEST,
    BINDING_BASE64, /* the digest as text: seen, conforms to nothing */
    BINDING_OTHER,
};

struct judged_signer {
    struct judge judge;
    const struct cms *cms;
    const struct cms_signer *signer;
    struct cert *cert; /* NULL: not among the certificates, or more than one could be it */
    enum cms_found found;
    struct span content; /* the file; data NULL: there is none */
    struct span message; /* what messageDigest or the value is over */
    enum binding binding;
    enum hash_alg alg;
    bool alg_known;
    instant container_time;
    struct timestamp_answer stamp;
    bool all_proven; /* of the signers so far */
};

static bool is_base64_of(struct span text, const struct hash *digest)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(128);
    struct err ignored = ERR_INIT;
    char copy[128];

    if (text.len >= sizeof(copy))
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return base64_decode(copy, &bytes, &ignored) == RC_OK &&
           span_equals(buf_span(&bytes), (struct span){digest->bytes, digest->len});
}

static enum binding find_binding(const struct judged_signer *s)
{
    struct err ignored = ERR_INIT;
    struct hash digest;

    if (!s->cms->has_content)
        return BINDING_ABSENT;
    if (!s->content.data || span_equals(s->cms->content, s->content))
        return BINDING_SAME;
    if (!s->alg_known || hash_compute(s->alg, s->content, &digest, &ignored) != RC_OK)
        return BINDING_OTHER;
    if (span_equals(s->cms->content, (struct span){digest.bytes, digest.len}))
        return BINDING_DIGEST;
    return is_base64_of(s->cms->content, &digest) ? BINDING_BASE64 : BINDING_OTHER;
}

static int add(const struct judged_signer *s, const char *code, const char *step)
{
    return findings_add(s->judge.findings, code, judge_place(&s->judge, step), "algorithm",
                        s->signer->digest_oid, "subject", s->cert ? cert_subject(s->cert) : NULL,
                        NULL);
}

static void step(const struct judged_signer *s, const char *id, enum step_result result,
                 const char *code, enum sub_indication sub)
{
    signature_step(s->judge.report, id, result, code ? add(s, code, id) : -1, sub);
}

static bool is_data(const char *oid)
{
    return strcmp(oid, OID_GB_DATA) == 0 || strcmp(oid, OID_CMS_DATA) == 0;
}

/*
 * RFC 5652 11.1: the type inside the value is not signed, the attribute is.  The two names of
 * plain data are mixed in files that all readers accept; other names that differ are undecided.
 */
static void judge_content_type(const struct judged_signer *s)
{
    struct der value;
    char oid[64] = "";
    bool stated = cms_attribute(s->signer, OID_CONTENT_TYPE, &value) &&
                  der_oid_text(value.body, oid, sizeof(oid));
    int finding;

    if (stated &&
        (strcmp(oid, s->cms->content_oid) == 0 || (is_data(oid) && is_data(s->cms->content_oid))))
        return;
    finding = findings_add(s->judge.findings, "SIG319", judge_place(&s->judge, "contentType"),
                           "actual", oid[0] ? oid : "-", "expected", s->cms->content_oid, NULL);
    if (stated)
        signature_step(s->judge.report, "data-hash", STEP_UNKNOWN, finding, SUB_FORMAT_FAILURE);
}

static void digest_differs(const struct judged_signer *s, const struct hash *actual,
                           struct span stated)
{
    char want[2 * 64 + 1], got[2 * 64 + 1];

    hex_encode(stated.data, stated.len < 64 ? stated.len : 64, want);
    hex_encode(actual->bytes, actual->len, got);
    judge_hash_failed(&s->judge, findings_add(s->judge.findings, "SIG203",
                                              judge_place(&s->judge, "data-hash"), "expected", want,
                                              "actual", got, "algorithm", hash_name(s->alg), NULL));
}

/* messageDigest against the content. */
static void judge_message_digest(const struct judged_signer *s)
{
    struct err err = ERR_INIT;
    struct hash actual;
    struct der stated;

    judge_content_type(s);
    if (!cms_attribute(s->signer, OID_MESSAGE_DIGEST, &stated) ||
        !der_is(&stated, DER_OCTET_STRING))
        step(s, "data-hash", STEP_FAILED, "SIG204", SUB_FORMAT_FAILURE);
    else if (!s->alg_known)
        step(s, "data-hash", STEP_UNKNOWN, "SIG109", SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else if (hash_compute(s->alg, s->message, &actual, &err) != RC_OK)
        step(s, "data-hash", STEP_UNKNOWN, "SIG109", SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else if (!hash_equals((struct span){actual.bytes, actual.len}, stated.body))
        digest_differs(s, &actual, stated.body);
    else if (hash_is_weak(s->alg))
        step(s, "data-hash", STEP_UNKNOWN, "SIG106", SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else
        judge_passed(&s->judge, "data-hash");
}

static void judge_content(const struct judged_signer *s)
{
    if (s->binding == BINDING_OTHER)
        judge_hash_failed(&s->judge, add(s, "SIG205", "data-hash"));
    else if (!s->message.data)
        step(s, "data-hash", STEP_UNKNOWN, "SIG108", SUB_SIGNED_DATA_NOT_FOUND);
    else if (s->signer->attributes.len)
        judge_message_digest(s);
    else if (s->binding == BINDING_ABSENT)
        judge_not_run(&s->judge, "data-hash", -1); /* the value covers the file itself */
    else if (s->binding == BINDING_DIGEST && hash_is_weak(s->alg))
        step(s, "data-hash", STEP_UNKNOWN, "SIG106", SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else
        judge_passed(&s->judge, "data-hash");
    if (s->binding == BINDING_BASE64)
        (void)add(s, "SIG320", "data-hash");
}

static void judge_signer_value(const struct judged_signer *s)
{
    struct judge_value value = {.algorithm = s->signer->signature_oid};

    if (!s->cert) {
        step(s, "value", STEP_UNKNOWN, s->found == CMS_AMBIGUOUS ? "SIG112" : "SIG102",
             SUB_NO_SIGNING_CERTIFICATE_FOUND);
        return;
    }
    if (s->found == CMS_FOUND_ALONE)
        (void)add(s, "SIG322", "value");
    if (cert_is_sm2(s->cert) && (!s->alg_known || s->alg != HASH_SM3))
        (void)add(s, "SIG323", "value");
    if (!s->signer->attributes.len && !s->message.data) {
        judge_not_run(&s->judge, "value", -1); /* data-hash says what is missing */
        return;
    }
    value.sm2 = cert_is_sm2(s->cert);
    value.check = cms_signer_verify(s->signer, s->cert, s->message, &value.form);
    judge_value(&s->judge, "value", &value);
}

static instant signing_time(const struct judged_signer *s)
{
    struct der value;
    instant at;

    if (cms_attribute(s->signer, OID_SIGNING_TIME, &value) && der_time(&value, &at))
        return at;
    return s->container_time ? s->container_time : INSTANT_NONE;
}

/* RFC 3161, appendix A; the time of all signers is proven when each one's is. */
static bool judge_token(struct judged_signer *s)
{
    struct signature_report *report = s->judge.report;
    struct timestamp_question question = {.step = "timestamp",
                                          .over = s->signer->signature,
                                          .also = {s->message, s->signer->attributes},
                                          .claimed = report->claimed_time};
    struct der token;
    bool stamped = cms_unsigned_attribute(s->signer, OID_TIMESTAMP_TOKEN, &token);

    s->stamp = (struct timestamp_answer){.time = INSTANT_NONE, .finding = -1};
    question.token = stamped ? token.whole : (struct span){NULL, 0};
    if (stamped)
        timestamp_judge(&s->judge, &question, &s->stamp);
    s->judge.proven = s->stamp.holds ? &s->stamp.time : NULL;
    s->all_proven &= s->stamp.holds;
    if (!s->all_proven)
        report->best_time = INSTANT_NONE;
    else if (s->stamp.time > report->best_time)
        report->best_time = s->stamp.time;
    return stamped;
}

static void judge_lasting(const struct judged_signer *s)
{
    struct evidence sum = s->stamp.evidence;

    if (s->judge.level == LEVEL_ARCHIVAL && s->judge.proven && s->cert)
        judge_evidence(&s->judge, s->cert, &s->cms->certs, s->stamp.time, &sum);
    judge_evidence_step(&s->judge, &sum);
}

/* RFC 5652 11: an attribute that counts stands there once, with one value. */
static void judge_attributes(const struct judged_signer *s)
{
    static const char *const oids[] = {OID_MESSAGE_DIGEST, OID_CONTENT_TYPE, OID_SIGNING_TIME,
                                       LICENCE_DIGESTS_OID};

    if (!cms_attributes_sorted(s->signer))
        (void)add(s, "SIG321", "attributes");
    for (size_t i = 0; i < sizeof(oids) / sizeof(oids[0]); i++) {
        if (!cms_attribute_twice(s->signer, oids[i]))
            continue;
        signature_step(s->judge.report, "attributes", STEP_UNKNOWN,
                       findings_add(s->judge.findings, "SIG113",
                                    judge_place(&s->judge, "attributes"), "oid", oids[i], NULL),
                       SUB_SIG_CONSTRAINTS_FAILURE);
        return;
    }
}

static void judge_one(struct judged_signer *s)
{
    bool stamped;

    s->found = cms_find_signer(s->cms, s->signer, &s->cert);
    s->alg_known = hash_by_name(s->signer->digest_oid, &s->alg);
    s->binding = find_binding(s);
    s->message = s->binding == BINDING_ABSENT ? s->content : s->cms->content;
    if (s->cert)
        judge_name_signer(s->judge.report, s->cert);
    s->judge.report->claimed_time = signing_time(s);
    stamped = judge_token(s);
    if (!cms_lists_digest(s->cms, s->signer))
        step(s, "data-hash", STEP_UNKNOWN, "SIG114", SUB_FORMAT_FAILURE);
    judge_signer_value(s);
    judge_attributes(s);
    judge_content(s);
    if (s->cert)
        judge_signer(&s->judge, s->cert, &s->cms->certs, s->judge.report->claimed_time);
    if (stamped)
        timestamp_step(&s->judge, "timestamp", &s->stamp);
    judge_lasting(s);
}

void cms_judge(const struct cms_judge *question, const struct cms *cms, struct span content,
               struct signature_report *report, struct findings *findings)
{
    struct judged_signer s = {.judge = {.trust = question->trust,
                                        .cache = question->cache,
                                        .now = question->now,
                                        .part = question->part,
                                        .report = report,
                                        .findings = findings,
                                        .level = question->level},
                              .cms = cms,
                              .content = content,
                              .container_time = question->container_time,
                              .all_proven = true};

    report->format = cms->is_gbt35275 ? "GBT35275" : "PKCS7";
    report->claimed_time = report->best_time = INSTANT_NONE;
    if (!cms->n_signers) {
        signature_step(report, "format", STEP_FAILED,
                       findings_add(findings, "SIG206", judge_place(&s.judge, "signerInfos"), NULL),
                       SUB_FORMAT_FAILURE);
        return;
    }
    judge_passed(&s.judge, "format");
    for (size_t i = 0; i < cms->n_signers; i++) {
        if (report->n_steps + STEPS_OF_SIGNER + STEPS_LEFT_FREE > STEPS_MAX) {
            signature_step(
                report, "value", STEP_UNKNOWN,
                findings_add(findings, "SIG110", judge_place(&s.judge, "signerInfos"), NULL),
                SUB_SIGNATURE_POLICY_NOT_AVAILABLE);
            return;
        }
        s.signer = &cms->signers[i];
        judge_one(&s);
    }
}
