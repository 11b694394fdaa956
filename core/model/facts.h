/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_FACTS_H
#define CORE_MODEL_FACTS_H

#include "core/base/json.h"
#include "core/model/verification.h"

/*
 * ecert.facts/1: what a verification found, before any policy, so that it can be judged
 * again without the file.  One object a file, one line each.  Facts are no evidence:
 * nobody signs them, and a verdict drawn from them is as good as whoever kept them.
 *
 * Names and numbers of people are masked as in reports unless show_personal.
 */
struct js *facts_item(const struct verification *v, instant validation_time, bool show_personal);

/*
 * Reads one line back, whoever wrote it: every key must be there and nothing else, every
 * value of its kind and within its limits; else RC_INPUT.  Always clear *out.
 */
MUST_CHECK enum rc facts_parse(struct span line, struct verification *out, instant *validation_time,
                               struct err *err);

#endif
