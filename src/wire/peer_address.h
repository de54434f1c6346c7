/* Where a datagram came from, in sixteen bytes of IPv6 (IPv4 as ::ffff:a.b.c.d, RFC 4291 2.5.5.2) and a port. */
#ifndef WIRE_PEER_ADDRESS_H
#define WIRE_PEER_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/writer.h"

#define PEER_ADDRESS_TEXT_LIMIT 56 /* "[ffff:...:ffff]:65535" and its zero */

struct peer_address {
    uint8_t ip[16]; /* network order */
    uint16_t port;  /* host order; 0: no address */
};

/* Same host and port. */
bool peer_address_equal(const struct peer_address *a, const struct peer_address *b);

/* For tables that strangers fill: `key` is secret and drawn at start. */
uint64_t peer_address_hash(const struct peer_address *address, struct hash_key key);

/* Write "192.0.2.1:5683" or "[2001:db8::1]:5683" (zeros are not compressed), at most PEER_ADDRESS_TEXT_LIMIT bytes. */
void peer_address_write(const struct peer_address *address, struct writer *out);

/* Loopback address 127.0.0.1 with a port: for tests and peers on the same machine. */
struct peer_address peer_address_of_loopback(uint16_t port);

#endif
