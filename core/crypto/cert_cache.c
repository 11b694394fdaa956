/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/crypto/cert_priv.h"

/*
 * The certificates read last, for the whole process: those of one authority come
 * with each of its licences, and reading one costs half an SM2 verification, most
 * of it for the key.  Certificates never change, so sharing them is harmless; a
 * slot is taken over by the next certificate that falls on it.
 */
enum { N_SLOTS = 256, LARGEST = 8192 };
static struct cert *slots[N_SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct cert *cert_cache_find(struct span der, const unsigned char digest[SM3_LEN])
{
    struct cert *found;

    (void)pthread_mutex_lock(&lock);
    found = slots[digest[0] % N_SLOTS];
    found = found && span_equals(found->whole, der) ? cert_ref(found) : NULL;
    (void)pthread_mutex_unlock(&lock);
    return found;
}

void cert_cache_keep(struct cert *cert)
{
    struct cert **slot = &slots[cert->sm3[0] % N_SLOTS];
    struct cert *old;

    if (cert->whole.len > LARGEST) /* what a hostile file brings is not kept for long */
        return;
    (void)pthread_mutex_lock(&lock);
    old = *slot;
    *slot = cert_ref(cert);
    (void)pthread_mutex_unlock(&lock);
    cert_free(old);
}
