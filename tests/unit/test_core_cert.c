/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/cert.h"

#include <string.h>

#include "tests/unit/pki.h"

START_TEST(a_certificate_tells_its_facts)
{
    CLEANUP(party_clear) struct party root = pki_party(CERT_PROFILE_ROOT, "测试根", "SM2", NULL);
    CLEANUP(party_clear)
    struct party signer = pki_party(CERT_PROFILE_SIGNER, "某某局", "SM2", &root);
    unsigned char digest[SM3_LEN];

    ck_assert_str_eq(cert_subject(signer.cert), "CN=某某局,O=测试机构,C=CN");
    ck_assert_str_eq(cert_issuer(signer.cert), "CN=测试根,O=测试机构,C=CN");
    ck_assert_str_eq(cert_common_name(signer.cert), "某某局");
    ck_assert_uint_eq(strlen(cert_serial(signer.cert)), 32);
    ck_assert_uint_eq(strspn(cert_serial(signer.cert), "0123456789ABCDEF"), 32);
    ck_assert_uint_eq(strlen(cert_authority_key_id(signer.cert)), 40);
    ck_assert_int_eq(cert_not_before(signer.cert), PKI_2026 - PKI_YEAR);
    ck_assert_int_eq(cert_not_after(signer.cert), PKI_2026 + 3 * PKI_YEAR);
    ck_assert(span_equals(cert_issuer_der(signer.cert), cert_subject_der(root.cert)));
    ck_assert_int_eq(cert_serial_der(signer.cert).data[0], 2);
    ck_assert_int_eq(cert_key_bits(signer.cert), 256);
    sm3(cert_der(signer.cert), digest);
    ck_assert_mem_eq(cert_sm3(signer.cert), digest, SM3_LEN);
    ck_assert(cert_is_sm2(signer.cert));
    ck_assert(!cert_is_self_issued(signer.cert) && cert_is_self_issued(root.cert));
    ck_assert(cert_equals(root.cert, root.cert) && !cert_equals(root.cert, signer.cert));
}
END_TEST

static const struct {
    enum cert_profile profile;
    bool ca, sign, sign_certs, timestamp;
} profiles[] = {
    {CERT_PROFILE_ROOT, true, false, true, false},
    {CERT_PROFILE_CA, true, false, true, false},
    {CERT_PROFILE_SIGNER, false, true, false, false},
    {CERT_PROFILE_TSA, false, true, false, true},
};

START_TEST(a_profile_decides_what_a_key_may_do)
{
    CLEANUP(party_clear) struct party party = pki_party(profiles[_i].profile, "x", "SM2", NULL);

    ck_assert_int_eq(cert_is_ca(party.cert), profiles[_i].ca);
    ck_assert_int_eq(cert_may_sign(party.cert), profiles[_i].sign);
    ck_assert_int_eq(cert_may_sign_certs(party.cert), profiles[_i].sign_certs);
    ck_assert_int_eq(cert_may_timestamp(party.cert), profiles[_i].timestamp);
}
END_TEST

static void encryption_only(X509 *x509)
{
    X509_EXTENSION *usage =
        X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, "critical,keyEncipherment,keyAgreement");

    X509_EXTENSION_free(X509_delete_ext(x509, X509_get_ext_by_NID(x509, NID_key_usage, -1)));
    ck_assert_int_eq(X509_add_ext(x509, usage, -1), 1);
    X509_EXTENSION_free(usage);
}

static void no_usage(X509 *x509)
{
    X509_EXTENSION_free(X509_delete_ext(x509, X509_get_ext_by_NID(x509, NID_key_usage, -1)));
}

START_TEST(an_encryption_certificate_may_not_sign_and_one_without_usage_may)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", NULL);
    CLEANUP(cert_freep) struct cert *encrypts = pki_changed(party.cert, party.key, encryption_only);
    CLEANUP(cert_freep) struct cert *open = pki_changed(party.cert, party.key, no_usage);

    ck_assert(!cert_may_sign(encrypts));
    ck_assert(cert_may_sign(open) && cert_may_sign_certs(open) && !cert_is_ca(open));
}
END_TEST

