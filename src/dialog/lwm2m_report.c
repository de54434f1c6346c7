#include <string.h>

#include "base/quantity.h"
#include "codec/codec_error.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/lwm2m_handle.h"
#include "dialog/lwm2m_server_internal.h"

#define DAY_S 86400
#define ML_PER_L 1000

/* Which field of a report is which quantity. What is not here is no quantity of the model: parameters, texts. */
static const struct {
    enum water_meter_field field;
    enum quantity quantity;
    size_t offset; /* of the int64 in struct water_meter_report */
} quantities[] = {
    { WATER_METER_VOLUME, QUANTITY_WATER_VOLUME, offsetof(struct water_meter_report, volume_ml) },
    { WATER_METER_BALANCE, QUANTITY_BALANCE, offsetof(struct water_meter_report, balance_fen) },
    { WATER_METER_VALVE, QUANTITY_VALVE_STATE, offsetof(struct water_meter_report, valve_state) },
    { WATER_METER_ALARM_BITS, QUANTITY_ALARM_BITS, offsetof(struct water_meter_report, alarm_bits) },
    { WATER_METER_RECHARGE_SERIAL, QUANTITY_RECHARGE_SERIAL, offsetof(struct water_meter_report, recharge_serial) },
    { WATER_METER_BATTERY, QUANTITY_BATTERY, offsetof(struct water_meter_report, battery_mv) },
    { WATER_METER_RSRP, QUANTITY_SIGNAL_RSRP, offsetof(struct water_meter_report, rsrp_dbm) },
    { WATER_METER_SNR, QUANTITY_SIGNAL_SNR, offsetof(struct water_meter_report, snr_db) },
    { WATER_METER_COVERAGE, QUANTITY_COVERAGE_LEVEL, offsetof(struct water_meter_report, coverage_level) },
    { WATER_METER_PHYSICAL_CELL, QUANTITY_PHYSICAL_CELL, offsetof(struct water_meter_report, physical_cell) },
    { WATER_METER_CELL_ID, QUANTITY_CELL_ID, offsetof(struct water_meter_report, cell_id) },
    { WATER_METER_EARFCN, QUANTITY_EARFCN, offsetof(struct water_meter_report, earfcn) },
    { WATER_METER_CLOCK, QUANTITY_DEVICE_TIME, offsetof(struct water_meter_report, clock_s) },
    { WATER_METER_FIRMWARE, QUANTITY_FIRMWARE_VERSION, offsetof(struct water_meter_report, firmware_version) },
};

/* The content hash must be the same after a restart, so its key is fixed; it tells equal content, nothing more. */
static const struct hash_key content_key = { 0x6d65746572776f72, 0x6b7320636f6e7465 };

struct uplink *lwm2m_uplink_begin(struct lwm2m_server *server, enum uplink_kind kind, uint32_t device_id,
                                  struct span frame, int64_t now_ms)
{
    struct uplink *uplink = &server->uplink;
    memset(uplink, 0, offsetof(struct uplink, items));
    uplink->device_id = device_id;
    uplink->gate = server->config.gate;
    uplink->kind = (uint8_t)kind;
    uplink->received_s = now_ms / 1000;
    uplink->frame_size = frame.size < UINT16_MAX ? (uint16_t)frame.size : UINT16_MAX;
    if (frame.size > 0)
        memcpy(uplink->frame, frame.bytes, frame.size < UPLINK_FRAME_LIMIT ? frame.size : UPLINK_FRAME_LIMIT);
    return uplink;
}

void lwm2m_uplink_rank(struct lwm2m_server *server, bool is_urgent)
{
    const struct lwm2m_device *device = lwm2m_device_at(server, server->uplink.device_id);
    bool waits = device && device->flags >= DEVICE_WAITING_ONE;
    server->uplink.urgent = is_urgent && !waits;
}

void lwm2m_uplink_offer(struct lwm2m_server *server)
{
    server->uplink.message_id = lwm2m_lane_of(server, server->uplink.device_id)->next++;
    if (!server->ports.offer(server->ports.context, &server->uplink))
        lwm2m_count(server, LWM2M_CORE_FULL);
}

