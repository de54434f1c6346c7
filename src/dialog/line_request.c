#include "dialog/line_request.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/dlt645/dlt645_recharge.h"
#include "codec/dlt645/dlt645_request.h"
#include "codec/mbus/mbus_command.h"

#define FREEZE_TOLERANCE_S 3600 /* between the midnight asked for and the freeze that came */
#define INSTANT_TOLERANCE_S 120 /* between the broadcast and the minute that the meter noted, by its own clock */
#define WAKE_UP_COUNT 4
#define CURVE_LIMIT 96           /* instants of one order: a day by quarters of an hour */
#define ERROR_NO_DATA 0x02        /* DL/T 645 ER bit 1: no such data */
#define ERROR_NOT_AUTHORISED 0x04 /* bit 2: wrong password or no permission */

bool line_order_is_broadcast(const struct line_order *order)
{
    return order->operation == LINE_FREEZE ||
           (order->operation == LINE_CLOCK_SET && order->device_id == 0 && order->measurement_point == 0);
}

bool line_order_is_command(const struct line_order *order)
{
    return order->operation == LINE_COMMAND || order->operation == LINE_CLOCK_SET || order->operation == LINE_FREEZE;
}

/* How many freezes ago the order's midnight was. */
static uint8_t back_of(const struct line_order *order, int64_t now_ms)
{
    int64_t today = calendar_local_day(now_ms / 1000, order->zone_offset_s);
    int64_t day = calendar_local_day(order->time_s, order->zone_offset_s);
    int64_t back = 1;

    if (order->back != 0 || order->time_s == 0)
        return (uint8_t)(order->back == 0 ? 1 : order->back < UINT8_MAX ? order->back : UINT8_MAX);
    if (order->operation == LINE_READ_DAILY)
        back = today - day + 1;
    else
        while (back < UINT8_MAX && calendar_month_start_after(today, (int32_t)(1 - back)) > day)
            back++;
    return (uint8_t)(back < 1 ? 1 : back < UINT8_MAX ? back : UINT8_MAX);
}

/* The point that is the meter's clock; point_count when it has none. */
static uint16_t clock_point(const struct device_profile *profile)
{
    uint16_t point = 0;

    while (point < profile->point_count && profile->points[point].quantity != ITEM_DATE_TIME)
        point++;
    return point;
}

static bool offers(const struct device_profile *profile, enum device_command_code command)
{
    for (size_t i = 0; i < profile->command_count; i++)
        if (profile->commands[i].command == command)
            return true;
    return false;
}

/* Wants what the meter latched rather than what it shows now. */
static bool wants_instant(const struct line_order *order, const struct device_profile *profile)
{
    return order->operation == LINE_READ_CURRENT && order->time_s != 0 &&
           offers(profile, DEVICE_COMMAND_READ_INSTANT_FREEZE);
}

static int reading_request(const struct line_order *order, const struct device_profile *profile, int64_t now_ms,
                           struct device_request *out)
{
    static const uint8_t commands[LINE_SEARCH + 1] = { [LINE_READ_CURRENT] = DEVICE_COMMAND_READ_NOW,
                                                       [LINE_READ_DAILY] = DEVICE_COMMAND_READ_DAILY_FREEZE,
                                                       [LINE_READ_MONTHLY] = DEVICE_COMMAND_READ_MONTHLY_FREEZE,
                                                       [LINE_READ_CURVE] = DEVICE_COMMAND_READ_LOAD_RECORD,
                                                       [LINE_CLOCK_READ] = DEVICE_COMMAND_READ,
                                                       [LINE_CLOCK_SET] = DEVICE_COMMAND_SET_CLOCK };

    if (order->operation > LINE_SEARCH || commands[order->operation] == DEVICE_COMMAND_NONE)
        return DEVICE_CODEC_ERR_COMMAND;
    *out = (struct device_request){ .command = commands[order->operation],
                                    .zone_offset_s = order->zone_offset_s,
                                    .now_s = now_ms / 1000,
                                    .back = back_of(order, now_ms) };
    if (order->operation == LINE_READ_CURVE) {
        if (order->count == 0 || order->count > CURVE_LIMIT || order->interval_min == 0 || order->interval_min > 60)
            return DEVICE_CODEC_ERR_RANGE;
        out->time_s = order->time_s;
        out->count = (uint8_t)order->count;
        out->interval_min = (uint8_t)order->interval_min;
    }
    if (wants_instant(order, profile))
        out->command = DEVICE_COMMAND_READ_INSTANT_FREEZE;
    if (order->operation == LINE_CLOCK_READ && offers(profile, DEVICE_COMMAND_READ_CLOCK))
        out->command = DEVICE_COMMAND_READ_CLOCK;
    else if (order->operation == LINE_CLOCK_READ)
        out->point = clock_point(profile);
    if (order->operation == LINE_READ_DAILY || order->operation == LINE_READ_MONTHLY)
        out->given = DEVICE_PARAMETER_BACK;
    return 0;
}

