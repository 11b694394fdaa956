/* SPDX-License-Identifier: Apache-2.0 */
/* SignedData from anywhere, BER included: read, judged under an empty trust, where it never passes;
 * what kind of value the bytes are is told without reading past them. */
#include <assert.h>
#include <stdint.h>

#include "formats/cms/sigvalue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct cms *cms, struct findings *findings)
{
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    const struct cms_judge question = {.trust = trust, .now = 1772323200, .part = "x.p7s"};
    struct signature_report report = {0};

    cms_judge(&question, cms, span_of("the file that is signed"), &report, findings);
    assert(report.indication != TOTAL_PASSED);
    assert(report.n_steps + 8 <= STEPS_MAX);
    signature_report_clear(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(cms_clear) struct cms cms = {0};
    struct findings findings = {0};
    struct err err = ERR_INIT;
    struct span value = {data, size};

    if (crypto_init(&err) != RC_OK)
        return 0;
    (void)sigvalue_detect(value);
    if (cms_read(value, &cms, &err) == RC_OK)
        judge(&cms, &findings);
    else
        assert(err.code == RC_INPUT && err.finding[0]);
    findings_clear(&findings);
    return 0;
}
