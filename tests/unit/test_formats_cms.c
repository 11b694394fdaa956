/* SPDX-License-Identifier: Apache-2.0 */
/* SignedData made, read and judged; the variants that others write; bare values. */
#include "core/base/codec.h"
#include "core/crypto/der_write.h"
#include "core/model/judge.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/sigvalue.h"
#include "tests/unit/people.h"

#define FILE_TEXT "the file that is signed"

static struct pki pki;
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_pki(void)
{
    pki_open(&pki);
}

static void close_pki(void)
{
    pki_close(&pki);
}

static void sign(const struct cms_spec *spec, struct buf *out)
{
    OK(cms_sign(spec, span_of(FILE_TEXT), pki.agency.signer, out, &err));
}

static bool judge_at(struct span value, const char *file, instant container, struct verdict_of *v)
{
    const struct cms_judge question = {
        .trust = pki.trust, .now = NOW + DAY, .part = "x.p7s", .container_time = container};
    CLEANUP(cms_clear) struct cms cms = {0};

    if (cms_read(value, &cms, &err) != RC_OK) {
        ck_assert_int_eq(err.code, RC_INPUT);
        ck_assert_str_eq(err.finding, "SIG001");
        return false;
    }
    cms_judge(&question, &cms, file ? span_of(file) : (struct span){0}, &v->report, &v->findings);
    return true;
}

static bool judge(struct span value, const char *file, struct verdict_of *v)
{
    return judge_at(value, file, 0, v);
}

static const struct cms_spec specs[] = {
    {.gbt35275 = true, .time = NOW},
    {.gbt35275 = true, .time = NOW, .attached = true},
    {.gbt35275 = false, .time = NOW},
    {.gbt35275 = true, .time = INSTANT_NONE},
};

START_TEST(what_is_signed_passes_and_another_file_does_not)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    pki_revoke(&pki, NULL, NOW);
    sign(&specs[_i], &value);
    ck_assert_int_eq(sigvalue_detect(buf_span(&value)), SIGVALUE_CMS);
    ck_assert(judge(buf_span(&value), FILE_TEXT, &v));
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, specs[_i].time == NOW ? "TIM301" : "TIM304");
    ck_assert_str_eq(v.report.format, specs[_i].gbt35275 ? "GBT35275" : "PKCS7");
    ck_assert_int_eq(v.report.claimed_time == NOW, specs[_i].time == NOW);
    ck_assert_int_eq(findings_worst(&v.findings), SEVERITY_INFO);
    ck_assert(judge(buf_span(&value), FILE_TEXT "!", &w));
    ck_verdict(&w, TOTAL_FAILED, SUB_HASH_FAILURE, specs[_i].attached ? "SIG205" : "SIG203");
    ck_assert_int_eq(step_of(&w, "value"), STEP_PASSED);
}
END_TEST

START_TEST(attributes_stand_in_the_order_of_der)
{
    const struct cms_attribute_spec extra = {LICENCE_DIGESTS_OID, span_of("\x04\x01x")};
    const struct cms_spec spec = {.gbt35275 = true, .time = NOW, .extra = &extra, .n_extra = 1};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};
    struct span rest, last = {0};
    struct der list, item, found;

    sign(&spec, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    ck_assert(!cms.has_content);
    ck_assert_uint_eq(cms.certs.n, 1);
    ck_assert_str_eq(cms.content_oid, OID_GB_DATA);
    ck_assert(cms_attribute(&cms.signers[0], LICENCE_DIGESTS_OID, &found));
    ck_assert(span_equals(found.body, span_of("x")));
    ck_assert(!cms_attribute(&cms.signers[0], "1.2.3", &found));
    rest = cms.signers[0].attributes;
    OK(der_next(&rest, &list, &err));
    for (rest = list.body; rest.len; last = item.whole) {
        OK(der_next(&rest, &item, &err));
        if (last.len)
            ck_assert_int_lt(memcmp(last.data, item.whole.data,
                                    last.len < item.whole.len ? last.len : item.whole.len),
                             0);
    }
}
END_TEST

