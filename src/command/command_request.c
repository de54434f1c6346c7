/* Asking: what may be asked, serials, and the older valve command that a newer one replaces. */
#include <string.h>

#include "base/text.h"
#include "command/command_internal.h"

#define AMOUNT_LARGEST_FEN 100000000
#define UNITS_LARGEST_VALUE INT64_C(1000000000000) /* a million kWh or m3 */
#define EXPIRY_SHORTEST_S 60
#define EXPIRY_LONGEST_S (90 * 86400)

struct parameter_range {
    int64_t minimum;
    int64_t maximum;
};

/* In the unit of enum device_parameter. */
static const struct parameter_range parameter_ranges[PARAMETER_COUNT] = {
    [PARAMETER_LOW_BALANCE] = { 0, 10000000 },
    [PARAMETER_OVERDRAFT] = { 0, 10000000 },
    [PARAMETER_REPORT_PERIOD] = { 900, 2678400 },     /* a quarter of an hour to 31 days */
    [PARAMETER_REPORT_TIME] = { 0, 86399 },
    [PARAMETER_STAGGER] = { 0, 600000 },
    [PARAMETER_FLOW_LIMIT] = { 1000, INT64_C(4000000000) },
    [PARAMETER_LEAK_LIMIT] = { 100, INT64_C(4000000000) },
    [PARAMETER_LEAK_TIME] = { 1, 43200 },
    [PARAMETER_PRICE] = { 0, 100000000 },
};

/* Money, or units. */
static bool purchase_valid(const struct command_request *request)
{
    if (request->value == 0)
        return request->amount_fen > 0 && request->amount_fen <= AMOUNT_LARGEST_FEN;
    return request->amount_fen == 0 && request->value > 0 && request->value <= UNITS_LARGEST_VALUE;
}

static int content_check(const struct command_request *request)
{
    if (request->operation == 0 || request->operation >= DOWNLINK_OPERATION_COUNT)
        return COMMAND_ERR_KIND;
    if (request->priority > COMMAND_PRIORITY_BULK)
        return COMMAND_ERR_PRIORITY;
    if (request->operation == DOWNLINK_RECHARGE && !purchase_valid(request))
        return COMMAND_ERR_AMOUNT;
    if (!memchr(request->reason, '\0', sizeof request->reason) || text_utf8_check(span_of_text(request->reason)) < 0)
        return COMMAND_ERR_TEXT;
    if (request->operation == DOWNLINK_SET_MODE && (request->value < SUPPLY_POSTPAID || request->value >= SUPPLY_MODE_COUNT))
        return COMMAND_ERR_MODE;
    if (request->operation == DOWNLINK_WRITE_STEPS || request->operation == DOWNLINK_WRITE_DAY_TABLE)
        return command_table_valid(request->operation, &request->table) ? 0 : COMMAND_ERR_TABLE;
    if (request->operation != DOWNLINK_WRITE_PARAMETER)
        return 0;
    if (request->parameter == 0 || request->parameter >= PARAMETER_COUNT)
        return COMMAND_ERR_PARAMETER;
    const struct parameter_range *range = &parameter_ranges[request->parameter];
    return request->value < range->minimum || request->value > range->maximum ? COMMAND_ERR_VALUE : 0;
}

static int request_check(const struct command_room *room, const struct command_request *request, int64_t now_s)
{
    const struct registry_device *archive = registry_device_find(room->registry, request->device_id);
    if (!archive || archive->removed)
        return COMMAND_ERR_DEVICE;
    if (request->expires_s != 0 &&
        (request->expires_s < now_s + EXPIRY_SHORTEST_S || request->expires_s > now_s + EXPIRY_LONGEST_S))
        return COMMAND_ERR_EXPIRY;
    const struct command_device *device = dense_array_at(&room->devices, request->device_id);
    if (device && device->open_count >= COMMAND_OPEN_LIMIT)
        return COMMAND_ERR_QUEUE_FULL;
    if (device && device->serial == UINT32_MAX)
        return COMMAND_ERR_SERIAL;
    return content_check(request);
}

