#include "apps/meterworks/gate.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/gate_keys.h"
#include "apps/meterworks/gate_message.h"
#include "apps/meterworks/shard_claims.h"
#include "codec/lwm2m/lwm2m_register.h"
#include "dialog/device_directory.h"
#include "dialog/lwm2m_server.h"
#include "link/shard_number.h"
#include "wire/dtls_gate.h"
#include "wire/flood_guard.h"
#include "wire/udp_engine.h"
#include "wire/wire_error.h"

#define UPLINK_CAPACITY_DEFAULT 8192
#define DOWNLINK_CAPACITY_DEFAULT 16384
#define URGENT_CAPACITY_SHARDS 1024 /* beside each shard's others */
#define RECEIVE_BYTES 8388608 /* asked of the kernel: bursts wait there while the gate works */
#define SEND_CAPACITY 8192
#define BATCHES_PER_TURN 8    /* so that answers leave and the core is heard between bursts */
#define MESSAGES_PER_TURN 4096
#define KEY_LIMIT 65536       /* remembered of those that were asked for, as many as there are sessions */

struct gate {
    struct gate_thread thread;
    struct gate_ports ports;
    struct udp_engine *plain;   /* NULL when not served */
    struct udp_engine *secured; /* NULL when not served */
    struct flood_guard *guard;
    struct dtls_gate *dtls;
    struct lwm2m_server *server;
    struct device_directory *directory;
    struct gate_keys *keys; /* NULL: key_find knows them all */
    unsigned shard_width;   /* of device numbers (link/shard_number.h); 0: there is one core */
    struct shard_claims *claims; /* NULL: there is one core */
    bool partial;           /* not all shards have told their archive yet */
};

static void dialog_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct gate *gate = context;
    /* A datagram that cannot leave is a lost datagram: CoAP repeats it. Both rooms count the reason. */
    int result = 0;
    if (to->secured && gate->dtls)
        result = dtls_gate_send(gate->dtls, to->session, to->imei, bytes);
    else if (!to->secured && gate->plain)
        result = udp_engine_send(gate->plain, &to->address, bytes);
    (void)result;
}

static bool dialog_offer(void *context, const struct uplink *uplink)
{
    struct gate *gate = context;
    if (gate->shard_width == 0)
        return gate_thread_offer(&gate->thread, uplink);
    return gate_thread_lane_offer(&gate->thread, shard_number_shard(gate->shard_width, uplink->device_id), uplink);
}

static bool dialog_device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    const struct gate *gate = context;
    return device_directory_find(gate->directory, imei, out);
}

static uint32_t dialog_lane_of(void *context, uint32_t device_id)
{
    const struct gate *gate = context;
    return shard_number_shard(gate->shard_width, device_id);
}

static bool dtls_key_find(void *context, struct span identity, uint8_t key[DTLS_KEY_LIMIT], size_t *key_size,
                          uint64_t *principal)
{
    struct gate *gate = context;
    struct lwm2m_endpoint endpoint;
    struct dialog_device device;
    if (lwm2m_endpoint_parse(identity, &endpoint) != 0 ||
        !device_directory_find(gate->directory, endpoint.imei, &device))
        return false;
    *principal = endpoint.imei;
    if (gate->keys)
        return gate_keys_find(gate->keys, endpoint.imei, key, key_size) && *key_size > 0;
    return gate->ports.key_find(gate->ports.context, endpoint.imei, key, key_size);
}

/* Of a stranger everything is known: that there is no key. Who may only not be known yet is left to repeat. */
static bool dtls_key_ready(void *context, struct span identity, uint64_t *principal)
{
    struct gate *gate = context;
    struct lwm2m_endpoint endpoint;
    struct dialog_device device;
    uint8_t key[GATE_KEY_LIMIT];
    size_t size;
    if (lwm2m_endpoint_parse(identity, &endpoint) != 0)
        return true;
    bool there = device_directory_find(gate->directory, endpoint.imei, &device);
    bool known = there ? gate_keys_find(gate->keys, endpoint.imei, key, &size) : !gate->partial;
    OPENSSL_cleanse(key, sizeof key);
    if (known)
        return true;
    *principal = endpoint.imei;
    if (!there)
        return false;
    gate->ports.key_ask(gate->ports.context, endpoint.imei, device.device_id);
    gate_thread_tell_core(&gate->thread);
    return false;
}

