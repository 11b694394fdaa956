/* SPDX-License-Identifier: Apache-2.0 */
/* What the judges make of paths, values, times and revocation, each by itself. */
#include <string.h>

#include "core/model/judge.h"
#include "tests/unit/pki.h"
#include "tests/unit/unit.h"

static struct party root, signer;

static void make_parties(void)
{
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    root = pki_party(CERT_PROFILE_CA, "TEST root", "SM2", NULL);
    signer = pki_party(CERT_PROFILE_SIGNER, "TEST signer", "SM2", &root);
}

static void clear_parties(void)
{
    party_clear(&root);
    party_clear(&signer);
}

/* A judge that trusts nobody, and the report that it fills. */
struct bench {
    struct verification v;
    struct trust *trust;
    struct judge judge;
};

static void bench_open(struct bench *bench)
{
    *bench = (struct bench){.trust = trust_new()};
    bench->judge = (struct judge){.trust = bench->trust,
                                  .now = PKI_2026,
                                  .part = "x",
                                  .report = verification_add_signature(&bench->v),
                                  .findings = &bench->v.findings};
}

static void bench_clear(struct bench *bench)
{
    verification_clear(&bench->v);
    trust_free(bench->trust);
}

/* Every step that failed or is unknown names a finding, in both languages, with what to do. */
static void ck_told(const struct bench *bench)
{
    const struct signature_report *s = bench->judge.report;

    ck_assert(sub_indication_allowed(s->indication, s->sub));
    for (size_t i = 0; i < s->n_steps; i++) {
        const struct finding *finding;

        if (s->steps[i].result != STEP_FAILED && s->steps[i].result != STEP_UNKNOWN)
            continue;
        ck_assert_int_ge(s->steps[i].finding, 0);
        finding = &bench->v.findings.list[s->steps[i].finding];
        ck_assert(*finding_text(finding, LANG_EN) && *finding_text(finding, LANG_ZH));
        ck_assert(*finding_hint(finding, LANG_EN) && *finding_hint(finding, LANG_ZH));
        ck_assert_str_eq(finding->where.part, "x");
    }
}

static void ck_step(const struct bench *bench, enum step_result result, const char *code,
                    enum sub_indication sub)
{
    const struct signature_report *s = bench->judge.report;
    const struct step *step = &s->steps[s->n_steps - 1];

    ck_assert_int_eq(step->result, result);
    ck_assert_int_eq(step->sub, sub);
    if (code)
        ck_assert_str_eq(bench->v.findings.list[step->finding].type->code, code);
    else
        ck_assert_int_eq(step->finding, -1);
    ck_told(bench);
}

static const struct {
    enum chain_status status;
    enum step_result result;
    const char *code;
    enum sub_indication sub;
} paths[] = {
    {CHAIN_NO_ANCHOR, STEP_UNKNOWN, "CRT101", SUB_NO_CERTIFICATE_CHAIN_FOUND},
    {CHAIN_BAD_SIGNATURE, STEP_FAILED, "CRT201", SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE},
    {CHAIN_BAD_CA, STEP_FAILED, "CRT202", SUB_CHAIN_CONSTRAINTS_FAILURE},
    {CHAIN_CRITICAL, STEP_UNKNOWN, "CRT103", SUB_CHAIN_CONSTRAINTS_FAILURE},
    {CHAIN_ISSUER_EXPIRED, STEP_FAILED, "CRT203", SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE},
    {CHAIN_ISSUER_REVOKED, STEP_UNKNOWN, "CRT104", SUB_REVOKED_CA_NO_POE},
    {CHAIN_UNSUPPORTED, STEP_UNKNOWN, "CRT102", SUB_CRYPTO_CONSTRAINTS_FAILURE},
};

START_TEST(a_path_that_does_not_hold_says_why)
{
    CLEANUP(bench_clear) struct bench bench;
    CLEANUP(chain_clear) struct chain chain = {.status = paths[_i].status};
    struct chain_fault fault;

    certs_add(&chain.path, signer.cert);
    bench_open(&bench);
    fault = judge_chain_fault(&bench.judge, "signer-chain", signer.cert, &chain, PKI_2026);
    signature_step(bench.judge.report, "signer-chain", fault.result, fault.finding, fault.sub);
    ck_step(&bench, paths[_i].result, paths[_i].code, paths[_i].sub);
}
END_TEST

