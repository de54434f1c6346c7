#include "apps/meterworks/core_thread.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store_error.h"
#include "wire/notifier.h"

#define IDLE_WAIT_MS 200       /* due work is looked at so often when nothing comes in */
#define IDLE_WAIT_FAST_MS 5    /* when the clock runs fast, seconds pass between two looks anyway */
#define REFUSED_WAIT_MS 200    /* after a refusal of the store: give a full disk time */
#define GATE_SHARE 256         /* uplinks of one gate before the next one's turn */

struct core_thread {
    struct core_thread_config config;
    struct notifier stop_notifier;
    pthread_t thread;
    atomic_bool stopping;
    atomic_bool gave_up;
    struct uplink *uplinks;
    size_t uplink_count;
};

static int64_t now_s(const struct core_thread *thread)
{
    return thread->config.clock_now_ms(thread->config.clock_context) / 1000;
}

static int wait_ms(const struct core_thread *thread)
{
    if (core_work_remains(thread->config.core))
        return 0;
    return thread->config.clock_speed(thread->config.clock_context) > 1 ? IDLE_WAIT_FAST_MS : IDLE_WAIT_MS;
}

static void wait_for_work(struct core_thread *thread)
{
    struct pollfd descriptors[CORE_THREAD_GATES + 2] = {
        { .fd = core_channel_descriptor(thread->config.channel), .events = POLLIN },
        { .fd = thread->stop_notifier.descriptor, .events = POLLIN },
    };

    for (size_t i = 0; i < thread->config.gate_count; i++)
        descriptors[2 + i] = (struct pollfd){ .fd = gate_thread_uplink_descriptor(thread->config.gates[i]),
                                              .events = POLLIN };
    poll(descriptors, 2 + thread->config.gate_count, wait_ms(thread));
}

/* returns  false when the gate has no more */
static bool gate_uplinks_take(struct core_thread *thread, struct gate_thread *gate)
{
    size_t limit = thread->uplink_count + GATE_SHARE;

    limit = limit < CORE_BATCH_LIMIT ? limit : CORE_BATCH_LIMIT;
    while (thread->uplink_count < limit && gate_thread_uplink_take(gate, &thread->uplinks[thread->uplink_count]) == 0)
        thread->uplink_count++;
    return thread->uplink_count == limit;
}

/* A share for each gate in turn until the batch is full or no gate has more: what one leaves is the others'. */
static void uplinks_take(struct core_thread *thread)
{
    bool more = true;

    for (size_t i = 0; i < thread->config.gate_count; i++)
        gate_thread_uplink_drain(thread->config.gates[i]);
    thread->uplink_count = 0;
    while (more && thread->uplink_count < CORE_BATCH_LIMIT) {
        more = false;
        for (size_t i = 0; i < thread->config.gate_count; i++)
            more |= gate_uplinks_take(thread, thread->config.gates[i]);
    }
}

static void gates_wake(struct core_thread *thread)
{
    for (size_t i = 0; i < thread->config.gate_count; i++)
        gate_thread_wake(thread->config.gates[i]);
}

/* What is in memory may not be what is stored, or is no longer ours to store: nothing more is done with it, and whoever started the
 * process starts it again. Whoever waits for an answer, or asks from now on, is refused: they are waited for before the process ends. */
static void give_up(struct core_thread *thread, int reason)
{
    log_write(LOG_APPLICATION, LOG_ERROR, "", "%s", store_error_text(reason));
    atomic_store(&thread->gave_up, true);
    atomic_store(&thread->stopping, true);
    core_channel_stop(thread->config.channel);
    (void)kill(getpid(), SIGTERM);
}

static void *thread_run(void *context)
{
    struct core_thread *thread = context;
    struct core_call *calls[CORE_CALL_LIMIT];
    size_t call_count;
    int64_t second = 0;

    (void)prctl(PR_SET_NAME, "core");
    while (!atomic_load(&thread->stopping)) {
        /* A full batch means that more waits in the ring, whose signal is drained already. */
        if (thread->uplink_count < CORE_BATCH_LIMIT)
            wait_for_work(thread);
        if (thread->config.gates_prepare != NULL)
            thread->config.gates_prepare(thread->config.clock_context);
        uplinks_take(thread);
        call_count = core_channel_take(thread->config.channel, calls, CORE_CALL_LIMIT);
        if (thread->uplink_count == 0 && call_count == 0 && now_s(thread) == second &&
            !core_work_remains(thread->config.core))
            continue;
        second = now_s(thread);
        int result = core_work(thread->config.core, thread->uplinks, thread->uplink_count, calls, call_count, second);
        core_channel_finish(thread->config.channel, calls, call_count);
        gates_wake(thread);
        if (result == STORE_ERR_UNSURE || result == STORE_ERR_FENCED)
            give_up(thread, result);
        else if (result < 0)
            poll(&(struct pollfd){ .fd = thread->stop_notifier.descriptor, .events = POLLIN }, 1, REFUSED_WAIT_MS);
    }
    if (!atomic_load(&thread->gave_up))
        core_rest(thread->config.core);
    return NULL;
}

static void thread_free(struct core_thread *thread)
{
    notifier_close(&thread->stop_notifier);
    free(thread->uplinks);
    free(thread);
}

int core_thread_start(const struct core_thread_config *config, struct core_thread **out)
{
    struct core_thread *thread = calloc(1, sizeof *thread);

    if (thread == NULL)
        return -1;
    thread->config = *config;
    thread->stop_notifier.descriptor = -1;
    thread->uplinks = calloc(CORE_BATCH_LIMIT, sizeof *thread->uplinks);
    if (thread->uplinks == NULL || notifier_open(&thread->stop_notifier) < 0 ||
        pthread_create(&thread->thread, NULL, thread_run, thread) != 0) {
        thread_free(thread);
        return -1;
    }
    *out = thread;
    return 0;
}

bool core_thread_gave_up(const struct core_thread *thread)
{
    return atomic_load(&thread->gave_up);
}

void core_thread_stop(struct core_thread *thread)
{
    if (thread == NULL)
        return;
    atomic_store(&thread->stopping, true);
    core_channel_stop(thread->config.channel);
    notifier_signal(&thread->stop_notifier);
    pthread_join(thread->thread, NULL);
    thread_free(thread);
}
