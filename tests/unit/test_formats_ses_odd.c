/* SPDX-License-Identifier: Apache-2.0 */
/* Seal signatures as other makers write them: layout 1 of GM/T 0031-2014, and every departure that
 * is read with a remark. */
#include "core/crypto/der_write.h"
#include "core/model/judge.h"
#include "formats/ses/ses.h"
#include "tests/unit/people.h"

#define XML "<Signature/>"
#define PROPERTY "/Doc_0/Signs/Sign_0/Signature.xml"

static struct pki pki;

static void open_pki(void)
{
    pki_open(&pki);
}

static void close_pki(void)
{
    pki_close(&pki);
}

enum form { FORM_DER, FORM_RAW, FORM_SURPLUS };
enum c0119 { C0119_NO, C0119_ITEMS, C0119_WHOLE };

/* How a trial value departs; all zero is what the standard wants of layout 4. */
struct odd {
    bool first;            /* layout 1 */
    int version;           /* instead of the layout's */
    bool explicit_false;   /* in extDatas */
    bool critical;         /* an unknown extension that is critical */
    enum form form;        /* of both values */
    enum c0119 c0119;      /* both values in the form of C0119-2018 */
    bool utf8;             /* propertyInfo as UTF8String */
    bool octet_hash;       /* dataHash as OCTET STRING */
    bool text_time;        /* timeInfo as text in a BIT STRING */
    unsigned char unused;  /* unused bits of that BIT STRING */
    bool bad_time;         /* timeInfo that is no time */
    bool utc;              /* seal times as the other layout writes them */
    bool empty_item;       /* in certList */
    bool plain_cert;       /* certList without OCTET STRING */
    bool late_start;       /* validStart before createDate */
    bool timestamp;        /* three bytes for a timestamp */
    const char *picture;   /* type */
    const char *algorithm; /* OID of the value */
    const char *property;
};

static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void put_time(struct buf *out, bool utc, instant time)
{
    if (utc)
        OK(der_put_time(out, time, &err));
    else
        OK(der_put_generalized_time(out, time, &err));
}

static void put_value(struct buf *out, enum form form, struct signer *signer, struct span message)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    CLEANUP(buf_clear) struct buf raw = BUF_INIT(1024);
    struct der sequence, number;
    struct span rest;

    OK(signer_sign(signer, "test", message, &value, &err));
    OK(der_only(buf_span(&value), &sequence, &err));
    if (form == FORM_SURPLUS)
        OK(buf_add(&value, "\0", 1, &err));
    for (rest = sequence.body; form == FORM_RAW && rest.len;) {
        unsigned char fixed[32] = {0};
        size_t skip;

        OK(der_next(&rest, &number, &err));
        skip = number.body.len > 32 ? number.body.len - 32 : 0;
        memcpy(fixed + 32 - (number.body.len - skip), number.body.data + skip,
               number.body.len - skip);
        OK(buf_add(&raw, fixed, 32, &err));
    }
    OK(der_put_bits(out, form == FORM_RAW ? buf_span(&raw) : buf_span(&value), &err));
}

