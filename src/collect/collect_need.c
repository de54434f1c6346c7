/* What a wired meter owes, and when it is asked again after it did not answer. */
#include "collect/collect_internal.h"

/* Pauses after the first, second, ... failure: minutes while the reason may pass by itself, then hours. */
static const uint32_t pauses_s[COLLECT_ROUND_TRIES] = {
    120, 300, 600, 1200, 1800, 3600, 3600, 7200, 7200, 14400, 14400, 21600, 21600, 21600,
};

bool collect_problem_of_line(uint8_t problem)
{
    return problem == LINE_PROBLEM_OFFLINE || problem == LINE_PROBLEM_LOST || problem == LINE_PROBLEM_EXPIRED ||
           problem == LINE_PROBLEM_FULL || problem == LINE_PROBLEM_CANCELLED || problem == LINE_PROBLEM_NEVER_QUIET;
}

bool collect_problem_of_point(uint8_t problem)
{
    return problem == LINE_PROBLEM_NO_DATA || problem == LINE_PROBLEM_NOT_FILED || problem == LINE_PROBLEM_DENIED;
}

int64_t collect_line_pause_s(uint8_t problem)
{
    return problem == LINE_PROBLEM_OFFLINE || problem == LINE_PROBLEM_LOST ? 0 : 60;
}

/* Bit k: the midnight of today - k is stored. */
static uint64_t days_known(const struct reading_state *state, int64_t today)
{
    int64_t by = state ? today - state->newest_day : 64;
    if (!state || state->newest_day == 0 || by >= 64 || by <= -64)
        return 0;
    return by >= 0 ? state->complete_days << by : state->complete_days >> -by;
}

/* Without a known dial at its beginning a meter's first midnight begins its total, and reading takes none before it. */
static uint32_t days_before_first(const struct registry_device *device, const struct reading_state *state,
                                  uint64_t known, int64_t today)
{
    if (device->start_register_value != REGISTRY_START_UNKNOWN)
        return 0;
    if (!state || state->newest_day == 0)
        return ~3u; /* this midnight, or the last one while this is not due yet */
    if (known == 0 || today - state->newest_day >= COLLECT_DAYS)
        return 0;
    int first = 63 - __builtin_clzll(known);
    return first < 31 ? ~((1u << first) - 1) : 0;
}

/* Bit k: the midnight of today - k is missing, the meter hung here then, and nobody has given it up. */
static uint32_t days_missing(struct collect_room *room, const struct registry_device *device,
                             const struct collect_device *record, int64_t today, int32_t zone_offset_s)
{
    const struct reading_state *state = reading_state_find(room->reading, device->device_id);
    uint64_t known = days_known(state, today);
    uint32_t missing = ~(uint32_t)known & ~days_before_first(device, state, known, today);
    int64_t owed = today - calendar_local_day(device->installed_s, zone_offset_s);
    if (owed <= 0)
        return 0;
    if (owed < COLLECT_DAYS)
        missing &= (1u << owed) - 1;
    missing &= (1u << COLLECT_DAYS) - 1;
    if (record && record->given_up != 0)
        missing &= ~collect_days_shift(record->given_up, today - record->given_up_day);
    return missing;
}

static int lowest_bit(uint32_t bits)
{
    return __builtin_ctz(bits);
}

/* What a meter without a plan follows. */
static const struct collect_plan usual_plan = {
    .what = COLLECT_DAILY,
    .unit = COLLECT_DAY,
    .every = 1,
    .offset_s = COLLECT_START_S,
    .enabled = 1,
};

/* The newest missing midnight at or before the last run of the plan. */
static void midnight_find(struct collect_room *room, const struct registry_device *device,
                          const struct collect_device *record, int64_t now_s, struct collect_need *need,
                          int64_t *next_s)
{
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    int64_t today = calendar_local_day(now_s, zone_offset_s);
    struct collect_plan *plan = collect_plan_of(room, device, COLLECT_DAILY);
    const struct collect_plan *followed = plan ? plan : &usual_plan;
    int64_t due_s = collect_plan_due_s(followed, now_s, zone_offset_s);
    int64_t after_s = collect_plan_next_s(followed, now_s, zone_offset_s);
    int64_t not_due = today - calendar_local_day(due_s, zone_offset_s);
    uint32_t missing = days_missing(room, device, record, today, zone_offset_s);

    if (after_s < *next_s)
        *next_s = after_s;
    missing = not_due < COLLECT_DAYS ? missing & ~((1u << not_due) - 1) : 0;
    if (missing == 0)
        return;
    need->what = COLLECT_DAILY;
    need->day = (int32_t)(today - lowest_bit(missing));
    need->time_s = calendar_midnight(need->day, zone_offset_s);
    need->plan = need->day == today && plan ? (uint16_t)(plan - room->plans + 1) : 0;
}