static void flip_all(struct buf *value, struct span part)
{
    size_t from = (size_t)(part.data - (const unsigned char *)value->data);

    for (size_t i = from; i < from + part.len; i++) {
        CLEANUP(verdict_clear) struct verdict_of v = {0};

        value->data[i] ^= (char)(1 << (i % 8));
        if (judge(buf_span(value), FILE_TEXT, &v))
            ck_assert_msg(v.report.indication != TOTAL_PASSED, "bit in byte %zu passes", i);
        value->data[i] ^= (char)(1 << (i % 8));
    }
}

START_TEST(no_bit_of_signer_attributes_or_value_can_be_changed)
{
    const struct cms_spec spec = {.gbt35275 = true, .time = NOW};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};

    sign(&spec, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    flip_all(&value, cms.signers[0].sid);
    flip_all(&value, cms.signers[0].attributes);
    flip_all(&value, cms.signers[0].signature);
}
END_TEST

START_TEST(a_cut_value_is_refused_and_so_are_bytes_after_it)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};

    sign(&specs[0], &value);
    for (size_t n = 0; n < value.len; n++) {
        struct span cut = {(const unsigned char *)value.data, n};

        ck_assert_int_eq(cms_read(cut, &cms, &err), RC_INPUT);
        ck_assert_str_eq(err.finding, "SIG001");
    }
    OK(buf_add(&value, "x", 1, &err));
    ck_assert_int_eq(cms_read(buf_span(&value), &cms, &err), RC_INPUT);
}
END_TEST

/* ---- values as others make them ---- */

/* A SignedData without attributes: content inside (or not), value over `message`. */
struct plain {
    struct span inside; /* data NULL: detached */
    struct span message;
    bool no_cert;
    bool no_signer;
    bool key_id;
    bool indefinite;
};

static void put_algorithm(struct buf *out, const char *oid)
{
    size_t mark = out->len;

    OK(der_put_oid(out, oid, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_signer_info(struct buf *out, const struct plain *plain)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    size_t mark = out->len, sid;

    OK(der_put_integer(out, 1, &err));
    sid = out->len;
    OK(der_put_raw(out, cert_issuer_der(pki.agency.cert), &err));
    OK(der_put_raw(out, cert_serial_der(pki.agency.cert), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, sid, &err));
    if (plain->key_id) {
        out->len = sid;
        OK(der_put(out, (enum der_id)0x80, span_of("key"), &err));
    }
    put_algorithm(out, OID_SM3);
    put_algorithm(out, OID_SM2_SIGN);
    OK(signer_sign(pki.agency.signer, "test", plain->message, &value, &err));
    OK(der_put(out, DER_ID_OCTET_STRING, buf_span(&value), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

/* Wraps with an indefinite length: tag 80 … 00 00. */
static void wrap_indefinite(struct buf *out, unsigned char id)
{
    CLEANUP(buf_clear) struct buf copy = BUF_INIT(1 << 16);

    OK(buf_add(&copy, &id, 1, &err));
    OK(buf_add(&copy, "\x80", 1, &err));
    OK(buf_add(&copy, out->data, out->len, &err));
    OK(buf_add(&copy, "\0\0", 2, &err));
    buf_reset(out);
    OK(buf_add(out, copy.data, copy.len, &err));
}

static void wrap(struct buf *out, const struct plain *plain, enum der_id id)
{
    if (plain->indefinite)
        wrap_indefinite(out, (unsigned char)id);
    else
        OK(der_wrap(out, id, 0, &err));
}

static void make_plain(const struct plain *plain, struct buf *out)
{
    CLEANUP(buf_clear) struct buf oid = BUF_INIT(64);
    size_t mark, inner;

    OK(der_put_integer(out, 1, &err));
    mark = out->len;
    put_algorithm(out, OID_SM3);
    OK(der_wrap(out, DER_ID_SET, mark, &err));
    mark = out->len;
    OK(der_put_oid(out, OID_GB_DATA, &err));
    if (plain->inside.data) {
        inner = out->len;
        OK(der_put(out, DER_ID_OCTET_STRING, plain->inside, &err));
        OK(der_wrap(out, DER_ID_CONTEXT_0, inner, &err));
    }
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
    if (!plain->no_cert)
        OK(der_put(out, DER_ID_CONTEXT_0, cert_der(pki.agency.cert), &err));
    mark = out->len;
    if (!plain->no_signer)
        put_signer_info(out, plain);
    OK(der_wrap(out, DER_ID_SET, mark, &err));
    wrap(out, plain, DER_ID_SEQUENCE);
    wrap(out, plain, DER_ID_CONTEXT_0);
    OK(der_put_oid(&oid, OID_GB_SIGNED_DATA, &err));
    OK(buf_add(&oid, out->data, 0, &err));
    {
        CLEANUP(buf_clear) struct buf whole = BUF_INIT(1 << 16);

        OK(buf_add(&whole, oid.data, oid.len, &err));
        OK(buf_add(&whole, out->data, out->len, &err));
        buf_reset(out);
        OK(buf_add(out, whole.data, whole.len, &err));
    }
    wrap(out, plain, DER_ID_SEQUENCE);
}

static unsigned char digest[SM3_LEN];

static struct span digest_span(void)
{
    sm3(span_of(FILE_TEXT), digest);
    return (struct span){digest, SM3_LEN};
}

START_TEST(variant_b_binds_the_file_by_its_digest)
{
    const struct plain plain = {.inside = digest_span(), .message = digest_span()};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    make_plain(&plain, &value);
    ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW, &v));
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM301");
    ck_assert_int_eq(step_of(&v, "data-hash"), STEP_PASSED);
    ck_assert(judge_at(buf_span(&value), "another file", NOW, &w));
    ck_verdict(&w, TOTAL_FAILED, SUB_HASH_FAILURE, "SIG205");
}
END_TEST

START_TEST(a_plain_value_covers_the_file_inside_or_outside)
{
    struct plain plain = {.message = span_of(FILE_TEXT)};

    for (int inside = 0; inside < 2; inside++) {
        CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
        CLEANUP(verdict_clear) struct verdict_of v = {0};
        CLEANUP(verdict_clear) struct verdict_of w = {0};

        plain.inside = inside ? span_of(FILE_TEXT) : (struct span){0};
        make_plain(&plain, &value);
        ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW, &v));
        ck_verdict(&v, TOTAL_PASSED, SUB_NONE, NULL);
        ck_assert(judge_at(buf_span(&value), "another file", NOW, &w));
        ck_verdict(&w, TOTAL_FAILED, inside ? SUB_HASH_FAILURE : SUB_SIG_CRYPTO_FAILURE,
                   inside ? "SIG205" : "SIG201");
    }
}
END_TEST

START_TEST(the_digest_as_text_is_read_with_a_remark)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(128);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    struct plain plain;

    OK(base64_encode(digest_span(), &text, &err));
    plain = (struct plain){.inside = buf_span(&text), .message = buf_span(&text)};
    make_plain(&plain, &value);
    ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW, &v));
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "SIG320");
}
END_TEST

