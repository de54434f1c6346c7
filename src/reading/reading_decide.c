/* A person decides about a value that was set aside. */
#include <string.h>

#include "base/calendar.h"
#include "reading/reading_internal.h"

#define FOLLOWERS_LIMIT 64

struct decision {
    struct reading_room *room;
    const struct registry_device *device;
    struct reading_state *state;
    struct reading_outcome *outcome;
    int64_t now_s;
};

/* The growth between two registers once a person stands behind the later one: a wrap when that is plausible, else a
 * dial that starts anew and has used nothing in between. */
static int64_t growth_value(const struct registry_device *device, const struct reading_point *from,
                            int64_t register_value, int64_t time_s, int64_t multiplier_e3)
{
    int64_t total_value = 0;
    if (!from->known)
        return 0;
    if (register_value >= from->register_value)
        return reading_growth_value(device, from->register_value, register_value, multiplier_e3);
    return reading_step_judge(device, from, register_value, time_s, multiplier_e3, &total_value) == READING_BELIEVED
               ? total_value - from->total_value
               : 0;
}

/* Derive the totals after `from` again; use that moved between days moves in the area figures too. */
static int totals_derive(const struct decision *in, struct reading_point from)
{
    int32_t zone_offset_s = registry_zone_offset_s(in->room->registry, in->device->device_id);
    for (int32_t day = from.day + 1; day <= in->state->newest_day; day++) {
        struct reading_day stored;
        if (!reading_day_known(in->state, day))
            continue;
        int found = reading_day_read(in->room, in->device->device_id, day, &stored);
        if (found <= 0)
            return found < 0 ? found : READING_ERR_STORED;
        int64_t time_s = calendar_midnight(day, zone_offset_s);
        int64_t before_value = stored.total_value;
        stored.total_value = from.total_value + growth_value(in->device, &from, stored.register_value, time_s,
                                                                   stored.multiplier_e3);
        stored.quality = stored.total_value != before_value ? READING_CORRECTED : stored.quality;
        int error = reading_day_change(in->room, in->device->device_id, &stored);
        if (error != 0)
            return error;
        from = (struct reading_point){ .register_value = stored.register_value, .total_value = stored.total_value,
                                       .time_s = time_s, .day = day, .known = true };
    }
    in->state->total_value += from.total_value - in->state->newest_total_value;
    in->state->newest_total_value = from.total_value;
    return 0;
}

/* The use booked for `from_day` and later, taken out (sign -1) before a change and put back (sign 1) after it. */
static int usage_rebook(const struct decision *in, struct reading_point before, int32_t from_day, int sign)
{
    for (int32_t day = from_day; day <= in->state->newest_day; day++) {
        struct reading_day stored;
        if (!reading_day_known(in->state, day))
            continue;
        int found = reading_day_read(in->room, in->device->device_id, day, &stored);
        if (found <= 0)
            return found < 0 ? found : READING_ERR_STORED;
        struct reading_gain gain = { .area_id = in->device->area_id, .kind = in->device->kind, .day = day - 1 };
        gain.usage_value = before.known ? sign * (stored.total_value - before.total_value) : 0;
        before = (struct reading_point){ .total_value = stored.total_value, .day = day, .known = true };
        int error = gain.usage_value != 0 ? reading_gain(in->room, &gain) : 0;
        if (error != 0)
            return error;
    }
    return 0;
}

/* Another value for a midnight that is stored. */
static int conflict_accept(const struct decision *in, const struct reading_day *day)
{
    bool newest = day->day == in->state->newest_day;
    int64_t old_total_value = in->state->newest_total_value;
    int error = reading_day_change(in->room, in->device->device_id, day);
    if (error != 0)
        return error;
    if (newest) {
        in->state->newest_register_value = day->register_value;
        in->state->newest_total_value = day->total_value;
        in->state->total_value += day->total_value - old_total_value;
    }
    if (in->state->newest_day - day->day < READING_RECENT_DAYS)
        in->state->recent_register[day->day % READING_RECENT_DAYS] = (uint32_t)day->register_value;
    return 0;
}

/* When the accepted midnight is now the newest value known, the dial has shown at least that. A value on the dial that was
 * believed before stays if it can have come after it; never over a dial that started anew. */
static void current_follow(const struct decision *in, const struct reading_day *day,
                           const struct reading_point *before, int64_t midnight_s)
{
    int64_t ahead_value = in->state->register_value - day->register_value;
    int64_t elapsed_s = in->state->register_s - midnight_s;
    bool anew = before->known && day->register_value < before->register_value;
    bool fits = !anew && elapsed_s >= 0 && ahead_value >= 0 && ahead_value <= reading_flow_bound_value(in->device, elapsed_s);
    if (day->day != in->state->newest_day)
        return;
    in->state->register_value = fits ? in->state->register_value : day->register_value;
    in->state->total_value = day->total_value;
    if (fits)
        in->state->total_value += reading_growth_value(in->device, day->register_value, in->state->register_value,
                                                       in->device->multiplier_e3);
}

/* The ratio that a midnight counts with: its own when it is stored already. */
static int multiplier_find(const struct decision *in, int32_t day, int64_t *multiplier_e3)
{
    struct reading_day stored;
    if (!reading_day_known(in->state, day))
        return 0;
    int found = reading_day_read(in->room, in->device->device_id, day, &stored);
    if (found <= 0)
        return found < 0 ? found : READING_ERR_STORED;
    *multiplier_e3 = stored.multiplier_e3;
    return 0;
}

