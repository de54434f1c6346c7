#include "dialog/lwm2m_server.h"

#include <stdlib.h>
#include <string.h>

#include "codec/codec_error.h"
#include "dialog/lwm2m_handle.h"
#include "dialog/lwm2m_server_internal.h"

#define EXCHANGE_LIMIT_DEFAULT 16384
#define DUPLICATE_LIMIT_DEFAULT 262144
#define DOWNLINK_LIMIT_DEFAULT 4096
#define DOWNLINK_LIMIT_MAX 65536 /* a token names the slot in two bytes */
#define WINDOW_DEFAULT_MS 20000
#define METER_WINDOW_DEFAULT_MS 180000
#define ACKNOWLEDGE_TIMEOUT_DEFAULT_MS 10000
#define CORE_TIMEOUT_DEFAULT_MS 60000
#define SWEEP_INTERVAL_MS 1000
#define ANSWER_LIMIT 64 /* bytes of any answer but the list of our resources */
#define ROUTE_DEPTH 2
#define LANE_SHIFT 56 /* of a message_id */

static const struct counter_description counter_rows[LWM2M_COUNTER_COUNT] = {
    [LWM2M_RECEIVED] = { "dialog_received", "CoAP messages taken from the wire" },
    [LWM2M_MALFORMED] = { "dialog_malformed", "datagrams that are no CoAP message" },
    [LWM2M_PING] = { "dialog_ping", "empty confirmable messages, answered by a reset" },
    [LWM2M_DUPLICATE] = { "dialog_duplicate", "messages that came before, answered from memory" },
    [LWM2M_REGISTERED] = { "dialog_registered", "registrations accepted" },
    [LWM2M_UPDATED] = { "dialog_updated", "registration updates accepted" },
    [LWM2M_DEREGISTERED] = { "dialog_deregistered", "registrations ended by the device" },
    [LWM2M_REGISTRATION_EXPIRED] = { "dialog_registration_expired", "registrations whose lifetime ended" },
    [LWM2M_ADDRESS_CHANGED] = { "dialog_address_changed", "devices that came back from another address" },
    [LWM2M_REFUSED_UNKNOWN_DEVICE] = { "dialog_refused_unknown_device", "requests of devices not in the archive" },
    [LWM2M_UNKNOWN_YET] = { "dialog_unknown_yet", "requests of devices not in the archive, of which not all is known yet" },
    [LWM2M_REFUSED_IDENTITY] = { "dialog_refused_identity", "requests whose endpoint is not the proven identity" },
    [LWM2M_REFUSED_PLAIN] = { "dialog_refused_plain", "plain requests of devices that must use DTLS" },
    [LWM2M_REFUSED_HANDLE] = { "dialog_refused_handle", "updates of a registration we do not have" },
    [LWM2M_REFUSED_UNREGISTERED] = { "dialog_refused_unregistered", "plain reports from addresses nobody registered" },
    [LWM2M_REFUSED_BAD_REQUEST] = { "dialog_refused_bad_request", "requests whose parameters or payload are wrong" },
    [LWM2M_REFUSED_BAD_OPTION] = { "dialog_refused_bad_option", "requests with a critical option we do not know" },
    [LWM2M_REFUSED_NOT_FOUND] = { "dialog_refused_not_found", "requests for a path we do not serve" },
    [LWM2M_REFUSED_METHOD] = { "dialog_refused_method", "requests with a method the path does not have" },
    [LWM2M_REFUSED_FORMAT] = { "dialog_refused_format", "payloads in a format we do not read" },
    [LWM2M_REFUSED_TOO_LARGE] = { "dialog_refused_too_large", "bodies in several blocks" },
    [LWM2M_REFUSED_VERSION] = { "dialog_refused_version", "registrations of an LwM2M version we do not speak" },
    [LWM2M_REPORT_ACCEPTED] = { "dialog_report_accepted", "reports acknowledged after the core stored them" },
    [LWM2M_REPORT_WITHOUT_VALUES] = { "dialog_report_without_values", "sound reports that say nothing we know" },
    [LWM2M_NOTIFICATION_UNKNOWN] = { "dialog_notification_unknown", "notifications nobody asked for, reset" },
    [LWM2M_RESPONSE_UNKNOWN] = { "dialog_response_unknown", "responses that answer nothing of ours" },
    [LWM2M_CORE_FULL] = { "dialog_core_full", "uplinks the core had no room for" },
    [LWM2M_CORE_REFUSED] = { "dialog_core_refused", "reports the core could not store" },
    [LWM2M_CORE_SILENT] = { "dialog_core_silent", "reports the core never answered" },
    [LWM2M_EXCHANGE_FULL] = { "dialog_exchange_full", "reports not taken because too many waited for the core" },
    [LWM2M_DEVICE_FULL] = { "dialog_device_full", "reports not taken because too many of the device waited for the core" },
    [LWM2M_DUPLICATE_EVICTED] = { "dialog_duplicate_evicted", "remembered messages forgotten early" },
    [LWM2M_DOWNLINK_SENT] = { "dialog_downlink_sent", "requests sent to devices" },
    [LWM2M_DOWNLINK_REPEATED] = { "dialog_downlink_repeated", "requests sent again" },
    [LWM2M_DOWNLINK_ANSWERED] = { "dialog_downlink_answered", "requests the device answered" },
    [LWM2M_DOWNLINK_TIMED_OUT] = { "dialog_downlink_timed_out", "requests without an answer in time" },
    [LWM2M_DOWNLINK_ASLEEP] = { "dialog_downlink_asleep", "requests not sent because the device sleeps" },
    [LWM2M_DOWNLINK_BUSY] = { "dialog_downlink_busy", "requests not sent because one was in flight" },
    [LWM2M_DOWNLINK_UNENCODABLE] = { "dialog_downlink_unencodable", "commands that cannot be said to this device" },
};

