/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/hash.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/base/codec.h"
#include "core/crypto/ossl.h"

static const struct {
    const char *name, *oid;
    const char *md; /* libcrypto's name */
    bool weak;
} algs[] = {
    [HASH_SM3] = {"SM3", "1.2.156.10197.1.401", "SM3", false},
    [HASH_SHA256] = {"SHA-256", "2.16.840.1.101.3.4.2.1", "SHA256", false},
    [HASH_SHA384] = {"SHA-384", "2.16.840.1.101.3.4.2.2", "SHA384", false},
    [HASH_SHA512] = {"SHA-512", "2.16.840.1.101.3.4.2.3", "SHA512", false},
    [HASH_SHA1] = {"SHA-1", "1.3.14.3.2.26", "SHA1", true},
    [HASH_MD5] = {"MD5", "1.2.840.113549.2.5", "MD5", true},
};
enum { N_ALGS = sizeof(algs) / sizeof(algs[0]) };

/* Fetched once and kept for the life of the process: a fetch per digest costs more than the digest.
 */
static EVP_MD *sm3_md;
static pthread_once_t sm3_once = PTHREAD_ONCE_INIT;

static void fetch_sm3(void)
{
    sm3_md = EVP_MD_fetch(NULL, "SM3", NULL);
}

const EVP_MD *sm3_method(void)
{
    (void)pthread_once(&sm3_once, fetch_sm3);
    return sm3_md;
}

const char *hash_name(enum hash_alg alg)
{
    return algs[alg].name;
}

const char *hash_method_name(enum hash_alg alg)
{
    return algs[alg].md;
}

bool hash_is_weak(enum hash_alg alg)
{
    return algs[alg].weak;
}

enum rc hash_compute(enum hash_alg alg, struct span data, struct hash *out, struct err *err)
{
    if (alg == HASH_SM3 && sm3_method()) {
        sm3(data, out->bytes);
        out->len = SM3_LEN;
        return RC_OK;
    }
    if (!EVP_Q_digest(NULL, algs[alg].md, NULL, data.data, data.len, out->bytes, &out->len))
        return ossl_fail(err, RC_SYSTEM, algs[alg].name);
    return RC_OK;
}

void sm3(struct span data, unsigned char out[SM3_LEN])
{
    sm3_parts(&data, 1, out);
}

void sm3_parts(const struct span *parts, size_t n, unsigned char out[SM3_LEN])
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex2(ctx, sm3_method(), NULL);

    for (size_t i = 0; i < n && ok; i++)
        ok = parts[i].len == 0 || EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(ctx, out, NULL);
    assert(ok);
    (void)ok;
}

void hmac_sm3(struct span key, struct span data, unsigned char out[SM3_LEN])
{
    size_t len = 0;
    const void *key_bytes = key.len ? (const void *)key.data : "";
    bool ok = EVP_Q_mac(NULL, "HMAC", NULL, "SM3", NULL, key_bytes, key.len, data.data, data.len,
                        out, SM3_LEN, &len);

    assert(ok && len == SM3_LEN);
    (void)ok;
}

void sm3_hex(struct span data, char out[2 * SM3_LEN + 1])
{
    unsigned char digest[SM3_LEN];

    sm3(data, digest);
    hex_encode(digest, sizeof(digest), out);
}

bool hash_equals(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.data, b.data, a.len) == 0);
}

/* "sha_256", "SHA-256" and "Sha256" are one name. */
static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, "-_");
        b += strspn(b, "-_");
        if (strncasecmp(a, b, 1) != 0)
            return false;
        if (!*a)
            return true;
    }
}

bool hash_by_name(const char *name, enum hash_alg *out)
{
    for (int i = 0; i < N_ALGS; i++) {
        if (strcmp(name, algs[i].oid) == 0 || same_name(name, algs[i].name)) {
            *out = (enum hash_alg)i;
            return true;
        }
    }
    /* GB/T 33560: .401.1 is SM3 without a key; .401.2, with one, is another function. */
    if (strcmp(name, "1.2.156.10197.1.401.1") != 0)
        return false;
    *out = HASH_SM3;
    return true;
}

enum rc crypto_init(struct err *err)
{
    /* GB/T 32905-2016, A.1 */
    static const char want[] = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    CLEANUP(EVP_PKEY_CTX_freep) EVP_PKEY_CTX *sm2 = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    char got[2 * SM3_LEN + 1] = "";

    if (sm3_method())
        sm3_hex(span_of("abc"), got);
    if (!sm2 || strcmp(got, want) != 0)
        return ossl_fail(err, RC_SYSTEM, "this libcrypto lacks SM2 or SM3");
    return RC_OK;
}
