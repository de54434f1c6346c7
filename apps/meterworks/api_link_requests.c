#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/api_link_internal.h"
#include "base/writer.h"

#define BODY_CAPACITY ((size_t)64 * 1024)
#define PIECE ((size_t)16 * 1024)
#define HEAD_CAPACITY ((size_t)64 * 1024) /* a request line of 4 KiB and headers of 32 KiB came in */

static void count(struct api_link *link, enum api_link_counter row)
{
    counter_increment(&link->counters, row);
}

bool forwarded_is_full(const struct forwarded *request)
{
    return request->body_end - request->body_start == BODY_CAPACITY;
}

bool forwarded_wants_write(const struct forwarded *request)
{
    return request->caller.step == LINK_CALLER_OPEN && request->question_sent < request->question_size;
}

int forwarded_client(const struct forwarded *request)
{
    return request->over || http_answer_has_head(&request->answer) ? -1 : request->client_socket;
}

static void wake(const struct forwarded *request)
{
    if (request->wake != NULL)
        request->wake(request->wake_context);
}

static void request_close(struct forwarded *request)
{
    link_caller_close(&request->caller);
    request->over = true;
    wake(request);
}

/* Nothing reached the core, or nothing that changes anything: the same may be asked again at once. */
static int failure_of(const struct forwarded *request)
{
    const struct api_link *link = request->link;

    if (request->changes && request->question_sent > 0)
        return FORWARD_UNKNOWN;
    return link->feed.linked && request->question_sent == 0 ? FORWARD_FULL : FORWARD_NO_CORE;
}

static void request_fail(struct forwarded *request)
{
    request->result = failure_of(request);
    count(request->link, request->result == FORWARD_UNKNOWN ? API_LINK_UNKNOWN
                         : request->result == FORWARD_FULL  ? API_LINK_FULL
                                                            : API_LINK_NO_CORE);
    request_close(request);
}

void api_link_requests_fail(struct api_link *link)
{
    for (struct forwarded *request = link->first; request != NULL; request = request->next)
        if (!request->over)
            request_fail(request);
}

