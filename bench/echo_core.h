/* The thread that stands for the core: it stores nothing and acknowledges every uplink of one gate. */
#ifndef BENCH_ECHO_CORE_H
#define BENCH_ECHO_CORE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "apps/meterworks/gate_thread.h"

struct echo_core {
    struct gate_thread *thread; /* of the gate; lives longer than the echo runs */
    void *gate;                 /* handed to `acknowledge` */
    /* As gate_acknowledge(); a full ring shows as messages that devices repeat. */
    int (*acknowledge)(void *gate, const struct uplink_acknowledgement *acknowledgement);
    pthread_t echo;
    atomic_bool stopping;
    _Atomic double processor_seconds; /* of the echo so far */
};

/* The first three members are set. returns  false when the system refuses */
bool echo_core_start(struct echo_core *core);

/* Of one that was started. */
void echo_core_stop(struct echo_core *core);

#endif
