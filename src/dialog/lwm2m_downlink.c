#include <string.h>

#include "codec/coap/coap_option.h"
#include "codec/water_meter/water_meter_command.h"
#include "dialog/lwm2m_handle.h"
#include "dialog/lwm2m_server_internal.h"

#define TIMEOUT_MIN_MS 5000
#define TIMEOUT_MAX_MS 40000
#define OBSERVE_TIMEOUT_MS 25000
#define OBSERVE_REGISTER 0
#define CODE_UNENCODABLE COAP_CODE_BAD_REQUEST

/* The command that an answer is about. */
struct subject {
    uint64_t command_id; /* 0: our own observation, nobody waits */
    uint32_t device_id;
    bool in_turn; /* as in struct lwm2m_downlink */
};

/* Tell the core how a command fares. */
static void answer_offer(struct lwm2m_server *server, struct subject subject, enum uplink_answer answer, uint16_t code,
                         struct span frame, int64_t now_ms)
{
    if (subject.command_id == 0)
        return;
    struct uplink *uplink = lwm2m_uplink_begin(server, UPLINK_ANSWER, subject.device_id, frame, now_ms);
    uplink->command_id = subject.command_id;
    uplink->answer = (uint8_t)answer;
    uplink->answer_code = code;
    uplink->frame_direction = answer == UPLINK_ANSWER_SENT;
    uplink->awake = lwm2m_server_is_awake(server, subject.device_id, now_ms);
    lwm2m_uplink_rank(server, !subject.in_turn);
    lwm2m_uplink_offer(server);
}

static struct subject subject_of_asked(const struct downlink *asked)
{
    return (struct subject){ .command_id = asked->command_id, .device_id = asked->device_id };
}

static void downlink_free(struct lwm2m_server *server, struct lwm2m_downlink *downlink)
{
    struct lwm2m_device *device = lwm2m_device_at(server, downlink->device_id);
    if (device)
        device->downlink = 0;
    lwm2m_lane_of(server, downlink->device_id)->downlinks--;
    downlink->device_id = 0;
    server->downlink_free[server->downlink_free_count++] = (uint32_t)(downlink - server->downlinks);
}

/* The request is over: the slot is free before the core hears of it, so that it may send the next one at once. */
static void downlink_end(struct lwm2m_server *server, struct lwm2m_downlink *downlink, enum uplink_answer answer,
                         uint16_t code, struct span frame, int64_t now_ms)
{
    struct subject subject = { downlink->command_id, downlink->device_id, downlink->in_turn };
    lwm2m_count(server, answer == UPLINK_ANSWER_TIMEOUT ? LWM2M_DOWNLINK_TIMED_OUT : LWM2M_DOWNLINK_ANSWERED);
    downlink_free(server, downlink);
    answer_offer(server, subject, answer, code, frame, now_ms);
}

static struct lwm2m_downlink *downlink_take(struct lwm2m_server *server, struct lwm2m_device *device,
                                            uint32_t device_id)
{
    struct lwm2m_lane *lane = lwm2m_lane_of(server, device_id);
    if (lane->downlinks == server->config.downlink_limit)
        return NULL;
    lane->downlinks++;
    uint32_t slot = server->downlink_free[--server->downlink_free_count];
    struct lwm2m_downlink *downlink = &server->downlinks[slot];
    uint64_t drawn = lwm2m_draw(server);
    *downlink = (struct lwm2m_downlink){ .device_id = device_id, .message_id = (uint16_t)(drawn >> 16) };
    downlink->token[0] = (uint8_t)(slot >> 8);
    downlink->token[1] = (uint8_t)slot;
    downlink->token[2] = (uint8_t)(drawn >> 8);
    downlink->token[3] = (uint8_t)drawn;
    device->downlink = slot + 1;
    return downlink;
}

static void downlink_transmit(struct lwm2m_server *server, const struct lwm2m_downlink *downlink)
{
    const struct lwm2m_device *device = lwm2m_device_at(server, downlink->device_id);
    struct dialog_peer peer = lwm2m_device_peer(device);
    server->ports.send(server->ports.context, &peer, span_of_bytes(downlink->bytes, downlink->size));
}

