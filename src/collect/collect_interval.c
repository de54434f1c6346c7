/* Days of quarter-hours that are incomplete: which of them a meter owes, and how one with a radio is asked. */
#include "collect/collect_internal.h"

#define PERIOD_USUAL_MIN 60  /* of a meter that never told one */
#define SLOT_MIN 15
#define RADIO_TRIES 3        /* windows in which a day is asked for */
#define LINE_TRIES 6         /* a day; then the meter's quarters are left alone until the next midnight */
#define LINE_PAUSE_S 1800
#define DAY_BITS ((1u << COLLECT_DAYS) - 1)

uint8_t collect_interval_period_min(const struct collect_room *room, uint32_t device_id)
{
    const struct interval_standing *standing = reading_standing_find(room->reading, device_id);
    return standing && standing->period_slots != 0 ? (uint8_t)(standing->period_slots * SLOT_MIN) : PERIOD_USUAL_MIN;
}

int64_t collect_interval_first_s(int64_t midnight_s, uint8_t period_min)
{
    return midnight_s + (int64_t)period_min * 60;
}

/* The first whole day after the meter began to record. */
static int32_t first_owed(const struct interval_standing *standing, const struct registry_device *device,
                          int32_t zone_offset_s)
{
    int32_t installed = (int32_t)calendar_local_day(device->installed_s, zone_offset_s);
    return 1 + (standing->first_day > installed ? standing->first_day : installed);
}

/* Bit k: the day last_day - k is owed, incomplete and not given up. */
static uint32_t days_missing(const struct interval_standing *standing, const struct collect_device *record,
                             int32_t first_day, int32_t last_day)
{
    int32_t owed = last_day - first_day + 1;
    uint32_t missing = DAY_BITS;
    if (owed <= 0)
        return 0;
    if (owed < COLLECT_DAYS)
        missing = (1u << owed) - 1;
    missing &= ~collect_days_shift(standing->complete_days, last_day - standing->newest_day);
    if (record)
        missing &= ~collect_days_shift(record->interval_given_up, last_day - record->interval_given_up_day);
    return missing;
}

/* NULL: the meter sends none, or has stopped to. */
static const struct interval_standing *standing_of(const struct collect_room *room, uint32_t device_id, int64_t today)
{
    const struct interval_standing *standing = reading_standing_find(room->reading, device_id);
    return standing && today - standing->newest_day <= COLLECT_DAYS ? standing : NULL;
}

/* The last day whose quarters should be there: an hour after its end, and after the run of a plan that brings them. */
static int32_t last_due(struct collect_room *room, const struct registry_device *device, int64_t now_s,
                        int32_t zone_offset_s)
{
    const struct collect_plan *plan = collect_plan_of(room, device, COLLECT_CURVE);
    int64_t due_s = now_s - COLLECT_START_S;
    if (plan && collect_plan_due_s(plan, now_s, zone_offset_s) < due_s)
        due_s = collect_plan_due_s(plan, now_s, zone_offset_s);
    return (int32_t)calendar_local_day(due_s, zone_offset_s) - 1;
}

void collect_interval_find(struct collect_room *room, const struct registry_device *device,
                           const struct collect_device *record, int64_t now_s, struct collect_need *need, int64_t *next_s)
{
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    const struct interval_standing *standing =
        standing_of(room, device->device_id, calendar_local_day(now_s, zone_offset_s));
    if (!standing)
        return;
    int32_t last_day = last_due(room, device, now_s, zone_offset_s);
    if (record && record->interval_next_s > now_s) {
        *next_s = record->interval_next_s < *next_s ? record->interval_next_s : *next_s;
        if ((record->flags & COLLECT_DEVICE_INTERVAL_NEWEST) == 0)
            return;
        last_day--;
    }
    uint32_t missing = days_missing(standing, record, first_owed(standing, device, zone_offset_s), last_day);
    if (missing == 0)
        return;
    uint8_t period_min = collect_interval_period_min(room, device->device_id);
    int32_t day = last_day - __builtin_ctz(missing);
    *need = (struct collect_need){ .what = COLLECT_INTERVAL,
                                   .day = day,
                                   .time_s = collect_interval_first_s(calendar_midnight(day, zone_offset_s), period_min),
                                   .count = (uint16_t)(CALENDAR_DAY_S / 60 / period_min),
                                   .period_min = period_min };
}