/* Due at the last instant of its plan, unless it was read since. */
static void current_find(struct collect_room *room, const struct registry_device *device,
                         const struct collect_device *record, int64_t now_s, struct collect_need *need, int64_t *next_s)
{
    struct collect_plan *plan = collect_plan_of(room, device, COLLECT_CURRENT);
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    if (!plan)
        return;
    int64_t due_s = collect_plan_due_s(plan, now_s, zone_offset_s);
    int64_t after_s = collect_plan_next_s(plan, now_s, zone_offset_s);
    if (after_s < *next_s)
        *next_s = after_s;
    if (due_s < plan->created_s || (record && record->current_s >= due_s))
        return;
    *need = (struct collect_need){ .what = COLLECT_CURRENT, .plan = (uint16_t)(plan - room->plans + 1) };
}

/* From the last value that is there, at most a day of it at once. */
static void curve_find(struct collect_room *room, const struct registry_device *device,
                       const struct collect_device *record, int64_t now_s, struct collect_need *need, int64_t *next_s)
{
    struct collect_plan *plan = collect_plan_of(room, device, COLLECT_CURVE);
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    if (!plan)
        return;
    int64_t due_s = collect_plan_due_s(plan, now_s, zone_offset_s);
    int64_t after_s = collect_plan_next_s(plan, now_s, zone_offset_s);
    int64_t hour_s = due_s - (due_s + zone_offset_s) % 3600;
    int64_t from_s = hour_s - (COLLECT_CURVE_HOURS - 1) * 3600;
    if (after_s < *next_s)
        *next_s = after_s;
    if (record && record->curve_s >= from_s)
        from_s = (int64_t)record->curve_s + 3600;
    if (due_s < plan->created_s || from_s > hour_s)
        return;
    *need = (struct collect_need){ .what = COLLECT_CURVE,
                                   .time_s = from_s,
                                   .plan = (uint16_t)(plan - room->plans + 1),
                                   .count = (uint16_t)((hour_s - from_s) / 3600 + 1) };
}

static uint16_t month_number(int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return (uint16_t)((date.year - 1970) * 12 + date.month);
}

/* Which of the first midnights of twelve months are there; looked up once a month, and again after a restart. */
static int months_look(struct collect_room *room, const struct registry_device *device, struct collect_device *record,
                       int64_t today, int32_t zone_offset_s)
{
    int64_t installed = calendar_local_day(device->installed_s, zone_offset_s);
    uint16_t known = 0;
    for (int32_t k = 0; k < COLLECT_MONTHS; k++) {
        int64_t day = calendar_month_start_after(today, -k);
        int found = day <= installed ? 1 : collect_value_known(room, device->device_id, COLLECT_MONTHLY, (int32_t)day);
        if (found < 0)
            return found;
        known = (uint16_t)(known | found << k);
    }
    room->looks -= COLLECT_MONTHS;
    record->months_known = known;
    record->months_of = month_number(today);
    return 0;
}

static int month_find(struct collect_room *room, const struct registry_device *device, int64_t now_s,
                      struct collect_need *need, int64_t *next_s)
{
    struct collect_plan *plan = collect_plan_of(room, device, COLLECT_MONTHLY);
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
    int64_t today = calendar_local_day(now_s, zone_offset_s);
    struct collect_device *record;
    if (!plan)
        return 0;
    int64_t due_s = collect_plan_due_s(plan, now_s, zone_offset_s);
    int64_t after_s = collect_plan_next_s(plan, now_s, zone_offset_s);
    if (after_s < *next_s)
        *next_s = after_s;
    int error = collect_device_touch(room, device->device_id, &record);
    if (error == 0 && record->months_of != month_number(today))
        error = months_look(room, device, record, today, zone_offset_s);
    if (error != 0 || due_s < plan->created_s)
        return error;
    uint32_t missing = ~(uint32_t)record->months_known & ((1u << COLLECT_MONTHS) - 1);
    if (due_s < calendar_midnight(calendar_month_start(today), zone_offset_s))
        missing &= ~1u;
    if (missing == 0)
        return 0;
    need->what = COLLECT_MONTHLY;
    need->day = (int32_t)calendar_month_start_after(today, -lowest_bit(missing));
    need->time_s = calendar_midnight(need->day, zone_offset_s);
    need->plan = (uint16_t)(plan - room->plans + 1);
    return 0;
}

