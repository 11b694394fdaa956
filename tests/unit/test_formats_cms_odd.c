/* SPDX-License-Identifier: Apache-2.0 */
/* SignedData and bare values as other makers write them, each with the reading it gets; and
 * for each the twin that must not pass: another file, and a value with one bit changed. */
#include "core/base/codec.h"
#include "core/crypto/der_write.h"
#include "core/model/judge.h"
#include "formats/cms/cms_oids.h"
#include "formats/cms/sigvalue.h"
#include "tests/unit/people.h"
#include "tests/unit/pki.h"

#define FILE_TEXT "the file that is signed"
#define SHA256_OID "2.16.840.1.101.3.4.2.1"
#define SHA1_OID "1.3.14.3.2.26"

static struct err err;

#define OK(expr) CK_OK(expr, &err)

enum who { AGENCY, SECOND, RSA_2048, RSA_1024, P_256, N_PARTIES };
static struct party root, parties[N_PARTIES];
static struct cert *twin; /* issuer and serial number of the agency, but another certificate */
static struct trust *trust;

static void rename_subject(X509 *x509)
{
    X509_NAME *name = X509_get_subject_name(x509);

    ck_assert(X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8, (const unsigned char *)"twin",
                                         -1, -1, 0));
}

static void open_parties(void)
{
    static const char *const kinds[] = {"SM2", "SM2", "RSA", "RSA1024", "EC"};

    OK(crypto_init(&err));
    root = pki_party(CERT_PROFILE_ROOT, "ROOT", "SM2", NULL);
    for (int i = 0; i < N_PARTIES; i++)
        parties[i] = pki_party(CERT_PROFILE_SIGNER, "signer", kinds[i], &root);
    twin = pki_changed(parties[AGENCY].cert, root.key, rename_subject);
    trust = trust_new();
    trust_add_anchor(trust, root.cert);
}

static void close_parties(void)
{
    trust_free(trust);
    cert_free(twin);
    for (int i = 0; i < N_PARTIES; i++)
        party_clear(&parties[i]);
    party_clear(&root);
}

enum attributes {
    ATTRIBUTES_NONE,
    ATTRIBUTES_DER,      /* in the order of DER */
    ATTRIBUTES_REVERSED, /* in the file, and signed so */
    ATTRIBUTES_RESORTED, /* reversed in the file, signed in the order of DER */
};
enum inside { INSIDE_NOTHING, INSIDE_FILE, INSIDE_DIGEST, INSIDE_BASE64 };
enum sid { SID_SERIAL, SID_KEY, SID_OTHER_KEY };

/* All zero is a plain SignedData of the agency over the file, which is elsewhere. */
struct odd {
    enum who who;
    enum attributes attributes;
    enum inside inside;
    enum sid sid;
    bool no_digest, two_digests, two_values, no_content_type;
    bool second;         /* another signer, who is right */
    bool second_spoiled; /* and is not */
    bool second_cert;    /* certificates of others besides */
    bool twin_cert;
    bool no_cert;
    bool raw;        /* r || s */
    bool null;       /* parameters of the algorithms */
    bool cms;        /* OIDs of RFC 5652 */
    bool indefinite; /* lengths */
    const char *digest, *algorithm;
};

static enum hash_alg alg_of(const struct odd *odd)
{
    enum hash_alg alg = HASH_SM3;

    if (odd->digest && !hash_by_name(odd->digest, &alg))
        alg = HASH_SM3;
    return alg;
}

static void sign_message(const struct odd *odd, enum who who, struct span message, struct buf *out)
{
    static const char *const names[] = {
        [HASH_SM3] = "SM3", [HASH_SHA256] = "SHA256", [HASH_SHA1] = "SHA1"};
    const struct key *key = parties[who].key;
    unsigned char e[SM3_LEN], rs[SM2_RS_LEN];
    size_t len = 1024;

    OK(buf_reserve(out, len, &err));
    if (key->is_sm2) {
        sm2_e(key->za, message, e);
        ck_assert(sm2_sign_e(key->pkey, key->number, e, (unsigned char *)out->data, &len));
        out->len = len;
        if (odd->raw) {
            ck_assert(sm2_value_read(buf_span(out), rs, NULL));
            buf_reset(out);
            OK(buf_add(out, rs, sizeof(rs), &err));
        }
        return;
    }
    {
        CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

        ck_assert(
            EVP_DigestSignInit_ex(ctx, NULL, names[alg_of(odd)], NULL, NULL, key->pkey, NULL));
        ck_assert(EVP_DigestSign(ctx, (unsigned char *)out->data, &len, message.data, message.len));
        out->len = len;
    }
}

