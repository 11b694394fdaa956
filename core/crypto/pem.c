/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/pem.h"

#include <openssl/pem.h>
#include <string.h>

#include "core/crypto/ossl.h"

static const char begin[] = "-----BEGIN ";

bool pem_is(struct span data)
{
    return data.len && memmem(data.data, data.len, begin, strlen(begin)) != NULL;
}

void pem_clear(struct pem *block)
{
    OPENSSL_free(block->name);
    OPENSSL_clear_free(block->bytes, block->der.len);
    *block = (struct pem){.name = NULL};
}

bool pem_next(struct span *rest, struct pem *block)
{
    pem_clear(block);
    while (pem_is(*rest)) {
        CLEANUP(BIO_free_allp) BIO *bio = NULL;
        const unsigned char *start = memmem(rest->data, rest->len, begin, strlen(begin));
        size_t left = rest->len - (size_t)(start - rest->data);
        char *header = NULL;
        long len = 0;

        bio = BIO_new_mem_buf(start, (int)left);
        *rest = (struct span){start + strlen(begin), left - strlen(begin)};
        if (!bio || !PEM_read_bio(bio, &block->name, &header, &block->bytes, &len)) {
            ERR_clear_error();
            continue;
        }
        block->has_header = header && *header;
        block->der = (struct span){block->bytes, (size_t)len};
        OPENSSL_free(header);
        return true;
    }
    return false;
}
