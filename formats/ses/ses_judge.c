/* SPDX-License-Identifier: Apache-2.0 */
/* A seal signature: GB/T 38540-2020 7.3, in the order of its steps. */
#include "formats/ses/ses_judge.h"

#include "core/base/codec.h"
#include "formats/cms/timestamp.h"
#include "formats/ses/ses_value.h"

static void judge_format(const struct judge *judge, const struct ses_signature *signature)
{
    if (signature->malformed)
        signature_step(judge->report, "format", STEP_FAILED,
                       findings_add(judge->findings, "SIG002", judge_place(judge, "format"), NULL),
                       SUB_FORMAT_FAILURE);
    else
        judge_passed(judge, "format");
    if (signature->critical[0])
        signature_step(judge->report, "extensions", STEP_UNKNOWN,
                       findings_add(judge->findings, "SIG104", judge_place(judge, "extDatas"),
                                    "oid", signature->critical, NULL),
                       SUB_SIG_CONSTRAINTS_FAILURE);
}

static void judge_sign_value(const struct judge *judge, const struct ses_signature *signature,
                             const struct cert *signer)
{
    struct ses_value value = {.message = signature->to_sign,
                              .algorithm = signature->algorithm,
                              .value = signature->signature};
    struct judge_value outcome = {
        .algorithm = signature->algorithm, .sm2 = cert_is_sm2(signer), .of_seal = false};
    struct ses_verdict verdict;

    if (signature->layout != SES_LAYOUT_1) {
        value.after.data = value.message.data + value.message.len;
        value.after.len = (size_t)(signature->whole.data + signature->whole.len - value.after.data);
    }
    verdict = ses_verify(signer, &value);
    outcome.check = verdict.check;
    outcome.form = verdict.form;
    if (verdict.c0119)
        (void)findings_add(judge->findings, "SIG310", judge_place(judge, "value"), NULL);
    judge_value(judge, "value", &outcome);
}

/* Digests of a kind that we do not know could be the signer's: then nobody can say. */
static bool lists_unknown_digest(const struct ses_seal *seal)
{
    enum hash_alg alg;

    for (size_t i = 0; seal->digests && i < seal->n_certs; i++) {
        if (!hash_by_name(seal->digest_types[i], &alg) || hash_is_weak(alg))
            return true;
    }
    return false;
}

static void judge_listed(const struct judge *judge, const struct ses_seal *seal,
                         const struct cert *signer)
{
    const char *step = "signer-in-seal";
    bool unknown;
    int finding;

    if (ses_seal_lists(seal, signer)) {
        judge_passed(judge, step);
        return;
    }
    unknown = lists_unknown_digest(seal);
    finding = findings_add(judge->findings, unknown ? "SIG105" : "SIG202", judge_place(judge, step),
                           "subject", cert_subject(signer), "seal", seal->name, NULL);
    signature_step(judge->report, step, unknown ? STEP_UNKNOWN : STEP_FAILED, finding,
                   SUB_SIG_CONSTRAINTS_FAILURE);
}

/* What the tokens say, asked before anything is judged by it. */
struct stamps {
    struct timestamp_answer info, value;
    instant signed_at; /* what the signer claims, in timeInfo or by a token there */
};

/*
 * GM/T 0031-2014: a token in the place of timeInfo stamps what is about to be signed, so it says
 * when, but does not prove that the signature was there by then.
 */
static void judge_time_token(const struct judge *judge, const struct ses_signature *signature,
                             struct span signature_xml, struct stamps *stamps)
{
    const struct timestamp_question question = {.step = "time-info",
                                                .token = signature->time_token,
                                                .over = signature_xml,
                                                .or_over = signature->data_hash,
                                                .claimed = INSTANT_NONE};

    stamps->signed_at = signature->time;
    stamps->info = (struct timestamp_answer){.time = INSTANT_NONE, .finding = -1};
    if (!signature->time_token.len)
        return;
    timestamp_judge(judge, &question, &stamps->info);
    stamps->signed_at = stamps->info.time;
}

/* The contents of the BIT STRING as they lie in the value, its first octet included. */
static struct span with_unused_bits(struct span octets)
{
    return octets.len ? (struct span){octets.data - 1, octets.len + 1} : octets;
}

