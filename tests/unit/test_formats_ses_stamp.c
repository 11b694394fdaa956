/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamps in seal signatures and seals: the value's, the seal's, and one in the place of the
 * time of layout 1. */
#include "formats/ses/ses.h"
#include "tests/unit/stampkit.h"

#define XML "<Signature/>"
#define PROPERTY "/Doc_0/Signs/Sign_0/Signature.xml"
#define STAMPED (NOW + 60)

static struct pki pki;
static struct person tsa, stranger;
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_pki(void)
{
    pki_open(&pki);
    tsa = pki_person(&pki, "TEST TSA", CERT_PROFILE_TSA, NOW - 150 * DAY, NOW + 150 * DAY);
    stranger = pki_person(&(struct pki){0}, "TEST stranger", CERT_PROFILE_TSA, NOW - 10 * DAY,
                          NOW + 50 * DAY);
}

static void close_pki(void)
{
    person_clear(&tsa);
    person_clear(&stranger);
    pki_close(&pki);
}

/* A seal of NOW - 50 days, good for 100. */
static void make_seal(enum ses_layout layout, struct buf *out)
{
    struct certs signers = {0};
    const struct ses_seal_spec spec = {.layout = layout,
                                       .name = "测试章",
                                       .type = 1,
                                       .signers = &signers,
                                       .create_date = NOW - 50 * DAY,
                                       .valid_start = NOW - 50 * DAY,
                                       .valid_end = NOW + 50 * DAY,
                                       .picture_type = "PNG",
                                       .picture = span_of("picture"),
                                       .width_mm = 40,
                                       .height_mm = 40};

    certs_add(&signers, pki.agency.cert);
    OK(ses_seal_make(&spec, pki.maker.signer, out, &err));
    certs_clear(&signers);
}

/* The seal with a token over its value behind it: GM/T 0031-2025. */
static void stamp_seal(const struct stamp_spec *spec, struct span plain, struct buf *out)
{
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.whole = {NULL, 0}};
    CLEANUP(buf_clear) struct buf token = BUF_INIT(1 << 16);
    struct der top;
    size_t mark;

    OK(ses_seal_read(plain, &seal, NULL, &err));
    stamp_make(spec, seal.signature, &token);
    OK(der_only(plain, &top, &err));
    OK(der_put_raw(out, top.body, &err));
    mark = out->len;
    OK(der_put_bits(out, buf_span(&token), &err));
    OK(der_wrap(out, DER_ID_CONTEXT_0, mark, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

static void sign(struct span esl, instant at, struct buf *out)
{
    CLEANUP(ses_seal_clear) struct ses_seal seal = {.whole = {NULL, 0}};
    struct ses_sign_spec spec = {.time = at, .property = PROPERTY};

    OK(ses_seal_read(esl, &seal, NULL, &err));
    spec.seal = &seal;
    sm3(span_of(XML), spec.data_hash);
    OK(ses_sign(&spec, pki.agency.signer, out, &err));
}

/* A seal signature with a token over its value. */
static void sign_stamped(enum ses_layout layout, const struct stamp_spec *spec, struct buf *out)
{
    CLEANUP(buf_clear)
    struct buf esl = BUF_INIT(1 << 16), plain = BUF_INIT(1 << 16), token = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {.whole = {NULL, 0}};

    make_seal(layout, &esl);
    sign(buf_span(&esl), NOW, &plain);
    OK(ses_signature_read(buf_span(&plain), &signature, NULL, &err));
    stamp_make(spec, signature.signature, &token);
    OK(ses_with_timestamp(&signature, buf_span(&token), out, &err));
}

static void judge_at(struct span value, enum level level, instant now, struct verdict_of *v)
{
    const struct ses_judge question = {
        .trust = pki.trust, .now = now, .part = "SignedValue.dat", .level = level};
    CLEANUP(ses_signature_clear) struct ses_signature signature = {.whole = {NULL, 0}};
    unsigned char digest[SM3_LEN];

    sm3(span_of(XML), digest);
    OK(ses_signature_read(value, &signature, &v->findings, &err));
    ses_signature_judge(&question, &signature, digest, span_of(XML), PROPERTY, &v->report,
                        &v->findings);
}

static void judge(struct span value, enum level level, struct verdict_of *v)
{
    judge_at(value, level, NOW + DAY, v);
}

/* ---- over the value ---- */

static const enum ses_layout layouts[] = {SES_LAYOUT_4, SES_LAYOUT_5};

START_TEST(a_token_over_the_value_of_a_seal_signature_proves_the_time)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear)
    struct buf value = BUF_INIT(1 << 16),
               bare = BUF_INIT(1 << 16), esl = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(layouts[_i], &spec, &value);
    judge(buf_span(&value), LEVEL_LONG_TERM, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM305");
    ck_assert_int_eq(v.report.best_time, STAMPED);
    ck_assert_int_eq(step_of(&v, "timestamp"), STEP_PASSED);
    make_seal(layouts[_i], &esl);
    sign(buf_span(&esl), NOW, &bare);
    judge(buf_span(&bare), LEVEL_LONG_TERM, &w);
    ck_verdict(&w, INDETERMINATE, SUB_NO_POE, "TIM104");
}
END_TEST

START_TEST(a_token_over_the_whole_bit_string_is_told_from_one_over_anything)
{
    CLEANUP(buf_clear)
    struct buf esl = BUF_INIT(1 << 16),
               plain = BUF_INIT(1 << 16), token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {.whole = {NULL, 0}};
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};

    make_seal(SES_LAYOUT_4, &esl);
    sign(buf_span(&esl), NOW, &plain);
    OK(ses_signature_read(buf_span(&plain), &signature, NULL, &err));
    stamp_make(&spec,
               _i ? (struct span){signature.signature.data - 1, signature.signature.len + 1}
                  : span_of("anything"),
               &token);
    OK(ses_with_timestamp(&signature, buf_span(&token), &value, &err));
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, _i ? TOTAL_PASSED : TOTAL_FAILED, v.report.sub, _i ? "TIM117" : "TIM203");
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
}
END_TEST

