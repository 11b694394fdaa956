/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_CERT_ISSUE_H
#define CORE_CRYPTO_CERT_ISSUE_H

#include "core/crypto/chain.h"
#include "core/crypto/key.h"

/* Making certificates and CRLs: for the trial authority and for tests, nothing else. */
enum cert_profile { CERT_PROFILE_ROOT, CERT_PROFILE_CA, CERT_PROFILE_SIGNER, CERT_PROFILE_TSA };

struct cert_request {
    enum cert_profile profile;
    const char *common_name, *organization,
        *uscc; /* uscc goes to 1.2.156.10260.4.1.4; NULL: none */
    instant not_before, not_after;
};

/* issuer NULL: self-signed with key.  subject_key gives the public key. */
MUST_CHECK enum rc cert_issue(const struct cert_request *request, const struct key *subject_key,
                              const struct cert *issuer, const struct key *issuer_key,
                              struct cert **out, struct err *err);

struct revoked {
    const struct cert *cert;
    instant at;
    int reason;
};
MUST_CHECK enum rc crl_issue(const struct cert *issuer, const struct key *key,
                             const struct revoked *revoked, size_t n, long number,
                             instant this_update, instant next_update, struct buf *pem,
                             struct err *err);

#endif
