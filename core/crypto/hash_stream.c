/* SPDX-License-Identifier: Apache-2.0 */
/* Digests over what comes in pieces. */
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "core/crypto/ossl.h"

struct hash_stream {
    EVP_MD_CTX *ctx;
    const char *name;
};

void hash_stream_free(struct hash_stream *stream)
{
    if (!stream)
        return;
    EVP_MD_CTX_free(stream->ctx);
    free(stream);
}

enum rc hash_stream_new(enum hash_alg alg, struct hash_stream **out, struct err *err)
{
    CLEANUP(hash_stream_freep) struct hash_stream *stream = mem_zero(1, sizeof(*stream));
    EVP_MD *md = EVP_MD_fetch(NULL, hash_method_name(alg), NULL);
    bool ok;

    stream->ctx = EVP_MD_CTX_new();
    stream->name = hash_name(alg);
    ok = md && stream->ctx && EVP_DigestInit_ex2(stream->ctx, md, NULL);
    EVP_MD_free(md);
    if (!ok)
        return ossl_fail(err, RC_SYSTEM, stream->name);
    *out = MOVE(stream);
    return RC_OK;
}

enum rc hash_stream_add(struct hash_stream *stream, struct span piece, struct err *err)
{
    if (piece.len && !EVP_DigestUpdate(stream->ctx, piece.data, piece.len))
        return ossl_fail(err, RC_SYSTEM, stream->name);
    return RC_OK;
}

enum rc hash_stream_end(struct hash_stream *stream, struct hash *out, struct err *err)
{
    unsigned len = 0;

    if (!EVP_DigestFinal_ex(stream->ctx, out->bytes, &len))
        return ossl_fail(err, RC_SYSTEM, stream->name);
    out->len = len;
    return RC_OK;
}
