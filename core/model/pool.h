/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_POOL_H
#define CORE_MODEL_POOL_H

#include <stddef.h>

#include "core/base/cleanup.h"
#include "core/base/err.h"

/*
 * Workers that do jobs side by side, for verify -j N.  Jobs are taken from
 * a bounded queue, so memory does not grow with their number; results come back one
 * at a time in the order of submission, in the thread that submits, so that output,
 * journal and report need no locks and are the same for every N.
 */
struct pool;

enum { POOL_THREADS_MAX = 256 };

struct pool_plan {
    int threads;      /* 1 or less: jobs run in pool_submit() itself, without threads */
    size_t in_flight; /* jobs taken and not yet given back; 0: 4 for each thread */

    /* In a worker: the job's own rc and err go to done, whatever they are. */
    enum rc (*work)(void *job, void *worker, struct err *err);
    /*
     * In the submitting thread.  Takes the job back.  Another rc than RC_OK stops the
     * pool: waiting jobs are not begun, and pool_submit() or pool_finish() returns
     * that rc with what done left in err.
     */
    enum rc (*done)(void *job, enum rc rc, const struct err *fault, void *context, struct err *err);
    /* Releases a job that never reaches done because the pool was stopped; may be NULL. */
    void (*drop)(void *job, void *context);
    /* Working buffers of one worker; both may be NULL. */
    void *(*worker_new)(void *context);
    void (*worker_free)(void *worker);
    void *context;
};

/* Fewer threads than asked for are no error: the work gets done all the same. */
struct pool *pool_new(const struct pool_plan *plan);

/* Takes the job, always.  Waits while the queue is full, giving results back meanwhile. */
MUST_CHECK enum rc pool_submit(struct pool *pool, void *job, struct err *err);

/* Waits for all jobs and gives their results back. */
MUST_CHECK enum rc pool_finish(struct pool *pool, struct err *err);

/* Stops, drops what was not given back, and waits for the workers. */
void pool_free(struct pool *pool);
CLEANUP_PTR(struct pool, pool_free);

#endif
