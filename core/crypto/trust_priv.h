/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_TRUST_PRIV_H
#define CORE_CRYPTO_TRUST_PRIV_H

#include "core/crypto/ocsp_priv.h"

/* Which certificate is signed by which: a batch meets the same few again and again. */
enum { MEMO_SLOTS = 512 };
struct memo {
    pthread_mutex_t lock;
    struct memo_slot {
        bool used;
        unsigned char key[SM3_LEN]; /* SM3 of both certificates' digests */
        enum sigcheck answer;
    } slots[MEMO_SLOTS];
};

struct trust {
    struct certs anchors, intermediates;
    struct crl **crls;
    size_t n_crls;
    struct ocsp **ocsps;
    size_t n_ocsps;
    uint64_t identity;
    struct memo *memo;
};

bool trust_is_anchor(const struct trust *trust, const struct cert *cert);

/* cert_verify_issued_by(), remembered where it gave an answer. */
enum sigcheck trust_issued_by(const struct trust *trust, const struct cert *cert,
                              const struct cert *issuer);

/* What the sources of that issuer, as known at now, say of the certificate; see struct chain. */
void trust_revocation(const struct trust *trust, const struct cert *cert, struct cert *issuer,
                      instant now, struct revocation_fact *out);

#endif
