/* Settlement days (结算日): what the register showed on each of the last twelve. */
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

#include "base/calendar.h"

/* The settlement day in the month that holds `day`. */
static int64_t settlement_of_month(int wanted, int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    int last = calendar_days_in_month(date.year, date.month);
    return calendar_month_start(day) + (wanted < last ? wanted : last) - 1;
}

static int64_t today_of(const struct bus_meter *meter)
{
    return calendar_local_day(bus_meter_clock_s(meter), meter->config.zone_offset_s);
}

int32_t bus_meter_settlement_day(const struct bus_meter *meter, uint8_t wanted)
{
    int64_t today = today_of(meter);
    int64_t this_month = settlement_of_month(wanted, today);
    if (this_month <= today)
        return (int32_t)this_month;
    return (int32_t)settlement_of_month(wanted, calendar_month_start_after(today, -1));
}

static void history_cut(struct bus_meter *meter, uint16_t day)
{
    size_t kept = 0;
    for (size_t i = 0; i < BUS_METER_HISTORY_LIMIT; i++)
        if (meter->history[i].day != 0 && meter->history[i].day < day)
            meter->history[kept++] = meter->history[i];
    memset(&meter->history[kept], 0, (BUS_METER_HISTORY_LIMIT - kept) * sizeof meter->history[0]);
}

void bus_meter_history_put(struct bus_meter *meter, struct bus_meter_settlement settlement)
{
    history_cut(meter, settlement.day);
    if (settlement.value == BUS_METER_SETTLEMENT_CUT)
        return;
    memmove(&meter->history[1], &meter->history[0], (BUS_METER_HISTORY_LIMIT - 1) * sizeof meter->history[0]);
    meter->history[0] = settlement;
}

/* A settlement day passed: the register is written before its settlement, so that no restart finds less than was
 * settled; the day counts as passed only afterwards, so that no power cut loses it. One that is in flash already stays
 * as it is. */
static void settle(struct bus_meter *meter, int32_t day)
{
    struct bus_meter_settlement settlement = { (uint16_t)day, bus_meter_register(meter) };
    if (meter->history[0].day != settlement.day) {
        meter->is_dirty = true;
        (void)bus_meter_state_store(meter);
        bus_meter_history_put(meter, settlement);
        (void)bus_meter_settlement_store(meter, settlement);
    }
    meter->state.settled_day = day;
    meter->state.cycle_ml = 0;
    meter->is_dirty = true;
}

/* The clock was set back behind a settlement day: it will come again, and its value of today is not true. What is
 * settled up to today stays: it may stand by another settlement day. */
static void unsettle(struct bus_meter *meter, int32_t day)
{
    struct bus_meter_settlement cut = { (uint16_t)(today_of(meter) + 1), BUS_METER_SETTLEMENT_CUT };
    meter->state.settled_day = day;
    meter->is_dirty = true;
    if (meter->history[0].day < cut.day)
        return;
    bus_meter_history_put(meter, cut);
    (void)bus_meter_settlement_store(meter, cut);
}

void bus_meter_history_step(struct bus_meter *meter)
{
    int32_t day = bus_meter_settlement_day(meter, meter->settings.settlement_day);
    if (day > meter->state.settled_day)
        settle(meter, day);
    else if (day < meter->state.settled_day)
        unsettle(meter, day);
}

void bus_meter_history_restart(struct bus_meter *meter, uint8_t wanted)
{
    meter->state.settled_day = bus_meter_settlement_day(meter, wanted);
    meter->is_dirty = true;
    (void)bus_meter_state_store(meter);
}
