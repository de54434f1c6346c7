/* Lists of networks, such as "10.0.0.0/8, 192.168.1.5, fd00::/8": from where a partner may call, and which addresses
 * lie inside a house and not on the internet. */
#ifndef SECURITY_NETWORK_LIST_H
#define SECURITY_NETWORK_LIST_H

#include <stdbool.h>

#include "base/span.h"

#define NETWORK_LIST_SIZE 256
#define NETWORK_LIST_LIMIT 16
#define NETWORK_ADDRESS_SIZE 16
#define NETWORKS_OF_THIS_MACHINE "127.0.0.0/8,::1"

/* IPv4 as ::ffff:a.b.c.d, network byte order. */
struct network_address {
    uint8_t bytes[NETWORK_ADDRESS_SIZE];
};

/* "192.0.2.1" or "2001:db8::1", nothing behind it.
 * returns  false with *out untouched */
bool network_address_read(struct span text, struct network_address *out);

/* 1 to NETWORK_LIST_LIMIT networks separated by commas; "" holds everybody.
 * returns  0; SECURITY_ERR_NETWORKS */
int network_list_check(const char *list);

/* Whether one of the networks holds the address; a list that network_list_check refuses holds nobody. */
bool network_list_holds(const char *list, const struct network_address *address);

/* This machine, private and link-local networks, and what is no peer's address (RFC 1918, 3927, 4193, 4291, 6598,
 * 6890). */
bool network_address_is_inside(const struct network_address *address);

#endif