static void dtls_send(void *context, const struct peer_address *to, struct span bytes)
{
    struct gate *gate = context;
    int result = udp_engine_send(gate->secured, to, bytes);
    (void)result; /* counted by the engine, repeated by the peer */
}

static void dtls_deliver(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                         struct span message)
{
    struct gate *gate = context;
    struct dialog_peer peer = { .address = *from, .secured = true, .session = session, .imei = principal };
    lwm2m_server_receive(gate->server, &peer, message, gate->thread.now_ms);
}

static void plain_receive(void *context, const struct peer_address *from, struct span bytes)
{
    struct gate *gate = context;
    struct dialog_peer peer = { .address = *from };
    if (!flood_guard_admit(gate->guard, from, gate->thread.monotonic_ms))
        return;
    lwm2m_server_receive(gate->server, &peer, bytes, gate->thread.now_ms);
}

static void secured_receive(void *context, const struct peer_address *from, struct span bytes)
{
    struct gate *gate = context;
    if (flood_guard_admit(gate->guard, from, gate->thread.monotonic_ms))
        dtls_gate_receive(gate->dtls, from, bytes, gate->thread.monotonic_ms);
}

static int dtls_make(struct gate *gate, const struct gate_config *config)
{
    struct dtls_gate_ports ports = { gate, dtls_key_find, dtls_send, dtls_deliver, NULL };
    struct dtls_gate_config dtls = { .session_limit = config->session_limit };
    memcpy(dtls.cookie_secret, config->random, sizeof dtls.cookie_secret);
    memcpy(&dtls.hash_key, config->random + 32, sizeof dtls.hash_key);
    if (gate->ports.key_ask) {
        gate->keys = gate_keys_open(KEY_LIMIT, dtls.hash_key.first);
        if (!gate->keys)
            return GATE_ERR_MEMORY;
        ports.key_ready = dtls_key_ready;
    }
    int error = dtls_gate_open(&dtls, &ports, &gate->dtls);
    OPENSSL_cleanse(&dtls, sizeof dtls);
    if (error == 0)
        return 0;
    return error == WIRE_ERR_MEMORY ? GATE_ERR_MEMORY : GATE_ERR_CRYPTOGRAPHY;
}

static int dialog_make(struct gate *gate, const struct gate_config *config)
{
    struct lwm2m_server_ports ports = { gate, dialog_send, dialog_offer, dialog_device_find,
                                        gate->shard_width > 0 ? dialog_lane_of : NULL };
    struct lwm2m_server_config dialog = { .device_limit = config->device_limit, .gate = config->gate,
                                          .observe_after_register = config->observe_after_register,
                                          .handle_key = config->handle_key,
                                          .handle_base = config->shards == 0 ? shard_number_base(config->shard) : 0,
                                          .lane_limit = UINT32_C(1) << gate->shard_width };
    memcpy(&dialog.secret, config->random + 48, sizeof dialog.secret);
    if (device_directory_open(config->device_limit, dialog.secret, &gate->directory) != 0 ||
        lwm2m_server_open(&dialog, &ports, &gate->server) != 0)
        return GATE_ERR_MEMORY;
    if (gate->shard_width > 0 && (gate->claims = shard_claims_open(gate->shard_width, gate->directory)) == NULL)
        return GATE_ERR_MEMORY;
    lwm2m_server_archive_partial(gate->server, gate->partial);
    return 0;
}

static int engine_make(const char *address, bool secured, struct udp_engine **out)
{
    struct udp_engine_config config = { .address = address, .carries_records = secured,
                                        .send_capacity = SEND_CAPACITY,
                                        .receive_bytes = RECEIVE_BYTES };
    return address ? udp_engine_open(&config, out) : 0;
}

