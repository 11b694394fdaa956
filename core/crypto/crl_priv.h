/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CRL_PRIV_H
#define CORE_CRYPTO_CRL_PRIV_H

#include <pthread.h>

#include "core/crypto/cert_priv.h"
#include "core/crypto/chain.h"

/* Sixteen bytes, because a national list has a million of them. */
struct crl_entry {
    instant at;      /* the earlier of revocationDate and invalidityDate */
    uint32_t serial; /* where in der the contents of the INTEGER are, without surplus zeros */
    uint8_t serial_len, reason;
};

/* How far not being on a list, and being on it, tell anything. */
enum crl_use {
    CRL_COMPLETE,
    CRL_PARTIAL,  /* a delta, indirect, or of some reasons: only what it names counts */
    CRL_UNUSABLE, /* a critical extension that is not known: RFC 5280 5.2 and 5.3 */
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
    struct span whole, issuer_der, tbs, value;
    char algorithm[80];
    char *issuer_text, *authority_key_id;
    char number[44]; /* hexadecimal, "" where absent or longer than RFC 5280 5.2.3 allows */
    instant this_update, next_update;

    struct crl_entry *entries; /* sorted by serial */
    size_t n_entries;

    enum crl_use use;
    bool is_delta, is_indirect;
    bool user_certs_only, ca_certs_only, attribute_certs_only;
    struct span points;   /* GeneralNames of the issuing distribution point; empty: all points */
    instant ended_before; /* certificates that ended before may be missing: thisUpdate, or earlier
                             by X.509's expiredCertsOnCRL */

    pthread_mutex_t lock;
    bool judged;
    unsigned char judged_under[SM3_LEN]; /* cert_sm3 of the issuer */
    unsigned char sm3[SM3_LEN];          /* of the whole; filled in when it is first judged */
    enum sigcheck answer;
};

/* crl_parse() without a copy: takes the bytes, also when it fails. */
MUST_CHECK enum rc crl_take(unsigned char *der, size_t len, struct crl **out, struct err *err);

/* One or more of a file, PEM or DER; each is counted for the caller, who frees the list. */
MUST_CHECK enum rc crls_parse(struct span pem_or_der, struct crl ***list, size_t *n,
                              struct err *err);
void crls_free(struct crl **list, size_t n);

/* revokedCertificates into crl->entries, sorted, the gravest of each serial alone. */
MUST_CHECK enum rc crl_read_entries(struct crl *crl, struct span rest, struct err *err);
struct span crl_entry_serial(const struct crl *crl, const struct crl_entry *entry);

/* The list is of that issuer by name. */
bool crl_is_of(const struct crl *crl, const struct cert *issuer);

/* Its signature under the issuer's key, remembered; an issuer that may not sign lists is WRONG. */
enum sigcheck crl_verify(struct crl *crl, const struct cert *issuer);

/* NULL when the certificate is not on the list. */
const struct crl_entry *crl_find(const struct crl *crl, const struct cert *cert);

/* Not being on this list means something for the certificate (RFC 5280 6.3.3 b). */
bool crl_covers(const struct crl *crl, const struct cert *cert);

/* Contents of an INTEGER less the zeros that DER would not have written. */
struct span crl_serial(struct span body);

/* An extension of RFC 5280 4.1: value is what the OCTET STRING holds. */
struct extension {
    struct span oid; /* contents of the OBJECT IDENTIFIER */
    bool critical;
    struct span value;
};
MUST_CHECK enum rc extension_next(struct span *rest, struct extension *out, struct err *err);
/* Is it id-ce (2.5.29) n? */
bool extension_is_ce(const struct extension *extension, unsigned n);

#endif