START_TEST(indefinite_lengths_are_read)
{
    const struct plain plain = {
        .inside = digest_span(), .message = digest_span(), .indefinite = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_plain(&plain, &value);
    ck_assert_int_eq((unsigned char)value.data[1], 0x80);
    ck_assert_int_eq(sigvalue_detect(buf_span(&value)), SIGVALUE_CMS);
    ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW, &v));
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, NULL);
}
END_TEST

START_TEST(without_the_signers_certificate_nobody_is_named)
{
    const struct plain plain = {.inside = digest_span(), .message = digest_span(), .no_cert = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    make_plain(&plain, &value);
    ck_assert(judge(buf_span(&value), FILE_TEXT, &v));
    ck_verdict(&v, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, "SIG102");
    ck_assert(judge(buf_span(&value), "another file", &w));
    ck_verdict(&w, TOTAL_FAILED, SUB_HASH_FAILURE, "SIG205");
}
END_TEST

START_TEST(a_value_without_signers_fails)
{
    const struct plain plain = {.message = span_of(FILE_TEXT), .no_signer = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_plain(&plain, &value);
    ck_assert(judge(buf_span(&value), FILE_TEXT, &v));
    ck_verdict(&v, TOTAL_FAILED, SUB_FORMAT_FAILURE, "SIG206");
}
END_TEST

START_TEST(a_signer_named_by_key_identifier_is_the_one_certificate_there)
{
    const struct plain plain = {.message = span_of(FILE_TEXT), .key_id = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_plain(&plain, &value);
    ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW, &v));
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, NULL);
}
END_TEST

