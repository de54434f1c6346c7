#include "api/api_server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "api/api_server_internal.h"
#include "api/books_check.h"
#include "api/client_address.h"
#include "api/connection_watch.h"
#include "api/live_stream.h"
#include "api/open_guard.h"
#include "api/request.h"
#include "api/sign_in_guard.h"
#include "base/log.h"

#define THREADS_DEFAULT 3
#define THREADS_LIMIT 8
#define CONNECTION_MEMORY (32u * 1024) /* request line and headers of one connection */
#define IDLE_TIMEOUT_S 60
#define BACKLOG 256
#define TICK_MS 250

struct api_server {
    struct api_config config;
    struct MHD_Daemon *daemon;
    struct live_streams *streams;
    struct open_guard *guard;
    struct sign_in_guard *sign_in_guard;
    struct books_check *books_check;
    struct connection_watch *watch;
    pthread_t ticker;
    bool ticking;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    atomic_ullong requests;
    int64_t opened_ms;
    uint16_t port;
};

struct live_streams *api_server_streams(struct api_server *server)
{
    return server->streams;
}

struct open_guard *api_server_guard(struct api_server *server)
{
    return server->guard;
}

struct sign_in_guard *api_server_sign_in_guard(struct api_server *server)
{
    return server->sign_in_guard;
}

struct books_check *api_server_books_check(struct api_server *server)
{
    return server->books_check;
}

struct connection_watch *api_server_watch(struct api_server *server)
{
    return server->watch;
}

int64_t api_server_uptime_s(const struct api_server *server)
{
    return (exchange_monotonic_ms() - server->opened_ms) / 1000;
}

uint16_t api_server_port(const struct api_server *server)
{
    return server->port;
}

const char *api_server_error_text(int error)
{
    switch (error) {
    case API_SERVER_ERR_CONFIG:
        return "the server's configuration is incomplete";
    case API_SERVER_ERR_ADDRESS:
        return "cannot listen on this address and port";
    case API_SERVER_ERR_MEMORY:
        return "out of memory";
    default:
        return "unknown error";
    }
}

static void wake(void *context)
{
    live_streams_wake(context);
}

int64_t exchange_monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True when the server is closing; false after TICK_MS. */
static bool stop_wait(struct api_server *server)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_mutex_lock(&server->lock);
    while (!server->stopping && pthread_cond_timedwait(&server->stop, &server->lock, &until) == 0)
        continue;
    bool stopping = server->stopping;
    pthread_mutex_unlock(&server->lock);
    return stopping;
}

/* Whoever reads or writes at it learns that it is over; libmicrohttpd closes it then. */
static void connection_end(int descriptor)
{
    (void)shutdown(descriptor, SHUT_RDWR);
}

/* Quiet streams must say "tick" once a second; connections that take too long end. */
static void *ticker_run(void *context)
{
    struct api_server *server = context;

    while (!stop_wait(server)) {
        live_streams_wake(server->streams);
        size_t ended = connection_watch_tick(server->watch, exchange_monotonic_ms(), connection_end);
        if (ended > 0)
            log_write(LOG_API, LOG_NOTICE, "", "%zu connections took too long and were ended", ended);
    }
    return NULL;
}

static void *target_note(void *context, const char *target, struct MHD_Connection *connection)
{
    struct api_server *server = context;

    (void)connection;
    return request_open(server, &server->config, target, atomic_fetch_add(&server->requests, 1) + 1);
}

static enum MHD_Result request_take(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *bytes, size_t *size, void **request)
{
    (void)context;
    (void)url;
    (void)version;
    return request_advance(*request, connection, method, bytes, size);
}

static void request_done(void *context, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode code)
{
    struct api_server *server = context;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    (void)code;
    connection_watch_waiting(server->watch, info != NULL ? info->socket_context : NULL, exchange_monotonic_ms());
    request_close(*request);
    *request = NULL;
}

static enum MHD_Result connection_admit(void *context, const struct sockaddr *from, socklen_t size)
{
    struct api_server *server = context;
    struct network_address address;
    char text[CLIENT_TEXT_SIZE];

    (void)size;
    client_address_of_socket(from, &address, text);
    return connection_watch_admits(server->watch, &address) ? MHD_YES : MHD_NO;
}

static void connection_begin(struct connection_watch *watch, struct MHD_Connection *connection, void **row)
{
    const union MHD_ConnectionInfo *from = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *over = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct network_address address;
    char text[CLIENT_TEXT_SIZE];

    client_address_of_socket(from != NULL ? from->client_addr : NULL, &address, text);
    if (over != NULL)
        *row = connection_watch_opened(watch, over->connect_fd, &address, exchange_monotonic_ms());
}

