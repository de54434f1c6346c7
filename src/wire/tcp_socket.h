/* Single TCP sockets that do not block, for connections between our own processes; tcp_engine serves the many. */
#ifndef WIRE_TCP_SOCKET_H
#define WIRE_TCP_SOCKET_H

#include <stdint.h>

#include "wire/peer_address.h"

/* address  "192.0.2.1:7377", "[::]:7377"; port 0 takes a free one
 * port     the port in use, host order
 * returns  the descriptor of a socket that listens; WIRE_ERR_ADDRESS, WIRE_ERR_BIND, WIRE_ERR_SYSTEM */
int tcp_socket_listen(const char *address, uint16_t *port);

/* returns  the descriptor of the next caller; WIRE_ERR_SYSTEM when there is none, or none can be taken now */
int tcp_socket_accept(int listener, struct peer_address *peer);

/* Begin to connect: writable when it is done, and tcp_socket_error says whether it succeeded.
 * address  "192.0.2.1:7377", "[2001:db8::1]:7377"
 * returns  a descriptor; WIRE_ERR_ADDRESS, WIRE_ERR_SYSTEM (also: nobody can be there) */
int tcp_socket_dial(const char *address);

/* returns  0: connected; WIRE_ERR_SYSTEM: it failed */
int tcp_socket_error(int descriptor);

#endif