static const struct {
    struct judge_value value;
    enum step_result result;
    const char *code;
    enum sub_indication sub;
} values[] = {
    {{SIGCHECK_GOOD, {false, false, false}, "1.2.156.10197.1.501", true, false},
     STEP_PASSED,
     NULL,
     SUB_NONE},
    {{SIGCHECK_WRONG, {false, false, false}, "1.2.156.10197.1.501", true, false},
     STEP_FAILED,
     "SIG201",
     SUB_SIG_CRYPTO_FAILURE},
    {{SIGCHECK_WRONG, {false, false, false}, "1.2.156.10197.1.501", true, true},
     STEP_FAILED,
     "SEA201",
     SUB_SIG_CRYPTO_FAILURE},
    {{SIGCHECK_UNSUPPORTED, {false, false, false}, "1.2.3", false, false},
     STEP_UNKNOWN,
     "SIG101",
     SUB_CRYPTO_CONSTRAINTS_FAILURE},
    {{SIGCHECK_UNSUPPORTED, {false, false, false}, "1.2.3", false, true},
     STEP_UNKNOWN,
     "SEA101",
     SUB_CRYPTO_CONSTRAINTS_FAILURE},
    {{SIGCHECK_GOOD, {false, false, true}, "1.2.3", false, false},
     STEP_UNKNOWN,
     "SIG103",
     SUB_CRYPTO_CONSTRAINTS_FAILURE},
    {{SIGCHECK_GOOD, {false, false, true}, "1.2.3", false, true},
     STEP_UNKNOWN,
     "SEA103",
     SUB_CRYPTO_CONSTRAINTS_FAILURE},
};

START_TEST(a_value_is_good_wrong_or_undecided)
{
    CLEANUP(bench_clear) struct bench bench;

    bench_open(&bench);
    judge_value(&bench.judge, "value", &values[_i].value);
    ck_step(&bench, values[_i].result, values[_i].code, values[_i].sub);
}
END_TEST

START_TEST(the_algorithms_of_several_signers_are_all_kept)
{
    CLEANUP(bench_clear) struct bench bench;

    bench_open(&bench);
    judge_value(&bench.judge, "value", &values[0].value);
    judge_value(&bench.judge, "value", &values[3].value);
    judge_value(&bench.judge, "value", &values[4].value);
    ck_assert_str_eq(bench.judge.report->value_algorithm, "1.2.156.10197.1.501 1.2.3");
    ck_assert_str_eq(bench.judge.report->seal_algorithm, "1.2.3");
}
END_TEST

static const struct {
    enum revocation status;
    enum revocation_source source;
    instant revoked;
    int reason;
    enum step_result result;
    const char *code;
    enum sub_indication sub;
} revocations[] = {
    {REVOCATION_GOOD, SOURCE_CRL, INSTANT_NONE, 0, STEP_PASSED, NULL, SUB_NONE},
    {REVOCATION_NONE, SOURCE_NONE, INSTANT_NONE, 0, STEP_NOT_RUN, "CRT301", SUB_NONE},
    {REVOCATION_PARTIAL, SOURCE_CRL, INSTANT_NONE, 0, STEP_UNKNOWN, "CRT109", SUB_TRY_LATER},
    {REVOCATION_PARTIAL, SOURCE_OCSP, INSTANT_NONE, 0, STEP_UNKNOWN, "CRT112", SUB_TRY_LATER},
    {REVOCATION_UNKNOWN, SOURCE_OCSP, INSTANT_NONE, 0, STEP_UNKNOWN, "CRT110", SUB_TRY_LATER},
    {REVOCATION_REVOKED, SOURCE_CRL, PKI_2026 - 1, 4, STEP_FAILED, "CRT205", SUB_REVOKED},
    {REVOCATION_REVOKED, SOURCE_CRL, PKI_2026 - 1, REASON_HOLD, STEP_UNKNOWN, "CRT111",
     SUB_TRY_LATER},
    {REVOCATION_REVOKED, SOURCE_CRL, PKI_2026 + 1, 4, STEP_PASSED, "CRT304", SUB_NONE},
    {REVOCATION_REVOKED, SOURCE_CRL, PKI_2026 + 1, REASON_KEY_COMPROMISE, STEP_PASSED, "CRT305",
     SUB_NONE},
};

