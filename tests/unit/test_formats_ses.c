/* SPDX-License-Identifier: Apache-2.0 */
/* Seals and seal signatures made, read and judged, with everything that can be wrong with them. */
#include <stdio.h>

#include "core/crypto/der_write.h"
#include "core/model/judge.h"
#include "formats/ses/ses.h"
#include "tests/unit/people.h"

#define XML "<Signature/>"
#define PROPERTY "/Doc_0/Signs/Sign_0/Signature.xml"

static struct pki pki;
static unsigned char xml_sm3[SM3_LEN];

struct made {
    struct buf seal, value;
};

static void made_clear(struct made *made)
{
    buf_clear(&made->seal);
    buf_clear(&made->value);
}

#define MADE_INIT                            \
    {                                        \
        BUF_INIT(1 << 20), BUF_INIT(1 << 20) \
    }

static void open_pki(void)
{
    pki_open(&pki);
    sm3(span_of(XML), xml_sm3);
}

static void close_pki(void)
{
    pki_close(&pki);
}

static struct ses_seal_spec seal_spec(const struct certs *signers)
{
    return (struct ses_seal_spec){.layout = SES_LAYOUT_4,
                                  .name = "测试专用章",
                                  .type = 1,
                                  .signers = signers,
                                  .create_date = NOW - 50 * DAY,
                                  .valid_start = NOW - 50 * DAY,
                                  .valid_end = NOW + 50 * DAY,
                                  .picture_type = "PNG",
                                  .picture = span_of("not a real picture"),
                                  .width_mm = 40,
                                  .height_mm = 40};
}

static void make_seal(const struct ses_seal_spec *spec, struct signer *maker, struct buf *out)
{
    struct err err = ERR_INIT;

    CK_OK(ses_seal_make(spec, maker, out, &err), &err);
}

static void sign_with(struct span seal_der, struct signer *signer, instant time, struct buf *out)
{
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    const struct ses_extension extension = {LICENCE_DIGESTS_OID, false, span_of("\x04\x01x")};
    struct ses_sign_spec spec = {.seal = &seal,
                                 .time = time,
                                 .property = PROPERTY,
                                 .extensions = &extension,
                                 .n_extensions = 1};
    struct err err = ERR_INIT;

    memcpy(spec.data_hash, xml_sm3, SM3_LEN);
    CK_OK(ses_seal_read(seal_der, &seal, NULL, &err), &err);
    CK_OK(ses_sign(&spec, signer, out, &err), &err);
}

/* A good seal of the agency and its signature at NOW. */
static void make(enum ses_layout layout, struct made *made)
{
    struct certs signers = {&pki.agency.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);

    spec.layout = layout;
    make_seal(&spec, pki.maker.signer, &made->seal);
    sign_with(buf_span(&made->seal), pki.agency.signer, NOW, &made->value);
}

static struct ses_judge question(struct judge_cache *cache)
{
    return (struct ses_judge){
        .trust = pki.trust, .now = NOW + DAY, .cache = cache, .part = "SignedValue.dat"};
}

static bool judge_xml(struct span value, struct judge_cache *cache, const char *xml,
                      struct verdict_of *v)
{
    const struct ses_judge judge = question(cache);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    unsigned char digest[SM3_LEN];
    struct err err = ERR_INIT;

    if (ses_signature_read(value, &signature, &v->findings, &err) != RC_OK) {
        ck_assert_int_eq(err.code, RC_INPUT);
        ck_assert_str_ne(err.finding, "");
        return false;
    }
    sm3(span_of(xml), digest);
    ses_signature_judge(&judge, &signature, digest, span_of(xml), PROPERTY, &v->report,
                        &v->findings);
    return true;
}

static bool judge(struct span value, struct verdict_of *v)
{
    return judge_xml(value, NULL, XML, v);
}

static void judge_made(const struct made *made, struct verdict_of *v)
{
    ck_assert(judge(buf_span(&made->value), v));
}

static const enum ses_layout written[] = {SES_LAYOUT_4, SES_LAYOUT_5};

