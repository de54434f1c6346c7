#include "apps/meterworks/api_door.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/live_line.h"
#include "apps/meterworks/gate_thread.h"
#include "apps/meterworks/link_caller.h"
#include "apps/meterworks/link_stream.h"
#include "base/log.h"
#include "wire/notifier.h"
#include "wire/tcp_socket.h"

#define BLOCK ((size_t)16 * 1024)
#define WAIT_MS 250
#define FEED_WAIT_MS 100 /* live events are looked for so often */
#define QUESTION_LIMIT (sizeof LINK_CALLER_FEED - 1)

/* Bytes that wait to leave. */
struct pipe {
    size_t start;
    size_t end;
    uint8_t bytes[BLOCK];
};

enum place_kind {
    PLACE_STRANGER, /* shaking hands */
    PLACE_NEW,      /* proved; the first bytes tell what it is */
    PLACE_REQUEST,  /* joined to the api by `plain` */
    PLACE_FEED
};

struct place {
    enum place_kind kind;
    struct tls_channel *channel;
    int plain;           /* of a request; -1 once it has ended, and of others */
    int64_t moved_ms;    /* when something went on last, or there was nothing that had to */
    int64_t said_ms;     /* of a feed */
    uint64_t position;   /* of a feed: the event told last */
    struct pipe to_api;  /* what came by TLS */
    struct pipe to_peer;
};

struct api_door {
    struct api_door_config config;
    struct api_server *server;
    struct tls_party *party;
    struct notifier notifier;
    int listener;
    uint16_t port;
    pthread_t thread;
    bool runs;
    atomic_bool stopping;
    struct place *places[API_DOOR_PLACES]; /* the first place_count of them */
    size_t place_count;
    struct counter values[API_DOOR_COUNTER_COUNT];
    struct counter_table counters;
};

static const struct counter_description rows[API_DOOR_COUNTER_COUNT] = {
    [API_DOOR_ACCEPTED] = { "door_accepted", "connections of apis on other machines let in" },
    [API_DOOR_REFUSED_FULL] = { "door_refused_full", "connections of apis closed because all places were taken" },
    [API_DOOR_REFUSED_HANDSHAKE] = { "door_refused_handshake", "connections that did not prove an api's key" },
    [API_DOOR_REQUESTS] = { "door_requests", "requests that apis brought" },
    [API_DOOR_FEEDS] = { "door_feeds", "times that an api began to hear live events" },
    [API_DOOR_STALLED] = { "door_stalled", "connections of apis closed because they took nothing any more" },
};

static void count(struct api_door *door, enum api_door_counter row)
{
    counter_increment(&door->counters, row);
}

static size_t pipe_size(const struct pipe *pipe)
{
    return pipe->end - pipe->start;
}

/* Room at the end, for at least something unless it is full. */
static size_t pipe_room(struct pipe *pipe)
{
    if (pipe->start > 0) {
        memmove(pipe->bytes, pipe->bytes + pipe->start, pipe_size(pipe));
        pipe->end -= pipe->start;
        pipe->start = 0;
    }
    return sizeof pipe->bytes - pipe->end;
}

static void place_free(struct place *place)
{
    tls_channel_close(place->channel);
    if (place->plain >= 0)
        close(place->plain);
    free(place);
}

/* Joined to the api by a pair of sockets: it serves the other one. returns  0; -1 */
static int request_begin(struct api_door *door, struct place *place)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    place->plain = pair[0];
    place->kind = PLACE_REQUEST;
    count(door, API_DOOR_REQUESTS);
    return api_server_adopt(door->server, pair[1]);
}

static int line_put(struct place *place, const struct live_line *line, int64_t now_ms)
{
    struct pipe *pipe = &place->to_peer;
    size_t room = pipe_room(pipe);
    int size = live_line_write(line, (char *)pipe->bytes + pipe->end, room);

    if (size < 0)
        return -1;
    pipe->end += (size_t)size;
    place->said_ms = now_ms;
    return 0;
}

static int restart_tell(const struct api_door *door, struct place *place, int64_t now_ms)
{
    struct live_line line = { .kind = LIVE_LINE_RESTART, .shard = door->config.shard, .item.sequence = place->position };
    return line_put(place, &line, now_ms);
}