/* Neither side has it: not asked any more. */
static void give_up(struct collect_device *record, int32_t day, uint8_t problem)
{
    if (day > record->interval_given_up_day) {
        record->interval_given_up = collect_days_shift(record->interval_given_up, day - record->interval_given_up_day);
        record->interval_given_up_day = (uint16_t)day;
    }
    record->interval_given_up |= collect_days_shift(1, record->interval_given_up_day - day);
    record->interval_problem = problem;
}

/* Until the next day is due, the last one may still come to a concentrator. */
static bool is_fresh(const struct collect_order *order, int64_t now_s)
{
    int64_t end_s = order->time_s + (int64_t)(order->count - 1) * order->period_min * 60;
    return now_s - end_s < CALENDAR_DAY_S + COLLECT_START_S;
}

/* Yesterday waits, and this is an older day. */
static bool waits_beside(const struct collect_device *record, const struct collect_order *order, int64_t now_s)
{
    return (record->flags & COLLECT_DEVICE_INTERVAL_NEWEST) != 0 && record->interval_next_s > now_s &&
           !is_fresh(order, now_s);
}

void collect_interval_met(struct collect_device *record, const struct collect_order *order, int64_t now_s)
{
    record->flags &= (uint8_t)~COLLECT_DEVICE_INTERVAL_FORWARD;
    if (waits_beside(record, order, now_s))
        return;
    record->flags &= (uint8_t)~COLLECT_DEVICE_INTERVAL_NEWEST;
    record->interval_next_s = 0;
    record->interval_tries = 0;
    if (record->interval_given_up == 0)
        record->interval_problem = 0;
}

static void later_ask(struct collect_room *room, uint32_t device_id, struct collect_device *record, bool newest,
                      int64_t now_s)
{
    record->flags &= (uint8_t)~(COLLECT_DEVICE_INTERVAL_FORWARD | COLLECT_DEVICE_INTERVAL_NEWEST);
    record->flags |= newest ? COLLECT_DEVICE_INTERVAL_NEWEST : 0;
    if (++record->interval_tries < LINE_TRIES) {
        record->interval_next_s = (uint32_t)now_s + LINE_PAUSE_S;
        return;
    }
    record->interval_tries = 0;
    record->interval_next_s = collect_next_midnight_s(room, device_id, now_s);
}

/* What the concentrator lacks is asked of the meter itself. */
static void next_step_choose(struct collect_room *room, uint32_t device_id, struct collect_device *record,
                             const struct collect_order *order, uint8_t problem, int64_t now_s)
{
    bool waits = waits_beside(record, order, now_s);
    bool is_absent = collect_problem_of_point(problem) || problem == LINE_PROBLEM_UNSUPPORTED;
    if (order->route == LINE_ROUTE_POINT && is_absent) {
        record->flags |= COLLECT_DEVICE_INTERVAL_FORWARD;
        record->interval_next_s = waits ? record->interval_next_s : (uint32_t)now_s;
    } else if (is_absent && !is_fresh(order, now_s)) {
        record->flags &= (uint8_t)~COLLECT_DEVICE_INTERVAL_FORWARD;
        record->interval_next_s = waits ? record->interval_next_s : 0;
        give_up(record, order->day, record->interval_problem);
    } else {
        later_ask(room, device_id, record, is_absent, now_s);
    }
}

int collect_interval_failed(struct collect_room *room, uint32_t device_id, const struct collect_order *order, uint8_t problem,
                            int64_t now_s)
{
    struct collect_line *line = collect_line_find(room, order->line_id);
    struct collect_device *record;
    int error = collect_device_touch(room, device_id, &record);
    if (error != 0)
        return error;
    record->next_s = 0;
    if (collect_problem_of_line(problem)) {
        record->interval_next_s = (uint32_t)(now_s + collect_line_pause_s(problem));
        return collect_line_hasten(room, line, record->interval_next_s);
    }
    /* What the concentrator lacks and the model cannot tell is absent: the first says more. */
    if (problem != LINE_PROBLEM_UNSUPPORTED || !collect_problem_of_point(record->interval_problem))
        record->interval_problem = problem;
    next_step_choose(room, device_id, record, order, problem, now_s);
    error = collect_line_hasten(room, line, (uint32_t)now_s);
    return error != 0 ? error : collect_trouble_put(room, device_id, record, now_s);
}

