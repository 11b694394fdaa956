/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_FACTS_H
#define CORE_MODEL_FACTS_H

#include "core/base/json.h"
#include "core/model/level.h"
#include "core/model/verification.h"

/*
 * ecert.facts/1: what a verification found, before any policy, so that it can be judged
 * again without the file.  One object a file, one line each.  What is found depends on
 * the level of proof: each level is there, but no level twice that is like another.
 *
 * Facts are no evidence: nobody signs them, and a verdict drawn from them is as good as
 * whoever kept them.  Names and numbers of people are masked as in reports unless
 * show_personal.
 */

/* A level that is NULL is like the first that is there. */
MUST_CHECK enum rc facts_line(const struct verification *const of_levels[LEVELS],
                              instant validation_time, bool show_personal, struct buf *out,
                              struct err *err);

/*
 * Reads one line back, whoever wrote it, and takes what was found at that level: every
 * key must be there and nothing else, every value of its kind and within its limits;
 * else RC_INPUT.  Always clear *out.
 */
MUST_CHECK enum rc facts_parse(struct span line, enum level level, struct verification *out,
                               instant *validation_time, struct err *err);

#endif
