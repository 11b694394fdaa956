/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_JUDGING_H
#define CMD_JUDGING_H

#include <stdio.h>

#include "cmd/output.h"
#include "cmd/session.h"
#include "core/model/policy.h"

/* What `verify` does with what was found: keeps the facts, judges them by the policy. */
struct judging {
    struct policy *policy;
    instant now; /* validation time */
    FILE *facts; /* NULL: not kept */
    bool show_personal;
};

struct judging_opts {
    const char *policy;  /* NULL: the configuration's default, else ecert's */
    const char *require; /* may be NULL */
    const char *facts;   /* may be NULL */
};

/* A name of the configuration, else one that ecert brings along, else a file. */
MUST_CHECK enum rc judging_open(const struct session *session, const struct judging_opts *opts,
                                struct judging *out, struct err *err);
void judging_close(struct judging *judging);

/* Names the policy in the report. */
void judging_describe(const struct judging *judging, struct output *output);

/* Is what was found at this level needed?  The policy's; for facts every one. */
bool judging_needs(const struct judging *judging, enum level level);

/*
 * Writes the facts down and judges by the policy what was found at its level; a level
 * whose `path` is NULL is like another.
 */
MUST_CHECK enum rc judging_item(const struct judging *judging, struct verification items[LEVELS],
                                struct err *err);
/* Are the facts on the disk as a whole? */
MUST_CHECK enum rc judging_finish(struct judging *judging, struct err *err);

/*
 * Judges the facts of a file again and tells each; validation times are those of the
 * facts.  RC_INPUT says which line is none; *worst is for the exit status.
 */
MUST_CHECK enum rc judging_replay(const struct judging *judging, const char *path,
                                  struct output *output, enum rc *worst, struct err *err);

#endif
