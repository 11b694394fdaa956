/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_RECORDS_H
#define CMD_RECORDS_H

#include "cmd/opt.h"
#include "core/base/json.h"

/*
 * Records as they come in: one JSON object over any number of lines, or JSON Lines.
 * Which of the two is told by the first line.  Read one at a time, so that memory
 * does not grow with their number.
 */
struct records;

/* path "-" is standard input; NULL: the one record that `set` makes. */
MUST_CHECK enum rc records_open(const char *path, const struct opt_list *set, struct records **out,
                                struct err *err);
void records_close(struct records *records);
CLEANUP_PTR(struct records, records_close);

/*
 * The next record with FIELD=VALUE of `set` put in; *out NULL after the last.  *line is
 * where it begins.  What is no record is RC_INPUT; the next call goes on after it.
 */
MUST_CHECK enum rc records_next(struct records *records, struct js **out, long *line,
                                struct err *err);

#endif
