#include "apps/meterworks/gate_links.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/gate_message.h"
#include "apps/meterworks/link_stream.h"
#include "base/log.h"
#include "base/map.h"
#include "link/link_frame.h"
#include "registry/registry.h"
#include "wire/tcp_socket.h"

#define DEVICE_LIMIT_DEFAULT 16777216
#define UPLINK_CAPACITY (GATE_LINKS_LIMIT * GATE_LINKS_WINDOW)
#define MESSAGE_CAPACITY (2 * UPLINK_CAPACITY) /* an answer to every uplink, and as much beside them */
#define MESSAGES_PER_TURN 8192
#define FILL_BATCH 4096 /* entries of the archive that a gate is told before it has taken them */
#define COMMAND_LIMIT 65536 /* of one gate under way; those beyond wait for the core's own time-out */
#define WATCH_LISTENER 1
#define WATCH_SLOT 2

/* One connection. `number` and `fill_credit` are read by the core; the members behind `fill_number` are the core's. */
struct slot {
    struct link_stream stream;
    atomic_uint number;      /* 0: none, or not welcomed yet */
    atomic_uint fill_credit; /* entries the core may put into the ring now */
    atomic_uint filled;      /* the number of the connection that the core has told everything; 0: none */
    atomic_bool broken;      /* the core had no room for an answer */
    uint32_t in_flight;
    struct map commands; /* device to the command that the gate has for it and has not ended */
    bool paused;
    uint8_t watched; /* for what its socket is waited: 1 to read, 2 to write */
    uint32_t fill_number;
    uint32_t fill_cursor; /* next device_id to be told; 0: all have been */
};

struct gate_links {
    struct gate_thread thread;
    struct gate_links_config config;
    struct gate_links_ports ports;
    struct tls_party *party;
    int listener;
    uint16_t port;
    uint32_t last_number;
    struct log_repeat sent_away;
    struct slot slots[GATE_LINKS_LIMIT];
    uint16_t *heard_by; /* the core's: by device_id, the connection that heard it last; 0 none */
    uint32_t device_limit;
    struct counter values[GATE_LINKS_COUNTER_COUNT];
    struct counter_table counters;
};

static const struct counter_description rows[GATE_LINKS_COUNTER_COUNT] = {
    [GATE_LINKS_ACCEPTED] = { "link_accepted", "connections of gates let in" },
    [GATE_LINKS_REFUSED_FULL] = { "link_refused_full", "connections of gates closed because all places were taken" },
    [GATE_LINKS_REFUSED_HANDSHAKE] = { "link_refused_handshake", "connections that did not prove a gate's key" },
    [GATE_LINKS_WELCOMED] = { "link_welcomed", "gates that were taken on" },
    [GATE_LINKS_NOT_OWNER] = { "link_not_owner", "gates that were sent to another core" },
    [GATE_LINKS_CLOSED] = { "link_closed", "connections of gates that ended" },
    [GATE_LINKS_BAD_FRAME] = { "link_bad_frame", "connections closed because of what they said" },
    [GATE_LINKS_NOT_READ] = { "link_not_read", "connections closed because the gate took nothing any more" },
    [GATE_LINKS_UPLINKS] = { "link_uplinks", "messages of devices that came over links" },
    [GATE_LINKS_STALLED] = { "link_stalled", "times that a link was not read because the core was full" },
    [GATE_LINKS_LATE_ANSWERS] = { "link_late_answers", "answers whose connection had ended; the gate sends again" },
    [GATE_LINKS_KEYS_GIVEN] = { "link_keys_given", "keys of devices told to gates" },
    [GATE_LINKS_FILLS] = { "link_fills", "times that a gate was told the whole archive" },
};

static void count(struct gate_links *links, enum gate_links_counter row)
{
    counter_increment(&links->counters, row);
}

static uint64_t watch_of(const struct gate_links *links, const struct slot *slot)
{
    return WATCH_SLOT + (uint64_t)(slot - links->slots);
}