static void put_algorithm(struct buf *out, const char *oid, bool null)
{
    size_t mark = out->len;

    OK(der_put_oid(out, oid, &err));
    if (null)
        OK(der_put(out, DER_ID_NULL, (struct span){0}, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_content(const struct odd *odd, struct buf *out)
{
    struct hash hash;

    OK(hash_compute(alg_of(odd), span_of(FILE_TEXT), &hash, &err));
    if (odd->inside == INSIDE_FILE)
        OK(buf_puts(out, FILE_TEXT, &err));
    else if (odd->inside == INSIDE_DIGEST)
        OK(buf_add(out, hash.bytes, hash.len, &err));
    else if (odd->inside == INSIDE_BASE64)
        OK(base64_encode((struct span){hash.bytes, hash.len}, out, &err));
}

/* What the value, or messageDigest, is over. */
static void put_message(const struct odd *odd, struct buf *out)
{
    put_content(odd, out);
    if (odd->inside == INSIDE_NOTHING)
        OK(buf_puts(out, FILE_TEXT, &err));
}

static void put_attribute(struct buf *out, const char *oid, enum der_id id, struct span value,
                          bool twice)
{
    size_t mark = out->len, set;

    OK(der_put_oid(out, oid, &err));
    set = out->len;
    for (int i = 0; i < 1 + twice; i++)
        OK(der_put(out, id, value, &err));
    OK(der_wrap(out, DER_ID_SET, set, &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_oid_attribute(struct buf *out, const char *oid, const char *value)
{
    CLEANUP(buf_clear) struct buf der = BUF_INIT(64);

    OK(der_put_oid(&der, value, &err));
    put_attribute(out, oid, DER_ID_OID, (struct span){(unsigned char *)der.data + 2, der.len - 2},
                  false);
}

/* contentType is shorter than messageDigest, so first in the order of DER. */
static void put_attributes(const struct odd *odd, bool reversed, struct buf *out)
{
    CLEANUP(buf_clear) struct buf message = BUF_INIT(1024);
    struct hash hash;

    put_message(odd, &message);
    OK(hash_compute(alg_of(odd), buf_span(&message), &hash, &err));
    for (int i = 0; i < 2; i++) {
        if ((i == 1) != reversed) {
            for (int k = 0; k < 1 + odd->two_digests && !odd->no_digest; k++)
                put_attribute(out, OID_MESSAGE_DIGEST, DER_ID_OCTET_STRING,
                              (struct span){hash.bytes, hash.len}, odd->two_values);
        } else if (!odd->no_content_type) {
            put_oid_attribute(out, OID_CONTENT_TYPE, odd->cms ? OID_CMS_DATA : OID_GB_DATA);
        }
    }
}

static void put_sid(const struct odd *odd, const struct cert *cert, struct buf *out)
{
    unsigned char key_id[64];
    const char *text = cert_subject_key_id(cert);
    size_t mark = out->len;

    if (odd->sid == SID_SERIAL) {
        OK(der_put_raw(out, cert_issuer_der(cert), &err));
        OK(der_put_raw(out, cert_serial_der(cert), &err));
        OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
        return;
    }
    ck_assert_uint_gt(strlen(text), 0);
    ck_assert(hex_decode(text, strlen(text) / 2, key_id));
    key_id[0] = (unsigned char)(key_id[0] ^ (odd->sid == SID_OTHER_KEY));
    OK(der_put(out, (enum der_id)0x80, (struct span){key_id, strlen(text) / 2}, &err));
}

static void put_signer(const struct odd *odd, enum who who, bool spoiled, struct buf *out)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(2048);
    CLEANUP(buf_clear) struct buf message = BUF_INIT(2048);
    CLEANUP(buf_clear) struct buf attributes = BUF_INIT(2048);
    bool reversed =
        odd->attributes == ATTRIBUTES_REVERSED || odd->attributes == ATTRIBUTES_RESORTED;
    size_t mark = out->len;

    OK(der_put_integer(out, odd->sid == SID_SERIAL ? 1 : 3, &err));
    put_sid(odd, parties[who].cert, out);
    put_algorithm(out, odd->digest ? odd->digest : OID_SM3, odd->null);
    if (odd->attributes != ATTRIBUTES_NONE) {
        put_attributes(odd, reversed, &attributes);
        OK(der_put(out, DER_ID_CONTEXT_0, buf_span(&attributes), &err));
        put_attributes(odd, odd->attributes == ATTRIBUTES_REVERSED, &message);
        OK(der_wrap(&message, DER_ID_SET, 0, &err));
    } else {
        put_message(odd, &message);
    }
    put_algorithm(out, odd->algorithm ? odd->algorithm : OID_SM2_SIGN, odd->null);
    sign_message(odd, who, buf_span(&message), &value);
    if (spoiled)
        value.data[value.len - 1] ^= 1;
    OK(der_put(out, DER_ID_OCTET_STRING, buf_span(&value), &err));
    OK(der_wrap(out, DER_ID_SEQUENCE, mark, &err));
}

static void put_certs(const struct odd *odd, struct buf *out)
{
    size_t mark = out->len;

    if (odd->no_cert)
        return;
    if (odd->second_cert || odd->second)
        OK(der_put_raw(out, cert_der(parties[SECOND].cert), &err));
    if (odd->twin_cert)
        OK(der_put_raw(out, cert_der(twin), &err));
    OK(der_put_raw(out, cert_der(parties[odd->who].cert), &err));
    OK(der_wrap(out, DER_ID_CONTEXT_0, mark, &err));
}

/* Wraps all there is, in a length that is not told where lengths are indefinite. */
static void wrap(const struct odd *odd, struct buf *out, enum der_id id)
{
    CLEANUP(buf_clear) struct buf copy = BUF_INIT(1 << 16);
    const unsigned char head[] = {(unsigned char)id, 0x80};

    if (!odd->indefinite) {
        OK(der_wrap(out, id, 0, &err));
        return;
    }
    OK(buf_add(&copy, out->data, out->len, &err));
    buf_reset(out);
    OK(buf_add(out, head, 2, &err));
    OK(buf_add(out, copy.data, copy.len, &err));
    OK(buf_add(out, "\0\0", 2, &err));
}

static void make(const struct odd *odd, struct buf *out)
{
    CLEANUP(buf_clear) struct buf content = BUF_INIT(1024);
    CLEANUP(buf_clear) struct buf body = BUF_INIT(1 << 16);
    size_t mark, inner;

    put_content(odd, &content);
    OK(der_put_integer(&body, odd->sid == SID_SERIAL ? 1 : 3, &err));
    mark = body.len;
    put_algorithm(&body, odd->digest ? odd->digest : OID_SM3, odd->null);
    OK(der_wrap(&body, DER_ID_SET, mark, &err));
    mark = body.len;
    OK(der_put_oid(&body, odd->cms ? OID_CMS_DATA : OID_GB_DATA, &err));
    inner = body.len;
    if (odd->inside != INSIDE_NOTHING) {
        OK(der_put(&body, DER_ID_OCTET_STRING, buf_span(&content), &err));
        OK(der_wrap(&body, DER_ID_CONTEXT_0, inner, &err));
    }
    OK(der_wrap(&body, DER_ID_SEQUENCE, mark, &err));
    put_certs(odd, &body);
    mark = body.len;
    put_signer(odd, odd->who, false, &body);
    if (odd->second)
        put_signer(odd, SECOND, odd->second_spoiled, &body);
    OK(der_wrap(&body, DER_ID_SET, mark, &err));
    wrap(odd, &body, DER_ID_SEQUENCE);
    wrap(odd, &body, DER_ID_CONTEXT_0);
    OK(der_put_oid(out, odd->cms ? OID_CMS_SIGNED_DATA : OID_GB_SIGNED_DATA, &err));
    OK(buf_add(out, body.data, body.len, &err));
    wrap(odd, out, DER_ID_SEQUENCE);
}

static void judge(struct span value, const char *file, struct verdict_of *v)
{
    const struct cms_judge question = {
        .trust = trust, .now = NOW + DAY, .part = "x.p7s", .container_time = NOW};
    CLEANUP(cms_clear) struct cms cms = {0};

    OK(cms_read(value, &cms, &err));
    cms_judge(&question, &cms, span_of(file), &v->report, &v->findings);
}

/* A weak value is intact and never valid; see the codes. */
#define WEAK INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE
#define GOOD TOTAL_PASSED, SUB_NONE

static const struct {
    struct odd odd;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
} odds[] = {
    /* the variants of GB/T 35275 and of PKCS #7 */
    {{.attributes = ATTRIBUTES_NONE}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER}, GOOD, NULL},
    {{.inside = INSIDE_DIGEST}, GOOD, NULL},
    {{.inside = INSIDE_FILE}, GOOD, NULL},
    {{.inside = INSIDE_BASE64}, GOOD, "SIG320"},
    {{.attributes = ATTRIBUTES_DER, .inside = INSIDE_FILE}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .inside = INSIDE_DIGEST}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .cms = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .indefinite = true}, GOOD, NULL},
    {{.inside = INSIDE_DIGEST, .indefinite = true, .cms = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .null = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .raw = true}, GOOD, "SIG312"},
    /* attributes */
    {{.attributes = ATTRIBUTES_REVERSED}, GOOD, "SIG321"},
    {{.attributes = ATTRIBUTES_RESORTED}, GOOD, "SIG321"},
    {{.attributes = ATTRIBUTES_DER, .no_content_type = true}, GOOD, "SIG319"},
    {{.attributes = ATTRIBUTES_DER, .no_digest = true}, TOTAL_FAILED, SUB_FORMAT_FAILURE, "SIG204"},
    {{.attributes = ATTRIBUTES_DER, .two_digests = true},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     "SIG113"},
    {{.attributes = ATTRIBUTES_DER, .two_values = true},
     INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE,
     "SIG113"},
    /* whose certificate it is */
    {{.attributes = ATTRIBUTES_DER, .second_cert = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .sid = SID_KEY}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .sid = SID_KEY, .second_cert = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .sid = SID_OTHER_KEY}, GOOD, "SIG322"},
    {{.attributes = ATTRIBUTES_DER, .sid = SID_OTHER_KEY, .second_cert = true},
     INDETERMINATE,
     SUB_NO_SIGNING_CERTIFICATE_FOUND,
     "SIG102"},
    {{.attributes = ATTRIBUTES_DER, .twin_cert = true},
     INDETERMINATE,
     SUB_NO_SIGNING_CERTIFICATE_FOUND,
     "SIG112"},
    {{.attributes = ATTRIBUTES_DER, .no_cert = true},
     INDETERMINATE,
     SUB_NO_SIGNING_CERTIFICATE_FOUND,
     "SIG102"},
    /* several signers */
    {{.attributes = ATTRIBUTES_DER, .second = true}, GOOD, NULL},
    {{.inside = INSIDE_DIGEST, .second = true}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .second = true, .second_spoiled = true},
     TOTAL_FAILED,
     SUB_SIG_CRYPTO_FAILURE,
     "SIG201"},
    /* names of algorithms */
    {{.algorithm = "1.2.156.10197.1.501"}, GOOD, NULL},
    {{.algorithm = "1.2.156.10197.501"}, GOOD, "SIG316"},
    {{.algorithm = "1.2.156.10197.1.301"}, GOOD, "SIG316"},
    {{.algorithm = OID_RSA}, GOOD, "SIG316"},
    {{.digest = "1.2.156.10197.1.401.1"}, GOOD, NULL},
    {{.attributes = ATTRIBUTES_DER, .digest = SHA256_OID}, GOOD, "SIG323"},
    {{.attributes = ATTRIBUTES_DER, .digest = SHA1_OID}, WEAK, "SIG106"},
    {{.attributes = ATTRIBUTES_DER, .digest = "1.2.156.10197.1.401.2"}, WEAK, "SIG109"},
    /* other keys */
    {{.who = RSA_2048, .attributes = ATTRIBUTES_DER, .digest = SHA256_OID, .algorithm = OID_RSA},
     GOOD,
     NULL},
    {{.who = RSA_2048, .digest = SHA256_OID, .algorithm = "1.2.840.113549.1.1.11", .cms = true},
     GOOD,
     NULL},
    {{.who = RSA_2048, .attributes = ATTRIBUTES_DER, .digest = SHA1_OID, .algorithm = OID_RSA},
     WEAK,
     "SIG103"},
    {{.who = RSA_1024, .attributes = ATTRIBUTES_DER, .digest = SHA256_OID, .algorithm = OID_RSA},
     WEAK,
     "SIG103"},
    {{.who = RSA_2048, .attributes = ATTRIBUTES_DER, .digest = SHA256_OID},
     WEAK,
     "SIG101"}, /* the OID of SM2 with a key that is none */
    {{.who = P_256,
      .attributes = ATTRIBUTES_DER,
      .digest = SHA256_OID,
      .algorithm = "1.2.840.10045.4.3.2"},
     GOOD,
     NULL},
    {{.who = P_256, .digest = SHA256_OID, .algorithm = OID_EC_KEY}, GOOD, NULL},
};

