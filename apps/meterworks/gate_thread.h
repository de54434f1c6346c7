/* What the gate of devices and the gate of lines have in common: a thread that waits for bytes and for time, and the two
 * bounded rings of fixed-size messages that are all it shares with the core. Uplinks go to the core; messages of the
 * gate's own layout come back.
 *
 * Functions marked [core] are for the one thread that is the core, those marked [gate] for the gate's own thread (and
 * for its owner before it starts); the others for whoever starts and stops the program. */
#ifndef APPS_METERWORKS_GATE_THREAD_H
#define APPS_METERWORKS_GATE_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/ring.h"
#include "base/uplink.h"
#include "wire/notifier.h"

#define GATE_THREAD_EVENT_LIMIT 64 /* descriptors told in one turn; the others in the next */
#define GATE_THREAD_WAKE 0         /* the watch of those who wake the thread */
#define GATE_THREAD_LANE_LIMIT 16

/* Of both gates. */
#define GATE_ERRORS(ROW) \
    ROW(GATE_ERR_PLAIN_SOCKET, -1, "the CoAP address cannot be used") \
    ROW(GATE_ERR_SECURED_SOCKET, -2, "the CoAPS address cannot be used") \
    ROW(GATE_ERR_LINE_SOCKET, -3, "the address for concentrators cannot be used") \
    ROW(GATE_ERR_MEMORY, -4, "out of memory") \
    ROW(GATE_ERR_SYSTEM, -5, "the operating system refused") \
    ROW(GATE_ERR_CRYPTOGRAPHY, -6, "the cryptographic library refused") \
    ROW(GATE_ERR_FULL, -7, "the ring is full; try again after the gate has run") \
    ROW(GATE_ERR_EMPTY, -8, "nothing waits") \
    ROW(GATE_ERR_LINK_SOCKET, -9, "the address for gates on other machines cannot be used")

#define GATE_ERROR_ENUM(name, value, text) name = (value),
enum gate_error { GATE_ERRORS(GATE_ERROR_ENUM) };
#undef GATE_ERROR_ENUM

/* English text for one of GATE_ERR_*; "unknown error" for any other number. */
const char *gate_error_text(int error);

struct gate_thread_config {
    void *gate; /* handed to `turn` */
    const char *name; /* of the thread, for whoever looks at the process: 15 characters at most; NULL: the program's */
    /* One turn: the clocks are read, the wake-up is taken. Called by the thread.
     * events   what is ready, with the watch of each in data.u64
     * returns  how long nothing will be due, ms of the world; 0: come back at once */
    int (*turn)(void *gate, const struct epoll_event *events, int count);
    void *clock_context;
    /* ms since 1970 UTC; may run faster than the world in a demonstration, and may be set. */
    int64_t (*clock_read)(void *context);
    /* ms of a clock that nobody sets; NULL: the system's. */
    int64_t (*machine_clock_read)(void *context);
    uint32_t lanes;            /* bit N: there is lane N for the messages to core N; 0: lane 0, where there is one core */
    uint32_t uplink_capacity;  /* messages on the way to one core, 1 to 2^31 */
    uint32_t urgent_capacity;  /* urgent ones beside them; 0: as many */
    uint32_t message_capacity; /* messages on the way back, 1 to 2^31 */
    size_t message_size;       /* bytes of one */
    uint32_t speed;            /* how fast clock_read runs against the world; 0 means 1 */
};

/* Messages to one core. A core that takes none fills only its own. */
struct gate_lane {
    struct ring *uplinks;
    struct ring *urgent; /* taken first */
};

/* A member of each gate; only the members of time are for others to read. */
struct gate_thread {
    struct gate_thread_config config;
    struct gate_lane lanes[GATE_THREAD_LANE_LIMIT];
    struct ring *messages; /* from the core */
    struct notifier to_core;
    struct notifier to_gate;
    int epoll;
    pthread_t thread;
    atomic_bool running;
    atomic_bool stopping;
    atomic_uint speed;
    unsigned speed_before; /* in the turn before this one */
    bool offered;          /* uplinks went out in this turn */
    bool is_set_back;      /* the platform's clock shows less than in the turn before */
    int64_t now_ms;        /* of the platform, read once per turn */
    int64_t monotonic_ms;  /* of the machine: for what is between machines, whatever the platform's clock does */
    int64_t elapsed_ms;    /* since some moment, at the platform's speed: setting its clock makes no difference here */
};

