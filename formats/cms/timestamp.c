/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/cms/timestamp.h"

#include "formats/cms/cms.h"

void timestamp_judge(const struct judge *judge, const char *step, struct span token,
                     struct span over)
{
    CLEANUP(cms_clear) struct cms cms = {0};
    struct err ignored = ERR_INIT;
    bool readable = cms_read(token, &cms, &ignored) == RC_OK && cms.has_content;

    (void)over;
    judge_not_run(judge, step,
                  findings_add(judge->findings, readable ? "TIM302" : "TIM303",
                               judge_place(judge, step), NULL));
}
