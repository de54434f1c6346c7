#include "wire/tcp_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/socket_address.h"
#include "wire/wire_error.h"

#define BACKLOG 64

/* returns  a descriptor; WIRE_ERR_ADDRESS, WIRE_ERR_SYSTEM */
static int socket_make(const char *text, struct socket_address *address)
{
    if (socket_address_read(span_of_text(text), address) != 0)
        return WIRE_ERR_ADDRESS;
    int descriptor = socket(address->any.sin6_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return descriptor >= 0 ? descriptor : WIRE_ERR_SYSTEM;
}

static void option_set(int descriptor, int level, int name, int value)
{
    /* Refused, the default stays: slower, not wrong. */
    int result = setsockopt(descriptor, level, name, &value, sizeof value);
    (void)result;
}

int tcp_socket_listen(const char *text, uint16_t *port)
{
    struct socket_address address;
    int descriptor = socket_make(text, &address);

    if (descriptor < 0)
        return descriptor;
    option_set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    if (address.any.sin6_family == AF_INET6)
        option_set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (bind(descriptor, (const struct sockaddr *)&address.any, address.size) != 0 || listen(descriptor, BACKLOG) != 0) {
        close(descriptor);
        return WIRE_ERR_BIND;
    }
    *port = socket_address_port(descriptor);
    return descriptor;
}

int tcp_socket_accept(int listener, struct peer_address *peer)
{
    struct sockaddr_in6 from = { 0 };
    socklen_t size = sizeof from;
    int descriptor = accept4(listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (descriptor < 0)
        return WIRE_ERR_SYSTEM;
    option_set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    *peer = socket_address_peer(&from);
    return descriptor;
}

int tcp_socket_dial(const char *text)
{
    struct socket_address address;
    int descriptor = socket_make(text, &address);

    if (descriptor < 0)
        return descriptor;
    option_set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    if (connect(descriptor, (const struct sockaddr *)&address.any, address.size) != 0 && errno != EINPROGRESS) {
        close(descriptor);
        return WIRE_ERR_SYSTEM;
    }
    return descriptor;
}

int tcp_socket_error(int descriptor)
{
    int error = 0;
    socklen_t size = sizeof error;

    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0 ? 0 : WIRE_ERR_SYSTEM;
}