static int sockets_make(struct gate *gate, const struct gate_config *config)
{
    if (engine_make(config->coap_address, false, &gate->plain) != 0)
        return GATE_ERR_PLAIN_SOCKET;
    if (engine_make(config->coaps_address, true, &gate->secured) != 0)
        return GATE_ERR_SECURED_SOCKET;
    struct hash_key key;
    memcpy(&key, config->random + 32, sizeof key);
    if (flood_guard_open(config->address_limit, key, &gate->guard) != 0)
        return GATE_ERR_MEMORY;
    return gate->secured ? dtls_make(gate, config) : 0;
}

/* Another shard that has the device, too, serves it from now on. */
static void successor_put(struct gate *gate, uint64_t imei)
{
    struct dialog_device next;
    if (gate->claims && shard_claims_next(gate->claims, imei, &next))
        (void)device_directory_put(gate->directory, imei, next);
}

static void device_put(struct gate *gate, const struct device_directory_entry *entry)
{
    uint32_t device_id = entry->device.device_id;
    uint32_t loser = 0;
    uint64_t previous = device_directory_imei(gate->directory, device_id);
    if (previous != 0 && previous != entry->imei) {
        lwm2m_server_forget(gate->server, device_id, gate->thread.now_ms);
        if (gate->dtls)
            dtls_gate_forget(gate->dtls, previous);
        device_directory_remove(gate->directory, device_id);
        successor_put(gate, previous);
    }
    if (gate->claims && !shard_claims_admit(gate->claims, entry->imei, entry->device, &loser))
        return;
    if (loser != 0)
        lwm2m_server_forget(gate->server, loser, gate->thread.now_ms);
    /* Fails only without memory or for numbers the archive does not hold; then the device is a stranger here. */
    int result = device_directory_put(gate->directory, entry->imei, entry->device);
    (void)result;
}

static void device_remove(struct gate *gate, const struct device_directory_entry *entry)
{
    if (gate->claims) {
        shard_claims_withdraw(gate->claims, entry->device.device_id);
        if (device_directory_imei(gate->directory, entry->device.device_id) == 0)
            return; /* its shard did not serve it: whoever does goes on */
    }
    if (gate->keys)
        gate_keys_forget(gate->keys, entry->imei);
    device_directory_remove(gate->directory, entry->device.device_id);
    lwm2m_server_forget(gate->server, entry->device.device_id, gate->thread.now_ms);
    if (gate->dtls)
        dtls_gate_forget(gate->dtls, entry->imei);
    successor_put(gate, entry->imei);
}

static void archive_whole(struct gate *gate)
{
    gate->partial = false;
    lwm2m_server_archive_partial(gate->server, false);
}

static void key_take(struct gate *gate, const struct gate_key *key)
{
    if (!gate->keys || !gate->dtls)
        return;
    gate_keys_put(gate->keys, key->imei, key->key, key->size);
    dtls_gate_key_came(gate->dtls, key->imei, gate->thread.monotonic_ms);
}

static void message_take(struct gate *gate, const struct gate_message *message)
{
    switch ((enum gate_message_kind)message->kind) {
    case GATE_ACKNOWLEDGE:
        lwm2m_server_acknowledge(gate->server, &message->body.acknowledgement, gate->thread.now_ms);
        break;
    case GATE_DELIVER:
        lwm2m_server_deliver(gate->server, &message->body.downlink, gate->thread.now_ms);
        break;
    case GATE_DEVICE_PUT:
        device_put(gate, &message->body.device);
        break;
    case GATE_DEVICE_REMOVE:
        device_remove(gate, &message->body.device);
        break;
    case GATE_KEY:
        key_take(gate, &message->body.key);
        break;
    case GATE_FILLED:
        archive_whole(gate);
        break;
    }
}

/* returns true when the ring may hold more */
static bool messages_take(struct gate *gate)
{
    struct gate_message message;
    int count = 0;
    while (count < MESSAGES_PER_TURN && gate_thread_message_take(&gate->thread, &message)) {
        message_take(gate, &message);
        count++;
    }
    OPENSSL_cleanse(&message, sizeof message); /* it may have been a key */
    return count == MESSAGES_PER_TURN;
}

