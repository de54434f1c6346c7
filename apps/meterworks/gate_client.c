#include "apps/meterworks/gate_client.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/core_trouble.h"
#include "apps/meterworks/gate_message.h"
#include "apps/meterworks/link_stream.h"
#include "base/log.h"
#include "link/link_window.h"
#include "link/shard_number.h"
#include "wire/tcp_socket.h"
#include "wire/wire_error.h"

#define ADDRESS_LIMIT 64
#define WINDOW_DEFAULT 2048
#define WAIT_LIMIT_MS 250
#define ROUNDS_LIMIT 4  /* of reading in one call: a core that tells its archive leaves time for the links beside it */
#define STALL_WAIT_MS 2 /* the gate's ring is full: its thread empties it in microseconds */

enum state {
    STATE_PAUSE, /* until retry_ms */
    STATE_DIALLING,
    STATE_OPEN,  /* TLS handshake, HELLO sent */
    STATE_LINKED /* WELCOME came */
};

struct gate_client {
    struct gate_client_config config;
    struct gate_client_ports ports;
    char cores[GATE_CLIENT_CORE_LIMIT][ADDRESS_LIMIT];
    struct core_trouble_log troubles[GATE_CLIENT_CORE_LIMIT];
    char name[TLS_CHANNEL_IDENTITY_LIMIT];
    struct tls_party *party;
    struct link_stream stream;
    struct link_window *window;
    struct gate *gate;     /* NULL before the first welcome */
    enum state state;
    size_t core;           /* dialled now or next */
    size_t in_vain;        /* cores of this round that did not take us */
    int descriptor;        /* while dialling */
    int pause_ms;
    int64_t retry_ms;
    uint32_t permitted;    /* unanswered uplinks, by the core's word */
    uint64_t sent_highest; /* number of the newest uplink that was sent at all */
    bool hello_said;
    bool stalled;
    bool more; /* may have come than was taken */
    bool runs;
    bool filled;
    struct counter values[GATE_CLIENT_COUNTER_COUNT];
    struct counter_table counters;
};

static const struct counter_description rows[GATE_CLIENT_COUNTER_COUNT] = {
    [GATE_CLIENT_DIALLED] = { "link_dialled", "tries to reach a core" },
    [GATE_CLIENT_FAILED] = { "link_failed", "cores that did not answer or did not prove the key" },
    [GATE_CLIENT_NOT_OWNER] = { "link_not_owner", "cores that do not own the shard" },
    [GATE_CLIENT_WELCOMED] = { "link_welcomed", "cores that took this gate on" },
    [GATE_CLIENT_LOST] = { "link_lost", "links that ended" },
    [GATE_CLIENT_BAD_FRAME] = { "link_bad_frame", "links closed because of what the core said" },
    [GATE_CLIENT_SENT] = { "link_sent", "messages of devices sent to a core" },
    [GATE_CLIENT_SENT_AGAIN] = { "link_sent_again", "messages sent once more over a new link" },
    [GATE_CLIENT_ANSWERED] = { "link_answered", "messages that the core answered" },
    [GATE_CLIENT_KEYS_ASKED] = { "link_keys_asked", "keys of devices asked for" },
    [GATE_CLIENT_BEYOND] = { "link_beyond", "devices told that have no number at a gate of so many shards" },
};

static void count(struct gate_client *client, enum gate_client_counter row)
{
    counter_increment(&client->counters, row);
}

static int texts_copy(struct gate_client *client, const struct gate_client_config *config)
{
    if (config->core_count == 0 || config->core_count > GATE_CLIENT_CORE_LIMIT ||
        strlen(config->name) >= sizeof client->name)
        return GATE_ERR_LINK_SOCKET;
    memcpy(client->name, config->name, strlen(config->name));
    client->config.name = client->name;
    for (size_t i = 0; i < config->core_count; i++) {
        if (strlen(config->cores[i]) >= ADDRESS_LIMIT)
            return GATE_ERR_LINK_SOCKET;
        memcpy(client->cores[i], config->cores[i], strlen(config->cores[i]));
        client->config.cores[i] = client->cores[i];
    }
    return 0;
}

