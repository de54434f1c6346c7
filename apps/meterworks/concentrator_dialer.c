#include "apps/meterworks/concentrator_dialer.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_AT_ONCE 256
#define READ_SIZE 16384
#define PROBLEM_SIZE 256
#define STOP_NUMBER UINT64_MAX
#define DESCRIPTORS_BESIDES 64

struct waiting {
    uint8_t *bytes;
    size_t size;
};

struct connection {
    int descriptor; /* -1: none */
    bool is_connected;
    struct waiting in;
    struct waiting out;
};

struct concentrator_dialer {
    struct concentrator_dialer_config config;
    struct sockaddr_storage address;
    socklen_t address_size;
    struct connection *connections;
    size_t connected;
    int epoll;
    int stop;
};

static int problem_say(char *problem, const char *what, const char *why)
{
    snprintf(problem, PROBLEM_SIZE, "%s: %s", what, why);
    return -1;
}

static void waiting_clear(struct waiting *waiting)
{
    free(waiting->bytes);
    waiting->bytes = NULL;
    waiting->size = 0;
}

/* returns  false: too much, or no memory */
static bool waiting_add(struct waiting *waiting, struct span bytes)
{
    if (bytes.size == 0)
        return true;
    if (waiting->size + bytes.size > CONCENTRATOR_DIALER_WAITING_LIMIT)
        return false;
    uint8_t *grown = realloc(waiting->bytes, waiting->size + bytes.size);
    if (grown == NULL)
        return false;
    memcpy(grown + waiting->size, bytes.bytes, bytes.size);
    waiting->bytes = grown;
    waiting->size += bytes.size;
    return true;
}

static void waiting_drop(struct waiting *waiting, size_t count)
{
    if (count >= waiting->size) {
        waiting_clear(waiting);
        return;
    }
    waiting->size -= count;
    memmove(waiting->bytes, waiting->bytes + count, waiting->size);
}

static void watch(struct concentrator_dialer *dialer, size_t number, int operation, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.u64 = number };
    (void)epoll_ctl(dialer->epoll, operation, dialer->connections[number].descriptor, &event);
}

void concentrator_dialer_hang_up(struct concentrator_dialer *dialer, size_t number)
{
    struct connection *connection = &dialer->connections[number];

    if (connection->descriptor < 0)
        return;
    dialer->connected -= connection->is_connected ? 1u : 0u;
    (void)close(connection->descriptor);
    connection->descriptor = -1;
    connection->is_connected = false;
    waiting_clear(&connection->in);
    waiting_clear(&connection->out);
}

static void lose(struct concentrator_dialer *dialer, size_t number)
{
    bool was_connected = dialer->connections[number].is_connected;

    concentrator_dialer_hang_up(dialer, number);
    if (was_connected)
        dialer->config.closed(dialer->config.context, number);
    else
        dialer->config.opened(dialer->config.context, number, false);
}

