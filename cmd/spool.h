/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_SPOOL_H
#define CMD_SPOOL_H

#include <stdio.h>

#include "core/base/json.h"

/*
 * The items of a report until its head is known: verdict, status and summary come first in
 * ecert.report/1, and are known last.  A few are kept in memory; of ten thousand the rest
 * waits in a nameless temporary file.
 */
struct spool {
    struct buf text;
    FILE *file; /* NULL: there is no place for one, and all stays in memory */
    size_t n;
};

/* Asks for the temporary file now: later the process may be confined. */
void spool_open(struct spool *spool);
void spool_clear(struct spool *spool);

/* Takes an item. */
MUST_CHECK enum rc spool_add(struct spool *spool, struct js *item, struct err *err);

/* Prints the report, whose last key is an empty array, with the items in it.  Takes report. */
MUST_CHECK enum rc spool_print(struct spool *spool, struct js *report, FILE *out, struct err *err);

#endif
