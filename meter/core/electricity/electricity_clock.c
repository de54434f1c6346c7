#include "meter/core/electricity/electricity_internal.h"

#include <string.h>

#define DAY_S CALENDAR_DAY_S
#define HOUR_S 3600
#define DAY_MINUTES 1440
#define ANY 99
#define SETTLEMENT_SIZE 2
#define JANUARY 1

int64_t electricity_clock_read(const struct electricity_meter *meter)
{
    int64_t clock_s = meter->hal->clock_read_s(meter->hal->context);
    if (clock_s < ELECTRICITY_CLOCK_EARLIEST_S || clock_s > ELECTRICITY_CLOCK_LATEST_S)
        return 0;
    return clock_s + meter->config.zone_offset_s;
}

int64_t electricity_clock_of_time(const struct item_time *time)
{
    struct calendar_date date = { time->year, time->month, time->day };
    int64_t day;

    if (calendar_day_of_date(date, &day) < 0)
        return 0;
    return day * DAY_S + time->hour * HOUR_S + time->minute * ELECTRICITY_S_PER_MINUTE + time->second;
}

struct item_time electricity_time_of_clock(int64_t local_s)
{
    return item_time_of_unix(local_s);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t electricity_clock_boundary(const struct electricity_meter *meter, int64_t local_s)
{
    int64_t due_s = (local_s / ELECTRICITY_QUARTER_S + 1) * ELECTRICITY_QUARTER_S;
    int64_t midnight_s = local_s / DAY_S * DAY_S;
    int64_t timed_s = local_s / HOUR_S * HOUR_S + meter->schedule.minute * ELECTRICITY_S_PER_MINUTE;

    for (unsigned i = 0; i < meter->day.count; i++) {
        int64_t switch_s = midnight_s + meter->day.minutes[i] * ELECTRICITY_S_PER_MINUTE;
        if (switch_s > local_s)
            due_s = smaller(due_s, switch_s);
    }
    for (unsigned set = 0; set < ELECTRICITY_SET_COUNT; set++) {
        int64_t set_s = electricity_set_switch(meter, (enum electricity_set)set);
        if (set_s > local_s)
            due_s = smaller(due_s, set_s);
    }
    return timed_s > local_s ? smaller(due_s, timed_s) : due_s;
}

/* The settlement of a row in the month of `day`; 0 when the row is unused. */
static int64_t settlement_in_month(const uint8_t *row, int64_t day)
{
    unsigned hour = electricity_number(row, 1);
    unsigned day_of_month = electricity_number(row + 1, 1);

    if (day_of_month == 0 || day_of_month == ANY)
        return 0;
    return (calendar_month_start(day) + day_of_month - 1) * DAY_S + hour * HOUR_S;
}

/* The newest settlement of a row that is not after `to_s`; 0. */
static int64_t settlement_newest(const uint8_t *row, int64_t to_s)
{
    int64_t day = calendar_local_day(to_s, 0);
    int64_t at_s = settlement_in_month(row, day);

    return at_s <= to_s ? at_s : settlement_in_month(row, calendar_month_start_after(day, -1));
}

static bool cycle_ends(const struct electricity_meter *meter, unsigned row, int64_t at_s)
{
    bool is_yearly = meter->parameters.tier_cycle[0] != 0;
    return row == 0 && (!is_yearly || calendar_date_of_day(calendar_local_day(at_s, 0)).month == JANUARY);
}

static void settle(struct electricity_meter *meter, unsigned row, int64_t at_s)
{
    (void)electricity_freeze_take(meter, ELECTRICITY_FREEZE_SETTLEMENT, (uint32_t)(at_s / ELECTRICITY_S_PER_MINUTE));
    if (cycle_ends(meter, row, at_s))
        meter->state.cycle_mwh = 0;
    meter->state.demand_w = 0;
    meter->state.demand_minute = 0;
}

/* returns  something changed that must be kept */
static bool settlements_pass(struct electricity_meter *meter, int64_t from_s, int64_t to_s)
{
    bool settled = false;

    for (unsigned row = 0; row < sizeof meter->parameters.settlement_days / SETTLEMENT_SIZE; row++) {
        int64_t at_s = settlement_newest(meter->parameters.settlement_days[row], to_s);
        if (at_s > from_s) {
            settle(meter, row, at_s);
            settled = true;
        }
    }
    return settled;
}

/* The newest `count` midnights within the time that passed: registers stood still, or only the last is known. */
static bool midnights_pass(struct electricity_meter *meter, int64_t from_s, int64_t to_s, int64_t count)
{
    int64_t last = to_s / DAY_S;
    int64_t first = from_s / DAY_S + 1;

    if (first > last)
        return false;
    if (last - first >= count)
        first = last - count + 1;
    for (int64_t day = first; day <= last; day++)
        (void)electricity_freeze_take(meter, ELECTRICITY_FREEZE_DAILY, (uint32_t)(day * DAY_MINUTES));
    meter->state.limit_trips = 0;
    return true;
}

/* The newest instant of the load record, full hours among them. Those without power, and those that a clock leapt over,
 * have no value. */
static bool instants_pass(struct electricity_meter *meter, int64_t from_s, int64_t to_s)
{
    const uint8_t *interval = meter->parameters.load_interval;
    int64_t step_s = (int64_t)electricity_number(interval, sizeof meter->parameters.load_interval) * ELECTRICITY_S_PER_MINUTE;

    if (step_s == 0 || to_s / step_s == from_s / step_s)
        return false;
    (void)electricity_instant_take(meter, (uint32_t)(to_s / step_s * step_s / ELECTRICITY_S_PER_MINUTE));
    return true;
}

static bool schedule_matches(const struct electricity_schedule *schedule, int64_t at_s)
{
    struct calendar_date date = calendar_date_of_day(at_s / DAY_S);
    int32_t hour = calendar_second_of_day(at_s, 0) / HOUR_S;

    return (schedule->hour == ANY || schedule->hour == hour) &&
           (schedule->day == ANY || schedule->day == date.day_of_month) &&
           (schedule->month == ANY || schedule->month == date.month);
}

static void timed_pass(struct electricity_meter *meter, int64_t from_s, int64_t to_s)
{
    int64_t at_s = to_s / HOUR_S * HOUR_S + meter->schedule.minute * ELECTRICITY_S_PER_MINUTE;

    if (meter->schedule.minute == ANY || at_s > to_s || at_s <= from_s || !schedule_matches(&meter->schedule, at_s))
        return;
    (void)electricity_freeze_take(meter, ELECTRICITY_FREEZE_TIMED, (uint32_t)(at_s / ELECTRICITY_S_PER_MINUTE));
}

/* Everything in (state.clock_s, local_s]. A cut before the state is kept finds the freezes and takes none twice. */
static void boundaries_pass(struct electricity_meter *meter, int64_t midnights)
{
    int64_t from_s = meter->state.clock_s;
    int64_t to_s = meter->local_s;

    bool changed = midnights_pass(meter, from_s, to_s, midnights);
    changed = settlements_pass(meter, from_s, to_s) || changed;
    changed = instants_pass(meter, from_s, to_s) || changed;
    timed_pass(meter, from_s, to_s);
    meter->state.clock_s = (uint32_t)to_s;
    if (changed)
        (void)electricity_store_state(meter);
}

/* A clock that was lost, or was never there, or went back begins anew from now on. */
static bool clock_is_continued(const struct electricity_meter *meter)
{
    return meter->state.clock_s != 0 && meter->local_s >= meter->state.clock_s;
}

static void clock_begin(struct electricity_meter *meter)
{
    meter->state.clock_s = (uint32_t)meter->local_s;
    if (electricity_freezes_void(meter, (uint32_t)(meter->local_s / ELECTRICITY_S_PER_MINUTE)))
        (void)electricity_store_all(meter);
    else
        (void)electricity_store_state(meter);
}

void electricity_clock_pass(struct electricity_meter *meter)
{
    if (meter->local_s == 0)
        return;
    if (clock_is_continued(meter))
        boundaries_pass(meter, 1);
    else
        clock_begin(meter);
    electricity_demand_pass(meter);
    if (meter->day.minute != (uint32_t)(meter->local_s / ELECTRICITY_S_PER_MINUTE))
        electricity_day_make(meter);
}

void electricity_clock_resume(struct electricity_meter *meter)
{
    meter->local_s = electricity_clock_read(meter);
    if (meter->local_s == 0)
        return;
    if (clock_is_continued(meter))
        boundaries_pass(meter, electricity_freezes_limit(ELECTRICITY_FREEZE_DAILY));
    else
        clock_begin(meter);
    electricity_day_make(meter);
}

bool electricity_clock_set(struct electricity_meter *meter, int64_t local_s, uint32_t operator_code)
{
    struct electricity_event event = { { operator_code, (uint32_t)meter->local_s, (uint32_t)local_s } };
    int64_t clock_s = local_s - meter->config.zone_offset_s;

    if (clock_s < ELECTRICITY_CLOCK_EARLIEST_S || clock_s > ELECTRICITY_CLOCK_LATEST_S)
        return false;
    meter->hal->clock_write_s(meter->hal->context, clock_s);
    electricity_event_note(meter, ELECTRICITY_EVENT_TIME_CHANGE, &event);
    meter->local_s = local_s;
    meter->demand_period = 0;
    electricity_clock_pass(meter);
    electricity_day_make(meter);
    return true;
}
