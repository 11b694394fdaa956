/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/judge.h"

#include "core/base/codec.h"
#include "core/base/mem.h"

struct place judge_place(const struct judge *judge, const char *field)
{
    struct place place = PLACE_PART(judge->part);

    place.field = field;
    return place;
}

void judge_passed(const struct judge *judge, const char *step)
{
    signature_step(judge->report, step, STEP_PASSED, -1, SUB_NONE);
}

void judge_not_run(const struct judge *judge, const char *step, int finding)
{
    signature_step(judge->report, step, STEP_NOT_RUN, finding, SUB_NONE);
}

static const struct chain_rule {
    enum step_result result;
    const char *code;
    enum sub_indication sub;
} chain_rules[] = {
    [CHAIN_NO_ANCHOR] = {STEP_UNKNOWN, "CRT101", SUB_NO_CERTIFICATE_CHAIN_FOUND},
    [CHAIN_BAD_SIGNATURE] = {STEP_FAILED, "CRT201", SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE},
    [CHAIN_BAD_CA] = {STEP_FAILED, "CRT202", SUB_CHAIN_CONSTRAINTS_FAILURE},
    [CHAIN_CRITICAL] = {STEP_UNKNOWN, "CRT103", SUB_CHAIN_CONSTRAINTS_FAILURE},
    [CHAIN_ISSUER_EXPIRED] = {STEP_FAILED, "CRT203", SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE},
    [CHAIN_ISSUER_REVOKED] = {STEP_UNKNOWN, "CRT104", SUB_REVOKED_CA_NO_POE},
    [CHAIN_UNSUPPORTED] = {STEP_UNKNOWN, "CRT102", SUB_CRYPTO_CONSTRAINTS_FAILURE},
};

struct chain_fault judge_chain_fault(const struct judge *judge, const char *step,
                                     const struct cert *cert, const struct chain *chain, instant at)
{
    const struct chain_rule *rule = &chain_rules[chain->status];
    const struct cert *culprit = chain->path.list[chain->fault];
    char time[21], from[21], to[21], revoked[21];

    instant_print(at, time);
    instant_print(cert_not_before(culprit), from);
    instant_print(cert_not_after(culprit), to);
    instant_print(chain->fault < chain->n_facts ? chain->facts[chain->fault].revoked_at
                                                : INSTANT_NONE,
                  revoked);
    return (struct chain_fault){
        rule->result,
        findings_add(
            judge->findings, rule->code, judge_place(judge, step), "subject", cert_subject(cert),
            "issuer", chain->missing[0] ? chain->missing : cert_issuer(cert), "key_id",
            chain->missing_key_id[0] ? chain->missing_key_id : "-", "time", time, "culprit",
            cert_subject(culprit), "from", from, "to", to, "revoked", revoked, NULL),
        rule->sub};
}

static void believe(struct believed *believed, const struct chain *chain)
{
    believed->yes = true;
    memcpy(believed->leaf, cert_sm3(chain->path.list[0]), SM3_LEN);
    memcpy(believed->anchor, cert_sm3(chain->path.list[chain->path.n - 1]), SM3_LEN);
}

static void keep_cert(struct path_report *path, const struct cert *cert)
{
    struct cert_report *kept = path_report_add(path);

    memcpy(kept->sm3, cert_sm3(cert), SM3_LEN);
    kept->subject = mem_text(cert_subject(cert));
    kept->key = cert_key_kind(cert);
    kept->bits = cert_key_bits(cert);
    kept->from = cert_not_before(cert);
    kept->to = cert_not_after(cert);
}

/*
 * The path as far as it goes: a policy judges the keys on it, whether it holds or not.
 * A value with several signers has several paths.
 */
static void keep_path(struct path_report *path, const struct cert *cert, const struct chain *chain)
{
    for (size_t i = 0; i < chain->path.n; i++)
        keep_cert(path, chain->path.list[i]);
    if (!chain->path.n)
        keep_cert(path, cert);
}

