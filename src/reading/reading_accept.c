/* One uplink: keep its frame, note the contact, believe or set aside its values. */
#include <string.h>

#include "base/calendar.h"
#include "base/quantity.h"
#include "reading/reading_interval.h"

/* A clock that fell back by more than this was reset: its reports are new, not late. */
#define STALE_BOUND_S (8 * CALENDAR_DAY_S)

/* What the steps of one uplink share. */
struct intake {
    struct reading_room *room;
    const struct registry_device *device;
    const struct uplink *uplink;
    struct reading_state *state;
    struct reading_outcome *outcome;
    int64_t device_time_s;
    int64_t clock_error_s;
    int32_t zone_offset_s;
    enum quantity quantity; /* of the main register */
    bool clock_known;
};

static const struct uplink_item *item_find(const struct uplink *uplink, uint16_t quantity)
{
    size_t count = uplink->item_count < UPLINK_ITEM_LIMIT ? uplink->item_count : UPLINK_ITEM_LIMIT;
    for (size_t i = 0; i < count; i++)
        if (uplink->items[i].quantity == quantity && uplink->items[i].period == UPLINK_CURRENT &&
            uplink->items[i].register_index == 0)
            return &uplink->items[i];
    return NULL;
}

static int frame_keep(struct intake *in)
{
    const struct uplink *uplink = in->uplink;
    if (uplink->frame_size == 0)
        return 0;
    struct reading_frame frame = {
        .previous_frame = in->state->last_frame,
        .at_s = uplink->received_s,
        .device_id = uplink->device_id,
        .direction = uplink->frame_direction,
        .bytes = uplink->frame,
        .size = uplink->frame_size < UPLINK_FRAME_LIMIT ? uplink->frame_size : UPLINK_FRAME_LIMIT,
    };
    return in->room->store.frame_insert(in->room->store.context, &frame, &in->state->last_frame);
}

/* The gate's own notes about a downlink are no sign of life. */
static bool device_spoke(const struct uplink *uplink)
{
    return uplink->frame_direction == 0 &&
           !(uplink->kind == UPLINK_ANSWER &&
             (uplink->answer == UPLINK_ANSWER_SENT || uplink->answer == UPLINK_ANSWER_TIMEOUT));
}

static void clock_read(struct intake *in)
{
    const struct uplink_item *item = item_find(in->uplink, QUANTITY_DEVICE_TIME);
    if (!item)
        return;
    in->clock_known = true;
    in->device_time_s = item->value;
    /* Far beyond any clock; keeps the difference inside 64 bits. */
    int64_t bound_s = INT64_C(1) << 40;
    if (in->device_time_s > bound_s)
        in->device_time_s = bound_s;
    if (in->device_time_s < -bound_s)
        in->device_time_s = -bound_s;
    in->clock_error_s = in->device_time_s - in->uplink->received_s;
}

/* A frame that was long under way must not overwrite what a newer one said. */
static bool report_stale(const struct intake *in)
{
    const struct reading_state *state = in->state;
    bool clock_was_right =
        state->clock_error_s <= READING_CLOCK_BOUND_S && state->clock_error_s >= -READING_CLOCK_BOUND_S;
    return in->clock_known && state->last_report_s != 0 && clock_was_right &&
           in->device_time_s < state->last_report_s && in->device_time_s >= state->last_report_s - STALE_BOUND_S;
}

static int set_aside(struct intake *in, const struct reading_midnight *midnight, int32_t day,
                     enum reading_reason reason, int64_t expected_value)
{
    struct reading_set_aside row = {
        .register_value = midnight->register_value,
        .expected_value = expected_value,
        .received_s = in->uplink->received_s,
        .device_id = in->device->device_id,
        .day = day,
        .reason = (uint8_t)reason,
    };
    int64_t id = 0;
    int error = in->room->store.set_aside_insert(in->room->store.context, &row, &id);
    if (error == 0 && id != 0)
        in->outcome->reasons[in->outcome->set_aside_count++] = (uint8_t)reason;
    return error;
}

