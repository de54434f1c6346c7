/* The thread that runs the core: takes what gates and api hold for it, lets the core work, and goes on. */
#ifndef APPS_METERWORKS_CORE_THREAD_H
#define APPS_METERWORKS_CORE_THREAD_H

#include <stdbool.h>

#include "apps/meterworks/core.h"
#include "apps/meterworks/core_channel.h"
#include "apps/meterworks/gate_thread.h"

#define CORE_THREAD_GATES 3

struct core_thread;

struct core_thread_config {
    struct core *core;            /* used by the thread only, from start to stop */
    struct gate_thread *gates[CORE_THREAD_GATES]; /* the first gate_count of them */
    size_t gate_count;
    /* Before each look at the gates; NULL: nothing to do. context is clock_context */
    void (*gates_prepare)(void *context);
    struct core_channel *channel;
    void *clock_context;
    int64_t (*clock_now_ms)(void *context);
    uint32_t (*clock_speed)(void *context);
};

/* returns 0 with *out owned by the caller; -1 no memory, descriptor or thread */
int core_thread_start(const struct core_thread_config *config, struct core_thread **out);

/* Has it ended by itself, because the store is unsure what it holds (STORE_ERR_UNSURE)? The process has been told to stop. */
bool core_thread_gave_up(const struct core_thread *thread);

/* Ends after the transaction under way; calls that wait are told that the platform stops. Accepts NULL. */
void core_thread_stop(struct core_thread *thread);

#endif
