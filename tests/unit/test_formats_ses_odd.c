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

enum form {
    FORM_DER,
    FORM_RAW,
    FORM_SURPLUS,
    FORM_PADDED,   /* zeros before r and s */
    FORM_NEGATIVE, /* without the zero that says they are positive */
};
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
    bool other_list_type;  /* certListType where the layout has none, or none where it has one */
    bool other_seal;       /* a seal of the other layout inside */
    bool seal_extensions;  /* extDatas in the seal */
    bool seal_tagged;      /* those under [0] */
    bool untagged;         /* extDatas of the signature without [0] */
    bool printable;        /* esID, Vid and propertyInfo as PrintableString */
    bool raw_certs;        /* signer's and maker's certificate without OCTET STRING */
    bool octet_time;       /* timeInfo of layout 1 as OCTET STRING */
    bool hash_unused;      /* unused bits in dataHash */
    bool value_unused;     /* unused bits in the BIT STRING of the values */
    enum der_id time_id;   /* timeInfo as this type, with ... */
    const char *time;      /* ... this text */
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

/* r and s with two zeros more than DER wants, or with none at all. */
static void rewrite_numbers(struct buf *value, bool padded)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1024);
    struct der sequence, number;
    struct span rest;

    OK(der_only(buf_span(value), &sequence, &err));
    for (rest = sequence.body; rest.len;) {
        size_t mark = out.len, skip = 0;

        OK(der_next(&rest, &number, &err));
        if (padded)
            OK(buf_add(&out, "\0\0", 2, &err));
        else
            skip = number.body.data[0] == 0;
        OK(buf_add(&out, number.body.data + skip, number.body.len - skip, &err));
        OK(der_wrap(&out, DER_ID_INTEGER, mark, &err));
    }
    OK(der_wrap(&out, DER_ID_SEQUENCE, 0, &err));
    buf_reset(value);
    OK(buf_add(value, out.data, out.len, &err));
}

/* A BIT STRING that says the last three bits of it are unused; contents stay. */
static void put_bits(struct buf *out, struct span octets, bool unused)
{
    size_t mark = out->len;

    OK(buf_add(out, unused ? "\3" : "\0", 1, &err));
    OK(buf_add(out, octets.data, octets.len, &err));
    OK(der_wrap(out, DER_ID_BIT_STRING, mark, &err));
}

static void put_value(struct buf *out, const struct odd *odd, struct signer *signer,
                      struct span message)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    CLEANUP(buf_clear) struct buf raw = BUF_INIT(1024);
    struct der sequence, number;
    enum form form = odd->form;
    struct span rest;

    do {
        buf_reset(&value);
        OK(signer_sign(signer, "test", message, &value, &err));
    } while (form == FORM_NEGATIVE && value.len < 71); /* one of the two has to have a zero */
    OK(der_only(buf_span(&value), &sequence, &err));
    if (form == FORM_SURPLUS)
        OK(buf_add(&value, "\0", 1, &err));
    if (form == FORM_PADDED || form == FORM_NEGATIVE)
        rewrite_numbers(&value, form == FORM_PADDED);
    for (rest = sequence.body; form == FORM_RAW && rest.len;) {
        unsigned char fixed[32] = {0};
        size_t skip;

        OK(der_next(&rest, &number, &err));
        skip = number.body.len > 32 ? number.body.len - 32 : 0;
        memcpy(fixed + 32 - (number.body.len - skip), number.body.data + skip,
               number.body.len - skip);
        OK(buf_add(&raw, fixed, 32, &err));
    }
    put_bits(out, form == FORM_RAW ? buf_span(&raw) : buf_span(&value), odd->value_unused);
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

/* Is the seal of layout 1? */
static bool seal_first(const struct odd *odd)
{
    return odd->first != odd->other_seal;
}

