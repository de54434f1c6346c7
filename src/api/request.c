#include "api/request.h"

#include <stdlib.h>
#include <string.h>

#include "api/api_metrics.h"
#include "api/api_server_internal.h"
#include "api/body_stream.h"
#include "api/client_address.h"
#include "api/connection_watch.h"
#include "api/forward.h"
#include "api/live_stream.h"
#include "api/route.h"
#include "api/static_file.h"
#include "base/text.h"

#define READ_TIME_MS 5000
#define STREAM_BLOCK (64u * 1024)
#define LIVE_BLOCK 1024u

struct request {
    struct exchange exchange;
    int target_error;
    bool begun;
    bool too_large;
    char *target;            /* as it came; only where a core elsewhere may have to be asked */
    struct forward *forward; /* the core is being asked */
    char *body;
    size_t body_size;
    size_t body_capacity;
};

/* Frames only of what the page itself has fetched: a receipt on its way to the printer. */
#define CONTENT_POLICY \
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; " \
    "frame-src blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

/* From the residents' page a browser is led to payment channels, to some of them by a form. */
#define RESIDENT_CONTENT_POLICY CONTENT_POLICY " https: http://127.0.0.1:*"

static const char *const security_headers[][2] = {
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
};

struct request *request_open(struct api_server *server, const struct api_config *config, const char *target,
    uint64_t number)
{
    struct request *request = calloc(1, sizeof *request);

    if (request == NULL)
        return NULL;
    struct exchange *exchange = &request->exchange;
    exchange->server = server;
    exchange->config = config;
    exchange->number = number;
    exchange->out = json_writer_make(JSON_WRITER_LIMIT);
    const char *within = district_target(&config->districts, target, exchange->prefix);
    request->target_error = within == NULL ? API_ERR_DISTRICT : request_target_parse(span_of_text(within), &exchange->target);
    if (config->forward.begin != NULL && within != NULL)
        request->target = strdup(within);
    return request;
}

void request_close(struct request *request)
{
    if (request == NULL)
        return;
    field_values_free(request->exchange.values, FIELD_LIMIT);
    json_decref(request->exchange.json);
    json_writer_free(&request->exchange.out);
    forward_end(request->forward);
    free(request->target);
    free(request->body);
    free(request);
}

static int body_append(struct request *request, const char *bytes, size_t size)
{
    size_t needed = request->body_size + size;
    size_t capacity = request->body_capacity == 0 ? 4096 : request->body_capacity;

    if (needed > REQUEST_BODY_LIMIT) {
        request->body_size = needed;
        request->too_large = true;
        return needed <= REQUEST_BODY_PATIENCE ? 0 : -1;
    }
    while (capacity < needed)
        capacity *= 2;
    if (capacity > request->body_capacity) {
        char *grown = realloc(request->body, capacity);
        if (grown == NULL)
            return -1;
        request->body = grown;
        request->body_capacity = capacity;
    }
    memcpy(request->body + request->body_size, bytes, size);
    request->body_size = needed;
    return 0;
}

static const char *header_read(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

struct last_header {
    const char *name;
    const char *value;
};

static enum MHD_Result last_header_take(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct last_header *last = context;

    (void)kind;
    if (text_equal_ignoring_case(span_of_text(name), span_of_text(last->name)))
        last->value = value;
    return MHD_YES;
}

/* Of a header that stands more than once the last: some proxies write their own behind what the client sent. */
static const char *header_last(struct MHD_Connection *connection, const char *name)
{
    struct last_header last = { name, NULL };

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, last_header_take, &last);
    return last.value;
}

/* Who is connected. Behind a proxy that is the proxy. */
static void client_note(struct exchange *exchange, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    client_address_of_socket(info != NULL ? info->client_addr : NULL, &exchange->client, exchange->client_text);
}

static void exchange_prepare(struct request *request, struct MHD_Connection *connection)
{
    struct exchange *exchange = &request->exchange;
    const struct api_clock *clock = &exchange->config->clock;
    const union MHD_ConnectionInfo *socket_info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    exchange->accept_language = header_read(connection, "Accept-Language");
    exchange->authorization = header_read(connection, "Authorization");
    exchange->cookie = header_read(connection, "Cookie");
    exchange->csrf = header_read(connection, "X-CSRF-Token");
    exchange->content_type = header_read(connection, "Content-Type");
    exchange->forwarded_for = header_last(connection, "X-Forwarded-For");
    exchange->forwarded_proto = header_last(connection, "X-Forwarded-Proto");
    exchange->forwarded_prefix = header_last(connection, "X-Forwarded-Prefix");
    exchange->last_event_id = header_read(connection, "Last-Event-ID");
    exchange->channel_serial = header_read(connection, "Wechatpay-Serial");
    exchange->channel_signature = header_read(connection, "Wechatpay-Signature");
    exchange->channel_timestamp = header_read(connection, "Wechatpay-Timestamp");
    exchange->channel_nonce = header_read(connection, "Wechatpay-Nonce");
    exchange->open_timestamp = header_read(connection, "X-Meterworks-Timestamp");
    exchange->open_nonce = header_read(connection, "X-Meterworks-Nonce");
    exchange->open_signature = header_read(connection, "X-Meterworks-Signature");
    exchange->note_only = header_read(connection, FORWARD_NOTE_HEADER) != NULL;
    exchange->body = span_of_bytes(request->body, request->too_large ? 0 : request->body_size);
    exchange->now_s = clock->now_s(clock->context);
    exchange->wall_s = clock->wall_s(clock->context);
    exchange->deadline_ms = exchange_monotonic_ms() + READ_TIME_MS;
    exchange->client_socket = socket_info != NULL ? socket_info->connect_fd : -1;
}

