/* SPDX-License-Identifier: Apache-2.0 */
/* A seal signature from anywhere: read, searched, judged under an empty trust, where it can never
 * pass. */
#include <assert.h>
#include <stdint.h>

#include "formats/ses/ses.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct ses_signature *signature, struct findings *findings)
{
    static const unsigned char digest[SM3_LEN];
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    CLEANUP(judge_cache_freep) struct judge_cache *cache = judge_cache_new();
    const struct ses_judge question = {
        .trust = trust, .now = 1772323200, .cache = cache, .part = "SignedValue.dat"};
    struct signature_report report = {0};

    ses_signature_judge(&question, signature, digest, span_of("<Signature/>"),
                        "/Doc_0/Signs/Sign_0/Signature.xml", &report, findings);
    assert(report.indication != TOTAL_PASSED);
    assert(report.n_steps + 8 <= STEPS_MAX); /* what is around it adds steps */
    signature_report_clear(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(ses_signature_clear) struct ses_signature signature = {0};
    struct findings findings = {0};
    struct err err = ERR_INIT;
    struct span value;

    if (crypto_init(&err) != RC_OK)
        return 0;
    if (ses_signature_read((struct span){data, size}, &signature, &findings, &err) == RC_OK) {
        (void)ses_extension(&signature, "2.25.29353619050806531945260022755333030025", &value);
        judge(&signature, &findings);
    } else {
        assert(err.code == RC_INPUT && err.finding[0]);
    }
    findings_clear(&findings);
    return 0;
}