static uint32_t number_of(const struct slot *slot)
{
    return atomic_load_explicit(&slot->number, memory_order_acquire);
}

static struct slot *slot_find(struct gate_links *links, uint32_t number)
{
    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++)
        if (number != 0 && number_of(&links->slots[i]) == number)
            return &links->slots[i];
    return NULL;
}

/* Nobody is going to say what became of a command: it goes again in the device's next window, and a device that has done
 * it already knows its number. Without room for this the core's own time-out does the same, later. */
static void command_end(struct gate_links *links, uint32_t number, uint64_t device_id, uint64_t command_id)
{
    struct uplink uplink = { .device_id = (uint32_t)device_id, .gate = (uint16_t)number, .kind = UPLINK_ANSWER,
                             .answer = UPLINK_ANSWER_TIMEOUT, .command_id = command_id,
                             .received_s = links->thread.now_ms / 1000, .urgent = 1 };
    (void)gate_thread_offer(&links->thread, &uplink);
}

static void commands_end(struct gate_links *links, struct slot *slot, uint32_t number)
{
    struct map_slot entry;
    size_t position = 0;

    while (map_next(&slot->commands, &position, &entry))
        command_end(links, number, entry.key, entry.value);
    map_release(&slot->commands);
}

static void slot_close(struct gate_links *links, struct slot *slot, enum gate_links_counter reason)
{
    uint32_t number = number_of(slot);

    if (number != 0)
        log_write(LOG_WIRE, LOG_NOTICE, tls_channel_identity(slot->stream.channel), "gate disconnected: %s",
                  rows[reason].description);
    count(links, reason);
    atomic_store_explicit(&slot->number, 0, memory_order_release);
    atomic_store(&slot->fill_credit, 0);
    atomic_store(&slot->broken, false);
    link_stream_close(&slot->stream);
    commands_end(links, slot, number);
    slot->in_flight = 0;
    slot->paused = false;
}

static void caller_take(struct gate_links *links, int descriptor)
{
    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++) {
        struct slot *slot = &links->slots[i];
        if (link_stream_is_open(&slot->stream))
            continue;
        if (link_stream_open(&slot->stream, links->party, descriptor, links->thread.monotonic_ms) < 0)
            return;
        slot->watched = 1;
        slot->commands = map_make(COMMAND_LIMIT, links->config.handle_key.second);
        count(links, GATE_LINKS_ACCEPTED);
        if (gate_thread_watch(&links->thread, descriptor, watch_of(links, slot)) < 0)
            slot_close(links, slot, GATE_LINKS_CLOSED);
        return;
    }
    count(links, GATE_LINKS_REFUSED_FULL);
    close(descriptor);
}

static void callers_take(struct gate_links *links)
{
    struct peer_address peer;
    int descriptor;

    while ((descriptor = tcp_socket_accept(links->listener, &peer)) >= 0)
        caller_take(links, descriptor);
}

/* Never one that an answer may still be under way to: 65,520 connections lie between. */
static uint32_t number_next(struct gate_links *links)
{
    do
        links->last_number = links->last_number < UINT16_MAX ? links->last_number + 1 : GATE_LINKS_NUMBER_FIRST;
    while (slot_find(links, links->last_number) != NULL);
    return links->last_number;
}

