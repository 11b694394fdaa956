/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_KEY_PRIV_H
#define CORE_CRYPTO_KEY_PRIV_H

#include "core/crypto/key.h"
#include "core/crypto/sm2.h"

/* What a key is inside core/crypto.  Read-only once made, so threads may share it. */
struct key {
    EVP_PKEY *pkey;
    bool is_sm2;
    unsigned char za[SM3_LEN]; /* of an SM2 key */
    uint64_t number;           /* of sm2_number() */
};

/* Takes pkey. */
struct key *key_of(EVP_PKEY *pkey);

#endif
