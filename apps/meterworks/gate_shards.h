/* The cores of all shards whose devices a gate serves: a link to each (gate_client.h), and one thread that works them.
 *
 * A shard is a district with its meters and its money, with a core of its own; the number of a device at the gate says which
 * (link/shard_number.h). A core that is dead, slow or cut off holds up the devices of its own shard only: each shard has its
 * own ring, its own window and its own exchanges with devices, all bounded. The gate runs as soon as one shard has told its
 * archive; until all have, a stranger is left to repeat and not refused.
 *
 * Functions are for one thread, that which would be the core, but for gate_shards_key_ask. */
#ifndef APPS_METERWORKS_GATE_SHARDS_H
#define APPS_METERWORKS_GATE_SHARDS_H

#include <poll.h>

#include "apps/meterworks/gate_client.h"
#include "link/shard_number.h"

struct gate_shards;

/* Where a shard's core may be, tried in turn. */
struct gate_shard_cores {
    uint32_t shard; /* below SHARD_LIMIT */
    const char *cores[GATE_CLIENT_CORE_LIMIT];
    size_t core_count;
};

struct gate_shards_config {
    const char *name;
    uint8_t key[TLS_CHANNEL_KEY_SIZE];
    const struct gate_shard_cores *shards; /* none twice */
    size_t shard_count;                    /* 1 to SHARD_LIMIT */
};

/* The shards as struct gate_config wants them. */
uint32_t gate_shards_set(const struct gate_shard_cores *shards, size_t count);

/* ports    gate_open is called for every connection to any core; gate_run once, when the first shard has told its archive
 * out      given back by gate_shards_close; what config points to is copied
 * returns  as gate_client_open */
int gate_shards_open(const struct gate_shards_config *config, const struct gate_client_ports *ports, struct gate_shards **out);

/* Accepts NULL. The gate is closed before: its thread asks for keys. */
void gate_shards_close(struct gate_shards *shards);

/* Do what can be done now over every link.
 * returns  ms until the next call is useful, when no descriptor becomes ready before */
int gate_shards_work(struct gate_shards *shards, int64_t now_ms);

/* To wait on; the gate's own descriptor is not among them. returns  their number */
size_t gate_shards_sockets(const struct gate_shards *shards, struct pollfd out[SHARD_LIMIT]);

/* For the port of the gate; its thread's. context is a struct gate_shards. */
void gate_shards_key_ask(void *context, uint64_t imei, uint32_t device_id);

#endif
