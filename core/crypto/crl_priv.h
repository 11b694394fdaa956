/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CRL_PRIV_H
#define CORE_CRYPTO_CRL_PRIV_H

#include <pthread.h>

#include "core/crypto/cert_priv.h"
#include "core/crypto/chain.h"

/* RFC 5280 5.3.1 */
enum { REASON_KEY_COMPROMISE = 1, REASON_CA_COMPROMISE = 2, REASON_HOLD = 6, REASON_REMOVE = 8 };

struct crl_entry {
    struct span serial; /* contents of the INTEGER without zeros in front */
    instant at;
    int reason;
};

/*
 * A revocation list.  It never becomes an X509_CRL: libcrypto has no place for the
 * id there and re-encodes what it verifies.  Read-only once parsed, but for the
 * answer that is remembered under the lock.
 */
struct crl {
    atomic_int refs;
    unsigned char *der;
    X509_NAME *issuer;
    struct span issuer_der, tbs, value;
    char algorithm[80];
    char *issuer_text, *authority_key_id;
    instant this_update, next_update;

    struct crl_entry *entries; /* sorted by serial */
    size_t n_entries;

    bool user_certs_only, ca_certs_only;
    struct span points; /* GeneralNames of the issuing distribution point; empty: all points */

    pthread_mutex_t lock;
    bool judged;
    unsigned char judged_under[SM3_LEN]; /* cert_sm3 of the issuer */
    enum sigcheck answer;
};

/* One or more of a file, PEM or DER; each is counted for the caller, who frees the list. */
MUST_CHECK enum rc crls_parse(struct span pem_or_der, struct crl ***list, size_t *n,
                              struct err *err);
void crls_free(struct crl **list, size_t n);

/* The list is of that issuer by name. */
bool crl_is_of(const struct crl *crl, const struct cert *issuer);

/* Its signature under the issuer's key, remembered; an issuer that may not sign lists is WRONG. */
enum sigcheck crl_verify(struct crl *crl, const struct cert *issuer);

/* NULL when the certificate is not on the list. */
const struct crl_entry *crl_find(const struct crl *crl, const struct cert *cert);

/* Not being on this list means something for the certificate (RFC 5280 6.3.3 b). */
bool crl_covers(const struct crl *crl, const struct cert *cert);

#endif
