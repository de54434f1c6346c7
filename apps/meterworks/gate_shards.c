#include "apps/meterworks/gate_shards.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/ring.h"

#define KEY_ASK_CAPACITY 1024

struct key_ask {
    uint64_t imei;
    uint32_t device_id;
};

struct gate_shards {
    struct gate_client_ports ports;
    struct gate_client *clients[SHARD_LIMIT];
    uint32_t shard_of[SHARD_LIMIT]; /* of each client */
    size_t count;
    size_t first;          /* client worked first this time: none is always the one that finds the gate's ring full */
    unsigned width;
    struct ring *key_asks; /* from the gate's thread */
    struct gate *gate;     /* NULL before the first welcome */
    size_t told;           /* shards whose archive is known */
    bool runs;
    bool whole_said;
};

uint32_t gate_shards_set(const struct gate_shard_cores *shards, size_t count)
{
    uint32_t set = 0;

    for (size_t i = 0; i < count; i++)
        set |= UINT32_C(1) << shards[i].shard;
    return set;
}

static struct gate *shard_gate_open(void *context, const struct hash_key *handle_key)
{
    struct gate_shards *shards = context;
    struct gate *gate = shards->ports.gate_open(shards->ports.context, handle_key);

    if (gate != NULL)
        shards->gate = gate;
    return gate;
}

/* Each client says it once. */
static bool shard_told(void *context)
{
    struct gate_shards *shards = context;

    if (!shards->runs)
        shards->runs = shards->ports.gate_run(shards->ports.context);
    shards->told += shards->runs;
    return shards->runs;
}

static int client_open(struct gate_shards *shards, const struct gate_shards_config *config, const struct gate_shard_cores *cores)
{
    struct gate_client_ports ports = { shards, shard_gate_open, shard_told };
    struct gate_client_config client = { .core_count = cores->core_count, .name = config->name, .shard = cores->shard,
                                         .width = shards->width };

    memcpy(client.cores, cores->cores, sizeof client.cores);
    memcpy(client.key, config->key, sizeof client.key);
    int result = gate_client_open(&client, &ports, &shards->clients[shards->count]);
    OPENSSL_cleanse(&client, sizeof client);
    if (result == 0)
        shards->shard_of[shards->count++] = cores->shard;
    return result;
}

int gate_shards_open(const struct gate_shards_config *config, const struct gate_client_ports *ports, struct gate_shards **out)
{
    struct gate_shards *shards = calloc(1, sizeof *shards);
    uint32_t highest = 0;

    if (shards == NULL)
        return GATE_ERR_MEMORY;
    shards->ports = *ports;
    for (size_t i = 0; i < config->shard_count; i++)
        highest = config->shards[i].shard > highest ? config->shards[i].shard : highest;
    shards->width = shard_number_width(highest);
    int result = ring_make(KEY_ASK_CAPACITY, sizeof(struct key_ask), &shards->key_asks) < 0 ? GATE_ERR_MEMORY : 0;
    for (size_t i = 0; i < config->shard_count && result == 0; i++)
        result = client_open(shards, config, &config->shards[i]);
    if (result < 0) {
        gate_shards_close(shards);
        return result;
    }
    *out = shards;
    return 0;
}

void gate_shards_close(struct gate_shards *shards)
{
    if (shards == NULL)
        return;
    for (size_t i = 0; i < shards->count; i++)
        gate_client_close(shards->clients[i]);
    ring_release(shards->key_asks);
    free(shards);
}

/* The device's own core is asked, or whichever answers: they know the same keys. */
static void key_ask(struct gate_shards *shards, const struct key_ask *ask)
{
    uint32_t shard = shard_number_shard(shards->width, ask->device_id);

    for (size_t i = 0; i < shards->count; i++)
        if (shards->shard_of[i] == shard && gate_client_key_ask(shards->clients[i], ask->imei))
            return;
    for (size_t i = 0; i < shards->count; i++)
        if (gate_client_key_ask(shards->clients[i], ask->imei))
            return;
    /* Nobody has room: the device repeats, and is asked for again. */
}

static bool any_is_linked(const struct gate_shards *shards)
{
    for (size_t i = 0; i < shards->count; i++)
        if (gate_client_is_linked(shards->clients[i]))
            return true;
    return false;
}

static void keys_ask(struct gate_shards *shards)
{
    struct key_ask ask;

    while (any_is_linked(shards) && ring_take(shards->key_asks, &ask) == 0)
        key_ask(shards, &ask);
}

int gate_shards_work(struct gate_shards *shards, int64_t now_ms)
{
    int wait_ms = INT32_MAX;

    if (shards->gate != NULL)
        gate_thread_uplink_drain(gate_thread_of(shards->gate));
    keys_ask(shards);
    for (size_t i = 0; i < shards->count; i++) {
        int own_ms = gate_client_work(shards->clients[(shards->first + i) % shards->count], now_ms);
        wait_ms = own_ms < wait_ms ? own_ms : wait_ms;
    }
    shards->first = (shards->first + 1) % shards->count;
    if (shards->told == shards->count && !shards->whole_said && gate_archive_whole(shards->gate) == 0) {
        shards->whole_said = true;
        gate_thread_wake(gate_thread_of(shards->gate));
    }
    return wait_ms;
}

size_t gate_shards_sockets(const struct gate_shards *shards, struct pollfd out[SHARD_LIMIT])
{
    for (size_t i = 0; i < shards->count; i++) {
        bool writable = false;
        int descriptor = gate_client_socket(shards->clients[i], &writable);
        out[i] = (struct pollfd){ .fd = descriptor, .events = (short)(POLLIN | (writable ? POLLOUT : 0)) };
    }
    return shards->count;
}

void gate_shards_key_ask(void *context, uint64_t imei, uint32_t device_id)
{
    struct gate_shards *shards = context;
    struct key_ask ask = { imei, device_id };
    /* Full: the device repeats, and is asked for again. */
    int result = ring_put(shards->key_asks, &ask);
    (void)result;
}
