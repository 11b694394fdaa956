/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/key.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/pki.h"

/* The folder that a test writes its keys to. */
struct place {
    char path[40], key[60];
};

static struct place place_new(void)
{
    struct place place = {.path = "/tmp/ecert-key-XXXXXX"};

    ck_assert_ptr_nonnull(mkdtemp(place.path));
    (void)snprintf(place.key, sizeof(place.key), "%s/key", place.path);
    return place;
}

static void place_clear(struct place *place)
{
    (void)unlink(place->key);
    (void)rmdir(place->path);
}

/* A source that counts how often it is asked. */
struct asked {
    const char *pin;
    int times;
};

static enum rc give(void *context, struct secret *out, struct err *err)
{
    struct asked *asked = context;

    (void)err;
    asked->times++;
    secret_set(out, asked->pin, strlen(asked->pin));
    return RC_OK;
}

static enum rc load(const char *path, struct asked *asked, struct key **out, struct certs *certs,
                    struct err *err)
{
    const struct pin_source source = {.get = give, .context = asked};

    return key_load(path, asked ? &source : NULL, out, certs, err);
}

static bool same_key(const struct key *a, const struct key *b)
{
    return EVP_PKEY_eq(a->pkey, b->pkey) == 1;
}

START_TEST(a_plain_key_is_saved_privately_and_read_back)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(key_freep) struct key *back = NULL;
    struct err err = ERR_INIT;
    struct asked asked = {.pin = "x"};
    struct stat st;

    CK_OK(key_generate_sm2(&key, &err), &err);
    CK_OK(key_save(key, place.key, NULL, FILE_NOSYNC, &err), &err);
    ck_assert_int_eq(stat(place.key, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    CK_OK(load(place.key, &asked, &back, NULL, &err), &err);
    ck_assert_int_eq(asked.times, 0);
    ck_assert(key_is_sm2(back) && same_key(key, back));
    ck_assert_int_eq(key_save(key, place.key, NULL, FILE_NOSYNC, &err), RC_REFUSED);
}
END_TEST

START_TEST(an_encrypted_key_wants_its_pin_once)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(key_freep) struct key *back = NULL;
    struct secret pin = {.text = (char[]){"12 34 口令"}, .len = strlen("12 34 口令")};
    struct asked right = {.pin = pin.text}, wrong = {.pin = "1234"};
    struct err err = ERR_INIT;

    CK_OK(key_generate_sm2(&key, &err), &err);
    CK_OK(key_save(key, place.key, &pin, FILE_NOSYNC, &err), &err);
    CK_OK(load(place.key, &right, &back, NULL, &err), &err);
    ck_assert_int_eq(right.times, 1);
    ck_assert(same_key(key, back));
    key_free(MOVE(back));
    ck_assert_int_eq(load(place.key, &wrong, &back, NULL, &err), RC_KEY);
    ck_assert_str_eq(err.text, "wrong PIN");
    ck_assert_str_eq(err.where, place.key);
    ck_assert_ptr_null(back);
    ck_assert_int_eq(load(place.key, NULL, &back, NULL, &err), RC_KEY);
    ck_assert_ptr_nonnull(strstr(err.text, "no PIN was given"));
}
END_TEST

static void write_file(const char *path, struct span bytes)
{
    struct err err = ERR_INIT;

    CK_OK(file_write(path, bytes, FILE_FORCE | FILE_NOSYNC, &err), &err);
}

/* PKCS#12 of a signer under a root; sm4 as GM makers write it, else as OpenSSL does. */
static void write_pkcs12(const char *path, const struct party *root, const struct party *signer,
                         const char *pin, bool sm4)
{
    STACK_OF(X509) *others = sk_X509_new_null();
    unsigned char *der = NULL;
    PKCS12 *p12;
    int len;

    sk_X509_push(others, root->cert->x509);
    p12 = PKCS12_create_ex(pin, "signer", signer->key->pkey, signer->cert->x509, others,
                           sm4 ? NID_sm4_cbc : 0, sm4 ? NID_sm4_cbc : 0, 1000, sm4 ? -1 : 0, 0,
                           NULL, NULL);
    ck_assert_ptr_nonnull(p12);
    if (sm4)
        ck_assert_int_eq(PKCS12_set_mac(p12, pin, -1, NULL, 0, 1000, EVP_sm3()), 1);
    len = i2d_PKCS12(p12, &der);
    write_file(path, (struct span){der, (size_t)len});
    OPENSSL_free(der);
    PKCS12_free(p12);
    sk_X509_free(others);
}

