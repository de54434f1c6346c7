/* Data units become readings, one message for each measurement point.
 *
 * "Day data are the values at 24:00 of the named day": the freeze of Td_d 2026-11-20 was latched at the midnight that
 * ends that day, 2026-11-21 00:00, and that midnight is its time here. "Month data" of Td_m 2026-10 are those of
 * 2026-11-01 00:00. Source: Q/GDW 376.1, class 2 data, time marks. */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "base/hash.h"
#include "codec/q376/q376_data.h"

static const struct hash_key content_key = { 0x7133373672656164, 0x636f6e74656e7432 };

/* Functions whose data are readings of a measurement point, and of which moment. What is not here (total groups, what
 * was consumed in a day, settlements that a meter counts by itself, statistics) has no place among our quantities. */
static const struct {
    uint8_t afn;
    uint8_t first; /* Fn */
    uint8_t last;
    uint8_t period; /* enum uplink_period */
} readings[] = {
    { Q376_AFN_CURRENT, 2, 2, UPLINK_CURRENT },            /* the terminal's clock */
    { Q376_AFN_CURRENT, 25, 25, UPLINK_CURRENT },          /* power, voltage, current */
    { Q376_AFN_CURRENT, 31, 31, UPLINK_CURRENT },          /* energy of each phase */
    { Q376_AFN_CURRENT, 33, 36, UPLINK_CURRENT },          /* energies and demands */
    { Q376_AFN_CURRENT, 129, 136, UPLINK_CURRENT },        /* energies */
    { Q376_AFN_CURRENT, 145, 148, UPLINK_CURRENT },        /* demands */
    { Q376_AFN_CURRENT, 161, 161, UPLINK_CURRENT },        /* relay */
    { Q376_AFN_HISTORY, 1, 2, UPLINK_DAILY_FREEZE },       /* energies */
    { Q376_AFN_HISTORY, 17, 20, UPLINK_MONTHLY_FREEZE },   /* energies and demands */
    { Q376_AFN_HISTORY, 81, 95, UPLINK_CURRENT },          /* curves of power, voltage, current */
    { Q376_AFN_HISTORY, 101, 108, UPLINK_CURRENT },        /* curves of energy and power factor */
    { Q376_AFN_HISTORY, 145, 148, UPLINK_CURRENT },        /* curves of reactive energy */
    { Q376_AFN_HISTORY, 153, 156, UPLINK_DAILY_FREEZE },   /* energy of each phase */
    { Q376_AFN_HISTORY, 157, 160, UPLINK_MONTHLY_FREEZE }, /* energy of each phase */
    { Q376_AFN_HISTORY, 161, 168, UPLINK_DAILY_FREEZE },   /* energies */
    { Q376_AFN_HISTORY, 177, 184, UPLINK_MONTHLY_FREEZE }, /* energies */
    { Q376_AFN_HISTORY, 193, 196, UPLINK_MONTHLY_FREEZE }, /* demands */
    { Q376_AFN_HISTORY, 209, 209, UPLINK_DAILY_FREEZE },   /* relay */
};

#define NO_READING 0xFF
#define SWITCH_ON 0x11 /* 0C F161, 0D F209 */

/* One walk through a frame for one point. */
struct telling {
    struct q376_session *session;
    const struct q376_frame *frame;
    const struct q376_reading_wish *wish;
    struct q376_reading_found *found;
    int64_t now_ms;
    unsigned point;
    uint8_t period;   /* of the function at hand; NO_READING: it is passed over */
    uint8_t function; /* Fn at hand */
    struct uplink uplink;
};

static uint8_t period_of(uint8_t afn, unsigned function)
{
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++)
        if (readings[i].afn == afn && readings[i].first <= function && function <= readings[i].last)
            return readings[i].period;
    return NO_READING;
}

bool q376_point_is_in(const uint8_t *points, unsigned point)
{
    return (points[point / 8] >> point % 8 & 1) != 0;
}

void q376_point_put(uint8_t *points, unsigned point, bool is_in)
{
    unsigned bit = 1u << point % 8;

    points[point / 8] = (uint8_t)(is_in ? points[point / 8] | bit : points[point / 8] & ~bit);
}

struct q376_reading_wish q376_reading_wish_of(const struct q376_session *session)
{
    const struct line_order *order = &session->order;
    const struct device_profile *profile = session->house->profile_find(session->house->context, order->profile);
    struct q376_reading_wish wish = { .kind = order->kind, .heat_unit = ITEM_UNIT_KWH };

    if (wish.kind == DEVICE_KIND_NONE || wish.kind >= DEVICE_KIND_COUNT)
        wish.kind = profile != NULL ? profile->kind : DEVICE_KIND_ELECTRICITY;
    if (profile != NULL &&
        item_uplink_unit_fits(DEVICE_KIND_HEAT, ITEM_ENERGY_HEAT, (enum item_unit)profile->limits.unit))
        wish.heat_unit = profile->limits.unit;
    return wish;
}

/* A concentrator knows only electricity: the forward active total of another meter's point is that meter's register,
 * in m3 or in the unit of its model.
 * returns  false: such a meter has no such value */
