/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_HASH_H
#define CORE_CRYPTO_HASH_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"
#include "core/base/err.h"

/* We write SM3 alone; the others are read in files of other makers, MD5 and SHA-1 as weak. */
enum hash_alg { HASH_SM3, HASH_SHA256, HASH_SHA384, HASH_SHA512, HASH_SHA1, HASH_MD5 };

struct hash {
    unsigned char bytes[64];
    size_t len;
};

#define SM3_LEN 32

const char *hash_name(enum hash_alg alg); /* "SM3", "SHA-256", … */
bool hash_is_weak(enum hash_alg alg);     /* MD5 and SHA-1 */

MUST_CHECK enum rc hash_compute(enum hash_alg alg, struct span data, struct hash *out,
                                struct err *err);

/* Over what comes in pieces. */
struct hash_stream;
MUST_CHECK enum rc hash_stream_new(enum hash_alg alg, struct hash_stream **out, struct err *err);
MUST_CHECK enum rc hash_stream_add(struct hash_stream *stream, struct span piece, struct err *err);
MUST_CHECK enum rc hash_stream_end(struct hash_stream *stream, struct hash *out, struct err *err);
void hash_stream_free(struct hash_stream *stream);
CLEANUP_PTR(struct hash_stream, hash_stream_free);

/* SM3 in one call, in parts, and keyed.  crypto_init() has proved that it works, so it cannot fail.
 */
void sm3(struct span data, unsigned char out[SM3_LEN]);
void sm3_parts(const struct span *parts, size_t n, unsigned char out[SM3_LEN]);
/* SM3 of head and message, quicker when message begins as the thread's last one did. */
void sm3_resumed(struct span head, struct span message, unsigned char out[SM3_LEN]);
void hmac_sm3(struct span key, struct span data, unsigned char out[SM3_LEN]);
void sm3_hex(struct span data, char out[2 * SM3_LEN + 1]);

bool hash_equals(struct span a, struct span b); /* in constant time */

/* The algorithm of an OID in dotted form, or of a name in any case ("SM3", "sha256", "SHA-1"). */
bool hash_by_name(const char *name, enum hash_alg *out);

/*
 * Called once before anything else of core/crypto and before threads: fetches
 * SM3, computes SM3("abc"), looks for SM2.  RC_SYSTEM says that this libcrypto
 * lacks one of them, which must never come out as a wrong verdict.
 */
MUST_CHECK enum rc crypto_init(struct err *err);

#endif
