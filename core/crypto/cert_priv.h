/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CERT_PRIV_H
#define CORE_CRYPTO_CERT_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/crypto/sm2.h"

/*
 * RFC 2253 order in UTF-8.  Commas and the like stay as they are; control characters come out
 * as \XX, so that a name cannot steer a terminal.
 */
#define CERT_NAME_FLAGS                                                                \
    (XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_DN_REV | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_CTRL | \
     ASN1_STRFLGS_UTF8_CONVERT)

/* What a certificate is inside core/crypto.  Nothing changes after cert_parse() but refs. */
struct cert {
    atomic_int refs;
    unsigned char *der;
    X509 *x509;
    EVP_PKEY *key;   /* borrowed from x509; NULL for a kind that libcrypto does not know */
    uint64_t number; /* of sm2_number() */

    struct span whole, tbs, serial, issuer, subject, value; /* slices of der */
    char algorithm[80]; /* OID of the signature; "" when inside and outside disagree */
    unsigned char sm3[SM3_LEN], za[SM3_LEN];
    bool is_sm2;

    char *subject_text, *issuer_text, *common_name, *serial_text;
    char *subject_key_id, *authority_key_id; /* "" where absent */
    instant not_before, not_after;

    bool is_ca, has_key_usage, may_timestamp, is_v1;
    bool may_answer_ocsp, never_revoked;      /* id-kp-OCSPSigning, id-pkix-ocsp-nocheck */
    unsigned key_usage;                       /* X509v3_KU_*, where there is one */
    long path_length;                         /* -1: unlimited */
    bool has_extended_usage, only_timestamps; /* critical and id-kp-timeStamping alone */
    bool has_unknown_critical;                /* or an extension that cannot be read */
};

/* Name comparison of RFC 5280 7.1: case and white space do not count. */
bool cert_names_equal(const struct cert *cert, const struct cert *issuer);

/* The name in that form; bytes escaped where a string is not what its type says.  The caller frees.
 */
char *cert_name_text(const X509_NAME *name);

/* Certificates that were read before; see cert_cache.c.  What is found is counted for the caller.
 */
struct cert *cert_cache_find(struct span der, const unsigned char digest[SM3_LEN]);
void cert_cache_keep(struct cert *cert);

#endif
