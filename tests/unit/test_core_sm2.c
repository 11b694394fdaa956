/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/codec.h"
#include "core/crypto/sm2.h"
#include "tests/unit/unit.h"

/* GB/T 32918.5-2017, annex A: key, message, ZA, e and value on the recommended curve. */
#define A_D "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
#define A_X "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
#define A_Y "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
#define A_ZA "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
#define A_E "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640"
#define A_R "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
#define A_S "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"

/* A private number becomes a key: PKCS#8 around it, from which libcrypto derives the point. */
static EVP_PKEY *key_of_number(const char *hex)
{
    unsigned char der[67] = {0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                             0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01,
                             0x82, 0x2d, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20};
    const unsigned char *p = der;
    EVP_PKEY *key;

    ck_assert(hex_decode(hex, 32, der + 35));
    key = d2i_AutoPrivateKey(NULL, &p, sizeof(der));
    ck_assert_ptr_nonnull(key);
    return key;
}

static void same(const unsigned char *bytes, size_t n, const char *want)
{
    char hex[256];

    hex_encode(bytes, n, hex);
    ck_assert_str_eq(hex, want);
}

START_TEST(za_and_e_of_the_standards_example)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = key_of_number(A_D);
    unsigned char za[SM3_LEN], e[SM3_LEN];

    ck_assert(sm2_za(key, za));
    same(za, sizeof(za), A_ZA);
    sm2_e(za, span_of("message digest"), e);
    same(e, sizeof(e), A_E);
}
END_TEST

START_TEST(the_value_of_the_standards_example_is_good_and_a_changed_one_is_not)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = key_of_number(A_D);
    unsigned char e[SM3_LEN], rs[SM2_RS_LEN];

    ck_assert(hex_decode(A_E, SM3_LEN, e) && hex_decode(A_R A_S, SM2_RS_LEN, rs));
    ck_assert_int_eq(sm2_verify_e(key, sm2_number(), e, rs), SIGCHECK_GOOD);
    rs[63] ^= 1;
    ck_assert_int_eq(sm2_verify_e(key, sm2_number(), e, rs), SIGCHECK_WRONG);
    rs[63] ^= 1;
    e[0] ^= 1;
    ck_assert_int_eq(sm2_verify_e(key, sm2_number(), e, rs), SIGCHECK_WRONG);
}
END_TEST

START_TEST(numbers_out_of_range_are_wrong_not_a_failure)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = key_of_number(A_D);
    unsigned char e[SM3_LEN] = {1}, rs[SM2_RS_LEN];

    memset(rs, _i ? 0xff : 0, sizeof(rs));
    ck_assert_int_eq(sm2_verify_e(key, sm2_number(), e, rs), SIGCHECK_WRONG);
}
END_TEST

START_TEST(a_value_made_here_is_good_for_its_e_and_for_openssl_with_the_id)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const OSSL_PARAM params[] = {
        OSSL_PARAM_octet_string("distid", (void *)(uintptr_t)SM2_ID, sizeof(SM2_ID) - 1),
        OSSL_PARAM_END,
    };
    unsigned char za[SM3_LEN], e[SM3_LEN], der[SM2_DER_MAX];
    uint64_t number = sm2_number();
    size_t len;

    ck_assert(sm2_za(key, za));
    sm2_e(za, span_of("text"), e);
    for (int i = 0; i < 3; i++) { /* the context is used again */
        ck_assert(sm2_sign_e(key, number, e, der, &len));
        ck_assert_int_eq(EVP_DigestVerifyInit_ex(ctx, NULL, "SM3", NULL, NULL, key, params), 1);
        ck_assert_int_eq(EVP_DigestVerify(ctx, der, len, (const unsigned char *)"text", 4), 1);
        EVP_MD_CTX_reset(ctx);
    }
    sm2_forget(number);
    ck_assert(sm2_sign_e(key, number, e, der, &len));
}
END_TEST