/* returns  1 go on; -1 close */
static int hello_take(struct gate_links *links, struct slot *slot, const struct link_hello *hello)
{
    struct link_message welcome = { .kind = LINK_WELCOME };
    uint64_t epoch = 1;
    bool owner = links->ports.owner == NULL || links->ports.owner(links->ports.context, hello->shard, &epoch);
    const char *name = tls_channel_identity(slot->stream.channel);

    owner = owner && hello->shard == links->config.shard && hello->version == LINK_VERSION;
    welcome.body.welcome = (struct link_welcome){ .magic = LINK_MAGIC, .version = LINK_VERSION, .owner = owner,
                                                  .shard = links->config.shard, .epoch = epoch, .window = GATE_LINKS_WINDOW,
                                                  .handle_first = links->config.handle_key.first,
                                                  .handle_second = links->config.handle_key.second };
    if (link_stream_put(&slot->stream, &welcome) < 0)
        return -1;
    if (!owner) {
        count(links, GATE_LINKS_NOT_OWNER);
        if (log_repeat_due(&links->sent_away, hash_siphash(links->config.handle_key, span_of_text(name)) ^ hello->shard,
                           links->thread.monotonic_ms))
            log_write(LOG_WIRE, LOG_NOTICE, name, "gate sent away: it asks for shard %u in version %u, this is %u in version %u",
                      (unsigned)hello->shard, (unsigned)hello->version, (unsigned)links->config.shard, LINK_VERSION);
        (void)link_stream_work(&slot->stream, links->thread.monotonic_ms);
        return -1;
    }
    count(links, GATE_LINKS_WELCOMED);
    log_write(LOG_WIRE, LOG_NOTICE, name, "gate connected");
    atomic_store_explicit(&slot->number, number_next(links), memory_order_release);
    return 1;
}

/* returns  1 go on; 0 the core has no room; -1 close */
static int uplink_take(struct gate_links *links, struct slot *slot, struct uplink *uplink)
{
    if (slot->in_flight >= GATE_LINKS_WINDOW)
        return -1;
    uplink->gate = (uint16_t)number_of(slot);
    if (!gate_thread_offer(&links->thread, uplink)) {
        count(links, GATE_LINKS_STALLED);
        return 0;
    }
    slot->in_flight++;
    if (uplink->kind == UPLINK_ANSWER && uplink->answer != UPLINK_ANSWER_SENT)
        map_remove(&slot->commands, uplink->device_id);
    count(links, GATE_LINKS_UPLINKS);
    return 1;
}

static int key_ask_take(struct gate_links *links, struct slot *slot, uint64_t imei)
{
    struct link_message answer = { .kind = LINK_KEY, .body.key.imei = imei };
    struct link_key *key = &answer.body.key;

    key->found = links->ports.device_key_find(links->ports.context, imei, key->key);
    count(links, GATE_LINKS_KEYS_GIVEN);
    int result = link_stream_put(&slot->stream, &answer);
    OPENSSL_cleanse(&answer, sizeof answer);
    return result < 0 ? -1 : 1;
}

/* returns  1 go on; 0 stay at this frame; -1 close */
static int frame_take(struct gate_links *links, struct slot *slot, struct link_message *message)
{
    bool welcomed = number_of(slot) != 0;

    if (message->kind == LINK_HELLO && !welcomed)
        return hello_take(links, slot, &message->body.hello);
    if (message->kind == LINK_ALIVE && welcomed)
        return 1;
    if (message->kind == LINK_UPLINK && welcomed)
        return uplink_take(links, slot, &message->body.uplink);
    if (message->kind == LINK_KEY_ASK && welcomed)
        return key_ask_take(links, slot, message->body.key_ask.imei);
    return -1;
}

/* returns  frames taken; -1 close */
static int frames_take(struct gate_links *links, struct slot *slot)
{
    struct link_message message;
    int taken = 0;
    int result;

    slot->paused = false;
    while ((result = link_stream_next(&slot->stream, &message)) == 1) {
        result = frame_take(links, slot, &message);
        if (result <= 0)
            break;
        link_stream_taken(&slot->stream);
        taken++;
    }
    if (result < 0)
        return -1;
    slot->paused = result == 0 && link_stream_next(&slot->stream, &message) == 1;
    return taken;
}

static void fill_go_on(struct gate_links *links, struct slot *slot)
{
    if (number_of(slot) == 0 || atomic_load(&slot->filled) == number_of(slot) ||
        atomic_load(&slot->fill_credit) != 0 ||
        link_stream_waiting(&slot->stream) > LINK_OUT_LIMIT / 4)
        return;
    atomic_store(&slot->fill_credit, FILL_BATCH);
    gate_thread_tell_core(&links->thread);
}

