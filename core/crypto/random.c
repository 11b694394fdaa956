/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/random.h"

#include <limits.h>
#include <openssl/rand.h>
#include <string.h>

#include "core/crypto/ossl.h"

enum rc random_bytes(unsigned char *out, unsigned long n, struct err *err)
{
    for (unsigned long at = 0; at < n;) {
        int chunk = n - at > INT_MAX ? INT_MAX : (int)(n - at);

        if (RAND_bytes(out + at, chunk) != 1) {
            memset(out, 0, n);
            return ossl_fail(err, RC_SYSTEM, "no random bytes");
        }
        at += (unsigned long)chunk;
    }
    return RC_OK;
}
