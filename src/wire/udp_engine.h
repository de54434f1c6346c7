/* Datagrams in batches: one socket, recvmmsg in, sendmmsg out, one thread.
 *
 * Dual stack: bound to an IPv6 wildcard it serves IPv4 as well. Nothing here blocks; the owner waits on the descriptor
 * together with its other work. Bounds: datagrams above UDP_DATAGRAM_LIMIT bytes are dropped on both ways; the send
 * queue holds `send_capacity` datagrams and answers WIRE_ERR_FULL when a flush cannot empty it (CoAP repeats). */
#ifndef WIRE_UDP_ENGINE_H
#define WIRE_UDP_ENGINE_H

#include <stdint.h>

#include "base/counter.h"
#include "base/span.h"
#include "wire/peer_address.h"

#define UDP_DATAGRAM_LIMIT 1472 /* Ethernet MTU less IPv4 and UDP headers; CoAP asks for 1280 in all (RFC 7252, 4.6) */
#define UDP_BATCH_LIMIT 64      /* datagrams per system call */

struct udp_engine;

struct udp_engine_config {
    const char *address;      /* "0.0.0.0:5683", "[::]:5683", "127.0.0.1:0" (any free port) */
    bool carries_records;     /* secured datagrams: only the names of the counters differ */
    uint32_t send_capacity;   /* datagrams; 0 means 1,024 */
    uint32_t receive_bytes;   /* kernel receive buffer asked for; 0 leaves the system's default */
};

/* Rows of udp_engine_counters(). */
enum udp_counter {
    UDP_RECEIVED,
    UDP_RECEIVED_TOO_LONG,
    UDP_SENT,
    UDP_SEND_QUEUE_FULL,
    UDP_SEND_REFUSED,
    UDP_COUNTER_COUNT
};

/* Called for each datagram; `bytes` lives until it returns. It may call udp_engine_send. */
typedef void udp_engine_receiver(void *context, const struct peer_address *from, struct span bytes);

/* Bind a socket.
 * out      owned by the caller, given back by udp_engine_close
 * returns  0; WIRE_ERR_ADDRESS, WIRE_ERR_BIND, WIRE_ERR_SYSTEM, WIRE_ERR_MEMORY */
int udp_engine_open(const struct udp_engine_config *config, struct udp_engine **out);

/* Flushes nothing. Accepts NULL. */
void udp_engine_close(struct udp_engine *engine);

/* To wait on: readable when datagrams are there; writable matters only while udp_engine_is_blocked. */
int udp_engine_descriptor(const struct udp_engine *engine);

/* The port it is bound to, host order. */
uint16_t udp_engine_port(const struct udp_engine *engine);

/* Hand over at most UDP_BATCH_LIMIT waiting datagrams.
 * returns  their number, 0 when none waits; WIRE_ERR_SYSTEM */
int udp_engine_receive(struct udp_engine *engine, udp_engine_receiver *receiver, void *context);

/* Queue a copy of `bytes`; it leaves with the next flush (or now, when the queue is full).
 * returns  0; WIRE_ERR_TOO_LONG; WIRE_ERR_FULL: dropped and counted */
int udp_engine_send(struct udp_engine *engine, const struct peer_address *to, struct span bytes);

/* Send what is queued. A datagram the system refuses is dropped and counted; when the socket is busy the rest stays.
 * returns  0; WIRE_ERR_SYSTEM */
int udp_engine_flush(struct udp_engine *engine);

/* Datagrams wait for the socket to become writable. */
bool udp_engine_is_blocked(const struct udp_engine *engine);

/* Lives as long as the engine; any thread may read it. */
struct counter_table *udp_engine_counters(struct udp_engine *engine);

#endif
