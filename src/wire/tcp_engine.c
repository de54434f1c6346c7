#include "wire/tcp_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/socket_address.h"
#include "wire/wire_error.h"

#define CONNECTION_LIMIT_DEFAULT 20480
#define CONNECTION_LIMIT_MOST 1048576
#define SEND_LIMIT_DEFAULT 16384
#define EVENTS_PER_TURN 512
#define ACCEPTS_PER_TURN 512
#define LISTENING UINT64_MAX /* of epoll's data: no connection */
#define KEEPALIVE_IDLE_S 120
#define KEEPALIVE_INTERVAL_S 30
#define KEEPALIVE_COUNT 4
#define DIAL_TRIES 4 /* SYN packets of one dialling, about half a minute */

enum connection_state {
    CONNECTION_FREE = 0,
    CONNECTION_OPEN,
    CONNECTION_DIALLING,
    CONNECTION_WAITING, /* dialled in vain, and again at retry_ms */
    CONNECTION_BROKEN   /* in the list of those to be told closed */
};

struct connection {
    int descriptor;      /* -1 when there is none */
    uint32_t generation; /* of its number */
    uint8_t state;       /* enum connection_state */
    bool is_dialled;
    bool was_open; /* the owner has been told so */
    struct peer_address peer;
    uint32_t next;         /* 1 + place: of the free, the broken */
    uint32_t dialled_next; /* of all dialled ones */
    uint32_t pause_ms;
    uint32_t queue_size; /* bytes that wait */
    int64_t retry_ms;
    uint8_t *queue; /* send_limit bytes; NULL when nothing waits */
};

struct tcp_engine {
    struct tcp_engine_ports ports;
    int epoll;
    int listener;
    int spare; /* a descriptor to give up when there are no more, so that a caller can be refused */
    uint16_t port;
    uint32_t limit;
    uint32_t send_limit;
    uint32_t used; /* rows ever taken */
    uint32_t count;
    uint32_t free_first;
    uint32_t broken_first;
    uint32_t dialled_first;
    int64_t dial_due_ms; /* when the first of those who wait is to be dialled again */
    struct connection *connections;
    uint8_t received[TCP_RECEIVE_LIMIT];
    struct counter values[TCP_COUNTER_COUNT];
    struct counter_table counters;
};

static const struct counter_description rows[TCP_COUNTER_COUNT] = {
    [TCP_ACCEPTED] = { "wire_tcp_accepted", "connections let in" },
    [TCP_REFUSED_FULL] = { "wire_tcp_refused_full", "connections closed at once because all places were taken" },
    [TCP_REFUSED_SYSTEM] = { "wire_tcp_refused_system", "connections closed at once because the system had no more" },
    [TCP_DIALLED] = { "wire_tcp_dialled", "connections made by dialling" },
    [TCP_DIAL_FAILED] = { "wire_tcp_dial_failed", "tries to connect that nobody answered" },
    [TCP_CLOSED] = { "wire_tcp_closed", "connections that the peer or the network ended" },
    [TCP_RECEIVED_BYTES] = { "wire_tcp_received_bytes", "bytes taken from connections" },
    [TCP_SENT_BYTES] = { "wire_tcp_sent_bytes", "bytes given to the system for connections" },
    [TCP_SEND_OVERFLOW] = { "wire_tcp_send_overflow", "connections closed because the peer took nothing any more" },
};

static uint32_t place_of(const struct tcp_engine *engine, const struct connection *connection)
{
    return (uint32_t)(connection - engine->connections);
}

static uint64_t number_of(const struct tcp_engine *engine, const struct connection *connection)
{
    return (uint64_t)connection->generation << 32 | (place_of(engine, connection) + 1);
}

uint32_t tcp_engine_place(uint64_t connection)
{
    return (uint32_t)connection - 1;
}

static struct connection *connection_find(struct tcp_engine *engine, uint64_t number)
{
    uint32_t place = tcp_engine_place(number);
    if (place >= engine->used)
        return NULL;
    struct connection *connection = &engine->connections[place];
    bool is_it = connection->state != CONNECTION_FREE && number_of(engine, connection) == number;
    return is_it ? connection : NULL;
}