static int parts_make(struct gate_client *client)
{
    struct tls_party_config party = { .identity = client->name };

    memcpy(party.key, client->config.key, sizeof party.key);
    int result = tls_party_open(&party, &client->party);
    OPENSSL_cleanse(&party, sizeof party);
    if (result < 0)
        return result == WIRE_ERR_MEMORY ? GATE_ERR_MEMORY : GATE_ERR_CRYPTOGRAPHY;
    return link_window_open(client->config.window, &client->window) < 0 ? GATE_ERR_MEMORY : 0;
}

int gate_client_open(const struct gate_client_config *config, const struct gate_client_ports *ports,
                     struct gate_client **out)
{
    struct gate_client *client = calloc(1, sizeof *client);

    if (client == NULL)
        return GATE_ERR_MEMORY;
    client->config = *config;
    client->ports = *ports;
    client->config.window = config->window != 0 ? config->window : WINDOW_DEFAULT;
    client->pause_ms = GATE_CLIENT_PAUSE_MS;
    client->retry_ms = INT64_MIN;
    client->descriptor = -1;
    client->counters = (struct counter_table){ rows, client->values, GATE_CLIENT_COUNTER_COUNT };
    int result = texts_copy(client, config);
    if (result == 0)
        result = parts_make(client);
    if (result < 0) {
        gate_client_close(client);
        return result;
    }
    *out = client;
    return 0;
}

void gate_client_close(struct gate_client *client)
{
    if (client == NULL)
        return;
    if (client->descriptor >= 0)
        (void)link_stream_open(&client->stream, client->party, client->descriptor, 0);
    link_stream_close(&client->stream);
    tls_party_close(client->party);
    link_window_close(client->window);
    OPENSSL_cleanse(client, sizeof *client);
    free(client);
}

/* On to the next core; after a round in vain with a pause. */
static void core_leave(struct gate_client *client, int64_t now_ms)
{
    link_stream_close(&client->stream);
    client->state = STATE_PAUSE;
    client->retry_ms = now_ms;
    client->core = (client->core + 1) % client->config.core_count;
    client->in_vain++;
    if (client->in_vain < client->config.core_count)
        return;
    client->in_vain = 0;
    client->retry_ms = now_ms + client->pause_ms;
    client->pause_ms *= 2;
    if (client->pause_ms > GATE_CLIENT_PAUSE_LIMIT_MS)
        client->pause_ms = GATE_CLIENT_PAUSE_LIMIT_MS;
}

static void link_end(struct gate_client *client, enum gate_client_counter reason, int64_t now_ms)
{
    const char *core = client->config.cores[client->core];

    count(client, reason);
    if (client->state == STATE_LINKED)
        log_write(LOG_WIRE, LOG_WARNING, core, "link ended: %s; %u messages wait for an answer", rows[reason].description,
                  (unsigned)link_window_count(client->window));
    core_leave(client, now_ms);
}

/* It has not taken us on. */
static void link_fail(struct gate_client *client, enum core_trouble trouble, int64_t now_ms)
{
    core_trouble_say(&client->troubles[client->core], LOG_WIRE, client->config.cores[client->core], trouble, now_ms);
    link_end(client, GATE_CLIENT_FAILED, now_ms);
}

static void dial(struct gate_client *client, int64_t now_ms)
{
    count(client, GATE_CLIENT_DIALLED);
    client->descriptor = tcp_socket_dial(client->config.cores[client->core]);
    client->retry_ms = now_ms + LINK_SILENCE_MS; /* to be connected by then */
    client->state = STATE_DIALLING;
    if (client->descriptor < 0)
        link_fail(client, CORE_TROUBLE_ADDRESS, now_ms);
}

