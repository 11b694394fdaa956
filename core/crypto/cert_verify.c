/* SPDX-License-Identifier: Apache-2.0 */
/* Values under a certificate's key, and certificates under their issuer's. */
#include <string.h>

#include "core/crypto/cert_priv.h"

enum { RSA_WEAK_BELOW = 2048 };

bool cert_sm2_za(const struct cert *cert, unsigned char za[SM3_LEN])
{
    if (cert->is_sm2)
        memcpy(za, cert->za, SM3_LEN);
    return cert->is_sm2;
}

enum sigcheck cert_verify_e(const struct cert *cert, const unsigned char e[SM3_LEN],
                            struct span value, struct sigform *form)
{
    unsigned char rs[SM2_RS_LEN];

    if (form)
        *form = (struct sigform){.raw = false};
    if (!cert->is_sm2)
        return SIGCHECK_UNSUPPORTED;
    if (!sm2_value_read(value, rs, form))
        return SIGCHECK_WRONG;
    return sm2_verify_e(cert->key, cert->number, e, rs);
}

/*
 * The digest that an OID asks for with a key of that kind: "1.2.840.113549.1.1.11"
 * (a signature algorithm) or "2.16.840.1.101.3.4.2.1" (the digest alone).
 */
static bool digest_of(const EVP_PKEY *key, const char *oid, const EVP_MD **md)
{
    bool rsa = EVP_PKEY_is_a(key, "RSA");
    int nid = OBJ_txt2nid(oid), md_nid = NID_undef, key_nid = NID_undef;
    static const int nids[] = {
        [HASH_SM3] = NID_sm3,       [HASH_SHA256] = NID_sha256, [HASH_SHA384] = NID_sha384,
        [HASH_SHA512] = NID_sha512, [HASH_SHA1] = NID_sha1,     [HASH_MD5] = NID_md5,
    };
    enum hash_alg alg;

    *md = NULL;
    if (!rsa && !EVP_PKEY_is_a(key, "EC"))
        return false;
    if (hash_by_name(oid, &alg))
        *md = EVP_get_digestbynid(nids[alg]);
    else if (nid != NID_undef && OBJ_find_sigid_algs(nid, &md_nid, &key_nid) &&
             key_nid == (rsa ? NID_rsaEncryption : NID_X9_62_id_ecPublicKey))
        *md = EVP_get_digestbynid(md_nid);
    return *md != NULL;
}

static enum sigcheck verify_plain(const struct cert *cert, const EVP_MD *md, struct span message,
                                  struct span value)
{
    CLEANUP(EVP_MD_CTX_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int answer;

    if (!ctx || EVP_DigestVerifyInit(ctx, NULL, md, NULL, cert->key) != 1) {
        ERR_clear_error();
        return SIGCHECK_UNSUPPORTED;
    }
    answer = EVP_DigestVerify(ctx, value.data, value.len, message.data, message.len);
    ERR_clear_error();
    return answer == 1 ? SIGCHECK_GOOD : SIGCHECK_WRONG;
}

enum sigcheck cert_verify(const struct cert *cert, const char *algorithm_oid, struct span message,
                          struct span value, struct sigform *form)
{
    unsigned char e[SM3_LEN];
    const EVP_MD *md;

    if (form)
        *form = (struct sigform){.raw = false};
    if (!cert->key)
        return SIGCHECK_UNSUPPORTED;
    if (cert->is_sm2) {
        sm2_e(cert->za, message, e);
        return cert_verify_e(cert, e, value, form);
    }
    if (!digest_of(cert->key, algorithm_oid, &md))
        return SIGCHECK_UNSUPPORTED;
    if (form)
        form->weak = EVP_MD_is_a(md, "SHA1") || EVP_MD_is_a(md, "MD5") ||
                     (EVP_PKEY_is_a(cert->key, "RSA") && cert_key_bits(cert) < RSA_WEAK_BELOW);
    return verify_plain(cert, md, message, value);
}

enum sigcheck cert_verify_issued_by(const struct cert *cert, const struct cert *issuer)
{
    struct sigform form;
    enum sigcheck answer;

    if (!cert->algorithm[0])
        return SIGCHECK_WRONG;
    answer = cert_verify(issuer, cert->algorithm, cert->tbs, cert->value, &form);
    /* SHA-1 and MD5 can be made to collide, so such a signature proves nothing about the holder. */
    return answer == SIGCHECK_GOOD && form.weak ? SIGCHECK_UNSUPPORTED : answer;
}