static uint8_t route_of(struct collect_room *room, const struct registry_device *device,
                        const struct collect_device *record, uint8_t what)
{
    uint8_t forward = what == COLLECT_INTERVAL ? COLLECT_DEVICE_INTERVAL_FORWARD : COLLECT_DEVICE_FORWARD;
    const struct registry_device *line = registry_device_find(room->registry, device->line_device_id);
    if (line && line->kind != REGISTRY_KIND_CONCENTRATOR)
        return LINE_ROUTE_DIRECT;
    if (device->measurement_point == 0 || (record && (record->flags & forward) != 0))
        return LINE_ROUTE_FORWARD;
    return LINE_ROUTE_POINT;
}

/* What has a moment comes before what can wait: this midnight, values of now, curves, then older midnights, and days of
 * quarter-hours last. */
int collect_need_find(struct collect_room *room, const struct registry_device *device, int64_t now_s,
                      struct collect_need *need, int64_t *next_s)
{
    const struct collect_device *record = dense_array_at(&room->devices, device->device_id);
    struct collect_need midnight = { 0 };
    int error = 0;

    *need = (struct collect_need){ 0 };
    if (record && record->next_s > now_s) {
        if (record->next_s < *next_s)
            *next_s = record->next_s;
        return 0;
    }
    midnight_find(room, device, record, now_s, &midnight, next_s);
    if (midnight.what == 0 || now_s - midnight.time_s >= CALENDAR_DAY_S) {
        current_find(room, device, record, now_s, need, next_s);
        if (need->what == 0)
            curve_find(room, device, record, now_s, need, next_s);
    }
    if (need->what == 0)
        *need = midnight;
    if (need->what == 0)
        error = month_find(room, device, now_s, need, next_s);
    if (error == 0 && need->what == 0)
        collect_interval_find(room, device, record, now_s, need, next_s);
    need->route = route_of(room, device, record, need->what);
    return error;
}

int collect_trouble_put(struct collect_room *room, uint32_t device_id, struct collect_device *record, int64_t now_s)
{
    struct collect_trouble row = {
        .last_s = now_s,
        .next_s = record->next_s,
        .device_id = device_id,
        .given_up = record->given_up,
        .given_up_day = record->given_up_day,
        .interval_given_up = record->interval_given_up,
        .interval_given_up_day = record->interval_given_up_day,
        .interval_problem = record->interval_problem,
        .problem = record->problem,
        .tries = record->tries,
    };
    record->flags |= COLLECT_DEVICE_STORED;
    return room->store.trouble_put(room->store.context, &row);
}

static void value_note(struct collect_room *room, struct collect_device *record, uint32_t device_id,
                       const struct collect_order *order, int64_t now_s)
{
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device_id);
    int64_t today = calendar_local_day(now_s, zone_offset_s);
    if (order->what == COLLECT_CURRENT)
        record->current_s = (uint32_t)now_s;
    if (order->what == COLLECT_CURVE)
        record->curve_s = (uint32_t)(order->time_s + (int64_t)(order->count - 1) * 3600);
    for (int32_t k = 0; order->what == COLLECT_MONTHLY && k < COLLECT_MONTHS; k++)
        if (calendar_month_start_after(today, -k) == order->day)
            record->months_known = (uint16_t)(record->months_known | 1u << k);
}

