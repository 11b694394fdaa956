/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what parses is written canonically, and that reads back as the same bytes. */
#include <assert.h>
#include <stdint.h>

#include "core/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(js_freep) struct js *first = NULL;
    CLEANUP(js_freep) struct js *second = NULL;
    CLEANUP(buf_clear) struct buf a = BUF_INIT((size_t)1 << 24);
    CLEANUP(buf_clear) struct buf b = BUF_INIT((size_t)1 << 24);
    struct err err = ERR_INIT;

    if (js_parse((struct span){data, size}, &first, &err) != RC_OK) {
        assert(err.code == RC_INPUT);
        return 0;
    }
    if (js_canonical(first, &a, &err) != RC_OK)
        return 0;
    assert(js_parse(buf_span(&a), &second, &err) == RC_OK);
    assert(js_canonical(second, &b, &err) == RC_OK);
    assert(span_equals(buf_span(&a), buf_span(&b)));
    return 0;
}
