/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/key.h"

#include <openssl/pem.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/key_priv.h"

/* PBKDF2 rounds: about a tenth of a second, paid once a run. */
enum { ITERATIONS = 200000 };

struct key *key_of(EVP_PKEY *pkey)
{
    struct key *key = mem_zero(1, sizeof(*key));

    key->pkey = pkey;
    key->is_sm2 = sm2_za(pkey, key->za);
    key->number = sm2_number();
    return key;
}

void key_free(struct key *key)
{
    if (!key)
        return;
    sm2_forget(key->number);
    EVP_PKEY_free(key->pkey);
    free(key);
}

bool key_is_sm2(const struct key *key)
{
    return key->is_sm2;
}

bool key_matches(const struct key *key, const struct cert *cert)
{
    bool same = cert->key && EVP_PKEY_eq(key->pkey, cert->key) == 1;

    ERR_clear_error();
    return same;
}

enum rc key_generate_sm2(struct key **out, struct err *err)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");

    if (!pkey)
        return ossl_fail(err, RC_SYSTEM, "cannot make an SM2 key");
    *out = key_of(pkey);
    return RC_OK;
}

/* GM/T 0091, GB/T 17901: PBES2 with SM4-CBC.  The random function of PBKDF2 stays HMAC-SHA256. */
static bool write_pkcs8(BIO *bio, const struct key *key, const struct secret *pin)
{
    CLEANUP(PKCS8_PRIV_KEY_INFO_freep) PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    CLEANUP(X509_SIG_freep) X509_SIG *encrypted = NULL;

    if (!info)
        return false;
    if (!pin)
        return PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, info) == 1;
    encrypted =
        PKCS8_encrypt(-1, EVP_sm4_cbc(), pin->text, (int)pin->len, NULL, 0, ITERATIONS, info);
    return encrypted && PEM_write_bio_PKCS8(bio, encrypted) == 1;
}

enum rc key_save(const struct key *key, const char *path, const struct secret *pin,
                 unsigned file_flags, struct err *err)
{
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_secmem());
    char *data;
    long len;

    if (pin && !pin->text)
        return err_set(err, RC_KEY, "the PIN is empty");
    if (!bio || !write_pkcs8(bio, key, pin))
        return ossl_fail(err, RC_SYSTEM, "cannot write the key");
    len = BIO_get_mem_data(bio, &data);
    return file_write(path, (struct span){(const unsigned char *)data, (size_t)len},
                      file_flags | FILE_PRIVATE, err);
}
