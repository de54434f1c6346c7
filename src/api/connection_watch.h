/* How long a connection may take, and how many one address may hold. A request that arrives a byte a minute would keep its
 * place for ever: libmicrohttpd's timeout begins anew with each byte. Here a request has so long from the moment its
 * connection waits for it, an answer so long from the moment it is made; a live stream as long as it lives.
 *
 * Bounded, any thread; time is passed in, of a clock that only goes forward. Internal to the room. */
#ifndef API_CONNECTION_WATCH_H
#define API_CONNECTION_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "security/network_list.h"

#define CONNECTION_LIMIT 1024
#define CONNECTIONS_OF_ADDRESS 512          /* of one address, or IPv6 network of 64 bits, that is not this machine: a proxy here speaks for many */
#define CONNECTION_REQUEST_MS INT64_C(120000)
#define CONNECTION_ANSWER_MS INT64_C(900000)

struct connection_watch;
struct watched_connection;

/* NULL: no memory. */
struct connection_watch *connection_watch_open(void);

/* NULL is accepted. */
void connection_watch_close(struct connection_watch *watch);

/* May the address hold one more? */
bool connection_watch_admits(struct connection_watch *watch, const struct network_address *address);

/* A connection began, and waits for a request.
 * returns  its row, until connection_watch_closed; NULL when all CONNECTION_LIMIT are taken: it is not watched */
struct watched_connection *connection_watch_opened(struct connection_watch *watch, int descriptor,
    const struct network_address *address, int64_t now_ms);

/* A whole request is there and is being answered; `endless`: by a live stream. row NULL is accepted, here and below. */
void connection_watch_answering(struct connection_watch *watch, struct watched_connection *row, bool endless, int64_t now_ms);

/* The answer is out: it waits for the next request. */
void connection_watch_waiting(struct connection_watch *watch, struct watched_connection *row, int64_t now_ms);

/* Called before the descriptor is closed. */
void connection_watch_closed(struct connection_watch *watch, struct watched_connection *row);

/* Hand every connection whose time is over to `end`, once; it must not close the descriptor.
 * returns  how many */
size_t connection_watch_tick(struct connection_watch *watch, int64_t now_ms, void (*end)(int descriptor));

#endif
