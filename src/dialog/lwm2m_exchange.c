#include <string.h>

#include "dialog/lwm2m_server_internal.h"

void lwm2m_reply_remember(struct lwm2m_server *server, uint32_t arrival, const struct lwm2m_reply *reply)
{
    struct duplicate_entry *entry = duplicate_cache_at(&server->duplicates, arrival);
    if (!entry)
        return;
    entry->shape = reply->shape;
    entry->code = reply->code;
    entry->device_id = reply->device_id;
}

/* The device hears nothing and repeats; then the message must count as new. */
static void message_forget(struct lwm2m_server *server, uint32_t arrival)
{
    struct duplicate_entry *entry = duplicate_cache_at(&server->duplicates, arrival);
    if (entry)
        entry->forgotten = true;
}

static void waiting_end(struct lwm2m_server *server, struct lwm2m_exchange *exchange)
{
    struct lwm2m_device *device = lwm2m_device_at(server, exchange->device_id);
    if (device && device->flags >= DEVICE_WAITING_ONE)
        device->flags = (uint16_t)(device->flags - DEVICE_WAITING_ONE);
    exchange->message_id = 0;
}

/* One device fills no queue. */
static bool device_has_room(struct lwm2m_server *server)
{
    const struct lwm2m_device *device = lwm2m_device_at(server, server->uplink.device_id);
    if (!device || device->flags < LWM2M_WAITING_LIMIT * DEVICE_WAITING_ONE)
        return true;
    lwm2m_count(server, LWM2M_DEVICE_FULL);
    return false;
}

static struct lwm2m_exchange *exchange_at(const struct lwm2m_server *server, const struct lwm2m_lane *lane,
                                          uint64_t message_id)
{
    return &lane->exchanges[message_id % server->config.exchange_limit];
}

/* A slot for the answer to come. NULL when too many answers are awaited. */
static struct lwm2m_exchange *exchange_take(struct lwm2m_server *server, struct lwm2m_lane *lane,
                                            const struct lwm2m_request *request, enum answer_shape shape)
{
    struct lwm2m_exchange *exchange = exchange_at(server, lane, lane->next);
    if (exchange->message_id != 0) {
        lwm2m_count(server, LWM2M_EXCHANGE_FULL);
        lane->next++; /* the next message tries another slot */
        return NULL;
    }
    const struct coap_message *message = request->message;
    *exchange = (struct lwm2m_exchange){ .started_ms = request->now_ms, .peer = *request->peer,
                                         .device_id = server->uplink.device_id,
                                         .arrival = request->arrival, .coap_message_id = message->message_id,
                                         .type = message->type, .shape = (uint8_t)shape,
                                         .token_size = (uint8_t)message->token.size };
    if (message->token.size > 0)
        memcpy(exchange->token, message->token.bytes, message->token.size);
    return exchange;
}

struct lwm2m_reply lwm2m_leave_unanswered(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    message_forget(server, request->arrival);
    return (struct lwm2m_reply){ .shape = ANSWER_PENDING };
}

/* Hand server->uplink to the core and keep the device waiting for its answer. */
struct lwm2m_reply lwm2m_uplink_hand_on(struct lwm2m_server *server, const struct lwm2m_request *request,
                                        enum answer_shape shape)
{
    const struct lwm2m_reply nothing_yet = { .shape = ANSWER_PENDING };
    struct lwm2m_lane *lane = lwm2m_lane_of(server, server->uplink.device_id);
    struct lwm2m_exchange *exchange = device_has_room(server) ? exchange_take(server, lane, request, shape) : NULL;
    bool taken = false;
    if (exchange) {
        lwm2m_uplink_rank(server, server->uplink.kind == UPLINK_EVENT);
        server->uplink.message_id = lane->next;
        taken = server->ports.offer(server->ports.context, &server->uplink);
        if (!taken)
            lwm2m_count(server, LWM2M_CORE_FULL);
    }
    if (taken) {
        struct lwm2m_device *device = lwm2m_device_at(server, server->uplink.device_id);
        if (device)
            device->flags = (uint16_t)(device->flags + DEVICE_WAITING_ONE);
        exchange->message_id = lane->next++;
        return nothing_yet;
    }
    return lwm2m_leave_unanswered(server, request);
}

bool lwm2m_part_hand_on(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    server->uplink.message_id = lwm2m_lane_of(server, server->uplink.device_id)->next++;
    if (server->ports.offer(server->ports.context, &server->uplink))
        return true;
    lwm2m_count(server, LWM2M_CORE_FULL);
    message_forget(server, request->arrival);
    return false;
}

/* The device's message was confirmable: the answer goes into its acknowledgement; else a message of our own. */
static void exchange_answer(struct lwm2m_server *server, const struct lwm2m_exchange *exchange)
{
    bool confirmable = exchange->type == COAP_CONFIRMABLE;
    struct span token = span_of_bytes(exchange->token, exchange->token_size);
    if (exchange->shape == ANSWER_RESPONSE)
        lwm2m_send_bare(server, &exchange->peer, confirmable ? COAP_ACKNOWLEDGEMENT : COAP_NON_CONFIRMABLE,
                        COAP_CODE_CHANGED, confirmable ? exchange->coap_message_id : (uint16_t)lwm2m_draw(server),
                        token);
    else if (confirmable)
        lwm2m_send_bare(server, &exchange->peer, COAP_ACKNOWLEDGEMENT, COAP_CODE_EMPTY, exchange->coap_message_id,
                        span_of_bytes(NULL, 0));
}

void lwm2m_server_acknowledge(struct lwm2m_server *server, const struct uplink_acknowledgement *acknowledgement,
                              int64_t now_ms)
{
    (void)now_ms;
    uint64_t message_id = acknowledgement->message_id;
    const struct lwm2m_lane *lane = lwm2m_lane_of(server, acknowledgement->device_id);
    struct lwm2m_exchange *exchange = exchange_at(server, lane, message_id);
    if (message_id == 0 || exchange->message_id != message_id)
        return; /* it owed nobody an answer, or was given up */
    struct lwm2m_reply reply = { .shape = exchange->shape, .code = COAP_CODE_CHANGED };
    if (acknowledgement->accepted) {
        lwm2m_count(server, LWM2M_REPORT_ACCEPTED);
        lwm2m_reply_remember(server, exchange->arrival, &reply);
        exchange_answer(server, exchange);
    } else {
        lwm2m_count(server, LWM2M_CORE_REFUSED);
        message_forget(server, exchange->arrival);
    }
    waiting_end(server, exchange);
}

/* Exchanges began in the order of their numbers, so the oldest that waits stands at the front. */
static bool lane_tick(struct lwm2m_server *server, struct lwm2m_lane *lane, int64_t now_ms)
{
    while (lane->oldest < lane->next) {
        struct lwm2m_exchange *exchange = exchange_at(server, lane, lane->oldest);
        if (exchange->message_id == lane->oldest) {
            if (now_ms - exchange->started_ms < server->config.core_timeout_ms)
                return true;
            message_forget(server, exchange->arrival);
            waiting_end(server, exchange);
            lwm2m_count(server, LWM2M_CORE_SILENT);
        }
        lane->oldest++;
    }
    return false;
}

bool lwm2m_exchange_tick(struct lwm2m_server *server, int64_t now_ms)
{
    bool waits = false;
    for (uint32_t i = 0; i < server->config.lane_limit; i++)
        waits |= lane_tick(server, &server->lanes[i], now_ms);
    return waits;
}