int line_request_of_order(const struct line_order *order, const struct device_profile *profile, uint8_t sequence,
                          int64_t now_ms, struct device_request *out)
{
    struct device_request request;
    int result = order->operation == LINE_COMMAND
                     ? device_request_of_downlink(&order->body.command, now_ms / 1000, order->zone_offset_s, &request)
                     : reading_request(order, profile, now_ms, &request);

    if (result != 0)
        return result;
    request.sequence = sequence;
    request.key = order->key_size == CIPHER_BLOCK_SIZE ? order->key : NULL;
    request.password = order->password;
    request.operator_code = order->operator_code;
    request.given |= (uint8_t)((order->has_password ? DEVICE_PARAMETER_PASSWORD : 0) |
                               (order->operator_code != 0 ? DEVICE_PARAMETER_OPERATOR : 0));
    *out = request;
    return 0;
}

static bool speaks(const struct device_profile *profile, const char *codec)
{
    return profile != NULL && strncmp(device_codec_at(profile->codec)->name, codec, strlen(codec)) == 0;
}

static int dlt645_broadcast(const struct line_order *order, const struct item_time *time, struct writer *out)
{
    static const struct dlt645_freeze_time now = { 99, 99, 99, 99 };

    for (unsigned i = 0; i < WAKE_UP_COUNT; i++)
        writer_put_u8(out, DLT645_WAKE_UP);
    return order->operation == LINE_FREEZE ? dlt645_freeze_request_encode(&dlt645_address_broadcast, &now, out)
                                           : dlt645_time_request_encode(&dlt645_address_broadcast, time, out);
}

int line_broadcast_encode(const struct line_order *order, const struct device_profile *profile, int64_t now_ms,
                          struct writer *out)
{
    struct item_time time = item_time_of_unix(now_ms / 1000 + order->zone_offset_s);
    int result = DEVICE_CODEC_ERR_COMMAND;

    time.is_utc = 0;
    if (profile == NULL || speaks(profile, "dlt645-2007") ||
        (speaks(profile, "dlt645") && order->operation == LINE_CLOCK_SET)) {
        result = dlt645_broadcast(order, &time, out);
    } else if (speaks(profile, "mbus") && order->operation == LINE_CLOCK_SET) {
        time.second = 0;
        time.parts = ITEM_TIME_MINUTE;
        result = mbus_clock_set_encode(MBUS_ADDRESS_BROADCAST, true, &time, out);
    }
    return result == 0 ? 0 : DEVICE_CODEC_ERR_COMMAND;
}

enum line_problem line_problem_of_request(const struct line_order *order, int error)
{
    if (error == DEVICE_CODEC_ERR_KEY)
        return LINE_PROBLEM_KEY;
    return error == DEVICE_CODEC_ERR_PARAMETER && !order->has_password ? LINE_PROBLEM_PASSWORD
                                                                       : LINE_PROBLEM_UNSUPPORTED;
}

enum line_problem line_problem_of_frame(int error)
{
    return error == DEVICE_CODEC_ERR_DEVICE ? LINE_PROBLEM_ADDRESS
           : error == DEVICE_CODEC_ERR_KEY  ? LINE_PROBLEM_KEY
                                            : LINE_PROBLEM_CHECKSUM;
}

/* Money is refused by words of its own. */
static bool is_money(const struct line_order *order)
{
    return order->operation == LINE_COMMAND && (order->body.command.operation == DOWNLINK_RECHARGE ||
                                                order->body.command.operation == DOWNLINK_CLEAR_BALANCE);
}

enum line_problem line_problem_of_refusal(const struct line_order *order, const struct device_profile *profile,
                                          uint16_t code)
{
    if (!speaks(profile, "dlt645"))
        return LINE_PROBLEM_REFUSED;
    if (is_money(order))
        return (code & DLT645_RECHARGE_TAG) != 0 ? LINE_PROBLEM_KEY : LINE_PROBLEM_REFUSED;
    return (code & ERROR_NOT_AUTHORISED) != 0 ? LINE_PROBLEM_PASSWORD
           : (code & ERROR_NO_DATA) != 0      ? LINE_PROBLEM_NO_DATA
                                              : LINE_PROBLEM_REFUSED;
}

static bool is_near(const struct uplink_item *item, int64_t time_s, int64_t tolerance_s)
{
    return time_s - tolerance_s <= item->time_s && item->time_s <= time_s + tolerance_s;
}

static bool item_is_wanted(const struct line_order *order, const struct uplink_item *item)
{
    bool is_freeze = order->operation == LINE_READ_DAILY || order->operation == LINE_READ_MONTHLY;

    return !is_freeze || order->time_s == 0 || is_near(item, order->time_s, FREEZE_TOLERANCE_S);
}

unsigned line_items_sift(const struct line_order *order, const struct device_profile *profile, struct uplink *uplink)
{
    bool is_instant = wants_instant(order, profile);
    unsigned wanted = 0, kept = 0;

    for (unsigned i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++) {
        const struct uplink_item item = uplink->items[i];
        if (is_instant && !is_near(&item, order->time_s, INSTANT_TOLERANCE_S))
            continue;
        wanted += item_is_wanted(order, &item);
        uplink->items[kept++] = item;
    }
    uplink->item_count = (uint16_t)kept;
    return wanted;
}