/* While the core is full, what the gate says waits in its socket; the core wakes us when it has worked. */
static void slot_watch(struct gate_links *links, struct slot *slot)
{
    bool writable = link_stream_wants_write(&slot->stream);
    uint8_t wanted = (uint8_t)((slot->paused ? 0 : 1) | (writable ? 2 : 0));

    if (wanted == slot->watched)
        return;
    slot->watched = wanted;
    if (gate_thread_watch_set(&links->thread, link_stream_descriptor(&slot->stream), watch_of(links, slot),
                              !slot->paused, writable) < 0)
        slot_close(links, slot, GATE_LINKS_CLOSED);
}

static void slot_work(struct gate_links *links, struct slot *slot)
{
    int taken;

    if (atomic_load(&slot->broken)) {
        slot_close(links, slot, GATE_LINKS_NOT_READ);
        return;
    }
    do {
        int result = link_stream_work(&slot->stream, links->thread.monotonic_ms);
        taken = result == 1 ? frames_take(links, slot) : 0;
        if (result < 0 || taken < 0) {
            slot_close(links, slot, taken < 0              ? GATE_LINKS_BAD_FRAME
                                    : slot->stream.shaken ? GATE_LINKS_CLOSED
                                                          : GATE_LINKS_REFUSED_HANDSHAKE);
            return;
        }
    } while (taken > 0);
    fill_go_on(links, slot);
    slot_watch(links, slot);
}

static struct link_message frame_of(const struct gate_message *message)
{
    const struct device_directory_entry *device = &message->body.device;
    struct link_message frame = { .kind = LINK_FILLED };

    switch ((enum gate_message_kind)message->kind) {
    case GATE_ACKNOWLEDGE:
        frame.kind = LINK_ACKNOWLEDGEMENT;
        frame.body.acknowledgement = message->body.acknowledgement;
        break;
    case GATE_DELIVER:
        frame.kind = LINK_DOWNLINK;
        frame.body.downlink = message->body.downlink;
        break;
    case GATE_DEVICE_PUT:
    case GATE_DEVICE_REMOVE:
        frame.kind = LINK_DEVICE;
        frame.body.device = (struct link_device){ .imei = device->imei,
                                                  .device_id = device->device.device_id,
                                                  .secured_only = device->device.secured_only,
                                                  .present = message->kind == GATE_DEVICE_PUT };
        break;
    case GATE_KEY:    /* answered by this thread itself */
    case GATE_FILLED:
        break;
    }
    return frame;
}

static void message_pass(struct gate_links *links, const struct gate_message *message)
{
    struct slot *slot = slot_find(links, message->gate);

    if (slot == NULL) {
        if (message->kind == GATE_ACKNOWLEDGE)
            count(links, GATE_LINKS_LATE_ANSWERS);
        if (message->kind == GATE_DELIVER)
            command_end(links, message->gate, message->body.downlink.device_id, message->body.downlink.command_id);
        return;
    }
    struct link_message frame = frame_of(message);
    if (frame.kind == LINK_ACKNOWLEDGEMENT && slot->in_flight > 0)
        slot->in_flight--;
    if (frame.kind == LINK_DOWNLINK)
        (void)map_put(&slot->commands, frame.body.downlink.device_id, frame.body.downlink.command_id);
    if (link_stream_put(&slot->stream, &frame) < 0)
        slot_close(links, slot, GATE_LINKS_NOT_READ);
}

/* returns  true when more may wait */
static bool messages_pass(struct gate_links *links)
{
    struct gate_message message;
    int taken = 0;

    while (taken < MESSAGES_PER_TURN && gate_thread_message_take(&links->thread, &message)) {
        message_pass(links, &message);
        taken++;
    }
    return taken == MESSAGES_PER_TURN;
}

