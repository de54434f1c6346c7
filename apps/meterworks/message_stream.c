/* Sends over CMPP and SMPP: one connection that is kept, a window of messages on it, receipts as they come. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "apps/meterworks/message_sender.h"
#include "base/cipher.h"
#include "base/log.h"
#include "notify/notify_error.h"
#include "notify/stream_session.h"
#include "security/digest_openssl.h"

#define LOOP_MS 1000
#define RECEIVE_SIZE 4096
#define CONNECT_LOOK_MS 200  /* between two looks whether the program ends */

struct stream_sender {
    struct message_sender *sender;
    struct stream_session session;
    struct message_receipt receipts[STREAM_RECEIPT_LIMIT]; /* on their way to the core */
    int descriptor;
    int64_t allowed_ms;       /* when the next message may leave: per_second */
    int64_t look_ms;          /* when to ask the core for messages */
};

/* Wait until the connection stands, or it is the end of the program. 0; -1 with errno */
static int connection_wait(const struct message_sender *sender, int descriptor)
{
    struct pollfd wanted = { .fd = descriptor, .events = POLLOUT };
    int64_t until_ms = sender_monotonic_ms() + (int64_t)sender->provider->timeout_s * 1000;
    socklen_t size = sizeof(int);
    int problem = ETIMEDOUT, ready = 0;

    while (ready == 0 && !atomic_load(&sender->stopping) && sender_monotonic_ms() < until_ms)
        ready = poll(&wanted, 1, CONNECT_LOOK_MS);
    if (ready == 1)
        (void)getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size);
    errno = problem;
    return problem == 0 ? 0 : -1;
}

static int address_connect(const struct message_sender *sender, const struct addrinfo *address)
{
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int now = 1;

    if (descriptor < 0)
        return -1;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0 ||
        (errno == EINPROGRESS && connection_wait(sender, descriptor) == 0))
        return descriptor;
    close(descriptor);
    return -1;
}

/* "host:port" or "[v6]:port". A descriptor; -1 with the reason */
static int gateway_connect(const struct message_sender *sender, char reason[MESSAGE_REASON_SIZE])
{
    const struct provider *provider = sender->provider;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
    char host[sizeof provider->url];
    char *name = host, *port = NULL;
    int descriptor = -1, problem;

    memcpy(host, provider->url, sizeof host);
    port = strrchr(host, ':');
    *port++ = '\0';
    if (host[0] == '[' && port[-2] == ']') {
        port[-2] = '\0';
        name++;
    }
    problem = getaddrinfo(name, port, &hints, &list);
    if (problem != 0) {
        (void)snprintf(reason, MESSAGE_REASON_SIZE, "%.100s", gai_strerror(problem));
        return -1;
    }
    for (const struct addrinfo *row = list; row != NULL && descriptor < 0; row = row->ai_next)
        descriptor = address_connect(sender, row);
    if (descriptor < 0)
        (void)snprintf(reason, MESSAGE_REASON_SIZE, "%.100s", strerror(errno));
    freeaddrinfo(list);
    return descriptor;
}

static void bytes_receive(struct stream_sender *stream)
{
    uint8_t bytes[RECEIVE_SIZE];
    ssize_t size = recv(stream->descriptor, bytes, sizeof bytes, 0);

    if (size > 0)
        stream_session_input(&stream->session, span_of_bytes(bytes, (size_t)size), sender_monotonic_ms());
    else if (size == 0)
        stream_session_lost(&stream->session, "the gateway closed the connection");
    else if (errno != EAGAIN && errno != EINTR)
        stream_session_lost(&stream->session, "the connection broke");
}

static void bytes_send(struct stream_sender *stream)
{
    struct stream_session *session = &stream->session;
    ssize_t size;

    if (session->output_size == 0)
        return;
    size = send(stream->descriptor, session->output, session->output_size, MSG_NOSIGNAL);
    if (size > 0)
        stream_session_sent(session, (size_t)size);
    else if (errno != EAGAIN && errno != EINTR)
        stream_session_lost(session, "the connection broke");
}

/* What the session knows goes to the core: results first, receipts name them. */
static void news_tell(struct stream_sender *stream)
{
    struct stream_session *session = &stream->session;
    uint32_t count = stream_session_results(session, stream->sender->results, SENDER_ROUND_LIMIT);

    sender_settle(stream->sender, count);
    if (count > 0)
        stream->look_ms = 0;
    count = stream_session_receipts(session, stream->receipts, STREAM_RECEIPT_LIMIT);
    sender_receive(stream->sender, stream->receipts, count);
}

static void message_refuse(struct stream_sender *stream, const struct message *message, int problem)
{
    struct message_sender *sender = stream->sender;

    sender->results[0] = (struct message_result){ .message_id = message->message_id, .outcome = MESSAGE_OUT_REFUSED };
    (void)snprintf(sender->results[0].reason, sizeof sender->results[0].reason, "%s", notify_error_info(problem)->code);
    sender_settle(sender, 1);
}