START_TEST(the_number_of_an_organisation_is_in_its_extension)
{
    struct cert_request request = pki_request(CERT_PROFILE_SIGNER, "某某局");
    CLEANUP(key_freep) struct key *key = pki_key("SM2");
    CLEANUP(cert_freep) struct cert *cert = NULL;
    /* OCTET STRING, PrintableString */
    static const char want[] = "\x04\x14\x13\x12"
                               "91110000600037341L";
    struct span der;

    request.uscc = "91110000600037341L";
    cert = pki_issue(request, key, NULL);
    der = cert_der(cert);
    ck_assert_ptr_nonnull(memmem(der.data, der.len, want, strlen(want)));
}
END_TEST

static void hostile_name(X509 *x509)
{
    X509_NAME *name = X509_get_subject_name(x509);

    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"a\x1b[31m\nb", -1,
                               -1, 0);
}

START_TEST(a_name_cannot_steer_a_terminal)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", NULL);
    CLEANUP(cert_freep) struct cert *hostile = pki_changed(party.cert, party.key, hostile_name);

    ck_assert_str_eq(cert_common_name(hostile), "a\\1B[31m\\0Ab");
    ck_assert_ptr_null(strchr(cert_subject(hostile), '\x1b'));
}
END_TEST

START_TEST(bytes_after_a_certificate_and_cut_ones_are_refused)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", NULL);
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(10000);
    struct span der = cert_der(party.cert);
    struct err err = ERR_INIT;
    struct cert *cert = NULL;

    CK_OK(buf_add(&bytes, der.data, der.len, &err), &err);
    CK_OK(buf_add(&bytes, "", 1, &err), &err);
    ck_assert_int_eq(cert_parse(buf_span(&bytes), &cert, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "CRT001");
    ck_assert_ptr_nonnull(strstr(err.text, "trailing bytes"));
    for (size_t n = 0; n < der.len; n += 7)
        ck_assert_int_eq(cert_parse((struct span){der.data, n}, &cert, &err), RC_INPUT);
    ck_assert_ptr_null(cert);
}
END_TEST

START_TEST(a_certificate_that_is_too_large_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT((size_t)1 << 20);
    unsigned char chunk[1024] = {0x30};
    struct err err = ERR_INIT;
    struct cert *cert = NULL;

    for (int i = 0; i < 257; i++)
        CK_OK(buf_add(&bytes, chunk, sizeof(chunk), &err), &err);
    ck_assert_int_eq(cert_parse(buf_span(&bytes), &cert, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "larger than"));
}
END_TEST

START_TEST(several_certificates_come_out_of_pem_and_of_der)
{
    CLEANUP(party_clear) struct party a = pki_party(CERT_PROFILE_ROOT, "甲", "SM2", NULL);
    CLEANUP(party_clear) struct party b = pki_party(CERT_PROFILE_ROOT, "乙", "RSA", NULL);
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(20000);
    CLEANUP(certs_clear) struct certs certs = {.n = 0};
    struct err err = ERR_INIT;
    const struct party *both[] = {&a, &b};

    CK_OK(buf_puts(&bytes, "a comment\n", &err), &err);
    for (int i = 0; i < 2; i++) {
        struct span der = cert_der(both[i]->cert);

        if (_i)
            CK_OK(cert_pem(both[i]->cert, &bytes, &err), &err);
        else if (i == 0)
            buf_reset(&bytes);
        if (!_i)
            CK_OK(buf_add(&bytes, der.data, der.len, &err), &err);
    }
    CK_OK(certs_parse(buf_span(&bytes), &certs, &err), &err);
    ck_assert_uint_eq(certs.n, 2);
    ck_assert(cert_equals(certs.list[0], a.cert) && cert_equals(certs.list[1], b.cert));
}
END_TEST

static const char *const garbage[] = {
    "",
    "hello",
    "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
    "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
    "-----BEGIN CERTIFICATE-----\nMAA=\n",
    "0"};

START_TEST(a_file_without_certificates_is_refused)
{
    struct certs certs = {.n = 0};
    struct err err = ERR_INIT;

    ck_assert_int_eq(certs_parse(span_of(garbage[_i]), &certs, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "CRT001");
    ck_assert_uint_eq(certs.n, 0);
}
END_TEST

/* A value of another key over "text", with a digest of its own. */
static struct span plain_value(const struct key *key, const EVP_MD *md, unsigned char *out)
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = 512;

    ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, md, NULL, key->pkey), 1);
    ck_assert_int_eq(EVP_DigestSign(ctx, out, &len, (const unsigned char *)"text", 4), 1);
    return (struct span){out, len};
}

