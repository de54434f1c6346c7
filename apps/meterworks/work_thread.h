/* A thread that takes one thing after another and waits when there is none: what the desks that speak with the world
 * outside share. */
#ifndef APPS_METERWORKS_WORK_THREAD_H
#define APPS_METERWORKS_WORK_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define WORK_THREAD_LOOK_S 1 /* how long it waits when nobody wakes it */

struct work_thread {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    atomic_bool stopping;
    bool started;
    bool woken;
    bool (*step)(void *context); /* does one thing; false: there was none */
    void *context;
};

/* step     called again and again on the thread; `context` lives longer than the thread */
void work_thread_open(struct work_thread *work, bool (*step)(void *context), void *context);

/* returns  0; -1 */
int work_thread_start(struct work_thread *work);

/* There may be something to do. From any thread. */
void work_thread_wake(struct work_thread *work);

/* Ask it to end, without waiting; what takes long looks at work->stopping. */
void work_thread_stop(struct work_thread *work);

/* Wait for its end after work_thread_stop. Accepts one that was never started. */
void work_thread_join(struct work_thread *work);

/* After its end. */
void work_thread_close(struct work_thread *work);

/* Seconds since 1970, the world's. */
int64_t work_thread_wall_s(void);

#endif
