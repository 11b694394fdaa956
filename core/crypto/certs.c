/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of certificates, and files that hold them. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/der.h"
#include "core/crypto/pem.h"

void certs_add(struct certs *certs, struct cert *cert)
{
    certs->list = mem_resize(certs->list, (certs->n + 1) * sizeof(struct cert *));
    certs->list[certs->n++] = cert_ref(cert);
}

void certs_clear(struct certs *certs)
{
    for (size_t i = 0; i < certs->n; i++)
        cert_free(certs->list[i]);
    free(certs->list);
    *certs = (struct certs){.n = 0};
}

static enum rc add_der(struct span der, struct certs *out, struct err *err)
{
    CLEANUP(cert_freep) struct cert *cert = NULL;

    TRY(cert_parse(der, &cert, err));
    certs_add(out, cert);
    return RC_OK;
}

static enum rc parse_pem(struct span pem, struct certs *out, struct err *err)
{
    CLEANUP(pem_clear) struct pem block = {.name = NULL};

    while (pem_next(&pem, &block)) {
        if (strcmp(block.name, PEM_STRING_X509) == 0 ||
            strcmp(block.name, PEM_STRING_X509_OLD) == 0)
            TRY(add_der(block.der, out, err));
    }
    return RC_OK;
}

static enum rc parse_der(struct span rest, struct certs *out, struct err *err)
{
    struct der element;

    while (rest.len) {
        struct span before = rest;

        if (der_next(&rest, &element, err) != RC_OK) /* cert_parse says it better */
            return add_der(before, out, err);
        TRY(add_der(element.whole, out, err));
    }
    return RC_OK;
}

enum rc certs_parse(struct span pem_or_der, struct certs *out, struct err *err)
{
    CLEANUP(certs_clear) struct certs got = {.n = 0};

    TRY(pem_is(pem_or_der) ? parse_pem(pem_or_der, &got, err) : parse_der(pem_or_der, &got, err));
    if (got.n == 0)
        return err_find(err, "CRT001", RC_INPUT, "holds no certificate");
    for (size_t i = 0; i < got.n; i++)
        certs_add(out, got.list[i]);
    return RC_OK;
}

enum rc certs_load(const char *path, struct certs *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT_SIGNED_VALUE);

    TRY(file_read(path, &bytes, err));
    TRY_AT(certs_parse(buf_span(&bytes), out, err), err, "%s", path);
    return RC_OK;
}

enum rc cert_pem(const struct cert *cert, struct buf *out, struct err *err)
{
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
    char *data;
    long len;

    if (!bio || !PEM_write_bio(bio, PEM_STRING_X509, "", cert->whole.data, (long)cert->whole.len))
        return ossl_fail(err, RC_SYSTEM, "cannot write a certificate");
    len = BIO_get_mem_data(bio, &data);
    return buf_add(out, data, (size_t)len, err);
}
