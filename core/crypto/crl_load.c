/* SPDX-License-Identifier: Apache-2.0 */
/* Files that hold revocation lists, and what can be asked of a list. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/crl_priv.h"
#include "core/crypto/der.h"
#include "core/crypto/pem.h"

void crls_free(struct crl **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        crl_free(list[i]);
    free(list);
}

static enum rc add(struct span der, struct crl ***list, size_t *n, struct err *err)
{
    struct crl *crl = NULL;

    TRY(crl_parse(der, &crl, err));
    *list = mem_resize(*list, (*n + 1) * sizeof(struct crl *));
    (*list)[(*n)++] = crl;
    return RC_OK;
}

static enum rc parse_pem(struct span pem, struct crl ***list, size_t *n, struct err *err)
{
    CLEANUP(pem_clear) struct pem block = {.name = NULL};

    while (pem_next(&pem, &block)) {
        if (strcmp(block.name, PEM_STRING_X509_CRL) == 0)
            TRY(add(block.der, list, n, err));
    }
    return RC_OK;
}

enum rc crls_parse(struct span pem_or_der, struct crl ***list, size_t *n, struct err *err)
{
    enum rc rc;

    *list = NULL;
    *n = 0;
    rc = pem_is(pem_or_der) ? parse_pem(pem_or_der, list, n, err) : add(pem_or_der, list, n, err);
    if (rc == RC_OK && *n == 0)
        rc = err_find(err, "CRT002", RC_INPUT, "holds no revocation list");
    if (rc != RC_OK) {
        crls_free(*list, *n);
        *list = NULL;
        *n = 0;
    }
    return rc;
}

static enum rc parse_one(struct span bytes, struct crl **out, struct err *err)
{
    struct crl **list = NULL;
    size_t n = 0;

    TRY(crls_parse(bytes, &list, &n, err));
    if (n == 1)
        *out = crl_ref(list[0]);
    crls_free(list, n);
    return n == 1 ? RC_OK
                  : err_find(err, "CRT002", RC_INPUT, "holds %zu revocation lists, want one", n);
}

enum rc crl_load(const char *path, struct crl **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(2 * LIMIT_CRL);

    TRY(file_read(path, &bytes, err));
    TRY_AT(parse_one(buf_span(&bytes), out, err), err, "%s", path);
    return RC_OK;
}

instant crl_this_update(const struct crl *crl)
{
    return crl->this_update;
}

instant crl_next_update(const struct crl *crl)
{
    return crl->next_update;
}

const char *crl_issuer(const struct crl *crl)
{
    return crl->issuer_text;
}
