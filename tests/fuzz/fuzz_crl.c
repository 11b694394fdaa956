/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "core/crypto/crl_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PEM or DER; what is read keeps its entries in the order that bisection needs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct crl **list = NULL;
    size_t n = 0;

    if (crls_parse((struct span){data, size}, &list, &n, &err) != RC_OK)
        return 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 1; k < list[i]->n_entries; k++) {
            if (list[i]->entries[k - 1].serial_len > list[i]->entries[k].serial_len)
                abort();
        }
    }
    crls_free(list, n);
    return 0;
}
