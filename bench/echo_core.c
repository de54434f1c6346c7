#include "bench/echo_core.h"

#include <poll.h>

#include "bench/bench_clock.h"

#define LOOK_MS 100 /* at the wish to stop */

static void *echo_run(void *context)
{
    struct echo_core *core = context;
    struct uplink uplink;
    while (!atomic_load(&core->stopping)) {
        struct pollfd wait = { gate_thread_uplink_descriptor(core->thread), POLLIN, 0 };
        poll(&wait, 1, LOOK_MS);
        gate_thread_uplink_drain(core->thread);
        while (gate_thread_uplink_take(core->thread, &uplink) == 0) {
            struct uplink_acknowledgement answer = {
                .message_id = uplink.message_id, .device_id = uplink.device_id, .gate = uplink.gate, .accepted = 1
            };
            int result = core->acknowledge(core->gate, &answer);
            (void)result;
        }
        gate_thread_wake(core->thread);
        atomic_store(&core->processor_seconds, bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID));
    }
    return NULL;
}

bool echo_core_start(struct echo_core *core)
{
    atomic_store(&core->stopping, false);
    return pthread_create(&core->echo, NULL, echo_run, core) == 0;
}

void echo_core_stop(struct echo_core *core)
{
    atomic_store(&core->stopping, true);
    pthread_join(core->echo, NULL);
}
