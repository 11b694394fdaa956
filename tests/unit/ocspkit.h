/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_OCSPKIT_H
#define TESTS_UNIT_OCSPKIT_H

#include <openssl/ocsp.h>

#include "core/crypto/ocsp_priv.h"
#include "tests/unit/pki.h"

CLEANUP_PTR(OCSP_BASICRESP, OCSP_BASICRESP_free);

/* One SingleResponse to be made; what is 0 is left out or has the usual value. */
struct kit_single {
    const struct cert *cert, *issuer;
    const EVP_MD *md; /* of the CertID; NULL: SHA-1 */
    int status;       /* V_OCSP_CERTSTATUS_* */
    int reason;       /* -1: none said */
    instant at, this_update, next_update;
    int extension_nid; /* of extension, "critical,DER:…" as in x509v3.cnf(5) */
    const char *extension;
};

/* Who answers, and how. */
struct kit_responder {
    const struct party *signer;
    bool by_key, alone;  /* alone: without the signer's certificate */
    instant produced_at; /* 0: PKI_2026 */
    bool basic;          /* BasicOCSPResponse without the OCSPResponse around it */
};

static inline void kit_extend(X509 *x509, int nid, const char *value)
{
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *extension = NULL;
    int at = X509_get_ext_by_NID(x509, nid, -1);

    if (at >= 0)
        X509_EXTENSION_free(X509_delete_ext(x509, at));
    extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
}

static inline void kit_may_answer(X509 *x509)
{
    kit_extend(x509, NID_ext_key_usage, "OCSPSigning");
}

static inline void kit_may_always_answer(X509 *x509)
{
    kit_may_answer(x509);
    kit_extend(x509, NID_id_pkix_OCSP_noCheck, "NULL");
}

/* A responder of the issuer's own. */
static inline struct party kit_delegate(const struct party *issuer, const char *kind,
                                        void (*change)(X509 *x509))
{
    struct party plain = pki_party(CERT_PROFILE_SIGNER, "应答服务", kind, issuer);
    struct cert *cert = pki_changed(plain.cert, issuer->key, change);

    cert_free(plain.cert);
    plain.cert = cert;
    return plain;
}

static inline void kit_add_single(OCSP_BASICRESP *basic, const struct kit_single *single)
{
    OCSP_CERTID *id = OCSP_cert_to_id(single->md ? single->md : EVP_sha1(), single->cert->x509,
                                      single->issuer->x509);
    ASN1_TIME *at = single->at ? ASN1_GENERALIZEDTIME_set(NULL, (time_t)single->at) : NULL;
    ASN1_TIME *from = ASN1_GENERALIZEDTIME_set(
        NULL, (time_t)(single->this_update ? single->this_update : PKI_2026));
    ASN1_TIME *until =
        single->next_update ? ASN1_GENERALIZEDTIME_set(NULL, (time_t)single->next_update) : NULL;
    OCSP_SINGLERESP *made =
        OCSP_basic_add1_status(basic, id, single->status, single->reason, at, from, until);

    ck_assert_ptr_nonnull(made);
    if (single->extension) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, NULL, single->extension_nid, single->extension);

        ck_assert_ptr_nonnull(extension);
        ck_assert_int_eq(OCSP_SINGLERESP_add_ext(made, extension, -1), 1);
        X509_EXTENSION_free(extension);
    }
    OCSP_CERTID_free(id);
    ASN1_TIME_free(at);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
}

/* libcrypto has no setter: it takes the clock, which tests must not. */
static inline void kit_set_time(OCSP_BASICRESP *basic, instant at)
{
    const ASN1_GENERALIZEDTIME *inside = OCSP_resp_get0_produced_at(basic);
    ASN1_GENERALIZEDTIME *produced;

    memcpy(&produced, &inside, sizeof(produced));
    ck_assert_ptr_nonnull(ASN1_GENERALIZEDTIME_set(produced, (time_t)at));
}

static inline void kit_sign(OCSP_BASICRESP *basic, const struct kit_responder *responder)
{
    static const char id[] = SM2_ID;
    const struct key *key = responder->signer->key;
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new(key->pkey, NULL);
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned long flags = OCSP_NOTIME | (responder->by_key ? OCSP_RESPID_KEY : 0) |
                          (responder->alone ? OCSP_NOCERTS : 0);

    if (key->is_sm2)
        ck_assert_int_eq(EVP_PKEY_CTX_set1_id(pctx, id, sizeof(id) - 1), 1);
    EVP_MD_CTX_set_pkey_ctx(ctx, pctx);
    ck_assert_int_eq(
        EVP_DigestSignInit(ctx, NULL, key->is_sm2 ? EVP_sm3() : EVP_sha256(), NULL, key->pkey), 1);
    kit_set_time(basic, responder->produced_at ? responder->produced_at : PKI_2026);
    ck_assert_int_eq(OCSP_basic_sign_ctx(basic, responder->signer->cert->x509, ctx, NULL, flags),
                     1);
}

/* The response in DER; the caller clears it. */
static inline struct buf kit_ocsp_der(const struct kit_responder *responder,
                                      const struct kit_single *singles, size_t n)
{
    CLEANUP(OCSP_BASICRESP_freep) OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    struct buf out = BUF_INIT((size_t)1 << 20);
    struct err err = ERR_INIT;
    unsigned char *der = NULL;
    int len;

    for (size_t i = 0; i < n; i++)
        kit_add_single(basic, &singles[i]);
    kit_sign(basic, responder);
    if (responder->basic) {
        len = i2d_OCSP_BASICRESP(basic, &der);
    } else {
        OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);

        len = i2d_OCSP_RESPONSE(response, &der);
        OCSP_RESPONSE_free(response);
    }
    CK_OK(buf_add(&out, der, (size_t)len, &err), &err);
    OPENSSL_free(der);
    return out;
}

static inline struct ocsp *kit_ocsp(const struct kit_responder *responder,
                                    const struct kit_single *singles, size_t n)
{
    CLEANUP(buf_clear) struct buf der = kit_ocsp_der(responder, singles, n);
    struct err err = ERR_INIT;
    struct ocsp *out = NULL;

    CK_OK(ocsp_parse(buf_span(&der), &out, &err), &err);
    return out;
}

#endif
