/* Between texts, addresses as the kernel has them, and ours. Internal to the room. */
#ifndef WIRE_SOCKET_ADDRESS_H
#define WIRE_SOCKET_ADDRESS_H

#include <netinet/in.h>

#include "base/span.h"
#include "wire/peer_address.h"

/* Room for both families; sin6_family says which it is. */
struct socket_address {
    struct sockaddr_in6 any;
    socklen_t size;
};

/* "192.0.2.1:5683" or "[2001:db8::1]:5683": numbers only, because looking up a name would stop the thread.
 * returns  0; WIRE_ERR_ADDRESS with `out` untouched */
int socket_address_read(struct span text, struct socket_address *out);

/* IPv4 becomes ::ffff:a.b.c.d. */
struct peer_address socket_address_peer(const struct sockaddr_in6 *from);

/* For a socket of `family`; a peer that is no IPv4 address must not meet AF_INET. */
struct sockaddr_in6 socket_address_of_peer(int family, const struct peer_address *peer);

/* Where a socket is bound. returns the port in host order; 0 when the system does not say */
uint16_t socket_address_port(int descriptor);

#endif
