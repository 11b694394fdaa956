/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/issue_sign.h"

#include "core/crypto/key_priv.h"

/* X509_sign() would use the empty id: no program that follows the standards verifies that. */
static EVP_PKEY_CTX *start(EVP_MD_CTX *ctx, const struct key *key)
{
    const EVP_MD *md = key->is_sm2 ? EVP_sm3() : EVP_sha256();
    EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new(key->pkey, NULL);

    if (pctx && key->is_sm2 && EVP_PKEY_CTX_set1_id(pctx, SM2_ID, sizeof(SM2_ID) - 1) != 1) {
        EVP_PKEY_CTX_free(pctx);
        return NULL;
    }
    if (pctx)
        EVP_MD_CTX_set_pkey_ctx(ctx, pctx);
    if (!pctx || EVP_DigestSignInit(ctx, NULL, md, NULL, key->pkey) != 1) {
        EVP_PKEY_CTX_free(pctx);
        return NULL;
    }
    return pctx;
}

enum rc issue_sign_cert(X509 *x509, const struct key *key, struct err *err)
{
    /* pctx is declared first, so that it is released after the digest context that uses it. */
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *pctx = NULL;
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx)
        pctx = start(ctx, key);
    if (!pctx || X509_sign_ctx(x509, ctx) <= 0)
        return ossl_fail(err, RC_KEY, "cannot sign the certificate");
    return RC_OK;
}

enum rc issue_sign_crl(X509_CRL *crl, const struct key *key, struct err *err)
{
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *pctx = NULL;
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx)
        pctx = start(ctx, key);
    if (!pctx || X509_CRL_sign_ctx(crl, ctx) <= 0)
        return ossl_fail(err, RC_KEY, "cannot sign the revocation list");
    return RC_OK;
}

ASN1_TIME *issue_time(instant at)
{
    return ASN1_TIME_set(NULL, (time_t)at);
}
