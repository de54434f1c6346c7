/* The core's end of the links: gates of devices on other machines, as one more gate beside those of this process.
 *
 * One thread speaks with up to GATE_LINKS_LIMIT gates over TLS (link/link_frame.h) and shares two rings with the core like
 * any gate (gate_thread.h). A connection has a number of its own, never the one of a connection before it: an answer to
 * what an earlier connection said goes nowhere, and the gate sends again what was not answered.
 *
 * Back-pressure: a gate has at most GATE_LINKS_WINDOW uplinks unanswered. While the core's ring is full its connection is not
 * read. A gate that does not read is closed. Functions marked [core] are for the one thread that is the core. */
#ifndef APPS_METERWORKS_GATE_LINKS_H
#define APPS_METERWORKS_GATE_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "apps/meterworks/gate_thread.h"
#include "base/counter.h"
#include "base/downlink.h"
#include "base/hash.h"
#include "wire/tls_channel.h"

#define GATE_LINKS_LIMIT 16
#define GATE_LINKS_WINDOW 2048
#define GATE_LINKS_NUMBER_FIRST 16 /* of connections in uplinks; below are the gates of this process */

struct gate_links;
struct registry;

struct gate_links_ports {
    void *context;
    int64_t (*clock_read)(void *context); /* ms since 1970 UTC. Called by the links' thread, as are the others */
    int64_t (*machine_clock_read)(void *context); /* ms of a clock that nobody sets; NULL: the system's */
    /* The key that proves a gate. false: nobody of that name, or refused */
    bool (*gate_key_find)(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE]);
    /* The DTLS key of a device; false: none */
    bool (*device_key_find)(void *context, uint64_t imei, uint8_t key[TLS_CHANNEL_KEY_SIZE]);
    /* Whether this core owns the shard now, and since which take-over. NULL: always, 1 */
    bool (*owner)(void *context, uint32_t shard, uint64_t *epoch);
};

struct gate_links_config {
    const char *address;        /* "192.0.2.1:7377" */
    uint32_t shard;             /* whose devices this core has: gates that ask for another are sent away */
    struct hash_key handle_key; /* of registration handles, for all gates */
    uint32_t device_limit;      /* device_id below it are remembered; 0 means 16,777,216 */
};

/* Rows of gate_links_counters(). */
enum gate_links_counter {
    GATE_LINKS_ACCEPTED,
    GATE_LINKS_REFUSED_FULL,
    GATE_LINKS_REFUSED_HANDSHAKE,
    GATE_LINKS_WELCOMED,
    GATE_LINKS_NOT_OWNER,
    GATE_LINKS_CLOSED,
    GATE_LINKS_BAD_FRAME,
    GATE_LINKS_NOT_READ,
    GATE_LINKS_UPLINKS,
    GATE_LINKS_STALLED,
    GATE_LINKS_LATE_ANSWERS,
    GATE_LINKS_KEYS_GIVEN,
    GATE_LINKS_FILLS,
    GATE_LINKS_COUNTER_COUNT
};

/* Listens; the thread does not run yet.
 * out      given back by gate_links_close
 * returns  0; GATE_ERR_LINK_SOCKET, GATE_ERR_MEMORY, GATE_ERR_SYSTEM, GATE_ERR_CRYPTOGRAPHY */
int gate_links_open(const struct gate_links_config *config, const struct gate_links_ports *ports, struct gate_links **out);

/* Stops first. Accepts NULL. */
void gate_links_close(struct gate_links *links);

/* To start, stop and wake it, and to take its uplinks. */
struct gate_thread *gate_links_thread_of(struct gate_links *links);

uint16_t gate_links_port(const struct gate_links *links);

/* [core] The answer to an uplink whose gate is GATE_LINKS_NUMBER_FIRST or above. Also where the device is from now on. */
void gate_links_acknowledge(struct gate_links *links, const struct uplink_acknowledgement *acknowledgement);

/* [core] Forget where a device was heard last: a gate of this process heard it. */
void gate_links_heard_here(struct gate_links *links, uint32_t device_id);

/* [core] Whether a device was last heard by a gate elsewhere, connected or not. */
bool gate_links_has(const struct gate_links *links, uint32_t device_id);

/* [core] To the gate that heard the device last.
 * returns  0; GATE_ERR_FULL: no room, or that gate is gone: the command waits for the device's next window */
int gate_links_deliver(struct gate_links *links, const struct downlink *downlink);

/* [core] The archive changed; every gate is told. A gate that cannot be told now is told everything again. */
void gate_links_device(struct gate_links *links, uint64_t imei, uint32_t device_id, bool secured_only, bool present);

/* [core] Tell the archive to gates that do not have it yet, as much as they take now. Before each look at the rings. */
void gate_links_fill(struct gate_links *links, const struct registry *registry);

/* Lives as long as the links; any thread may read it. */
struct counter_table *gate_links_counters(struct gate_links *links);

#endif