/* The socket is the stream's from now on, also to be closed. */
static void dialled(struct gate_client *client, int64_t now_ms)
{
    struct pollfd wait = { .fd = client->descriptor, .events = POLLOUT };
    bool ready = poll(&wait, 1, 0) == 1;

    if (!ready && now_ms < client->retry_ms)
        return;
    bool connected = ready && tcp_socket_error(client->descriptor) == 0;
    int descriptor = client->descriptor;
    client->descriptor = -1;
    client->hello_said = client->filled = false;
    client->state = STATE_OPEN;
    if (link_stream_open(&client->stream, client->party, descriptor, now_ms) < 0 || !connected)
        link_fail(client, CORE_TROUBLE_ADDRESS, now_ms);
}

/* A core that is none of ours, now or for good. */
static void welcome_refuse(struct gate_client *client, const struct link_welcome *welcome, int64_t now_ms)
{
    struct core_trouble_log *log = &client->troubles[client->core];
    const char *core = client->config.cores[client->core];

    if (welcome->version != LINK_VERSION)
        core_trouble_say_version(log, core, LINK_VERSION, welcome->version, now_ms);
    else if (welcome->shard != client->config.shard)
        core_trouble_say_shard(log, core, (unsigned)client->config.shard, (unsigned)welcome->shard, now_ms);
    else
        core_trouble_say(log, LOG_WIRE, core, CORE_TROUBLE_OWNER, now_ms);
    link_end(client, GATE_CLIENT_NOT_OWNER, now_ms);
}

/* returns  1 go on; -1 the link has ended */
static int welcome_take(struct gate_client *client, const struct link_welcome *welcome, int64_t now_ms)
{
    struct hash_key handle_key = { welcome->handle_first, welcome->handle_second };

    if (welcome->owner == 0 || welcome->version != LINK_VERSION || welcome->shard != client->config.shard) {
        welcome_refuse(client, welcome, now_ms);
        return -1;
    }
    client->gate = client->ports.gate_open(client->ports.context, &handle_key);
    if (client->gate == NULL) {
        link_end(client, GATE_CLIENT_FAILED, now_ms);
        return -1;
    }
    client->permitted = welcome->window;
    client->state = STATE_LINKED;
    client->in_vain = 0;
    client->troubles[client->core] = (struct core_trouble_log){ 0 };
    client->pause_ms = GATE_CLIENT_PAUSE_MS;
    link_window_rewind(client->window);
    count(client, GATE_CLIENT_WELCOMED);
    log_write(LOG_WIRE, LOG_NOTICE, client->config.cores[client->core], "linked to the core of shard %u, epoch %llu",
              (unsigned)client->config.shard, (unsigned long long)welcome->epoch);
    return 1;
}

static int filled_take(struct gate_client *client)
{
    client->filled = true;
    if (!client->runs)
        client->runs = client->ports.gate_run(client->ports.context);
    return client->runs ? 1 : -1;
}

/* What the gate calls a device of this core; 0: it cannot. */
static uint32_t number_of(const struct gate_client *client, uint32_t device_id)
{
    return shard_number_make(client->config.width, client->config.shard, device_id);
}

static int acknowledgement_take(struct gate_client *client, const struct uplink_acknowledgement *came)
{
    struct uplink_acknowledgement answer;

    if (!link_window_answer(client->window, came->message_id, came->accepted != 0, &answer))
        return -1;
    count(client, GATE_CLIENT_ANSWERED);
    answer.device_id = number_of(client, answer.device_id);
    return gate_acknowledge(client->gate, &answer) == 0 ? 1 : -1;
}

/* The core has no such device for us: it heard of none by this gate. */
static int downlink_take(struct gate_client *client, struct downlink *downlink)
{
    downlink->device_id = number_of(client, downlink->device_id);
    return downlink->device_id == 0 || gate_deliver(client->gate, downlink) == 0 ? 1 : -1;
}