static int links_turn(void *context, const struct epoll_event *events, int event_count)
{
    struct gate_links *links = context;

    for (int i = 0; i < event_count; i++)
        if (events[i].data.u64 == WATCH_LISTENER)
            callers_take(links);
    bool more = messages_pass(links);
    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++)
        if (link_stream_is_open(&links->slots[i].stream))
            slot_work(links, &links->slots[i]);
    return more ? 0 : gate_thread_wait_ms(&links->thread, links->thread.monotonic_ms + LINK_ALIVE_MS / 4, INT64_MAX);
}

static int thread_make(struct gate_links *links)
{
    struct gate_thread_config thread = {
        .gate = links,
        .name = "gate links",
        .turn = links_turn,
        .clock_context = links->ports.context,
        .clock_read = links->ports.clock_read,
        .machine_clock_read = links->ports.machine_clock_read,
        .uplink_capacity = UPLINK_CAPACITY,
        .message_capacity = MESSAGE_CAPACITY,
        .message_size = sizeof(struct gate_message),
    };
    return gate_thread_open(&links->thread, &thread);
}

static int parts_make(struct gate_links *links)
{
    struct tls_party_config party = { .context = links->ports.context, .key_find = links->ports.gate_key_find };

    links->heard_by = calloc(links->device_limit, sizeof *links->heard_by);
    if (links->heard_by == NULL)
        return GATE_ERR_MEMORY;
    if (tls_party_open(&party, &links->party) < 0)
        return GATE_ERR_CRYPTOGRAPHY;
    links->listener = tcp_socket_listen(links->config.address, &links->port);
    if (links->listener < 0)
        return GATE_ERR_LINK_SOCKET;
    return gate_thread_watch(&links->thread, links->listener, WATCH_LISTENER);
}

int gate_links_open(const struct gate_links_config *config, const struct gate_links_ports *ports, struct gate_links **out)
{
    struct gate_links *links = calloc(1, sizeof *links);

    if (links == NULL)
        return GATE_ERR_MEMORY;
    links->config = *config;
    links->ports = *ports;
    links->listener = -1;
    links->last_number = GATE_LINKS_NUMBER_FIRST - 1;
    links->device_limit = config->device_limit != 0 ? config->device_limit : DEVICE_LIMIT_DEFAULT;
    links->counters = (struct counter_table){ rows, links->values, GATE_LINKS_COUNTER_COUNT };
    int result = thread_make(links);
    if (result < 0) {
        free(links);
        return result;
    }
    result = parts_make(links);
    if (result < 0) {
        gate_links_close(links);
        return result;
    }
    *out = links;
    return 0;
}

void gate_links_close(struct gate_links *links)
{
    if (links == NULL)
        return;
    gate_thread_stop(&links->thread);
    gate_thread_close(&links->thread);
    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++) {
        link_stream_close(&links->slots[i].stream);
        map_release(&links->slots[i].commands);
    }
    if (links->listener >= 0)
        close(links->listener);
    tls_party_close(links->party);
    free(links->heard_by);
    free(links);
}

struct gate_thread *gate_links_thread_of(struct gate_links *links)
{
    return &links->thread;
}

uint16_t gate_links_port(const struct gate_links *links)
{
    return links->port;
}

static void heard_set(struct gate_links *links, uint32_t device_id, uint16_t number)
{
    if (device_id < links->device_limit && links->heard_by[device_id] != number)
        links->heard_by[device_id] = number;
}

void gate_links_acknowledge(struct gate_links *links, const struct uplink_acknowledgement *acknowledgement)
{
    struct gate_message message = { .kind = GATE_ACKNOWLEDGE, .gate = acknowledgement->gate,
                                    .body.acknowledgement = *acknowledgement };
    struct slot *slot = slot_find(links, acknowledgement->gate);

    heard_set(links, acknowledgement->device_id, acknowledgement->gate);
    if (gate_thread_message_put(&links->thread, &message) < 0 && slot != NULL)
        atomic_store(&slot->broken, true); /* the gate sends everything again that was not answered */
}