static void headers_add(struct MHD_Response *response, const struct exchange *exchange)
{
    (void)MHD_add_response_header(response, "Content-Security-Policy",
        static_file_is_resident(exchange->target.path) ? RESIDENT_CONTENT_POLICY : CONTENT_POLICY);
    for (size_t i = 0; i < sizeof security_headers / sizeof security_headers[0]; i++)
        (void)MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    for (size_t i = 0; i < exchange->header_count; i++)
        (void)MHD_add_response_header(response, exchange->headers[i].name, exchange->headers[i].value);
}

static enum MHD_Result response_queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static ssize_t stream_read(void *context, uint64_t position, char *bytes, size_t capacity)
{
    (void)position;
    struct body_stream *stream = context;
    long size = stream->read(stream, bytes, capacity);
    if (size < 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    return size == 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)size;
}

static void stream_end(void *context)
{
    struct body_stream *stream = context;
    stream->end(stream);
}

/* Hands the exchange's answer over: a stream, or the text that was written. */
static struct MHD_Response *response_make(struct exchange *exchange, struct MHD_Connection *connection)
{
    if (exchange->live != NULL) {
        live_stream_connect(exchange->live, connection);
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, LIVE_BLOCK, live_stream_read, exchange->live,
            live_stream_end);
    }
    if (exchange->stream != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, exchange->stream, stream_end);
    return MHD_create_response_from_buffer(exchange->out.size, exchange->out.bytes, MHD_RESPMEM_MUST_COPY);
}

static void outcome_count(const struct exchange *exchange)
{
    api_count(API_REQUESTS);
    if (exchange->status >= 500)
        api_count(API_FAILED);
    else if (exchange->status >= 400)
        api_count(API_REFUSED);
    if (exchange->live != NULL)
        api_count(API_LIVE_OPENED);
}

