#include "apps/meterworks/link_caller.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "wire/tcp_socket.h"

int64_t link_caller_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void link_caller_dial(struct link_caller *caller, const char *address, int64_t deadline_ms)
{
    caller->descriptor = tcp_socket_dial(address);
    caller->step = LINK_CALLER_DIALLING;
    caller->deadline_ms = deadline_ms;
}

/* The socket is the channel's from now on. returns  1 connected; 0 wait; -1 */
static int dialled(struct link_caller *caller, struct tls_party *party)
{
    struct pollfd wait = { .fd = caller->descriptor, .events = POLLOUT };
    int descriptor = caller->descriptor;

    if (descriptor < 0)
        return -1;
    if (poll(&wait, 1, 0) != 1)
        return 0;
    if (tcp_socket_error(descriptor) < 0)
        return -1;
    caller->descriptor = -1;
    caller->step = LINK_CALLER_SHAKING;
    return tls_channel_open(party, descriptor, &caller->channel) < 0 ? -1 : 1;
}

int link_caller_work(struct link_caller *caller, struct tls_party *party, int64_t now_ms)
{
    int result = 1;

    if (caller->step == LINK_CALLER_DIALLING)
        result = dialled(caller, party);
    if (result == 1 && caller->step == LINK_CALLER_SHAKING)
        result = tls_channel_shake(caller->channel);
    if (result < 0 || (result == 0 && now_ms >= caller->deadline_ms))
        return -1;
    if (result == 1)
        caller->step = LINK_CALLER_OPEN;
    return result;
}

void link_caller_close(struct link_caller *caller)
{
    tls_channel_close(caller->channel);
    if (caller->descriptor >= 0)
        close(caller->descriptor);
    *caller = (struct link_caller){ .descriptor = -1 };
}