/* EN 319 102-1 5.6.2: what existed before an issuer's key was stolen was not made by the thief. */
static bool holds_since_proven(const struct judge *judge, const struct chain *chain)
{
    if (chain->status != CHAIN_ISSUER_REVOKED || !judge->proven)
        return false;
    for (size_t i = 1; i < chain->n_facts; i++) {
        if (chain->facts[i].status == REVOCATION_REVOKED &&
            chain->facts[i].revoked_at <= *judge->proven)
            return false;
    }
    return true;
}

void judge_chain(const struct judge *judge, const char *step, struct cert *cert,
                 const struct certs *extra, instant at, struct chain *out)
{
    const struct chain_question question = {judge->trust, cert, extra, at, judge->now};
    struct chain_fault fault;

    judge_cache_chain(judge->cache, &question, out);
    keep_path(strcmp(step, "maker-chain") == 0 ? &judge->report->maker_path
                                               : &judge->report->signer_path,
              cert, out);
    if (out->status == CHAIN_OK || holds_since_proven(judge, out)) {
        believe(strcmp(step, "maker-chain") == 0 ? &judge->report->maker : &judge->report->signer,
                out);
        judge_passed(judge, step);
        return;
    }
    fault = judge_chain_fault(judge, step, cert, out, at);
    signature_step(judge->report, step, fault.result, fault.finding, fault.sub);
}

void judge_maker_listed(const struct issuer_lists *lists, const char *part,
                        struct signature_report *report, struct findings *findings)
{
    const struct issuer_list *list =
        report->maker.yes ? issuer_lists_find(lists, report->maker.anchor) : NULL;
    int finding;

    if (!list || !list->issuers || !list->issuers->makers)
        return;
    if (issuers_allow_maker(list->issuers, report->maker.leaf, report->maker.anchor)) {
        signature_step(report, "maker-listed", STEP_PASSED, -1, SUB_NONE);
        return;
    }
    finding = findings_add(findings, "CRT108", PLACE_PART(part), "seal", report->seal_name, NULL);
    signature_step(report, "maker-listed", STEP_UNKNOWN, finding, SUB_SIG_CONSTRAINTS_FAILURE);
}

void judge_usage(const struct judge *judge, const char *step, const struct cert *cert)
{
    int finding;

    if (cert_may_sign(cert)) {
        judge_passed(judge, step);
        return;
    }
    finding = findings_add(judge->findings, "CRT204", judge_place(judge, step), "subject",
                           cert_subject(cert), NULL);
    signature_step(judge->report, step, STEP_FAILED, finding, SUB_SIG_CONSTRAINTS_FAILURE);
}

enum value_remark {
    VALUE_WRONG,
    VALUE_UNSUPPORTED,
    VALUE_WEAK,
    VALUE_RAW,
    VALUE_SURPLUS,
    VALUE_OTHER_OID,
};

/* Of a document's value and of a seal maker's. */
static const char *const value_codes[][2] = {
    [VALUE_WRONG] = {"SIG201", "SEA201"},   [VALUE_UNSUPPORTED] = {"SIG101", "SEA101"},
    [VALUE_WEAK] = {"SIG103", "SEA103"},    [VALUE_RAW] = {"SIG312", "SEA312"},
    [VALUE_SURPLUS] = {"SIG313", "SEA313"}, [VALUE_OTHER_OID] = {"SIG316", "SEA316"},
};

static void replace(char **text, const char *with)
{
    free(*text);
    *text = mem_text(with);
}

static int value_finding(const struct judge *judge, const char *step,
                         const struct judge_value *value, enum value_remark remark)
{
    return findings_add(judge->findings, value_codes[remark][value->of_seal],
                        judge_place(judge, step), "algorithm", value->algorithm, NULL);
}

/* The names that SM2 with SM3 goes by in the standards: GB/T 38540 and GB/T 35275. */
static bool names_sm2(const char *oid)
{
    static const char *const names[] = {"1.2.156.10197.1.501", "1.2.156.10197.1.301.1"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(oid, names[i]) == 0)
            return true;
    }
    return false;
}

