#include "apps/meterworks/work_thread.h"

#include <time.h>

int64_t work_thread_wall_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static void work_wait(struct work_thread *work)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WORK_THREAD_LOOK_S;
    pthread_mutex_lock(&work->lock);
    if (!work->woken && !atomic_load(&work->stopping))
        (void)pthread_cond_timedwait(&work->work, &work->lock, &until);
    work->woken = false;
    pthread_mutex_unlock(&work->lock);
}

static void *work_run(void *context)
{
    struct work_thread *work = context;

    while (!atomic_load(&work->stopping))
        if (!work->step(work->context))
            work_wait(work);
    return NULL;
}

void work_thread_open(struct work_thread *work, bool (*step)(void *context), void *context)
{
    pthread_condattr_t attributes;

    *work = (struct work_thread){ .step = step, .context = context };
    pthread_mutex_init(&work->lock, NULL);
    /* A clock that somebody sets back must not make the thread sleep until it has caught up. */
    pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&work->work, &attributes);
    pthread_condattr_destroy(&attributes);
}

int work_thread_start(struct work_thread *work)
{
    work->started = pthread_create(&work->thread, NULL, work_run, work) == 0;
    return work->started ? 0 : -1;
}

void work_thread_wake(struct work_thread *work)
{
    pthread_mutex_lock(&work->lock);
    work->woken = true;
    pthread_cond_signal(&work->work);
    pthread_mutex_unlock(&work->lock);
}

void work_thread_stop(struct work_thread *work)
{
    atomic_store(&work->stopping, true);
    work_thread_wake(work);
}

void work_thread_join(struct work_thread *work)
{
    if (work->started)
        (void)pthread_join(work->thread, NULL);
    work->started = false;
}

void work_thread_close(struct work_thread *work)
{
    pthread_cond_destroy(&work->work);
    pthread_mutex_destroy(&work->lock);
}
