/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys out of files: PKCS#8 and PKCS#12.  Nothing here lets libcrypto ask for a PIN. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/der.h"
#include "core/crypto/key_priv.h"
#include "core/crypto/pem.h"

/* What is known while one file is read.  The PIN is asked for once, when something needs it. */
struct loading {
    const struct pin_source *source;
    struct secret pin;
    struct certs *certs; /* NULL: nobody wants them */
    EVP_PKEY *pkey;
};

static void loading_clear(struct loading *loading)
{
    secret_clear(&loading->pin);
    EVP_PKEY_free(loading->pkey);
}

static void buf_wipe(struct buf *buf)
{
    OPENSSL_cleanse(buf->data, buf->cap);
    buf_clear(buf);
}

static enum rc need_pin(struct loading *loading, struct err *err)
{
    if (loading->pin.text)
        return RC_OK;
    if (!loading->source)
        return err_set(err, RC_KEY, "the key is encrypted and no PIN was given");
    TRY(loading->source->get(loading->source->context, &loading->pin, err));
    if (!loading->pin.text)
        return err_set(err, RC_KEY, "the key is encrypted and no PIN was given");
    return RC_OK;
}

/* Wrong PIN or unknown cipher?  Only libcrypto's queue tells. */
static enum rc refused(struct err *err)
{
    bool unknown = false;
    unsigned long code;

    while ((code = ERR_get_error()) != 0) {
        int lib = ERR_GET_LIB(code), reason = ERR_GET_REASON(code);

        unknown |= reason == ERR_R_UNSUPPORTED || reason == ERR_R_FETCH_FAILED ||
                   (lib == ERR_LIB_EVP &&
                    (reason == EVP_R_UNSUPPORTED_ALGORITHM ||
                     reason == EVP_R_UNKNOWN_PBE_ALGORITHM || reason == EVP_R_UNKNOWN_CIPHER ||
                     reason == EVP_R_UNSUPPORTED_CIPHER || reason == EVP_R_UNSUPPORTED_PRF)) ||
                   (lib == ERR_LIB_PKCS12 && reason == PKCS12_R_UNKNOWN_DIGEST_ALGORITHM);
    }
    if (unknown)
        return err_set(err, RC_KEY,
                       "the key is encrypted with a method that this libcrypto does not know; "
                       "write it again as PKCS#8 with SM4 or AES");
    return err_set(err, RC_KEY, "wrong PIN");
}

static enum rc traditional(struct err *err)
{
    return err_set(err, RC_KEY,
                   "a key in the traditional form (SEC1) is not read; convert it: "
                   "openssl pkcs8 -topk8 -in old.pem -out new.pem");
}

static enum rc take_info(const PKCS8_PRIV_KEY_INFO *info, struct loading *loading, struct err *err)
{
    loading->pkey = EVP_PKCS82PKEY(info);
    if (!loading->pkey)
        return ossl_fail(err, RC_KEY, "PKCS#8: the key cannot be used");
    return RC_OK;
}

static enum rc load_plain(struct span der, struct loading *loading, struct err *err)
{
    const unsigned char *p = der.data;
    CLEANUP(PKCS8_PRIV_KEY_INFO_freep)
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.len);

    if (!info)
        return ossl_fail(err, RC_KEY, "not a PKCS#8 key");
    return take_info(info, loading, err);
}

static enum rc load_encrypted(struct span der, struct loading *loading, struct err *err)
{
    const unsigned char *p = der.data;
    CLEANUP(X509_SIG_freep) X509_SIG *sealed = d2i_X509_SIG(NULL, &p, (long)der.len);
    CLEANUP(PKCS8_PRIV_KEY_INFO_freep) PKCS8_PRIV_KEY_INFO *info = NULL;

    if (!sealed)
        return ossl_fail(err, RC_KEY, "not an encrypted PKCS#8 key");
    TRY(need_pin(loading, err));
    info = PKCS8_decrypt(sealed, loading->pin.text, (int)loading->pin.len);
    return info ? take_info(info, loading, err) : refused(err);
}

static enum rc add_cert(const X509 *x509, struct certs *certs, struct err *err)
{
    CLEANUP(cert_freep) struct cert *cert = NULL;
    unsigned char *der = NULL;
    int len = i2d_X509(x509, &der);
    enum rc rc;

    if (len <= 0)
        return ossl_fail(err, RC_KEY, "PKCS#12: certificate");
    rc = cert_parse((struct span){der, (size_t)len}, &cert, err);
    OPENSSL_free(der);
    TRY(rc);
    certs_add(certs, cert);
    return RC_OK;
}

