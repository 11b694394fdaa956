/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_OCSP_PRIV_H
#define CORE_CRYPTO_OCSP_PRIV_H

#include "core/crypto/crl_priv.h"

/* CertStatus of RFC 6960 4.2.1, by its tags */
enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

/* SingleResponse: what is said of one certificate.  Spans are slices of the response. */
struct ocsp_single {
    enum hash_alg alg;
    bool is_alg_known;
    struct span name_hash, key_hash, serial; /* CertID */
    enum ocsp_status status;
    instant at; /* OCSP_REVOKED: the earlier of revocationTime and invalidityDate */
    int reason;
    instant this_update, next_update; /* INSTANT_NONE where it has no nextUpdate */
    instant ended_before;             /* of certificates that ended before, good says nothing */
    bool is_unusable;                 /* a critical extension that is not known */
};

/*
 * A response.  libcrypto's OCSP_basic_verify() cannot check SM2, so it is read as
 * crl.c reads lists, and its value is checked over the bytes as received.  Read-only
 * once parsed, but for the answer that is remembered under the lock.
 */
struct ocsp {
    atomic_int refs;
    unsigned char *der;
    struct span whole, tbs, value;
    char algorithm[80];
    X509_NAME *responder_name; /* ResponderID: a name, or the hash of a key */
    struct span responder_key;
    instant produced_at;
    struct ocsp_single *singles;
    size_t n_singles;
    struct certs certs;
    bool is_unusable;
    unsigned char sm3[SM3_LEN];

    pthread_mutex_t lock;
    bool judged;
    unsigned char judged_under[SM3_LEN]; /* cert_sm3 of the issuer */
    enum sigcheck answer;
    struct cert *responder; /* SIGCHECK_GOOD: who signed; the issuer itself or one of its own */
};

/* One or more of a file, PEM or DER; each is counted for the caller, who frees the list. */
MUST_CHECK enum rc ocsps_parse(struct span pem_or_der, struct ocsp ***list, size_t *n,
                               struct err *err);
void ocsps_free(struct ocsp **list, size_t n);

/* The newest that is said of the certificate of that issuer, or NULL. */
const struct ocsp_single *ocsp_find(const struct ocsp *ocsp, const struct cert *cert,
                                    const struct cert *issuer);

/*
 * Was it signed by one whom RFC 6960 4.2.2.2 allows to: the issuer, or a certificate
 * of the issuer's for the purpose, in force at producedAt?  SIGCHECK_UNSUPPORTED: by
 * an algorithm that is not known or proves nothing.  Candidates come with the
 * response, and from `others`.  Remembered; *responder is counted for the caller,
 * NULL unless the answer is good.
 */
enum sigcheck ocsp_verify(struct ocsp *ocsp, struct cert *issuer, const struct certs *others,
                          struct cert **responder);

#endif
