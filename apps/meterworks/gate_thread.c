#include "apps/meterworks/gate_thread.h"

#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define WAIT_LIMIT_MS 1000

const char *gate_error_text(int error)
{
#define GATE_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        GATE_ERRORS(GATE_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef GATE_ERROR_CASE
}

static int64_t machine_clock_read(void *context)
{
    struct timespec time;

    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* A new speed is told at once: the time until this turn passed at the one before. */
static void clocks_read(struct gate_thread *thread)
{
    const struct gate_thread_config *config = &thread->config;
    int64_t monotonic_ms = config->machine_clock_read(config->clock_context);
    int64_t now_ms = config->clock_read(config->clock_context);

    thread->elapsed_ms += (monotonic_ms - thread->monotonic_ms) * thread->speed_before;
    thread->speed_before = atomic_load_explicit(&thread->speed, memory_order_relaxed);
    thread->is_set_back = now_ms < thread->now_ms;
    thread->monotonic_ms = monotonic_ms;
    thread->now_ms = now_ms;
}

static int rings_make(struct gate_thread *thread)
{
    const struct gate_thread_config *config = &thread->config;
    uint32_t urgent = config->urgent_capacity != 0 ? config->urgent_capacity : config->uplink_capacity;
    uint32_t lanes = config->lanes != 0 ? config->lanes : 1;

    for (unsigned i = 0; i < GATE_THREAD_LANE_LIMIT; i++)
        if (lanes >> i & 1 && (ring_make(config->uplink_capacity, sizeof(struct uplink), &thread->lanes[i].uplinks) != 0 ||
                               ring_make(urgent, sizeof(struct uplink), &thread->lanes[i].urgent) != 0))
            return GATE_ERR_MEMORY;
    return ring_make(config->message_capacity, config->message_size, &thread->messages) != 0 ? GATE_ERR_MEMORY : 0;
}

static int wakers_make(struct gate_thread *thread)
{
    thread->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (thread->epoll < 0 || notifier_open(&thread->to_core) != 0 || notifier_open(&thread->to_gate) != 0)
        return GATE_ERR_SYSTEM;
    return gate_thread_watch(thread, thread->to_gate.descriptor, GATE_THREAD_WAKE);
}

int gate_thread_open(struct gate_thread *thread, const struct gate_thread_config *config)
{
    *thread = (struct gate_thread){ .config = *config, .to_core = { -1 }, .to_gate = { -1 }, .epoll = -1 };
    if (config->machine_clock_read == NULL)
        thread->config.machine_clock_read = machine_clock_read;
    atomic_init(&thread->speed, config->speed != 0 ? config->speed : 1);
    int error = rings_make(thread);
    if (error == 0)
        error = wakers_make(thread);
    if (error != 0) {
        gate_thread_close(thread);
        return error;
    }
    clocks_read(thread);
    return 0;
}

static void *thread_run(void *context)
{
    struct gate_thread *thread = context;
    struct epoll_event events[GATE_THREAD_EVENT_LIMIT];
    int wait_ms = 0;

    if (thread->config.name != NULL)
        (void)prctl(PR_SET_NAME, thread->config.name);
    while (!atomic_load_explicit(&thread->stopping, memory_order_acquire)) {
        int count = epoll_wait(thread->epoll, events, GATE_THREAD_EVENT_LIMIT, wait_ms);
        clocks_read(thread);
        notifier_drain(&thread->to_gate);
        wait_ms = thread->config.turn(thread->config.gate, events, count);
        if (thread->offered)
            notifier_signal(&thread->to_core);
        thread->offered = false;
    }
    return NULL;
}

int gate_thread_start(struct gate_thread *thread)
{
    atomic_store(&thread->running, true);
    if (pthread_create(&thread->thread, NULL, thread_run, thread) == 0)
        return 0;
    atomic_store(&thread->running, false);
    return GATE_ERR_SYSTEM;
}

void gate_thread_stop(struct gate_thread *thread)
{
    if (!atomic_load(&thread->running))
        return;
    atomic_store_explicit(&thread->stopping, true, memory_order_release);
    notifier_signal(&thread->to_gate);
    pthread_join(thread->thread, NULL);
    atomic_store(&thread->running, false);
}

void gate_thread_close(struct gate_thread *thread)
{
    for (unsigned i = 0; i < GATE_THREAD_LANE_LIMIT; i++) {
        ring_release(thread->lanes[i].uplinks);
        ring_release(thread->lanes[i].urgent);
    }
    ring_release(thread->messages);
    notifier_close(&thread->to_core);
    notifier_close(&thread->to_gate);
    if (thread->epoll >= 0)
        close(thread->epoll);
    thread->epoll = -1;
}

bool gate_thread_is_running(const struct gate_thread *thread)
{
    return atomic_load(&thread->running);
}

int gate_thread_uplink_descriptor(const struct gate_thread *thread)
{
    return thread->to_core.descriptor;
}

void gate_thread_uplink_drain(struct gate_thread *thread)
{
    notifier_drain(&thread->to_core);
}

int gate_thread_uplink_take(struct gate_thread *thread, struct uplink *out)
{
    return gate_thread_lane_take(thread, 0, false, out);
}

int gate_thread_lane_take(struct gate_thread *thread, unsigned lane, bool urgent_only, struct uplink *out)
{
    const struct gate_lane *rings = &thread->lanes[lane];
    /* Looked at first: what comes between the two rings may follow an urgent one of the same device. */
    bool others_wait = !urgent_only && ring_count(rings->uplinks) > 0;

    return ring_take(rings->urgent, out) == 0 || (others_wait && ring_take(rings->uplinks, out) == 0) ? 0 : GATE_ERR_EMPTY;
}

bool gate_thread_message_fits(const struct gate_thread *thread)
{
    return ring_count(thread->messages) < ring_capacity(thread->messages);
}

size_t gate_thread_message_room(const struct gate_thread *thread)
{
    return ring_capacity(thread->messages) - ring_count(thread->messages);
}

int gate_thread_message_put(struct gate_thread *thread, const void *message)
{
    return ring_put(thread->messages, message) == 0 ? 0 : GATE_ERR_FULL;
}

void gate_thread_wake(struct gate_thread *thread)
{
    notifier_signal(&thread->to_gate);
}

void gate_thread_speed_set(struct gate_thread *thread, uint32_t speed)
{
    atomic_store_explicit(&thread->speed, speed, memory_order_relaxed);
    gate_thread_wake(thread);
}

static int watch_apply(const struct gate_thread *thread, int operation, int descriptor, uint64_t watch, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.u64 = watch };
    return epoll_ctl(thread->epoll, operation, descriptor, &event) == 0 ? 0 : GATE_ERR_SYSTEM;
}

