#include "apps/meterworks/town_link.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "apps/meterworks/town_dtls.h"

#define EVENT_LIMIT 256
#define DATAGRAM_SIZE 1500
#define SPARE_DESCRIPTORS 256  /* left to the rest of the program */
#define UNANSWERED_LIMIT 6     /* then the server is taken to have lost the session */

struct line {
    int descriptor;            /* -1 none */
    uint8_t unanswered;        /* sent since something came back */
    struct town_dtls *session;
};

struct town_link {
    struct town_link_config config;
    struct sockaddr_storage plain;
    struct sockaddr_storage secured;
    socklen_t address_size;
    int epoll;
    struct line *lines;        /* by home */
    uint32_t open_count;
    uint32_t open_limit;
    uint32_t session_count;
    struct town_dtls_context *dtls;
    struct town_link_counts counts;
};

static void port_set(struct sockaddr_storage *address, uint16_t port)
{
    if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
    else
        ((struct sockaddr_in *)address)->sin_port = htons(port);
}

static int host_find(struct town_link *link, char problem[256])
{
    struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
    struct addrinfo *found = NULL;
    int error = getaddrinfo(link->config.host, NULL, &hints, &found);

    if (error != 0) {
        (void)snprintf(problem, 256, "%s: %s", link->config.host, gai_strerror(error));
        return -1;
    }
    memcpy(&link->plain, found->ai_addr, found->ai_addrlen);
    memcpy(&link->secured, found->ai_addr, found->ai_addrlen);
    link->address_size = found->ai_addrlen;
    freeaddrinfo(found);
    port_set(&link->plain, link->config.coap_port);
    port_set(&link->secured, link->config.coaps_port);
    return 0;
}

/* As many sockets as the system lets us have. */
static uint32_t descriptors_raise(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return SPARE_DESCRIPTORS;
    limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= SPARE_DESCRIPTORS * 2)
        return SPARE_DESCRIPTORS;
    return (uint32_t)limit.rlim_cur - SPARE_DESCRIPTORS;
}

int town_link_open(const struct town_link_config *config, struct town_link **out, char problem[256])
{
    struct town_link *link = calloc(1, sizeof *link);

    if (link != NULL) {
        link->config = *config;
        link->epoll = epoll_create1(EPOLL_CLOEXEC);
        link->lines = calloc(config->homes, sizeof *link->lines);
    }
    if (link == NULL || link->lines == NULL || link->epoll < 0 || town_dtls_context_open(&link->dtls) < 0) {
        (void)snprintf(problem, 256, "the system gives no memory, or no more files");
        town_link_close(link);
        return -1;
    }
    for (uint32_t home = 0; home < config->homes; home++)
        link->lines[home].descriptor = -1;
    link->open_limit = descriptors_raise();
    if (host_find(link, problem) < 0) {
        town_link_close(link);
        return -1;
    }
    *out = link;
    return 0;
}

static void line_close(struct town_link *link, struct line *line)
{
    if (line->session != NULL)
        link->session_count--;
    town_dtls_close(line->session);
    line->session = NULL;
    if (line->descriptor >= 0) {
        close(line->descriptor);
        link->open_count--;
    }
    line->descriptor = -1;
    line->unanswered = 0;
}

void town_link_close(struct town_link *link)
{
    if (link == NULL)
        return;
    for (uint32_t home = 0; link->lines != NULL && home < link->config.homes; home++)
        line_close(link, &link->lines[home]);
    town_dtls_context_close(link->dtls);
    if (link->epoll >= 0)
        close(link->epoll);
    free(link->lines);
    free(link);
}

static bool session_start(struct town_link *link, uint32_t home)
{
    struct line *line = &link->lines[home];
    char identity[16];
    uint8_t key[TOWN_KEY_SIZE];

    if (link->session_count >= TOWN_SESSION_LIMIT || link->config.key_find == NULL ||
        !link->config.key_find(link->config.context, home, identity, key) ||
        town_dtls_open(link->dtls, line->descriptor, identity, key, &line->session) < 0)
        return false;
    link->session_count++;
    link->counts.handshakes++;
    return true;
}

static bool line_open(struct town_link *link, uint32_t home, bool secured)
{
    struct line *line = &link->lines[home];
    const struct sockaddr_storage *server = secured ? &link->secured : &link->plain;
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = home };

    if ((secured ? link->config.coaps_port : link->config.coap_port) == 0 || link->open_count >= link->open_limit)
        return false;
    line->descriptor = socket(server->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (line->descriptor < 0)
        return false;
    link->open_count++;
    if (connect(line->descriptor, (const struct sockaddr *)server, link->address_size) == 0 &&
        epoll_ctl(link->epoll, EPOLL_CTL_ADD, line->descriptor, &event) == 0 &&
        (!secured || session_start(link, home)))
        return true;
    line_close(link, line);
    return false;
}

void town_link_awake(struct town_link *link, uint32_t home, bool secured, bool awake)
{
    struct line *line = &link->lines[home];

    if (!awake && !secured)
        line_close(link, line);
    if (!awake && line->unanswered >= UNANSWERED_LIMIT)
        line_close(link, line);
}

void town_link_send(struct town_link *link, uint32_t home, bool secured, struct span bytes)
{
    struct line *line = &link->lines[home];

    if (line->descriptor < 0 && !line_open(link, home, secured)) {
        link->counts.unsent++;
        return;
    }
    if (line->unanswered < UINT8_MAX)
        line->unanswered++;
    link->counts.sent++;
    if (line->session == NULL) {
        if (send(line->descriptor, bytes.bytes, bytes.size, 0) < 0)
            link->counts.unsent++;
    } else if (town_dtls_send(line->session, bytes) == TOWN_DTLS_FAILED) {
        link->counts.handshakes_failed++;
        line_close(link, line);
    }
}

static bool datagram_take(struct town_link *link, uint32_t home, uint8_t *bytes, size_t *size)
{
    struct line *line = &link->lines[home];

    if (line->session != NULL) {
        if (town_dtls_receive(line->session, bytes, DATAGRAM_SIZE, size) == TOWN_DTLS_FAILED) {
            link->counts.handshakes_failed++;
            line_close(link, line);
            return false;
        }
    } else {
        ssize_t count = recv(line->descriptor, bytes, DATAGRAM_SIZE, 0);
        *size = count > 0 ? (size_t)count : 0;
    }
    return *size > 0;
}

static int line_drain(struct town_link *link, uint32_t home)
{
    uint8_t bytes[DATAGRAM_SIZE];
    size_t size;
    int count = 0;

    while (link->lines[home].descriptor >= 0 && datagram_take(link, home, bytes, &size)) {
        link->lines[home].unanswered = 0;
        link->counts.received++;
        count++;
        link->config.received(link->config.context, home, (struct span){ bytes, size });
    }
    return count;
}

int town_link_poll(struct town_link *link, int timeout_ms)
{
    struct epoll_event events[EVENT_LIMIT];
    int ready = epoll_wait(link->epoll, events, EVENT_LIMIT, timeout_ms);
    int count = 0;

    for (int i = 0; i < ready; i++)
        count += line_drain(link, events[i].data.u32);
    return ready < 0 ? -1 : count;
}

struct town_link_counts town_link_counts(const struct town_link *link)
{
    return link->counts;
}
