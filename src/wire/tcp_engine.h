/* Connections by the ten thousand: one epoll, one thread, accepted and dialled alike.
 *
 * Nothing here blocks: the owner waits on the descriptor together with its other work and calls tcp_engine_work().
 * What the engine tells comes through its ports and only from there; tcp_engine_send() and tcp_engine_end() may be
 * called from them and never call back.
 *
 * Bounds: `connection_limit` connections, who comes beyond is closed at once and counted; TCP_RECEIVE_LIMIT bytes of one
 * connection a turn, the rest waits in the kernel; `send_limit` bytes that the kernel does not take yet, and a peer that
 * lets more pile up is closed and counted. A quiet connection takes tcp_engine_connection_bytes() here, 72 of them its
 * row, reserved at the start; a buffer exists only while bytes wait to be sent. The kernel's socket comes on top.
 *
 * A peer that vanished shows after TCP_VANISHED_MS when something is on its way to it, after some minutes (keepalive)
 * when nothing is. Whoever expects heartbeats knows earlier. */
#ifndef WIRE_TCP_ENGINE_H
#define WIRE_TCP_ENGINE_H

#include <stdbool.h>

#include "base/counter.h"
#include "base/span.h"
#include "wire/peer_address.h"

#define TCP_RECEIVE_LIMIT 4096
#define TCP_VANISHED_MS 60000
#define TCP_DIAL_PAUSE_MS 1000 /* before the second try; doubles with each further one */
#define TCP_DIAL_PAUSE_LIMIT_MS 60000

struct tcp_engine;

struct tcp_engine_config {
    const char *address;       /* "0.0.0.0:7376", "[::]:7376"; NULL: nobody is let in */
    uint32_t connection_limit; /* 0 means 20,480; at most 1,048,576 */
    uint32_t send_limit;       /* bytes of one connection; 0 means 16,384 */
};

/* A connection has a number that is never 0 and, but for 2^32 others at its place, never used again. */
struct tcp_engine_ports {
    void *context;
    /* Accepted, or dialled and answered: bytes may be sent. */
    void (*opened)(void *context, uint64_t connection, const struct peer_address *peer);
    /* `bytes`, at least one, live until it returns. */
    void (*received)(void *context, uint64_t connection, struct span bytes);
    /* Closed by the peer, the network or a full send queue. One that was dialled is dialled again by itself and then
     * opened under the same number. */
    void (*closed)(void *context, uint64_t connection);
};

/* Rows of tcp_engine_counters(). */
enum tcp_counter {
    TCP_ACCEPTED,
    TCP_REFUSED_FULL,
    TCP_REFUSED_SYSTEM,
    TCP_DIALLED,
    TCP_DIAL_FAILED,
    TCP_CLOSED,
    TCP_RECEIVED_BYTES,
    TCP_SENT_BYTES,
    TCP_SEND_OVERFLOW,
    TCP_COUNTER_COUNT
};

/* out      owned by the caller, given back by tcp_engine_close
 * returns  0; WIRE_ERR_ADDRESS, WIRE_ERR_BIND, WIRE_ERR_SYSTEM, WIRE_ERR_MEMORY */
int tcp_engine_open(const struct tcp_engine_config *config, const struct tcp_engine_ports *ports,
                    struct tcp_engine **out);

/* Closes every connection without a word. Accepts NULL. */
void tcp_engine_close(struct tcp_engine *engine);

/* To wait on: readable when there is work. */
int tcp_engine_descriptor(const struct tcp_engine *engine);

/* The port it listens on, host order; 0 when it does not. */
uint16_t tcp_engine_port(const struct tcp_engine *engine);

/* Do what waits, within the bounds of one turn.
 * now_ms   of a clock that never goes back
 * returns  when to come again even without word from the descriptor, by the same clock; INT64_MAX for never */
int64_t tcp_engine_work(struct tcp_engine *engine, int64_t now_ms);

/* Connect to somebody, again and again until tcp_engine_end(). The first try is made by the next tcp_engine_work().
 * address     "192.0.2.1:4001" or "[2001:db8::1]:4001"
 * connection  written on success
 * returns     0; WIRE_ERR_ADDRESS; WIRE_ERR_FULL */
int tcp_engine_dial(struct tcp_engine *engine, const char *address, uint64_t *connection);

/* returns  0: sent, or kept to be sent; WIRE_ERR_SESSION: not open; WIRE_ERR_FULL: the connection will be closed */
int tcp_engine_send(struct tcp_engine *engine, uint64_t connection, struct span bytes);

/* Close, or stop dialling. Nothing is told; an unknown connection is accepted. What was sent still leaves. */
void tcp_engine_end(struct tcp_engine *engine, uint64_t connection);

/* The connection's place among the engine's, below connection_limit: for tables beside it. */
uint32_t tcp_engine_place(uint64_t connection);

/* Connections that are open, dialled ones included. */
uint32_t tcp_engine_count(const struct tcp_engine *engine);

/* Bytes of a quiet connection. */
size_t tcp_engine_connection_bytes(void);

/* Lives as long as the engine; any thread may read it. */
struct counter_table *tcp_engine_counters(struct tcp_engine *engine);

#endif