static void beyond_say(struct gate_client *client, uint32_t device_id)
{
    if (counter_read(&client->counters, GATE_CLIENT_BEYOND) == 0)
        log_write(LOG_WIRE, LOG_ERROR, client->config.cores[client->core],
                  "device %u of shard %u and those above it are not served: a gate of these shards has %u numbers for each",
                  (unsigned)device_id, (unsigned)client->config.shard,
                  (unsigned)(SHARD_NUMBER_LIMIT >> client->config.width) - 1);
    count(client, GATE_CLIENT_BEYOND);
}

static int device_take(struct gate_client *client, const struct link_device *device)
{
    uint32_t number = number_of(client, device->device_id);

    if (number == 0) {
        beyond_say(client, device->device_id);
        return 1;
    }
    int result = device->present != 0 ? gate_device_put(client->gate, device->imei, number, device->secured_only != 0)
                                      : gate_device_remove(client->gate, device->imei, number);
    return result == 0 ? 1 : -1;
}

static int key_take(struct gate_client *client, const struct link_key *key)
{
    return gate_key_put(client->gate, key->imei, key->key, key->found != 0 ? sizeof key->key : 0) == 0 ? 1 : -1;
}

/* The gate's ring has room for one message. returns  1 go on; -1 a frame that has no place here */
static int frame_take(struct gate_client *client, struct link_message *message)
{
    switch ((enum link_kind)message->kind) {
    case LINK_ALIVE:
        return 1;
    case LINK_ACKNOWLEDGEMENT:
        return acknowledgement_take(client, &message->body.acknowledgement);
    case LINK_DOWNLINK:
        return downlink_take(client, &message->body.downlink);
    case LINK_DEVICE:
        return device_take(client, &message->body.device);
    case LINK_FILLED:
        return filled_take(client);
    case LINK_KEY:
        return key_take(client, &message->body.key);
    case LINK_HELLO:
    case LINK_WELCOME:
    case LINK_UPLINK:
    case LINK_KEY_ASK:
    case LINK_KIND_COUNT:
        break;
    }
    return -1;
}

/* returns  frames taken; -1 the link has ended */
static int frames_take(struct gate_client *client, int64_t now_ms)
{
    struct link_message message;
    int taken = 0;
    int result;

    client->stalled = false;
    while ((result = link_stream_next(&client->stream, &message)) == 1) {
        if (client->state == STATE_OPEN) {
            if (message.kind != LINK_WELCOME || welcome_take(client, &message.body.welcome, now_ms) < 0)
                return -1;
        } else if (!gate_thread_message_fits(gate_thread_of(client->gate))) {
            client->stalled = true;
            break;
        } else if (frame_take(client, &message) < 0) {
            result = -1;
            break;
        }
        link_stream_taken(&client->stream);
        taken++;
    }
    if (taken > 0 && client->gate != NULL)
        gate_thread_wake(gate_thread_of(client->gate));
    OPENSSL_cleanse(&message, sizeof message);
    return result < 0 ? -1 : taken;
}

/* returns  false: the gate has none */
static bool uplink_carry(struct gate_client *client, bool urgent_only)
{
    struct uplink uplink;

    if (gate_thread_lane_take(gate_thread_of(client->gate), client->config.shard, urgent_only, &uplink) != 0)
        return false;
    uplink.device_id = shard_number_device(client->config.width, uplink.device_id);
    (void)link_window_put(client->window, &uplink); /* it fits */
    return true;
}

/* What the gate has for the core goes into the window, the urgent first. */
static void window_fill(struct gate_client *client)
{
    while (link_window_fits(client->window, false) && uplink_carry(client, false))
        continue; /* an urgent one fits where another does */
    while (link_window_fits(client->window, true) && uplink_carry(client, true))
        continue;
}

