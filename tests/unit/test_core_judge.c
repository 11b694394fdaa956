/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/model/judge.h"
#include "tests/unit/ocspkit.h"

#define DAY ((instant)86400)
#define BORN (PKI_2026 - PKI_YEAR) /* of the signer's certificate */
#define ENDS (PKI_2026 + PKI_YEAR)
#define NOW (PKI_2026 + 30 * DAY)       /* while it is valid */
#define LATER (PKI_2026 + 2 * PKI_YEAR) /* after it ended */
#define NEVER INSTANT_NONE

/* A root that lasts, and a signer of two years. */
struct pki {
    struct party root, signer;
};

static struct pki pki_new(void)
{
    struct pki pki = {.signer = {.key = pki_key("SM2")}};
    struct cert_request root = pki_request(CERT_PROFILE_ROOT, "根");
    struct cert_request signer = pki_request(CERT_PROFILE_SIGNER, "签发机关");

    pki.root.key = pki_key("SM2");
    root.not_before = BORN - PKI_YEAR;
    root.not_after = PKI_2026 + 20 * PKI_YEAR;
    signer.not_after = ENDS;
    pki.root.cert = pki_issue(root, pki.root.key, NULL);
    pki.signer.cert = pki_issue(signer, pki.signer.key, &pki.root);
    return pki;
}

static void pki_clear(struct pki *pki)
{
    party_clear(&pki->root);
    party_clear(&pki->signer);
}

/* What a list, or a responder, of the hour before `now` says. */
static struct trust *trust_of(const struct pki *pki, const struct revoked *entry, instant now,
                              bool by_ocsp)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    struct trust *trust = trust_new();
    struct kit_single single = {pki->signer.cert,
                                pki->root.cert,
                                .status =
                                    entry ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
                                .reason = entry ? entry->reason : -1,
                                .at = entry ? entry->at : 0,
                                .this_update = now - 3600,
                                .next_update = now + DAY};
    struct kit_responder responder = {.signer = &pki->root, .produced_at = now - 3600};
    struct crl **list = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    trust_add_anchor(trust, pki->root.cert);
    if (by_ocsp) {
        CLEANUP(ocsp_freep) struct ocsp *ocsp = kit_ocsp(&responder, &single, 1);

        trust_add_ocsp(trust, ocsp);
        return trust;
    }
    CK_OK(crl_issue(pki->root.cert, pki->root.key, entry, entry != NULL, 7, now - 3600, now + DAY,
                    &pem, &err),
          &err);
    CK_OK(crls_parse(buf_span(&pem), &list, &n, &err), &err);
    trust_add_crl(trust, list[0]);
    crls_free(list, n);
    return trust;
}

static bool has_finding(const struct findings *findings, const char *code)
{
    for (size_t i = 0; i < findings->n; i++) {
        if (strcmp(findings->list[i].type->code, code) == 0)
            return true;
    }
    return false;
}

/*
 * Whether the time is before, within or after the certificate's life; revoked when and
 * why; judged when; proven when.  The signature was made, it says, at `claimed`.
 */
