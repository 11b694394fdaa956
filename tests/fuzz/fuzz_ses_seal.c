/* SPDX-License-Identifier: Apache-2.0 */
/* A seal from anywhere: read, then judged under an empty trust, where it can never pass. */
#include <assert.h>
#include <stdint.h>

#include "formats/ses/ses.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct ses_seal *seal, struct findings *findings)
{
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    const struct ses_judge question = {.trust = trust, .now = 1772323200, .part = "Seal.esl"};
    struct signature_report report = {0};

    ses_seal_judge(&question, seal, 1772323200, &report, findings);
    assert(report.indication != TOTAL_PASSED);
    signature_report_clear(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(ses_seal_clear) struct ses_seal seal = {0};
    struct findings findings = {0};
    struct err err = ERR_INIT;

    if (crypto_init(&err) != RC_OK)
        return 0;
    if (ses_seal_read((struct span){data, size}, &seal, &findings, &err) == RC_OK)
        judge(&seal, &findings);
    else
        assert(err.code == RC_INPUT && err.finding[0]);
    findings_clear(&findings);
    return 0;
}