int gate_thread_watch(const struct gate_thread *thread, int descriptor, uint64_t watch)
{
    return watch_apply(thread, EPOLL_CTL_ADD, descriptor, watch, EPOLLIN);
}

int gate_thread_watch_change(const struct gate_thread *thread, int descriptor, uint64_t watch, bool writable)
{
    return gate_thread_watch_set(thread, descriptor, watch, true, writable);
}

int gate_thread_watch_set(const struct gate_thread *thread, int descriptor, uint64_t watch, bool readable, bool writable)
{
    return watch_apply(thread, EPOLL_CTL_MOD, descriptor, watch,
                       (readable ? (uint32_t)EPOLLIN : 0) | (writable ? (uint32_t)EPOLLOUT : 0));
}

bool gate_thread_offer(struct gate_thread *thread, const struct uplink *uplink)
{
    return gate_thread_lane_offer(thread, 0, uplink);
}

bool gate_thread_lane_offer(struct gate_thread *thread, unsigned lane, const struct uplink *uplink)
{
    const struct gate_lane *rings = &thread->lanes[lane];

    if (rings->uplinks == NULL || ring_put(uplink->urgent ? rings->urgent : rings->uplinks, uplink) != 0)
        return false;
    thread->offered = true;
    return true;
}

void gate_thread_tell_core(struct gate_thread *thread)
{
    thread->offered = true;
}

bool gate_thread_message_take(struct gate_thread *thread, void *message)
{
    return ring_take(thread->messages, message) == 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int gate_thread_wait_ms(struct gate_thread *thread, int64_t machine_due_ms, int64_t platform_due_ms)
{
    int64_t wait_ms = WAIT_LIMIT_MS;
    unsigned speed = atomic_load_explicit(&thread->speed, memory_order_relaxed);

    if (machine_due_ms != INT64_MAX)
        wait_ms = earlier(wait_ms, machine_due_ms - thread->monotonic_ms);
    if (platform_due_ms != INT64_MAX && speed > 0)
        wait_ms = earlier(wait_ms, (platform_due_ms - thread->now_ms) / speed);
    /* At high speed the platform's milliseconds are shorter than the world's: look once per millisecond. */
    return wait_ms < 1 ? 1 : (int)wait_ms;
}
