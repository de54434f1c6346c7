#include "api/forward.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/client_address.h"

#define BLOCK ((size_t)16 * 1024)

struct forward {
    const struct api_forward *port;
    struct forwarded *forwarded;
    struct MHD_Connection *connection;
    pthread_mutex_t lock;
    bool sleeping; /* the connection is suspended */
    bool woken;    /* since it was looked last */
};

bool forward_is_offered(const struct exchange *exchange)
{
    return exchange->config->forward.begin != NULL;
}

int forward_choose(struct exchange *exchange)
{
    exchange->elsewhere = true;
    return -1;
}

int forward_operation(struct exchange *exchange, enum core_operation operation)
{
    if (operation == CORE_AUDIT_APPEND && exchange->noted)
        return 0;
    exchange->to_note = operation == CORE_AUDIT_APPEND;
    return forward_choose(exchange);
}

int forward_note_answer(struct exchange *exchange)
{
    json_writer_reset(&exchange->out);
    exchange->status = 204;
    return -1;
}

bool forward_was_note(struct forward *forward, struct exchange *exchange)
{
    struct forward_head head;

    if (!exchange->to_note || forward->port->head(forward->forwarded, &head) != 1 || head.status != 204)
        return false;
    forward_end(forward);
    field_values_free(exchange->values, FIELD_LIMIT);
    memset(exchange->values, 0, sizeof exchange->values);
    json_writer_reset(&exchange->out);
    exchange->header_count = 0;
    exchange->elsewhere = exchange->to_note = false;
    exchange->noted = true;
    return true;
}

/* Called by the thread that speaks with the core. */
static void wake(void *context)
{
    struct forward *forward = context;

    pthread_mutex_lock(&forward->lock);
    if (forward->sleeping)
        MHD_resume_connection(forward->connection);
    forward->woken = !forward->sleeping;
    forward->sleeping = false;
    pthread_mutex_unlock(&forward->lock);
}

/* returns  false: something may have come meanwhile, look again */
static bool connection_sleep(struct forward *forward)
{
    pthread_mutex_lock(&forward->lock);
    bool sleeps = !forward->woken;
    if (sleeps)
        MHD_suspend_connection(forward->connection);
    forward->sleeping = sleeps;
    forward->woken = false;
    pthread_mutex_unlock(&forward->lock);
    return sleeps;
}

static void header_put(struct forward_request *request, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0' && request->header_count < FORWARD_HEADER_LIMIT)
        request->headers[request->header_count++] = (struct forward_header){ name, value };
}

/* What the core needs to know who asks, from where, and in which words. */
static void headers_put(struct exchange *exchange, struct forward_request *request)
{
    header_put(request, "X-Forwarded-For", client_address_text(exchange));
    header_put(request, "X-Forwarded-Proto", client_is_by_tls(exchange) ? "https" : "http");
    header_put(request, "X-Forwarded-Prefix", client_prefix(exchange));
    header_put(request, FORWARD_NOTE_HEADER, exchange->to_note ? "1" : NULL);
    header_put(request, "Accept-Language", exchange->accept_language);
    header_put(request, "Authorization", exchange->authorization);
    header_put(request, "Cookie", exchange->cookie);
    header_put(request, "X-CSRF-Token", exchange->csrf);
    header_put(request, "Content-Type", exchange->content_type);
    header_put(request, "Wechatpay-Serial", exchange->channel_serial);
    header_put(request, "Wechatpay-Signature", exchange->channel_signature);
    header_put(request, "Wechatpay-Timestamp", exchange->channel_timestamp);
    header_put(request, "Wechatpay-Nonce", exchange->channel_nonce);
    header_put(request, "X-Meterworks-Timestamp", exchange->open_timestamp);
    header_put(request, "X-Meterworks-Nonce", exchange->open_nonce);
    header_put(request, "X-Meterworks-Signature", exchange->open_signature);
}

/* Nothing that would end a line, or a word of the request line. */
static bool text_is_plain(const char *text, unsigned char least)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < least && *text != '\t') || (unsigned char)*text == 0x7f)
            return false;
    return true;
}

static bool request_is_plain(const struct forward_request *request)
{
    bool plain = text_is_plain(request->target, '!') && strchr(request->target, '\t') == NULL;

    for (size_t i = 0; i < request->header_count; i++)
        plain &= text_is_plain(request->headers[i].value, ' ');
    return plain;
}

static int error_of(int result)
{
    return result == FORWARD_NO_CORE ? API_ERR_NO_CORE : result == FORWARD_FULL ? API_ERR_BUSY : API_ERR_OUTCOME;
}

int forward_begin(struct exchange *exchange, const char *method, const char *target, struct MHD_Connection *connection,
    struct forward **out)
{
    const struct api_forward *port = &exchange->config->forward;
    struct forward_request request = { .method = method, .target = target, .body = exchange->body,
                                       .client_socket = exchange->client_socket };

    headers_put(exchange, &request);
    if (!request_is_plain(&request))
        return API_ERR_TARGET;
    struct forward *forward = calloc(1, sizeof *forward);
    if (forward == NULL)
        return API_ERR_MEMORY;
    forward->port = port;
    forward->connection = connection;
    pthread_mutex_init(&forward->lock, NULL);
    int result = port->begin(port->context, &request, wake, forward, &forward->forwarded);
    if (result < 0) {
        forward_end(forward);
        return error_of(result);
    }
    *out = forward;
    return 0;
}

int forward_await(struct forward *forward)
{
    struct forward_head head;
    int result;

    do
        result = forward->port->head(forward->forwarded, &head);
    while (result == 0 && !connection_sleep(forward));
    return result < 0 ? error_of(result) : result;
}

static ssize_t body_read(void *context, uint64_t position, char *bytes, size_t capacity)
{
    struct forward *forward = context;
    long size;

    (void)position;
    do
        size = forward->port->read(forward->forwarded, bytes, capacity);
    while (size == 0 && !connection_sleep(forward));
    if (size < 0)
        return size == FORWARD_END ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
    return (ssize_t)size;
}

struct MHD_Response *forward_response(struct forward *forward, unsigned *status)
{
    struct forward_head head = { .status = 0 };

    if (forward->port->head(forward->forwarded, &head) != 1) {
        forward_end(forward);
        return NULL;
    }
    struct MHD_Response *response = MHD_create_response_from_callback(
        head.size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)head.size, BLOCK, body_read, forward, forward_end);
    if (response == NULL) {
        forward_end(forward);
        return NULL;
    }
    *status = head.status;
    for (size_t i = 0; i < head.header_count; i++)
        (void)MHD_add_response_header(response, head.headers[i].name, head.headers[i].value);
    return response;
}

void forward_end(void *context)
{
    struct forward *forward = context;

    if (forward == NULL)
        return;
    if (forward->forwarded != NULL)
        forward->port->end(forward->forwarded);
    pthread_mutex_destroy(&forward->lock);
    free(forward);
}

void forward_keep_awake(struct exchange *exchange, const char *target)
{
    const struct api_forward *port = &exchange->config->forward;
    struct forward_request request = { .method = "GET", .target = target, .client_socket = -1, .detached = true };
    struct forwarded *none = NULL;

    header_put(&request, "Authorization", exchange->authorization);
    header_put(&request, "Cookie", exchange->cookie);
    if (request_is_plain(&request))
        (void)port->begin(port->context, &request, NULL, NULL, &none);
}
