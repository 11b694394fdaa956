/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/codec.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "tests/unit/unit.h"

static void hex_of(struct hash hash, char out[129])
{
    hex_encode(hash.bytes, hash.len, out);
}

START_TEST(this_libcrypto_has_what_is_needed)
{
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    CK_OK(crypto_init(&err), &err);
}
END_TEST

/* SM3: GB/T 32905-2016 A.1 and A.2; the others from FIPS 180-4 and RFC 1321, all of "abc". */
static const struct {
    enum hash_alg alg;
    const char *text, *want;
} digests[] = {
    {HASH_SM3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
    {HASH_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
     "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
    {HASH_SM3, "", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
    {HASH_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {HASH_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
};

START_TEST(digests_are_those_of_the_standards)
{
    struct err err = ERR_INIT;
    struct hash got;
    char hex[129];

    CK_OK(hash_compute(digests[_i].alg, span_of(digests[_i].text), &got, &err), &err);
    hex_of(got, hex);
    ck_assert_str_eq(hex, digests[_i].want);
}
END_TEST

START_TEST(sm3_in_parts_is_sm3_of_the_whole)
{
    unsigned char whole[SM3_LEN], parts[SM3_LEN];

    sm3(span_of("abc"), whole);
    sm3_parts((const struct span[]){span_of("a"), span_of(""), span_of("bc")}, 3, parts);
    ck_assert_mem_eq(whole, parts, SM3_LEN);
    sm3_parts((const struct span[]){span_of("ab"), span_of("d")}, 2, parts);
    ck_assert_mem_ne(whole, parts, SM3_LEN);
}
END_TEST

/* Whatever came before: the same bytes again, others from some place on, a longer or shorter text.
 */
START_TEST(sm3_resumed_is_sm3_whatever_came_before)
{
    static const size_t lens[] = {0, 1, 2047, 2048, 2049, 2560, 3000, 10000, 65504, 65505, 70000};
    static const size_t changes[] = {0, 31, 32, 1500, 1535, 1536, 2000, 9000, 69999};
    unsigned char text[70000] = {1}, head[SM3_LEN] = {2}, got[SM3_LEN], want[SM3_LEN];

    for (int i = 0; i < 1000; i++) {
        struct span h = {head, sizeof(head)}, t = {text, lens[(i * 7 + i / 11) % N_OF(lens)]};

        if (i % 3 == 0)
            text[changes[(i / 3) % N_OF(changes)]]++;
        if (i % 31 == 0)
            head[i % SM3_LEN]++;
        sm3_resumed(h, t, got);
        sm3_parts((const struct span[]){h, t}, 2, want);
        ck_assert_mem_eq(got, want, SM3_LEN);
        sm3_resumed(h, t, got);
        ck_assert_mem_eq(got, want, SM3_LEN);
    }
}
END_TEST

START_TEST(hmac_agrees_with_the_command_line_of_openssl)
{
    /* printf 'what do ya want for nothing?' | openssl dgst -sm3 -hmac Jefe */
    static const char want[] = "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882";
    unsigned char mac[SM3_LEN];
    char hex[2 * SM3_LEN + 1];

    hmac_sm3(span_of("Jefe"), span_of("what do ya want for nothing?"), mac);
    hex_encode(mac, SM3_LEN, hex);
    ck_assert_str_eq(hex, want);
    hmac_sm3(span_of("jefe"), span_of("what do ya want for nothing?"), mac);
    hex_encode(mac, SM3_LEN, hex);
    ck_assert_str_ne(hex, want);
}
END_TEST

START_TEST(hmac_takes_an_empty_key_and_one_longer_than_a_block)
{
    /* openssl dgst -sm3 -mac hmac -macopt hexkey:aa... (80 times) over "abc" */
    static const char want[] = "da7b7a52ef9391112a811e9f1cf2d72c5bfaaefe4f71bf2a7ace5f1a4fa37a1c";
    unsigned char key[80], mac[SM3_LEN], other[SM3_LEN];
    char hex[2 * SM3_LEN + 1];

    memset(key, 0xaa, sizeof(key));
    hmac_sm3((struct span){key, sizeof(key)}, span_of("abc"), mac);
    hex_encode(mac, SM3_LEN, hex);
    ck_assert_str_eq(hex, want);
    hmac_sm3((struct span){NULL, 0}, span_of("abc"), mac);
    sm3(span_of("abc"), other);
    ck_assert_mem_ne(mac, other, SM3_LEN);
}
END_TEST

static const struct {
    const char *name;
    bool known;
    enum hash_alg alg;
    bool weak;
} names[] = {
    {"SM3", true, HASH_SM3, false},
    {"sm3", true, HASH_SM3, false},
    {"1.2.156.10197.1.401", true, HASH_SM3, false},
    {"1.2.156.10197.1.401.1", true, HASH_SM3, false},
    {"1.2.156.10197.1.401.2", false, HASH_SM3, false}, /* keyed */
    {"sha256", true, HASH_SHA256, false},
    {"SHA-1", true, HASH_SHA1, true},
    {"MD5", true, HASH_MD5, true},
    {"1.2.840.113549.2.5", true, HASH_MD5, true},
    {"SHA", false, HASH_SHA1, false},
    {"sha2561", false, HASH_SHA1, false},
    {"", false, HASH_SHA1, false},
};

START_TEST(a_digest_is_known_by_its_names)
{
    enum hash_alg alg = HASH_SHA512;

    ck_assert_int_eq(hash_by_name(names[_i].name, &alg), names[_i].known);
    if (names[_i].known) {
        ck_assert_int_eq(alg, names[_i].alg);
        ck_assert_int_eq(hash_is_weak(alg), names[_i].weak);
    }
}
END_TEST

START_TEST(equal_digests_are_equal_and_others_are_not)
{
    ck_assert(hash_equals(span_of("abc"), span_of("abc")));
    ck_assert(hash_equals(span_of(""), span_of("")));
    ck_assert(!hash_equals(span_of("abc"), span_of("abd")));
    ck_assert(!hash_equals(span_of("abc"), span_of("ab")));
}
END_TEST

START_TEST(random_bytes_differ)
{
    unsigned char a[16] = {0}, b[16] = {0};
    struct err err = ERR_INIT;

    CK_OK(random_bytes(a, sizeof(a), &err), &err);
    CK_OK(random_bytes(b, sizeof(b), &err), &err);
    ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, this_libcrypto_has_what_is_needed);
    tcase_add_loop_test(tc, digests_are_those_of_the_standards, 0, N_OF(digests));
    tcase_add_test(tc, sm3_in_parts_is_sm3_of_the_whole);
    tcase_add_test(tc, sm3_resumed_is_sm3_whatever_came_before);
    tcase_add_test(tc, hmac_agrees_with_the_command_line_of_openssl);
    tcase_add_test(tc, hmac_takes_an_empty_key_and_one_longer_than_a_block);
    tcase_add_loop_test(tc, a_digest_is_known_by_its_names, 0, N_OF(names));
    tcase_add_test(tc, equal_digests_are_equal_and_others_are_not);
    tcase_add_test(tc, random_bytes_differ);
}
