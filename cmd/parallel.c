/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/parallel.h"

#include <signal.h>
#include <stdatomic.h>

#include "core/base/mem.h"

enum { TEAM_MAX = 256 };

/* One group at a time: its number tells a waiting thread that there is a new one. */
struct team {
    pthread_mutex_t lock;
    pthread_cond_t begin, end;
    unsigned long group;
    int busy; /* threads that have not yet seen the end of this group */
    bool over;
    void (*run)(void *context, size_t i);
    void *context;
    size_t n;
    atomic_size_t next;
    pthread_t threads[TEAM_MAX];
    int n_threads;
};

static void work(struct team *team)
{
    for (size_t i; (i = atomic_fetch_add(&team->next, 1)) < team->n;)
        team->run(team->context, i);
}

static void *member(void *data)
{
    struct team *team = data;
    unsigned long seen = 0;

    pthread_mutex_lock(&team->lock);
    for (;;) {
        while (!team->over && team->group == seen)
            pthread_cond_wait(&team->begin, &team->lock);
        if (team->over)
            break;
        seen = team->group;
        pthread_mutex_unlock(&team->lock);
        work(team);
        pthread_mutex_lock(&team->lock);
        if (--team->busy == 0)
            pthread_cond_signal(&team->end);
    }
    pthread_mutex_unlock(&team->lock);
    return NULL;
}

/* Signals stay with the main thread, whose handler removes temporaries. */
struct team *team_new(int threads)
{
    struct team *team = mem_zero(1, sizeof(*team));
    sigset_t all, before;

    (void)pthread_mutex_init(&team->lock, NULL);
    (void)pthread_cond_init(&team->begin, NULL);
    (void)pthread_cond_init(&team->end, NULL);
    atomic_init(&team->next, 0);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (team->n_threads < threads - 1 && team->n_threads < TEAM_MAX) {
        if (pthread_create(&team->threads[team->n_threads], NULL, member, team) != 0)
            break;
        team->n_threads++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return team;
}

void team_run(struct team *team, size_t n, void (*run)(void *context, size_t i), void *context)
{
    pthread_mutex_lock(&team->lock);
    team->run = run;
    team->context = context;
    team->n = n;
    atomic_store(&team->next, 0);
    team->busy = n > 1 ? team->n_threads : 0;
    if (team->busy) {
        team->group++;
        pthread_cond_broadcast(&team->begin);
    }
    pthread_mutex_unlock(&team->lock);
    work(team);
    pthread_mutex_lock(&team->lock);
    while (team->busy)
        pthread_cond_wait(&team->end, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

void team_free(struct team *team)
{
    if (!team)
        return;
    pthread_mutex_lock(&team->lock);
    team->over = true;
    pthread_cond_broadcast(&team->begin);
    pthread_mutex_unlock(&team->lock);
    for (int i = 0; i < team->n_threads; i++)
        (void)pthread_join(team->threads[i], NULL);
    (void)pthread_cond_destroy(&team->end);
    (void)pthread_cond_destroy(&team->begin);
    (void)pthread_mutex_destroy(&team->lock);
    free(team);
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
