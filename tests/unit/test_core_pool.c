/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/model/pool.h"
#include "tests/unit/unit.h"

enum { JOBS = 200 };

struct run {
    int n_done, n_dropped, n_faults, stop_at;
    int order[JOBS];
    atomic_int workers, alive;
    atomic_int most, now;
};

struct job {
    int number;
    struct run *run;
};

static enum rc work(void *argument, void *worker, struct err *err)
{
    struct job *job = argument;
    int now = atomic_fetch_add(&job->run->now, 1) + 1, most = atomic_load(&job->run->most);

    while (now > most && !atomic_compare_exchange_weak(&job->run->most, &most, now))
        continue;
    ck_assert_ptr_nonnull(worker);
    (*(int *)worker)++;
    if (job->number % 7 == 0)
        (void)usleep(300); /* so that later jobs are done first */
    atomic_fetch_sub(&job->run->now, 1);
    if (job->number % 10 == 3)
        return err_set(err, RC_INPUT, "job %d", job->number);
    return RC_OK;
}

static enum rc done(void *argument, enum rc rc, const struct err *fault, void *context,
                    struct err *err)
{
    struct run *run = context;
    struct job *job = argument;
    int number = job->number;

    free(job);
    run->order[run->n_done++] = number;
    if (rc != RC_OK) {
        run->n_faults++;
        ck_assert_int_eq(fault->code, RC_INPUT);
        ck_assert_int_eq(number % 10, 3);
    }
    return number == run->stop_at ? err_set(err, RC_SYSTEM, "disk full") : RC_OK;
}

static void drop(void *job, void *context)
{
    ((struct run *)context)->n_dropped++;
    free(job);
}

static void *worker_new(void *context)
{
    atomic_fetch_add(&((struct run *)context)->workers, 1);
    return mem_zero(1, sizeof(int));
}

static struct pool_plan plan_of(struct run *run, int threads)
{
    return (struct pool_plan){.threads = threads,
                              .in_flight = 10,
                              .work = work,
                              .done = done,
                              .drop = drop,
                              .worker_new = worker_new,
                              .worker_free = free,
                              .context = run};
}

static struct job *new_job(struct run *run, int number)
{
    struct job *job = mem_zero(1, sizeof(*job));

    job->number = number;
    job->run = run;
    return job;
}

static const int threads[] = {0, 1, 2, 8};

START_TEST(results_come_back_in_order_with_the_fault_of_each_job)
{
    struct run run = {.stop_at = -1};
    struct pool_plan plan = plan_of(&run, threads[_i]);
    CLEANUP(pool_freep) struct pool *pool = pool_new(&plan);
    struct err err = ERR_INIT;

    for (int i = 0; i < JOBS; i++)
        CK_OK(pool_submit(pool, new_job(&run, i), &err), &err);
    CK_OK(pool_finish(pool, &err), &err);
    ck_assert_int_eq(run.n_done, JOBS);
    ck_assert_int_eq(run.n_faults, JOBS / 10);
    for (int i = 0; i < JOBS; i++)
        ck_assert_int_eq(run.order[i], i);
    ck_assert_int_le(atomic_load(&run.most), threads[_i] > 1 ? threads[_i] : 1);
    ck_assert_int_le(atomic_load(&run.workers), threads[_i] > 1 ? threads[_i] : 1);
}
END_TEST

START_TEST(a_fault_in_done_stops_the_pool_and_drops_the_rest)
{
    struct run run = {.stop_at = 20};
    struct pool_plan plan = plan_of(&run, threads[_i]);
    struct pool *pool = pool_new(&plan);
    struct err err = ERR_INIT;
    enum rc rc = RC_OK;
    int submitted = 0;

    while (submitted < JOBS && rc == RC_OK)
        rc = pool_submit(pool, new_job(&run, submitted++), &err);
    ck_assert_int_eq(rc, RC_SYSTEM);
    ck_assert_str_eq(err.text, "disk full");
    ck_assert_int_eq(pool_submit(pool, new_job(&run, submitted++), &err), RC_SYSTEM);
    ck_assert_int_eq(pool_finish(pool, &err), RC_SYSTEM);
    pool_free(pool);
    ck_assert_int_eq(run.n_done, 21);
    ck_assert_int_eq(run.n_done + run.n_dropped, submitted);
}
END_TEST

START_TEST(a_pool_that_is_left_early_drops_its_jobs)
{
    struct run run = {.stop_at = -1};
    struct pool_plan plan = plan_of(&run, 2);
    struct pool *pool = pool_new(&plan);
    struct err err = ERR_INIT;

    for (int i = 0; i < 10; i++)
        CK_OK(pool_submit(pool, new_job(&run, i), &err), &err);
    pool_free(pool);
    ck_assert_int_eq(run.n_done + run.n_dropped, 10);
}
END_TEST

START_TEST(a_pool_without_jobs_finishes)
{
    struct run run = {.stop_at = -1};
    struct pool_plan plan = plan_of(&run, 4);
    CLEANUP(pool_freep) struct pool *pool = pool_new(&plan);
    struct err err = ERR_INIT;

    CK_OK(pool_finish(pool, &err), &err);
    CK_OK(pool_submit(pool, new_job(&run, 1), &err), &err);
    CK_OK(pool_finish(pool, &err), &err);
    ck_assert_int_eq(run.n_done, 1);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, results_come_back_in_order_with_the_fault_of_each_job, 0,
                        N_OF(threads));
    tcase_add_loop_test(tc, a_fault_in_done_stops_the_pool_and_drops_the_rest, 0, N_OF(threads));
    tcase_add_test(tc, a_pool_that_is_left_early_drops_its_jobs);
    tcase_add_test(tc, a_pool_without_jobs_finishes);
}
