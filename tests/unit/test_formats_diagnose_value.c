/* SPDX-License-Identifier: Apache-2.0 */
/* Values by themselves, put to the trials of --diagnose: over other bytes, under other digests and
 * other certificates. */
#include "core/crypto/der_write.h"
#include "formats/ofd/diagnose_priv.h"
#include "tests/unit/pki.h"

static struct party root, sm2;
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_parties(void)
{
    OK(crypto_init(&err));
    root = pki_party(CERT_PROFILE_ROOT, "ROOT", "SM2", NULL);
    sm2 = pki_party(CERT_PROFILE_SIGNER, "签名人", "SM2", &root);
}

static void close_parties(void)
{
    party_clear(&sm2);
    party_clear(&root);
}

static void sign_bytes(struct span message, struct buf *out)
{
    unsigned char e[SM3_LEN];
    size_t len = SM2_DER_MAX;

    sm2_e(sm2.key->za, message, e);
    OK(buf_reserve(out, SM2_DER_MAX, &err));
    ck_assert(sm2_sign_e(sm2.key->pkey, sm2.key->number, e, (unsigned char *)out->data, &len));
    out->len = len;
}

#define SEQ_OF(text) ((struct span){(const unsigned char *)(text), sizeof(text) - 1})

/* Layout 1 has certificate and algorithm in what is signed; encodings with a long length, with
 * FALSE written out and without it; attributes under [0]. */
#define ITEMS "\x30\x03\x02\x01\x07\x04\x02xx\x06\x02\x2a\x03"
#define FALSE_IN "\x30\x0a\x06\x02\x2a\x03\x01\x01\x00\x04\x01x"
#define FALSE_OUT "\x30\x07\x06\x02\x2a\x03\x04\x01x"

static const struct {
    const char *code, *how;
    struct span message;    /* what should have been signed */
    struct span signed_as;  /* and what was */
    struct span attributes; /* that the value should be over */
} messages[] = {
    {"SIG338", "eSealInfo", SEQ_OF("\x30\x0d" ITEMS), SEQ_OF("\x30\x03\x02\x01\x07"), {NULL, 0}},
    {"SIG338",
     "toSign",
     SEQ_OF("\x30\x0b\x02\x01\x07\x04\x02xx\x06\x02\x2a\x03"),
     SEQ_OF("\x30\x03\x02\x01\x07"),
     {NULL, 0}},
    {"SIG339",
     "DER",
     SEQ_OF("\x30\x81\x03\x02\x01\x07"),
     SEQ_OF("\x30\x03\x02\x01\x07"),
     {NULL, 0}},
    {"SIG339", "FALSE -", SEQ_OF(FALSE_IN), SEQ_OF(FALSE_OUT), {NULL, 0}},
    {"SIG339", "FALSE +", SEQ_OF(FALSE_OUT), SEQ_OF(FALSE_IN), {NULL, 0}},
    {"SIG340", "[0]", SEQ_OF("\x31\x03\x02\x01\x07"), SEQ_OF("\xa0\x03\x02\x01\x07"),
     SEQ_OF("\xa0\x03\x02\x01\x07")},
    {"SIG340", "SET -", SEQ_OF("\x31\x03\x02\x01\x07"), SEQ_OF("\x02\x01\x07"),
     SEQ_OF("\xa0\x03\x02\x01\x07")},
    {"SIG340", "SEQUENCE", SEQ_OF("\x31\x03\x02\x01\x07"), SEQ_OF("\x30\x03\x02\x01\x07"),
     SEQ_OF("\xa0\x03\x02\x01\x07")},
};

START_TEST(a_value_over_other_bytes_is_explained)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    struct suspect s = {.cert = sm2.cert,
                        .algorithm = "1.2.156.10197.1.501",
                        .message = messages[_i].message,
                        .attributes = messages[_i].attributes};

    sign_bytes(messages[_i].signed_as, &value);
    s.value = buf_span(&value);
    for (int wrong = 0; wrong < 2; wrong++) {
        struct findings findings = {0};

        value.data[value.len - 1] ^= (char)wrong;
        diagnose_value(&s, PLACE_PART("x"), &findings);
        ck_assert_uint_eq(findings.n, 1);
        ck_assert_str_eq(findings.list[0].type->code, wrong ? "SIG349" : messages[_i].code);
        ck_assert(wrong || strstr(findings.list[0].en, messages[_i].how));
        findings_clear(&findings);
    }
}
END_TEST

/* RSA: the OID says one digest, the value is of another, or no digest is named. */
START_TEST(a_value_of_rsa_under_another_digest_is_explained)
{
    static const char *const named[] = {"1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1", NULL};
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    struct party rsa = pki_party(CERT_PROFILE_SIGNER, "RSA", "RSA", &root);
    struct span message = span_of("what is signed");
    unsigned char value[256];
    size_t len = sizeof(value);
    struct suspect s = {.cert = rsa.cert, .algorithm = named[_i], .message = message};
    struct findings findings = {0};

    ck_assert(EVP_DigestSignInit_ex(ctx, NULL, "SHA1", NULL, NULL, rsa.key->pkey, NULL));
    ck_assert(EVP_DigestSign(ctx, value, &len, message.data, message.len));
    s.value = (struct span){value, len};
    diagnose_value(&s, PLACE_PART("x"), &findings);
    ck_assert_str_eq(findings.list[0].type->code, "SIG336");
    ck_assert_ptr_nonnull(strstr(findings.list[0].en, "SHA-1"));
    findings_clear(&findings);
    party_clear(&rsa);
}
END_TEST

/* A bare value says nothing of whose it is: other certificates of the file are tried. */
START_TEST(a_value_without_certificate_is_tried_with_those_of_the_file)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1024);
    struct certs certs = {0};
    struct suspect s = {.others = &certs, .message = span_of("what is signed")};
    struct findings findings = {0};

    sign_bytes(s.message, &value);
    s.value = buf_span(&value);
    certs_add(&certs, root.cert);
    diagnose_value(&s, PLACE_PART("x"), &findings);
    ck_assert_str_eq(findings.list[0].type->code, "SIG347");
    certs_add(&certs, sm2.cert);
    diagnose_value(&s, PLACE_PART("x"), &findings);
    ck_assert_str_eq(findings.list[1].type->code, "SIG337");
    ck_assert_ptr_nonnull(strstr(findings.list[1].en, "签名人"));
    findings_clear(&findings);
    certs_clear(&certs);
}
END_TEST

/* What is tried costs a hundred digests of the bytes: one file gets so much and no more. */
START_TEST(a_budget_is_spent_once)
{
    struct diagnosis_budget budget = DIAGNOSIS_BUDGET;

    ck_assert(diagnosis_affords(&budget, diagnosis_cost(1000)));
    ck_assert(diagnosis_affords(&budget, (size_t)60 << 20));
    ck_assert(!diagnosis_affords(&budget, (size_t)60 << 20));
    ck_assert(!diagnosis_affords(&budget, 1));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, open_parties, close_parties);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_value_over_other_bytes_is_explained, 0, N_OF(messages));
    tcase_add_loop_test(tc, a_value_of_rsa_under_another_digest_is_explained, 0, 3);
    tcase_add_test(tc, a_value_without_certificate_is_tried_with_those_of_the_file);
    tcase_add_test(tc, a_budget_is_spent_once);
}
