/* Who is at the other end: the peer of the connection, or whom a proxy of this machine says it speaks for. Internal to the
 * room. */
#ifndef API_CLIENT_ADDRESS_H
#define API_CLIENT_ADDRESS_H

#include "api/exchange.h"

struct sockaddr;

/* A socket's other end.
 * out   all zeros when `from` is NULL or of neither kind
 * text  "" then */
void client_address_of_socket(const struct sockaddr *from, struct network_address *out, char text[CLIENT_TEXT_SIZE]);

/* The peer's address in text, "" unknown. Behind a proxy of this machine (a loopback peer) the last one that
 * X-Forwarded-For names: the proxy appended that itself. A peer elsewhere is believed nothing about anybody else.
 * returns  a text that lives as long as the exchange */
const char *client_address_text(struct exchange *exchange);

/* The same for lists of networks; lives as long as the exchange. */
const struct network_address *client_address(struct exchange *exchange);

/* How many first bytes of an address tell one house from another: an IPv6 network of 64 bits is one house, whatever its last
 * bits say. */
size_t client_address_house_size(const struct network_address *address);

/* The house as a number to count by. Never 0; the highest bit is always set, so that it meets no row's number. */
uint64_t client_address_number(struct exchange *exchange);

/* Does a proxy of this machine say, by X-Forwarded-Proto, that the client came over TLS? */
bool client_is_by_tls(const struct exchange *exchange);

/* What stands before every path of ours for the client: "/d/north" where this process serves one of several districts or a
 * proxy of this machine says so by X-Forwarded-Prefix; else "". Lives as long as the exchange. */
const char *client_prefix(struct exchange *exchange);

#endif
