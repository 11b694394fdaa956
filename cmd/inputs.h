/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include "cmd/common.h"
#include "core/base/buf.h"

/* The files a command works on, and where each result goes: cli.md section 2. */
struct inputs {
    const char **paths;
    size_t n;
    struct buf names; /* of --files-from */
};

/*
 * Operands and --files-from together; "-" (standard input) when there are none.
 * RC_USAGE when that is a terminal, when a list is empty, and for a pattern that
 * the shell left alone because nothing matched it: success on no input is a trap.
 */
MUST_CHECK enum rc inputs_collect(const struct common *common, char **operands, struct inputs *out,
                                  struct err *err);
void inputs_clear(struct inputs *inputs);

/* RC_USAGE for a pattern that the shell left alone because nothing matched it. */
MUST_CHECK enum rc inputs_check_pattern(const char *path, struct err *err);

/*
 * Checks that it is clear where results go: -o for one input, --out-dir, --in-place,
 * or standard output for standard input (not a terminal, unless -o -).
 */
MUST_CHECK enum rc inputs_check_targets(const struct common *common, const struct inputs *inputs,
                                        struct err *err);

/* No result may be written over another of the same run: RC_USAGE. */
MUST_CHECK enum rc inputs_check_distinct(const struct common *common, const struct inputs *inputs,
                                         struct err *err);

/* The result's path for one input; the caller frees. */
char *inputs_target(const struct common *common, const char *path);
unsigned inputs_flags(const struct common *common); /* for file_write */

/* How many at once: -j, else one per core. */
int inputs_jobs(const struct common *common);

/* Does the result of the command go to standard output? */
bool inputs_to_stdout(const struct common *common, const struct inputs *inputs);

/* Writing a licence to a terminal helps nobody. */
MUST_CHECK enum rc refuse_terminal(const struct common *common, struct err *err);

#endif