int32_t collect_interval_told(const struct collect_room *room, const struct uplink *uplink)
{
    /* The last instant of a day is the midnight that ends it. */
    if (uplink->kind != UPLINK_SERIES || uplink->series.start_s <= 0)
        return 0;
    return (int32_t)calendar_local_day(uplink->series.start_s - 1,
                                       registry_zone_offset_s(room->registry, uplink->device_id));
}

static int radio_give_up(struct collect_room *room, uint32_t device_id, struct collect_device *record, uint8_t problem,
                         int64_t now_s)
{
    give_up(record, record->interval_asked_day, problem);
    record->interval_tries = 0;
    return collect_trouble_put(room, device_id, record, now_s);
}

/* In this window, or in the next one that it opens. */
static int radio_ask(struct collect_room *room, const struct registry_device *device, int32_t day, int64_t now_s)
{
    struct collect_device *record;
    int error = collect_device_touch(room, device->device_id, &record);
    if (error != 0)
        return error;
    if (record->interval_asked_day != day)
        record->interval_tries = 0;
    record->interval_asked_day = (uint16_t)day;
    if (record->interval_tries == RADIO_TRIES)
        return radio_give_up(room, device->device_id, record, LINE_PROBLEM_NO_ANSWER, now_s);
    int64_t midnight_s = calendar_midnight(day, registry_zone_offset_s(room->registry, device->device_id));
    int asked = room->radio_intervals(room->listener, device->device_id, 0, midnight_s);
    if (asked < 0)
        return asked;
    if (asked == 0)
        return radio_give_up(room, device->device_id, record, LINE_PROBLEM_UNSUPPORTED, now_s);
    record->interval_tries++;
    record->flags |= COLLECT_DEVICE_TELLING;
    return 0;
}

/* The day that was asked for came, and still has gaps: the meter has no more of it. */
static int radio_told_all(struct collect_room *room, const struct registry_device *device,
                          const struct interval_standing *standing, int32_t day, int64_t now_s)
{
    const struct collect_device *record = dense_array_at(&room->devices, device->device_id);
    struct collect_device *touched;
    if (day == 0 || !record || record->interval_asked_day != day || interval_standing_complete(standing, day))
        return 0;
    int error = collect_device_touch(room, device->device_id, &touched);
    return error != 0 ? error : radio_give_up(room, device->device_id, touched, LINE_PROBLEM_NO_DATA, now_s);
}

int collect_interval_radio(struct collect_room *room, const struct registry_device *device, const struct uplink *uplink,
                           const struct reading_outcome *outcome, int64_t now_s)
{
    if (!room->radio_intervals || !reading_standing_find(room->reading, device->device_id))
        return 0;
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    int32_t today = (int32_t)calendar_local_day(now_s, zone_offset_s);
    int32_t told = collect_interval_told(room, uplink);
    const struct interval_standing *standing = standing_of(room, device->device_id, today);
    if (!standing || (told == 0 && (outcome->duplicate || !outcome->full_report)))
        return 0;
    int error = radio_told_all(room, device, standing, told, now_s);
    const struct collect_device *record = dense_array_at(&room->devices, device->device_id);
    if (error != 0 || (record && (record->flags & COLLECT_DEVICE_TELLING) != 0))
        return error;
    /* Yesterday's quarters come by themselves today. */
    int32_t last_day = today - 2;
    uint32_t missing = days_missing(standing, record, first_owed(standing, device, zone_offset_s), last_day);
    return missing != 0 ? radio_ask(room, device, last_day - __builtin_ctz(missing), now_s) : 0;
}

int collect_interval_radio_ended(struct collect_room *room, uint32_t device_id, uint8_t problem, int64_t now_s)
{
    const struct collect_device *known = dense_array_at(&room->devices, device_id);
    struct collect_device *record;
    if (!known || (known->flags & COLLECT_DEVICE_TELLING) == 0)
        return 0;
    int error = collect_device_touch(room, device_id, &record);
    if (error != 0)
        return error;
    record->flags &= (uint8_t)~COLLECT_DEVICE_TELLING;
    return problem == LINE_PROBLEM_REFUSED ? radio_give_up(room, device_id, record, problem, now_s) : 0;
}