void gate_links_heard_here(struct gate_links *links, uint32_t device_id)
{
    heard_set(links, device_id, 0);
}

bool gate_links_has(const struct gate_links *links, uint32_t device_id)
{
    return device_id < links->device_limit && links->heard_by[device_id] != 0;
}

/* Half of the ring is for answers. */
static bool ring_has_room(const struct gate_links *links)
{
    return gate_thread_message_room(&links->thread) > UPLINK_CAPACITY;
}

int gate_links_deliver(struct gate_links *links, const struct downlink *downlink)
{
    uint16_t number = gate_links_has(links, downlink->device_id) ? links->heard_by[downlink->device_id] : 0;
    struct gate_message message = { .kind = GATE_DELIVER, .gate = number, .body.downlink = *downlink };

    if (slot_find(links, number) == NULL || !ring_has_room(links))
        return GATE_ERR_FULL;
    return gate_thread_message_put(&links->thread, &message);
}

static int device_put(struct gate_links *links, uint32_t number, const struct device_directory_entry *device, bool present)
{
    struct gate_message message = { .kind = present ? GATE_DEVICE_PUT : GATE_DEVICE_REMOVE, .gate = (uint16_t)number,
                                    .body.device = *device };
    return ring_has_room(links) ? gate_thread_message_put(&links->thread, &message) : GATE_ERR_FULL;
}

static void fill_begin(struct slot *slot, uint32_t number)
{
    slot->fill_number = number;
    slot->fill_cursor = 1;
    atomic_store(&slot->filled, 0);
}

void gate_links_device(struct gate_links *links, uint64_t imei, uint32_t device_id, bool secured_only, bool present)
{
    struct device_directory_entry device = { imei, { device_id, secured_only } };

    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++) {
        struct slot *slot = &links->slots[i];
        uint32_t number = number_of(slot);
        if (number != 0 && device_put(links, number, &device, present) < 0)
            fill_begin(slot, number);
    }
}

/* returns  GATE_ERR_FULL when the ring takes no more */
static int fill_one(struct gate_links *links, const struct slot *slot, const struct registry *registry)
{
    const struct registry_device *found = registry_device_find(registry, slot->fill_cursor);

    if (found == NULL || found->imei == 0)
        return 0;
    struct device_directory_entry device = { found->imei, { found->device_id, found->security == DEVICE_SECURITY_PSK } };
    return device_put(links, slot->fill_number, &device, !found->removed);
}

static void slot_fill(struct gate_links *links, struct slot *slot, const struct registry *registry)
{
    struct gate_message end = { .kind = GATE_FILLED, .gate = (uint16_t)slot->fill_number };
    uint32_t credit = atomic_load(&slot->fill_credit);
    uint32_t count_now = registry_device_count(registry);

    if (credit == 0 || slot->fill_cursor == 0)
        return;
    for (; credit > 0 && slot->fill_cursor <= count_now; credit--) {
        if (fill_one(links, slot, registry) < 0)
            return; /* the credit stays: it goes on in the next round */
        slot->fill_cursor++;
    }
    atomic_store(&slot->fill_credit, 0);
    if (slot->fill_cursor > count_now && gate_thread_message_put(&links->thread, &end) == 0) {
        slot->fill_cursor = 0;
        atomic_store(&slot->filled, slot->fill_number);
        count(links, GATE_LINKS_FILLS);
    }
    gate_thread_wake(&links->thread);
}

void gate_links_fill(struct gate_links *links, const struct registry *registry)
{
    for (size_t i = 0; i < GATE_LINKS_LIMIT; i++) {
        struct slot *slot = &links->slots[i];
        uint32_t number = number_of(slot);
        if (number != 0 && number != slot->fill_number)
            fill_begin(slot, number);
        if (number != 0)
            slot_fill(links, slot, registry);
    }
}

struct counter_table *gate_links_counters(struct gate_links *links)
{
    return &links->counters;
}