static int feed_begin(struct api_door *door, struct place *place, int64_t now_ms)
{
    place->kind = PLACE_FEED;
    place->to_api.start = place->to_api.end = 0;
    place->position = live_newest(door->config.live);
    count(door, API_DOOR_FEEDS);
    log_write(LOG_API, LOG_NOTICE, tls_channel_identity(place->channel), "an api on another machine hears live events");
    return restart_tell(door, place, now_ms);
}

/* What the api wants is told by its first bytes. returns  0; -1 */
static int kind_find(struct api_door *door, struct place *place, int64_t now_ms)
{
    const struct pipe *pipe = &place->to_api;
    size_t size = pipe_size(pipe) < QUESTION_LIMIT ? pipe_size(pipe) : QUESTION_LIMIT;

    if (memcmp(pipe->bytes + pipe->start, LINK_CALLER_FEED, size) != 0)
        return request_begin(door, place);
    return size == QUESTION_LIMIT ? feed_begin(door, place, now_ms) : 0;
}

/* returns  1 more may wait; 0; -1 the connection has ended */
static int peer_receive(struct place *place, int64_t now_ms)
{
    struct pipe *pipe = &place->to_api;
    size_t room = pipe_room(pipe);

    if (room == 0)
        return 0;
    int got = tls_channel_receive(place->channel, pipe->bytes + pipe->end, room);
    if (got <= 0)
        return got;
    pipe->end += (size_t)got;
    place->moved_ms = now_ms;
    return 1;
}

static int peer_send(struct place *place, int64_t now_ms)
{
    struct pipe *pipe = &place->to_peer;

    while (pipe_size(pipe) > 0) {
        int sent = tls_channel_send(place->channel, span_of_bytes(pipe->bytes + pipe->start, pipe_size(pipe)));
        if (sent <= 0)
            return sent;
        pipe->start += (size_t)sent;
        place->moved_ms = now_ms;
    }
    return 0;
}

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int api_send(struct place *place, int64_t now_ms)
{
    struct pipe *pipe = &place->to_api;

    while (pipe_size(pipe) > 0) {
        ssize_t sent = send(place->plain, pipe->bytes + pipe->start, pipe_size(pipe), MSG_NOSIGNAL);
        if (sent < 0)
            return would_wait() ? 0 : -1;
        pipe->start += (size_t)sent;
        place->moved_ms = now_ms;
    }
    return 0;
}

/* returns  1 more may wait; 0; -1 the api has ended the connection */
static int api_receive(struct place *place, int64_t now_ms)
{
    struct pipe *pipe = &place->to_peer;
    size_t room = pipe_room(pipe);

    if (room == 0)
        return 0;
    ssize_t got = recv(place->plain, pipe->bytes + pipe->end, room, 0);
    if (got <= 0)
        return got < 0 && would_wait() ? 0 : -1;
    pipe->end += (size_t)got;
    place->moved_ms = now_ms;
    return 1;
}

/* The api's last words still leave when it has closed its side. returns  0; -1 */
static int request_work(struct place *place, int64_t now_ms)
{
    int more;

    do {
        int from_peer = peer_receive(place, now_ms);
        int from_api = place->plain >= 0 ? api_receive(place, now_ms) : 0;
        if (from_peer < 0 || (place->plain >= 0 && api_send(place, now_ms) < 0))
            return -1;
        if (from_api < 0) {
            close(place->plain);
            place->plain = -1;
        }
        if (peer_send(place, now_ms) < 0)
            return -1;
        more = from_peer == 1 || from_api == 1;
    } while (more);
    return place->plain < 0 && pipe_size(&place->to_peer) == 0 ? -1 : 0;
}

/* returns  1 more may wait; 0; -1 */
static int events_put(const struct api_door *door, struct place *place, int64_t now_ms)
{
    struct live_line line = { .kind = LIVE_LINE_EVENT };

    while (pipe_room(&place->to_peer) >= LIVE_LINE_LIMIT) {
        int found = live_next_item(door->config.live, &place->position, &line.item);
        if (found == 0)
            return 0;
        if ((found > 0 ? line_put(place, &line, now_ms) : restart_tell(door, place, now_ms)) < 0)
            return -1;
    }
    return 1;
}

static int events_tell(const struct api_door *door, struct place *place, int64_t now_ms)
{
    int result;

    do {
        result = events_put(door, place, now_ms);
        if (result < 0 || peer_send(place, now_ms) < 0)
            return -1;
    } while (result == 1 && pipe_size(&place->to_peer) == 0);
    return 0;
}