/* Rings, wake-ups and clocks; the thread does not run yet.
 * thread   its place must not change until gate_thread_close
 * returns  0; GATE_ERR_MEMORY, GATE_ERR_SYSTEM: nothing is held */
int gate_thread_open(struct gate_thread *thread, const struct gate_thread_config *config);

/* returns  0; GATE_ERR_SYSTEM */
int gate_thread_start(struct gate_thread *thread);

/* Stop and join; accepts one that never started. */
void gate_thread_stop(struct gate_thread *thread);

/* Of one that is open and stopped. */
void gate_thread_close(struct gate_thread *thread);

bool gate_thread_is_running(const struct gate_thread *thread);

/* [core] To wait on: readable when uplinks may wait. */
int gate_thread_uplink_descriptor(const struct gate_thread *thread);

/* [core] Clear the descriptor; call it before taking uplinks. */
void gate_thread_uplink_drain(struct gate_thread *thread);

/* [core] The next one: those that are urgent first, each kind in the order in which it was offered. An urgent one is
 * never overtaken by what was offered after it.
 * returns  0; GATE_ERR_EMPTY with `out` untouched */
int gate_thread_uplink_take(struct gate_thread *thread, struct uplink *out);

/* [core] The same of one lane, which exists.
 * urgent_only  for a core that has no room for others */
int gate_thread_lane_take(struct gate_thread *thread, unsigned lane, bool urgent_only, struct uplink *out);

/* [core] Whether gate_thread_message_put would take a message. Only the core fills the ring: what fits now fits until
 * then. */
bool gate_thread_message_fits(const struct gate_thread *thread);

/* [core] How many messages fit now. */
size_t gate_thread_message_room(const struct gate_thread *thread);

/* [core] A message of message_size bytes; it leaves the ring after gate_thread_wake.
 * returns  0; GATE_ERR_FULL: nothing has been taken */
int gate_thread_message_put(struct gate_thread *thread, const void *message);

/* Tell the gate that messages wait; once per batch. Any thread. */
void gate_thread_wake(struct gate_thread *thread);

/* Tell the gate that the clock runs at another speed (0: it stands). Any thread. */
void gate_thread_speed_set(struct gate_thread *thread, uint32_t speed);

/* [gate] Wait for this descriptor to be readable, too, until it is closed.
 * watch    comes back in events; GATE_THREAD_WAKE when nobody needs it
 * returns  0; GATE_ERR_SYSTEM */
int gate_thread_watch(const struct gate_thread *thread, int descriptor, uint64_t watch);

/* [gate] The same descriptor: wait for it to be writable as well, or not any more.
 * returns  0; GATE_ERR_SYSTEM */
int gate_thread_watch_change(const struct gate_thread *thread, int descriptor, uint64_t watch, bool writable);

/* [gate] The same descriptor: wait for just this.
 * returns  0; GATE_ERR_SYSTEM */
int gate_thread_watch_set(const struct gate_thread *thread, int descriptor, uint64_t watch, bool readable, bool writable);

/* [gate] An urgent one has a ring of its own, so that it finds room while the other is full.
 * returns  false: the core has no room */
bool gate_thread_offer(struct gate_thread *thread, const struct uplink *uplink);

/* [gate] The same to one of several cores. returns  false, too, when there is no such lane */
bool gate_thread_lane_offer(struct gate_thread *thread, unsigned lane, const struct uplink *uplink);

/* [gate] Wake the core at the end of this turn, for something else than an uplink. */
void gate_thread_tell_core(struct gate_thread *thread);

/* [gate] returns  false with `message` untouched: none waits */
bool gate_thread_message_take(struct gate_thread *thread, void *message);

/* [gate] What a turn returns when this is due next, by the machine's clock and by the platform's; INT64_MAX: never. */
int gate_thread_wait_ms(struct gate_thread *thread, int64_t machine_due_ms, int64_t platform_due_ms);

#endif