/* First transmission: the wait before a repetition is spread over 1 to 1.5 times the time-out (RFC 7252, 4.2). */
static void downlink_start(struct lwm2m_server *server, struct lwm2m_downlink *downlink, int64_t timeout_ms,
                           int64_t now_ms)
{
    int64_t base_ms = server->config.acknowledge_timeout_ms;
    downlink->interval_ms = base_ms + (int64_t)(lwm2m_draw(server) % (uint64_t)(base_ms / 2 + 1));
    downlink->repeat_ms = now_ms + downlink->interval_ms;
    downlink->deadline_ms = now_ms + timeout_ms;
    int64_t due_ms = downlink->repeat_ms < downlink->deadline_ms ? downlink->repeat_ms : downlink->deadline_ms;
    if (due_ms < server->downlink_due_ms)
        server->downlink_due_ms = due_ms;
    lwm2m_count(server, LWM2M_DOWNLINK_SENT);
    downlink_transmit(server, downlink);
}

static void path_put(struct coap_encoder *encoder, struct lwm2m_path path)
{
    char text[LWM2M_PATH_TEXT_LIMIT];
    struct writer writer = writer_of_buffer(text, sizeof text);
    lwm2m_path_write(path, &writer);
    if (path.depth > 0)
        coap_encoder_put_segments(encoder, COAP_OPTION_URI_PATH, writer_span(&writer), '/');
}

/* Write the CoAP request of a downlink into its own buffer. false: it cannot be said */
static bool request_encode(struct lwm2m_downlink *downlink, const struct water_meter_request *request,
                           struct span payload)
{
    struct writer writer = writer_of_buffer(downlink->bytes, sizeof downlink->bytes);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, request->code, downlink->message_id,
                       span_of_bytes(downlink->token, sizeof downlink->token));
    path_put(&encoder, request->path);
    if (request->content_format != COAP_FORMAT_NONE)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, (uint32_t)request->content_format);
    if (request->accept != COAP_FORMAT_NONE)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_ACCEPT, (uint32_t)request->accept);
    writer_put_span(coap_encoder_payload(&encoder), payload);
    int size = coap_encoder_end(&encoder);
    if (size < 0)
        return false;
    downlink->size = (uint16_t)size;
    downlink->path = request->path;
    return true;
}

/* LwM2M 1.0 has no composite operations: one object instance is read, in the one format every 1.0 client speaks. */
static bool simple_read_encode(struct lwm2m_downlink *downlink)
{
    struct water_meter_request request = { .code = COAP_CODE_GET,
                                           .path = lwm2m_path_of_instance(WATER_METER_OBJECT, 0),
                                           .content_format = COAP_FORMAT_NONE,
                                           .accept = COAP_FORMAT_TLV };
    return request_encode(downlink, &request, span_of_bytes(NULL, 0));
}

