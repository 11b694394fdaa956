/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_PARALLEL_H
#define CMD_PARALLEL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/cleanup.h"
#include "core/base/err.h"

/*
 * Threads for work that comes in groups.  They stay from group to group, and with them what a
 * thread makes once: OpenSSL's generators, libdeflate's engines, the heap's own lists.
 */
struct team;

/* The caller is one of the threads; fewer than asked for are no error.  Made of one, it has none.
 */
struct team *team_new(int threads);
void team_free(struct team *team);
CLEANUP_PTR(struct team, team_free);

/* Calls run(context, i) for i from 0 to n - 1, several at once, and waits for all of them. */
void team_run(struct team *team, size_t n, void (*run)(void *context, size_t i), void *context);

/* One piece of work beside the rest: mostly waiting, as for a disk.  Zeroed: none. */
struct background {
    pthread_t thread;
    bool started, threaded;
    enum rc (*run)(void *context, struct err *err);
    void *context;
    enum rc rc;
    struct err fault;
};
/* context is borrowed until background_wait(), which must follow. */
void background_start(struct background *work, enum rc (*run)(void *context, struct err *err),
                      void *context);
/* What it came to; RC_OK when none was started. */
MUST_CHECK enum rc background_wait(struct background *work, struct err *err);

#endif
