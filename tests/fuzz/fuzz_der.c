/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/limits.h"
#include "core/crypto/der.h"
#include "core/crypto/sm2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Everything that can be asked of an element, inwards. */
static void walk(struct span rest, int depth)
{
    struct err err = ERR_INIT;
    struct der der;

    while (rest.len && der_next(&rest, &der, &err) == RC_OK) {
        char oid[80];
        struct span bits;
        unsigned unused;
        int64_t number;
        instant at;

        if (der_is(&der, DER_OID))
            (void)der_oid_text(der.body, oid, sizeof(oid));
        (void)der_integer(&der, &number);
        (void)der_time(&der, &at);
        (void)der_bits(&der, &bits, &unused);
        if (der.constructed && depth < LIMIT_DER_DEPTH)
            walk(der.body, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(LIMIT_SIGNED_VALUE);
    unsigned char rs[SM2_RS_LEN], der[SM2_DER_MAX], back[SM2_RS_LEN];
    struct err err = ERR_INIT;
    struct sigform form;
    struct span in = {data, size};
    struct der first;

    walk(in, 0);
    if (der_definite(in, &out, &err) == RC_OK && der_only(buf_span(&out), &first, &err) != RC_OK)
        abort(); /* what was rewritten is definite */
    if (sm2_value_read(in, rs, &form) &&
        (!sm2_value_read((struct span){der, sm2_value_der(rs, der)}, back, &form) || form.raw ||
         form.not_minimal || memcmp(rs, back, sizeof(rs)) != 0))
        abort(); /* what was written reads back the same */
    return 0;
}
