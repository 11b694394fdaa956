/* SPDX-License-Identifier: Apache-2.0 */
/* licence.json out of a stranger's package, checked against itself as a digest list too. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/limits.h"
#include "core/model/identifier.h"
#include "core/model/licence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(licence_freep) struct licence *licence = NULL;
    CLEANUP(licence_freep) struct licence *again = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    CLEANUP(buf_clear) struct buf json = BUF_INIT(LIMIT_RECORD);
    struct span bytes = {data, size};
    struct err err = ERR_INIT;
    struct identifier id;

    if (crypto_init(&err) != RC_OK)
        abort();
    if (licence_parse(bytes, &licence, &err) != RC_OK) {
        assert(err.code == RC_INPUT && err.finding[0]);
        return 0;
    }
    (void)!identifier_check(licence->identifier, &id, &findings);
    (void)!licence_check_digests(licence, bytes, bytes, &findings, &err);
    /* what holds control characters has no canonical form */
    if (licence_json(licence, &json, &err) == RC_OK)
        assert(licence_parse(buf_span(&json), &again, &err) == RC_OK);
    return 0;
}