/* returns  NULL when all places are taken */
static struct connection *connection_take(struct tcp_engine *engine)
{
    struct connection *connection = NULL;
    if (engine->free_first != 0) {
        connection = &engine->connections[engine->free_first - 1];
        engine->free_first = connection->next;
    } else if (engine->used < engine->limit) {
        connection = &engine->connections[engine->used++];
    } else {
        return NULL;
    }
    *connection = (struct connection){ .descriptor = -1, .generation = connection->generation + 1 };
    engine->count++;
    return connection;
}

/* Everything but the place; closing takes the descriptor out of epoll as well. */
static void connection_clear(struct connection *connection)
{
    if (connection->descriptor >= 0)
        close(connection->descriptor);
    connection->descriptor = -1;
    free(connection->queue);
    connection->queue = NULL;
    connection->queue_size = 0;
}

static void dialled_remove(struct tcp_engine *engine, const struct connection *connection)
{
    uint32_t *link = &engine->dialled_first;
    while (*link != 0 && *link != place_of(engine, connection) + 1)
        link = &engine->connections[*link - 1].dialled_next;
    if (*link != 0)
        *link = connection->dialled_next;
}

static void connection_free(struct tcp_engine *engine, struct connection *connection)
{
    connection_clear(connection);
    if (connection->is_dialled)
        dialled_remove(engine, connection);
    connection->state = CONNECTION_FREE;
    connection->next = engine->free_first;
    engine->free_first = place_of(engine, connection) + 1;
    engine->count--;
}

/* To be told at the end of the turn, so that no port is called from within another. */
static void connection_break(struct tcp_engine *engine, struct connection *connection)
{
    connection_clear(connection);
    connection->state = CONNECTION_BROKEN;
    connection->next = engine->broken_first;
    engine->broken_first = place_of(engine, connection) + 1;
}

static void option_set(int descriptor, int level, int name, int value)
{
    /* An option that the system does not know leaves its default: slower to notice, not wrong. */
    int result = setsockopt(descriptor, level, name, &value, sizeof value);
    (void)result;
}

static void options_set(int descriptor)
{
    option_set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    option_set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
    option_set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
    option_set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
    option_set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_VANISHED_MS);
    option_set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
}

static bool watch_set(const struct tcp_engine *engine, const struct connection *connection, int operation,
                      uint32_t events)
{
    struct epoll_event event = { .events = events, .data.u64 = number_of(engine, connection) };
    return epoll_ctl(engine->epoll, operation, connection->descriptor, &event) == 0;
}