/* A midnight that is stored already: the same value is a repeat, another one a conflict. */
static int known_midnight_take(struct intake *in, const struct reading_midnight *midnight, int32_t day)
{
    const struct reading_state *state = in->state;
    if (state->newest_day - day < READING_RECENT_DAYS &&
        state->recent_register[day % READING_RECENT_DAYS] == (uint32_t)midnight->register_value) {
        in->outcome->repeated_count++;
        return 0;
    }
    struct reading_day stored;
    int found = reading_day_read(in->room, in->device->device_id, day, &stored);
    if (found == READING_ERR_STORED) { /* its block is damaged: nothing to compare with, and no reason to refuse the rest */
        reading_damage_note(in->room, READING_DAMAGE_MIDNIGHTS, in->device->device_id, day);
        in->outcome->repeated_count++;
        return 0;
    }
    if (found <= 0)
        return found < 0 ? found : READING_ERR_STORED;
    if (stored.register_value == midnight->register_value) {
        in->outcome->repeated_count++;
        return 0;
    }
    return set_aside(in, midnight, day, READING_CONFLICT, stored.register_value);
}

static int new_midnight_take(struct intake *in, const struct reading_midnight *midnight, int32_t day)
{
    struct reading_verdict verdict;
    int error = reading_judge(in->room, in->device, in->state, day, midnight->register_value, &verdict);
    if (error != 0)
        return error;
    if (verdict.reason != READING_BELIEVED)
        return set_aside(in, midnight, day, verdict.reason, verdict.expected_value);
    struct reading_day stored = {
        .register_value = midnight->register_value,
        .total_value = verdict.total_value,
        .multiplier_e3 = verdict.multiplier_e3,
        .received_s = in->uplink->received_s,
        .day = day,
        .quality = calendar_local_day(in->uplink->received_s, in->zone_offset_s) <= day ? READING_ON_TIME
                                                                                        : READING_LATE,
    };
    return reading_day_take(in->room, in->device, in->state, &stored, &verdict, in->outcome);
}

/* Whether a midnight is older than the map, or than this meter on this wall; such values are nobody's. */
static bool midnight_before_us(const struct intake *in, int32_t day)
{
    if (in->state->newest_day != 0 && day <= in->state->newest_day - READING_MAP_DAYS)
        return true;
    return calendar_midnight(day, in->zone_offset_s) < in->device->installed_s;
}

/* Without a known start the first midnight began the total; nothing before it can be priced. */
static bool midnight_before_start(const struct intake *in, int32_t day)
{
    const struct reading_state *state = in->state;
    if (in->device->start_register_value != REGISTRY_START_UNKNOWN || state->newest_day == 0 || day > state->newest_day)
        return false;
    uint64_t older = (uint64_t)(state->newest_day - day);
    return older >= READING_MAP_DAYS || state->complete_days >> older == 0;
}

static int midnight_take(struct intake *in, const struct reading_midnight *midnight, int32_t day)
{
    if (midnight_before_us(in, day) || midnight_before_start(in, day)) {
        in->outcome->before_installation_count++;
        return 0;
    }
    if (reading_day_known(in->state, day))
        return known_midnight_take(in, midnight, day);
    return new_midnight_take(in, midnight, day);
}

static int midnights_take(struct intake *in)
{
    struct reading_list list;
    int32_t shift_days = 0;
    reading_list_collect(in->uplink, in->quantity, in->zone_offset_s, &list);
    bool dated = reading_list_date(&list, in->state, in->uplink->received_s, in->zone_offset_s, in->clock_known,
                                   in->clock_error_s, &shift_days);
    for (size_t i = 0; i < list.count; i++) {
        const struct reading_midnight *midnight = &list.items[i];
        int error = dated && !midnight->misplaced
                        ? midnight_take(in, midnight, midnight->day + shift_days)
                        : set_aside(in, midnight, midnight->day, READING_CLOCK, in->state->newest_register_value);
        if (error != 0)
            return error;
    }
    return 0;
}

/* When a value of now was on the dial. A device that states its own clock in the same breath has read it just now,
 * whatever the clock says; a concentrator says when it read the meter. */
static int64_t value_time(const struct intake *in, const struct uplink_item *item)
{
    int64_t received_s = in->uplink->received_s;
    return in->clock_known || item->time_s <= 0 || item->time_s > received_s ? received_s : item->time_s;
}

/* The newest value of the main register in an uplink that may carry a curve; NULL when there is none. */
static const struct uplink_item *current_find(const struct intake *in)
{
    const struct uplink *uplink = in->uplink;
    size_t count = uplink->item_count < UPLINK_ITEM_LIMIT ? uplink->item_count : UPLINK_ITEM_LIMIT;
    const struct uplink_item *newest = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct uplink_item *item = &uplink->items[i];
        if (item->quantity == (uint16_t)in->quantity && item->period == UPLINK_CURRENT && item->register_index == 0 &&
            item->phase == 0 && (!newest || value_time(in, item) > value_time(in, newest)))
            newest = item;
    }
    return newest;
}