const char *lwm2m_server_error_text(int error)
{
#define LWM2M_SERVER_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        LWM2M_SERVER_ERRORS(LWM2M_SERVER_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef LWM2M_SERVER_ERROR_CASE
}

void lwm2m_count(struct lwm2m_server *server, enum lwm2m_counter row)
{
    counter_increment(&server->counters, row);
}

uint64_t lwm2m_draw(struct lwm2m_server *server)
{
    uint8_t named[9] = { 'd' };
    uint64_t number = server->draw_count++;
    memcpy(named + 1, &number, sizeof number);
    return hash_siphash(server->config.secret, span_of_bytes(named, sizeof named));
}

static uint64_t device_address_hash(const void *context, uint32_t device_id)
{
    const struct lwm2m_server *server = context;
    return peer_address_hash(&lwm2m_device_at(server, device_id)->address, server->config.secret);
}

static bool device_address_equals(const void *context, uint32_t device_id, const void *key)
{
    return peer_address_equal(&lwm2m_device_at(context, device_id)->address, key);
}

static void default_u32(uint32_t *value, uint32_t otherwise)
{
    *value = *value ? *value : otherwise;
}

static void default_ms(int64_t *value, int64_t otherwise)
{
    *value = *value ? *value : otherwise;
}

static struct lwm2m_server_config config_complete(const struct lwm2m_server_config *given)
{
    struct lwm2m_server_config config = *given;
    default_u32(&config.device_limit, LWM2M_HANDLE_DEVICE_LIMIT);
    default_u32(&config.lane_limit, 1);
    default_u32(&config.exchange_limit, EXCHANGE_LIMIT_DEFAULT);
    default_u32(&config.duplicate_limit, DUPLICATE_LIMIT_DEFAULT);
    default_u32(&config.downlink_limit, DOWNLINK_LIMIT_DEFAULT);
    default_ms(&config.window_ms, WINDOW_DEFAULT_MS);
    default_ms(&config.meter_window_ms, METER_WINDOW_DEFAULT_MS);
    default_ms(&config.acknowledge_timeout_ms, ACKNOWLEDGE_TIMEOUT_DEFAULT_MS);
    default_ms(&config.core_timeout_ms, CORE_TIMEOUT_DEFAULT_MS);
    return config;
}

