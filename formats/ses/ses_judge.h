/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_SES_SES_JUDGE_H
#define FORMATS_SES_SES_JUDGE_H

#include "core/model/judge.h"
#include "formats/ses/ses.h"

/* The steps of the seal inside a judgement that has begun; private to formats/ses. */
void ses_judge_seal(const struct judge *judge, const struct ses_seal *seal, instant at);

#endif