static bool client_is_gone(const struct forwarded *request)
{
    struct pollfd client = { .fd = forwarded_client(request), .events = POLLRDHUP };

    return client.fd >= 0 && poll(&client, 1, 0) == 1 && (client.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* returns  0; -1 the connection has ended */
static int question_send(struct forwarded *request, int64_t now_ms)
{
    while (request->question_sent < request->question_size) {
        int sent = tls_channel_send(request->caller.channel,
                                    span_of_bytes(request->question + request->question_sent,
                                                  request->question_size - request->question_sent));
        if (sent <= 0)
            return sent;
        request->question_sent += (size_t)sent;
        request->deadline_ms = now_ms + API_LINK_ANSWER_MS;
    }
    return 0;
}

static size_t room_make(struct forwarded *request)
{
    if (request->body_start > 0) {
        memmove(request->body, request->body + request->body_start, request->body_end - request->body_start);
        request->body_end -= request->body_start;
        request->body_start = 0;
    }
    if (request->released) /* nobody reads it */
        request->body_end = 0;
    size_t room = BODY_CAPACITY - request->body_end;
    return room < PIECE ? room : PIECE;
}

/* returns  1 the answer is whole; 0 wait; -1 it broke off, or is none */
static int answer_receive(struct forwarded *request, int64_t now_ms)
{
    uint8_t bytes[PIECE];
    size_t room, size;
    int got = 0;

    while (request->answer.state != HTTP_ANSWER_END && (room = room_make(request)) > 0 &&
           (got = tls_channel_receive(request->caller.channel, bytes, room)) > 0) {
        if (http_answer_take(&request->answer, span_of_bytes(bytes, (size_t)got), request->body + request->body_end, &size) < 0)
            return -1;
        request->body_end += size;
        request->deadline_ms = now_ms + API_LINK_ANSWER_MS;
        if (http_answer_has_head(&request->answer))
            wake(request);
    }
    return request->answer.state == HTTP_ANSWER_END ? 1 : got < 0 ? -1 : 0;
}

/* returns  1 done; 0 wait; -1 */
static int open_work(struct forwarded *request, int64_t now_ms)
{
    if (question_send(request, now_ms) < 0)
        return -1;
    int result = answer_receive(request, now_ms);
    if (result == 0 && !forwarded_is_full(request) && now_ms >= request->deadline_ms)
        return -1;
    return result;
}

static void request_work(struct forwarded *request, int64_t now_ms)
{
    struct api_link *link = request->link;
    int result = 0;

    if (client_is_gone(request)) {
        count(link, API_LINK_GIVEN_UP);
        request->result = FORWARD_NO_CORE;
        request_close(request);
        return;
    }
    if (request->caller.step != LINK_CALLER_OPEN)
        result = link_caller_work(&request->caller, link->party, now_ms) < 0 ? -1 : 0;
    if (result == 0 && request->caller.step == LINK_CALLER_OPEN)
        result = open_work(request, now_ms);
    if (result < 0) {
        request_fail(request);
    } else if (result == 1) {
        count(link, API_LINK_ANSWERED);
        request_close(request);
    }
}

static void request_free(struct forwarded *request)
{
    link_caller_close(&request->caller);
    free(request->question);
    free(request->body);
    free(request);
}

/* Of those that nobody will ask for any more, a change that is under way goes on until it is answered: to break it off
 * would not take it back. */
static bool is_done_with(const struct forwarded *request)
{
    return request->released && (request->over || http_answer_has_head(&request->answer));
}

void api_link_requests_work(struct api_link *link, int64_t now_ms)
{
    struct forwarded **at = &link->first;

    while (*at != NULL) {
        struct forwarded *request = *at;
        if (!request->over && !is_done_with(request))
            request_work(request, now_ms);
        if (!is_done_with(request)) {
            at = &request->next;
            continue;
        }
        *at = request->next;
        link->request_count--;
        request_free(request);
    }
}

void api_link_requests_free(struct api_link *link)
{
    while (link->first != NULL) {
        struct forwarded *next = link->first->next;
        request_free(link->first);
        link->first = next;
    }
}

/* "POST /api/v1/payments HTTP/1.1", headers, an empty line, the body. returns  false: no memory, or too long */
static bool question_write(struct forwarded *request, const struct forward_request *asked)
{
    size_t capacity = HEAD_CAPACITY + asked->body.size;

    request->question = malloc(capacity);
    if (request->question == NULL)
        return false;
    struct writer writer = writer_of_buffer(request->question, capacity);
    writer_format(&writer, "%s %s HTTP/1.1\r\nHost: core\r\nContent-Length: %zu\r\n", asked->method, asked->target,
                  asked->body.size);
    for (size_t i = 0; i < asked->header_count; i++)
        writer_format(&writer, "%s: %s\r\n", asked->headers[i].name, asked->headers[i].value);
    writer_text(&writer, "\r\n");
    writer_put_span(&writer, asked->body);
    request->question_size = writer.size;
    return !writer.overflow;
}

static struct forwarded *request_make(struct api_link *link, const struct forward_request *asked)
{
    struct forwarded *request = calloc(1, sizeof *request);

    if (request == NULL)
        return NULL;
    bool is_head = strcmp(asked->method, "HEAD") == 0;
    request->link = link;
    request->caller.descriptor = -1;
    request->client_socket = asked->client_socket;
    request->changes = !is_head && strcmp(asked->method, "GET") != 0;
    request->released = asked->detached;
    request->body = malloc(BODY_CAPACITY);
    http_answer_begin(&request->answer, is_head);
    if (request->body != NULL && question_write(request, asked))
        return request;
    request_free(request);
    return NULL;
}

/* returns  0; FORWARD_* */
static int place_find(struct api_link *link, bool detached)
{
    int result = 0;

    if (link->stopping || !link->feed.linked)
        result = FORWARD_NO_CORE;
    else if (link->request_count >= (detached ? API_LINK_REQUESTS / 2 : API_LINK_REQUESTS))
        result = FORWARD_FULL;
    if (result < 0 && !detached)
        count(link, result == FORWARD_FULL ? API_LINK_FULL : API_LINK_NO_CORE);
    return result;
}

static int begin(void *context, const struct forward_request *asked, void (*wake_call)(void *context), void *wake_context,
                 struct forwarded **out)
{
    struct api_link *link = context;
    struct forwarded *request = request_make(link, asked);

    if (request == NULL)
        return FORWARD_FULL;
    request->wake = wake_call;
    request->wake_context = wake_context;
    pthread_mutex_lock(&link->lock);
    int result = place_find(link, asked->detached);
    if (result == 0) {
        count(link, API_LINK_FORWARDED);
        link_caller_dial(&request->caller, link->config.cores[link->core], link_caller_now_ms() + link->config.dial_ms);
        request->next = link->first;
        link->first = request;
        link->request_count++;
        *out = asked->detached ? NULL : request;
    }
    pthread_mutex_unlock(&link->lock);
    notifier_signal(&link->notifier);
    if (result < 0)
        request_free(request);
    return result;
}

static int head(struct forwarded *request, struct forward_head *out)
{
    struct api_link *link = request->link;
    int result = 0;

    pthread_mutex_lock(&link->lock);
    if (http_answer_has_head(&request->answer)) {
        *out = (struct forward_head){ request->answer.status, request->answer.size, request->answer.headers,
                                      request->answer.header_count };
        result = 1;
    } else if (request->over) {
        result = request->result;
    }
    pthread_mutex_unlock(&link->lock);
    return result;
}

static long body_read(struct forwarded *request, char *bytes, size_t capacity)
{
    struct api_link *link = request->link;

    pthread_mutex_lock(&link->lock);
    bool was_full = forwarded_is_full(request);
    size_t size = request->body_end - request->body_start;
    size = size < capacity ? size : capacity;
    memcpy(bytes, request->body + request->body_start, size);
    request->body_start += size;
    long result = (long)size;
    if (size == 0 && request->over)
        result = request->result == 0 ? FORWARD_END : FORWARD_UNKNOWN;
    pthread_mutex_unlock(&link->lock);
    if (was_full && size > 0)
        notifier_signal(&link->notifier);
    return result;
}

static void end(struct forwarded *request)
{
    struct api_link *link = request->link;

    pthread_mutex_lock(&link->lock);
    request->wake = NULL;
    request->released = true;
    request->client_socket = -1;
    pthread_mutex_unlock(&link->lock);
    notifier_signal(&link->notifier);
}

static bool is_linked(void *context)
{
    struct api_link *link = context;

    pthread_mutex_lock(&link->lock);
    bool linked = link->feed.linked;
    pthread_mutex_unlock(&link->lock);
    return linked;
}

struct api_forward api_link_port(struct api_link *link)
{
    return (struct api_forward){ link, begin, head, body_read, end, is_linked };
}
