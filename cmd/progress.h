/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How far a long run has come, on standard error: on a terminal only, and only when
 * it lasts over a second (cli.md section 2), unless --progress says otherwise.
 */
struct progress {
    int when;     /* PROGRESS_AUTO … of cmd/common.h */
    size_t total; /* 0: not known */
    double start, told;
    bool shown;
};

void progress_begin(struct progress *progress, int when, size_t total);
void progress_step(struct progress *progress, size_t done);
void progress_end(struct progress *progress); /* takes the line away */

#endif