void lwm2m_presence_offer(struct lwm2m_server *server, uint32_t device_id, const struct lwm2m_request *request,
                          bool awake)
{
    struct uplink *uplink = lwm2m_uplink_begin(server, UPLINK_PRESENCE, device_id, request->bytes, request->now_ms);
    uplink->awake = awake;
    lwm2m_uplink_offer(server);
}

static void item_add(struct uplink *uplink, enum quantity quantity, enum uplink_period period, int64_t value,
                     int64_t time_s)
{
    if (uplink->item_count == UPLINK_ITEM_LIMIT)
        return;
    uplink->items[uplink->item_count++] = (struct uplink_item){ .quantity = (uint16_t)quantity,
                                                                .period = (uint8_t)period,
                                                                .value = value,
                                                                .time_s = time_s };
}

static bool report_has(const struct water_meter_report *report, enum water_meter_field field)
{
    return report->present & WATER_METER_BIT(field);
}

static void history_add(struct uplink *uplink, const struct water_meter_report *report)
{
    /* Without the midnight of the newest entry nobody could say which days these are. */
    if (!report_has(report, WATER_METER_HISTORY) || !report_has(report, WATER_METER_MIDNIGHT))
        return;
    for (int i = 0; i < WATER_METER_HISTORY_DAYS; i++)
        if (report->history_l[i] != WATER_METER_HISTORY_NONE)
            item_add(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, (int64_t)report->history_l[i] * ML_PER_L,
                     report->midnight_s - (int64_t)i * DAY_S);
}

static void report_items_add(struct uplink *uplink, const struct water_meter_report *report)
{
    int64_t time_s = report_has(report, WATER_METER_CLOCK) ? report->clock_s : 0;
    for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
        int64_t value;
        if (!report_has(report, quantities[i].field))
            continue;
        memcpy(&value, (const char *)report + quantities[i].offset, sizeof value);
        item_add(uplink, quantities[i].quantity, UPLINK_CURRENT, value, time_s);
    }
    history_add(uplink, report);
}

int lwm2m_uplink_fill(struct uplink *uplink, const struct coap_message *message, struct lwm2m_path base,
                      struct water_meter_series *series)
{
    struct water_meter_report report = { 0 };
    int32_t format = coap_message_format(message, COAP_OPTION_CONTENT_FORMAT);
    if (format == COAP_FORMAT_NONE)
        return CODEC_ERR_UNSUPPORTED;
    int found = water_meter_message_decode(format, base, message->payload, &report, series);
    if (found < 0)
        return found;
    report_items_add(uplink, &report);
    uplink->content_hash = hash_siphash(content_key, message->payload);
    /* An event says what happened; only the daily report brings the days. */
    if (report_has(&report, WATER_METER_ALARM_BITS) && !report_has(&report, WATER_METER_HISTORY))
        uplink->kind = UPLINK_EVENT;
    return uplink->item_count;
}

static struct lwm2m_reply reply_of(uint8_t shape, uint8_t code)
{
    return (struct lwm2m_reply){ .shape = shape, .code = code };
}

/* returns  0 and the device, awake and at this peer; or the code to refuse with after counting why */
static uint8_t sender_find(struct lwm2m_server *server, const struct lwm2m_request *request, uint32_t *device_id)
{
    uint32_t number = lwm2m_device_of_peer(server, request->peer);
    if (request->peer->secured) {
        /* The key proves who speaks, so a report counts even before the first registration after a restart. */
        if (number == 0 || !lwm2m_device_reserve(server, number, request->peer->imei)) {
            lwm2m_count(server, LWM2M_REFUSED_UNKNOWN_DEVICE);
            return COAP_CODE_FORBIDDEN;
        }
        lwm2m_device_move(server, number, request->peer);
    } else if (number == 0 || !lwm2m_device_is_registered(lwm2m_device_at(server, number), request->now_ms)) {
        lwm2m_count(server, LWM2M_REFUSED_UNREGISTERED);
        return COAP_CODE_NOT_FOUND; /* the client registers again */
    }
    lwm2m_device_wake(server, lwm2m_device_at(server, number), request->now_ms);
    *device_id = number;
    return 0;
}

