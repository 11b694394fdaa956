/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamp tokens and replies from anywhere: read, judged under an empty trust, where they prove
 * nothing. */
#include <assert.h>
#include <stdint.h>

#include "formats/cms/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct span token, enum level level)
{
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    struct signature_report report = {0};
    struct findings findings = {0};
    const struct judge question = {.trust = trust,
                                   .now = 1772323200,
                                   .part = "x.tsr",
                                   .report = &report,
                                   .findings = &findings,
                                   .level = level};
    const struct timestamp_question stamp = {.step = "timestamp",
                                             .token = token,
                                             .over = span_of("the value"),
                                             .also = {span_of("the file")},
                                             .claimed = 1772323200};
    struct timestamp_answer answer;

    timestamp_judge(&question, &stamp, &answer);
    assert(!answer.holds && answer.result != STEP_PASSED);
    signature_report_clear(&report);
    findings_clear(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(timestamp_clear) struct timestamp stamp = {0};
    CLEANUP(timestamp_reply_clear) struct timestamp_reply reply = {0};
    struct span value = {data, size};
    struct err err = ERR_INIT;

    if (crypto_init(&err) != RC_OK)
        return 0;
    if (timestamp_reply_read(value, &reply, &err) != RC_OK)
        assert(err.code == RC_INPUT && err.finding[0]);
    if (timestamp_read(value, &stamp, &err) == RC_OK)
        (void)timestamp_answers(&stamp, span_of("the value"));
    else
        assert(err.code == RC_INPUT && err.finding[0]);
    judge(value, LEVEL_BASIC);
    judge(value, LEVEL_ARCHIVAL);
    return 0;
}
