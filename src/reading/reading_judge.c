/* Which values are believed. The rules, in order:
 *
 *  1. The dial must be able to show it: 0 <= register < modulus, else "range".
 *  2. Time and register grow together. From the nearest stored midnight before (or from the installation), the value
 *     may have grown by what the pipe or wire can carry in that time, at most; more is a "jump".
 *  3. A smaller value is a dial that wrapped (rollover), when the way over the end of the dial is short enough for
 *     rule 2; else it is "backward".
 *  4. A stored midnight after it must stay reachable by the same rules: late values fill gaps, they never bend what
 *     is known.
 *
 * These rules speak of the dial. total_value counts what flowed: the dial's growth times the ratio of the transformers
 * in front of the meter. It goes on growing over wraps and exchanges; use is always a difference of totals. A stored
 * midnight keeps the ratio of the growth that ends there, so that a new ratio never changes an old total, and a late
 * midnight splits the growth around it with the ratio it was counted with. */
#include "base/calendar.h"
#include "base/wide.h"
#include "reading/reading_internal.h"

/* Beyond ten years the bound says nothing any more, and the product stays far inside 64 bits. */
#define ELAPSED_BOUND_S INT64_C(315360000)

int64_t reading_flow_bound_value(const struct registry_device *device, int64_t elapsed_s)
{
    if (elapsed_s < 0)
        elapsed_s = 0;
    if (elapsed_s > ELAPSED_BOUND_S)
        elapsed_s = ELAPSED_BOUND_S;
    int64_t bound_value;
    if (wide_multiply_divide_truncate(device->flow_limit_value_per_h, elapsed_s + READING_TOLERANCE_S, 3600, &bound_value) <
        0)
        return INT64_MAX;
    return bound_value;
}

/* Cut, not rounded, and always from zero: growth between two places is a difference of these, so that parts add up. */
int64_t reading_place_value(int64_t dial_value, int64_t multiplier_e3)
{
    int64_t scaled_value;
    if (multiplier_e3 == REGISTRY_MULTIPLIER_NONE_E3)
        return dial_value;
    /* The registry takes no ratio with which the end of the dial would leave 64 bits. */
    if (wide_multiply_divide_truncate(dial_value, multiplier_e3, REGISTRY_MULTIPLIER_NONE_E3, &scaled_value) < 0)
        return dial_value;
    return scaled_value;
}

int64_t reading_growth_value(const struct registry_device *device, int64_t from_value, int64_t to_value,
                             int64_t multiplier_e3)
{
    int64_t grown_value = reading_place_value(to_value, multiplier_e3) - reading_place_value(from_value, multiplier_e3);
    return to_value >= from_value ? grown_value
                                  : grown_value + reading_place_value(device->register_modulus_value, multiplier_e3);
}

struct reading_point reading_installation_point(const struct registry_device *device)
{
    return (struct reading_point){
        .register_value = device->start_register_value,
        .total_value = device->start_total_value,
        .time_s = device->installed_s,
        .known = device->start_register_value != REGISTRY_START_UNKNOWN,
    };
}

struct reading_point reading_newest_point(const struct registry_device *device, const struct reading_state *state,
                                          int32_t zone_offset_s)
{
    int64_t midnight_s = calendar_midnight(state->newest_day, zone_offset_s);
    if (state->newest_day != 0 && midnight_s > state->register_s)
        return (struct reading_point){ .register_value = state->newest_register_value,
                                       .total_value = state->newest_total_value, .time_s = midnight_s,
                                       .day = state->newest_day, .known = true };
    if (state->register_s != 0)
        return (struct reading_point){ .register_value = state->register_value, .total_value = state->total_value,
                                       .time_s = state->register_s, .known = true };
    return reading_installation_point(device);
}

enum reading_reason reading_step_judge(const struct registry_device *device, const struct reading_point *from,
                                       int64_t register_value, int64_t time_s, int64_t multiplier_e3,
                                       int64_t *total_value)
{
    if (register_value < 0 || register_value >= device->register_modulus_value)
        return READING_RANGE;
    if (!from->known) {
        *total_value = from->total_value;
        return READING_BELIEVED;
    }
    int64_t bound_value = reading_flow_bound_value(device, time_s - from->time_s);
    int64_t grown_value = register_value - from->register_value;
    bool wrapped = grown_value < 0;
    if (wrapped)
        grown_value += device->register_modulus_value;
    if (grown_value > bound_value)
        return wrapped ? READING_BACKWARD : READING_JUMP;
    *total_value =
        from->total_value + reading_growth_value(device, from->register_value, register_value, multiplier_e3);
    return READING_BELIEVED;
}