/* What stands there by mistake: SM3, a public key, a content type of GB/T 35275, RSA, ECDSA. */
static bool names_none(const char *oid)
{
    static const char *const seen[] = {"1.2.156.10197.501",       "1.2.156.10197.1.301",
                                       "1.2.156.10197.1.401",     "1.2.156.10197.1.401.1",
                                       "1.2.840.10045.2.1",       "1.2.156.10197.6.1.4.2.1",
                                       "1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.1.1",
                                       "1.2.840.113549.1.1.11",   "1.2.840.10045.4.3.2"};

    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        if (strcmp(oid, seen[i]) == 0)
            return true;
    }
    return false;
}

/*
 * The name of the algorithm is not signed.  What names another algorithm, or nothing we know,
 * may mean something else to another reader.
 */
static bool names_another(const struct judge_value *value)
{
    return value->sm2 && !names_sm2(value->algorithm) && !names_none(value->algorithm);
}

/* Those of several signers, with a blank between them. */
static void keep_algorithm(char **kept, const char *algorithm)
{
    size_t n = *kept ? strlen(*kept) : 0;

    if (*kept && strcmp(*kept, algorithm) == 0)
        return;
    *kept = mem_resize(*kept, n + 1 + strlen(algorithm) + 1);
    if (n)
        (*kept)[n++] = ' ';
    memcpy(*kept + n, algorithm, strlen(algorithm) + 1);
}

