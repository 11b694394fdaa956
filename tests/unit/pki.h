/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PKI_H
#define TESTS_UNIT_PKI_H

#include "core/crypto/cert_issue.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/issue_sign.h"
#include "core/crypto/key_priv.h"
#include "tests/unit/unit.h"

/* Certificates made on the spot.  2026-01-01 and a few years around it. */
#define PKI_2026 ((instant)1767225600)
#define PKI_YEAR ((instant)365 * 86400)

/* A certificate with its key. */
struct party {
    struct key *key;
    struct cert *cert;
};

static inline void party_clear(struct party *party)
{
    key_free(party->key);
    cert_free(party->cert);
}

static inline struct key *pki_key(const char *kind)
{
    EVP_PKEY *pkey = strcmp(kind, "SM2") == 0   ? EVP_PKEY_Q_keygen(NULL, NULL, "SM2")
                     : strcmp(kind, "RSA") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048)
                     : strcmp(kind, "RSA1024") == 0
                         ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024)
                         : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");

    ck_assert_ptr_nonnull(pkey);
    return key_of(pkey);
}

static inline struct cert_request pki_request(enum cert_profile profile, const char *name)
{
    return (struct cert_request){.profile = profile,
                                 .common_name = name,
                                 .organization = "测试机构",
                                 .not_before = PKI_2026 - PKI_YEAR,
                                 .not_after = PKI_2026 + 3 * PKI_YEAR};
}

static inline struct cert *pki_issue(struct cert_request request, const struct key *subject,
                                     const struct party *issuer)
{
    struct cert *cert = NULL;
    struct err err = ERR_INIT;

    CK_OK(cert_issue(&request, subject, issuer ? issuer->cert : NULL,
                     issuer ? issuer->key : subject, &cert, &err),
          &err);
    return cert;
}

static inline struct party pki_party(enum cert_profile profile, const char *name, const char *kind,
                                     const struct party *issuer)
{
    struct party party = {.key = pki_key(kind)};

    party.cert = pki_issue(pki_request(profile, name), party.key, issuer);
    return party;
}

/* The certificate with its contents changed by `change` and signed again by the issuer. */
static inline struct cert *pki_changed(const struct cert *cert, const struct key *issuer_key,
                                       void (*change)(X509 *x509))
{
    const unsigned char *p = cert_der(cert).data;
    CLEANUP(X509_freep) X509 *x509 = d2i_X509(NULL, &p, (long)cert_der(cert).len);
    struct err err = ERR_INIT;
    struct cert *out = NULL;
    unsigned char *der = NULL;
    int len;

    change(x509);
    CK_OK(issue_sign_cert(x509, issuer_key, &err), &err);
    len = i2d_X509(x509, &der);
    CK_OK(cert_parse((struct span){der, (size_t)len}, &out, &err), &err);
    OPENSSL_free(der);
    return out;
}

/* The certificate with one bit of its value changed. */
static inline struct cert *pki_tampered(const struct cert *cert)
{
    struct span der = cert_der(cert);
    unsigned char *copy = OPENSSL_memdup(der.data, der.len);
    struct err err = ERR_INIT;
    struct cert *out = NULL;

    copy[der.len - 1] ^= 1;
    CK_OK(cert_parse((struct span){copy, der.len}, &out, &err), &err);
    OPENSSL_free(copy);
    return out;
}

#endif
