/* SPDX-License-Identifier: Apache-2.0 */
/* A policy file, and what it makes of a file that failed. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/model/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(policy_freep) struct policy *policy = NULL;
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct signature_report *s;
    struct err err = ERR_INIT;

    if (crypto_init(&err) != RC_OK)
        abort();
    if (policy_parse((struct span){data, size}, "policy.yaml", &policy, &err) != RC_OK) {
        assert(err.code == RC_USAGE);
        return 0;
    }
    s = verification_add_signature(&v);
    s->id = mem_text("s1");
    signature_step(s, "references", STEP_FAILED,
                   findings_add(&v.findings, "DIG201", PLACE_NONE, NULL), SUB_HASH_FAILURE);
    policy_apply(policy, 0, &v);
    assert(v.rc == RC_NO); /* no policy makes changed content valid */
    return 0;
}