START_TEST(pkcs12_gives_the_key_and_its_certificates)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(party_clear) struct party root = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    CLEANUP(party_clear) struct party signer = pki_party(CERT_PROFILE_SIGNER, "人", "SM2", &root);
    CLEANUP(certs_clear) struct certs certs = {.n = 0};
    CLEANUP(key_freep) struct key *back = NULL;
    struct asked right = {.pin = "123456"}, wrong = {.pin = "654321"};
    struct err err = ERR_INIT;

    write_pkcs12(place.key, &root, &signer, "123456", _i);
    ck_assert_int_eq(load(place.key, &wrong, &back, &certs, &err), RC_KEY);
    ck_assert_str_eq(err.text, "wrong PIN");
    ck_assert_uint_eq(certs.n, 0);
    CK_OK(load(place.key, &right, &back, &certs, &err), &err);
    ck_assert(key_is_sm2(back) && same_key(back, signer.key) && key_matches(back, signer.cert));
    ck_assert(!key_matches(back, root.cert));
    ck_assert_uint_eq(certs.n, 2);
    ck_assert(cert_equals(certs.list[0], signer.cert) && cert_equals(certs.list[1], root.cert));
    ck_assert_int_eq(right.times, 1);
    ck_assert_int_eq(load(place.key, NULL, &back, &certs, &err), RC_KEY);
}
END_TEST

START_TEST(pkcs12_without_a_pin_asks_for_none)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(party_clear) struct party root = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    CLEANUP(party_clear) struct party signer = pki_party(CERT_PROFILE_SIGNER, "人", "SM2", &root);
    CLEANUP(key_freep) struct key *back = NULL;
    struct asked asked = {.pin = "x"};
    struct err err = ERR_INIT;

    write_pkcs12(place.key, &root, &signer, "", false);
    CK_OK(load(place.key, &asked, &back, NULL, &err), &err);
    ck_assert_int_eq(asked.times, 0);
}
END_TEST

START_TEST(other_kinds_of_keys_load_and_are_not_sm2)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(key_freep) struct key *key = pki_key(_i ? "RSA" : "P-256");
    CLEANUP(key_freep) struct key *back = NULL;
    struct err err = ERR_INIT;

    CK_OK(key_save(key, place.key, NULL, FILE_NOSYNC, &err), &err);
    CK_OK(load(place.key, NULL, &back, NULL, &err), &err);
    ck_assert(!key_is_sm2(back) && same_key(key, back));
}
END_TEST

START_TEST(der_is_read_like_pem)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(key_freep) struct key *key = pki_key("SM2");
    CLEANUP(key_freep) struct key *back = NULL;
    CLEANUP(PKCS8_PRIV_KEY_INFO_freep) PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    struct err err = ERR_INIT;
    unsigned char *der = NULL;
    int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

    write_file(place.key, (struct span){der, (size_t)len});
    OPENSSL_free(der);
    CK_OK(load(place.key, NULL, &back, NULL, &err), &err);
    ck_assert(key_is_sm2(back) && same_key(key, back));
}
END_TEST

/* The shapes that are refused, each with what to do. */
static const struct {
    const char *text, *says;
} refused[] = {
    {"-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n", "pkcs8 -topk8"},
    {"-----BEGIN SM2 PRIVATE KEY-----\nMAMCAQE=\n-----END SM2 PRIVATE KEY-----\n", "pkcs8 -topk8"},
    {"\x30\x06\x02\x01\x01\x04\x01\x05", "pkcs8 -topk8"}, /* SEC1 in DER */
    {"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", "holds no private key"},
    {"-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n", "not a PKCS#8 key"},
    {"hello", "not a private key"},
    {"", "not a private key"},
    {"0", "not a private key"},
};