static const struct {
    const char *what;
    instant claimed, revoked_at;
    int reason;
    instant now, proven;
    enum indication want;
    enum sub_indication sub;
    const char *code;
} matrix[] = {
    {"good", PKI_2026, NEVER, 0, NOW, NEVER, TOTAL_PASSED, SUB_NONE, NULL},
    {"before its life", BORN - 1, NEVER, 0, NOW, NEVER, TOTAL_FAILED, SUB_NOT_YET_VALID, "TIM201"},
    {"as it begins", BORN, NEVER, 0, NOW, NEVER, TOTAL_PASSED, SUB_NONE, NULL},
    {"as it ends", ENDS, NEVER, 0, ENDS, NEVER, TOTAL_PASSED, SUB_NONE, NULL},
    {"after its end", ENDS + 1, NEVER, 0, LATER, NEVER, TOTAL_FAILED, SUB_EXPIRED, "TIM202"},
    {"ended since", PKI_2026, NEVER, 0, LATER, NEVER, TOTAL_PASSED, SUB_NONE, "CRT310"},
    {"from the future", NOW + DAY, NEVER, 0, NOW, NEVER, INDETERMINATE, SUB_NO_POE, "TIM102"},

    {"revoked before", PKI_2026, PKI_2026 - 1, 0, NOW, NEVER, TOTAL_FAILED, SUB_REVOKED, "CRT205"},
    {"revoked then", PKI_2026, PKI_2026, 0, NOW, NEVER, TOTAL_FAILED, SUB_REVOKED, "CRT205"},
    {"revoked since", PKI_2026, PKI_2026 + 1, 0, NOW, NEVER, TOTAL_PASSED, SUB_NONE, "CRT304"},
    {"ceased since", PKI_2026, PKI_2026 + 1, 5, NOW, NEVER, TOTAL_PASSED, SUB_NONE, "CRT304"},
    {"revoked and ended", PKI_2026, PKI_2026 - 1, 0, LATER, NEVER, TOTAL_FAILED, SUB_REVOKED,
     "CRT205"},
    {"revoked since and ended", PKI_2026, PKI_2026 + 1, 4, LATER, NEVER, TOTAL_PASSED, SUB_NONE,
     "CRT304"},
    {"made after the end, revoked", ENDS + DAY, ENDS - DAY, 0, LATER, NEVER, TOTAL_FAILED,
     SUB_EXPIRED, "CRT205"},
    {"made before its life, revoked since", BORN - 1, PKI_2026, 0, NOW, NEVER, TOTAL_FAILED,
     SUB_NOT_YET_VALID, "CRT304"},

    {"stolen before", PKI_2026, PKI_2026 - 1, 1, NOW, NEVER, TOTAL_FAILED, SUB_REVOKED, "CRT205"},
    {"stolen since", PKI_2026, PKI_2026 + 1, 1, NOW, NEVER, TOTAL_PASSED, SUB_NONE, "CRT305"},
    {"stolen from its CA since", PKI_2026, PKI_2026 + 1, 2, NOW, NEVER, TOTAL_PASSED, SUB_NONE,
     "CRT305"},
    {"stolen since and ended", PKI_2026, PKI_2026 + 1, 1, LATER, NEVER, TOTAL_PASSED, SUB_NONE,
     "CRT305"},
    {"stolen since, proven before", PKI_2026, PKI_2026 + 9, 1, NOW, PKI_2026 + 5, TOTAL_PASSED,
     SUB_NONE, "CRT304"},
    {"stolen since, proven only after", PKI_2026, PKI_2026 + 9, 1, NOW, PKI_2026 + 9, TOTAL_PASSED,
     SUB_NONE, "CRT305"},
    {"stolen before, proven after", PKI_2026, PKI_2026 - 1, 1, NOW, PKI_2026 + 5, TOTAL_FAILED,
     SUB_REVOKED, "CRT205"},

    {"held before", PKI_2026, PKI_2026 - 1, 6, NOW, NEVER, INDETERMINATE, SUB_TRY_LATER, "CRT111"},
    {"held since", PKI_2026, PKI_2026 + 1, 6, NOW, NEVER, TOTAL_PASSED, SUB_NONE, "CRT304"},

    {"as of before it was revoked", PKI_2026, NOW, 0, NOW - DAY, NEVER, TOTAL_PASSED, SUB_NONE,
     NULL},
};

/* The words of RFC 6960 and RFC 5280 mean the same: each row by a list and by an answer. */
START_TEST(expired_and_revoked_before_and_after_are_each_right)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    int row = _i / 2;
    bool by_ocsp = _i % 2;
    bool future = matrix[row].revoked_at > matrix[row].now;
    struct revoked entry = {pki.signer.cert, matrix[row].revoked_at, matrix[row].reason};
    CLEANUP(trust_freep)
    struct trust *trust = trust_of(&pki, matrix[row].revoked_at == NEVER ? NULL : &entry,
                                   future && !by_ocsp ? entry.at + DAY : matrix[row].now, by_ocsp);
    CLEANUP(verification_clear) struct verification v = {0};
    struct signature_report *report = verification_add_signature(&v);
    struct judge judge = {.trust = trust,
                          .now = matrix[row].now,
                          .part = "x",
                          .report = report,
                          .findings = &v.findings,
                          .proven = matrix[row].proven == NEVER ? NULL : &matrix[row].proven};

    if (future && by_ocsp) /* no responder tells of what is yet to come */
        return;
    judge_signer(&judge, pki.signer.cert, NULL, matrix[row].claimed);
    ck_assert_msg(report->indication == matrix[row].want, "%s: %s", matrix[row].what,
                  indication_name(report->indication));
    ck_assert_msg(report->sub == matrix[row].sub, "%s: %s", matrix[row].what,
                  sub_indication_name(report->sub));
    if (matrix[row].code)
        ck_assert_msg(has_finding(&v.findings, matrix[row].code), "%s: no %s", matrix[row].what,
                      matrix[row].code);
    for (int i = 0; i < N_OF(matrix); i++) {
        if (matrix[i].code &&
            (!matrix[row].code || strcmp(matrix[i].code, matrix[row].code) != 0) &&
            strncmp(matrix[i].code, "CRT", 3) == 0 &&
            !(matrix[row].revoked_at == NEVER && strcmp(matrix[i].code, "CRT310") == 0))
            ck_assert_msg(!has_finding(&v.findings, matrix[i].code), "%s: %s", matrix[row].what,
                          matrix[i].code);
    }
    ck_assert_str_eq(report->signer_revocation.state,
                     matrix[row].revoked_at == NEVER || future
                         ? matrix[row].now > ENDS ? "dropped" : "good"
                         : "revoked");
    ck_assert_str_eq(report->signer_revocation.source, by_ocsp ? "ocsp" : "crl");
}
END_TEST