START_TEST(a_seal_is_read_as_it_was_made)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    struct findings notes = {0};
    struct err err = ERR_INIT;

    make(written[_i], &made);
    CK_OK(ses_seal_read(buf_span(&made.seal), &seal, &notes, &err), &err);
    ck_assert_uint_eq(notes.n, 0);
    ck_assert_int_eq((int)seal.layout, (int)written[_i]);
    ck_assert_int_eq((int)seal.version, (int)written[_i]);
    ck_assert_str_eq(seal.name, "测试专用章");
    ck_assert_str_eq(seal.vendor, "ecert");
    ck_assert_uint_eq(strlen(seal.id), 32);
    ck_assert_str_eq(seal.picture_type, "PNG");
    ck_assert_str_eq(seal.algorithm, "1.2.156.10197.1.501");
    ck_assert_int_eq((int)seal.valid_end, (int)(NOW + 50 * DAY));
    ck_assert_int_eq((int)seal.width_mm, 40);
    ck_assert(ses_seal_lists(&seal, pki.agency.cert));
    ck_assert(!ses_seal_lists(&seal, pki.maker.cert));
}
END_TEST

START_TEST(a_seal_may_list_digests_of_certificates)
{
    struct certs signers = {&pki.agency.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    struct err err = ERR_INIT;

    spec.digests = true;
    make_seal(&spec, pki.maker.signer, &made.seal);
    CK_OK(ses_seal_read(buf_span(&made.seal), &seal, NULL, &err), &err);
    ck_assert(seal.digests);
    ck_assert(ses_seal_lists(&seal, pki.agency.cert));
    ck_assert(!ses_seal_lists(&seal, pki.maker.cert));
}
END_TEST

START_TEST(a_seal_without_name_picture_or_signers_is_not_made)
{
    struct certs signers = {&pki.agency.cert, 1}, none = {0};
    struct ses_seal_spec bad[5];
    CLEANUP(made_clear) struct made made = MADE_INIT;
    struct err err = ERR_INIT;

    for (size_t i = 0; i < 5; i++)
        bad[i] = seal_spec(&signers);
    bad[0].name = "";
    bad[1].picture.len = 0;
    bad[2].signers = &none;
    bad[3].valid_end = bad[3].valid_start;
    bad[4].layout = SES_LAYOUT_1;
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(ses_seal_make(&bad[i], pki.maker.signer, &made.seal, &err), RC_USAGE);
    ck_assert_uint_eq(made.seal.len, 0);
}
END_TEST

START_TEST(a_good_signature_of_a_trusted_signer_passes)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(written[_i], &made);
    pki_revoke(&pki, NULL, NOW);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM301");
    ck_assert_str_eq(v.report.format, written[_i] == SES_LAYOUT_4 ? "SES-4" : "SES-5");
    ck_assert_str_eq(v.report.seal_name, "测试专用章");
    ck_assert_int_eq((int)v.report.claimed_time, (int)NOW);
    ck_assert_int_eq(step_of(&v, "value"), STEP_PASSED);
    ck_assert_int_eq(step_of(&v, "seal-signature"), STEP_PASSED);
    ck_assert_int_eq(step_of(&v, "signer-revocation"), STEP_PASSED);
    ck_assert_int_eq(step_of(&v, "property-path"), STEP_PASSED);
    ck_assert_int_eq(findings_worst(&v.findings), SEVERITY_INFO);
}
END_TEST

START_TEST(a_missing_revocation_list_is_a_note_and_a_missing_root_leaves_it_open)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    make(SES_LAYOUT_4, &made);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "CRT301");
    trust_free(pki.trust);
    pki.trust = trust_new();
    judge_made(&made, &w);
    ck_verdict(&w, INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND, "CRT101");
}
END_TEST

START_TEST(the_extension_of_the_digests_is_found_and_no_other)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    struct span value;
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_signature_read(buf_span(&made.value), &signature, NULL, &err), &err);
    ck_assert(ses_extension(&signature, LICENCE_DIGESTS_OID, &value));
    ck_assert(span_equals(value, span_of("\x04\x01x")));
    ck_assert(!ses_extension(&signature, "1.2.3", &value));
}
END_TEST

/* ---- one bit ---- */

static size_t at(const struct buf *value, struct span part)
{
    return (size_t)(part.data - (const unsigned char *)value->data);
}