static void judge_value_token(struct judge *judge, const struct ses_signature *signature,
                              struct span signature_xml, struct stamps *stamps)
{
    const struct timestamp_question question = {.step = "timestamp",
                                                .token = signature->timestamp,
                                                .over = signature->signature,
                                                .also = {signature->to_sign, signature->data_hash,
                                                         signature_xml,
                                                         with_unused_bits(signature->signature)},
                                                .claimed = stamps->signed_at};

    stamps->value = (struct timestamp_answer){.time = INSTANT_NONE, .finding = -1};
    if (signature->timestamp.len)
        timestamp_judge(judge, &question, &stamps->value);
    if (stamps->value.holds) {
        judge->proven = &stamps->value.time;
        judge->report->best_time = stamps->value.time;
        judge->until = signature->seal.valid_end == INSTANT_NONE ? 0 : signature->seal.valid_end;
    }
}

/* timeInfo that is no readable time: what it should prove cannot be judged. */
static void judge_signer_at(const struct judge *judge, const struct stamps *stamps,
                            struct cert *signer)
{
    if (stamps->signed_at == INSTANT_NONE)
        signature_step(
            judge->report, "time-info", STEP_UNKNOWN,
            findings_add(judge->findings, "TIM101", judge_place(judge, "timeInfo"), NULL),
            SUB_NO_POE);
    else if (stamps->info.time != INSTANT_NONE)
        timestamp_step(judge, "time-info", &stamps->info);
    judge_signer(judge, signer, NULL, stamps->signed_at);
}

/* What an archive needs besides the token: for whoever signed and whoever made the seal. */
static void judge_lasting(const struct judge *judge, const struct ses_signature *signature,
                          struct cert *signer, const struct stamps *stamps)
{
    struct evidence sum = stamps->value.evidence;
    CLEANUP(cert_freep) struct cert *maker = NULL;
    struct err ignored = ERR_INIT;

    if (judge->level == LEVEL_ARCHIVAL && judge->proven && signer &&
        cert_parse(signature->seal.maker_cert, &maker, &ignored) == RC_OK) {
        judge_evidence(judge, signer, NULL, stamps->value.time, &sum);
        judge_evidence(judge, maker, NULL, stamps->value.time, &sum);
    }
    judge_evidence_step(judge, &sum);
}

/* GM/T 0031-2014: RSA signatures go with SHA-1 or SHA-256; SM2 with SM3 and nothing else. */
static enum hash_alg data_hash_alg(const struct ses_signature *signature, const struct cert *signer)
{
    static const struct {
        const char *oid;
        enum hash_alg alg;
    } names[] = {{"1.2.840.113549.1.1.4", HASH_MD5},     {"1.2.840.113549.1.1.5", HASH_SHA1},
                 {"1.2.840.113549.1.1.11", HASH_SHA256}, {"1.2.840.113549.1.1.12", HASH_SHA384},
                 {"1.2.840.113549.1.1.13", HASH_SHA512}, {"1.2.840.10045.4.3.2", HASH_SHA256}};
    enum hash_alg alg;

    if (!signer || cert_is_sm2(signer))
        return HASH_SM3;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(signature->algorithm, names[i].oid) == 0)
            return names[i].alg;
    }
    if (hash_by_name(signature->algorithm, &alg))
        return alg;
    return signature->data_hash.len == 20 ? HASH_SHA1 : HASH_SHA256;
}

static int hash_finding(const struct judge *judge, const char *code, const struct hash *actual,
                        struct span expected, const char *name)
{
    char want[2 * 64 + 1], got[2 * 64 + 1];

    hex_encode(expected.data, expected.len < 64 ? expected.len : 64, want);
    hex_encode(actual->bytes, actual->len, got);
    return findings_add(judge->findings, code, judge_place(judge, "data-hash"), "expected", want,
                        "actual", got, "algorithm", name, NULL);
}

struct judged_xml {
    const unsigned char *sm3;
    struct span bytes;
};