/* The value on the dial now: never a midnight of its own, so one that is not believed is only told. */
static void current_take(struct intake *in)
{
    struct reading_point newest = reading_newest_point(in->device, in->state, in->zone_offset_s);
    const struct uplink_item *item = current_find(in);
    if (newest.day != 0) {
        in->state->register_value = newest.register_value;
        in->state->total_value = newest.total_value;
        in->state->register_s = newest.time_s;
    }
    if (!item || value_time(in, item) < in->state->register_s)
        return;
    int64_t total_value = 0;
    enum reading_reason reason = reading_step_judge(in->device, &newest, item->value, value_time(in, item),
                                                    in->device->multiplier_e3, &total_value);
    in->outcome->current_refused = (uint8_t)reason;
    if (reason != READING_BELIEVED)
        return;
    in->state->register_value = item->value;
    in->state->total_value = total_value;
    in->state->register_s = value_time(in, item);
}

static struct reading_registers registers_of(const struct intake *in)
{
    return (struct reading_registers){ .room = in->room, .device = in->device, .outcome = in->outcome,
                                       .state = in->state, .received_s = in->uplink->received_s,
                                       .zone_offset_s = in->zone_offset_s, .clock_known = in->clock_known };
}

static int registers_take(struct intake *in)
{
    struct reading_registers registers = registers_of(in);
    return reading_registers_take(&registers, in->uplink);
}

/* A day of quarter-hours says nothing of now: the clock is judged by the last report. */
static int series_take(struct intake *in)
{
    struct reading_registers registers = registers_of(in);
    int32_t error_s = in->state->clock_error_s;
    return reading_series_take(&registers, in->uplink,
                               error_s > READING_CLOCK_BOUND_S || error_s < -READING_CLOCK_BOUND_S);
}

static int32_t clamp_int32(int64_t value)
{
    if (value > INT32_MAX)
        return INT32_MAX;
    return value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

static int report_take(struct intake *in)
{
    struct reading_state *state = in->state;
    if (in->uplink->content_hash != 0 && in->uplink->content_hash == state->content_hash) {
        in->outcome->duplicate = 1;
        return 0;
    }
    bool stale = report_stale(in);
    int error = midnights_take(in);
    if (error == 0)
        error = registers_take(in);
    if (error != 0)
        return error;
    in->outcome->stale = stale;
    if (stale)
        return 0;
    in->outcome->full_report = 1;
    reading_state_apply(in->uplink, state);
    current_take(in);
    state->content_hash = in->uplink->content_hash;
    state->report_received_s = in->uplink->received_s;
    if (in->clock_known) {
        state->last_report_s = in->device_time_s;
        state->clock_error_s = clamp_int32(in->clock_error_s);
    }
    return 0;
}

/* Events and answers carry state, but are no report: they say nothing about the device's daily duty. */
static int word_take(struct intake *in)
{
    if (!report_stale(in)) {
        reading_state_apply(in->uplink, in->state);
        if (current_find(in))
            current_take(in);
    }
    return registers_take(in);
}

static int uplink_take(struct intake *in)
{
    if (in->device->removed) {
        in->outcome->removed_device = 1;
        return 0;
    }
    if (device_spoke(in->uplink) && in->uplink->received_s > in->state->last_received_s)
        in->state->last_received_s = in->uplink->received_s;
    clock_read(in);
    if (in->uplink->kind == UPLINK_REPORT)
        return report_take(in);
    if (in->uplink->kind == UPLINK_SERIES)
        return series_take(in);
    if (in->uplink->kind == UPLINK_EVENT || in->uplink->kind == UPLINK_ANSWER)
        return word_take(in);
    return 0;
}

static void outcome_begin(struct reading_outcome *outcome, uint32_t device_id)
{
    memset(outcome, 0, sizeof *outcome);
    outcome->device_id = device_id;
}

int reading_accept(struct reading_room *room, const struct uplink *uplink, int64_t now_s,
                   struct reading_outcome *outcome)
{
    (void)now_s;
    outcome_begin(outcome, uplink->device_id);
    struct intake in = { .room = room, .uplink = uplink, .outcome = outcome };
    in.device = registry_device_find(room->registry, uplink->device_id);
    if (!in.device) {
        outcome->unknown_device = 1;
        return 0;
    }
    in.zone_offset_s = registry_zone_offset_s(room->registry, uplink->device_id);
    in.quantity = registry_device_quantity(in.device);
    int error = reading_state_touch(room, uplink->device_id, &in.state);
    if (error != 0)
        return error;
    outcome->before = *in.state;
    error = frame_keep(&in);
    return error != 0 ? error : uplink_take(&in);
}