static void engine_receive(struct gate *gate, struct udp_engine *engine, udp_engine_receiver *receiver)
{
    if (!engine)
        return;
    for (int i = 0; i < BATCHES_PER_TURN; i++)
        if (udp_engine_receive(engine, receiver, gate) < UDP_BATCH_LIMIT)
            return;
}

/* Send what is queued; wake up for the socket only while it is blocked. */
static void engine_flush(const struct gate *gate, struct udp_engine *engine)
{
    if (!engine)
        return;
    bool blocked = udp_engine_is_blocked(engine);
    udp_engine_flush(engine);
    if (blocked == udp_engine_is_blocked(engine))
        return;
    /* Refused, the socket is tried again when something else wakes the gate, a second later at most. */
    int result = gate_thread_watch_change(&gate->thread, udp_engine_descriptor(engine), GATE_THREAD_WAKE, !blocked);
    (void)result;
}

/* Do what is due; the answer is how long nothing will be, in ms of the world. */
static int due_do(struct gate *gate)
{
    struct gate_thread *thread = &gate->thread;
    int64_t dtls_ms = gate->dtls ? dtls_gate_tick(gate->dtls, thread->monotonic_ms) : -1;
    int64_t due_ms = lwm2m_server_tick(gate->server, thread->now_ms);
    return gate_thread_wait_ms(thread, dtls_ms >= 0 ? thread->monotonic_ms + dtls_ms : INT64_MAX, due_ms);
}

static int gate_turn(void *context, const struct epoll_event *events, int count)
{
    struct gate *gate = context;
    (void)events; /* both sockets are read in each turn */
    (void)count;
    bool more = messages_take(gate);
    engine_receive(gate, gate->plain, plain_receive);
    engine_receive(gate, gate->secured, secured_receive);
    int wait_ms = due_do(gate);
    engine_flush(gate, gate->plain);
    engine_flush(gate, gate->secured);
    return more ? 0 : wait_ms;
}

static int watches_make(const struct gate *gate)
{
    struct udp_engine *const engines[] = { gate->plain, gate->secured };
    int error = 0;

    for (size_t i = 0; i < sizeof engines / sizeof engines[0] && error == 0; i++)
        if (engines[i])
            error = gate_thread_watch(&gate->thread, udp_engine_descriptor(engines[i]), GATE_THREAD_WAKE);
    return error;
}

static int parts_make(struct gate *gate, const struct gate_config *config)
{
    int error = sockets_make(gate, config);
    if (!error)
        error = dialog_make(gate, config);
    return error ? error : watches_make(gate);
}

static int thread_make(struct gate *gate, const struct gate_config *config)
{
    struct gate_thread_config thread = {
        .gate = gate,
        .name = "gate",
        .turn = gate_turn,
        .clock_context = gate->ports.context,
        .clock_read = gate->ports.clock_read,
        .uplink_capacity = config->uplink_capacity ? config->uplink_capacity : UPLINK_CAPACITY_DEFAULT,
        .message_capacity = config->downlink_capacity ? config->downlink_capacity : DOWNLINK_CAPACITY_DEFAULT,
        .message_size = sizeof(struct gate_message),
        .speed = config->speed,
        .lanes = config->shards,
        .urgent_capacity = gate->shard_width > 0 ? URGENT_CAPACITY_SHARDS : 0,
    };
    return gate_thread_open(&gate->thread, &thread);
}

static uint32_t highest_bit(uint32_t set)
{
    uint32_t bit = 0;

    while (set >> bit > 1)
        bit++;
    return bit;
}

int gate_open(const struct gate_config *config, const struct gate_ports *ports, struct gate **out)
{
    struct gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return GATE_ERR_MEMORY;
    gate->ports = *ports;
    gate->shard_width = config->shards >> 1 != 0 ? shard_number_width(highest_bit(config->shards)) : 0;
    gate->partial = (config->shards & (config->shards - 1)) != 0;
    int error = thread_make(gate, config);
    if (error) {
        free(gate);
        return error;
    }
    error = parts_make(gate, config);
    if (error) {
        gate_close(gate);
        return error;
    }
    *out = gate;
    return 0;
}