static int listener_bind(struct tcp_engine *engine, const char *text)
{
    struct socket_address address;
    if (socket_address_read(span_of_text(text), &address) != 0)
        return WIRE_ERR_ADDRESS;
    engine->listener = socket(address.any.sin6_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (engine->listener < 0)
        return WIRE_ERR_SYSTEM;
    if (address.any.sin6_family == AF_INET6)
        option_set(engine->listener, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    option_set(engine->listener, SOL_SOCKET, SO_REUSEADDR, 1);
    if (bind(engine->listener, (const struct sockaddr *)&address.any, address.size) != 0 ||
        listen(engine->listener, SOMAXCONN) != 0)
        return WIRE_ERR_BIND;
    engine->port = socket_address_port(engine->listener);
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = LISTENING };
    return epoll_ctl(engine->epoll, EPOLL_CTL_ADD, engine->listener, &event) == 0 ? 0 : WIRE_ERR_SYSTEM;
}

static int parts_make(struct tcp_engine *engine, const struct tcp_engine_config *config)
{
    engine->connections = calloc(engine->limit, sizeof *engine->connections);
    if (engine->connections == NULL)
        return WIRE_ERR_MEMORY;
    engine->epoll = epoll_create1(EPOLL_CLOEXEC);
    engine->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (engine->epoll < 0 || engine->spare < 0)
        return WIRE_ERR_SYSTEM;
    return config->address != NULL ? listener_bind(engine, config->address) : 0;
}

int tcp_engine_open(const struct tcp_engine_config *config, const struct tcp_engine_ports *ports,
                    struct tcp_engine **out)
{
    struct tcp_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return WIRE_ERR_MEMORY;
    engine->ports = *ports;
    engine->epoll = engine->listener = engine->spare = -1;
    engine->dial_due_ms = INT64_MAX;
    engine->limit = config->connection_limit != 0 ? config->connection_limit : CONNECTION_LIMIT_DEFAULT;
    if (engine->limit > CONNECTION_LIMIT_MOST)
        engine->limit = CONNECTION_LIMIT_MOST;
    engine->send_limit = config->send_limit != 0 ? config->send_limit : SEND_LIMIT_DEFAULT;
    engine->counters = (struct counter_table){ rows, engine->values, TCP_COUNTER_COUNT };
    int error = parts_make(engine, config);
    if (error) {
        tcp_engine_close(engine);
        return error;
    }
    *out = engine;
    return 0;
}

static void descriptor_close(int descriptor)
{
    if (descriptor >= 0)
        close(descriptor);
}

void tcp_engine_close(struct tcp_engine *engine)
{
    if (engine == NULL)
        return;
    for (uint32_t i = 0; i < engine->used; i++)
        connection_clear(&engine->connections[i]);
    descriptor_close(engine->listener);
    descriptor_close(engine->spare);
    descriptor_close(engine->epoll);
    free(engine->connections);
    free(engine);
}

int tcp_engine_descriptor(const struct tcp_engine *engine)
{
    return engine->epoll;
}

uint16_t tcp_engine_port(const struct tcp_engine *engine)
{
    return engine->port;
}

/* The system has no more descriptors: give up the spare one to let the caller in and out, else he would wait for ever
 * and wake us for ever. */
static void caller_refuse(struct tcp_engine *engine)
{
    counter_increment(&engine->counters, TCP_REFUSED_SYSTEM);
    descriptor_close(engine->spare);
    descriptor_close(accept4(engine->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC));
    engine->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void caller_take(struct tcp_engine *engine, int descriptor, const struct sockaddr_in6 *from)
{
    struct connection *connection = connection_take(engine);
    if (connection == NULL) {
        counter_increment(&engine->counters, TCP_REFUSED_FULL);
        close(descriptor);
        return;
    }
    connection->descriptor = descriptor;
    connection->peer = socket_address_peer(from);
    options_set(descriptor);
    if (!watch_set(engine, connection, EPOLL_CTL_ADD, EPOLLIN)) {
        counter_increment(&engine->counters, TCP_REFUSED_SYSTEM);
        connection_free(engine, connection);
        return;
    }
    connection->state = CONNECTION_OPEN;
    connection->was_open = true;
    counter_increment(&engine->counters, TCP_ACCEPTED);
    engine->ports.opened(engine->ports.context, number_of(engine, connection), &connection->peer);
}

static bool is_out_of_descriptors(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void callers_take(struct tcp_engine *engine)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_in6 from = { 0 };
        socklen_t size = sizeof from;
        int descriptor = accept4(engine->listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0)
            caller_take(engine, descriptor, &from);
        else if (is_out_of_descriptors(errno))
            caller_refuse(engine);
        else if (errno == EAGAIN)
            return;
        /* Others (a caller who has gone already, a signal) concern that caller only. */
    }
}

/* Give the kernel what waits. */
static void queue_flush(struct tcp_engine *engine, struct connection *connection)
{
    ssize_t sent = send(connection->descriptor, connection->queue, connection->queue_size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
            connection_break(engine, connection);
        return;
    }
    counter_add(&engine->counters, TCP_SENT_BYTES, (uint64_t)sent);
    connection->queue_size -= (uint32_t)sent;
    memmove(connection->queue, connection->queue + sent, connection->queue_size);
    if (connection->queue_size > 0)
        return;
    free(connection->queue);
    connection->queue = NULL;
    if (!watch_set(engine, connection, EPOLL_CTL_MOD, EPOLLIN))
        connection_break(engine, connection);
}

static void bytes_receive(struct tcp_engine *engine, struct connection *connection)
{
    ssize_t size = recv(connection->descriptor, engine->received, sizeof engine->received, MSG_DONTWAIT);
    if (size > 0) {
        counter_add(&engine->counters, TCP_RECEIVED_BYTES, (uint64_t)size);
        engine->ports.received(engine->ports.context, number_of(engine, connection),
                               span_of_bytes(engine->received, (size_t)size));
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
        connection_break(engine, connection);
    }
}

static void dialling_finish(struct tcp_engine *engine, struct connection *connection)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(connection->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0 ||
        !watch_set(engine, connection, EPOLL_CTL_MOD, EPOLLIN)) {
        connection_break(engine, connection);
        return;
    }
    connection->state = CONNECTION_OPEN;
    connection->was_open = true;
    connection->pause_ms = TCP_DIAL_PAUSE_MS;
    counter_increment(&engine->counters, TCP_DIALLED);
    engine->ports.opened(engine->ports.context, number_of(engine, connection), &connection->peer);
}

