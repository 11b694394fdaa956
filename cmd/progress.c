/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cmd/common.h"

#define PATIENCE 1.0 /* seconds before the first word, and between two */

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_begin(struct progress *progress, int when, size_t total)
{
    *progress = (struct progress){.when = when, .total = total, .start = now()};
    progress->told = when == PROGRESS_AUTO ? progress->start : progress->start - PATIENCE;
    if (when == PROGRESS_AUTO && !isatty(STDERR_FILENO))
        progress->when = PROGRESS_NEVER;
}

void progress_step(struct progress *progress, size_t done)
{
    double at = now();

    if (progress->when == PROGRESS_NEVER || at - progress->told < PATIENCE)
        return;
    progress->told = at;
    if (progress->when == PROGRESS_JSON) {
        fprintf(stderr, "{\"type\":\"progress\",\"done\":%zu,\"total\":%zu}\n", done,
                progress->total);
        return;
    }
    fputc('\r', stderr);
    if (progress->total)
        fprintf(stderr, tr(N_("%zu of %zu done")), done, progress->total);
    else
        fprintf(stderr, tr(N_("%zu done")), done);
    fflush(stderr);
    progress->shown = true;
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r\033[K");
    progress->shown = false;
}
