/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/cleanup.h"
#include "core/base/codec.h"
#include "core/crypto/der_walk.h"
#include "core/crypto/der_write.h"
#include "tests/unit/unit.h"

static struct err err;

static void ck_hex(const struct buf *out, const char *want)
{
    char hex[513];

    ck_assert_uint_le(out->len, 256);
    hex_encode((const unsigned char *)out->data, out->len, hex);
    ck_assert_str_eq(hex, want);
}

static const struct {
    int64_t value;
    const char *hex;
} integers[] = {
    {0, "020100"},
    {1, "020101"},
    {127, "02017f"},
    {128, "02020080"},
    {255, "020200ff"},
    {256, "02020100"},
    {-1, "0201ff"},
    {-128, "020180"},
    {-129, "0202ff7f"},
    {65535, "020300ffff"},
    {INT64_MAX, "02087fffffffffffffff"},
    {INT64_MIN, "02088000000000000000"},
};

START_TEST(integers_are_as_short_as_they_can_be_and_read_back)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(64);
    struct der element;
    int64_t back;

    CK_OK(der_put_integer(&out, integers[_i].value, &err), &err);
    ck_hex(&out, integers[_i].hex);
    CK_OK(der_only(buf_span(&out), &element, &err), &err);
    ck_assert(der_integer(&element, &back));
    ck_assert(back == integers[_i].value);
}
END_TEST

static const struct {
    const char *dotted, *hex;
} oids[] = {
    {"1.2.156.10197.1.501", "06082a811ccf55018375"},
    {"1.2.840.113549.1.7.2", "06092a864886f70d010702"},
    {"2.5.4.3", "0603550403"},
    {"0.9", "060109"},
    {"2.999", "06028837"},
    {"2.25.29353619050806531945260022755333030025", "061369ac95a6c9fdf5b2fae18297aedfc289a38109"},
};

START_TEST(object_identifiers_of_any_size_are_written)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(64);
    struct der element;
    char text[64];

    CK_OK(der_put_oid(&out, oids[_i].dotted, &err), &err);
    CK_OK(der_only(buf_span(&out), &element, &err), &err);
    ck_assert(der_oid_text(element.body, text, sizeof(text)));
    ck_assert_str_eq(text, oids[_i].dotted);
    ck_assert(der_oid_text(element.body, text, strlen(oids[_i].dotted) + 1));
    ck_assert(!der_oid_text(element.body, text, strlen(oids[_i].dotted)));
    ck_hex(&out, oids[_i].hex);
}
END_TEST

static const char *const no_oids[] = {"", "1", "1.", "3.1", "1.2.", "1.2..3", "1.2.x", "a.b"};

START_TEST(what_is_no_object_identifier_is_a_fault)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(64);

    ck_assert_int_eq(der_put_oid(&out, no_oids[_i], &err), RC_BUG);
}
END_TEST

static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535, 65536};

START_TEST(lengths_are_as_short_as_they_can_be)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    struct der element;

    CK_OK(buf_add(&out, "head", 4, &err), &err);
    for (size_t i = 0; i < lengths[_i]; i++)
        CK_OK(buf_add(&out, "x", 1, &err), &err);
    CK_OK(der_wrap(&out, DER_ID_OCTET_STRING, 4, &err), &err);
    ck_assert_int_eq(memcmp(out.data, "head\x04", 5), 0);
    CK_OK(der_only((struct span){(const unsigned char *)out.data + 4, out.len - 4}, &element, &err),
          &err);
    ck_assert(element.is_der);
    ck_assert_uint_eq(element.body.len, lengths[_i]);
}
END_TEST

START_TEST(times_and_bits_are_written_as_der_wants_them)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(256);

    CK_OK(der_put_time(&out, 1772323200, &err), &err);
    CK_OK(der_put_time(&out, 2524608000, &err), &err); /* 2050 */
    CK_OK(der_put_bits(&out, span_of("\x10"), &err), &err);
    ck_hex(&out, "170d3236303330313030303030305a"
                 "180f32303530303130313030303030305a"
                 "03020010");
}
END_TEST

START_TEST(a_walk_says_which_item_is_wrong_and_where)
{
    static const unsigned char bytes[] = {0x30, 0x06, 0x02, 0x01, 0x01, 0x04, 0x01, 0x78};
    struct der_walk walk = {{bytes, sizeof(bytes)}, bytes, "SIG001", "GB/T 1"};
    struct der_walk inner;
    struct der element;

    CK_OK(der_walk_tag(&walk, DER_SEQUENCE, "outer", &element, &err), &err);
    CK_OK(der_walk_end(&walk, "outer", &err), &err);
    inner = der_walk_into(&walk, &element);
    ck_assert(der_walk_sees(&inner, DER_INTEGER));
    ck_assert(!der_walk_sees_context(&inner, 0));
    CK_OK(der_walk_next(&inner, "number", &element, &err), &err);
    ck_assert_int_eq(der_walk_end(&inner, "outer", &err), RC_INPUT);
    ck_assert_int_eq(der_walk_tag(&inner, DER_OID, "name", &element, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "SIG001");
    ck_assert_str_eq(err.where, "@0x5");
    ck_assert_ptr_nonnull(strstr(err.text, "GB/T 1: name: "));
    ck_assert_int_eq(der_walk_next(&inner, "more", &element, &err), RC_INPUT);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, integers_are_as_short_as_they_can_be_and_read_back, 0, N_OF(integers));
    tcase_add_loop_test(tc, object_identifiers_of_any_size_are_written, 0, N_OF(oids));
    tcase_add_loop_test(tc, what_is_no_object_identifier_is_a_fault, 0, N_OF(no_oids));
    tcase_add_loop_test(tc, lengths_are_as_short_as_they_can_be, 0, N_OF(lengths));
    tcase_add_test(tc, times_and_bits_are_written_as_der_wants_them);
    tcase_add_test(tc, a_walk_says_which_item_is_wrong_and_where);
}
