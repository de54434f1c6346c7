#include "meter/core/electricity/electricity_internal.h"

#define TABLE_MEMBER 3
#define SWITCH_SIZE 5
#define PRICE_SIZE 4
#define SUNDAY_BIT 0

/* Zeros: never. */
int64_t electricity_set_switch(const struct electricity_meter *meter, enum electricity_set set)
{
    struct span bytes = span_of_bytes(meter->parameters.switches[set], SWITCH_SIZE);
    struct item_time from;

    if (span_is_filled(bytes, 0) || dlt645_time_read(bytes, &from) < 0)
        return ELECTRICITY_NEVER;
    return electricity_clock_of_time(&from);
}

/* Needs no memory of having switched. */
unsigned electricity_set_in_force(const struct electricity_meter *meter, enum electricity_set set)
{
    return meter->local_s != 0 && meter->local_s >= electricity_set_switch(meter, set) ? 1 : 0;
}

/* The day table of a date by the year zones: the last that has begun, before the first the last of the year before. */
static unsigned zone_table(const struct electricity_meter *meter, struct calendar_date date)
{
    const uint8_t *zones = meter->parameters.zones[electricity_set_in_force(meter, ELECTRICITY_SET_ZONES)];
    unsigned count = electricity_number(meter->parameters.zone_count, 1);
    unsigned today = (unsigned)(date.month * 100 + date.day_of_month);
    unsigned table = count == 0 ? 0 : electricity_number(zones + (count - 1) * TABLE_MEMBER, 1);

    for (unsigned i = 0; i < count; i++) {
        const uint8_t *zone = zones + i * TABLE_MEMBER;
        if (electricity_number(zone + 1, 2) <= today)
            table = electricity_number(zone, 1);
    }
    return table;
}

/* Its number on a holiday; 0 on other days. */
static unsigned holiday_table(const struct electricity_meter *meter, struct calendar_date date)
{
    unsigned count = electricity_number(meter->parameters.holiday_count, 2);
    unsigned today = (unsigned)((date.year - 2000) * 10000 + date.month * 100 + date.day_of_month);

    for (unsigned i = 0; i < count; i++) {
        const uint8_t *holiday = meter->parameters.holidays[i];
        if (electricity_number(holiday + 1, 3) == today)
            return electricity_number(holiday, 1);
    }
    return 0;
}

/* The same on a day of rest. */
static unsigned weekend_table(const struct electricity_meter *meter, int64_t day)
{
    unsigned weekday = (unsigned)calendar_weekday_of_day(day) % 7 + SUNDAY_BIT; /* Sunday is 0 */
    bool rests = (meter->parameters.weekend_days[0] >> weekday & 1) == 0;
    return rests ? electricity_number(meter->parameters.weekend_table, 1) : 0;
}

/* Holiday before weekend before year zone. */
static unsigned table_of_day(const struct electricity_meter *meter, int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    unsigned table = holiday_table(meter, date);

    if (table == 0)
        table = weekend_table(meter, day);
    return table != 0 ? table : zone_table(meter, date);
}

void electricity_day_make(struct electricity_meter *meter)
{
    struct electricity_day *day = &meter->day;
    unsigned count = electricity_number(meter->parameters.switch_count, 1);

    day->count = 0;
    day->minute = (uint32_t)(meter->local_s / ELECTRICITY_S_PER_MINUTE);
    if (meter->local_s == 0 || meter->parameters.metering[0] != ELECTRICITY_MULTI_RATE)
        return;
    unsigned table = table_of_day(meter, calendar_local_day(meter->local_s, 0));
    if (table == 0)
        return;
    const uint8_t *switches =
        meter->parameters.day_tables[electricity_set_in_force(meter, ELECTRICITY_SET_PERIODS)][table - 1];
    for (unsigned i = 0; i < count; i++) {
        const uint8_t *entry = switches + i * TABLE_MEMBER;
        unsigned tariff = electricity_number(entry, 1);
        day->minutes[i] = (uint16_t)(electricity_number(entry + 2, 1) * 60 + electricity_number(entry + 1, 1));
        day->tariffs[i] = (uint8_t)(tariff == 0 ? 0 : tariff - 1);
    }
    day->count = (uint8_t)count;
}

unsigned electricity_tariff_now(const struct electricity_meter *meter)
{
    const struct electricity_day *day = &meter->day;
    if (day->count == 0 || meter->local_s == 0)
        return 0;
    unsigned minute = (unsigned)calendar_second_of_day(meter->local_s, 0) / ELECTRICITY_S_PER_MINUTE;
    unsigned tariff = day->tariffs[day->count - 1];
    for (unsigned i = 0; i < day->count; i++)
        if (day->minutes[i] <= minute)
            tariff = day->tariffs[i];
    return tariff;
}

/* Tier in force, and how much of it is left (ELECTRICITY_NEVER in the last). */
static unsigned tier_now(const struct electricity_meter *meter, unsigned set, int64_t *left_mwh)
{
    unsigned count = electricity_number(meter->parameters.tier_count, 1);

    for (unsigned i = 0; i < count; i++) {
        int64_t limit_mwh =
            (int64_t)electricity_number(meter->parameters.tier_limits[set][i], PRICE_SIZE) * ELECTRICITY_MWH_PER_CENT;
        if (meter->state.cycle_mwh < limit_mwh) {
            *left_mwh = limit_mwh - meter->state.cycle_mwh;
            return i;
        }
    }
    *left_mwh = ELECTRICITY_NEVER;
    return count;
}

#define CREDIT_ENERGY_PRICE 10000 /* a kWh costs a kWh */

/* The price, and for how much energy it holds. */
static uint32_t price_now(const struct electricity_meter *meter, int64_t *left_mwh)
{
    const struct electricity_parameters *parameters = &meter->parameters;

    *left_mwh = ELECTRICITY_NEVER;
    if (meter->config.credit == ELECTRICITY_CREDIT_ENERGY)
        return CREDIT_ENERGY_PRICE;
    if (parameters->metering[0] == ELECTRICITY_STEPS) {
        unsigned set = electricity_set_in_force(meter, ELECTRICITY_SET_TIERS);
        unsigned tier = tier_now(meter, set, left_mwh);
        return electricity_number(parameters->tier_prices[set][tier], PRICE_SIZE);
    }
    const uint8_t *price =
        parameters->prices[electricity_set_in_force(meter, ELECTRICITY_SET_PRICES)][electricity_tariff_now(meter)];
    return electricity_number(price, PRICE_SIZE);
}

uint32_t electricity_price_now(const struct electricity_meter *meter)
{
    int64_t left_mwh;
    return price_now(meter, &left_mwh);
}

/* A price of 0.0001 yuan a kWh times a mWh is a grain: nothing is ever rounded. */
int64_t electricity_charge(struct electricity_meter *meter, int64_t energy_mwh)
{
    int64_t grains = 0;

    while (energy_mwh > 0) {
        int64_t left_mwh;
        int64_t price = price_now(meter, &left_mwh);
        int64_t part_mwh = energy_mwh < left_mwh ? energy_mwh : left_mwh;
        grains += part_mwh * price;
        meter->state.cycle_mwh += part_mwh;
        energy_mwh -= part_mwh;
    }
    return grains;
}
