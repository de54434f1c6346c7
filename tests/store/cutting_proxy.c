#include "tests/store/cutting_proxy.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINES 16
#define FOLDER_SIZE 60

struct line {
    int program;
    int server;
};

struct cutting_proxy {
    char folder[FOLDER_SIZE];
    char server[sizeof ((struct sockaddr_un *)NULL)->sun_path];
    int listener;
    int wake[2]; /* closed: end */
    pthread_t thread;
    pthread_mutex_t mutex; /* of what follows */
    unsigned requests;     /* until the cut; 0: none is wanted */
    enum proxy_cut cut;
    unsigned cuts;
    struct line lines[LINES];
    size_t line_count;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    abort();
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    must(strlen(path) < sizeof address.sun_path, path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    return address;
}

/* A server that is down refuses, and so do we. One that the test starts must not inherit the lines: they would stay open. */
static void line_open(struct cutting_proxy *proxy)
{
    struct sockaddr_un address = address_of(proxy->server);
    struct line line = { accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC), socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };

    must(proxy->line_count < LINES, "lines");
    if (connect(line.server, (struct sockaddr *)&address, sizeof address) == 0) {
        proxy->lines[proxy->line_count++] = line;
        return;
    }
    close(line.program);
    close(line.server);
}

static void line_close(struct cutting_proxy *proxy, size_t number)
{
    close(proxy->lines[number].program);
    close(proxy->lines[number].server);
    proxy->lines[number] = proxy->lines[--proxy->line_count];
}

static bool pass(int to, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Does the cut fall on this request? */
static bool cut_due(struct cutting_proxy *proxy, enum proxy_cut *cut)
{
    pthread_mutex_lock(&proxy->mutex);
    bool due = proxy->requests > 0 && --proxy->requests == 0;
    proxy->cuts += due ? 1 : 0;
    *cut = proxy->cut;
    pthread_mutex_unlock(&proxy->mutex);
    return due;
}

/* One piece of one direction.
 * returns  false when the line is at its end */
static bool piece_pass(struct cutting_proxy *proxy, const struct line *line, bool from_program)
{
    static uint8_t bytes[1 << 16]; /* one thread */
    enum proxy_cut cut;
    ssize_t size = recv(from_program ? line->program : line->server, bytes, sizeof bytes, 0);

    if (size <= 0)
        return false;
    if (!from_program || !cut_due(proxy, &cut))
        return pass(from_program ? line->server : line->program, bytes, (size_t)size);
    if (cut != PROXY_CUT_BEFORE)
        (void)pass(line->server, bytes, cut == PROXY_CUT_WITHIN ? (size_t)size / 2 : (size_t)size);
    return false;
}

static bool round_do(struct cutting_proxy *proxy)
{
    struct pollfd places[2 + 2 * LINES] = { { .fd = proxy->wake[0], .events = POLLIN },
                                            { .fd = proxy->listener, .events = POLLIN } };
    size_t count = proxy->line_count;

    for (size_t i = 0; i < count; i++) {
        places[2 + 2 * i] = (struct pollfd){ .fd = proxy->lines[i].program, .events = POLLIN };
        places[3 + 2 * i] = (struct pollfd){ .fd = proxy->lines[i].server, .events = POLLIN };
    }
    must(poll(places, 2 + 2 * count, -1) > 0, "poll");
    if (places[0].revents != 0)
        return false;
    for (size_t i = count; i-- > 0;) {
        bool goes_on = places[2 + 2 * i].revents == 0 || piece_pass(proxy, &proxy->lines[i], true);
        if (goes_on && places[3 + 2 * i].revents != 0)
            goes_on = piece_pass(proxy, &proxy->lines[i], false);
        if (!goes_on)
            line_close(proxy, i);
    }
    if (places[1].revents != 0)
        line_open(proxy);
    return true;
}

static void *work(void *context)
{
    struct cutting_proxy *proxy = context;

    while (round_do(proxy))
        continue;
    while (proxy->line_count > 0)
        line_close(proxy, 0);
    return NULL;
}

struct cutting_proxy *cutting_proxy_open(const char *server)
{
    struct cutting_proxy *proxy = calloc(1, sizeof *proxy);
    char path[FOLDER_SIZE + 20];

    must(proxy != NULL, "memory");
    snprintf(proxy->folder, sizeof proxy->folder, "/tmp/meterworks-proxy-XXXXXX");
    must(mkdtemp(proxy->folder) != NULL, "folder");
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", proxy->folder);
    snprintf(proxy->server, sizeof proxy->server, "%s", server);
    struct sockaddr_un address = address_of(path);
    proxy->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(proxy->listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(proxy->listener, LINES) == 0 &&
             pipe2(proxy->wake, O_CLOEXEC) == 0 && pthread_mutex_init(&proxy->mutex, NULL) == 0 &&
             pthread_create(&proxy->thread, NULL, work, proxy) == 0,
         "proxy");
    return proxy;
}

void cutting_proxy_close(struct cutting_proxy *proxy)
{
    char path[FOLDER_SIZE + 20];

    close(proxy->wake[1]);
    pthread_join(proxy->thread, NULL);
    close(proxy->wake[0]);
    close(proxy->listener);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", proxy->folder);
    unlink(path);
    rmdir(proxy->folder);
    pthread_mutex_destroy(&proxy->mutex);
    free(proxy);
}

const char *cutting_proxy_host(const struct cutting_proxy *proxy)
{
    return proxy->folder;
}

void cutting_proxy_cut(struct cutting_proxy *proxy, unsigned requests, enum proxy_cut cut)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->requests = requests;
    proxy->cut = cut;
    pthread_mutex_unlock(&proxy->mutex);
}

unsigned cutting_proxy_cuts(struct cutting_proxy *proxy)
{
    pthread_mutex_lock(&proxy->mutex);
    unsigned cuts = proxy->cuts;
    pthread_mutex_unlock(&proxy->mutex);
    return cuts;
}