START_TEST(a_variant_is_read_as_the_table_says)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&odds[_i].odd, &value);
    judge(buf_span(&value), FILE_TEXT, &v);
    ck_verdict(&v, odds[_i].indication, odds[_i].sub, odds[_i].code);
    if (odds[_i].indication == TOTAL_PASSED && !odds[_i].code)
        ck_assert_int_eq(findings_worst(&v.findings), SEVERITY_INFO);
}
END_TEST

START_TEST(no_variant_lets_another_file_pass)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    make(&odds[_i].odd, &value);
    judge(buf_span(&value), FILE_TEXT " ", &v);
    ck_assert_int_ne(v.report.indication, TOTAL_PASSED);
    if (odds[_i].indication == TOTAL_PASSED)
        ck_assert_int_eq(v.report.indication, TOTAL_FAILED);
}
END_TEST

START_TEST(no_variant_lets_a_changed_value_pass)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(cms_clear) struct cms cms = {0};
    struct span bytes;

    make(&odds[_i].odd, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    bytes = cms.signers[0].signature;
    if (cms.own.len) /* indefinite lengths: found again in the original */
        bytes.data = memmem(value.data, value.len, bytes.data, bytes.len);
    value.data[bytes.data + bytes.len - 1 - (const unsigned char *)value.data] ^= 1;
    judge(buf_span(&value), FILE_TEXT, &v);
    ck_assert_int_ne(v.report.indication, TOTAL_PASSED);
    if (odds[_i].indication == TOTAL_PASSED)
        ck_assert_int_eq(step_of(&v, "value"), STEP_FAILED);
}
END_TEST