void judge_value(const struct judge *judge, const char *step, const struct judge_value *value)
{
    keep_algorithm(value->of_seal ? &judge->report->seal_algorithm
                                  : &judge->report->value_algorithm,
                   value->algorithm);
    if (value->check == SIGCHECK_GOOD && names_another(value)) {
        signature_step(judge->report, step, STEP_UNKNOWN,
                       value_finding(judge, step, value, VALUE_UNSUPPORTED),
                       SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    }
    if (value->sm2 && !names_sm2(value->algorithm))
        (void)value_finding(judge, step, value, VALUE_OTHER_OID);
    switch (value->check) {
    case SIGCHECK_WRONG:
        signature_step(judge->report, step, STEP_FAILED,
                       value_finding(judge, step, value, VALUE_WRONG), SUB_SIG_CRYPTO_FAILURE);
        return;
    case SIGCHECK_UNSUPPORTED:
        signature_step(judge->report, step, STEP_UNKNOWN,
                       value_finding(judge, step, value, VALUE_UNSUPPORTED),
                       SUB_CRYPTO_CONSTRAINTS_FAILURE);
        return;
    case SIGCHECK_GOOD:
        break;
    }
    if (value->form.raw)
        (void)value_finding(judge, step, value, VALUE_RAW);
    else if (value->form.not_minimal)
        (void)value_finding(judge, step, value, VALUE_SURPLUS);
    if (value->form.weak) /* shown as intact, never as valid: ofd-seals 7 */
        signature_step(judge->report, step, STEP_UNKNOWN,
                       value_finding(judge, step, value, VALUE_WEAK),
                       SUB_CRYPTO_CONSTRAINTS_FAILURE);
    else
        judge_passed(judge, step);
}

static int time_finding(const struct judge *judge, const char *code, const struct cert *cert,
                        instant time)
{
    char at[21], from[21], to[21];

    instant_print(time, at);
    instant_print(cert_not_before(cert), from);
    instant_print(cert_not_after(cert), to);
    return findings_add(judge->findings, code, judge_place(judge, "signing-time"), "subject",
                        cert_subject(cert), "time", at, "from", from, "to", to, NULL);
}

/* Nobody says when the value was made: only what holds now can be said. */
static void judge_without_time(const struct judge *judge, const struct cert *cert)
{
    bool in_force = cert_not_before(cert) <= judge->now && judge->now <= cert_not_after(cert);
    int finding = time_finding(judge, in_force ? "TIM304" : "TIM103", cert, judge->now);

    if (in_force)
        judge_not_run(judge, "signing-time", finding);
    else
        signature_step(judge->report, "signing-time", STEP_UNKNOWN, finding,
                       SUB_OUT_OF_BOUNDS_NO_POE);
}

/* An expiry since the signing is no fault (cli.md 6): only the signing time counts. */
static void judge_signing_time(const struct judge *judge, const struct cert *cert, instant time)
{
    if (time < cert_not_before(cert)) {
        signature_step(judge->report, "signing-time", STEP_FAILED,
                       time_finding(judge, "TIM201", cert, time), SUB_NOT_YET_VALID);
    } else if (time > cert_not_after(cert)) {
        signature_step(judge->report, "signing-time", STEP_FAILED,
                       time_finding(judge, "TIM202", cert, time), SUB_EXPIRED);
    } else if (time > judge->now + JUDGE_CLOCK_SKEW) {
        signature_step(judge->report, "signing-time", STEP_UNKNOWN,
                       time_finding(judge, "TIM102", cert, time), SUB_NO_POE);
    } else {
        /* default policy: the time inside the value counts as long as no timestamp says better */
        signature_step(judge->report, "signing-time", STEP_PASSED,
                       judge->proven ? -1 : time_finding(judge, "TIM301", cert, time), SUB_NONE);
    }
}

struct revocation_context {
    const char *step;
    const struct cert *cert;
    const struct chain *chain;
    instant time;
};

static int revocation_finding(const struct judge *judge, const char *code,
                              const struct revocation_context *context)
{
    const struct chain *chain = context->chain;
    const struct revocation_fact *fact = &chain->facts[0];
    bool known = chain->n_facts > 0;
    char at[21], revoked[21], from[21], until[21];

    instant_print(context->time, at);
    instant_print(chain->revoked_at, revoked);
    instant_print(known ? fact->this_update : INSTANT_NONE, from);
    instant_print(known ? fact->next_update : INSTANT_NONE, until);
    return findings_add(judge->findings, code, judge_place(judge, context->step), "subject",
                        cert_subject(context->cert), "issuer", cert_issuer(context->cert), "time",
                        at, "revoked", revoked, "from", from, "until", until[0] ? until : "-",
                        NULL);
}

/* What stands when no source says that it was revoked.  Not known at all changes nothing, since
 * nobody asked; a source that was given and cannot be evaluated leaves the question open. */
static const struct revocation_rule {
    enum step_result result;
    const char *code, *ocsp_code; /* for an answer of a responder, where the words differ */
} revocation_rules[] = {
    [REVOCATION_STALE] = {STEP_NOT_RUN, "CRT302", "CRT307"},
    [REVOCATION_NONE] = {STEP_NOT_RUN, "CRT301", "CRT301"},
    [REVOCATION_BAD_CRL] = {STEP_NOT_RUN, "CRT303", "CRT303"},
    [REVOCATION_BAD_OCSP] = {STEP_NOT_RUN, "CRT308", "CRT308"},
    [REVOCATION_PARTIAL] = {STEP_UNKNOWN, "CRT109", "CRT112"},
    [REVOCATION_UNKNOWN] = {STEP_UNKNOWN, "CRT110", "CRT110"},
    [REVOCATION_NOT_YET] = {STEP_NOT_RUN, "CRT309", "CRT309"},
    [REVOCATION_DROPPED] = {STEP_NOT_RUN, "CRT310", "CRT310"},
};

static void judge_unrevoked(const struct judge *judge, const struct revocation_context *context)
{
    const struct chain *chain = context->chain;
    const struct revocation_rule *rule = &revocation_rules[chain->revocation];
    bool ocsp = chain->n_facts > 0 && chain->facts[0].source == SOURCE_OCSP;

    if (chain->status == CHAIN_NO_ANCHOR) /* the chain step says what is missing */
        judge_not_run(judge, context->step, -1);
    else if (chain->revocation == REVOCATION_GOOD)
        judge_passed(judge, context->step);
    else
        signature_step(judge->report, context->step, rule->result,
                       revocation_finding(judge, ocsp ? rule->ocsp_code : rule->code, context),
                       rule->result == STEP_UNKNOWN ? SUB_TRY_LATER : SUB_NONE);
}

/* For policies and for whoever wants to know what the answer rests on. */
static void keep_revocation(const struct chain *chain, struct revocation_report *out)
{
    static const char *const states[] = {
        [REVOCATION_GOOD] = "good",       [REVOCATION_REVOKED] = "revoked",
        [REVOCATION_STALE] = "stale",     [REVOCATION_NONE] = "none",
        [REVOCATION_BAD_CRL] = "bad",     [REVOCATION_BAD_OCSP] = "bad",
        [REVOCATION_PARTIAL] = "partial", [REVOCATION_UNKNOWN] = "unknown",
        [REVOCATION_NOT_YET] = "not_yet", [REVOCATION_DROPPED] = "dropped",
    };
    static const char *const sources[] = {[SOURCE_CRL] = "crl", [SOURCE_OCSP] = "ocsp"};
    const struct revocation_fact *fact = &chain->facts[0];

    if (out->state && out->this_update != INSTANT_NONE &&
        (!chain->n_facts || fact->this_update > out->this_update))
        return; /* of several signers the one known worst counts */
    free(out->number);
    *out = (struct revocation_report)REVOCATION_REPORT_INIT;
    out->state = states[chain->revocation];
    out->revoked_at = chain->revoked_at;
    out->reason = chain->reason;
    if (chain->n_facts == 0 || fact->source == SOURCE_NONE)
        return;
    out->source = sources[fact->source];
    out->this_update = fact->this_update;
    out->next_update = fact->next_update;
    if (fact->source == SOURCE_OCSP)
        out->produced_at = fact->produced_at;
    out->number = fact->number[0] ? mem_text(fact->number) : NULL;
    memcpy(out->sm3, fact->sm3, SM3_LEN);
}

void judge_revocation(const struct judge *judge, const char *step, const struct cert *cert,
                      const struct chain *chain, instant time)
{
    const struct revocation_context context = {step, cert, chain, time};
    /* who has the key can write any time into a value: RFC 5280 5.3.1, keyCompromise */
    bool later = judge->proven && *judge->proven < chain->revoked_at;
    const char *notice = reason_is_compromise(chain->reason) && !later ? "CRT305" : "CRT304";

    keep_revocation(chain, strcmp(step, "maker-revocation") == 0
                               ? &judge->report->maker_revocation
                               : &judge->report->signer_revocation);
    if (chain->revocation != REVOCATION_REVOKED)
        judge_unrevoked(judge, &context);
    else if (chain->revoked_at > time)
        signature_step(judge->report, step, STEP_PASSED,
                       revocation_finding(judge, notice, &context), SUB_NONE);
    else if (chain->reason == REASON_HOLD) /* EN 319 102-1 5.2.6: it may end well yet */
        signature_step(judge->report, step, STEP_UNKNOWN,
                       revocation_finding(judge, "CRT111", &context), SUB_TRY_LATER);
    else
        signature_step(judge->report, step, STEP_FAILED,
                       revocation_finding(judge, "CRT205", &context), SUB_REVOKED);
}

void judge_signer(const struct judge *judge, struct cert *cert, const struct certs *extra,
                  instant time)
{
    instant said = time == INSTANT_NONE && judge->proven ? *judge->proven : time;
    instant at = said == INSTANT_NONE ? judge->now : said;
    CLEANUP(chain_clear) struct chain chain = {0};

    judge_chain(judge, "signer-chain", cert, extra, at, &chain);
    judge_usage(judge, "signer-usage", cert);
    if (said == INSTANT_NONE)
        judge_without_time(judge, cert);
    else
        judge_signing_time(judge, cert, said);
    judge_revocation(judge, "signer-revocation", cert, &chain, at);
    judge_time_proof(judge, cert, &chain, said);
}

void judge_hash_failed(const struct judge *judge, int finding)
{
    signature_step(judge->report, "data-hash", STEP_FAILED, finding, SUB_HASH_FAILURE);
}

void judge_place_notes(struct findings *findings, size_t first, const char *part)
{
    for (size_t i = first; i < findings->n; i++) {
        if (!findings->list[i].where.part)
            findings->list[i].where.part = mem_text(part);
    }
}

void judge_name_signer(struct signature_report *report, const struct cert *cert)
{
    char digest[2 * SM3_LEN + 1];

    hex_encode(cert_sm3(cert), SM3_LEN, digest);
    replace(&report->signer_subject, cert_subject(cert));
    replace(&report->signer_serial, cert_serial(cert));
    replace(&report->signer_sm3, digest);
}