START_TEST(a_stamp_after_the_seal_had_ended_is_no_proof_from_its_lifetime)
{
    const struct stamp_spec late = {.tsa = &tsa, .time = NOW + 51 * DAY};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(SES_LAYOUT_4, &late, &value);
    judge_at(buf_span(&value), LEVEL_BASIC, NOW + 52 * DAY, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM118");
    judge_at(buf_span(&value), LEVEL_LONG_TERM, NOW + 52 * DAY, &w);
    ck_verdict(&w, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, "TIM118");
}
END_TEST

START_TEST(an_archive_needs_lists_for_the_maker_too)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0}, x = {0};

    sign_stamped(SES_LAYOUT_4, &spec, &value);
    judge(buf_span(&value), LEVEL_ARCHIVAL, &v);
    ck_verdict(&v, INDETERMINATE, SUB_TRY_LATER, "TIM115");
    pki_revoke(&pki, NULL, NOW);
    judge(buf_span(&value), LEVEL_ARCHIVAL, &w);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, NULL);
    ck_assert_int_eq(step_of(&w, "evidence"), STEP_PASSED);
    pki_revoke(&pki, pki.maker.cert, NOW - DAY);
    judge(buf_span(&value), LEVEL_ARCHIVAL, &x);
    ck_assert_int_eq(x.report.indication, TOTAL_FAILED);
}
END_TEST

/* ---- over the seal ---- */

static const struct seal_case {
    struct stamp_spec spec;
    bool other; /* the token of another seal */
    enum indication indication;
    enum step_result result;
    const char *code;
} seal_cases[] = {
    {{.tsa = &tsa, .time = NOW - 49 * DAY}, false, TOTAL_PASSED, STEP_PASSED, NULL},
    {{.tsa = &tsa, .time = NOW - 50 * DAY - 8 * 3600}, false, TOTAL_PASSED, STEP_PASSED, NULL},
    {{.tsa = &tsa, .time = NOW - 60 * DAY}, false, INDETERMINATE, STEP_UNKNOWN, "TIM109"},
    {{.tsa = &stranger, .time = NOW - 9 * DAY}, false, TOTAL_PASSED, STEP_UNKNOWN, "TIM105"},
    {{.tsa = &tsa, .time = NOW - 49 * DAY}, true, TOTAL_FAILED, STEP_FAILED, "TIM203"},
    {{.tsa = &tsa, .time = NOW - 49 * DAY, .other_digest = true},
     false,
     TOTAL_FAILED,
     STEP_FAILED,
     "TIM204"},
};

START_TEST(a_token_over_a_seal_is_judged_by_when_it_was_made)
{
    const struct seal_case *c = &seal_cases[_i];
    CLEANUP(buf_clear)
    struct buf plain = BUF_INIT(1 << 16),
               other = BUF_INIT(1 << 16), esl = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_seal(SES_LAYOUT_5, &plain);
    stamp_seal(&c->spec, buf_span(&plain), &esl);
    if (c->other) { /* another value of the same maker, behind it this seal's token */
        CLEANUP(ses_seal_clear) struct ses_seal stamped = {.whole = {NULL, 0}};
        struct der top;
        size_t mark;

        OK(ses_seal_read(buf_span(&esl), &stamped, NULL, &err));
        make_seal(SES_LAYOUT_5, &other);
        OK(der_only(buf_span(&other), &top, &err));
        OK(der_put_raw(&value, top.body, &err));
        mark = value.len;
        OK(der_put_bits(&value, stamped.timestamp, &err));
        OK(der_wrap(&value, DER_ID_CONTEXT_0, mark, &err));
        OK(der_wrap(&value, DER_ID_SEQUENCE, 0, &err));
        buf_reset(&esl);
        OK(buf_add(&esl, value.data, value.len, &err));
        buf_reset(&value);
    }
    sign(buf_span(&esl), NOW, &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, c->indication, v.report.sub, c->code);
    ck_assert_int_eq(step_of(&v, "seal-timestamp"), c->result);
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
}
END_TEST