/* No flip of a bit in the part may pass. */
static void flip_all(struct made *made, size_t from, size_t len)
{
    size_t stride = len > 200 ? 7 : 1;

    for (size_t i = from; i < from + len; i += stride) {
        CLEANUP(verdict_clear) struct verdict_of v = {0};

        made->value.data[i] ^= (char)(1 << (i % 8));
        if (judge(buf_span(&made->value), &v))
            ck_assert_msg(v.report.indication != TOTAL_PASSED, "bit in byte %zu passes", i);
        made->value.data[i] ^= (char)(1 << (i % 8));
    }
}

START_TEST(no_bit_of_content_seal_certificate_or_value_can_be_changed)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_signature_read(buf_span(&made.value), &signature, NULL, &err), &err);
    flip_all(&made, at(&made.value, signature.to_sign), signature.to_sign.len);
    flip_all(&made, at(&made.value, signature.cert), signature.cert.len);
    flip_all(&made, at(&made.value, signature.signature), signature.signature.len);
}
END_TEST

START_TEST(no_cut_value_is_read_and_none_with_bytes_after_it)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    for (size_t n = 0; n < made.value.len; n += 3) {
        struct span cut = {(const unsigned char *)made.value.data, n};

        ck_assert_int_eq(ses_signature_read(cut, &signature, NULL, &err), RC_INPUT);
        ck_assert(err.finding[0] && strstr(err.where, "@0x"));
    }
    CK_OK(buf_add(&made.value, "\0", 1, &err), &err);
    ck_assert_int_eq(ses_signature_read(buf_span(&made.value), &signature, NULL, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "SIG001");
}
END_TEST

START_TEST(another_xml_fails_the_data_hash_alone)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(SES_LAYOUT_4, &made);
    ck_assert(judge_xml(buf_span(&made.value), NULL, "<Signature />", &v));
    ck_verdict(&v, TOTAL_FAILED, SUB_HASH_FAILURE, "SIG203");
    ck_assert_int_eq(step_of(&v, "value"), STEP_PASSED);
    ck_assert_int_eq(step_of(&v, "data-hash"), STEP_FAILED);
}
END_TEST

/* ---- who and when ---- */

START_TEST(a_signer_whom_the_seal_does_not_list_fails)
{
    CLEANUP(person_clear)
    struct person other = pki_person(&pki, "TEST other", CERT_PROFILE_SIGNER, NOW - DAY, NOW + DAY);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(SES_LAYOUT_4, &made);
    buf_reset(&made.value);
    sign_with(buf_span(&made.seal), other.signer, NOW, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_FORMAT_FAILURE, "SIG202");
    ck_assert_int_eq(step_of(&v, "value"), STEP_PASSED);
}
END_TEST

START_TEST(a_certificate_that_is_not_for_signing_fails)
{
    CLEANUP(person_clear)
    struct person ca = pki_person(&pki, "TEST ca", CERT_PROFILE_CA, NOW - DAY, NOW + DAY);
    struct certs signers = {&ca.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_seal(&spec, pki.maker.signer, &made.seal);
    sign_with(buf_span(&made.seal), ca.signer, NOW, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_FORMAT_FAILURE, "CRT204");
}
END_TEST

static const struct {
    instant time;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
} times[] = {
    {NOW - 60 * DAY, TOTAL_FAILED, SUB_NOT_YET_VALID, "SEA202"},
    {NOW - 120 * DAY, TOTAL_FAILED, SUB_NOT_YET_VALID, "TIM201"},
    {NOW - 50 * DAY, TOTAL_PASSED, SUB_NONE, "TIM301"},
    {NOW + DAY, TOTAL_PASSED, SUB_NONE, "TIM301"},
    {NOW + 10 * DAY, INDETERMINATE, SUB_NO_POE, "TIM102"},
    {NOW + 60 * DAY, TOTAL_FAILED, SUB_EXPIRED, "SEA203"},
    {NOW + 150 * DAY, TOTAL_FAILED, SUB_EXPIRED, "TIM202"},
};

START_TEST(the_signing_time_lies_in_the_validity_of_seal_and_certificate)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(SES_LAYOUT_4, &made);
    buf_reset(&made.value);
    sign_with(buf_span(&made.seal), pki.agency.signer, times[_i].time, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, times[_i].indication, times[_i].sub, times[_i].code);
}
END_TEST

