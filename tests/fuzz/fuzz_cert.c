/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/crypto/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PEM or DER; what is read is asked everything and put through a chain. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(certs_clear) struct certs certs = {.n = 0};
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    struct err err = ERR_INIT;

    if (certs_parse((struct span){data, size}, &certs, &err) != RC_OK)
        return 0;
    for (size_t i = 0; i < certs.n && i < 4; i++) {
        CLEANUP(chain_clear) struct chain chain = {.revocation = REVOCATION_NONE};
        const struct cert *cert = certs.list[i];

        if (utf8_check(span_of(cert_subject(cert))) != strlen(cert_subject(cert)) ||
            utf8_check(span_of(cert_common_name(cert))) != strlen(cert_common_name(cert)))
            abort();
        (void)cert_may_sign(cert);
        (void)cert_key_bits(cert);
        if (i > 0)
            trust_add_anchor(trust, certs.list[i]);
        chain_build(trust, certs.list[0], &certs, cert_not_before(cert), cert_not_after(cert),
                    &chain);
    }
    return 0;
}