/* ---- bare values under a certificate that is known ---- */

static const struct {
    enum who who;
    const char *digest, *algorithm;
    bool raw;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
} bare[] = {
    {AGENCY, NULL, "SM2", false, GOOD, NULL},
    {AGENCY, NULL, "1.2.156.10197.1.501", false, GOOD, NULL},
    {AGENCY, NULL, NULL, false, GOOD, NULL},
    {AGENCY, NULL, "SM3withSM2", true, GOOD, "SIG312"},
    {RSA_2048, SHA256_OID, "1.2.840.113549.1.1.11", false, GOOD, NULL},
    {RSA_2048, SHA1_OID, "1.2.840.113549.1.1.5", false, WEAK, "SIG103"},
    {RSA_1024, SHA256_OID, "1.2.840.113549.1.1.11", false, WEAK, "SIG103"},
    {RSA_2048, SHA256_OID, NULL, false, WEAK, "SIG101"},
    {P_256, SHA256_OID, "1.2.840.10045.4.3.2", false, GOOD, NULL},
};

START_TEST(a_bare_value_is_judged_by_its_key)
{
    const struct cms_judge question = {.trust = trust, .now = NOW + DAY, .container_time = NOW};
    const struct odd odd = {.digest = bare[_i].digest, .raw = bare[_i].raw};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(2048);

    sign_message(&odd, bare[_i].who, span_of(FILE_TEXT), &value);
    ck_assert_int_eq(sigvalue_detect(buf_span(&value)), SIGVALUE_RAW);
    for (int spoiled = 0; spoiled < 2; spoiled++) {
        CLEANUP(verdict_clear) struct verdict_of v = {0};

        value.data[value.len - 1] ^= (char)spoiled;
        sigvalue_judge_raw(&question, buf_span(&value), bare[_i].algorithm,
                           parties[bare[_i].who].cert, span_of(FILE_TEXT), &v.report, &v.findings);
        if (!spoiled)
            ck_verdict(&v, bare[_i].indication, bare[_i].sub, bare[_i].code);
        else if (bare[_i].code && strcmp(bare[_i].code, "SIG101") == 0)
            ck_assert_int_eq(v.report.indication, INDETERMINATE);
        else
            ck_verdict(&v, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, "SIG201");
    }
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, open_parties, close_parties);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_variant_is_read_as_the_table_says, 0, N_OF(odds));
    tcase_add_loop_test(tc, no_variant_lets_another_file_pass, 0, N_OF(odds));
    tcase_add_loop_test(tc, no_variant_lets_a_changed_value_pass, 0, N_OF(odds));
    tcase_add_loop_test(tc, a_bare_value_is_judged_by_its_key, 0, N_OF(bare));
}