static struct watched_connection *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static enum MHD_Result answer(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct MHD_Response *response = response_make(exchange, connection);

    if (response == NULL) {
        if (exchange->live != NULL)
            live_stream_end(exchange->live);
        if (exchange->stream != NULL)
            stream_end(exchange->stream);
        return MHD_NO;
    }
    outcome_count(exchange);
    connection_watch_answering(api_server_watch(exchange->server), watched_of(connection), exchange->live != NULL,
        exchange_monotonic_ms());
    headers_add(response, exchange);
    (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    if (exchange->status != 204)
        (void)MHD_add_response_header(response, "Content-Type", exchange->content_type_out);
    return response_queue(connection, exchange->status, response);
}

static enum MHD_Result forward_refuse(struct exchange *exchange, struct MHD_Connection *connection, int error)
{
    if (error == API_ERR_NO_CORE || error == API_ERR_BUSY)
        exchange_header_add(exchange, "Retry-After", "2");
    (void)exchange_refuse_api(exchange, error);
    return answer(exchange, connection);
}

static enum MHD_Result request_answer(struct request *request, struct MHD_Connection *connection, const char *method);

/* Called again whenever the connection wakes, until the core's answer begins. */
static enum MHD_Result forward_answer(struct request *request, struct MHD_Connection *connection, const char *method)
{
    struct exchange *exchange = &request->exchange;
    int result = forward_await(request->forward);

    if (result == 0)
        return MHD_YES;
    if (result < 0)
        return forward_refuse(exchange, connection, result);
    if (forward_was_note(request->forward, exchange)) {
        request->forward = NULL;
        return request_answer(request, connection, method);
    }
    struct MHD_Response *response = forward_response(request->forward, &exchange->status);
    request->forward = NULL;
    outcome_count(exchange);
    connection_watch_answering(api_server_watch(exchange->server), watched_of(connection), false, exchange_monotonic_ms());
    return response_queue(connection, exchange->status, response);
}

static enum MHD_Result forward_start(struct request *request, struct MHD_Connection *connection, const char *method)
{
    struct exchange *exchange = &request->exchange;
    int result = request->target == NULL ? API_ERR_MEMORY
        : forward_begin(exchange, method, request->target, connection, &request->forward);

    return result < 0 ? forward_refuse(exchange, connection, result) : forward_answer(request, connection, method);
}

/* The answer that the dispatch has written, unless the core is to write it. */
static enum MHD_Result dispatched_answer(struct request *request, struct MHD_Connection *connection, const char *method)
{
    return request->exchange.elsewhere ? forward_start(request, connection, method)
                                       : answer(&request->exchange, connection);
}

static bool tag_matches(struct MHD_Connection *connection, const char *entity_tag)
{
    const char *known = header_read(connection, "If-None-Match");
    return known != NULL && strcmp(known, entity_tag) == 0;
}

static enum MHD_Result packed_answer(const struct packed_file *file, struct exchange *exchange,
    struct MHD_Connection *connection)
{
    bool unchanged = tag_matches(connection, file->entity_tag);
    struct MHD_Response *response = MHD_create_response_from_buffer(unchanged ? 0 : file->size,
        (void *)(uintptr_t)file->bytes, MHD_RESPMEM_PERSISTENT);

    if (response == NULL)
        return MHD_NO;
    headers_add(response, exchange);
    (void)MHD_add_response_header(response, "ETag", file->entity_tag);
    (void)MHD_add_response_header(response, "Content-Type", file->content_type);
    (void)MHD_add_response_header(response, "Vary", "Accept-Encoding");
    (void)MHD_add_response_header(response, "Cache-Control",
        file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file->compressed)
        (void)MHD_add_response_header(response, "Content-Encoding", "gzip");
    api_count(API_STATIC);
    return response_queue(connection, unchanged ? 304 : 200, response);
}

static enum MHD_Result folder_answer(struct exchange *exchange, struct MHD_Connection *connection)
{
    char *bytes = NULL;
    size_t size = 0;
    const char *content_type = NULL;

    if (static_file_read(exchange->config->folder, exchange->target.path, &bytes, &size, &content_type) != 0) {
        (void)exchange_refuse_api(exchange, API_ERR_ROUTE);
        return answer(exchange, connection);
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(bytes);
        return MHD_NO;
    }
    headers_add(response, exchange);
    (void)MHD_add_response_header(response, "Content-Type", content_type);
    (void)MHD_add_response_header(response, "Cache-Control", "no-cache");
    return response_queue(connection, 200, response);
}

static enum MHD_Result file_answer(struct exchange *exchange, struct MHD_Connection *connection, const char *method)
{
    const struct api_config *config = exchange->config;

    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        exchange_header_add(exchange, "Allow", "GET, HEAD");
        (void)exchange_refuse_api(exchange, API_ERR_METHOD);
        return answer(exchange, connection);
    }
    if (config->folder != NULL)
        return folder_answer(exchange, connection);
    const struct packed_file *file = static_file_find(config->files, config->file_count, exchange->target.path);
    if (file != NULL)
        return packed_answer(file, exchange, connection);
    (void)exchange_refuse_api(exchange, API_ERR_ROUTE);
    return answer(exchange, connection);
}

static bool is_below(struct span path, const char *prefix)
{
    size_t size = strlen(prefix);

    return path.size >= size && memcmp(path.bytes, prefix, size) == 0 && (path.size == size || path.bytes[size] == '/');
}

static enum MHD_Result request_answer(struct request *request, struct MHD_Connection *connection, const char *method)
{
    struct exchange *exchange = &request->exchange;

    exchange_prepare(request, connection);
    client_note(exchange, connection);
    exchange->open = is_below(exchange->target.path, OPEN_ROUTE_PREFIX);
    if (request->target_error != 0 || request->too_large) {
        (void)exchange_refuse_api(exchange, request->target_error != 0 ? request->target_error : API_ERR_BODY_SIZE);
        return answer(exchange, connection);
    }
    if (exchange->open) {
        open_dispatch(exchange, method);
        return dispatched_answer(request, connection, method);
    }
    if (!is_below(exchange->target.path, ROUTE_PREFIX))
        return file_answer(exchange, connection, method);
    api_dispatch(exchange, method);
    return dispatched_answer(request, connection, method);
}

enum MHD_Result request_advance(struct request *request, struct MHD_Connection *connection, const char *method,
    const char *bytes, size_t *size)
{
    if (request == NULL)
        return MHD_NO;
    if (!request->begun) {
        request->begun = true;
        return MHD_YES;
    }
    if (*size > 0) {
        int result = body_append(request, bytes, *size);
        *size = 0;
        return result == 0 ? MHD_YES : MHD_NO;
    }
    return request->forward != NULL ? forward_answer(request, connection, method) : request_answer(request, connection, method);
}