/* How many may leave now by the provider's rate. */
static uint32_t messages_allowed(const struct stream_sender *stream, int64_t now_ms)
{
    int64_t each_ms = 1000 / stream->sender->provider->per_second;
    int64_t allowed = each_ms == 0 ? SENDER_ROUND_LIMIT : (now_ms - stream->allowed_ms) / each_ms;

    return allowed < 0 ? 0 : allowed > SENDER_ROUND_LIMIT ? SENDER_ROUND_LIMIT : (uint32_t)allowed;
}

static void messages_take(struct stream_sender *stream)
{
    struct message_sender *sender = stream->sender;
    int64_t now_ms = sender_monotonic_ms();
    int64_t each_ms = 1000 / sender->provider->per_second;
    uint32_t room = stream_session_room(&stream->session), allowed = messages_allowed(stream, now_ms), count;

    if (room > allowed)
        room = allowed;
    if (room == 0 || now_ms < stream->look_ms || atomic_load(&sender->stopping))
        return;
    count = sender_take(sender, room);
    stream->look_ms = count == room ? 0 : now_ms + sender_wait_ms(sender);
    if (count > 0)
        stream->allowed_ms = (stream->allowed_ms > now_ms - 1000 ? stream->allowed_ms : now_ms - 1000) + count * each_ms;
    for (uint32_t i = 0; i < count; i++) {
        int problem = stream_session_send(&stream->session, &sender->messages[i], now_ms);
        if (problem < 0)
            message_refuse(stream, &sender->messages[i], problem);
    }
}

static void events_wait(struct stream_sender *stream)
{
    struct message_sender *sender = stream->sender;
    struct pollfd descriptors[] = {
        { .fd = stream->descriptor, .events = (short)(stream->session.output_size > 0 ? POLLIN | POLLOUT : POLLIN) },
        { .fd = sender->notifier.descriptor, .events = POLLIN },
    };
    int64_t wait_ms = stream->look_ms - sender_monotonic_ms();

    if (stream_session_room(&stream->session) == 0 || wait_ms > LOOP_MS)
        wait_ms = LOOP_MS;
    (void)poll(descriptors, 2, wait_ms < 10 ? 10 : (int)wait_ms);
    if (descriptors[1].revents != 0) {
        notifier_drain(&sender->notifier);
        stream->look_ms = 0;
    }
    if ((descriptors[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        bytes_receive(stream);
}

static bool session_is_idle(const struct stream_session *session)
{
    for (uint32_t i = 0; i < STREAM_MESSAGE_LIMIT; i++)
        if (session->messages[i].used)
            return false;
    return true;
}

/* Until the connection breaks, or the program ends and what is under way is answered or has had its time. */
static void session_run(struct stream_sender *stream)
{
    struct stream_session *session = &stream->session;
    int64_t stop_ms = 0;
    bool was_ready = false;

    while (session->state != STREAM_BROKEN) {
        messages_take(stream);
        bytes_send(stream);
        events_wait(stream);
        stream_session_tick(session, sender_monotonic_ms());
        news_tell(stream);
        bytes_send(stream);
        if (session->state == STREAM_READY && !was_ready) {
            was_ready = true;
            sender_reached(stream->sender, true, "");
        }
        if (!atomic_load(&stream->sender->stopping))
            continue;
        stop_ms = stop_ms == 0 ? sender_monotonic_ms() + SENDER_STOP_MS : stop_ms;
        if (session_is_idle(session) || sender_monotonic_ms() >= stop_ms)
            return;
    }
}

/* One connection from its beginning to its end. */
static void connection_run(struct stream_sender *stream)
{
    struct message_sender *sender = stream->sender;
    const struct message_desk_ports *ports = sender->ports;
    char reason[MESSAGE_REASON_SIZE] = "";
    int result;

    stream->descriptor = gateway_connect(sender, reason);
    if (stream->descriptor < 0) {
        sender_reached(sender, false, reason);
        return;
    }
    result = stream_session_open(&stream->session, sender->provider, digest_openssl(),
                                 ports->wall_s(ports->clock_context), sender_monotonic_ms());
    if (result < 0)
        stream_session_lost(&stream->session, "its settings do not fit the protocol");
    stream->look_ms = 0;
    session_run(stream);
    close(stream->descriptor);
    if (stream->session.state != STREAM_BROKEN)
        return; /* the end of the program: the rest is due again at the next start */
    news_tell(stream);
    sender_reached(sender, false, stream->session.problem);
}

void *message_stream_run(void *context)
{
    struct message_sender *sender = context;
    struct stream_sender *stream = calloc(1, sizeof *stream);

    if (stream == NULL) {
        log_write(LOG_NOTIFY, LOG_ERROR, sender->provider->name, "no memory for the sender: nothing is sent");
        return NULL;
    }
    stream->sender = sender;
    while (!atomic_load(&sender->stopping)) {
        connection_run(stream);
        if (sender->failures > 0)
            sender_pause(sender, sender_wait_ms(sender));
    }
    cipher_wipe(stream, sizeof *stream);
    free(stream);
    return NULL;
}