static void uplinks_send(struct gate_client *client)
{
    struct link_message message = { .kind = LINK_UPLINK };
    const struct uplink *next;

    while (link_stream_fits(&client->stream) && link_window_carried(client->window) < client->permitted &&
           (next = link_window_send(client->window)) != NULL) {
        message.body.uplink = *next;
        (void)link_stream_put(&client->stream, &message); /* it fits */
        count(client, next->message_id <= client->sent_highest ? GATE_CLIENT_SENT_AGAIN : GATE_CLIENT_SENT);
        if (next->message_id > client->sent_highest)
            client->sent_highest = next->message_id;
    }
}

static void hello_say(struct gate_client *client)
{
    struct link_message hello = { .kind = LINK_HELLO,
                                  .body.hello = { LINK_MAGIC, LINK_VERSION, client->config.shard } };

    client->hello_said = true;
    (void)link_stream_put(&client->stream, &hello); /* the first one fits */
}

static void stream_end(struct gate_client *client, enum gate_client_counter reason, int64_t now_ms)
{
    if (client->state == STATE_LINKED)
        link_end(client, reason, now_ms);
    else
        link_fail(client, client->stream.shaken ? CORE_TROUBLE_GREETING : CORE_TROUBLE_KEY, now_ms);
}

static void stream_work(struct gate_client *client, int64_t now_ms)
{
    int taken = 0;
    int rounds = 0;

    client->more = false;
    do {
        int result = link_stream_work(&client->stream, now_ms);
        if (result == 1 && !client->hello_said)
            hello_say(client);
        else if (client->hello_said)
            taken = frames_take(client, now_ms); /* also what came before the end: a core that sends us away says why */
        if (client->state == STATE_PAUSE)
            return;
        if (result < 0 || taken < 0) {
            stream_end(client, taken < 0 ? GATE_CLIENT_BAD_FRAME : GATE_CLIENT_LOST, now_ms);
            return;
        }
    } while (taken > 0 && ++rounds < ROUNDS_LIMIT);
    client->more = taken > 0;
    if (client->state == STATE_LINKED) {
        window_fill(client);
        uplinks_send(client);
    }
    if (client->stream.shaken && link_stream_work(&client->stream, now_ms) < 0)
        client->more = true; /* ended: what came before is taken first */
}

static int wait_ms(const struct gate_client *client, int64_t now_ms)
{
    if (client->stalled)
        return STALL_WAIT_MS;
    if (client->state != STATE_PAUSE)
        return client->more ? 0 : WAIT_LIMIT_MS;
    return client->retry_ms <= now_ms ? 0 : (int)(client->retry_ms - now_ms);
}

int gate_client_work(struct gate_client *client, int64_t now_ms)
{
    if (client->state == STATE_PAUSE && now_ms >= client->retry_ms)
        dial(client, now_ms);
    if (client->state == STATE_DIALLING)
        dialled(client, now_ms);
    if (client->state == STATE_OPEN || client->state == STATE_LINKED)
        stream_work(client, now_ms);
    return wait_ms(client, now_ms);
}

int gate_client_socket(const struct gate_client *client, bool *writable)
{
    *writable = client->state == STATE_DIALLING || (client->state != STATE_PAUSE && link_stream_wants_write(&client->stream));
    if (client->state == STATE_DIALLING)
        return client->descriptor;
    /* While the gate's ring is full, what the core says waits in the socket. */
    return client->state != STATE_PAUSE && !client->stalled ? link_stream_descriptor(&client->stream) : -1;
}

bool gate_client_is_linked(const struct gate_client *client)
{
    return client->state == STATE_LINKED && client->filled;
}

bool gate_client_key_ask(struct gate_client *client, uint64_t imei)
{
    struct link_message ask = { .kind = LINK_KEY_ASK, .body.key_ask.imei = imei };

    if (client->state != STATE_LINKED || !link_stream_fits(&client->stream))
        return false;
    (void)link_stream_put(&client->stream, &ask); /* it fits */
    count(client, GATE_CLIENT_KEYS_ASKED);
    return true;
}

struct counter_table *gate_client_counters(struct gate_client *client)
{
    return &client->counters;
}