START_TEST(revocation_is_judged_from_the_time_of_signing)
{
    CLEANUP(bench_clear) struct bench bench;
    struct chain chain = {.revocation = revocations[_i].status,
                          .revoked_at = revocations[_i].revoked,
                          .reason = revocations[_i].reason,
                          .n_facts = 1};

    chain.facts[0] = (struct revocation_fact){.status = revocations[_i].status,
                                              .source = revocations[_i].source,
                                              .this_update = PKI_2026 - 5,
                                              .next_update = INSTANT_NONE,
                                              .produced_at = INSTANT_NONE};
    bench_open(&bench);
    judge_revocation(&bench.judge, "signer-revocation", signer.cert, &chain, PKI_2026);
    ck_step(&bench, revocations[_i].result, revocations[_i].code, revocations[_i].sub);
    ck_assert_ptr_nonnull(bench.judge.report->signer_revocation.state);
}
END_TEST

static const struct {
    instant time, now;
    enum step_result result;
    const char *code;
} times[] = {
    {PKI_2026, PKI_2026, STEP_PASSED, "TIM301"},
    {PKI_2026 - 2 * PKI_YEAR, PKI_2026, STEP_FAILED, "TIM201"},
    {PKI_2026 + 4 * PKI_YEAR, PKI_2026, STEP_FAILED, "TIM202"},
    {PKI_2026 + 3600, PKI_2026, STEP_UNKNOWN, "TIM102"},
    {INSTANT_NONE, PKI_2026, STEP_NOT_RUN, "TIM304"},
    {INSTANT_NONE, PKI_2026 + 4 * PKI_YEAR, STEP_UNKNOWN, "TIM103"},
};

START_TEST(a_certificate_is_judged_at_the_time_of_signing)
{
    CLEANUP(bench_clear) struct bench bench;
    const struct signature_report *s;
    bool found = false;

    bench_open(&bench);
    bench.judge.now = times[_i].now;
    judge_signer(&bench.judge, signer.cert, NULL, times[_i].time);
    s = bench.judge.report;
    for (size_t i = 0; i < s->n_steps; i++) {
        if (strcmp(s->steps[i].id, "signing-time") != 0)
            continue;
        found = true;
        ck_assert_int_eq(s->steps[i].result, times[_i].result);
        ck_assert_str_eq(bench.v.findings.list[s->steps[i].finding].type->code, times[_i].code);
    }
    ck_assert(found);
    ck_told(&bench);
}
END_TEST

START_TEST(the_paths_of_several_signers_are_all_kept)
{
    CLEANUP(bench_clear) struct bench bench;

    bench_open(&bench);
    judge_signer(&bench.judge, signer.cert, NULL, PKI_2026);
    judge_signer(&bench.judge, root.cert, NULL, PKI_2026);
    ck_assert_uint_eq(bench.judge.report->signer_path.n, 2);
    ck_assert_str_eq(bench.judge.report->signer_path.list[0].key, "SM2");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, make_parties, clear_parties);
    tcase_add_loop_test(tc, a_path_that_does_not_hold_says_why, 0, N_OF(paths));
    tcase_add_loop_test(tc, a_value_is_good_wrong_or_undecided, 0, N_OF(values));
    tcase_add_test(tc, the_algorithms_of_several_signers_are_all_kept);
    tcase_add_loop_test(tc, revocation_is_judged_from_the_time_of_signing, 0, N_OF(revocations));
    tcase_add_loop_test(tc, a_certificate_is_judged_at_the_time_of_signing, 0, N_OF(times));
    tcase_add_test(tc, the_paths_of_several_signers_are_all_kept);
}