static bool lanes_open(struct lwm2m_server *server)
{
    for (uint32_t i = 0; i < server->config.lane_limit; i++) {
        struct lwm2m_lane *lane = &server->lanes[i];
        lane->exchanges = calloc(server->config.exchange_limit, sizeof *lane->exchanges);
        if (!lane->exchanges)
            return false;
        lane->next = lane->oldest = (uint64_t)i << LANE_SHIFT | 1;
    }
    return true;
}

static bool tables_open(struct lwm2m_server *server)
{
    const struct lwm2m_server_config *config = &server->config;
    uint32_t downlinks = config->downlink_limit * config->lane_limit;
    server->downlinks = calloc(downlinks, sizeof *server->downlinks);
    server->downlink_free = calloc(downlinks, sizeof *server->downlink_free);
    if (!server->downlinks || !server->downlink_free || !lanes_open(server))
        return false;
    for (uint32_t i = 0; i < downlinks; i++)
        server->downlink_free[i] = downlinks - 1 - i;
    server->downlink_free_count = downlinks;
    return duplicate_cache_open(&server->duplicates, config->duplicate_limit) &&
           dense_array_open(&server->devices, sizeof(struct lwm2m_device), config->device_limit) == 0;
}

int lwm2m_server_open(const struct lwm2m_server_config *config, const struct lwm2m_server_ports *ports,
                      struct lwm2m_server **out)
{
    struct lwm2m_server_config complete = config_complete(config);
    if (complete.device_limit > LWM2M_HANDLE_DEVICE_LIMIT || complete.lane_limit > LWM2M_LANE_LIMIT ||
        complete.downlink_limit > DOWNLINK_LIMIT_MAX / complete.lane_limit)
        return LWM2M_SERVER_ERR_RANGE;
    struct lwm2m_server *server = calloc(1, sizeof *server);
    if (!server)
        return LWM2M_SERVER_ERR_MEMORY;
    server->config = complete;
    server->ports = *ports;
    server->counters = (struct counter_table){ counter_rows, server->values, LWM2M_COUNTER_COUNT };
    server->by_address = (struct device_index){ .context = server, .hash_of = device_address_hash,
                                                .equals = device_address_equals };
    server->downlink_due_ms = INT64_MAX;
    if (!tables_open(server)) {
        lwm2m_server_close(server);
        return LWM2M_SERVER_ERR_MEMORY;
    }
    *out = server;
    return 0;
}

void lwm2m_server_close(struct lwm2m_server *server)
{
    if (!server)
        return;
    device_index_release(&server->by_address);
    dense_array_close(&server->devices);
    duplicate_cache_close(&server->duplicates);
    for (uint32_t i = 0; i < LWM2M_LANE_LIMIT; i++)
        free(server->lanes[i].exchanges);
    free(server->downlinks);
    free(server->downlink_free);
    free(server);
}