static int point_read(struct reading_room *room, uint32_t device_id, int32_t day, int32_t zone_offset_s,
                      struct reading_point *out)
{
    struct reading_day stored;
    int found = reading_day_read(room, device_id, day, &stored);
    if (found < 0)
        return found;
    if (found == 0)
        return READING_ERR_STORED;
    *out = (struct reading_point){ .register_value = stored.register_value, .total_value = stored.total_value,
                                   .time_s = calendar_midnight(day, zone_offset_s), .day = day,
                                   .multiplier_e3 = stored.multiplier_e3, .known = true };
    return 0;
}

static int point_before(struct reading_room *room, const struct registry_device *device,
                        const struct reading_state *state, int32_t day, int32_t zone_offset_s,
                        struct reading_point *out)
{
    int32_t oldest = state->newest_day - READING_MAP_DAYS;
    if (state->newest_day != 0 && day > state->newest_day) {
        *out = (struct reading_point){ .register_value = state->newest_register_value, .total_value = state->newest_total_value,
                                       .time_s = calendar_midnight(state->newest_day, zone_offset_s),
                                       .day = state->newest_day, .known = true };
        return 0;
    }
    for (int32_t earlier = day - 1; state->newest_day != 0 && earlier > oldest; earlier--)
        if (reading_day_known(state, earlier))
            return point_read(room, device->device_id, earlier, zone_offset_s, out);
    *out = reading_installation_point(device);
    return 0;
}

static int point_after(struct reading_room *room, const struct registry_device *device,
                       const struct reading_state *state, int32_t day, int32_t zone_offset_s,
                       struct reading_point *out)
{
    for (int32_t later = day + 1; later <= state->newest_day; later++)
        if (reading_day_known(state, later))
            return point_read(room, device->device_id, later, zone_offset_s, out);
    *out = (struct reading_point){ .known = false };
    return 0;
}

/* Rule 4. */
static enum reading_reason later_judge(const struct registry_device *device, const struct reading_verdict *verdict,
                                       int64_t time_s)
{
    if (!verdict->after.known)
        return READING_BELIEVED;
    int64_t grown_value = verdict->after.total_value - verdict->total_value;
    int64_t dial_value;
    if (grown_value < 0)
        return READING_BACKWARD;
    if (wide_multiply_divide_truncate(grown_value, REGISTRY_MULTIPLIER_NONE_E3, verdict->multiplier_e3, &dial_value) < 0)
        return READING_JUMP;
    return dial_value > reading_flow_bound_value(device, verdict->after.time_s - time_s) ? READING_JUMP : READING_BELIEVED;
}

int reading_judge(struct reading_room *room, const struct registry_device *device, const struct reading_state *state,
                  int32_t day, int64_t register_value, struct reading_verdict *verdict)
{
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    int64_t time_s = calendar_midnight(day, zone_offset_s);
    struct reading_verdict found = { .reason = READING_BELIEVED };
    int error = point_before(room, device, state, day, zone_offset_s, &found.before);
    if (error == 0)
        error = point_after(room, device, state, day, zone_offset_s, &found.after);
    if (error != 0)
        return error;
    found.expected_value = found.before.known ? found.before.register_value : 0;
    found.multiplier_e3 = found.after.known ? found.after.multiplier_e3 : device->multiplier_e3;
    found.reason = reading_step_judge(device, &found.before, register_value, time_s, found.multiplier_e3,
                                      &found.total_value);
    if (found.reason == READING_BELIEVED)
        found.reason = later_judge(device, &found, time_s);
    *verdict = found;
    return 0;
}

enum reading_reason reading_instants_judge(const struct registry_device *device, int64_t from_value, int64_t from_s,
                                           int64_t to_value, int64_t to_s, int64_t multiplier_e3, int64_t *usage_value)
{
    struct reading_point from = { .register_value = from_value, .time_s = from_s, .known = true };
    if (from_value < 0 || from_value >= device->register_modulus_value || multiplier_e3 < 1)
        return READING_RANGE;
    return reading_step_judge(device, &from, to_value, to_s, multiplier_e3, usage_value);
}