static void free_stackp(STACK_OF(X509) * *stack)
{
    sk_X509_pop_free(*stack, X509_free);
}

static enum rc unpack(PKCS12 *p12, const char *pin, struct loading *loading, struct err *err)
{
    CLEANUP(X509_freep) X509 *own = NULL;
    CLEANUP(free_stackp) STACK_OF(X509) *others = NULL;

    if (!PKCS12_parse(p12, pin, &loading->pkey, &own, &others))
        return refused(err);
    if (!loading->pkey)
        return err_set(err, RC_KEY, "PKCS#12: holds no private key");
    if (!loading->certs)
        return RC_OK;
    if (own)
        TRY(add_cert(own, loading->certs, err));
    for (int i = 0; i < sk_X509_num(others); i++)
        TRY(add_cert(sk_X509_value(others, i), loading->certs, err));
    return RC_OK;
}

static enum rc load_pkcs12(struct span der, struct loading *loading, struct err *err)
{
    const unsigned char *p = der.data;
    CLEANUP(PKCS12_freep) PKCS12 *p12 = d2i_PKCS12(NULL, &p, (long)der.len);

    if (!p12)
        return ossl_fail(err, RC_KEY, "not PKCS#12");
    /* An empty PIN is written as no characters or as none at all. */
    if (PKCS12_mac_present(p12) && PKCS12_verify_mac(p12, "", 0))
        return unpack(p12, "", loading, err);
    if (PKCS12_mac_present(p12) && PKCS12_verify_mac(p12, NULL, 0))
        return unpack(p12, NULL, loading, err);
    ERR_clear_error();
    TRY(need_pin(loading, err));
    return unpack(p12, loading->pin.text, loading, err);
}

/* The four shapes differ in the first items of the outer SEQUENCE. */
static enum rc load_der(struct span der, struct loading *loading, struct err *err)
{
    struct err ignored = ERR_INIT;
    struct der outer, first, second;
    struct span rest;
    int64_t version;

    if (der_only(der, &outer, &ignored) != RC_OK || !der_is(&outer, DER_SEQUENCE))
        return err_set(err, RC_KEY, "not a private key (PKCS#8 or PKCS#12, PEM or DER)");
    rest = outer.body;
    if (der_next(&rest, &first, &ignored) != RC_OK || der_next(&rest, &second, &ignored) != RC_OK)
        return err_set(err, RC_KEY, "not a private key (PKCS#8 or PKCS#12, PEM or DER)");
    if (der_is(&first, DER_SEQUENCE) && der_is(&second, DER_OCTET_STRING))
        return load_encrypted(der, loading, err);
    if (!der_integer(&first, &version))
        return err_set(err, RC_KEY, "not a private key (PKCS#8 or PKCS#12, PEM or DER)");
    if (version == 3 && der_is(&second, DER_SEQUENCE))
        return load_pkcs12(der, loading, err);
    if (der_is(&second, DER_SEQUENCE))
        return load_plain(der, loading, err);
    return traditional(err);
}

static enum rc load_pem(struct span rest, struct loading *loading, struct err *err)
{
    CLEANUP(pem_clear) struct pem block = {.name = NULL};

    while (pem_next(&rest, &block)) {
        if (strcmp(block.name, PEM_STRING_PKCS8INF) == 0)
            return load_plain(block.der, loading, err);
        if (strcmp(block.name, PEM_STRING_PKCS8) == 0)
            return load_encrypted(block.der, loading, err);
        if (strstr(block.name, " " PEM_STRING_PKCS8INF)) /* "EC PRIVATE KEY", "SM2 PRIVATE KEY" */
            return traditional(err);
    }
    return err_set(err, RC_KEY, "holds no private key (want a PEM block PRIVATE KEY)");
}

enum rc key_load(const char *path, const struct pin_source *pin, struct key **out,
                 struct certs *certs, struct err *err)
{
    CLEANUP(buf_wipe) struct buf bytes = BUF_INIT(LIMIT_KEY_FILE);
    CLEANUP(loading_clear) struct loading loading = {.source = pin, .certs = certs};

    TRY(file_read(path, &bytes, err));
    TRY_AT(pem_is(buf_span(&bytes)) ? load_pem(buf_span(&bytes), &loading, err)
                                    : load_der(buf_span(&bytes), &loading, err),
           err, "%s", path);
    *out = key_of(MOVE(loading.pkey));
    return RC_OK;
}
