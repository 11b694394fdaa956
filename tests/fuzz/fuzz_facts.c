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

static void print(const struct verification *v, instant now, struct buf *out)
{
    const struct verification *const of_levels[LEVELS] = {v};
    struct err err = ERR_INIT;
    enum rc rc = facts_line(of_levels, now, true, out, &err);

    if (rc != RC_OK)
        abort();
}

/* What is written of facts that were read is read again as the same. */
static void check_again(const struct verification *v, instant now)
{
    CLEANUP(verification_clear) struct verification again = {.path = NULL};
    CLEANUP(buf_clear) struct buf once = BUF_INIT((size_t)1 << 28);
    CLEANUP(buf_clear) struct buf twice = BUF_INIT((size_t)1 << 28);
    struct err err = ERR_INIT;
    instant then = 0;

    print(v, now, &once);
    if (facts_parse(buf_span(&once), LEVEL_ARCHIVAL, &again, &then, &err) != RC_OK || then != now)
        abort();
    print(&again, then, &twice);
    if (!span_equals(buf_span(&once), buf_span(&twice)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy *strict;
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct err err = ERR_INIT;
    instant now;

    if (!strict && (crypto_init(&err) != RC_OK || policy_builtin("strict", &strict, &err) != RC_OK))
        abort();
    if (facts_parse((struct span){data, size}, LEVEL_LONG_TERM, &v, &now, &err) != RC_OK) {
        assert(err.code == RC_INPUT);
        return 0;
    }
    check_again(&v, now);
    policy_apply(strict, now, &v);
    js_free(report_item(&v, false));
    return 0;
}