static int value_store(const struct decision *in, const struct reading_set_aside *row,
                       const struct reading_point *before, int64_t multiplier_e3)
{
    int32_t zone_offset_s = registry_zone_offset_s(in->room->registry, in->device->device_id);
    int64_t time_s = calendar_midnight(row->day, zone_offset_s);
    struct reading_day day = {
        .register_value = row->register_value,
        .total_value = before->total_value + growth_value(in->device, before, row->register_value, time_s,
                                                          multiplier_e3),
        .multiplier_e3 = multiplier_e3,
        .received_s = row->received_s,
        .day = row->day,
        .quality = READING_CORRECTED,
    };
    /* Its use is booked with that of the days after it by the caller: nothing to split here. */
    struct reading_verdict unbooked = { .before = { .known = false } };
    int error = reading_day_known(in->state, row->day)
                    ? conflict_accept(in, &day)
                    : reading_day_take(in->room, in->device, in->state, &day, &unbooked, in->outcome);
    if (error != 0)
        return error;
    error = totals_derive(in, (struct reading_point){ .register_value = day.register_value, .total_value = day.total_value,
                                                      .time_s = time_s, .day = day.day, .known = true });
    if (error == 0)
        current_follow(in, &day, before, time_s);
    return error;
}

/* Everything that moves use between days happens between taking the old booking out and putting the new one in. */
static int value_accept(const struct decision *in, const struct reading_set_aside *row)
{
    struct reading_verdict verdict;
    int error = reading_judge(in->room, in->device, in->state, row->day, row->register_value, &verdict);
    if (error == 0)
        error = usage_rebook(in, verdict.before, row->day, -1);
    if (error == 0)
        error = multiplier_find(in, row->day, &verdict.multiplier_e3);
    if (error == 0)
        error = value_store(in, row, &verdict.before, verdict.multiplier_e3);
    if (error == 0)
        error = usage_rebook(in, verdict.before, row->day, 1);
    if (error == 0 && (in->outcome->changed_from_day == 0 || row->day < in->outcome->changed_from_day))
        in->outcome->changed_from_day = row->day;
    return error;
}

/* Later values that were refused only because of the gap before them fit now. */
static int followers_accept(const struct decision *in, int32_t after_day)
{
    for (int i = 0; i < FOLLOWERS_LIMIT; i++) {
        struct reading_set_aside row;
        struct reading_verdict verdict;
        int found = in->room->store.set_aside_next(in->room->store.context, in->device->device_id, after_day, &row);
        if (found <= 0)
            return found;
        after_day = row.day;
        if ((row.reason != READING_BACKWARD && row.reason != READING_JUMP) || reading_day_known(in->state, row.day))
            continue;
        int error = reading_judge(in->room, in->device, in->state, row.day, row.register_value, &verdict);
        if (error != 0)
            return error;
        if (verdict.reason != READING_BELIEVED)
            continue;
        row.decided_s = in->now_s;
        row.accepted = 1;
        error = in->room->store.set_aside_decide(in->room->store.context, &row);
        if (error == 0)
            error = value_accept(in, &row);
        if (error != 0)
            return error;
    }
    return 0;
}

static bool acceptable(const struct decision *in, const struct reading_set_aside *row)
{
    int32_t zone_offset_s = registry_zone_offset_s(in->room->registry, in->device->device_id);
    int64_t midnight_s = calendar_midnight(row->day, zone_offset_s);
    bool in_map = in->state->newest_day == 0 || row->day > in->state->newest_day - READING_MAP_DAYS;
    return row->register_value >= 0 && row->register_value < in->device->register_modulus_value && in_map &&
           midnight_s >= in->device->installed_s && midnight_s <= row->received_s + CALENDAR_DAY_S;
}

static int decision_take(struct decision *in, struct reading_set_aside *row)
{
    if (row->accepted && !acceptable(in, row))
        return READING_ERR_NOT_ACCEPTABLE;
    int error = in->room->store.set_aside_decide(in->room->store.context, row);
    if (error == 0 && row->accepted)
        error = value_accept(in, row);
    if (error == 0 && row->accepted)
        error = followers_accept(in, row->day);
    return error;
}

int reading_decide(struct reading_room *room, int64_t set_aside_id, bool accept, uint32_t person_id, int64_t now_s,
                   struct reading_outcome *outcome)
{
    struct reading_set_aside row;
    int found = room->store.set_aside_read(room->store.context, set_aside_id, &row);
    if (found <= 0)
        return found < 0 ? found : READING_ERR_SET_ASIDE;
    if (row.decided_s != 0)
        return READING_ERR_DECIDED;
    memset(outcome, 0, sizeof *outcome);
    outcome->device_id = row.device_id;
    struct decision in = { .room = room, .outcome = outcome, .now_s = now_s };
    in.device = registry_device_find(room->registry, row.device_id);
    if (!in.device)
        return READING_ERR_DEVICE;
    int error = reading_state_touch(room, row.device_id, &in.state);
    if (error != 0)
        return error;
    outcome->before = *in.state;
    row.decided_s = now_s;
    row.decided_by = person_id;
    row.accepted = accept;
    error = decision_take(&in, &row);
    /* In any case: what is kept back must not outlive a savepoint that is reverted. */
    int settled = reading_settle(room);
    return error != 0 ? error : settled;
}
