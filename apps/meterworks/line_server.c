#include "apps/meterworks/line_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S INT64_C(1000000)
#define US_PER_MS 1000
#define BURST_GAP_US 20000 /* silence that ends what the master says; networks tear bursts apart */
#define HOST_LIMIT 256

static int64_t real_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

static int problem_say(char problem[256], const char *what)
{
    (void)snprintf(problem, 256, "%s: %s", what, strerror(errno));
    return -1;
}

static int server_make(struct line_server *server, struct line *line, char problem[256])
{
    sigset_t stop;
    memset(server, 0, sizeof *server);
    server->line = line;
    server->listener = server->master = -1;
    server->started_us = real_us();
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGINT);
    (void)sigaddset(&stop, SIGTERM);
    server->signals = signalfd(-1, &stop, SFD_CLOEXEC);
    return server->signals < 0 ? problem_say(problem, "signals") : 0;
}

/* "HOST:PORT" cut in two. */
static int address_find(const char *address, struct addrinfo **found, char problem[256])
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    const char *colon = strrchr(address, ':');
    char host[HOST_LIMIT];
    size_t size = colon != NULL ? (size_t)(colon - address) : 0;

    if (colon == NULL || size == 0 || size >= sizeof host) {
        (void)snprintf(problem, 256, "'%s' is not HOST:PORT", address);
        return -1;
    }
    memcpy(host, address, size);
    host[size] = '\0';
    int error = getaddrinfo(host, colon + 1, &hints, found);
    if (error != 0)
        (void)snprintf(problem, 256, "%s: %s", address, gai_strerror(error));
    return error == 0 ? 0 : -1;
}

static uint16_t port_of(int descriptor)
{
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    if (getsockname(descriptor, (struct sockaddr *)&own, &size) < 0)
        return 0;
    return ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
                                           : ((struct sockaddr_in *)&own)->sin_port);
}

int line_server_listen(struct line_server *server, struct line *line, const char *address, uint16_t *port,
                       char problem[256])
{
    struct addrinfo *found = NULL;
    const int on = 1;

    if (server_make(server, line, problem) < 0 || address_find(address, &found, problem) < 0)
        return -1;
    server->listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = server->listener >= 0 &&
                    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                    bind(server->listener, found->ai_addr, found->ai_addrlen) == 0 && listen(server->listener, 4) == 0;
    freeaddrinfo(found);
    if (!is_bound)
        return problem_say(problem, address);
    *port = port_of(server->listener);
    return 0;
}

static speed_t speed_of(uint32_t baud)
{
    static const struct {
        uint32_t baud;
        speed_t speed;
    } rows[] = {
        { 300, B300 },   { 600, B600 },     { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },
        { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].baud == baud)
            return rows[i].speed;
    return B0;
}

static int serial_set(int descriptor, const struct line_config *config)
{
    speed_t speed = speed_of(config->baud);
    struct termios settings;
    if (speed == B0)
        errno = EINVAL;
    if (speed == B0 || tcgetattr(descriptor, &settings) < 0)
        return -1;
    cfmakeraw(&settings);
    settings.c_cflag &= ~(tcflag_t)(PARENB | PARODD | CSTOPB);
    settings.c_cflag |= CLOCAL | CREAD;
    if (config->parity != LINE_PARITY_NONE)
        settings.c_cflag |= PARENB;
    if (config->parity == LINE_PARITY_ODD)
        settings.c_cflag |= PARODD;
    if (config->stop_bits == 2)
        settings.c_cflag |= CSTOPB;
    (void)cfsetspeed(&settings, speed);
    return tcsetattr(descriptor, TCSANOW, &settings);
}

/* A pseudo terminal: ours is one end, `name` the other. */
static int terminal_open(char name[64])
{
    int descriptor = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return -1;
    if (grantpt(descriptor) == 0 && unlockpt(descriptor) == 0 && ptsname_r(descriptor, name, 64) == 0)
        return descriptor;
    (void)close(descriptor);
    return -1;
}

