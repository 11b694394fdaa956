/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_OSSL_H
#define CORE_CRYPTO_OSSL_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/base/cleanup.h"
#include "core/base/err.h"
#include "core/crypto/hash.h"

/*
 * libcrypto, for core/crypto alone.  It needs OpenSSL 3.0 with SM2, SM3 and SM4
 * (Debian 12's has them) and uses EVP and X509 only, so that a libcrypto of the
 * same interface can take its place.  Key types are told by EVP_PKEY_is_a():
 * EVP_PKEY_get_id() is -1 for an SM2 key that came out of a certificate.
 */
CLEANUP_PTR(EVP_PKEY, EVP_PKEY_free);
CLEANUP_PTR(EVP_PKEY_CTX, EVP_PKEY_CTX_free);
CLEANUP_PTR(EVP_MD_CTX, EVP_MD_CTX_free);
CLEANUP_PTR(BIGNUM, BN_free);
CLEANUP_PTR(BIO, BIO_free_all);
CLEANUP_PTR(X509, X509_free);
CLEANUP_PTR(X509_CRL, X509_CRL_free);
CLEANUP_PTR(X509_REVOKED, X509_REVOKED_free);
CLEANUP_PTR(X509_SIG, X509_SIG_free);
CLEANUP_PTR(X509_EXTENSION, X509_EXTENSION_free);
CLEANUP_PTR(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free);
CLEANUP_PTR(PKCS12, PKCS12_free);
CLEANUP_PTR(ASN1_INTEGER, ASN1_INTEGER_free);
CLEANUP_PTR(ASN1_ENUMERATED, ASN1_ENUMERATED_free);
CLEANUP_PTR(ASN1_TIME, ASN1_TIME_free);
CLEANUP_PTR(ASN1_OCTET_STRING, ASN1_OCTET_STRING_free);
CLEANUP_PTR(BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free);
CLEANUP_PTR(AUTHORITY_KEYID, AUTHORITY_KEYID_free);
CLEANUP_PTR(EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free);

/* SM3, fetched once (hash.c). */
const EVP_MD *sm3_method(void);

/* Says "what: libcrypto's own reason" and empties libcrypto's queue. */
static inline enum rc ossl_fail(struct err *err, enum rc code, const char *what)
{
    unsigned long top = ERR_peek_error();
    const char *reason = ERR_reason_error_string(top);

    ERR_clear_error();
    return err_set(err, code, "%s: %s", what, reason ? reason : "libcrypto refuses");
}

const char *hash_method_name(enum hash_alg alg); /* libcrypto's name of it */

#endif