START_TEST(the_time_of_the_container_counts_where_the_value_has_none)
{
    const struct plain plain = {.message = span_of(FILE_TEXT)};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make_plain(&plain, &value);
    ck_assert(judge_at(buf_span(&value), FILE_TEXT, NOW + 150 * DAY, &v));
    ck_verdict(&v, TOTAL_FAILED, SUB_EXPIRED, "TIM202");
}
END_TEST

START_TEST(nothing_to_compare_with_is_undecided)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(buf_clear) struct buf attached = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};

    sign(&specs[0], &value);
    ck_assert(judge(buf_span(&value), NULL, &v));
    ck_verdict(&v, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, "SIG108");
    sign(&specs[1], &attached);
    ck_assert(judge(buf_span(&attached), NULL, &w));
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, NULL);
}
END_TEST

/* ---- bare values and their detection ---- */

START_TEST(a_bare_value_needs_a_certificate_to_be_more_than_bytes)
{
    const struct cms_judge question = {.trust = pki.trust, .now = NOW + DAY, .container_time = NOW};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};
    CLEANUP(verdict_clear) struct verdict_of x = {0};

    OK(signer_sign(pki.agency.signer, "test", span_of(FILE_TEXT), &value, &err));
    ck_assert_int_eq(sigvalue_detect(buf_span(&value)), SIGVALUE_RAW);
    sigvalue_judge_raw(&question, buf_span(&value), "SM2", NULL, span_of(FILE_TEXT), &v.report,
                       &v.findings);
    ck_verdict(&v, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, "SIG111");
    sigvalue_judge_raw(&question, buf_span(&value), "SM2", pki.agency.cert, span_of(FILE_TEXT),
                       &w.report, &w.findings);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, NULL);
    sigvalue_judge_raw(&question, buf_span(&value), "SM2", pki.maker.cert, span_of(FILE_TEXT),
                       &x.report, &x.findings);
    ck_verdict(&x, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, "SIG201");
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
    enum sigvalue_kind kind;
} kinds[] = {
    {"\x30\x03\x06\x01\x2a", 5, SIGVALUE_CMS},
    {"\x30\x80\x06\x01\x2a\x00\x00", 7, SIGVALUE_CMS},
    {"\x30\x02\x30\x00", 4, SIGVALUE_SES},
    {"\x30\x06\x02\x01\x01\x02\x01\x01", 8, SIGVALUE_RAW},
    {"\x30\x03\x02\x01\x01", 5, SIGVALUE_UNKNOWN},
    {"\x04\x01x", 3, SIGVALUE_UNKNOWN},
    {"0123456789012345678901234567890123456789012345678901234567890123", 64, SIGVALUE_RAW},
    {"", 0, SIGVALUE_UNKNOWN},
    {"PK\x03\x04", 4, SIGVALUE_UNKNOWN},
};

START_TEST(the_kind_of_a_value_is_told_by_its_bytes)
{
    struct span value = {(const unsigned char *)kinds[_i].bytes, kinds[_i].len};

    ck_assert_int_eq(sigvalue_detect(value), kinds[_i].kind);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, what_is_signed_passes_and_another_file_does_not, 0, N_OF(specs));
    tcase_add_test(tc, attributes_stand_in_the_order_of_der);
    tcase_add_test(tc, no_bit_of_signer_attributes_or_value_can_be_changed);
    tcase_add_test(tc, a_cut_value_is_refused_and_so_are_bytes_after_it);
    tcase_add_test(tc, variant_b_binds_the_file_by_its_digest);
    tcase_add_test(tc, a_plain_value_covers_the_file_inside_or_outside);
    tcase_add_test(tc, the_digest_as_text_is_read_with_a_remark);
    tcase_add_test(tc, indefinite_lengths_are_read);
    tcase_add_test(tc, without_the_signers_certificate_nobody_is_named);
    tcase_add_test(tc, a_value_without_signers_fails);
    tcase_add_test(tc, a_signer_named_by_key_identifier_is_the_one_certificate_there);
    tcase_add_test(tc, the_time_of_the_container_counts_where_the_value_has_none);
    tcase_add_test(tc, nothing_to_compare_with_is_undecided);
    tcase_add_test(tc, a_bare_value_needs_a_certificate_to_be_more_than_bytes);
    tcase_add_loop_test(tc, the_kind_of_a_value_is_told_by_its_bytes, 0, N_OF(kinds));
}