static bool command_encode(struct lwm2m_downlink *downlink, const struct downlink *asked, int64_t now_ms)
{
    struct water_meter_command command = { .operation = (uint8_t)asked->operation,
                                           .parameter = (uint8_t)asked->parameter,
                                           .serial = asked->serial,
                                           .amount_fen = asked->amount_fen,
                                           .value = asked->value };
    if (asked->operation == DOWNLINK_SET_CLOCK && asked->value == 0)
        command.value = now_ms / 1000;
    if (asked->operation >= DOWNLINK_OPERATION_COUNT || asked->parameter >= PARAMETER_COUNT)
        return false;
    uint8_t bytes[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    struct water_meter_request request;
    return water_meter_command_encode(&command, &request, &payload) == 0 &&
           request_encode(downlink, &request, writer_span(&payload));
}

static int64_t timeout_within_bounds(uint32_t timeout_ms)
{
    if (timeout_ms < TIMEOUT_MIN_MS)
        return TIMEOUT_MIN_MS;
    return timeout_ms > TIMEOUT_MAX_MS ? TIMEOUT_MAX_MS : timeout_ms;
}

static void postpone(struct lwm2m_server *server, const struct downlink *asked, enum lwm2m_counter reason,
                     int64_t now_ms)
{
    lwm2m_count(server, reason);
    answer_offer(server, subject_of_asked(asked), UPLINK_ANSWER_TIMEOUT, 0, span_of_bytes(NULL, 0), now_ms);
}

void lwm2m_server_deliver(struct lwm2m_server *server, const struct downlink *asked, int64_t now_ms)
{
    struct lwm2m_device *device = lwm2m_device_at(server, asked->device_id);
    if (!device || !lwm2m_server_is_awake(server, asked->device_id, now_ms)) {
        postpone(server, asked, LWM2M_DOWNLINK_ASLEEP, now_ms);
        return;
    }
    struct lwm2m_downlink *downlink = device->downlink ? NULL : downlink_take(server, device, asked->device_id);
    if (!downlink) {
        postpone(server, asked, LWM2M_DOWNLINK_BUSY, now_ms);
        return;
    }
    downlink->command_id = asked->command_id;
    downlink->operation = asked->operation;
    bool simple = asked->operation == DOWNLINK_READ_NOW && device->flags & DEVICE_VERSION_1_0;
    if (simple ? !simple_read_encode(downlink) : !command_encode(downlink, asked, now_ms)) {
        lwm2m_count(server, LWM2M_DOWNLINK_UNENCODABLE);
        downlink_free(server, downlink);
        answer_offer(server, subject_of_asked(asked), UPLINK_ANSWER_REFUSED, CODE_UNENCODABLE, span_of_bytes(NULL, 0),
                     now_ms);
        return;
    }
    downlink_start(server, downlink, timeout_within_bounds(asked->timeout_ms), now_ms);
    answer_offer(server, subject_of_asked(asked), UPLINK_ANSWER_SENT, 0, span_of_bytes(downlink->bytes, downlink->size),
                 now_ms);
    downlink->in_turn = asked->command_id != 0 && !server->uplink.urgent;
}

void lwm2m_observe_send(struct lwm2m_server *server, uint32_t device_id, int64_t now_ms)
{
    struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    struct lwm2m_downlink *downlink = device->downlink ? NULL : downlink_take(server, device, device_id);
    if (!downlink)
        return; /* busy: the next registration asks again */
    uint8_t token[LWM2M_OBSERVE_TOKEN_SIZE];
    lwm2m_observe_token_write(server->config.secret, device_id, token);
    struct writer writer = writer_of_buffer(downlink->bytes, sizeof downlink->bytes);
    struct coap_encoder encoder;
    downlink->path = lwm2m_path_of_instance(WATER_METER_OBJECT, 0);
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_GET, downlink->message_id,
                       span_of_bytes(token, sizeof token));
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_OBSERVE, OBSERVE_REGISTER);
    path_put(&encoder, downlink->path);
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_ACCEPT, COAP_FORMAT_SENML_CBOR);
    int size = coap_encoder_end(&encoder);
    if (size < 0) {
        downlink_free(server, downlink);
        return;
    }
    downlink->size = (uint16_t)size;
    downlink_start(server, downlink, OBSERVE_TIMEOUT_MS, now_ms);
}

/* What was read goes to the core as a report of its own; nothing is owed to the device for it. */
static void content_offer(struct lwm2m_server *server, const struct lwm2m_downlink *downlink,
                          const struct lwm2m_request *request)
{
    struct uplink *uplink =
        lwm2m_uplink_begin(server, UPLINK_REPORT, downlink->device_id, request->bytes, request->now_ms);
    struct water_meter_series series;
    int found = lwm2m_uplink_fill(uplink, request->message, downlink->path, &series);
    if (found > 0) {
        uplink->kind = UPLINK_REPORT;
        uplink->awake = 1;
        lwm2m_uplink_rank(server, !downlink->in_turn); /* as the answer to the command, which follows it */
        lwm2m_uplink_offer(server);
    }
    if (found >= 0 && series.count > 0) {
        lwm2m_series_begin(server, downlink->device_id, found > 0 ? span_of_bytes(NULL, 0) : request->bytes,
                           request->now_ms, &series);
        lwm2m_uplink_rank(server, !downlink->in_turn);
        lwm2m_uplink_offer(server);
    }
}