int line_server_serial(struct line_server *server, struct line *line, const char *path, char name[64],
                       char problem[256])
{
    if (server_make(server, line, problem) < 0)
        return -1;
    if (path != NULL) {
        (void)snprintf(name, 64, "%s", path);
        server->master = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    } else {
        server->master = terminal_open(name);
    }
    if (server->master < 0 || (serial_set(server->master, &line->config) < 0 && path != NULL))
        return problem_say(problem, path != NULL ? path : "pseudo terminal");
    return 0;
}

static int64_t now_us(const struct line_server *server)
{
    return real_us() - server->started_us;
}

static void master_leave(struct line_server *server)
{
    (void)close(server->master);
    server->master = -1;
    server->burst_size = 0;
}

static void master_accept(struct line_server *server)
{
    const int on = 1;
    server->master = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (server->master >= 0)
        (void)setsockopt(server->master, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* A pseudo terminal that nobody has open reports EIO; somebody will come. */
static bool master_hear(struct line_server *server)
{
    ssize_t size = read(server->master, server->burst + server->burst_size, sizeof server->burst - server->burst_size);
    if (size > 0) {
        server->burst_size += (size_t)size;
        server->heard_us = now_us(server);
        return true;
    }
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (server->listener >= 0) {
        master_leave(server);
        return true;
    }
    (void)poll(NULL, 0, BURST_GAP_US / US_PER_MS);
    return size < 0 && errno == EIO;
}

/* What has arrived goes to whoever is there; a master who does not take it loses it. */
static void answers_pass(struct line_server *server)
{
    uint8_t bytes[LINE_BURST_LIMIT];
    size_t size = line_receive(server->line, now_us(server), bytes, sizeof bytes);
    if (size == 0 || server->master < 0)
        return;
    ssize_t written = write(server->master, bytes, size);
    if (written < 0 && errno != EAGAIN && errno != EINTR && server->listener >= 0)
        master_leave(server);
}

static void burst_pass(struct line_server *server)
{
    bool is_over = server->burst_size == sizeof server->burst || now_us(server) - server->heard_us >= BURST_GAP_US;
    if (server->burst_size == 0 || !is_over)
        return;
    (void)line_send(server->line, now_us(server), span_of_bytes(server->burst, server->burst_size));
    server->burst_size = 0;
}

static void second_pass(struct line_server *server)
{
    if (now_us(server) - server->second_us < US_PER_S)
        return;
    server->second_us = now_us(server);
    if (server->second_pass != NULL)
        server->second_pass(server->context);
}

/* How long nothing is due, ms. */
static int wait_ms(struct line_server *server)
{
    int64_t due_us = server->second_us + US_PER_S;
    int64_t answer_us = line_due_us(server->line, now_us(server));
    int64_t burst_us = server->burst_size > 0 ? server->heard_us + BURST_GAP_US : INT64_MAX;
    due_us = answer_us < due_us ? answer_us : due_us;
    due_us = burst_us < due_us ? burst_us : due_us;
    int64_t left_us = due_us - now_us(server);
    return left_us <= 0 ? 0 : (int)((left_us + US_PER_MS - 1) / US_PER_MS);
}

int line_server_run(struct line_server *server, char problem[256])
{
    for (;;) {
        bool is_full = server->burst_size == sizeof server->burst;
        struct pollfd watched[] = {
            { server->signals, POLLIN, 0 },
            { server->master < 0 ? server->listener : -1, POLLIN, 0 },
            { is_full ? -1 : server->master, POLLIN, 0 },
        };
        if (poll(watched, 3, wait_ms(server)) < 0 && errno != EINTR)
            return problem_say(problem, "poll");
        if (watched[0].revents != 0)
            return 0;
        if (watched[1].revents != 0)
            master_accept(server);
        if (watched[2].revents != 0 && !master_hear(server))
            return problem_say(problem, "serial device");
        burst_pass(server);
        answers_pass(server);
        second_pass(server);
    }
}

void line_server_close(struct line_server *server)
{
    int *descriptors[] = { &server->listener, &server->master, &server->signals };
    for (size_t i = 0; i < 3; i++) {
        if (*descriptors[i] >= 0)
            (void)close(*descriptors[i]);
        *descriptors[i] = -1;
    }
}
