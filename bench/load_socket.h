/* One socket that speaks for very many devices: each has an address of its own in 127.0.0.0/8, chosen per datagram. Sends and
 * receives in batches. One thread. */
#ifndef BENCH_LOAD_SOCKET_H
#define BENCH_LOAD_SOCKET_H

#include <stdint.h>

#include "base/span.h"

/* Device numbers are 0 to this, less one: 127.1.0.0 to 127.255.255.255. */
#define LOAD_SOCKET_DEVICE_LIMIT 16711680

struct load_socket;

/* port     of the server, on 127.0.0.1
 * returns  NULL when the system refuses (memory, socket) */
struct load_socket *load_socket_open(uint16_t port);

/* Accepts NULL. */
void load_socket_close(struct load_socket *socket);

/* One datagram from a device; it leaves when a batch is full or with load_socket_flush. One that cannot leave is lost. */
void load_socket_send(struct load_socket *socket, uint32_t number, struct span bytes);
void load_socket_flush(struct load_socket *socket);

/* Wait for a datagram, at most so long. */
void load_socket_wait(struct load_socket *socket, int wait_ms);

/* Take all datagrams that are there, in batches; what `take` sends leaves after each batch.
 * take  a device's datagram; bytes live until it returns. One for an address that is no device's is left out */
void load_socket_receive(struct load_socket *socket, void (*take)(void *context, uint32_t number, struct span bytes),
                         void *context);

#endif