START_TEST(an_expiry_since_the_signing_is_no_fault)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    struct ses_judge judge_later = question(NULL);
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_signature_read(buf_span(&made.value), &signature, NULL, &err), &err);
    judge_later.now = NOW + 250 * DAY; /* agency, maker and seal have ended */
    ses_signature_judge(&judge_later, &signature, xml_sm3, span_of(XML), PROPERTY, &v.report,
                        &v.findings);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, NULL);
}
END_TEST

static const struct {
    instant revoked;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
} revocations[] = {
    {NOW - 2 * DAY, TOTAL_FAILED, SUB_REVOKED, "CRT205"},
    {NOW + DAY / 2, TOTAL_PASSED, SUB_NONE, "CRT304"},
};

START_TEST(a_revocation_counts_when_it_was_before_the_signing)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(SES_LAYOUT_4, &made);
    pki_revoke(&pki, pki.agency.cert, revocations[_i].revoked);
    judge_made(&made, &v);
    ck_verdict(&v, revocations[_i].indication, revocations[_i].sub, revocations[_i].code);
}
END_TEST

START_TEST(what_is_failed_stays_failed_when_nobody_is_trusted)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(SES_LAYOUT_4, &made);
    trust_free(pki.trust);
    pki.trust = trust_new();
    ck_assert(judge_xml(buf_span(&made.value), NULL, "other", &v));
    ck_verdict(&v, TOTAL_FAILED, SUB_HASH_FAILURE, "CRT101");
}
END_TEST

/* ---- the maker ---- */

/* A maker whose certificate ended before the signing but after the seal was made. */
static void make_with_ended_maker(enum ses_layout layout, struct made *made)
{
    CLEANUP(person_clear)
    struct person maker =
        pki_person(&pki, "TEST old maker", CERT_PROFILE_SIGNER, NOW - 90 * DAY, NOW - 40 * DAY);
    struct certs signers = {&pki.agency.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);

    spec.layout = layout;
    make_seal(&spec, maker.signer, &made->seal);
    sign_with(buf_span(&made->seal), pki.agency.signer, NOW, &made->value);
}

START_TEST(an_ended_maker_fails_a_seal_of_2020_and_is_a_notice_in_one_of_2025)
{
    CLEANUP(made_clear) struct made four = MADE_INIT;
    CLEANUP(made_clear) struct made five = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    make_with_ended_maker(SES_LAYOUT_4, &four);
    make_with_ended_maker(SES_LAYOUT_5, &five);
    judge_made(&four, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_EXPIRED, "SEA204");
    judge_made(&five, &w);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, "SEA318");
}
END_TEST

/* GM/T 0031-2025: the seal must have been made while its maker's certificate was valid, and before
 * now. */
static const struct {
    instant made;
    enum sub_indication sub;
    const char *code;
} makings[] = {
    {NOW - 30 * DAY, SUB_EXPIRED, "SEA206"},
    {NOW - 100 * DAY, SUB_NOT_YET_VALID, "SEA206"},
    {NOW + 30 * DAY, SUB_EXPIRED, "SEA207"},
};

START_TEST(a_seal_of_2025_that_was_made_at_a_wrong_time_fails)
{
    CLEANUP(person_clear)
    struct person maker =
        pki_person(&pki, "TEST old maker", CERT_PROFILE_SIGNER, NOW - 90 * DAY, NOW - 40 * DAY);
    struct certs signers = {&pki.agency.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    spec.layout = SES_LAYOUT_5;
    spec.create_date = makings[_i].made;
    make_seal(&spec, maker.signer, &made.seal);
    sign_with(buf_span(&made.seal), pki.agency.signer, NOW, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_FAILED, makings[_i].sub, makings[_i].code);
}
END_TEST

START_TEST(a_maker_revoked_after_making_the_seal_counts_by_edition)
{
    CLEANUP(made_clear) struct made four = MADE_INIT;
    CLEANUP(made_clear) struct made five = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    make(SES_LAYOUT_4, &four);
    make(SES_LAYOUT_5, &five);
    pki_revoke(&pki, pki.maker.cert, NOW - 10 * DAY);
    judge_made(&four, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_REVOKED, "CRT205");
    judge_made(&five, &w);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, "CRT304");
}
END_TEST

