/* Which midnight a value belongs to, when the device's clock may be wrong.
 *
 *  - A clock wrong by at most half a day still names the nearest midnight: its dates stand.
 *  - A report that arrives late looks like a slow clock. When the dates it names agree with a midnight stored before,
 *    and contradict none, its dates stand.
 *  - Otherwise the time of arrival decides: the whole list is moved by whole days, provided that it is consistent
 *    (day after day, never falling, ending today or yesterday, contradicting nothing stored).
 *  - Otherwise the day is not certain and the values are set aside for "clock". A clock in 1970 or 2099 ends here or
 *    in the rule before. */
#include "base/calendar.h"
#include "base/quantity.h"
#include "reading/reading_internal.h"

/* Dates beyond these years are no dates; the bound keeps days inside 32 bits. */
#define TIME_BOUND_S INT64_C(100000000000)
#define LATE_REPORT_DAYS 8

static int32_t nearest_day(int64_t time_s, int32_t zone_offset_s)
{
    if (time_s > TIME_BOUND_S)
        time_s = TIME_BOUND_S;
    if (time_s < -TIME_BOUND_S)
        time_s = -TIME_BOUND_S;
    return (int32_t)calendar_local_day(time_s + CALENDAR_DAY_S / 2, zone_offset_s);
}

static struct reading_midnight midnight_take(const struct uplink_item *item, int32_t zone_offset_s)
{
    int32_t day = nearest_day(item->time_s, zone_offset_s);
    int64_t distance_s = item->time_s - calendar_midnight(day, zone_offset_s);
    return (struct reading_midnight){
        .register_value = item->value,
        .time_s = item->time_s,
        .day = day,
        .monthly = item->period == UPLINK_MONTHLY_FREEZE,
        .misplaced = distance_s > READING_TOLERANCE_S || distance_s < -READING_TOLERANCE_S,
    };
}

void reading_list_collect(const struct uplink *uplink, enum quantity quantity, int32_t zone_offset_s,
                          struct reading_list *list)
{
    size_t count = uplink->item_count < UPLINK_ITEM_LIMIT ? uplink->item_count : UPLINK_ITEM_LIMIT;
    list->count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct uplink_item *item = &uplink->items[i];
        if (item->quantity != (uint16_t)quantity || item->period == UPLINK_CURRENT || item->register_index != 0 ||
            item->phase != 0 || item->time_s == 0)
            continue;
        struct reading_midnight midnight = midnight_take(item, zone_offset_s);
        size_t at = list->count++;
        for (; at > 0 && list->items[at - 1].day > midnight.day; at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = midnight;
    }
}

struct overlap {
    int agreeing;
    int contradicting;
};

/* Compare with the registers of the newest days held in memory. */
static struct overlap overlap_count(const struct reading_list *list, const struct reading_state *state, int32_t shift)
{
    struct overlap overlap = { 0, 0 };
    for (size_t i = 0; i < list->count; i++) {
        int32_t day = list->items[i].day + shift;
        if (!reading_day_known(state, day) || state->newest_day - day >= READING_RECENT_DAYS)
            continue;
        if (state->recent_register[day % READING_RECENT_DAYS] == (uint32_t)list->items[i].register_value)
            overlap.agreeing++;
        else
            overlap.contradicting++;
    }
    return overlap;
}

static bool list_consistent(const struct reading_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].misplaced)
            return false;
        if (i > 0 && (list->items[i].day != list->items[i - 1].day + 1 ||
                      list->items[i].register_value < list->items[i - 1].register_value))
            return false;
    }
    return true;
}

static bool late_report(const struct reading_list *list, const struct reading_state *state, int32_t today)
{
    int32_t newest = list->items[list->count - 1].day;
    struct overlap overlap = overlap_count(list, state, 0);
    return newest <= today && newest >= today - LATE_REPORT_DAYS && overlap.agreeing > 0 && overlap.contradicting == 0;
}

static bool shifted_report(const struct reading_list *list, const struct reading_state *state, int32_t today,
                           int32_t shift)
{
    int32_t newest = list->items[list->count - 1].day + shift;
    return list_consistent(list) && newest <= today && newest >= today - 1 &&
           overlap_count(list, state, shift).contradicting == 0;
}

bool reading_list_date(const struct reading_list *list, const struct reading_state *state, int64_t received_s,
                       int32_t zone_offset_s, bool clock_known, int64_t clock_error_s, int32_t *shift_days)
{
    int32_t today = (int32_t)calendar_local_day(received_s, zone_offset_s);
    *shift_days = 0;
    if (list->count == 0)
        return true;
    if (!clock_known || (clock_error_s <= READING_DAY_TRUST_S && clock_error_s >= -READING_DAY_TRUST_S)) {
        int64_t ahead_s = clock_known && clock_error_s > 0 ? clock_error_s : 0;
        int32_t newest = list->items[list->count - 1].day;
        return newest <= calendar_local_day(received_s + ahead_s + READING_CLOCK_BOUND_S, zone_offset_s);
    }
    if (late_report(list, state, today))
        return true;
    int32_t shift = nearest_day(-clock_error_s, 0);
    if (!shifted_report(list, state, today, shift))
        return false;
    *shift_days = shift;
    return true;
}