static void put_extensions(struct buf *out, const struct odd *odd)
{
    size_t mark = out->len;

    OK(der_put_oid(out, "1.2.3", &err));
    if (odd->critical || odd->explicit_false)
        OK(der_put(out, DER_ID_BOOLEAN, span_of(odd->critical ? "\xff" : ""), &err));
    if (odd->explicit_false && !odd->critical) { /* span_of cannot hold the NUL */
        out->len -= 2;
        OK(buf_add(out, "\x01\x01\x00", 3, &err));
    }
    OK(der_put(out, DER_ID_OCTET_STRING, span_of("x"), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static int version_of(const struct odd *odd)
{
    return odd->version ? odd->version : odd->first ? 1 : 4;
}

static void put_info(struct buf *out, const struct odd *odd)
{
    size_t mark = out->len, inner;

    OK(der_put_text(out, DER_ID_IA5_STRING, "ES", &err));
    OK(der_put_integer(out, version_of(odd), &err));
    OK(der_put_text(out, DER_ID_IA5_STRING, "other", &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
    OK(der_put_text(out, DER_ID_IA5_STRING, "id", &err));
    inner = out->len;
    OK(der_put_integer(out, 1, &err));
    OK(der_put_text(out, DER_ID_UTF8_STRING, "测试章", &err));
    if (!odd->first)
        OK(der_put_integer(out, 1, &err));
    {
        size_t list = out->len;

        if (odd->empty_item)
            OK(der_put(out, DER_ID_OCTET_STRING, (struct span){0}, &err));
        if (odd->plain_cert)
            OK(der_put_raw(out, cert_der(pki.agency.cert), &err));
        else
            OK(der_put(out, DER_ID_OCTET_STRING, cert_der(pki.agency.cert), &err));
        OK(der_wrap(out, DER_ID_SEQUENCE, list, &err));
    }
    put_time(out, odd->utc != odd->first, NOW - 50 * DAY + (odd->late_start ? 8 * 3600 : 0));
    put_time(out, odd->utc != odd->first, NOW - 50 * DAY);
    put_time(out, odd->utc != odd->first, NOW + 50 * DAY);
    OK(der_wrap(out, DER_ID_SEQUENCE, inner, &err));
    inner = out->len;
    OK(der_put_text(out, DER_ID_IA5_STRING, odd->picture ? odd->picture : "png", &err));
    OK(der_put(out, DER_ID_OCTET_STRING, span_of("picture"), &err));
    OK(der_put_integer(out, 40, &err));
    OK(der_put_integer(out, 40, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, inner, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

/* cert and algorithm, as they stand in all layouts. */
static void put_tail(struct buf *out, const struct person *person, const char *algorithm)
{
    OK(der_put(out, DER_ID_OCTET_STRING, cert_der(person->cert), &err));
    OK(der_put_oid(out, algorithm ? algorithm : "1.2.156.10197.1.501", &err));
}

/* The bytes that a value of layout 4 is over. */
static void message_of(struct span whole, const struct person *person, const struct odd *odd,
                       struct buf *out)
{
    struct der element;

    OK(der_only(whole, &element, &err));
    OK(der_put_raw(out, odd->c0119 == C0119_ITEMS ? element.body : whole, &err));
    if (odd->c0119 == C0119_NO)
        return;
    put_tail(out, person, odd->algorithm);
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

static void put_seal(struct buf *out, const struct odd *odd)
{
    CLEANUP(buf_clear) struct buf message = BUF_INIT(1 << 16);
    size_t mark = out->len, tail;
    struct span info;

    put_info(out, odd);
    info = (struct span){(const unsigned char *)out->data + mark, out->len - mark};
    if (odd->first) {
        OK(der_put_raw(&message, info, &err));
        put_tail(&message, &pki.maker, odd->algorithm);
        OK(der_wrap(&message, DER_ID_SEQUENCE, 0, &err));
    } else {
        message_of(info, &pki.maker, odd, &message);
    }
    tail = out->len;
    put_tail(out, &pki.maker, odd->algorithm);
    put_value(out, odd->form, pki.maker.signer, buf_span(&message));
    if (odd->first)
        OK(der_wrap(out, DER_ID_SEQUENCE, tail, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_time_info(struct buf *out, const struct odd *odd)
{
    const char *text = odd->bad_time ? "yesterday" : "2026-03-01 08:00:00";
    size_t mark = out->len;

    if (!odd->first && !odd->text_time) {
        OK(der_put_generalized_time(out, NOW, &err));
        return;
    }
    OK(buf_add(out, &odd->unused, 1, &err));
    OK(buf_puts(out, text, &err));
    OK(der_wrap(out, DER_ID_BIT_STRING, mark, &err));
}

static void put_to_sign(struct buf *out, const struct odd *odd)
{
    unsigned char digest[SM3_LEN];
    struct span hash = {digest, SM3_LEN};
    size_t mark;

    sm3(span_of(XML), digest);
    OK(der_put_integer(out, version_of(odd), &err));
    put_seal(out, odd);
    put_time_info(out, odd);
    if (odd->octet_hash)
        OK(der_put(out, DER_ID_OCTET_STRING, hash, &err));
    else
        OK(der_put_bits(out, hash, &err));
    OK(der_put_text(out, odd->utf8 ? DER_ID_UTF8_STRING : DER_ID_IA5_STRING,
                    odd->property ? odd->property : PROPERTY, &err));
    if (odd->first)
        put_tail(out, &pki.agency, odd->algorithm);
    mark = out->len;
    if (!odd->first && (odd->explicit_false || odd->critical)) {
        put_extensions(out, odd);
        OK(der_wrap(out, DER_ID_CONTEXT_0, mark, &err));
    }
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

static void make(const struct odd *odd, struct buf *out)
{
    CLEANUP(buf_clear) struct buf message = BUF_INIT(1 << 16);

    put_to_sign(out, odd);
    if (odd->first)
        OK(der_put_raw(&message, buf_span(out), &err));
    else
        message_of(buf_span(out), &pki.agency, odd, &message);
    if (!odd->first)
        put_tail(out, &pki.agency, odd->algorithm);
    put_value(out, odd->form, pki.agency.signer, buf_span(&message));
    if (odd->timestamp) {
        size_t mark = out->len;

        OK(der_put_bits(out, span_of("abc"), &err));
        OK(der_wrap(out, DER_ID_CONTEXT_0, mark, &err));
    }
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

static void judge(struct span value, struct verdict_of *v)
{
    const struct ses_judge question = {.trust = pki.trust, .now = NOW + DAY};
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    unsigned char digest[SM3_LEN];

    sm3(span_of(XML), digest);
    OK(ses_signature_read(value, &signature, &v->findings, &err));
    ses_signature_judge(&question, &signature, digest, span_of(XML), PROPERTY, &v->report,
                        &v->findings);
}

static const struct {
    struct odd odd;
    enum indication indication;
    enum sub_indication sub;
    const char *code; /* of a remark, or of what is wrong */
} odds[] = {
    {{.first = false}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.first = true}, TOTAL_PASSED, SUB_NONE, "SIG311"},
    {{.first = true, .version = 4}, TOTAL_PASSED, SUB_NONE, "SIG309"},
    {{.version = 3}, TOTAL_PASSED, SUB_NONE, "SEA309"},
    {{.explicit_false = true}, TOTAL_PASSED, SUB_NONE, "SIG303"},
    {{.explicit_false = true}, TOTAL_PASSED, SUB_NONE, "SIG314"},
    {{.critical = true}, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, "SIG104"},
    {{.form = FORM_RAW}, TOTAL_PASSED, SUB_NONE, "SIG312"},
    {{.form = FORM_RAW}, TOTAL_PASSED, SUB_NONE, "SEA312"},
    {{.form = FORM_SURPLUS}, TOTAL_PASSED, SUB_NONE, "SIG313"},
    {{.c0119 = C0119_ITEMS}, TOTAL_PASSED, SUB_NONE, "SIG310"},
    {{.c0119 = C0119_WHOLE}, TOTAL_PASSED, SUB_NONE, "SEA310"},
    {{.utf8 = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.octet_hash = true}, TOTAL_FAILED, SUB_FORMAT_FAILURE, "SIG002"},
    {{.first = true, .octet_hash = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.text_time = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.first = true, .unused = 1}, TOTAL_PASSED, SUB_NONE, "SIG307"},
    {{.first = true, .bad_time = true}, INDETERMINATE, SUB_NO_POE, "TIM101"},
    {{.utc = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.first = true, .utc = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.empty_item = true}, TOTAL_PASSED, SUB_NONE, "SEA302"},
    {{.plain_cert = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.first = true, .plain_cert = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.late_start = true}, TOTAL_PASSED, SUB_NONE, "SEA306"},
    {{.timestamp = true}, TOTAL_PASSED, SUB_NONE, "TIM303"},
    {{.picture = "OFD"}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.picture = "webp"}, TOTAL_PASSED, SUB_NONE, "SEA308"},
    {{.algorithm = "1.2.156.10197.6.1.4.2.2"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.property = "Doc_0/Signs/Sign_0/Signature.xml"}, TOTAL_PASSED, SUB_NONE, "SIG317"},
    {{.property = "{\"DocId\":\"1\"}"}, TOTAL_PASSED, SUB_NONE, "SIG318"},
    {{.property = "/Doc_0/Signs/Sign_7/Signature.xml"},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     "SIG107"},
};

START_TEST(a_departure_that_leaves_the_meaning_clear_is_read_with_a_remark)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&odds[_i].odd, &value);
    judge(buf_span(&value), &v);
    ck_verdict(&v, odds[_i].indication, odds[_i].sub, odds[_i].code);
    if (!odds[_i].code)
        ck_assert_int_eq(findings_worst(&v.findings), SEVERITY_INFO);
}
END_TEST

/* The twin of each: with one bit of the digest changed the value is wrong, however it is written.
 */
START_TEST(no_departure_lets_a_changed_digest_pass)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};

    make(&odds[_i].odd, &value);
    OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
    value.data[signature.data_hash.data - (const unsigned char *)value.data] ^= 1;
    judge(buf_span(&value), &v);
    ck_assert_int_eq(v.report.indication, TOTAL_FAILED);
    ck_assert_int_eq(step_of(&v, "value"), STEP_FAILED);
    ck_assert_int_eq(step_of(&v, "data-hash"), STEP_FAILED);
}
END_TEST

START_TEST(the_seal_of_layout_1_is_signed_with_certificate_and_algorithm)
{
    const struct odd odd = {.first = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&odd, &value);
    OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
    ck_assert_int_eq(signature.layout, SES_LAYOUT_1);
    ck_assert_int_eq(signature.seal.layout, SES_LAYOUT_1);
    ck_assert_int_eq((int)signature.time, (int)NOW);
    ck_assert_uint_gt(signature.seal.signed_bytes.len, cert_der(pki.maker.cert).len);
    /* the seal's own signature notices a change of its certificate */
    value.data[signature.seal.maker_cert.data - (const unsigned char *)value.data + 200] ^= 1;
    judge(buf_span(&value), &v);
    ck_assert_int_eq(v.report.indication, TOTAL_FAILED);
}
END_TEST

START_TEST(a_remark_names_item_and_offset_and_gets_its_part)
{
    const struct odd odd = {.utf8 = true};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&odd, &value);
    OK(ses_signature_read(buf_span(&value), &signature, &v.findings, &err));
    ck_assert_uint_eq(v.findings.n, 1);
    ck_assert_str_eq(v.findings.list[0].where.field, "toSign.propertyInfo");
    ck_assert_int_gt(v.findings.list[0].where.offset, 0);
    ck_assert_ptr_null(v.findings.list[0].where.part);
    judge_place_notes(&v.findings, 0, "SignedValue.dat");
    ck_assert_str_eq(v.findings.list[0].where.part, "SignedValue.dat");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_departure_that_leaves_the_meaning_clear_is_read_with_a_remark, 0,
                        N_OF(odds));
    tcase_add_loop_test(tc, no_departure_lets_a_changed_digest_pass, 0, N_OF(odds));
    tcase_add_test(tc, the_seal_of_layout_1_is_signed_with_certificate_and_algorithm);
    tcase_add_test(tc, a_remark_names_item_and_offset_and_gets_its_part);
}