START_TEST(a_seal_made_by_its_own_user_is_a_warning)
{
    struct certs signers = {&pki.agency.cert, 1};
    struct ses_seal_spec spec = seal_spec(&signers);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_seal(&spec, pki.agency.signer, &made.seal);
    sign_with(buf_span(&made.seal), pki.agency.signer, NOW, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "SEA317");
    ck_assert_int_eq(findings_worst(&v.findings), SEVERITY_WARNING);
}
END_TEST

START_TEST(a_forged_seal_fails_though_its_signature_is_right)
{
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_seal_read(buf_span(&made.seal), &seal, NULL, &err), &err);
    made.seal.data[at(&made.seal, seal.picture)] ^= 1;
    buf_reset(&made.value);
    sign_with(buf_span(&made.seal), pki.agency.signer, NOW, &made.value);
    judge_made(&made, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, "SEA201");
    ck_assert_int_eq(step_of(&v, "value"), STEP_PASSED);
}
END_TEST

START_TEST(a_seal_alone_is_judged_at_the_time_asked_for)
{
    const struct ses_judge judge_seal = question(NULL);
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};
    struct err err = ERR_INIT;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_seal_read(buf_span(&made.seal), &seal, NULL, &err), &err);
    ses_seal_judge(&judge_seal, &seal, NOW, &v.report, &v.findings);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, NULL);
    ses_seal_judge(&judge_seal, &seal, NOW + 60 * DAY, &w.report, &w.findings);
    ck_verdict(&w, TOTAL_FAILED, SUB_EXPIRED, "SEA203");
}
END_TEST

/* ---- the memory of a batch ---- */

START_TEST(a_cache_changes_no_answer)
{
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    CLEANUP(made_clear) struct made made = MADE_INIT;
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    struct err err = ERR_INIT;
    size_t picture;

    make(SES_LAYOUT_4, &made);
    CK_OK(ses_signature_read(buf_span(&made.value), &signature, NULL, &err), &err);
    picture = at(&made.value, signature.seal.picture);
    for (int i = 0; i < 6; i++) {
        CLEANUP(verdict_clear) struct verdict_of v = {0};

        if (i == 3)
            made.value.data[picture] ^= 1;
        if (i == 5)
            made.value.data[picture] ^= 1;
        ck_assert(judge_xml(buf_span(&made.value), cache, XML, &v));
        ck_assert_int_eq(step_of(&v, "seal-signature"),
                         i == 3 || i == 4 ? STEP_FAILED : STEP_PASSED);
        ck_assert_int_eq(v.report.indication, i == 3 || i == 4 ? TOTAL_FAILED : TOTAL_PASSED);
    }
}
END_TEST

START_TEST(a_cache_asks_again_for_another_trust_and_another_time)
{
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    CLEANUP(trust_freep) struct trust *nobody = trust_new();
    CLEANUP(chain_clear) struct chain known = {0};
    CLEANUP(chain_clear) struct chain unknown = {0};
    CLEANUP(chain_clear) struct chain late = {0};
    CLEANUP(chain_clear) struct chain soon = {0};
    struct chain_question q = {pki.trust, pki.agency.cert, NULL, NOW, NOW};

    judge_cache_chain(cache, &q, &known);
    ck_assert_int_eq(known.status, CHAIN_OK);
    q.trust = nobody;
    judge_cache_chain(cache, &q, &unknown);
    ck_assert_int_eq(unknown.status, CHAIN_NO_ANCHOR);
    q.trust = pki.trust;
    q.at = NOW + 2000 * DAY; /* the root has ended */
    judge_cache_chain(cache, &q, &late);
    ck_assert_int_ne(late.status, CHAIN_OK);
    q.at = NOW + 900 * DAY; /* it has not, and the answer for NOW says so too */
    judge_cache_chain(cache, &q, &soon);
    ck_assert_int_eq(soon.status, CHAIN_OK);
}
END_TEST