static const struct {
    int reason;
    instant revoked_at, proven;
    enum indication want;
} issuers[] = {
    {4, PKI_2026 + DAY, NEVER, TOTAL_PASSED},
    {4, PKI_2026 - DAY, NEVER, INDETERMINATE},
    {1, PKI_2026 + 2 * DAY, NEVER, INDETERMINATE},
    {1, PKI_2026 + 2 * DAY, PKI_2026 + DAY, TOTAL_PASSED},
    {1, PKI_2026 + 2 * DAY, PKI_2026 + 2 * DAY, INDETERMINATE},
    {4, PKI_2026 - DAY, PKI_2026 + DAY, INDETERMINATE},
};

START_TEST(the_key_of_an_issuer_that_was_stolen_since_made_nothing_that_was_there_before)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    CLEANUP(party_clear) struct party ca = pki_party(CERT_PROFILE_CA, "CA", "SM2", &pki.root);
    CLEANUP(party_clear) struct party leaf = pki_party(CERT_PROFILE_SIGNER, "叶", "SM2", &ca);
    struct revoked entry = {ca.cert, issuers[_i].revoked_at, issuers[_i].reason};
    CLEANUP(trust_freep) struct trust *trust = trust_of(&pki, &entry, NOW, false);
    CLEANUP(verification_clear) struct verification v = {0};
    struct signature_report *report = verification_add_signature(&v);
    struct judge judge = {.trust = trust,
                          .now = NOW,
                          .part = "x",
                          .report = report,
                          .findings = &v.findings,
                          .proven = issuers[_i].proven == NEVER ? NULL : &issuers[_i].proven};

    trust_add_intermediate(trust, ca.cert);
    judge_signer(&judge, leaf.cert, NULL, PKI_2026);
    ck_assert_int_eq(report->indication, issuers[_i].want);
    ck_assert_int_eq(has_finding(&v.findings, "CRT104"), issuers[_i].want == INDETERMINATE);
    ck_assert_int_eq(report->signer.yes, issuers[_i].want == TOTAL_PASSED);
    if (issuers[_i].want == INDETERMINATE)
        ck_assert_int_eq(report->sub, SUB_REVOKED_CA_NO_POE);
}
END_TEST

/* What may happen to the answer of one certificate at one time, asked again and again. */
START_TEST(a_remembered_answer_is_for_its_times_and_its_trust_alone)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    struct revoked entry = {pki.signer.cert, PKI_2026 - DAY, 0};
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    CLEANUP(trust_freep) struct trust *good = trust_of(&pki, NULL, NOW, false);
    CLEANUP(trust_freep) struct trust *bad = trust_of(&pki, &entry, NOW, true);
    const struct {
        const struct trust *trust;
        instant now;
        enum revocation want;
    } questions[] = {{good, NOW, REVOCATION_GOOD},
                     {bad, NOW, REVOCATION_REVOKED},
                     {good, LATER, REVOCATION_STALE},
                     {bad, LATER, REVOCATION_REVOKED},
                     {good, NOW, REVOCATION_GOOD},
                     {good, NOW - 9 * DAY, REVOCATION_GOOD},
                     {bad, NOW - 99 * DAY, REVOCATION_NOT_YET},
                     {good, NOW, REVOCATION_GOOD}};

    for (int i = 0; i < N_OF(questions); i++) {
        CLEANUP(chain_clear) struct chain chain = {0};
        struct chain_question question = {questions[i].trust, pki.signer.cert, NULL, PKI_2026,
                                          questions[i].now};

        judge_cache_chain(cache, &question, &chain);
        ck_assert_int_eq(chain.revocation, questions[i].want);
    }
    trust_add_anchor(good, pki.signer.cert); /* from now on it answers to nobody */
    for (int i = 0; i < 2; i++) {
        CLEANUP(chain_clear) struct chain chain = {0};
        struct chain_question question = {good, pki.signer.cert, NULL, PKI_2026, NOW};

        judge_cache_chain(cache, &question, &chain);
        ck_assert_int_eq(chain.revocation, REVOCATION_NONE);
        ck_assert_uint_eq(chain.path.n, 1);
    }
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, expired_and_revoked_before_and_after_are_each_right, 0,
                        2 * N_OF(matrix));
    tcase_add_loop_test(
        tc, the_key_of_an_issuer_that_was_stolen_since_made_nothing_that_was_there_before, 0,
        N_OF(issuers));
    tcase_add_test(tc, a_remembered_answer_is_for_its_times_and_its_trust_alone);
}
