/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_ISSUE_SIGN_H
#define CORE_CRYPTO_ISSUE_SIGN_H

#include "core/crypto/cert_issue.h"
#include "core/crypto/ossl.h"

/* Signs what an authority issues: SM2 with SM3 and the standard id, other keys with SHA-256. */
MUST_CHECK enum rc issue_sign_cert(X509 *x509, const struct key *key, struct err *err);
MUST_CHECK enum rc issue_sign_crl(X509_CRL *crl, const struct key *key, struct err *err);

/* INSTANT to UTCTime or GeneralizedTime, whichever RFC 5280 4.1.2.5 wants.  The caller frees. */
ASN1_TIME *issue_time(instant at);

#endif