static bool item_adapt(const struct q376_reading_wish *wish, struct item *item)
{
    if (item->quantity == ITEM_RELAY)
        item->value = item->value == SWITCH_ON ? RELAY_CONNECTED : RELAY_DISCONNECTED;
    if (wish->kind == DEVICE_KIND_ELECTRICITY || item->quantity == ITEM_DATE_TIME)
        return true;
    if (item->quantity != ITEM_ENERGY_ACTIVE_IMPORT || item->tariff != 0 || item->phase != 0)
        return false;
    bool is_heat = wish->kind == DEVICE_KIND_HEAT;
    item->quantity = is_heat ? ITEM_ENERGY_HEAT : ITEM_VOLUME;
    item->unit = is_heat ? wish->heat_unit : ITEM_UNIT_M3;
    return true;
}

/* The midnight that ends the day or month of a time mark; 0: no such time. */
static int64_t freeze_time(const struct item_time *mark, int32_t zone_offset_s)
{
    bool is_month = mark->parts == ITEM_TIME_MONTH;
    struct calendar_date date = { mark->year, mark->month, is_month ? 1 : mark->day };
    int64_t day;

    if ((!is_month && mark->parts != ITEM_TIME_DAY) || calendar_day_of_date(date, &day) < 0)
        return 0;
    return calendar_midnight(is_month ? calendar_month_start_after(day, 1) : day + 1, zone_offset_s);
}

/* returns  0; -1: the core takes no more */
static int uplink_flush(struct telling *telling)
{
    struct uplink *uplink = &telling->uplink;

    if (uplink->item_count == 0)
        return 0;
    if (uplink->order_id == 0) /* an answer was asked for, and counts also when nothing has changed */
        uplink->content_hash =
            hash_siphash(content_key, span_of_bytes(uplink->items, uplink->item_count * sizeof uplink->items[0]));
    if (!q376_uplink_offer(telling->session, uplink))
        return -1;
    telling->found->count = (uint16_t)(telling->found->count + uplink->item_count);
    *uplink = q376_uplink_begin(telling->session, UPLINK_REPORT, telling->point, telling->now_ms);
    return 0;
}

static bool is_register(enum item_quantity quantity)
{
    return quantity == ITEM_ENERGY_ACTIVE_IMPORT || quantity == ITEM_VOLUME || quantity == ITEM_ENERGY_HEAT;
}

static int value_take(void *context, const struct q376_field *field, const struct item *item, unsigned depth)
{
    struct telling *telling = context;
    int32_t zone_offset_s = telling->session->record.zone_offset_s;
    struct item_uplink_context by = { telling->wish->kind, telling->period, { 0, 0 }, zone_offset_s, 0 };
    struct item adapted = *item;
    struct uplink_item reading;

    (void)field;
    (void)depth;
    if (telling->period == NO_READING || !item_adapt(telling->wish, &adapted))
        return 0;
    if (telling->period != UPLINK_CURRENT) {
        by.time_s = freeze_time(&item->time, zone_offset_s);
        adapted.time.parts = ITEM_TIME_NONE;
    }
    if (item_uplink_convert(&adapted, &by, &reading) != 0)
        return 0;
    if (telling->uplink.item_count == UPLINK_ITEM_LIMIT && uplink_flush(telling) < 0)
        return -1;
    telling->uplink.items[telling->uplink.item_count++] = reading;
    if (telling->wish->time_s == 0 || telling->wish->time_s == reading.time_s)
        q376_point_put(telling->found->points, telling->point, true);
    if (is_register((enum item_quantity)adapted.quantity))
        telling->found->has_register = true;
    return 0;
}

static int function_take(void *context, int point, unsigned function, const struct q376_layout *layout,
                         struct span data)
{
    struct telling *telling = context;

    (void)layout;
    (void)data;
    telling->function = (uint8_t)function;
    telling->period = point == (int)telling->point ? period_of(telling->frame->afn, function) : NO_READING;
    return 0;
}

static int point_note(void *context, int point, unsigned function, const struct q376_layout *layout, struct span data)
{
    (void)function;
    (void)layout;
    (void)data;
    if (point >= 0 && point <= Q376_POINT_LIMIT)
        q376_point_put(context, (unsigned)point, true);
    return 0;
}

bool q376_readings_tell(struct q376_session *session, const struct q376_frame *frame,
                        const struct q376_reading_wish *wish, struct q376_reading_found *found, int64_t now_ms)
{
    uint8_t points[LINE_POINT_LIMIT / 8] = { 0 };
    struct q376_reading_found made;
    struct telling telling = {
        .session = session, .frame = frame, .wish = wish, .found = &made, .now_ms = now_ms, .period = NO_READING
    };
    const struct q376_visitor note = { .context = points, .function = point_note };
    const struct q376_visitor tell = { .context = &telling, .function = function_take, .value = value_take };

    memset(&made, 0, sizeof made);
    (void)q376_data_walk(frame, &note);
    for (unsigned point = 0; point <= Q376_POINT_LIMIT; point++) {
        if (!q376_point_is_in(points, point))
            continue;
        telling.point = point;
        telling.uplink = q376_uplink_begin(session, UPLINK_REPORT, point, now_ms);
        if (q376_data_walk(frame, &tell) < 0 || uplink_flush(&telling) < 0)
            return false;
    }
    *found = made;
    return true;
}