/* The feed says nothing after its question. returns  0; -1 */
static int feed_work(const struct api_door *door, struct place *place, int64_t now_ms)
{
    static const struct live_line pulse = { .kind = LIVE_LINE_PULSE };

    if (peer_receive(place, now_ms) != 0)
        return -1;
    if (events_tell(door, place, now_ms) < 0)
        return -1;
    if (now_ms - place->said_ms >= API_DOOR_PULSE_MS && pipe_size(&place->to_peer) == 0 &&
        line_put(place, &pulse, now_ms) < 0)
        return -1;
    return peer_send(place, now_ms);
}

static int stranger_work(struct api_door *door, struct place *place, int64_t now_ms)
{
    int result = tls_channel_shake(place->channel);

    if (result < 0 || (result == 0 && now_ms - place->moved_ms >= LINK_SILENCE_MS)) {
        count(door, API_DOOR_REFUSED_HANDSHAKE);
        return -1;
    }
    if (result == 1) {
        place->kind = PLACE_NEW;
        place->moved_ms = now_ms;
    }
    return 0;
}

static int new_work(struct api_door *door, struct place *place, int64_t now_ms)
{
    if (peer_receive(place, now_ms) < 0)
        return -1;
    return pipe_size(&place->to_api) > 0 ? kind_find(door, place, now_ms) : 0;
}

/* Something should go on and does not. An api that thinks about its answer is no such thing. */
static bool place_is_stalled(struct place *place, int64_t now_ms)
{
    bool waits = place->kind == PLACE_NEW || pipe_size(&place->to_peer) > 0;

    if (!waits)
        place->moved_ms = now_ms;
    return now_ms - place->moved_ms >= API_DOOR_STALLED_MS;
}

/* returns  0; -1 it has ended */
static int place_work(struct api_door *door, struct place *place, int64_t now_ms)
{
    int result = 0;

    if (place->kind == PLACE_STRANGER)
        result = stranger_work(door, place, now_ms);
    if (result == 0 && place->kind == PLACE_NEW)
        result = new_work(door, place, now_ms);
    if (result == 0 && place->kind == PLACE_REQUEST)
        result = request_work(place, now_ms);
    if (result == 0 && place->kind == PLACE_FEED)
        result = feed_work(door, place, now_ms);
    if (result == 0 && place->kind != PLACE_STRANGER && place_is_stalled(place, now_ms)) {
        count(door, API_DOOR_STALLED);
        result = -1;
    }
    return result;
}

static void place_end(struct api_door *door, size_t index)
{
    place_free(door->places[index]);
    door->places[index] = door->places[--door->place_count];
}

static void places_work(struct api_door *door, int64_t now_ms)
{
    for (size_t i = 0; i < door->place_count;) {
        struct place *place = door->places[i];
        if (place_work(door, place, now_ms) == 0) {
            i++;
            continue;
        }
        place_end(door, i);
    }
}

/* Whoever holds a key has proved it before so many others come: of those that have not, the oldest makes room. */
static void strangers_limit(struct api_door *door)
{
    size_t strangers = 0, oldest = 0;

    for (size_t i = 0; i < door->place_count; i++) {
        if (door->places[i]->kind != PLACE_STRANGER)
            continue;
        if (strangers == 0 || door->places[i]->moved_ms < door->places[oldest]->moved_ms)
            oldest = i;
        strangers++;
    }
    if (strangers < API_DOOR_STRANGERS)
        return;
    count(door, API_DOOR_REFUSED_HANDSHAKE);
    place_end(door, oldest);
}

static void caller_take(struct api_door *door, int descriptor, int64_t now_ms)
{
    struct place *place = NULL;

    strangers_limit(door);
    if (door->place_count < API_DOOR_PLACES)
        place = calloc(1, sizeof *place);
    if (place == NULL) {
        count(door, API_DOOR_REFUSED_FULL);
        close(descriptor);
        return;
    }
    place->plain = -1;
    place->moved_ms = place->said_ms = now_ms;
    if (tls_channel_open(door->party, descriptor, &place->channel) < 0) {
        place_free(place);
        return;
    }
    count(door, API_DOOR_ACCEPTED);
    door->places[door->place_count++] = place;
}