void lwm2m_send_bare(struct lwm2m_server *server, const struct dialog_peer *to, enum coap_type type, uint8_t code,
                     uint16_t message_id, struct span token)
{
    uint8_t bytes[ANSWER_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    if (coap_message_encode_bare(&writer, type, code, message_id, token) > 0)
        server->ports.send(server->ports.context, to, writer_span(&writer));
}

static void reset_send(struct lwm2m_server *server, const struct dialog_peer *to, uint16_t message_id)
{
    lwm2m_send_bare(server, to, COAP_RESET, COAP_CODE_EMPTY, message_id, span_of_bytes(NULL, 0));
}

static struct lwm2m_reply reply_of(uint8_t shape, uint8_t code)
{
    return (struct lwm2m_reply){ .shape = shape, .code = code };
}

static struct lwm2m_reply refuse(struct lwm2m_server *server, enum lwm2m_counter row, uint8_t code)
{
    lwm2m_count(server, row);
    return reply_of(ANSWER_RESPONSE, code);
}

/* A confirmable request is answered in its acknowledgement, another one by a message of our own. */
static void response_begin(struct lwm2m_server *server, const struct coap_message *message, uint8_t code,
                           struct coap_encoder *encoder, struct writer *writer)
{
    bool confirmable = message->type == COAP_CONFIRMABLE;
    coap_encoder_begin(encoder, writer, confirmable ? COAP_ACKNOWLEDGEMENT : COAP_NON_CONFIRMABLE, code,
                       confirmable ? message->message_id : (uint16_t)lwm2m_draw(server), message->token);
}

static void response_send(struct lwm2m_server *server, const struct lwm2m_request *request,
                          const struct lwm2m_reply *reply)
{
    uint8_t bytes[ANSWER_LIMIT];
    char handle[LWM2M_HANDLE_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    response_begin(server, request->message, reply->code, &encoder, &writer);
    if (reply->shape == ANSWER_LOCATION) {
        lwm2m_handle_write(server->config.handle_key, reply->device_id ^ server->config.handle_base, handle);
        coap_encoder_put_text(&encoder, COAP_OPTION_LOCATION_PATH, "rd");
        coap_encoder_put(&encoder, COAP_OPTION_LOCATION_PATH, span_of_bytes(handle, sizeof handle));
    }
    if (coap_encoder_end(&encoder) > 0)
        server->ports.send(server->ports.context, request->peer, writer_span(&writer));
}

static void reply_send(struct lwm2m_server *server, const struct lwm2m_request *request,
                       const struct lwm2m_reply *reply)
{
    uint16_t message_id = request->message->message_id;
    bool confirmable = request->message->type == COAP_CONFIRMABLE;
    if (reply->shape == ANSWER_RESPONSE || reply->shape == ANSWER_LOCATION)
        response_send(server, request, reply);
    else if (reply->shape == ANSWER_EMPTY && confirmable)
        lwm2m_send_bare(server, request->peer, COAP_ACKNOWLEDGEMENT, COAP_CODE_EMPTY, message_id,
                        span_of_bytes(NULL, 0));
    else if (reply->shape == ANSWER_RESET)
        reset_send(server, request->peer, message_id);
}

/* The list of what we serve (RFC 6690, 4); small and the same for all, so it is not remembered as an answer. */
static struct lwm2m_reply discovery_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    static const char links[] = "</rd>;rt=\"core.rd\",</dp>";
    int32_t accept = coap_message_format(request->message, COAP_OPTION_ACCEPT);
    if (accept != COAP_FORMAT_NONE && accept != COAP_FORMAT_LINK)
        return refuse(server, LWM2M_REFUSED_FORMAT, COAP_CODE_NOT_ACCEPTABLE);
    uint8_t bytes[ANSWER_LIMIT + sizeof links];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    response_begin(server, request->message, COAP_CODE_CONTENT, &encoder, &writer);
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_LINK);
    writer_text(coap_encoder_payload(&encoder), links);
    if (coap_encoder_end(&encoder) > 0)
        server->ports.send(server->ports.context, request->peer, writer_span(&writer));
    return reply_of(ANSWER_PENDING, 0);
}

/* What we serve; NULL stands for any one segment. */
static const struct {
    uint8_t method;
    uint8_t depth;
    const char *segments[ROUTE_DEPTH];
    struct lwm2m_reply (*handle)(struct lwm2m_server *server, const struct lwm2m_request *request);
} routes[] = {
    { COAP_CODE_POST, 1, { "rd" }, lwm2m_register_handle },
    { COAP_CODE_POST, 2, { "rd", NULL }, lwm2m_update_handle },
    { COAP_CODE_DELETE, 2, { "rd", NULL }, lwm2m_deregister_handle },
    { COAP_CODE_POST, 1, { "dp" }, lwm2m_send_handle },
    { COAP_CODE_GET, 2, { ".well-known", "core" }, discovery_handle },
};

static bool route_fits(size_t route, const struct coap_message *message)
{
    if (coap_message_segments(message, COAP_OPTION_URI_PATH) != routes[route].depth)
        return false;
    for (unsigned i = 0; i < routes[route].depth; i++) {
        struct span segment;
        if (!coap_message_option(message, COAP_OPTION_URI_PATH, i, &segment) ||
            (routes[route].segments[i] && !span_equal_text(segment, routes[route].segments[i])))
            return false;
    }
    return true;
}