void concentrator_dialer_dial(struct concentrator_dialer *dialer, size_t number)
{
    struct connection *connection = &dialer->connections[number];
    const int one = 1;

    concentrator_dialer_hang_up(dialer, number);
    connection->descriptor = socket(dialer->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (connection->descriptor < 0) {
        dialer->config.opened(dialer->config.context, number, false);
        return;
    }
    (void)setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(connection->descriptor, (const struct sockaddr *)&dialer->address, dialer->address_size) < 0 &&
        errno != EINPROGRESS) {
        lose(dialer, number);
        return;
    }
    watch(dialer, number, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

static void out_flush(struct concentrator_dialer *dialer, size_t number)
{
    struct connection *connection = &dialer->connections[number];

    while (connection->out.size > 0) {
        ssize_t sent = send(connection->descriptor, connection->out.bytes, connection->out.size, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        waiting_drop(&connection->out, (size_t)sent);
    }
    watch(dialer, number, EPOLL_CTL_MOD, connection->out.size > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void concentrator_dialer_send(struct concentrator_dialer *dialer, size_t number, struct span bytes)
{
    struct connection *connection = &dialer->connections[number];
    ssize_t sent = 0;

    if (!connection->is_connected)
        return;
    if (connection->out.size == 0)
        sent = send(connection->descriptor, bytes.bytes, bytes.size, MSG_NOSIGNAL);
    size_t done = sent < 0 ? 0 : (size_t)sent;
    if (done == bytes.size)
        return;
    /* A head-end that reads nothing is left; the next event says so. */
    if (waiting_add(&connection->out, span_of_bytes(bytes.bytes + done, bytes.size - done)))
        watch(dialer, number, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    else
        (void)shutdown(connection->descriptor, SHUT_RDWR);
}

/* What waits stands before what came; the owner takes what it can. */
static void bytes_take(struct concentrator_dialer *dialer, size_t number, struct span bytes)
{
    struct connection *connection = &dialer->connections[number];

    if (connection->in.size == 0) {
        size_t done = dialer->config.received(dialer->config.context, number, bytes);
        if (connection->descriptor >= 0 && done < bytes.size &&
            !waiting_add(&connection->in, span_of_bytes(bytes.bytes + done, bytes.size - done)))
            (void)shutdown(connection->descriptor, SHUT_RDWR);
        return;
    }
    if (!waiting_add(&connection->in, bytes)) {
        (void)shutdown(connection->descriptor, SHUT_RDWR);
        return;
    }
    size_t done = dialer->config.received(dialer->config.context, number,
                                          span_of_bytes(connection->in.bytes, connection->in.size));
    if (connection->descriptor >= 0)
        waiting_drop(&connection->in, done);
}

static void readable(struct concentrator_dialer *dialer, size_t number)
{
    uint8_t bytes[READ_SIZE];
    ssize_t size = recv(dialer->connections[number].descriptor, bytes, sizeof bytes, 0);

    if (size > 0)
        bytes_take(dialer, number, span_of_bytes(bytes, (size_t)size));
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        lose(dialer, number);
}

static void writable(struct concentrator_dialer *dialer, size_t number)
{
    struct connection *connection = &dialer->connections[number];
    int error = 0;
    socklen_t size = sizeof error;

    if (connection->is_connected) {
        out_flush(dialer, number);
        return;
    }
    if (getsockopt(connection->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0) {
        lose(dialer, number);
        return;
    }
    connection->is_connected = true;
    dialer->connected++;
    watch(dialer, number, EPOLL_CTL_MOD, EPOLLIN);
    dialer->config.opened(dialer->config.context, number, true);
}

bool concentrator_dialer_wait(struct concentrator_dialer *dialer, int wait_ms)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(dialer->epoll, events, EVENTS_AT_ONCE, wait_ms);

    for (int i = 0; i < count; i++) {
        size_t number = (size_t)events[i].data.u64;
        if (events[i].data.u64 == STOP_NUMBER)
            return false;
        if ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0 && (events[i].events & EPOLLIN) == 0) {
            if (dialer->connections[number].descriptor >= 0)
                lose(dialer, number);
            continue;
        }
        if ((events[i].events & EPOLLOUT) != 0 && dialer->connections[number].descriptor >= 0)
            writable(dialer, number);
        if ((events[i].events & EPOLLIN) != 0 && dialer->connections[number].descriptor >= 0)
            readable(dialer, number);
    }
    return true;
}

size_t concentrator_dialer_connected(const struct concentrator_dialer *dialer)
{
    return dialer->connected;
}

static int server_find(struct concentrator_dialer *dialer, char *problem)
{
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    int result = getaddrinfo(dialer->config.host, dialer->config.port, &wanted, &found);

    if (result != 0)
        return problem_say(problem, dialer->config.host, gai_strerror(result));
    memcpy(&dialer->address, found->ai_addr, found->ai_addrlen);
    dialer->address_size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

/* As many descriptors as connections are wanted. */
static int descriptors_raise(const struct concentrator_dialer *dialer, char *problem)
{
    struct rlimit limit;
    rlim_t wanted = dialer->config.count + DESCRIPTORS_BESIDES;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return problem_say(problem, "file descriptors", strerror(errno));
    if (limit.rlim_cur >= wanted)
        return 0;
    limit.rlim_cur = wanted;
    limit.rlim_max = limit.rlim_max < wanted ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return problem_say(problem, "this many connections need more file descriptors (ulimit -n)", strerror(errno));
    return 0;
}

static int stop_watch(struct concentrator_dialer *dialer, char *problem)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = STOP_NUMBER };
    sigset_t signals;

    dialer->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (dialer->epoll < 0)
        return problem_say(problem, "epoll", strerror(errno));
    if (!dialer->config.minds_signals)
        return 0;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    dialer->stop = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (dialer->stop < 0 || epoll_ctl(dialer->epoll, EPOLL_CTL_ADD, dialer->stop, &event) < 0)
        return problem_say(problem, "epoll", strerror(errno));
    return 0;
}

int concentrator_dialer_open(const struct concentrator_dialer_config *config, struct concentrator_dialer **out,
                             char *problem)
{
    struct concentrator_dialer *dialer = calloc(1, sizeof *dialer);

    if (dialer == NULL)
        return problem_say(problem, "memory", "none left");
    dialer->config = *config;
    dialer->epoll = -1;
    dialer->stop = -1;
    dialer->connections = calloc(config->count == 0 ? 1 : config->count, sizeof dialer->connections[0]);
    for (size_t i = 0; dialer->connections != NULL && i < config->count; i++)
        dialer->connections[i].descriptor = -1;
    if (dialer->connections == NULL || server_find(dialer, problem) < 0 || descriptors_raise(dialer, problem) < 0 ||
        stop_watch(dialer, problem) < 0) {
        concentrator_dialer_close(dialer);
        return -1;
    }
    *out = dialer;
    return 0;
}

void concentrator_dialer_close(struct concentrator_dialer *dialer)
{
    if (dialer == NULL)
        return;
    for (size_t i = 0; dialer->connections != NULL && i < dialer->config.count; i++)
        concentrator_dialer_hang_up(dialer, i);
    free(dialer->connections);
    if (dialer->epoll >= 0)
        (void)close(dialer->epoll);
    if (dialer->stop >= 0)
        (void)close(dialer->stop);
    free(dialer);
}