/* ---- in the place of the time ---- */

/* Layout 1: { version, seal, timeInfo, dataHash, propertyInfo, cert, algorithm }, value */
static void sign_first(struct span token, struct buf *out)
{
    CLEANUP(buf_clear) struct buf esl = BUF_INIT(1 << 16), value = BUF_INIT(1024);
    unsigned char digest[SM3_LEN];

    make_seal(SES_LAYOUT_4, &esl);
    sm3(span_of(XML), digest);
    OK(der_put_integer(out, 1, &err));
    OK(der_put_raw(out, buf_span(&esl), &err));
    OK(der_put_bits(out, token, &err));
    OK(der_put_bits(out, (struct span){digest, SM3_LEN}, &err));
    OK(der_put_text(out, DER_ID_IA5_STRING, PROPERTY, &err));
    OK(der_put(out, DER_ID_OCTET_STRING, cert_der(pki.agency.cert), &err));
    OK(der_put_oid(out, OID_SM2_WITH_SM3, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
    OK(signer_sign(pki.agency.signer, "test", buf_span(out), &value, &err));
    OK(der_put_bits(out, buf_span(&value), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

START_TEST(a_token_in_the_place_of_the_time_says_when_but_proves_nothing)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = NOW};
    CLEANUP(buf_clear) struct buf token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    stamp_make(&spec, span_of(XML), &token);
    sign_first(buf_span(&token), &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM301");
    ck_assert_int_eq(step_of(&v, "time-info"), STEP_PASSED);
    ck_assert_int_eq(v.report.claimed_time, NOW);
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
    judge(buf_span(&value), LEVEL_LONG_TERM, &w);
    ck_verdict(&w, INDETERMINATE, SUB_NO_POE, "TIM104");
}
END_TEST

START_TEST(a_token_of_something_else_in_the_place_of_the_time_is_a_failure)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = NOW};
    CLEANUP(buf_clear) struct buf token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    stamp_make(&spec, span_of("another Signature.xml"), &token);
    sign_first(buf_span(&token), &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_HASH_FAILURE, "TIM203");
    ck_assert_int_eq(step_of(&v, "time-info"), STEP_FAILED);
}
END_TEST

/* ---- putting it in ---- */

START_TEST(a_token_changes_nothing_that_is_signed)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16), out = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {.whole = {NULL, 0}};

    sign_stamped(SES_LAYOUT_4, &spec, &value);
    OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
    ck_assert_uint_gt(signature.timestamp.len, 0);
    ck_assert_int_eq(ses_with_timestamp(&signature, span_of("x"), &out, &err), RC_REFUSED);
    ck_assert_str_eq(err.finding, "TIM222");
}
END_TEST

START_TEST(layout_1_has_no_place_for_a_token)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = NOW};
    CLEANUP(buf_clear)
    struct buf token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16), out = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {.whole = {NULL, 0}};

    stamp_make(&spec, span_of(XML), &token);
    sign_first(buf_span(&token), &value);
    OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
    ck_assert_int_eq(ses_with_timestamp(&signature, buf_span(&token), &out, &err), RC_REFUSED);
    ck_assert_str_eq(err.finding, "TIM222");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_token_over_the_value_of_a_seal_signature_proves_the_time, 0,
                        N_OF(layouts));
    tcase_add_loop_test(tc, a_token_over_the_whole_bit_string_is_told_from_one_over_anything, 0, 2);
    tcase_add_test(tc, a_stamp_after_the_seal_had_ended_is_no_proof_from_its_lifetime);
    tcase_add_test(tc, an_archive_needs_lists_for_the_maker_too);
    tcase_add_loop_test(tc, a_token_over_a_seal_is_judged_by_when_it_was_made, 0, N_OF(seal_cases));
    tcase_add_test(tc, a_token_in_the_place_of_the_time_says_when_but_proves_nothing);
    tcase_add_test(tc, a_token_of_something_else_in_the_place_of_the_time_is_a_failure);
    tcase_add_test(tc, a_token_changes_nothing_that_is_signed);
    tcase_add_test(tc, layout_1_has_no_place_for_a_token);
}
