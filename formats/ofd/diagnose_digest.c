/* SPDX-License-Identifier: Apache-2.0 */
/* Digests by other rules: one deviation each, over the same bytes. */
#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "formats/ofd/diagnose_priv.h"

static const enum hash_alg algs[] = {HASH_SM3,    HASH_SHA256, HASH_SHA1,
                                     HASH_SHA384, HASH_SHA512, HASH_MD5};

static bool say(struct digest_suspect *q, const char *how)
{
    (void)snprintf(q->how, sizeof(q->how), "%s", how);
    return true;
}

static bool is_digest(enum hash_alg alg, struct span bytes, struct span want)
{
    struct err ignored = ERR_INIT;
    struct hash hash;

    return want.len && hash_compute(alg, bytes, &hash, &ignored) == RC_OK &&
           hash_equals((struct span){hash.bytes, hash.len}, want);
}

bool digest_good(const struct digest_suspect *q, struct span bytes)
{
    return q->whole ? span_equals(bytes, q->want) : is_digest(q->alg, bytes, q->want);
}

bool digest_other_hash(struct digest_suspect *q)
{
    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
        if ((algs[i] != q->alg || !q->alg_known) && is_digest(algs[i], q->bytes, q->want))
            return say(q, hash_name(algs[i]));
    }
    return false;
}

/* CheckValue is base64 of the digest; some write hexadecimal, or base64 of that. */
bool digest_as_text(struct digest_suspect *q)
{
    struct err ignored = ERR_INIT;
    unsigned char octets[64];
    char text[2 * 64 + 1];
    struct hash hash;

    if (hash_compute(q->alg, q->bytes, &hash, &ignored) != RC_OK)
        return false;
    if (q->text && strlen(q->text) == 2 * hash.len && hex_decode(q->text, hash.len, octets) &&
        hash_equals((struct span){octets, hash.len}, (struct span){hash.bytes, hash.len}))
        return say(q, "hex");
    if (q->want.len != 2 * hash.len)
        return false;
    memcpy(text, q->want.data, q->want.len);
    text[q->want.len] = '\0';
    return hex_decode(text, hash.len, octets) &&
           hash_equals((struct span){octets, hash.len}, (struct span){hash.bytes, hash.len}) &&
           say(q, "base64(hex)");
}

bool digest_of_digest(struct digest_suspect *q)
{
    struct err ignored = ERR_INIT;
    char text[2 * 64 + 1];
    struct hash hash;

    if (hash_compute(q->alg, q->bytes, &hash, &ignored) != RC_OK)
        return false;
    hex_encode(hash.bytes, hash.len, text);
    return digest_good(q, (struct span){hash.bytes, hash.len}) || digest_good(q, span_of(text));
}

/* What "SM3 with a key" turned out to be in files: ZA of the signer before the bytes. */
bool digest_with_za(struct digest_suspect *q)
{
    unsigned char za[SM3_LEN], e[SM3_LEN];

    if (!q->cert || !cert_sm2_za(q->cert, za))
        return false;
    sm3_parts((const struct span[]){{za, SM3_LEN}, q->bytes}, 2, e);
    return hash_equals((struct span){e, SM3_LEN}, q->want);
}

bool digest_of_packed(struct digest_suspect *q)
{
    return q->packed.len && digest_good(q, q->packed);
}

bool digest_reversed(struct digest_suspect *q)
{
    unsigned char turned[64];
    struct err ignored = ERR_INIT;
    struct hash hash;

    if (hash_compute(q->alg, q->bytes, &hash, &ignored) != RC_OK || hash.len != q->want.len)
        return false;
    for (size_t i = 0; i < hash.len; i++)
        turned[i] = hash.bytes[hash.len - 1 - i];
    return hash_equals((struct span){turned, hash.len}, q->want);
}