static void put_header(struct buf *out, const struct odd *odd)
{
    enum der_id text = odd->printable ? DER_ID_PRINTABLE_STRING : DER_ID_IA5_STRING;
    size_t mark = out->len;

    OK(der_put_text(out, DER_ID_IA5_STRING, "ES", &err));
    OK(der_put_integer(out, odd->version ? odd->version : seal_first(odd) ? 1 : 4, &err));
    OK(der_put_text(out, text, "other", &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
    OK(der_put_text(out, text, "id", &err));
}

static void put_cert_list(struct buf *out, const struct odd *odd)
{
    size_t mark = out->len;

    if (odd->empty_item)
        OK(der_put(out, DER_ID_OCTET_STRING, (struct span){0}, &err));
    if (odd->plain_cert)
        OK(der_put_raw(out, cert_der(pki.agency.cert), &err));
    else
        OK(der_put(out, DER_ID_OCTET_STRING, cert_der(pki.agency.cert), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_property(struct buf *out, const struct odd *odd)
{
    bool utc = odd->utc != seal_first(odd);
    size_t mark = out->len;

    OK(der_put_integer(out, 1, &err));
    OK(der_put_text(out, DER_ID_UTF8_STRING, "测试章", &err));
    if (seal_first(odd) == odd->other_list_type)
        OK(der_put_integer(out, 1, &err));
    put_cert_list(out, odd);
    put_time(out, utc, NOW - 50 * DAY + (odd->late_start ? 8 * 3600 : 0));
    put_time(out, utc, NOW - 50 * DAY);
    put_time(out, utc, NOW + 50 * DAY);
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_info(struct buf *out, const struct odd *odd)
{
    size_t mark = out->len, inner;

    put_header(out, odd);
    put_property(out, odd);
    inner = out->len;
    OK(der_put_text(out, DER_ID_IA5_STRING, odd->picture ? odd->picture : "png", &err));
    OK(der_put(out, DER_ID_OCTET_STRING, span_of("picture"), &err));
    OK(der_put_integer(out, 40, &err));
    OK(der_put_integer(out, 40, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, inner, &err));
    inner = out->len;
    if (odd->seal_extensions) {
        put_extensions(out, odd);
        if (odd->seal_tagged)
            OK(der_wrap(out, DER_ID_CONTEXT_0, inner, &err));
    }
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

/* cert and algorithm, as they stand in all layouts. */
static void put_tail(struct buf *out, const struct person *person, const struct odd *odd)
{
    if (odd->raw_certs)
        OK(der_put_raw(out, cert_der(person->cert), &err));
    else
        OK(der_put(out, DER_ID_OCTET_STRING, cert_der(person->cert), &err));
    OK(der_put_oid(out, odd->algorithm ? odd->algorithm : "1.2.156.10197.1.501", &err));
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
    put_tail(out, person, odd);
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
}

static void put_seal(struct buf *out, const struct odd *odd)
{
    CLEANUP(buf_clear) struct buf message = BUF_INIT(1 << 16);
    size_t mark = out->len, tail;
    struct span info;

    put_info(out, odd);
    info = (struct span){(const unsigned char *)out->data + mark, out->len - mark};
    if (seal_first(odd)) {
        OK(der_put_raw(&message, info, &err));
        put_tail(&message, &pki.maker, odd);
        OK(der_wrap(&message, DER_ID_SEQUENCE, 0, &err));
    } else {
        message_of(info, &pki.maker, odd, &message);
    }
    tail = out->len;
    put_tail(out, &pki.maker, odd);
    put_value(out, odd, pki.maker.signer, buf_span(&message));
    if (seal_first(odd))
        OK(der_wrap(out, DER_ID_SEQUENCE, tail, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_time_info(struct buf *out, const struct odd *odd)
{
    const char *text = odd->bad_time ? "yesterday" : "2026-03-01 08:00:00";
    size_t mark = out->len;

    if (odd->time) {
        OK(der_put_text(out, odd->time_id, odd->time, &err));
        return;
    }
    if (!odd->first && !odd->text_time) {
        OK(der_put_generalized_time(out, NOW, &err));
        return;
    }
    if (!odd->octet_time)
        OK(buf_add(out, &odd->unused, 1, &err));
    OK(buf_puts(out, text, &err));
    OK(der_wrap(out, odd->octet_time ? DER_ID_OCTET_STRING : DER_ID_BIT_STRING, mark, &err));
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
        put_bits(out, hash, odd->hash_unused);
    OK(der_put_text(out,
                    odd->printable ? DER_ID_PRINTABLE_STRING
                    : odd->utf8    ? DER_ID_UTF8_STRING
                                   : DER_ID_IA5_STRING,
                    odd->property ? odd->property : PROPERTY, &err));
    if (odd->first)
        put_tail(out, &pki.agency, odd);
    mark = out->len;
    if (!odd->first && (odd->explicit_false || odd->critical)) {
        put_extensions(out, odd);
        if (!odd->untagged)
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
        put_tail(out, &pki.agency, odd);
    put_value(out, odd, pki.agency.signer, buf_span(&message));
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
    /* layouts are told by their items, V2 and V3 being hybrids of the first */
    {{.first = true, .version = 2}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.first = true, .version = 3}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.first = true, .version = 11}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.first = true, .version = 5}, TOTAL_PASSED, SUB_NONE, "SEA309"},
    {{.version = 5}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.version = 1}, TOTAL_PASSED, SUB_NONE, "SIG309"},
    {{.first = true, .other_seal = true}, TOTAL_PASSED, SUB_NONE, "SIG309"},
    {{.other_seal = true}, TOTAL_PASSED, SUB_NONE, "SIG309"},
    {{.first = true, .other_list_type = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.other_list_type = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    /* extensions under their tag and without */
    {{.seal_extensions = true}, TOTAL_PASSED, SUB_NONE, "SEA314"},
    {{.seal_extensions = true, .seal_tagged = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.seal_extensions = true, .seal_tagged = true, .critical = true},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     "SEA104"},
    {{.explicit_false = true, .untagged = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.critical = true, .untagged = true}, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, "SIG104"},
    /* types of text and of what holds octets */
    {{.printable = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.printable = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.raw_certs = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.raw_certs = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.first = true, .raw_certs = true}, TOTAL_PASSED, SUB_NONE, "SEA301"},
    {{.first = true, .octet_time = true}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.hash_unused = true}, TOTAL_PASSED, SUB_NONE, "SIG307"},
    {{.value_unused = true}, TOTAL_PASSED, SUB_NONE, "SIG307"},
    {{.value_unused = true}, TOTAL_PASSED, SUB_NONE, "SEA307"},
    /* times: NOW in every form */
    {{.time_id = DER_ID_GENERALIZED_TIME, .time = "20260301000000.25Z"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG315"},
    {{.time_id = DER_ID_GENERALIZED_TIME, .time = "20260301080000+0800"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG315"},
    {{.time_id = DER_ID_GENERALIZED_TIME, .time = "20260301080000"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG315"},
    {{.time_id = DER_ID_UTC_TIME, .time = "260301000000Z"}, TOTAL_PASSED, SUB_NONE, "SIG301"},
    {{.time_id = DER_ID_UTC_TIME, .time = "2603010000Z"}, TOTAL_PASSED, SUB_NONE, "SIG315"},
    {{.first = true, .time_id = DER_ID_UTC_TIME, .time = "260301000000Z"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG301"},
    {{.first = true, .time_id = DER_ID_GENERALIZED_TIME, .time = "20260301000000Z"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG301"},
    {{.time_id = DER_ID_UTF8_STRING, .time = "2026-03-01 08:00:00"},
     TOTAL_PASSED,
     SUB_NONE,
     "SIG311"},
    {{.time_id = DER_ID_GENERALIZED_TIME, .time = "20261301000000Z"},
     INDETERMINATE,
     SUB_NO_POE,
     "SIG304"},
    /* values and the names of their algorithm */
    {{.form = FORM_PADDED}, TOTAL_PASSED, SUB_NONE, "SIG313"},
    {{.form = FORM_PADDED}, TOTAL_PASSED, SUB_NONE, "SEA313"},
    {{.form = FORM_NEGATIVE}, TOTAL_PASSED, SUB_NONE, "SIG313"},
    {{.first = true, .form = FORM_RAW}, TOTAL_PASSED, SUB_NONE, "SIG312"},
    {{.algorithm = "1.2.156.10197.1.301.1"}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.algorithm = "1.2.156.10197.501"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.algorithm = "1.2.156.10197.1.301"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.algorithm = "1.2.156.10197.1.401"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.algorithm = "1.2.156.10197.1.401.1"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.algorithm = "1.2.840.113549.1.1.11"}, TOTAL_PASSED, SUB_NONE, "SIG316"},
    {{.algorithm = "1.2.840.10045.4.3.2"}, TOTAL_PASSED, SUB_NONE, "SEA316"},
    {{.first = true, .algorithm = "1.2.840.10045.4.3.2"}, TOTAL_PASSED, SUB_NONE, "SEA316"},
    /* pictures */
    {{.picture = "GIF"}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.picture = "jpeg"}, TOTAL_PASSED, SUB_NONE, NULL},
    {{.picture = "Svg"}, TOTAL_PASSED, SUB_NONE, NULL},
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

/* Whoever reads the first and whoever reads the second would see two licences sealed. */
START_TEST(the_digests_of_a_licence_are_stated_once)
{
    const struct ses_extension once = {LICENCE_DIGESTS_OID, false, span_of("0123")};
    const struct ses_extension twice[] = {once, once};
    CLEANUP(buf_clear) struct buf seal = BUF_INIT(1 << 16);
    CLEANUP(ses_seal_clear) struct ses_seal read = {0};
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    const struct odd odd = {.first = false};

    put_seal(&seal, &odd);
    OK(ses_seal_read(buf_span(&seal), &read, NULL, &err));
    for (size_t n = 1; n <= 2; n++) {
        const struct ses_sign_spec spec = {.seal = &read,
                                           .time = NOW,
                                           .property = PROPERTY,
                                           .extensions = twice,
                                           .n_extensions = n};
        CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);

        OK(ses_sign(&spec, pki.agency.signer, &value, &err));
        if (n == 1) {
            OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
        } else {
            ses_signature_clear(&signature);
            ck_assert_int_eq(ses_signature_read(buf_span(&value), &signature, NULL, &err),
                             RC_INPUT);
            ck_assert_str_eq(err.finding, "SIG001");
        }
    }
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
    tcase_add_test(tc, the_digests_of_a_licence_are_stated_once);
    tcase_add_test(tc, the_seal_of_layout_1_is_signed_with_certificate_and_algorithm);
    tcase_add_test(tc, a_remark_names_item_and_offset_and_gets_its_part);
}