static const struct {
    const char *kind, *digest, *oid;
    enum sigcheck want;
    bool weak;
} plain[] = {
    {"RSA", "SHA256", "1.2.840.113549.1.1.11", SIGCHECK_GOOD, false},
    {"RSA", "SHA256", "2.16.840.1.101.3.4.2.1", SIGCHECK_GOOD, false}, /* the digest alone */
    {"RSA", "SHA512", "1.2.840.113549.1.1.13", SIGCHECK_GOOD, false},
    {"RSA", "SHA1", "1.2.840.113549.1.1.5", SIGCHECK_GOOD, true},
    {"RSA", "MD5", "1.2.840.113549.2.5", SIGCHECK_GOOD, true},
    {"RSA1024", "SHA256", "1.2.840.113549.1.1.11", SIGCHECK_GOOD, true},
    {"RSA", "SHA256", "1.2.840.113549.1.1.13", SIGCHECK_WRONG, false},
    {"RSA", "SHA256", "1.2.840.10045.4.3.2", SIGCHECK_UNSUPPORTED, false},  /* for EC keys */
    {"RSA", "SHA256", "1.2.840.113549.1.1.1", SIGCHECK_UNSUPPORTED, false}, /* no digest */
    {"RSA", "SHA256", "1.2.3.4", SIGCHECK_UNSUPPORTED, false},
    {"RSA", "SHA256", "", SIGCHECK_UNSUPPORTED, false},
    {"P-256", "SHA256", "1.2.840.10045.4.3.2", SIGCHECK_GOOD, false},
    {"P-256", "SHA256", "2.16.840.1.101.3.4.2.1", SIGCHECK_GOOD, false},
    {"P-256", "SHA256", "1.2.840.10045.4.3.4", SIGCHECK_WRONG, false},
    {"P-256", "SHA256", "1.2.840.113549.1.1.11", SIGCHECK_UNSUPPORTED, false},
    {"P-256", "SHA256", "1.2.156.10197.1.501", SIGCHECK_UNSUPPORTED, false},
};

START_TEST(other_keys_verify_with_the_digest_that_the_oid_says)
{
    CLEANUP(party_clear)
    struct party party = pki_party(CERT_PROFILE_SIGNER, "x", plain[_i].kind, NULL);
    unsigned char bytes[512];
    struct span value = plain_value(party.key, EVP_get_digestbyname(plain[_i].digest), bytes);
    struct sigform form;
    unsigned char e[SM3_LEN] = {0};

    ck_assert_int_eq(cert_verify(party.cert, plain[_i].oid, span_of("text"), value, &form),
                     plain[_i].want);
    if (plain[_i].want == SIGCHECK_GOOD) {
        ck_assert_int_eq(form.weak, plain[_i].weak);
        ck_assert_int_eq(cert_verify(party.cert, plain[_i].oid, span_of("test"), value, NULL),
                         SIGCHECK_WRONG);
    }
    ck_assert(!cert_sm2_za(party.cert, e));
    ck_assert_int_eq(cert_verify_e(party.cert, e, value, NULL), SIGCHECK_UNSUPPORTED);
}
END_TEST