START_TEST(what_cannot_be_a_key_says_what_to_do)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(key_freep) struct key *key = NULL;
    struct asked asked = {.pin = "x"};
    struct err err = ERR_INIT;

    write_file(place.key, span_of(refused[_i].text));
    ck_assert_int_eq(load(place.key, &asked, &key, NULL, &err), RC_KEY);
    ck_assert_msg(strstr(err.text, refused[_i].says), "%s", err.text);
}
END_TEST

START_TEST(a_key_file_that_is_missing_is_the_systems_fault)
{
    CLEANUP(key_freep) struct key *key = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(load("/nonexistent/key", NULL, &key, NULL, &err), RC_SYSTEM);
}
END_TEST

/* A PIN as it lies in a file. */
static const struct {
    const char *text;
    const char *want; /* NULL: refused */
} pins[] = {
    {"1234\n", "1234"}, {"1234", "1234"}, {"1234\r\nnext\n", "1234"}, {" 1 2 \n", " 1 2 "},
    {"口令\n", "口令"}, {"", NULL},       {"\n1234\n", NULL},
};

START_TEST(a_pin_is_the_first_line_of_a_file)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(secret_clear) struct secret pin = SECRET_INIT;
    struct err err = ERR_INIT;

    write_file(place.key, span_of(pins[_i].text));
    if (!pins[_i].want) {
        ck_assert_int_eq(secret_from_file(place.key, &pin, &err), RC_KEY);
        ck_assert_ptr_null(pin.text);
        return;
    }
    CK_OK(secret_from_file(place.key, &pin, &err), &err);
    ck_assert_str_eq(pin.text, pins[_i].want);
    ck_assert_uint_eq(pin.len, strlen(pins[_i].want));
}
END_TEST

START_TEST(a_descriptor_gives_one_line_and_keeps_the_rest)
{
    CLEANUP(secret_clear) struct secret first = SECRET_INIT;
    CLEANUP(secret_clear) struct secret second = SECRET_INIT;
    struct err err = ERR_INIT;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "one\ntwo\n", 8), 8);
    close(ends[1]);
    CK_OK(secret_from_fd(ends[0], &first, &err), &err);
    CK_OK(secret_from_fd(ends[0], &second, &err), &err);
    ck_assert_str_eq(first.text, "one");
    ck_assert_str_eq(second.text, "two");
    ck_assert_int_eq(secret_from_fd(ends[0], &first, &err), RC_KEY);
    close(ends[0]);
}
END_TEST

START_TEST(a_pin_that_is_too_long_is_refused)
{
    CLEANUP(place_clear) struct place place = place_new();
    CLEANUP(secret_clear) struct secret pin = SECRET_INIT;
    char line[1026];
    struct err err = ERR_INIT;

    memset(line, 'x', sizeof(line));
    write_file(place.key, (struct span){(const unsigned char *)line, 1024});
    CK_OK(secret_from_file(place.key, &pin, &err), &err);
    write_file(place.key, (struct span){(const unsigned char *)line, 1025});
    ck_assert_int_eq(secret_from_file(place.key, &pin, &err), RC_KEY);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_plain_key_is_saved_privately_and_read_back);
    tcase_add_test(tc, an_encrypted_key_wants_its_pin_once);
    tcase_add_loop_test(tc, pkcs12_gives_the_key_and_its_certificates, 0, 2);
    tcase_add_test(tc, pkcs12_without_a_pin_asks_for_none);
    tcase_add_loop_test(tc, other_kinds_of_keys_load_and_are_not_sm2, 0, 2);
    tcase_add_test(tc, der_is_read_like_pem);
    tcase_add_loop_test(tc, what_cannot_be_a_key_says_what_to_do, 0, N_OF(refused));
    tcase_add_test(tc, a_key_file_that_is_missing_is_the_systems_fault);
    tcase_add_loop_test(tc, a_pin_is_the_first_line_of_a_file, 0, N_OF(pins));
    tcase_add_test(tc, a_descriptor_gives_one_line_and_keeps_the_rest);
    tcase_add_test(tc, a_pin_that_is_too_long_is_refused);
}