static struct lwm2m_reply route_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    bool path_known = false;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!route_fits(i, request->message))
            continue;
        if (routes[i].method == request->message->code)
            return routes[i].handle(server, request);
        path_known = true;
    }
    return path_known ? refuse(server, LWM2M_REFUSED_METHOD, COAP_CODE_METHOD_NOT_ALLOWED)
                      : refuse(server, LWM2M_REFUSED_NOT_FOUND, COAP_CODE_NOT_FOUND);
}

/* Only whole bodies are taken: a Block1 option may say so, but nothing else. */
static bool body_is_whole(const struct coap_message *message)
{
    struct span value;
    struct coap_block block;
    if (!coap_message_option(message, COAP_OPTION_BLOCK1, 0, &value))
        return true;
    return coap_block_decode(value, &block) == 0 && block.number == 0 && !block.more;
}

static struct lwm2m_reply request_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    static const uint16_t supported[] = { COAP_OPTION_URI_HOST, COAP_OPTION_URI_PORT, COAP_OPTION_URI_PATH,
                                          COAP_OPTION_URI_QUERY, COAP_OPTION_ACCEPT, COAP_OPTION_BLOCK2,
                                          COAP_OPTION_BLOCK1 };
    const struct coap_message *message = request->message;
    if (coap_message_unsupported(message, supported, sizeof supported / sizeof supported[0]) != 0) {
        /* A non-confirmable one is dropped (RFC 7252, 5.4.1). */
        struct lwm2m_reply reply = refuse(server, LWM2M_REFUSED_BAD_OPTION, COAP_CODE_BAD_OPTION);
        return message->type == COAP_CONFIRMABLE ? reply : reply_of(ANSWER_PENDING, 0);
    }
    if (!body_is_whole(message))
        return refuse(server, LWM2M_REFUSED_TOO_LARGE, COAP_CODE_ENTITY_TOO_LARGE);
    return route_handle(server, request);
}

static uint64_t exchange_key(const struct lwm2m_server *server, const struct dialog_peer *peer, uint16_t message_id)
{
    uint8_t bytes[18 + 8 + 2];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer_put_bytes(&writer, peer->address.ip, sizeof peer->address.ip);
    writer_put_u16be(&writer, peer->address.port);
    writer_put_u64be(&writer, peer->imei);
    writer_put_u16be(&writer, message_id);
    return hash_siphash(server->config.secret, writer_span(&writer));
}

/* Answer a repetition from memory, or remember the message as new.
 * returns  true when it was a repetition */
static bool duplicate_answer(struct lwm2m_server *server, struct lwm2m_request *request)
{
    uint64_t key = exchange_key(server, request->peer, request->message->message_id);
    uint32_t content = (uint32_t)hash_siphash(server->config.secret, request->bytes);
    uint32_t now_s = (uint32_t)(request->now_ms / 1000);
    const struct duplicate_entry *entry = duplicate_cache_find(&server->duplicates, key, content, now_s);
    if (!entry) {
        bool evicted;
        request->arrival = duplicate_cache_put(&server->duplicates, key, content, now_s, &evicted);
        if (evicted)
            lwm2m_count(server, LWM2M_DUPLICATE_EVICTED);
        return false;
    }
    lwm2m_count(server, LWM2M_DUPLICATE);
    struct lwm2m_reply reply = { .shape = entry->shape, .code = entry->code, .device_id = entry->device_id };
    if (request->message->type == COAP_CONFIRMABLE)
        reply_send(server, request, &reply);
    return true;
}

static void request_receive(struct lwm2m_server *server, struct lwm2m_request *request)
{
    if (duplicate_answer(server, request))
        return;
    struct lwm2m_reply reply = request_handle(server, request);
    lwm2m_reply_remember(server, request->arrival, &reply);
    reply_send(server, request, &reply);
    if (reply.shape == ANSWER_LOCATION && server->config.observe_after_register &&
        lwm2m_device_at(server, reply.device_id)->flags & DEVICE_METER)
        lwm2m_observe_send(server, reply.device_id, request->now_ms);
}