START_TEST(a_value_of_sm2_is_taken_in_every_form)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", NULL);
    unsigned char za[SM3_LEN], e[SM3_LEN], der[SM2_DER_MAX + 1] = {0}, rs[SM2_RS_LEN];
    struct sigform form;
    size_t len;

    ck_assert(cert_sm2_za(party.cert, za));
    sm2_e(za, span_of("text"), e);
    ck_assert(sm2_sign_e(party.key->pkey, party.key->number, e, der, &len));
    ck_assert(sm2_value_read((struct span){der, len}, rs, NULL));
    ck_assert_int_eq(cert_verify_e(party.cert, e, (struct span){der, len}, &form), SIGCHECK_GOOD);
    ck_assert(!form.raw && !form.not_minimal);
    ck_assert_int_eq(cert_verify_e(party.cert, e, (struct span){rs, 64}, &form), SIGCHECK_GOOD);
    ck_assert(form.raw && !form.not_minimal);
    ck_assert_int_eq(cert_verify_e(party.cert, e, (struct span){der, len + 1}, &form),
                     SIGCHECK_GOOD);
    ck_assert(!form.raw && form.not_minimal);
    /* The OID does not matter: the key decides. */
    ck_assert_int_eq(cert_verify(party.cert, "1.2.3", span_of("text"), (struct span){rs, 64}, NULL),
                     SIGCHECK_GOOD);
    ck_assert_int_eq(cert_verify_e(party.cert, e, (struct span){der, len - 1}, NULL),
                     SIGCHECK_WRONG);
    ck_assert_int_eq(cert_verify_e(party.cert, e, (struct span){rs, 63}, NULL), SIGCHECK_WRONG);
    ck_assert_int_eq(cert_verify_e(party.cert, e, span_of(""), NULL), SIGCHECK_WRONG);
}
END_TEST

/* A certificate signed with X509_sign(), that is with the empty id. */
static struct cert *with_empty_id(const struct party *party)
{
    const unsigned char *p = cert_der(party->cert).data;
    CLEANUP(X509_freep) X509 *x509 = d2i_X509(NULL, &p, (long)cert_der(party->cert).len);
    struct err err = ERR_INIT;
    struct cert *cert = NULL;
    unsigned char *der = NULL;
    int len;

    ck_assert_int_gt(X509_sign(x509, party->key->pkey, EVP_sm3()), 0);
    len = i2d_X509(x509, &der);
    CK_OK(cert_parse((struct span){der, (size_t)len}, &cert, &err), &err);
    OPENSSL_free(der);
    return cert;
}

START_TEST(a_signature_with_the_empty_id_does_not_count)
{
    CLEANUP(party_clear) struct party party = pki_party(CERT_PROFILE_ROOT, "x", "SM2", NULL);
    CLEANUP(cert_freep) struct cert *empty = with_empty_id(&party);

    ck_assert_int_eq(cert_verify_issued_by(party.cert, party.cert), SIGCHECK_GOOD);
    ck_assert_int_eq(cert_verify_issued_by(empty, party.cert), SIGCHECK_WRONG);
}
END_TEST

START_TEST(a_request_that_makes_no_sense_is_refused)
{
    struct cert_request request = pki_request(CERT_PROFILE_SIGNER, "x");
    CLEANUP(party_clear) struct party root = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    CLEANUP(key_freep) struct key *key = pki_key("SM2");
    struct cert *cert = NULL;
    struct err err = ERR_INIT;
    char longer[400];

    ck_assert_int_eq(cert_issue(&request, key, root.cert, key, &cert, &err), RC_KEY);
    request.not_after = request.not_before;
    ck_assert_int_eq(cert_issue(&request, key, root.cert, root.key, &cert, &err), RC_USAGE);
    request = pki_request(CERT_PROFILE_SIGNER, longer);
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_int_eq(cert_issue(&request, key, root.cert, root.key, &cert, &err), RC_USAGE);
    ck_assert_ptr_null(cert);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_certificate_tells_its_facts);
    tcase_add_loop_test(tc, a_profile_decides_what_a_key_may_do, 0, N_OF(profiles));
    tcase_add_test(tc, an_encryption_certificate_may_not_sign_and_one_without_usage_may);
    tcase_add_test(tc, the_number_of_an_organisation_is_in_its_extension);
    tcase_add_test(tc, a_name_cannot_steer_a_terminal);
    tcase_add_test(tc, bytes_after_a_certificate_and_cut_ones_are_refused);
    tcase_add_test(tc, a_certificate_that_is_too_large_is_refused);
    tcase_add_loop_test(tc, several_certificates_come_out_of_pem_and_of_der, 0, 2);
    tcase_add_loop_test(tc, a_file_without_certificates_is_refused, 0, N_OF(garbage));
    tcase_add_loop_test(tc, other_keys_verify_with_the_digest_that_the_oid_says, 0, N_OF(plain));
    tcase_add_test(tc, a_value_of_sm2_is_taken_in_every_form);
    tcase_add_test(tc, a_signature_with_the_empty_id_does_not_count);
    tcase_add_test(tc, a_request_that_makes_no_sense_is_refused);
}