void lwm2m_series_begin(struct lwm2m_server *server, uint32_t device_id, struct span frame, int64_t now_ms,
                        const struct water_meter_series *series)
{
    struct uplink *uplink = lwm2m_uplink_begin(server, UPLINK_SERIES, device_id, frame, now_ms);
    const struct uplink_series head = { .start_s = series->start_s, .quantity = QUANTITY_WATER_VOLUME,
                                        .interval_s = series->interval_s, .count = series->count };
    uplink_series_set(uplink, &head, series->values_ml);
    uplink->awake = 1;
}

static struct lwm2m_reply report_take(struct lwm2m_server *server, const struct lwm2m_request *request,
                                      uint32_t device_id, struct lwm2m_path base, struct lwm2m_reply accepted)
{
    struct uplink *uplink = lwm2m_uplink_begin(server, UPLINK_REPORT, device_id, request->bytes, request->now_ms);
    struct water_meter_series series;
    int found = lwm2m_uplink_fill(uplink, request->message, base, &series);
    if (found < 0) {
        lwm2m_count(server, found == CODEC_ERR_UNSUPPORTED ? LWM2M_REFUSED_FORMAT : LWM2M_REFUSED_BAD_REQUEST);
        return reply_of(ANSWER_RESPONSE,
                        found == CODEC_ERR_UNSUPPORTED ? COAP_CODE_UNSUPPORTED_FORMAT : COAP_CODE_BAD_REQUEST);
    }
    uplink->awake = 1;
    /* A message with both is two uplinks; the answer waits for the second, and the core takes them in order. */
    if (series.count > 0) {
        if (found > 0 && !lwm2m_part_hand_on(server, request))
            return reply_of(ANSWER_PENDING, 0);
        lwm2m_series_begin(server, device_id, found > 0 ? span_of_bytes(NULL, 0) : request->bytes, request->now_ms,
                           &series);
        return lwm2m_uplink_hand_on(server, request, (enum answer_shape)accepted.shape);
    }
    if (found == 0) {
        lwm2m_count(server, LWM2M_REPORT_WITHOUT_VALUES);
        lwm2m_presence_offer(server, device_id, request, true);
        return accepted;
    }
    return lwm2m_uplink_hand_on(server, request, (enum answer_shape)accepted.shape);
}

struct lwm2m_reply lwm2m_send_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    uint32_t device_id;
    uint8_t refusal = sender_find(server, request, &device_id);
    if (refusal != 0)
        return reply_of(ANSWER_RESPONSE, refusal);
    struct lwm2m_path root = { .depth = 0 };
    return report_take(server, request, device_id, root, reply_of(ANSWER_RESPONSE, COAP_CODE_CHANGED));
}

/* Does the token belong to a device that may speak from this peer? A plain device whose address changed while it slept
 * is followed by its token, which no stranger can guess. */
static bool notifier_find(struct lwm2m_server *server, const struct lwm2m_request *request, uint32_t *device_id)
{
    uint32_t number;
    if (!lwm2m_observe_token_read(server->config.secret, request->message->token, &number))
        return false;
    const struct lwm2m_device *device = lwm2m_device_at(server, number);
    if (!device || !lwm2m_device_is_registered(device, request->now_ms))
        return false;
    bool secured = device->flags & DEVICE_SECURED;
    if (request->peer->secured ? device->imei != request->peer->imei : secured)
        return false;
    *device_id = number;
    return true;
}

struct lwm2m_reply lwm2m_notification_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    uint32_t device_id;
    if (!notifier_find(server, request, &device_id)) {
        lwm2m_count(server, LWM2M_NOTIFICATION_UNKNOWN);
        return reply_of(ANSWER_RESET, 0);
    }
    lwm2m_device_move(server, device_id, request->peer);
    lwm2m_device_wake(server, lwm2m_device_at(server, device_id), request->now_ms);
    struct lwm2m_path base = lwm2m_path_of_instance(WATER_METER_OBJECT, 0);
    struct lwm2m_reply reply = reply_of(ANSWER_EMPTY, 0);
    if (request->message->code == COAP_CODE_CONTENT)
        reply = report_take(server, request, device_id, base, reply);
    /* A notification is no request: what cannot be read is reset, which also ends the observation. */
    return reply.shape == ANSWER_RESPONSE ? reply_of(ANSWER_RESET, 0) : reply;
}