struct gate_thread *gate_thread_of(struct gate *gate)
{
    return &gate->thread;
}

void gate_close(struct gate *gate)
{
    if (!gate)
        return;
    gate_thread_stop(&gate->thread);
    gate_thread_close(&gate->thread);
    dtls_gate_close(gate->dtls);
    flood_guard_close(gate->guard);
    lwm2m_server_close(gate->server);
    device_directory_close(gate->directory);
    gate_keys_close(gate->keys);
    shard_claims_close(gate->claims);
    udp_engine_close(gate->plain);
    udp_engine_close(gate->secured);
    free(gate);
}

uint16_t gate_coap_port(const struct gate *gate)
{
    return gate->plain ? udp_engine_port(gate->plain) : 0;
}

uint16_t gate_coaps_port(const struct gate *gate)
{
    return gate->secured ? udp_engine_port(gate->secured) : 0;
}

int gate_acknowledge(struct gate *gate, const struct uplink_acknowledgement *acknowledgement)
{
    struct gate_message message = { .kind = GATE_ACKNOWLEDGE, .body.acknowledgement = *acknowledgement };
    return gate_thread_message_put(&gate->thread, &message);
}

int gate_deliver(struct gate *gate, const struct downlink *downlink)
{
    struct gate_message message = { .kind = GATE_DELIVER, .body.downlink = *downlink };
    return gate_thread_message_put(&gate->thread, &message);
}

int gate_reserve(struct gate *gate, uint32_t count)
{
    return device_directory_reserve(gate->directory, count) == 0 ? 0 : GATE_ERR_MEMORY;
}

int gate_devices_fill(struct gate *gate, const struct device_directory_entry *devices, uint32_t count)
{
    int result = device_directory_put_all(gate->directory, devices, count);

    for (uint32_t i = 0; result == DEVICE_DIRECTORY_ERR_RANGE && i < count; i++)
        device_put(gate, &devices[i]);
    return result == DEVICE_DIRECTORY_ERR_MEMORY ? GATE_ERR_MEMORY : 0;
}

int gate_device_put(struct gate *gate, uint64_t imei, uint32_t device_id, bool secured_only)
{
    struct gate_message message = { .kind = GATE_DEVICE_PUT,
                                    .body.device = { imei, { device_id, secured_only } } };
    if (gate_thread_is_running(&gate->thread))
        return gate_thread_message_put(&gate->thread, &message);
    device_put(gate, &message.body.device);
    return 0;
}

int gate_device_remove(struct gate *gate, uint64_t imei, uint32_t device_id)
{
    struct gate_message message = { .kind = GATE_DEVICE_REMOVE, .body.device = { imei, { device_id, false } } };
    if (gate_thread_is_running(&gate->thread))
        return gate_thread_message_put(&gate->thread, &message);
    device_remove(gate, &message.body.device);
    return 0;
}

int gate_archive_whole(struct gate *gate)
{
    struct gate_message message = { .kind = GATE_FILLED };
    if (gate_thread_is_running(&gate->thread))
        return gate_thread_message_put(&gate->thread, &message);
    archive_whole(gate);
    return 0;
}

int gate_key_put(struct gate *gate, uint64_t imei, const uint8_t *key, size_t size)
{
    struct gate_message message = { .kind = GATE_KEY, .body.key = { .imei = imei, .size = (uint8_t)size } };
    memcpy(message.body.key.key, key, size);
    int result = gate_thread_message_put(&gate->thread, &message);
    OPENSSL_cleanse(&message, sizeof message);
    return result;
}

size_t gate_counters(struct gate *gate, struct counter_table *tables[GATE_COUNTER_TABLE_LIMIT])
{
    size_t count = 0;
    tables[count++] = lwm2m_server_counters(gate->server);
    tables[count++] = flood_guard_counters(gate->guard);
    if (gate->plain)
        tables[count++] = udp_engine_counters(gate->plain);
    if (gate->secured)
        tables[count++] = udp_engine_counters(gate->secured);
    if (gate->dtls)
        tables[count++] = dtls_gate_counters(gate->dtls);
    return count;
}