static void event_take(struct tcp_engine *engine, const struct epoll_event *event)
{
    if (event->data.u64 == LISTENING) {
        callers_take(engine);
        return;
    }
    /* Gone when an earlier event of this turn ended it. */
    struct connection *connection = connection_find(engine, event->data.u64);
    if (connection == NULL || connection->descriptor < 0)
        return;
    if (connection->state == CONNECTION_DIALLING) {
        dialling_finish(engine, connection);
        return;
    }
    if ((event->events & EPOLLOUT) != 0 && connection->queue != NULL)
        queue_flush(engine, connection);
    if (connection->state == CONNECTION_OPEN && (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        bytes_receive(engine, connection);
}

static void dial_start(struct tcp_engine *engine, struct connection *connection)
{
    bool is_narrow = memcmp(connection->peer.ip, (const uint8_t[12]){ [10] = 0xff, [11] = 0xff }, 12) == 0;
    int family = is_narrow ? AF_INET : AF_INET6;
    struct sockaddr_in6 to = socket_address_of_peer(family, &connection->peer);
    socklen_t size = is_narrow ? sizeof(struct sockaddr_in) : sizeof to;

    connection->state = CONNECTION_DIALLING;
    connection->was_open = false;
    connection->descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->descriptor >= 0) {
        options_set(connection->descriptor);
        option_set(connection->descriptor, IPPROTO_TCP, TCP_SYNCNT, DIAL_TRIES);
    }
    if (connection->descriptor < 0 ||
        (connect(connection->descriptor, (const struct sockaddr *)&to, size) != 0 && errno != EINPROGRESS) ||
        !watch_set(engine, connection, EPOLL_CTL_ADD, EPOLLOUT))
        connection_break(engine, connection);
}

/* Dial who is due, and see when the next will be. */
static void dialled_work(struct tcp_engine *engine, int64_t now_ms)
{
    if (now_ms < engine->dial_due_ms)
        return;
    engine->dial_due_ms = INT64_MAX;
    for (uint32_t at = engine->dialled_first; at != 0; at = engine->connections[at - 1].dialled_next) {
        struct connection *connection = &engine->connections[at - 1];
        if (connection->state != CONNECTION_WAITING)
            continue;
        if (connection->retry_ms <= now_ms)
            dial_start(engine, connection);
        else if (connection->retry_ms < engine->dial_due_ms)
            engine->dial_due_ms = connection->retry_ms;
    }
}

static void dial_pause(struct tcp_engine *engine, struct connection *connection, int64_t now_ms)
{
    if (!connection->was_open)
        counter_increment(&engine->counters, TCP_DIAL_FAILED);
    connection->state = CONNECTION_WAITING;
    connection->retry_ms = now_ms + connection->pause_ms;
    if (connection->retry_ms < engine->dial_due_ms)
        engine->dial_due_ms = connection->retry_ms;
    connection->pause_ms *= 2;
    if (connection->pause_ms > TCP_DIAL_PAUSE_LIMIT_MS)
        connection->pause_ms = TCP_DIAL_PAUSE_LIMIT_MS;
}

/* The port may break or end others meanwhile, so the list is taken one by one. */
static void broken_tell(struct tcp_engine *engine, int64_t now_ms)
{
    while (engine->broken_first != 0) {
        struct connection *connection = &engine->connections[engine->broken_first - 1];
        uint64_t number = number_of(engine, connection);
        bool was_open = connection->was_open;
        engine->broken_first = connection->next;
        if (connection->is_dialled)
            dial_pause(engine, connection, now_ms);
        else
            connection_free(engine, connection);
        connection->was_open = false;
        if (!was_open)
            continue;
        counter_increment(&engine->counters, TCP_CLOSED);
        engine->ports.closed(engine->ports.context, number);
    }
}

int64_t tcp_engine_work(struct tcp_engine *engine, int64_t now_ms)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(engine->epoll, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++)
        event_take(engine, &events[i]);
    dialled_work(engine, now_ms);
    broken_tell(engine, now_ms);
    return engine->dial_due_ms;
}