static void connection_note(void *context, struct MHD_Connection *connection, void **row,
    enum MHD_ConnectionNotificationCode code)
{
    struct api_server *server = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_begin(server->watch, connection, row);
    else
        connection_watch_closed(server->watch, *row);
}

static int socket_bind(const struct addrinfo *address)
{
    int one = 1;
    int made = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->ai_protocol);

    if (made < 0)
        return -1;
    (void)setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(made, address->ai_addr, address->ai_addrlen) == 0 && listen(made, BACKLOG) == 0)
        return made;
    (void)close(made);
    return -1;
}

static int socket_listen(const char *host, uint16_t port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char service[8];
    int made = -1;

    (void)snprintf(service, sizeof service, "%u", port);
    if (host == NULL)
        host = "0.0.0.0";
    if (getaddrinfo(strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, service, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *at = found; at != NULL && made < 0; at = at->ai_next)
        made = socket_bind(at);
    freeaddrinfo(found);
    return made;
}

static uint16_t socket_port(int listener)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;

    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)&address)->sin_port);
}

static int daemon_start(struct api_server *server, int listener)
{
    unsigned threads = server->config.threads == 0 ? THREADS_DEFAULT : server->config.threads;

    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, connection_admit, server, request_take, server,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTION_LIMIT,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_URI_LOG_CALLBACK, target_note, server,
        MHD_OPTION_NOTIFY_COMPLETED, request_done, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_note, server,
        MHD_OPTION_END);
    return server->daemon == NULL ? API_SERVER_ERR_MEMORY : 0;
}

static bool config_is_complete(const struct api_config *config)
{
    return config->views.read != NULL && config->core.call != NULL && config->clock.now_s != NULL
        && config->clock.wall_s != NULL && config->threads <= THREADS_LIMIT;
}

static int server_start(struct api_server *server)
{
    int listener = socket_listen(server->config.address, server->config.port);

    if (listener < 0)
        return API_SERVER_ERR_ADDRESS;
    server->port = socket_port(listener);
    int result = daemon_start(server, listener);
    if (result != 0) {
        (void)close(listener);
        return result;
    }
    if (server->config.live != NULL)
        live_listen(server->config.live, wake, server->streams);
    server->ticking = pthread_create(&server->ticker, NULL, ticker_run, server) == 0;
    return 0;
}

/* The condition waits by the monotonic clock: nobody's setting of the time shall stretch a second. */
static void stop_prepare(struct api_server *server)
{
    pthread_condattr_t attributes;

    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->stop, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void server_free(struct api_server *server)
{
    live_streams_close(server->streams);
    open_guard_close(server->guard);
    sign_in_guard_close(server->sign_in_guard);
    books_check_close(server->books_check);
    connection_watch_close(server->watch);
    pthread_cond_destroy(&server->stop);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

int api_server_open(const struct api_config *config, struct api_server **out)
{
    if (!config_is_complete(config))
        return API_SERVER_ERR_CONFIG;
    struct api_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return API_SERVER_ERR_MEMORY;
    server->config = *config;
    stop_prepare(server);
    if (server->config.files == NULL) {
        server->config.files = packed_files;
        server->config.file_count = packed_file_count;
    }
    server->opened_ms = exchange_monotonic_ms();
    server->streams = live_streams_open(&server->config);
    server->guard = open_guard_open();
    server->sign_in_guard = sign_in_guard_open();
    server->books_check = books_check_open();
    server->watch = connection_watch_open();
    bool whole = server->streams != NULL && server->guard != NULL && server->sign_in_guard != NULL && server->books_check != NULL &&
                 server->watch != NULL;
    int result = whole ? server_start(server) : API_SERVER_ERR_MEMORY;
    if (result != 0) {
        server_free(server);
        return result;
    }
    *out = server;
    return 0;
}

int api_server_adopt(struct api_server *server, int descriptor)
{
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };

    return MHD_add_connection(server->daemon, descriptor, (const struct sockaddr *)&from, sizeof from) == MHD_YES
        ? 0 : API_SERVER_ERR_MEMORY;
}

void api_server_close(struct api_server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_signal(&server->stop);
    pthread_mutex_unlock(&server->lock);
    if (server->config.live != NULL)
        live_listen(server->config.live, NULL, NULL);
    if (server->ticking)
        (void)pthread_join(server->ticker, NULL);
    live_streams_stop(server->streams);
    MHD_stop_daemon(server->daemon);
    server_free(server);
}
