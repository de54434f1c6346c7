#include "wire/udp_engine.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/socket_address.h"
#include "wire/wire_error.h"

#define SEND_CAPACITY_DEFAULT 1024

struct queued_datagram {
    struct sockaddr_in6 to; /* large enough for sockaddr_in as well */
    uint16_t size;
    uint8_t bytes[UDP_DATAGRAM_LIMIT];
};

struct received_datagram {
    struct sockaddr_in6 from;
    uint8_t bytes[UDP_DATAGRAM_LIMIT];
};

struct udp_engine {
    int descriptor;
    int family;
    uint16_t port;
    bool blocked;
    struct queued_datagram *queue; /* a ring of send_capacity */
    uint32_t send_capacity;
    uint32_t first; /* oldest queued */
    uint32_t count;
    struct mmsghdr headers[UDP_BATCH_LIMIT];
    struct iovec vectors[UDP_BATCH_LIMIT];
    struct received_datagram received[UDP_BATCH_LIMIT];
    struct counter values[UDP_COUNTER_COUNT];
    struct counter_table counters;
};

/* The rows of one socket: a program with a plain and a secured one shows both. */
#define COUNTER_ROWS(prefix) \
    { [UDP_RECEIVED] = { prefix "_received", "datagrams taken from the socket" }, \
      [UDP_RECEIVED_TOO_LONG] = { prefix "_received_too_long", "datagrams dropped because they exceed the limit" }, \
      [UDP_SENT] = { prefix "_sent", "datagrams given to the system" }, \
      [UDP_SEND_QUEUE_FULL] = { prefix "_send_queue_full", "datagrams dropped because the send queue was full" }, \
      [UDP_SEND_REFUSED] = { prefix "_send_refused", "datagrams the system refused to send" } }

static const struct counter_description plain_rows[UDP_COUNTER_COUNT] = COUNTER_ROWS("wire_udp_plain");
static const struct counter_description secured_rows[UDP_COUNTER_COUNT] = COUNTER_ROWS("wire_udp_secured");