START_TEST(more_keys_than_slots_keep_their_own_contexts)
{
    enum { N = 40 };
    EVP_PKEY *keys[N];
    uint64_t numbers[N];
    unsigned char e[SM3_LEN] = {7}, rs[SM2_RS_LEN], der[SM2_DER_MAX];
    size_t len;

    for (int i = 0; i < N; i++) {
        keys[i] = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
        numbers[i] = sm2_number();
    }
    for (int i = 0; i < 2 * N; i++) {
        int k = i % N, other = (i + 1) % N;

        ck_assert(sm2_sign_e(keys[k], numbers[k], e, der, &len));
        ck_assert(sm2_value_read((struct span){der, len}, rs, NULL));
        ck_assert_int_eq(sm2_verify_e(keys[k], numbers[k], e, rs), SIGCHECK_GOOD);
        ck_assert_int_eq(sm2_verify_e(keys[other], numbers[other], e, rs), SIGCHECK_WRONG);
    }
    for (int i = 0; i < N; i++)
        EVP_PKEY_free(keys[i]);
}
END_TEST

START_TEST(a_key_that_is_not_sm2_has_no_za)
{
    CLEANUP(EVP_PKEY_freep) EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    unsigned char za[SM3_LEN];

    ck_assert(!sm2_za(key, za));
    ck_assert(!sm2_za(NULL, za));
}
END_TEST

#define TAIL "00000000000000000000000000000000000000000000000000000000000000"
static const struct {
    const char *hex, *want; /* r||s without the zeros in front, or NULL when refused */
    bool raw, not_minimal;
} values[] = {
    {"3006020101020102", "01,02", false, false},
    {"30060201010201020000", "01,02", false, true}, /* trailing bytes */
    {"300702020001020102", "01,02", false, true},   /* a surplus zero */
    {"30070202008102017f", "81,7f", false, false},  /* a zero that DER wants */
    {"3006020181020102", "81,02", false, true},     /* a zero that is missing */
    {"308106020101020102", "01,02", false, true},   /* a length in the long form */
    {"3006020101", NULL, false, false},             /* cut */
    {"3009020101020102020103", NULL, false, false}, /* three numbers */
    {"3003020101", NULL, false, false},             /* one number */
    {"30060201010400", NULL, false, false},         /* no INTEGER */
    {"30050200020102", NULL, false, false},         /* an empty number */
    {"", NULL, false, false},
    {"01" TAIL "02" TAIL, "raw", true, false},
    {"01" TAIL "02" TAIL "00", NULL, false, false}, /* 65 bytes */
};

START_TEST(values_are_read_as_the_wild_writes_them)
{
    unsigned char bytes[128], rs[SM2_RS_LEN];
    size_t n = strlen(values[_i].hex) / 2;
    struct sigform form = {.raw = false};

    if (!hex_decode(values[_i].hex, n, bytes))
        n = 0;
    ck_assert_int_eq(sm2_value_read((struct span){bytes, n}, rs, &form), values[_i].want != NULL);
    if (!values[_i].want)
        return;
    ck_assert_int_eq(form.raw, values[_i].raw);
    ck_assert_int_eq(form.not_minimal, values[_i].not_minimal);
    if (!values[_i].raw) {
        char got[6];

        snprintf(got, sizeof(got), "%02x,%02x", rs[31], rs[63]);
        ck_assert_str_eq(got, values[_i].want);
        ck_assert_int_eq(rs[0] | rs[30] | rs[32] | rs[62], 0);
    }
}
END_TEST

START_TEST(what_is_written_as_der_reads_back_without_deviation)
{
    unsigned char rs[SM2_RS_LEN] = {0}, der[SM2_DER_MAX], back[SM2_RS_LEN];
    struct sigform form;

    rs[_i] = 0x80;
    rs[63 - _i] = 0x7f;
    ck_assert(sm2_value_read((struct span){der, sm2_value_der(rs, der)}, back, &form));
    ck_assert_mem_eq(rs, back, sizeof(rs));
    ck_assert(!form.raw && !form.not_minimal);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, za_and_e_of_the_standards_example);
    tcase_add_test(tc, the_value_of_the_standards_example_is_good_and_a_changed_one_is_not);
    tcase_add_loop_test(tc, numbers_out_of_range_are_wrong_not_a_failure, 0, 2);
    tcase_add_test(tc, a_value_made_here_is_good_for_its_e_and_for_openssl_with_the_id);
    tcase_add_test(tc, more_keys_than_slots_keep_their_own_contexts);
    tcase_add_test(tc, a_key_that_is_not_sm2_has_no_za);
    tcase_add_loop_test(tc, values_are_read_as_the_wild_writes_them, 0, N_OF(values));
    tcase_add_loop_test(tc, what_is_written_as_der_reads_back_without_deviation, 0, 64);
}