/* A response that comes in a message of its own: the late answer to a request of ours, or a notification. */
static void separate_response_receive(struct lwm2m_server *server, struct lwm2m_request *request)
{
    struct lwm2m_reply reply = reply_of(ANSWER_EMPTY, 0);
    if (duplicate_answer(server, request))
        return;
    if (!lwm2m_response_handle(server, request))
        reply = lwm2m_notification_handle(server, request);
    lwm2m_reply_remember(server, request->arrival, &reply);
    reply_send(server, request, &reply);
}

/* Empty messages: a ping, or something about a message of ours (RFC 7252, 4.2, 4.3). */
static void empty_receive(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    if (request->message->type == COAP_CONFIRMABLE) {
        lwm2m_count(server, LWM2M_PING);
        reset_send(server, request->peer, request->message->message_id);
    } else if (request->message->type != COAP_NON_CONFIRMABLE && !lwm2m_response_handle(server, request)) {
        lwm2m_count(server, LWM2M_RESPONSE_UNKNOWN);
    }
}

static void malformed_receive(struct lwm2m_server *server, const struct dialog_peer *from, struct span bytes,
                              int error)
{
    uint8_t type;
    uint16_t message_id;
    lwm2m_count(server, LWM2M_MALFORMED);
    if (error != CODEC_ERR_VERSION && coap_message_peek(bytes, &type, &message_id) == 0 && type == COAP_CONFIRMABLE)
        reset_send(server, from, message_id);
}

void lwm2m_server_receive(struct lwm2m_server *server, const struct dialog_peer *from, struct span bytes,
                          int64_t now_ms)
{
    struct coap_message message;
    lwm2m_count(server, LWM2M_RECEIVED);
    int error = coap_message_decode(bytes, &message, NULL);
    if (error) {
        malformed_receive(server, from, bytes, error);
        return;
    }
    struct lwm2m_request request = { .peer = from, .message = &message, .bytes = bytes, .now_ms = now_ms };
    bool ours = message.type == COAP_CONFIRMABLE || message.type == COAP_NON_CONFIRMABLE;
    if (message.code == COAP_CODE_EMPTY)
        empty_receive(server, &request);
    else if (coap_code_is_request(message.code) && ours)
        request_receive(server, &request);
    else if (coap_code_is_response(message.code) && ours)
        separate_response_receive(server, &request);
    else if (!coap_code_is_response(message.code) || !lwm2m_response_handle(server, &request))
        lwm2m_count(server, LWM2M_RESPONSE_UNKNOWN);
}

int64_t lwm2m_server_tick(struct lwm2m_server *server, int64_t now_ms)
{
    bool waits = lwm2m_exchange_tick(server, now_ms);
    lwm2m_downlink_tick(server, now_ms);
    lwm2m_device_sweep(server, now_ms);
    int64_t next_ms = server->device_end > 0 || waits ? now_ms + SWEEP_INTERVAL_MS : INT64_MAX;
    return server->downlink_due_ms < next_ms ? server->downlink_due_ms : next_ms;
}

void lwm2m_server_archive_partial(struct lwm2m_server *server, bool is_partial)
{
    server->archive_partial = is_partial;
}

void lwm2m_server_forget(struct lwm2m_server *server, uint32_t device_id, int64_t now_ms)
{
    struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    if (!device)
        return;
    lwm2m_downlink_abandon(server, device, now_ms);
    lwm2m_device_deregister(server, device_id);
    memset(device, 0, sizeof *device);
}

size_t lwm2m_server_fixed_bytes(const struct lwm2m_server *server)
{
    const struct lwm2m_server_config *config = &server->config;
    return sizeof *server + (size_t)config->lane_limit * config->exchange_limit * sizeof *server->lanes[0].exchanges +
           (size_t)config->lane_limit * config->downlink_limit * (sizeof *server->downlinks + sizeof *server->downlink_free) +
           server->duplicates.capacity * (sizeof(struct duplicate_entry) + sizeof(uint32_t));
}

struct counter_table *lwm2m_server_counters(struct lwm2m_server *server)
{
    return &server->counters;
}