static int socket_bind(struct udp_engine *engine, const struct udp_engine_config *config)
{
    struct socket_address address;
    int error = socket_address_read(span_of_text(config->address), &address);
    if (error)
        return error;
    engine->family = address.any.sin6_family;
    engine->descriptor = socket(engine->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (engine->descriptor < 0)
        return WIRE_ERR_SYSTEM;
    int off = 0;
    int buffer = (int)config->receive_bytes;
    if (engine->family == AF_INET6)
        setsockopt(engine->descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (buffer > 0) /* the system may grant less: then bursts are shorter, nothing else */
        setsockopt(engine->descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(engine->descriptor, (const struct sockaddr *)&address.any, address.size) != 0)
        return WIRE_ERR_BIND;
    engine->port = socket_address_port(engine->descriptor);
    return engine->port != 0 ? 0 : WIRE_ERR_SYSTEM;
}

int udp_engine_open(const struct udp_engine_config *config, struct udp_engine **out)
{
    struct udp_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return WIRE_ERR_MEMORY;
    engine->descriptor = -1;
    engine->counters = (struct counter_table){ config->carries_records ? secured_rows : plain_rows, engine->values,
                                               UDP_COUNTER_COUNT };
    engine->send_capacity = config->send_capacity ? config->send_capacity : SEND_CAPACITY_DEFAULT;
    engine->queue = calloc(engine->send_capacity, sizeof *engine->queue);
    int error = engine->queue ? socket_bind(engine, config) : WIRE_ERR_MEMORY;
    if (error) {
        udp_engine_close(engine);
        return error;
    }
    *out = engine;
    return 0;
}

void udp_engine_close(struct udp_engine *engine)
{
    if (!engine)
        return;
    if (engine->descriptor >= 0)
        close(engine->descriptor);
    free(engine->queue);
    free(engine);
}

int udp_engine_descriptor(const struct udp_engine *engine)
{
    return engine->descriptor;
}

uint16_t udp_engine_port(const struct udp_engine *engine)
{
    return engine->port;
}

static void receive_headers_prepare(struct udp_engine *engine)
{
    for (size_t i = 0; i < UDP_BATCH_LIMIT; i++) {
        struct received_datagram *place = &engine->received[i];
        engine->vectors[i] = (struct iovec){ place->bytes, sizeof place->bytes };
        engine->headers[i].msg_hdr = (struct msghdr){ .msg_name = &place->from, .msg_namelen = sizeof place->from,
                                                      .msg_iov = &engine->vectors[i], .msg_iovlen = 1 };
    }
}

int udp_engine_receive(struct udp_engine *engine, udp_engine_receiver *receiver, void *context)
{
    receive_headers_prepare(engine);
    int count = recvmmsg(engine->descriptor, engine->headers, UDP_BATCH_LIMIT, MSG_DONTWAIT, NULL);
    if (count < 0) /* ECONNREFUSED: an answer of ours met a closed port; the device is gone, the socket is not */
        return errno == EAGAIN || errno == EINTR || errno == ECONNREFUSED ? 0 : WIRE_ERR_SYSTEM;
    /* Sizes are read first: the receiver may flush, which reuses the headers. */
    uint32_t sizes[UDP_BATCH_LIMIT];
    for (int i = 0; i < count; i++)
        sizes[i] = engine->headers[i].msg_hdr.msg_flags & MSG_TRUNC ? UINT32_MAX : engine->headers[i].msg_len;
    counter_add(&engine->counters, UDP_RECEIVED, (uint64_t)count);
    for (int i = 0; i < count; i++) {
        if (sizes[i] == UINT32_MAX) {
            counter_increment(&engine->counters, UDP_RECEIVED_TOO_LONG);
            continue;
        }
        struct peer_address from = socket_address_peer(&engine->received[i].from);
        receiver(context, &from, span_of_bytes(engine->received[i].bytes, sizes[i]));
    }
    return count;
}

int udp_engine_send(struct udp_engine *engine, const struct peer_address *to, struct span bytes)
{
    if (bytes.size > UDP_DATAGRAM_LIMIT)
        return WIRE_ERR_TOO_LONG;
    if (engine->count == engine->send_capacity)
        udp_engine_flush(engine);
    if (engine->count == engine->send_capacity) {
        counter_increment(&engine->counters, UDP_SEND_QUEUE_FULL);
        return WIRE_ERR_FULL;
    }
    struct queued_datagram *place = &engine->queue[(engine->first + engine->count) % engine->send_capacity];
    place->to = socket_address_of_peer(engine->family, to);
    place->size = (uint16_t)bytes.size;
    if (bytes.size > 0)
        memcpy(place->bytes, bytes.bytes, bytes.size);
    engine->count++;
    return 0;
}

static unsigned send_headers_prepare(struct udp_engine *engine)
{
    socklen_t name_size = engine->family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    unsigned count = engine->count < UDP_BATCH_LIMIT ? engine->count : UDP_BATCH_LIMIT;
    for (unsigned i = 0; i < count; i++) {
        struct queued_datagram *datagram = &engine->queue[(engine->first + i) % engine->send_capacity];
        engine->vectors[i] = (struct iovec){ datagram->bytes, datagram->size };
        engine->headers[i].msg_hdr = (struct msghdr){ .msg_name = &datagram->to, .msg_namelen = name_size,
                                                      .msg_iov = &engine->vectors[i], .msg_iovlen = 1 };
    }
    return count;
}

static void queue_advance(struct udp_engine *engine, uint32_t count)
{
    engine->first = (engine->first + count) % engine->send_capacity;
    engine->count -= count;
}

int udp_engine_flush(struct udp_engine *engine)
{
    engine->blocked = false;
    while (engine->count > 0) {
        unsigned prepared = send_headers_prepare(engine);
        int sent = sendmmsg(engine->descriptor, engine->headers, prepared, MSG_DONTWAIT);
        if (sent > 0) {
            counter_add(&engine->counters, UDP_SENT, (uint64_t)sent);
            queue_advance(engine, (uint32_t)sent);
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            engine->blocked = true;
            return 0;
        } else if (errno == EBADF || errno == ENOTSOCK) {
            return WIRE_ERR_SYSTEM;
        } else if (errno != EINTR) {
            /* The first datagram is the one refused: drop it, the others may have a way. */
            counter_increment(&engine->counters, UDP_SEND_REFUSED);
            queue_advance(engine, 1);
        }
    }
    return 0;
}

bool udp_engine_is_blocked(const struct udp_engine *engine)
{
    return engine->blocked;
}

struct counter_table *udp_engine_counters(struct udp_engine *engine)
{
    return &engine->counters;
}