static void callers_take(struct api_door *door, int64_t now_ms)
{
    struct peer_address peer;
    int descriptor;

    while ((descriptor = tcp_socket_accept(door->listener, &peer)) >= 0)
        caller_take(door, descriptor, now_ms);
}

/* Not waited for at all when nothing can be done: an end would be told again and again. */
static struct pollfd wait_of(int descriptor, bool reads, bool writes)
{
    return (struct pollfd){ .fd = reads || writes ? descriptor : -1,
                            .events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)) };
}

static struct pollfd peer_wait(const struct place *place)
{
    bool reads = place->to_api.end - place->to_api.start < sizeof place->to_api.bytes;
    bool writes = tls_channel_wants_write(place->channel) || pipe_size(&place->to_peer) > 0;

    return wait_of(tls_channel_descriptor(place->channel), reads, writes);
}

static struct pollfd plain_wait(const struct place *place)
{
    bool reads = pipe_size(&place->to_peer) < sizeof place->to_peer.bytes;
    bool writes = pipe_size(&place->to_api) > 0;

    return wait_of(place->plain, reads, writes);
}

static size_t waits_collect(const struct api_door *door, struct pollfd *waits, int *wait_ms)
{
    size_t wait_count = 0;

    *wait_ms = WAIT_MS;
    waits[wait_count++] = (struct pollfd){ .fd = door->notifier.descriptor, .events = POLLIN };
    waits[wait_count++] = (struct pollfd){ .fd = door->listener, .events = POLLIN };
    for (size_t i = 0; i < door->place_count; i++) {
        const struct place *place = door->places[i];
        waits[wait_count++] = peer_wait(place);
        if (place->plain >= 0)
            waits[wait_count++] = plain_wait(place);
        if (place->kind == PLACE_FEED)
            *wait_ms = FEED_WAIT_MS;
    }
    return wait_count;
}

static void *door_run(void *context)
{
    struct api_door *door = context;
    struct pollfd waits[2 + 2 * API_DOOR_PLACES];
    int wait_ms;

    while (!atomic_load(&door->stopping)) {
        size_t wait_count = waits_collect(door, waits, &wait_ms);
        poll(waits, wait_count, wait_ms);
        notifier_drain(&door->notifier);
        int64_t now_ms = link_caller_now_ms();
        callers_take(door, now_ms);
        places_work(door, now_ms);
    }
    return NULL;
}

static int parts_make(struct api_door *door)
{
    struct tls_party_config party = { .context = door->config.context, .key_find = door->config.key_find };

    if (tls_party_open(&party, &door->party) < 0)
        return GATE_ERR_CRYPTOGRAPHY;
    if (notifier_open(&door->notifier) < 0)
        return GATE_ERR_SYSTEM;
    door->listener = tcp_socket_listen(door->config.address, &door->port);
    return door->listener >= 0 ? 0 : GATE_ERR_LINK_SOCKET;
}

int api_door_open(const struct api_door_config *config, struct api_door **out)
{
    struct api_door *door = calloc(1, sizeof *door);

    if (door == NULL)
        return GATE_ERR_MEMORY;
    door->config = *config;
    door->notifier.descriptor = -1;
    door->listener = -1;
    door->counters = (struct counter_table){ rows, door->values, API_DOOR_COUNTER_COUNT };
    int result = parts_make(door);
    if (result < 0) {
        api_door_close(door);
        return result;
    }
    *out = door;
    return 0;
}

int api_door_start(struct api_door *door, struct api_server *server)
{
    door->server = server;
    door->runs = pthread_create(&door->thread, NULL, door_run, door) == 0;
    return door->runs ? 0 : GATE_ERR_SYSTEM;
}

void api_door_close(struct api_door *door)
{
    if (door == NULL)
        return;
    atomic_store(&door->stopping, true);
    if (door->runs) {
        notifier_signal(&door->notifier);
        pthread_join(door->thread, NULL);
    }
    for (size_t i = 0; i < door->place_count; i++)
        place_free(door->places[i]);
    if (door->listener >= 0)
        close(door->listener);
    tls_party_close(door->party);
    notifier_close(&door->notifier);
    free(door);
}

uint16_t api_door_port(const struct api_door *door)
{
    return door->port;
}

struct counter_table *api_door_counters(struct api_door *door)
{
    return &door->counters;
}
