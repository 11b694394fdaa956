/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/mem.h"

struct slot {
    void *job;
    bool is_done;
    enum rc rc;
    struct err err;
};

/*
 * A ring of slots with three ever-growing counters: first ≤ begun ≤ last.  Slots
 * first … begun are with a worker or done, begun … last are waiting.
 */
struct pool {
    struct pool_plan plan;
    pthread_mutex_t lock;
    pthread_cond_t wake_worker, wake_caller;
    struct slot *ring;
    size_t size;
    uint64_t first, begun, last;
    bool stopped;
    enum rc verdict; /* what done stopped the pool with */
    void *own_worker;
    pthread_t threads[POOL_THREADS_MAX];
    int n_threads;
};

static void *new_worker(const struct pool_plan *plan)
{
    return plan->worker_new ? plan->worker_new(plan->context) : NULL;
}

static void free_worker(const struct pool_plan *plan, void *worker)
{
    if (plan->worker_free && worker)
        plan->worker_free(worker);
}

static struct slot *slot_of(struct pool *pool, uint64_t number)
{
    return &pool->ring[number % pool->size];
}

static void *run(void *argument)
{
    struct pool *pool = argument;
    void *worker = new_worker(&pool->plan);

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct err err = ERR_INIT;
        struct slot *slot;
        enum rc rc;

        while (!pool->stopped && pool->begun == pool->last)
            pthread_cond_wait(&pool->wake_worker, &pool->lock);
        if (pool->stopped)
            break;
        slot = slot_of(pool, pool->begun++);
        pthread_mutex_unlock(&pool->lock);
        rc = pool->plan.work(slot->job, worker, &err);
        pthread_mutex_lock(&pool->lock);
        slot->rc = rc;
        slot->err = err;
        slot->is_done = true;
        pthread_cond_signal(&pool->wake_caller);
    }
    pthread_mutex_unlock(&pool->lock);
    free_worker(&pool->plan, worker);
    return NULL;
}

/* Signals stay with the main thread, whose handler removes temporaries. */
static void start_threads(struct pool *pool, int wanted)
{
    sigset_t all, before;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->n_threads < wanted && pool->n_threads < POOL_THREADS_MAX) {
        if (pthread_create(&pool->threads[pool->n_threads], NULL, run, pool) != 0)
            break;
        pool->n_threads++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_new(const struct pool_plan *plan)
{
    struct pool *pool = mem_zero(1, sizeof(*pool));
    size_t threads = plan->threads > 1 ? (size_t)plan->threads : 1;

    pool->plan = *plan;
    pool->size = plan->in_flight ? plan->in_flight : 4 * threads;
    pool->ring = mem_zero(pool->size, sizeof(pool->ring[0]));
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->wake_worker, NULL);
    (void)pthread_cond_init(&pool->wake_caller, NULL);
    if (plan->threads > 1)
        start_threads(pool, plan->threads);
    if (!pool->n_threads)
        pool->own_worker = new_worker(plan);
    return pool;
}

static enum rc stop(struct pool *pool, enum rc rc)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopped = true;
    pool->verdict = rc;
    pthread_cond_broadcast(&pool->wake_worker);
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

static enum rc give_back(struct pool *pool, const struct slot *slot, struct err *err)
{
    enum rc rc = pool->plan.done(slot->job, slot->rc, &slot->err, pool->plan.context, err);

    return rc == RC_OK ? RC_OK : stop(pool, rc);
}

/* Gives results back until at most `most` jobs are in flight; does not wait for fewer. */
static enum rc drain(struct pool *pool, uint64_t most, struct err *err)
{
    for (;;) {
        struct slot copy;

        pthread_mutex_lock(&pool->lock);
        while (pool->last - pool->first > most && !slot_of(pool, pool->first)->is_done)
            pthread_cond_wait(&pool->wake_caller, &pool->lock);
        if (pool->first == pool->last || !slot_of(pool, pool->first)->is_done) {
            pthread_mutex_unlock(&pool->lock);
            return RC_OK;
        }
        copy = *slot_of(pool, pool->first);
        *slot_of(pool, pool->first++) = (struct slot){.job = NULL};
        pthread_mutex_unlock(&pool->lock);
        TRY(give_back(pool, &copy, err));
    }
}

static enum rc refuse(struct pool *pool, void *job, struct err *err)
{
    if (pool->plan.drop)
        pool->plan.drop(job, pool->plan.context);
    if (err->code == RC_OK)
        (void)err_set(err, pool->verdict, "stopped by an earlier fault");
    return pool->verdict;
}

enum rc pool_submit(struct pool *pool, void *job, struct err *err)
{
    if (pool->verdict != RC_OK)
        return refuse(pool, job, err);
    if (!pool->n_threads) {
        struct slot slot = {.job = job, .err = ERR_INIT};

        slot.rc = pool->plan.work(job, pool->own_worker, &slot.err);
        return give_back(pool, &slot, err);
    }
    if (drain(pool, pool->size - 1, err) != RC_OK)
        return refuse(pool, job, err);
    pthread_mutex_lock(&pool->lock);
    *slot_of(pool, pool->last++) = (struct slot){.job = job, .err = ERR_INIT};
    pthread_cond_signal(&pool->wake_worker);
    pthread_mutex_unlock(&pool->lock);
    return RC_OK;
}

enum rc pool_finish(struct pool *pool, struct err *err)
{
    if (pool->verdict != RC_OK)
        return pool->verdict;
    return drain(pool, 0, err);
}

void pool_free(struct pool *pool)
{
    if (!pool)
        return;
    (void)stop(pool, pool->verdict);
    for (int i = 0; i < pool->n_threads; i++)
        (void)pthread_join(pool->threads[i], NULL);
    for (; pool->first < pool->last; pool->first++) {
        if (pool->plan.drop)
            pool->plan.drop(slot_of(pool, pool->first)->job, pool->plan.context);
    }
    free_worker(&pool->plan, pool->own_worker);
    (void)pthread_cond_destroy(&pool->wake_caller);
    (void)pthread_cond_destroy(&pool->wake_worker);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->ring);
    free(pool);
}
