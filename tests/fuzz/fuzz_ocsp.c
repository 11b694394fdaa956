/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "core/crypto/ocsp_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PEM or DER; what is read is asked about a certificate that came with it, if one did. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct ocsp **list = NULL;
    size_t n = 0;

    if (ocsps_parse((struct span){data, size}, &list, &n, &err) != RC_OK)
        return 0;
    for (size_t i = 0; i < n; i++) {
        const struct certs none = {.n = 0};
        CLEANUP(cert_freep) struct cert *responder = NULL;

        if (list[i]->certs.n == 0)
            continue;
        (void)ocsp_find(list[i], list[i]->certs.list[0], list[i]->certs.list[0]);
        (void)ocsp_verify(list[i], list[i]->certs.list[0], &none, &responder);
    }
    ocsps_free(list, n);
    return 0;
}