int collect_need_met(struct collect_room *room, uint32_t device_id, const struct collect_order *order, int64_t now_s)
{
    struct collect_device *record;
    int error = collect_device_touch(room, device_id, &record);
    if (error != 0)
        return error;
    value_note(room, record, device_id, order, now_s);
    if (order->what == COLLECT_INTERVAL)
        collect_interval_met(record, order, now_s);
    record->flags &= (uint8_t)~COLLECT_DEVICE_FORWARD;
    record->next_s = 0;
    record->tries = 0;
    record->problem = 0;
    if ((record->flags & COLLECT_DEVICE_STORED) == 0)
        return 0;
    if (record->given_up != 0 || record->interval_problem != 0)
        return collect_trouble_put(room, device_id, record, now_s);
    record->flags &= (uint8_t)~COLLECT_DEVICE_STORED;
    return room->store.trouble_delete(room->store.context, device_id);
}

/* Neither the concentrator nor the meter itself has it, or it was judged: asking again brings nothing new. */
static void value_give_up(struct collect_room *room, struct collect_device *record, uint32_t device_id,
                          const struct collect_order *order, int64_t now_s)
{
    int64_t today = calendar_local_day(now_s, registry_zone_offset_s(room->registry, device_id));
    if (order->what == COLLECT_DAILY) {
        record->given_up = collect_days_shift(record->given_up, today - record->given_up_day);
        record->given_up_day = (uint16_t)today;
        record->given_up |= collect_days_shift(1, today - order->day);
    }
    value_note(room, record, device_id, order, now_s);
    record->flags &= (uint8_t)~COLLECT_DEVICE_FORWARD;
    record->tries = 0;
    record->next_s = 0;
}

static bool is_final(const struct collect_order *order, uint8_t problem, int64_t now_s)
{
    bool fresh = order->what == COLLECT_DAILY && now_s - order->time_s < CALENDAR_DAY_S;
    if (problem == COLLECT_REASON_NOT_BELIEVED || problem == COLLECT_REASON_BEFORE_START)
        return true;
    return order->route != LINE_ROUTE_POINT && !fresh &&
           (collect_problem_of_point(problem) || problem == LINE_PROBLEM_UNSUPPORTED);
}

uint32_t collect_next_midnight_s(struct collect_room *room, uint32_t device_id, int64_t now_s)
{
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device_id);
    return (uint32_t)(calendar_midnight(calendar_local_day(now_s, zone_offset_s) + 1, zone_offset_s) + COLLECT_START_S);
}

static void later_ask(struct collect_room *room, struct collect_device *record, uint32_t device_id,
                      const struct collect_order *order, uint8_t problem, int64_t now_s)
{
    bool fresh = order->what == COLLECT_DAILY && now_s - order->time_s < CALENDAR_DAY_S;
    bool was_point = order->route == LINE_ROUTE_POINT;

    /* A concentrator that has only not come to it yet gets its time; what is old goes to the meter at once. */
    if (was_point && collect_problem_of_point(problem) && (!fresh || record->tries > 0))
        record->flags |= COLLECT_DEVICE_FORWARD;
    else
        record->flags &= (uint8_t)~COLLECT_DEVICE_FORWARD;
    if (was_point && !fresh && collect_problem_of_point(problem)) {
        record->next_s = (uint32_t)now_s;
        return;
    }
    if (record->tries < COLLECT_ROUND_TRIES) {
        record->next_s = (uint32_t)now_s + pauses_s[record->tries++];
    } else {
        record->next_s = collect_next_midnight_s(room, device_id, now_s);
        record->tries = 0;
    }
}

int collect_need_failed(struct collect_room *room, uint32_t device_id, const struct collect_order *order,
                        uint8_t problem, int64_t now_s)
{
    struct collect_device *record;
    if (order->what == COLLECT_INTERVAL)
        return collect_interval_failed(room, device_id, order, problem, now_s);
    int error = collect_device_touch(room, device_id, &record);
    if (error != 0)
        return error;
    record->problem = problem;
    if (collect_problem_of_line(problem)) {
        record->next_s = (uint32_t)(now_s + collect_line_pause_s(problem));
        return 0;
    }
    if (is_final(order, problem, now_s))
        value_give_up(room, record, device_id, order, now_s);
    else
        later_ask(room, record, device_id, order, problem, now_s);
    error = collect_line_hasten(room, collect_line_find(room, order->line_id), record->next_s);
    return error != 0 ? error : collect_trouble_put(room, device_id, record, now_s);
}