/* Only what a device must not do twice needs a serial. Behind a line that is money alone, which gets its number when it
 * leaves (command_purchase_number). */
static bool serial_needed(const struct command_room *room, const struct command_request *request)
{
    const struct registry_device *device = registry_device_find(room->registry, request->device_id);
    return device->line_device_id == 0 &&
           (command_is_money(request->operation) || command_is_valve(request->operation));
}

static struct command_record record_make(const struct command_room *room, const struct command_request *request,
                                         int64_t now_s)
{
    bool write = request->operation == DOWNLINK_WRITE_PARAMETER;
    bool has_value = write || request->operation == DOWNLINK_SET_MODE || request->operation == DOWNLINK_RECHARGE ||
                     request->operation == DOWNLINK_TELL_INTERVALS;
    struct command_record record = {
        .value = has_value ? request->value : 0,
        .amount_fen = request->operation == DOWNLINK_RECHARGE ? request->amount_fen : 0,
        .requested_s = now_s,
        .expires_s = request->expires_s != 0 ? request->expires_s : now_s + COMMAND_EXPIRY_DEFAULT_S,
        .tenant_id = registry_device_find(room->registry, request->device_id)->tenant_id,
        .device_id = request->device_id,
        .requested_by = request->requested_by,
        .operation = request->operation,
        .parameter = write ? request->parameter : 0,
        .state = COMMAND_QUEUED,
        .priority = request->priority,
    };
    if (request->operation == DOWNLINK_WRITE_STEPS || request->operation == DOWNLINK_WRITE_DAY_TABLE)
        record.table = request->table;
    memcpy(record.reason, request->reason, sizeof record.reason);
    return record;
}

/* A newer valve command makes an older one pointless unless that is on its way already. */
static int older_supersede(struct command_room *room, const struct command_record *newer,
                           const struct command_device *device, int64_t now_s, uint64_t *superseded_id)
{
    struct command_record older = { .command_id = 0 };
    uint8_t priority = 0;
    uint64_t after = 0;
    for (;;) {
        int found = room->store.open_next(room->store.context, newer->device_id, priority, after, &older);
        if (found <= 0)
            return found;
        priority = older.priority;
        after = older.command_id;
        if (!command_is_valve(older.operation) || older.command_id >= newer->command_id ||
            older.state != COMMAND_QUEUED || older.command_id == device->under_way_id)
            continue;
        int moved = command_move(room, &older, COMMAND_CANCELLED, now_s, "superseded %llu",
                                 (unsigned long long)newer->command_id);
        if (moved < 0)
            return moved;
        *superseded_id = older.command_id;
    }
}

static int record_insert(struct command_room *room, struct command_record *record, int64_t now_s)
{
    int error = room->store.insert(room->store.context, record);
    if (error == 0)
        error = room->store.step_insert(room->store.context, record->command_id, COMMAND_QUEUED, now_s, "asked");
    if (error == 0 && room->changed)
        error = room->changed(room->listener, &(struct command_change){ record, 0, now_s });
    return error < 0 ? error : 0;
}

int command_request(struct command_room *room, const struct command_request *request, int64_t now_s,
                    struct command_ticket *ticket)
{
    struct command_device *device = NULL;
    int error = request_check(room, request, now_s);
    if (error == 0)
        error = command_device_touch(room, request->device_id, &device);
    if (error != 0)
        return error;
    struct command_record record = record_make(room, request, now_s);
    if (serial_needed(room, request))
        record.serial = ++device->serial;
    device->open_count++;
    error = record_insert(room, &record, now_s);
    struct command_ticket given = { .command_id = record.command_id, .serial = record.serial };
    if (error == 0 && command_is_valve(record.operation))
        error = older_supersede(room, &record, device, now_s, &given.superseded_id);
    if (error != 0)
        return error;
    given.window_s = command_window_s(room, request->device_id, now_s);
    given.awake = given.window_s == now_s;
    *ticket = given;
    return 0;
}