START_TEST(a_cache_knows_that_an_issuer_was_revoked_in_between)
{
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    CLEANUP(chain_clear) struct chain before = {0};
    CLEANUP(chain_clear) struct chain after = {0};
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(cert_freep) struct cert *ca = NULL;
    CLEANUP(person_clear) struct person leaf = {0};
    struct chain_question q = {pki.trust, NULL, NULL, NOW, NOW + 20 * DAY};
    struct err err = ERR_INIT;

    CK_OK(key_generate_sm2(&key, &err), &err);
    ca = pki_cert(&pki, key, "TEST ca", CERT_PROFILE_CA, NOW - DAY, NOW + 50 * DAY);
    leaf = pki_person(&(struct pki){.root_key = key, .root = ca}, "TEST leaf", CERT_PROFILE_SIGNER,
                      NOW - DAY, NOW + 50 * DAY);
    trust_add_intermediate(pki.trust, ca);
    pki_revoke(&pki, ca, NOW + 10 * DAY);
    q.leaf = leaf.cert;
    judge_cache_chain(cache, &q, &before);
    ck_assert_int_eq(before.status, CHAIN_OK);
    q.at = NOW + 15 * DAY;
    judge_cache_chain(cache, &q, &after);
    ck_assert_int_eq(after.status, CHAIN_ISSUER_REVOKED);
}
END_TEST

START_TEST(a_cache_keeps_kinds_apart_and_forgets_the_oldest)
{
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    char text[16];
    int answer;

    for (int i = 0; i < 100; i++) {
        (void)snprintf(text, sizeof(text), "%d", i);
        judge_cache_keep(cache, 1, span_of(text), i);
    }
    ck_assert(judge_cache_recall(cache, 1, span_of("99"), &answer));
    ck_assert_int_eq(answer, 99);
    ck_assert(!judge_cache_recall(cache, 2, span_of("99"), &answer));
    ck_assert(!judge_cache_recall(cache, 1, span_of("0"), &answer));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_seal_is_read_as_it_was_made, 0, N_OF(written));
    tcase_add_test(tc, a_seal_may_list_digests_of_certificates);
    tcase_add_test(tc, a_seal_without_name_picture_or_signers_is_not_made);
    tcase_add_loop_test(tc, a_good_signature_of_a_trusted_signer_passes, 0, N_OF(written));
    tcase_add_test(tc, a_missing_revocation_list_is_a_note_and_a_missing_root_leaves_it_open);
    tcase_add_test(tc, the_extension_of_the_digests_is_found_and_no_other);
    tcase_add_test(tc, no_bit_of_content_seal_certificate_or_value_can_be_changed);
    tcase_add_test(tc, no_cut_value_is_read_and_none_with_bytes_after_it);
    tcase_add_test(tc, another_xml_fails_the_data_hash_alone);
    tcase_add_test(tc, a_signer_whom_the_seal_does_not_list_fails);
    tcase_add_test(tc, a_certificate_that_is_not_for_signing_fails);
    tcase_add_loop_test(tc, the_signing_time_lies_in_the_validity_of_seal_and_certificate, 0,
                        N_OF(times));
    tcase_add_test(tc, an_expiry_since_the_signing_is_no_fault);
    tcase_add_loop_test(tc, a_revocation_counts_when_it_was_before_the_signing, 0,
                        N_OF(revocations));
    tcase_add_test(tc, what_is_failed_stays_failed_when_nobody_is_trusted);
    tcase_add_test(tc, an_ended_maker_fails_a_seal_of_2020_and_is_a_notice_in_one_of_2025);
    tcase_add_loop_test(tc, a_seal_of_2025_that_was_made_at_a_wrong_time_fails, 0, N_OF(makings));
    tcase_add_test(tc, a_maker_revoked_after_making_the_seal_counts_by_edition);
    tcase_add_test(tc, a_seal_made_by_its_own_user_is_a_warning);
    tcase_add_test(tc, a_forged_seal_fails_though_its_signature_is_right);
    tcase_add_test(tc, a_seal_alone_is_judged_at_the_time_asked_for);
    tcase_add_test(tc, a_cache_changes_no_answer);
    tcase_add_test(tc, a_cache_asks_again_for_another_trust_and_another_time);
    tcase_add_test(tc, a_cache_knows_that_an_issuer_was_revoked_in_between);
    tcase_add_test(tc, a_cache_keeps_kinds_apart_and_forgets_the_oldest);
}
