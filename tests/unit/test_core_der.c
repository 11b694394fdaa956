/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der.h"

#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/codec.h"
#include "core/base/mem.h"
#include "tests/unit/unit.h"

/* Hexadecimal to a span over exactly those bytes, so that a sanitizer sees a read past the end. */
struct bytes {
    unsigned char *data;
    size_t len;
};

static struct bytes bytes_of(const char *hex)
{
    size_t n = strlen(hex) / 2;
    struct bytes bytes = {.data = mem_resize(NULL, n ? n : 1), .len = n};

    ck_assert(hex_decode(hex, n, bytes.data));
    return bytes;
}

static void bytes_clear(struct bytes *bytes)
{
    free(bytes->data);
}

static struct span span_of_bytes(const struct bytes *bytes)
{
    return (struct span){bytes->data, bytes->len};
}

static const struct {
    const char *hex;
    unsigned tag;
    int class;
    bool constructed, is_der;
    size_t body;
} elements[] = {
    {"020105", DER_INTEGER, DER_UNIVERSAL, false, true, 1},
    {"3000", DER_SEQUENCE, DER_UNIVERSAL, true, true, 0},
    {"a003020105", 0, DER_CONTEXT, true, true, 3},
    {"02810105", DER_INTEGER, DER_UNIVERSAL, false, false, 1},
    {"0282000105", DER_INTEGER, DER_UNIVERSAL, false, false, 1},
    {"0289000000000000000001ff", DER_INTEGER, DER_UNIVERSAL, false, false, 1},
    {"5f1f0100", 31, DER_APPLICATION, false, true, 1},
    {"df814801ff", 200, DER_PRIVATE, false, true, 1},
};

START_TEST(an_element_is_taken_apart)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(elements[_i].hex);
    struct err err = ERR_INIT;
    struct der der;

    CK_OK(der_only(span_of_bytes(&in), &der, &err), &err);
    ck_assert_uint_eq(der.tag, elements[_i].tag);
    ck_assert_int_eq((int)der.class, elements[_i].class);
    ck_assert_int_eq(der.constructed, elements[_i].constructed);
    ck_assert_int_eq(der.is_der, elements[_i].is_der);
    ck_assert_uint_eq(der.body.len, elements[_i].body);
    ck_assert_uint_eq(der.whole.len, in.len);
}
END_TEST

START_TEST(a_length_of_128_and_more_is_read)
{
    unsigned char in[3 + 200] = {0x04, 0x81, 200};
    struct err err = ERR_INIT;
    struct der der;

    CK_OK(der_only((struct span){in, sizeof(in)}, &der, &err), &err);
    ck_assert(der.is_der);
    ck_assert_uint_eq(der.body.len, 200);
    in[2] = 201;
    ck_assert_int_eq(der_only((struct span){in, sizeof(in)}, &der, &err), RC_INPUT);
}
END_TEST

static const struct {
    const char *hex, *where, *says;
} faults[] = {
    {"", "@0x0", "missing"},
    {"30", "@0x1", "cut in a length"},
    {"3081", "@0x2", "cut in a length"},
    {"300201", "@0x3", "contents are cut"},
    {"1f", "@0x1", "cut in a tag"},
    {"1fffffffffff7f00", "@0x5", "tag number too large"},
    {"048affffffffffffffffffff", "@0xa", "length too large"},
    {"0488ffffffffffffffff", "@0xa", "contents are cut"},
    {"30800000", "@0x1", "indefinite length"},
    {"02010500", "@0x3", "trailing bytes"},
};

START_TEST(a_fault_is_told_with_its_offset)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(faults[_i].hex);
    struct err err = ERR_INIT;
    struct der der;

    ck_assert_int_eq(der_only(span_of_bytes(&in), &der, &err), RC_INPUT);
    ck_assert_str_eq(err.where, faults[_i].where);
    ck_assert_msg(strstr(err.text, faults[_i].says), "%s", err.text);
}
END_TEST

START_TEST(elements_follow_each_other)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of("0201050c0261620500");
    struct span rest = span_of_bytes(&in);
    struct err err = ERR_INIT;
    struct der der;

    CK_OK(der_expect(&rest, DER_INTEGER, "version", &der, &err), &err);
    ck_assert_int_eq(der_expect(&rest, DER_INTEGER, "serial", &der, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "serial: want tag 2, got 12"));
    CK_OK(der_expect(&rest, DER_UTF8_STRING, "name", &der, &err), &err);
    ck_assert(span_equals(der.body, span_of("ab")));
    CK_OK(der_next(&rest, &der, &err), &err);
    ck_assert(der_is(&der, DER_NULL));
    ck_assert_int_eq(der_expect(&rest, DER_NULL, "end", &der, &err), RC_INPUT);
    ck_assert_str_eq(err.text, "end: missing");
}
END_TEST

