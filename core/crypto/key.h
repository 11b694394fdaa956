/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_KEY_H
#define CORE_CRYPTO_KEY_H

#include <stdbool.h>

#include "core/crypto/cert.h"
#include "core/crypto/secret.h"

/* A private key in memory. */
struct key;

/* How a PIN is come by when a file turns out to need one.  Called at most once a key. */
struct pin_source {
    enum rc (*get)(void *context, struct secret *out, struct err *err);
    void *context;
};

MUST_CHECK enum rc key_generate_sm2(struct key **out, struct err *err);

/*
 * PKCS#8 PEM or DER, plain or encrypted, or PKCS#12 (whose certificates go to
 * *certs when that is not NULL).  Wrong PIN, unknown cipher or a traditional
 * SEC1 file: RC_KEY with what to do.  pin may be NULL: an encrypted file is then
 * RC_KEY.
 */
MUST_CHECK enum rc key_load(const char *path, const struct pin_source *pin, struct key **out,
                            struct certs *certs, struct err *err);

/* PKCS#8 PEM, mode 0600; encrypted with SM4-CBC when pin is not NULL. */
MUST_CHECK enum rc key_save(const struct key *key, const char *path, const struct secret *pin,
                            unsigned file_flags, struct err *err);
void key_free(struct key *key);
CLEANUP_PTR(struct key, key_free);

bool key_is_sm2(const struct key *key);
bool key_matches(const struct key *key, const struct cert *cert);

#endif
