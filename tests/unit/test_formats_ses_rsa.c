/* SPDX-License-Identifier: Apache-2.0 */
/* Seal signatures with RSA, which GM/T 0031-2014 allows: dataHash and value of one digest. */
#include "core/crypto/der_write.h"
#include "core/model/judge.h"
#include "formats/ses/ses.h"
#include "tests/unit/people.h"
#include "tests/unit/pki.h"

#define XML "<Signature/>"
#define PROPERTY "/Doc_0/Signs/Sign_0/Signature.xml"

static struct err err;

#define OK(expr) CK_OK(expr, &err)

static struct pki pki;
static struct party strong, weak;

static void open_parties(void)
{
    struct party root;

    pki_open(&pki);
    root = (struct party){.key = pki.root_key, .cert = pki.root};
    strong = pki_party(CERT_PROFILE_SIGNER, "RSA 2048", "RSA", &root);
    weak = pki_party(CERT_PROFILE_SIGNER, "RSA 1024", "RSA1024", &root);
}

static void close_parties(void)
{
    party_clear(&strong);
    party_clear(&weak);
    pki_close(&pki);
}

static void make_seal(const struct party *user, struct buf *out)
{
    struct certs users = {0};
    struct ses_seal_spec spec = {.layout = SES_LAYOUT_4,
                                 .name = "测试章",
                                 .type = 1,
                                 .signers = &users,
                                 .create_date = NOW - 50 * DAY,
                                 .valid_start = NOW - 50 * DAY,
                                 .valid_end = NOW + 50 * DAY,
                                 .picture_type = "PNG",
                                 .picture = span_of("picture"),
                                 .width_mm = 40,
                                 .height_mm = 40};

    certs_add(&users, user->cert);
    OK(ses_seal_make(&spec, pki.maker.signer, out, &err));
    certs_clear(&users);
}

static void sign(const struct party *user, const char *md, struct span message, struct buf *out)
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t len = 1024;

    OK(buf_reserve(out, len, &err));
    ck_assert(EVP_DigestSignInit_ex(ctx, NULL, md, NULL, NULL, user->key->pkey, NULL));
    ck_assert(EVP_DigestSign(ctx, (unsigned char *)out->data, &len, message.data, message.len));
    out->len = len;
}

struct rsa {
    bool short_key;
    enum hash_alg hash; /* of dataHash */
    const char *md;     /* of the value */
    const char *algorithm;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
};

static void make(const struct rsa *rsa, struct buf *out)
{
    const struct party *user = rsa->short_key ? &weak : &strong;
    CLEANUP(buf_clear) struct buf seal = BUF_INIT(1 << 16);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(2048);
    struct hash hash;

    make_seal(user, &seal);
    OK(hash_compute(rsa->hash, span_of(XML), &hash, &err));
    OK(der_put_integer(out, 4, &err));
    OK(der_put_raw(out, buf_span(&seal), &err));
    OK(der_put_generalized_time(out, NOW, &err));
    OK(der_put_bits(out, (struct span){hash.bytes, hash.len}, &err));
    OK(der_put_text(out, DER_ID_IA5_STRING, PROPERTY, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, 0, &err));
    sign(user, rsa->md, buf_span(out), &value);
    OK(der_put(out, DER_ID_OCTET_STRING, cert_der(user->cert), &err));
    OK(der_put_oid(out, rsa->algorithm, &err));
    OK(der_put_bits(out, buf_span(&value), &err));
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

#define WEAK INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE

static const struct rsa values[] = {
    {false, HASH_SHA256, "SHA256", "1.2.840.113549.1.1.11", TOTAL_PASSED, SUB_NONE, NULL},
    {false, HASH_SHA256, "SHA256", "2.16.840.1.101.3.4.2.1", TOTAL_PASSED, SUB_NONE, NULL},
    {false, HASH_SHA512, "SHA512", "1.2.840.113549.1.1.13", TOTAL_PASSED, SUB_NONE, NULL},
    {false, HASH_SHA1, "SHA1", "1.2.840.113549.1.1.5", WEAK, "SIG103"},
    {false, HASH_SHA1, "SHA1", "1.2.840.113549.1.1.5", WEAK, "SIG106"},
    {false, HASH_SHA1, "SHA1", "1.3.14.3.2.26", WEAK, "SIG103"},
    {true, HASH_SHA256, "SHA256", "1.2.840.113549.1.1.11", WEAK, "SIG103"},
    /* the key's OID, and that of SM2, say nothing about the digest */
    {false, HASH_SHA256, "SHA256", "1.2.840.113549.1.1.1", WEAK, "SIG101"},
    {false, HASH_SHA256, "SHA256", "1.2.156.10197.1.501", WEAK, "SIG101"},
};

START_TEST(a_value_of_rsa_is_judged_by_digest_and_key)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&values[_i], &value);
    judge(buf_span(&value), &v);
    ck_verdict(&v, values[_i].indication, values[_i].sub, values[_i].code);
}
END_TEST

START_TEST(a_changed_value_or_digest_of_rsa_fails)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(verdict_clear) struct verdict_of w = {0};
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    bool unsupported = values[_i].code && strcmp(values[_i].code, "SIG101") == 0;

    make(&values[_i], &value);
    value.data[value.len - 1] ^= 1;
    judge(buf_span(&value), &v);
    ck_assert_int_eq(step_of(&v, "value"), unsupported ? STEP_UNKNOWN : STEP_FAILED);
    value.data[value.len - 1] ^= 1;
    OK(ses_signature_read(buf_span(&value), &signature, NULL, &err));
    value.data[signature.data_hash.data - (const unsigned char *)value.data] ^= 1;
    judge(buf_span(&value), &w);
    ck_assert_int_eq(w.report.indication, TOTAL_FAILED);
    ck_assert_int_eq(step_of(&w, "data-hash"), STEP_FAILED);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, open_parties, close_parties);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_value_of_rsa_is_judged_by_digest_and_key, 0, N_OF(values));
    tcase_add_loop_test(tc, a_changed_value_or_digest_of_rsa_fails, 0, N_OF(values));
}