static const struct {
    const char *hex, *want; /* NULL: malformed */
} oids[] = {
    {"2a811ccf55018375", "1.2.156.10197.1.501"},
    {"2a864886f70d010701", "1.2.840.113549.1.7.1"},
    {"550403", "2.5.4.3"},
    {"883703", "2.999.3"},
    {"00", "0.0"},
    {"27", "0.39"},
    {"28", "1.0"},
    {"", NULL},
    {"81", NULL},                                                     /* cut */
    {"2a80", NULL},                                                   /* cut */
    {"2a8001", NULL},                                                 /* a leading zero */
    {"2affffffffffffffffffffff7f", "1.2.19342813113834066795298815"}, /* as those of UUIDs are */
};

START_TEST(an_oid_is_written_with_dots)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(oids[_i].hex);
    char out[80];

    ck_assert_int_eq(der_oid_text(span_of_bytes(&in), out, sizeof(out)), oids[_i].want != NULL);
    if (oids[_i].want)
        ck_assert_str_eq(out, oids[_i].want);
}
END_TEST

START_TEST(an_oid_that_does_not_fit_is_refused)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of("2a811ccf55018375");
    char out[20];

    ck_assert(der_oid_text(span_of_bytes(&in), out, 20));
    ck_assert(!der_oid_text(span_of_bytes(&in), out, 19));
    ck_assert(!der_oid_text(span_of_bytes(&in), out, 3));
}
END_TEST

static const struct {
    const char *hex;
    bool ok;
    int64_t want;
} integers[] = {
    {"020100", true, 0},
    {"02017f", true, 127},
    {"02020080", true, 128},
    {"020180", true, -128},
    {"0201ff", true, -1},
    {"0203000001", true, 1},
    {"0204ffffff80", true, -128},
    {"02087fffffffffffffff", true, INT64_MAX},
    {"02088000000000000000", true, INT64_MIN},
    {"0209008000000000000000", false, 0},
    {"0200", false, 0},
    {"040105", false, 0},
};

START_TEST(small_integers_are_read)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(integers[_i].hex);
    struct err err = ERR_INIT;
    struct der der;
    int64_t got;

    CK_OK(der_only(span_of_bytes(&in), &der, &err), &err);
    ck_assert_int_eq(der_integer(&der, &got), integers[_i].ok);
    if (integers[_i].ok)
        ck_assert_int_eq(got, integers[_i].want);
}
END_TEST

static const struct {
    enum der_tag tag;
    const char *text, *want; /* NULL: no time */
} times[] = {
    {DER_UTC_TIME, "260301080000Z", "2026-03-01T08:00:00Z"},
    {DER_UTC_TIME, "2603010800Z", "2026-03-01T08:00:00Z"},
    {DER_UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"},
    {DER_UTC_TIME, "490101000000Z", "2049-01-01T00:00:00Z"},
    {DER_UTC_TIME, "260301160000+0800", "2026-03-01T08:00:00Z"},
    {DER_GENERALIZED_TIME, "20260301080000Z", "2026-03-01T08:00:00Z"},
    {DER_GENERALIZED_TIME, "20260301080000.123Z", "2026-03-01T08:00:00Z"},
    {DER_GENERALIZED_TIME, "2026030108Z", "2026-03-01T08:00:00Z"},
    {DER_GENERALIZED_TIME, "20260301160000", "2026-03-01T08:00:00Z"}, /* China time */
    {DER_GENERALIZED_TIME, "20260228230000-0900", "2026-03-01T08:00:00Z"},
    {DER_GENERALIZED_TIME, "20260229080000Z", NULL},
    {DER_GENERALIZED_TIME, "20261301080000Z", NULL},
    {DER_GENERALIZED_TIME, "20260301250000Z", NULL},
    {DER_GENERALIZED_TIME, "20260301080000Zx", NULL},
    {DER_GENERALIZED_TIME, "20260301080000+08", NULL},
    {DER_GENERALIZED_TIME, "20260301080000.Z", NULL},
    {DER_GENERALIZED_TIME, "2026-03-01", NULL},
    {DER_UTC_TIME, "", NULL},
    {DER_UTC_TIME, "2603010800000", NULL},
    {DER_UTF8_STRING, "260301080000Z", NULL},
};

START_TEST(times_are_read_in_the_usual_forms)
{
    struct der der = {.tag = (unsigned)times[_i].tag, .body = span_of(times[_i].text)};
    instant at;
    char got[21];

    ck_assert_int_eq(der_time(&der, &at), times[_i].want != NULL);
    if (times[_i].want) {
        instant_print(at, got);
        ck_assert_str_eq(got, times[_i].want);
    }
}
END_TEST

static const struct {
    const char *hex;
    bool ok;
    size_t len;
    unsigned unused;
} bit_strings[] = {
    {"030300abcd", true, 2, 0}, {"030204f0", true, 1, 4},  {"030100", true, 0, 0},
    {"0300", false, 0, 0},      {"030208ff", false, 0, 0}, {"030101", false, 0, 0},
    {"040200ab", false, 0, 0},
};

START_TEST(bit_strings_are_unwrapped)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(bit_strings[_i].hex);
    struct err err = ERR_INIT;
    struct der der;
    struct span bits;
    unsigned unused;

    CK_OK(der_only(span_of_bytes(&in), &der, &err), &err);
    ck_assert_int_eq(der_bits(&der, &bits, &unused), bit_strings[_i].ok);
    if (bit_strings[_i].ok) {
        ck_assert_uint_eq(bits.len, bit_strings[_i].len);
        ck_assert_uint_eq(unused, bit_strings[_i].unused);
    }
}
END_TEST