int tcp_engine_dial(struct tcp_engine *engine, const char *address, uint64_t *connection)
{
    struct socket_address to;
    if (socket_address_read(span_of_text(address), &to) != 0)
        return WIRE_ERR_ADDRESS;
    struct connection *taken = connection_take(engine);
    if (taken == NULL)
        return WIRE_ERR_FULL;
    taken->state = CONNECTION_WAITING;
    taken->is_dialled = true;
    taken->peer = socket_address_peer(&to.any);
    taken->pause_ms = TCP_DIAL_PAUSE_MS;
    taken->retry_ms = INT64_MIN;
    taken->dialled_next = engine->dialled_first;
    engine->dialled_first = place_of(engine, taken) + 1;
    engine->dial_due_ms = INT64_MIN;
    *connection = number_of(engine, taken);
    return 0;
}

/* What the kernel did not take waits here. returns 0; WIRE_ERR_FULL */
static int queue_put(struct tcp_engine *engine, struct connection *connection, struct span bytes)
{
    if (bytes.size > engine->send_limit - connection->queue_size) {
        counter_increment(&engine->counters, TCP_SEND_OVERFLOW);
        connection_break(engine, connection);
        return WIRE_ERR_FULL;
    }
    if (connection->queue == NULL) {
        connection->queue = malloc(engine->send_limit);
        if (connection->queue == NULL || !watch_set(engine, connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT)) {
            connection_break(engine, connection);
            return WIRE_ERR_FULL;
        }
    }
    memcpy(connection->queue + connection->queue_size, bytes.bytes, bytes.size);
    connection->queue_size += (uint32_t)bytes.size;
    return 0;
}

int tcp_engine_send(struct tcp_engine *engine, uint64_t number, struct span bytes)
{
    struct connection *connection = connection_find(engine, number);
    if (connection == NULL || connection->state != CONNECTION_OPEN)
        return WIRE_ERR_SESSION;
    ssize_t sent = 0;
    if (connection->queue == NULL) {
        sent = send(connection->descriptor, bytes.bytes, bytes.size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
            connection_break(engine, connection);
            return WIRE_ERR_FULL;
        }
        sent = sent < 0 ? 0 : sent;
        counter_add(&engine->counters, TCP_SENT_BYTES, (uint64_t)sent);
    }
    if ((size_t)sent == bytes.size)
        return 0;
    return queue_put(engine, connection, span_of_bytes(bytes.bytes + sent, bytes.size - (size_t)sent));
}

/* A broken one stays in its list: told to nobody, then freed or, dialled ones, ended for good. */
void tcp_engine_end(struct tcp_engine *engine, uint64_t number)
{
    struct connection *connection = connection_find(engine, number);
    if (connection == NULL)
        return;
    if (connection->state != CONNECTION_BROKEN) {
        connection_free(engine, connection);
        return;
    }
    if (connection->is_dialled)
        dialled_remove(engine, connection);
    connection->is_dialled = false;
    connection->was_open = false;
    connection->generation++;
}

uint32_t tcp_engine_count(const struct tcp_engine *engine)
{
    return engine->count;
}

size_t tcp_engine_connection_bytes(void)
{
    return sizeof(struct connection);
}

struct counter_table *tcp_engine_counters(struct tcp_engine *engine)
{
    return &engine->counters;
}
