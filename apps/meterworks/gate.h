/* The gate: the thread that faces devices. Owns the sockets, the DTLS sessions and the LwM2M conversations.
 *
 * It is joined to the core as gate_thread.h says: acknowledgements, downlinks and changes of the archive come to it.
 * Functions marked [core] are for the one thread that is the core; the others for whoever starts and stops the
 * program. */
#ifndef APPS_METERWORKS_GATE_H
#define APPS_METERWORKS_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/meterworks/gate_thread.h"
#include "base/counter.h"
#include "base/downlink.h"
#include "base/hash.h"
#include "base/uplink.h"
#include "dialog/device_directory.h"

#define GATE_KEY_LIMIT 32
#define GATE_COUNTER_TABLE_LIMIT 5

struct gate;

struct gate_ports {
    void *context;
    /* ms since 1970 UTC; may run faster than the world in a demonstration. Called by the gate's thread. */
    int64_t (*clock_read)(void *context);
    /* The DTLS key of a device: 16 to GATE_KEY_LIMIT bytes. Called by the gate's thread, for known IMEIs only.
     * returns  true; false when there is none */
    bool (*key_find)(void *context, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *key_size);
    /* NULL: key_find knows every key. Otherwise key_find is NULL, and keys come through gate_key_put after they were asked
     * for here. What cannot be asked now is asked again when the device repeats. Called by the gate's thread. */
    void (*key_ask)(void *context, uint64_t imei, uint32_t device_id);
};

struct gate_config {
    const char *coap_address;       /* "0.0.0.0:5683" or "[::]:5683"; NULL: no plain socket */
    const char *coaps_address;      /* NULL: no secured socket */
    uint16_t gate;                  /* number put into uplinks */
    uint32_t shards;                /* bit N: devices of shard N are served, each in a lane of its own (gate_thread.h), by the
                                     * numbers of link/shard_number.h; 0: those of one core by that core's own numbers */
    uint32_t shard;                 /* of that one core */
    uint32_t device_limit;          /* 0 means 16,777,216 */
    uint32_t session_limit;         /* DTLS sessions; 0 means 65,536 */
    uint32_t uplink_capacity;       /* messages on the way to a core; 0 means 8,192 */
    uint32_t downlink_capacity;     /* messages on the way back; 0 means 16,384 */
    uint32_t speed;                 /* how fast clock_read runs against the world, to sleep rightly; 0 means 1 */
    uint32_t address_limit;         /* datagrams a second of one address; 0: FLOOD_GUARD_LIMIT_DEFAULT */
    bool observe_after_register;
    uint8_t random[64];             /* fresh random bytes: cookies, tokens, tables */
    struct hash_key handle_key;     /* the same at every start of this installation */
};

/* Open sockets and tables; the thread does not run yet, so devices may be entered without bound.
 * out      given back by gate_close
 * returns  0; GATE_ERR_* but not FULL or EMPTY */
int gate_open(const struct gate_config *config, const struct gate_ports *ports, struct gate **out);

/* To start and stop it, take its uplinks, wake it and tell it the speed of the clock. */
struct gate_thread *gate_thread_of(struct gate *gate);

/* Stops first. Accepts NULL. */
void gate_close(struct gate *gate);

/* The ports in use, host order; 0 when there is no such socket. */
uint16_t gate_coap_port(const struct gate *gate);
uint16_t gate_coaps_port(const struct gate *gate);

/* Before the gate runs: make room for so many devices at once.
 * returns  0; GATE_ERR_MEMORY */
int gate_reserve(struct gate *gate, uint32_t count);

/* Before a gate of one core runs: enter devices of the archive that it does not know yet, each with an IMEI of its own.
 * count    at most DEVICE_DIRECTORY_TOGETHER
 * returns  0; GATE_ERR_MEMORY: none is entered. What the gate cannot hold is left out, as gate_device_put leaves it out */
int gate_devices_fill(struct gate *gate, const struct device_directory_entry *devices, uint32_t count);

/* [core] Messages to the gate. They leave its ring after gate_thread_wake.
 * returns  0; GATE_ERR_FULL: an acknowledgement then counts as not accepted (the device repeats), a downlink stays
 *          queued, a change of the archive must be tried again */
int gate_acknowledge(struct gate *gate, const struct uplink_acknowledgement *acknowledgement);
int gate_deliver(struct gate *gate, const struct downlink *downlink);
int gate_device_put(struct gate *gate, uint64_t imei, uint32_t device_id, bool secured_only);
int gate_device_remove(struct gate *gate, uint64_t imei, uint32_t device_id);

/* [core] Of a gate with several shards: all of them have told their archive, so whoever is not there is a stranger. Before,
 * strangers are left to repeat. returns 0; GATE_ERR_FULL */
int gate_archive_whole(struct gate *gate);

/* [core] The key that was asked for; size 0: the device has none.
 * returns  0; GATE_ERR_FULL: the device repeats, and it is asked for again */
int gate_key_put(struct gate *gate, uint64_t imei, const uint8_t *key, size_t size);

/* Counters of wire and dialog: fills at most GATE_COUNTER_TABLE_LIMIT tables, returns their number. Any thread may
 * read the tables while the gate is open. */
size_t gate_counters(struct gate *gate, struct counter_table *tables[GATE_COUNTER_TABLE_LIMIT]);

#endif
