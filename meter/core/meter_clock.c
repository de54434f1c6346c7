#include "meter/core/meter_internal.h"

#include "base/calendar.h"

#define SLOT_DIGITS 3
#define DAY_MS ((int64_t)CALENDAR_DAY_S * METER_MS_PER_S)
/* The calendar clock counts whole seconds: aimed a second later, a wake-up is never before its time. */
#define CLOCK_STEP_MS METER_MS_PER_S

int64_t meter_clock_s(const struct meter *meter)
{
    int64_t clock_s = meter->hal->clock_read_s(meter->hal->context);
    return clock_s >= METER_CLOCK_EARLIEST_S && clock_s < METER_CLOCK_LATEST_S ? clock_s : 0;
}

int32_t meter_clock_day(const struct meter *meter)
{
    int64_t clock_s = meter_clock_s(meter);
    return clock_s == 0 ? 0 : (int32_t)calendar_local_day(clock_s, meter->config.zone_offset_s);
}

static bool cycle_begins(const struct meter *meter, int32_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    struct calendar_date begun = calendar_date_of_day(meter->state.cycle_day);
    int32_t length = meter->config.price_cycle_months;
    int32_t number = (date.year * 12 + date.month - 1) / length;
    return number > (begun.year * 12 + begun.month - 1) / length;
}

/* Price steps count from zero again on the first midnight of a cycle. */
static void cycle_step(struct meter *meter, int32_t day)
{
    struct meter_state *state = &meter->state;
    if (state->cycle_day == 0) {
        state->cycle_day = day;
    } else if (cycle_begins(meter, day)) {
        state->cycle_day = day;
        state->cycle_ml = 0;
    } else {
        return;
    }
    meter->state_dirty = true;
}

/* The register goes into flash before its freeze: after a restart no freeze is above the register. Midnights nobody
 * saw, because the meter was without power or its clock was set, stay without a value, all but the newest. */
static void midnight_latch(struct meter *meter, int32_t day)
{
    uint32_t volume_l = (uint32_t)(meter->state.volume_ml / METER_ML_PER_L);
    cycle_step(meter, day);
    meter->state_dirty = true;
    (void)meter_store_state(meter);
    meter_freezes_put(&meter->freezes, day, volume_l);
    (void)meter_store_freeze(meter, day, volume_l);
}

int64_t meter_clock_step(struct meter *meter)
{
    int64_t clock_s = meter_clock_s(meter);
    if (clock_s == 0)
        return meter->now_ms + DAY_MS;
    int32_t day = meter_clock_day(meter);
    bool first = meter->day_latched == 0 && meter_freezes_find(&meter->freezes, day) == METER_FREEZE_NONE;
    if (first || (meter->day_latched != 0 && day > meter->day_latched))
        midnight_latch(meter, day);
    /* A clock that was set back comes to the next midnight again, and latches it again. */
    meter->day_latched = day;
    int64_t midnight_s = calendar_midnight((int64_t)day + 1, meter->config.zone_offset_s);
    return meter->now_ms + (midnight_s - clock_s) * METER_MS_PER_S;
}

/* The last three digits of the meter number spread the meters over 1,000 slots (S3-121). */
static int64_t stagger_slot(const char *meter_number)
{
    int64_t slot = 0;
    struct span text = span_of_text(meter_number);
    for (size_t i = text.size > SLOT_DIGITS ? text.size - SLOT_DIGITS : 0; i < text.size; i++)
        slot = slot * 10 + (text.bytes[i] - '0');
    return slot;
}

int64_t meter_clock_report_due_ms(const struct meter *meter)
{
    const struct meter_parameters *parameters = &meter->parameters;
    int64_t period_s = parameters->report_period_s;
    int64_t clock_s = meter_clock_s(meter);
    uint32_t spread_ms = (uint32_t)parameters->stagger_ms;
    uint32_t jitter_ms = spread_ms == 0 ? 0 : meter->hal->random(meter->hal->context) % spread_ms;
    if (clock_s == 0)
        return meter->now_ms + period_s * METER_MS_PER_S;
    int64_t offset_ms = stagger_slot(meter->config.meter_number) * parameters->stagger_ms;
    int64_t offset_s = parameters->report_time_s + offset_ms / METER_MS_PER_S;
    int64_t local_s = clock_s + meter->config.zone_offset_s;
    int64_t past_s = (local_s - offset_s) % period_s;
    if (past_s < 0)
        past_s += period_s;
    return meter->now_ms + (period_s - past_s) * METER_MS_PER_S + CLOCK_STEP_MS + jitter_ms;
}

bool meter_clock_set(struct meter *meter, int64_t clock_s)
{
    if (clock_s < METER_CLOCK_EARLIEST_S || clock_s >= METER_CLOCK_LATEST_S)
        return false;
    meter->hal->clock_write_s(meter->hal->context, clock_s);
    meter_alarm_set(meter, ALARM_CLOCK, false);
    meter_incident_note(meter, METER_INCIDENT_CLOCK_SET, 0);
    meter_session_reschedule(meter);
    return true;
}