static const struct {
    const char *ber, *want; /* NULL: refused */
} rewrites[] = {
    {"3003020105", "3003020105"},
    {"30810402820005", NULL},                     /* cut inside */
    {"3004028101ff", "3004028101ff"},             /* a long length is kept */
    {"30800201050000", "3003020105"},             /* at the top */
    {"3080308002010500000000", "30053003020105"}, /* one in another */
    {"300930800201050000"
     "0500",
     "300730030201050500"},                       /* inside a definite one */
    {"24800401610401620000", "2406040161040162"}, /* parts of a string stay parts */
    {"3080", NULL},
    {"30800201", NULL},
    {"308000", NULL},
    {"ffffffffffff30800000", NULL}, /* a tag that is too large */
    {"0480050000", NULL},           /* primitive and indefinite */
    {"308000000500", NULL},         /* trailing bytes */
    {"", NULL},
};

START_TEST(indefinite_lengths_become_definite)
{
    CLEANUP(bytes_clear) struct bytes in = bytes_of(rewrites[_i].ber);
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;
    char hex[200];

    if (!rewrites[_i].want) {
        ck_assert_int_eq(der_definite(span_of_bytes(&in), &out, &err), RC_INPUT);
        ck_assert_uint_eq(out.len, 0);
        return;
    }
    CK_OK(der_definite(span_of_bytes(&in), &out, &err), &err);
    hex_encode((const unsigned char *)out.data, out.len, hex);
    ck_assert_str_eq(hex, rewrites[_i].want);
}
END_TEST

START_TEST(a_long_body_gets_a_long_length)
{
    unsigned char in[2 + 3 + 300 + 2] = {0x30, 0x80, 0x04, 0x82, 0x01};
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1000);
    struct err err = ERR_INIT;
    struct der der;

    in[5] = 0x2b; /* 299 */
    CK_OK(der_definite((struct span){in, 2 + 4 + 299 + 2}, &out, &err), &err);
    CK_OK(der_only(buf_span(&out), &der, &err), &err);
    ck_assert(der.is_der);
    ck_assert_uint_eq(der.body.len, 4 + 299);
}
END_TEST

START_TEST(nesting_has_a_limit)
{
    enum { DEEP = 2000 };
    unsigned char in[4 * DEEP];
    CLEANUP(buf_clear) struct buf out = BUF_INIT(sizeof(in));
    struct err err = ERR_INIT;

    for (int i = 0; i < DEEP; i++) {
        memcpy(in + 2 * i, "\x30\x80", 2);
        memcpy(in + 2 * DEEP + 2 * i, "\0\0", 2);
    }
    ck_assert_int_eq(der_definite((struct span){in, sizeof(in)}, &out, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "nested deeper"));
    CK_OK(der_definite((struct span){in + 2 * (DEEP - 60), 4 * 60}, &out, &err), &err);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, an_element_is_taken_apart, 0, N_OF(elements));
    tcase_add_test(tc, a_length_of_128_and_more_is_read);
    tcase_add_loop_test(tc, a_fault_is_told_with_its_offset, 0, N_OF(faults));
    tcase_add_test(tc, elements_follow_each_other);
    tcase_add_loop_test(tc, an_oid_is_written_with_dots, 0, N_OF(oids));
    tcase_add_test(tc, an_oid_that_does_not_fit_is_refused);
    tcase_add_loop_test(tc, small_integers_are_read, 0, N_OF(integers));
    tcase_add_loop_test(tc, times_are_read_in_the_usual_forms, 0, N_OF(times));
    tcase_add_loop_test(tc, bit_strings_are_unwrapped, 0, N_OF(bit_strings));
    tcase_add_loop_test(tc, indefinite_lengths_become_definite, 0, N_OF(rewrites));
    tcase_add_test(tc, a_long_body_gets_a_long_length);
    tcase_add_test(tc, nesting_has_a_limit);
}