static void response_take(struct lwm2m_server *server, struct lwm2m_downlink *downlink,
                          const struct lwm2m_request *request)
{
    uint8_t code = request->message->code;
    bool done = COAP_CODE_CLASS(code) == 2;
    if (code == COAP_CODE_CONTENT && (downlink->operation == DOWNLINK_READ_NOW || downlink->command_id == 0))
        content_offer(server, downlink, request);
    downlink_end(server, downlink, done ? UPLINK_ANSWER_EXECUTED : UPLINK_ANSWER_REFUSED, done ? 0 : code,
                 request->bytes, request->now_ms);
}

static bool token_fits(const struct lwm2m_server *server, const struct lwm2m_downlink *downlink, struct span token)
{
    if (downlink->command_id != 0)
        return span_equal(token, span_of_bytes(downlink->token, sizeof downlink->token));
    uint32_t observed;
    return lwm2m_observe_token_read(server->config.secret, token, &observed) && observed == downlink->device_id;
}

bool lwm2m_response_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    const struct coap_message *message = request->message;
    struct lwm2m_device *device = lwm2m_device_at(server, lwm2m_device_of_peer(server, request->peer));
    if (!device || device->downlink == 0)
        return false;
    struct lwm2m_downlink *downlink = &server->downlinks[device->downlink - 1];
    bool ours = message->message_id == downlink->message_id;
    if (message->type == COAP_RESET && ours) {
        downlink_end(server, downlink, UPLINK_ANSWER_REFUSED, 0, request->bytes, request->now_ms);
        return true;
    }
    if (message->code == COAP_CODE_EMPTY) {
        downlink->acknowledged |= ours && message->type == COAP_ACKNOWLEDGEMENT;
        return ours;
    }
    if (!token_fits(server, downlink, message->token) || (message->type == COAP_ACKNOWLEDGEMENT && !ours))
        return false;
    lwm2m_device_wake(server, device, request->now_ms);
    response_take(server, downlink, request);
    return true;
}

void lwm2m_downlink_abandon(struct lwm2m_server *server, struct lwm2m_device *device, int64_t now_ms)
{
    if (device->downlink != 0)
        downlink_end(server, &server->downlinks[device->downlink - 1], UPLINK_ANSWER_TIMEOUT, 0,
                     span_of_bytes(NULL, 0), now_ms);
}

/* A device that did not answer sleeps or is out of reach: its window is over. */
static void downlink_time_out(struct lwm2m_server *server, struct lwm2m_downlink *downlink, int64_t now_ms)
{
    lwm2m_device_at(server, downlink->device_id)->awake_until_s = 0;
    downlink_end(server, downlink, UPLINK_ANSWER_TIMEOUT, 0, span_of_bytes(NULL, 0), now_ms);
}

static void downlink_repeat(struct lwm2m_server *server, struct lwm2m_downlink *downlink, int64_t now_ms)
{
    downlink->interval_ms *= 2;
    downlink->repeat_ms = now_ms + downlink->interval_ms;
    lwm2m_count(server, LWM2M_DOWNLINK_REPEATED);
    downlink_transmit(server, downlink);
}

void lwm2m_downlink_tick(struct lwm2m_server *server, int64_t now_ms)
{
    if (now_ms < server->downlink_due_ms)
        return;
    int64_t due_ms = INT64_MAX;
    for (uint32_t i = 0; i < server->config.downlink_limit; i++) {
        struct lwm2m_downlink *downlink = &server->downlinks[i];
        if (downlink->device_id != 0 && now_ms >= downlink->deadline_ms)
            downlink_time_out(server, downlink, now_ms);
        if (downlink->device_id == 0)
            continue;
        if (!downlink->acknowledged && now_ms >= downlink->repeat_ms)
            downlink_repeat(server, downlink, now_ms);
        int64_t own_ms = downlink->acknowledged || downlink->deadline_ms < downlink->repeat_ms ? downlink->deadline_ms
                                                                                               : downlink->repeat_ms;
        due_ms = own_ms < due_ms ? own_ms : due_ms;
    }
    server->downlink_due_ms = due_ms;
}
