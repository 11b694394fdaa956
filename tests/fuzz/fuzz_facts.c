/* SPDX-License-Identifier: Apache-2.0 */
/* A line of facts that anybody may have written, judged again by the strictest policy. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/facts.h"
#include "core/model/policy.h"
#include "core/model/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct js *js, struct buf *out)
{
    struct err err = ERR_INIT;

    assert(js_print(js, false, out, &err) == RC_OK);
    js_free(js);
}

/* What is written of facts that were read is read again as the same. */
static void check_again(const struct verification *v, instant now)
{
    CLEANUP(verification_clear) struct verification again = {.path = NULL};
    CLEANUP(buf_clear)
    struct buf once = BUF_INIT((size_t)1 << 28),
               twice = BUF_INIT((size_t)1 << 28);
    struct err err = ERR_INIT;
    instant then;

    print(facts_item(v, now, true), &once);
    assert(facts_parse(buf_span(&once), &again, &then, &err) == RC_OK && then == now);
    print(facts_item(&again, then, true), &twice);
    assert(span_equals(buf_span(&once), buf_span(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy *strict;
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct err err = ERR_INIT;
    instant now;

    if (!strict && (crypto_init(&err) != RC_OK || policy_builtin("strict", &strict, &err) != RC_OK))
        abort();
    if (facts_parse((struct span){data, size}, &v, &now, &err) != RC_OK) {
        assert(err.code == RC_INPUT);
        return 0;
    }
    check_again(&v, now);
    policy_apply(strict, now, &v);
    js_free(report_item(&v, false));
    return 0;
}