static void judge_data_hash(const struct judge *judge, const struct ses_signature *signature,
                            const struct cert *signer, const struct judged_xml *xml)
{
    enum hash_alg alg = data_hash_alg(signature, signer);
    struct hash actual = {.len = SM3_LEN};
    struct err err = ERR_INIT;

    if (alg == HASH_SM3) {
        memcpy(actual.bytes, xml->sm3, SM3_LEN);
    } else if (hash_compute(alg, xml->bytes, &actual, &err) != RC_OK) {
        signature_step(judge->report, "data-hash", STEP_UNKNOWN,
                       findings_add_err(judge->findings, &err), SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    }
    if (!hash_equals((struct span){actual.bytes, actual.len}, signature->data_hash))
        judge_hash_failed(
            judge, hash_finding(judge, "SIG203", &actual, signature->data_hash, hash_name(alg)));
    else if (hash_is_weak(alg))
        signature_step(judge->report, "data-hash", STEP_UNKNOWN,
                       hash_finding(judge, "SIG106", &actual, signature->data_hash, hash_name(alg)),
                       SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else
        judge_passed(judge, "data-hash");
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return m && m <= n && strcmp(text + n - m, end) == 0;
}

/*
 * propertyInfo names the Signature.xml that was signed.  dataHash binds its content
 * already, so only a path of another one is a contradiction; vendors also write it
 * without the first slash, empty, or put data of their own there.
 */
static void judge_property(const struct judge *judge, const char *property, const char *expected)
{
    const char *step = "property-path";
    bool other = property[0] == '/' || ends_with(property, ".xml");
    int finding;

    if (!expected) {
        judge_not_run(judge, step, -1);
    } else if (strcmp(property, expected) == 0) {
        judge_passed(judge, step);
    } else if (property[0] != '/' && ends_with(expected, property)) {
        finding = findings_add(judge->findings, "SIG317", judge_place(judge, "propertyInfo"),
                               "actual", property, "expected", expected, NULL);
        signature_step(judge->report, step, STEP_PASSED, finding, SUB_NONE);
    } else {
        finding = findings_add(judge->findings, other ? "SIG107" : "SIG318",
                               judge_place(judge, "propertyInfo"), "actual", property, "expected",
                               expected, NULL);
        signature_step(judge->report, step, STEP_UNKNOWN, finding,
                       other ? SUB_SIG_CONSTRAINTS_FAILURE : SUB_NONE);
    }
}

static const char *format_name(enum ses_layout layout)
{
    return layout == SES_LAYOUT_1 ? "SES-1" : layout == SES_LAYOUT_4 ? "SES-4" : "SES-5";
}

void ses_signature_judge(const struct ses_judge *question, const struct ses_signature *signature,
                         const unsigned char xml_sm3[SM3_LEN], struct span signature_xml,
                         const char *expected_property, struct signature_report *report,
                         struct findings *findings)
{
    struct judge judge = {.trust = question->trust,
                          .cache = question->cache,
                          .now = question->now,
                          .part = question->part,
                          .report = report,
                          .findings = findings,
                          .level = question->level};
    const struct judged_xml xml = {xml_sm3, signature_xml};
    struct stamps stamps;
    instant at;
    CLEANUP(cert_freep) struct cert *signer = NULL;
    struct err err = ERR_INIT;

    report->is_seal = true;
    report->format = format_name(signature->layout);
    report->best_time = INSTANT_NONE;
    judge_format(&judge, signature);
    judge_time_token(&judge, signature, signature_xml, &stamps);
    judge_value_token(&judge, signature, signature_xml, &stamps);
    report->claimed_time = stamps.signed_at;
    at = stamps.signed_at == INSTANT_NONE ? question->now : stamps.signed_at;
    if (cert_parse(signature->cert, &signer, &err) == RC_OK) {
        judge_name_signer(report, signer);
        judge_sign_value(&judge, signature, signer);
        judge_listed(&judge, &signature->seal, signer);
    } else {
        (void)err_at(&err, "%s", question->part ? question->part : "SES_Signature.cert");
        signature_step(report, "value", STEP_FAILED, findings_add_err(findings, &err),
                       SUB_FORMAT_FAILURE);
    }
    ses_judge_seal(&judge, &signature->seal, at);
    if (signer)
        judge_signer_at(&judge, &stamps, signer);
    judge_data_hash(&judge, signature, signer, &xml);
    if (signature->timestamp.len)
        timestamp_step(&judge, "timestamp", &stamps.value);
    judge_lasting(&judge, signature, signer, &stamps);
    judge_property(&judge, signature->property, expected_property);
}
