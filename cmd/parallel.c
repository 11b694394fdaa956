/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/parallel.h"

#include "core/base/mem.h"
#include "core/model/pool.h"

struct task {
    void (*run)(void *context, size_t i);
    void *context;
    size_t i;
};

static enum rc run_task(void *data, void *worker, struct err *err)
{
    const struct task *task = data;

    (void)worker;
    (void)err;
    task->run(task->context, task->i);
    return RC_OK;
}

static enum rc task_done(void *data, enum rc rc, const struct err *fault, void *context,
                         struct err *err)
{
    (void)data;
    (void)fault;
    (void)context;
    (void)err;
    return rc;
}

enum rc parallel_for(size_t n, int threads, void (*run)(void *context, size_t i), void *context,
                     struct err *err)
{
    CLEANUP(freep) struct task *tasks = mem_zero(n, sizeof(*tasks));
    struct pool_plan plan = {.threads = n > 1 ? threads : 1, .work = run_task, .done = task_done};
    CLEANUP(pool_freep) struct pool *pool = pool_new(&plan);

    for (size_t i = 0; i < n; i++) {
        tasks[i] = (struct task){run, context, i};
        TRY(pool_submit(pool, &tasks[i], err));
    }
    return pool_finish(pool, err);
}

static void *run_beside(void *data)
{
    struct background *work = data;

    work->rc = work->run(work->context, &work->fault);
    return NULL;
}

void background_start(struct background *work, enum rc (*run)(void *context, struct err *err),
                      void *context)
{
    *work = (struct background){.started = true, .run = run, .context = context};
    work->threaded = pthread_create(&work->thread, NULL, run_beside, work) == 0;
    if (!work->threaded)
        (void)run_beside(work);
}

enum rc background_wait(struct background *work, struct err *err)
{
    if (!work->started)
        return RC_OK;
    if (work->threaded)
        (void)pthread_join(work->thread, NULL);
    work->started = false;
    if (work->rc != RC_OK)
        *err = work->fault;
    return work->rc;
}
