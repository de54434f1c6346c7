#include "wire/socket_address.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "base/decimal.h"
#include "base/text.h"
#include "wire/wire_error.h"

#define ADDRESS_TEXT_LIMIT 64

/* Split "host:port" at the last colon; brackets around an IPv6 host are taken off. */
static int address_split(struct span text, char *host, char *port)
{
    size_t colon = text.size;
    while (colon > 0 && text.bytes[colon - 1] != ':')
        colon--;
    if (colon < 2 || colon == text.size)
        return WIRE_ERR_ADDRESS;
    struct span host_text = span_of_bytes(text.bytes, colon - 1);
    struct span port_text = span_of_bytes(text.bytes + colon, text.size - colon);
    if (host_text.size >= 2 && host_text.bytes[0] == '[' && host_text.bytes[host_text.size - 1] == ']')
        host_text = span_of_bytes(host_text.bytes + 1, host_text.size - 2);
    int64_t number;
    /* getaddrinfo would quietly wrap a number above 65,535. */
    if (decimal_parse(port_text, 0, &number) != 0 || number < 0 || number > UINT16_MAX)
        return WIRE_ERR_ADDRESS;
    if (text_copy(host_text, host, ADDRESS_TEXT_LIMIT) < 0 || text_copy(port_text, port, ADDRESS_TEXT_LIMIT) < 0)
        return WIRE_ERR_ADDRESS;
    return 0;
}

int socket_address_read(struct span text, struct socket_address *out)
{
    char host[ADDRESS_TEXT_LIMIT];
    char port[ADDRESS_TEXT_LIMIT];
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;

    if (address_split(text, host, port) != 0 || getaddrinfo(host, port, &hints, &found) != 0)
        return WIRE_ERR_ADDRESS;
    memset(out, 0, sizeof *out);
    memcpy(&out->any, found->ai_addr, found->ai_addrlen);
    out->size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

struct peer_address socket_address_peer(const struct sockaddr_in6 *from)
{
    struct peer_address peer = { .port = ntohs(from->sin6_port) };
    if (from->sin6_family == AF_INET6) {
        memcpy(peer.ip, &from->sin6_addr, sizeof peer.ip);
        return peer;
    }
    struct sockaddr_in narrow;
    memcpy(&narrow, from, sizeof narrow);
    peer.ip[10] = peer.ip[11] = 0xff;
    memcpy(peer.ip + 12, &narrow.sin_addr, 4);
    return peer;
}

struct sockaddr_in6 socket_address_of_peer(int family, const struct peer_address *peer)
{
    struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = htons(peer->port) };
    if (family == AF_INET6) {
        memcpy(&to.sin6_addr, peer->ip, sizeof peer->ip);
        return to;
    }
    struct sockaddr_in narrow = { .sin_family = AF_INET, .sin_port = htons(peer->port) };
    memcpy(&narrow.sin_addr, peer->ip + 12, 4);
    memcpy(&to, &narrow, sizeof narrow);
    return to;
}

uint16_t socket_address_port(int descriptor)
{
    struct sockaddr_in6 bound;
    socklen_t size = sizeof bound;
    if (getsockname(descriptor, (struct sockaddr *)&bound, &size) != 0)
        return 0;
    /* sin_port and sin6_port lie at the same place. */
    return ntohs(bound.sin6_port);
}
