/* What the meters of the estate show: days of different size, hours of the shape of their use, straight lines between
 * hours. Closed formulas over whole cycles of days, so that any moment costs the same. */
#include "base/calendar.h"
#include "base/device_profile.h"
#include "base/random.h"
#include "sim/estate_plan.h"

#define CYCLE_DAYS 28 /* after which the sizes of days repeat */
#define ZONE_OFFSET_S 28800
#define BEGIN_DAY 20454 /* 2026-01-01: when the meters were hung up */
#define TARIFFS 4

/* How a use of energy or water spreads over the hours of a day (weights), and what an average day of it is. */
static const struct use_row {
    uint8_t hours[24];
    int64_t day_low; /* of the smallest and the largest home, in the register's unit */
    int64_t day_high;
    int64_t step; /* last decimal of the dial */
} uses[ESTATE_USE_COUNT] = {
    [ESTATE_HOUSEHOLD_ELECTRICITY] = { { 3, 2, 2, 2, 2, 2, 4, 6, 5, 4, 4, 5, 7, 6, 4, 4, 5, 7, 10, 12, 12, 10, 7, 4 },
                                       3000000,
                                       14000000,
                                       10000 },
    [ESTATE_HOUSEHOLD_WATER] = { { 1, 0, 0, 0, 0, 2, 7, 10, 8, 4, 3, 4, 6, 4, 2, 2, 3, 6, 9, 11, 10, 7, 4, 2 },
                                 150000,
                                 700000,
                                 10000 },
    [ESTATE_HOUSEHOLD_GAS] = { { 0, 0, 0, 0, 0, 2, 7, 8, 3, 1, 3, 9, 8, 2, 1, 1, 3, 10, 12, 7, 3, 1, 0, 0 },
                               200000,
                               1200000,
                               10000 },
    [ESTATE_HOUSEHOLD_HEAT] = { { 6, 6, 6, 6, 6, 6, 5, 5, 4, 3, 3, 3, 3, 3, 3, 3, 4, 4, 5, 6, 6, 6, 6, 6 },
                                36000000,
                                144000000,
                                360000 },
    [ESTATE_SHOP_ELECTRICITY] = { { 1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9, 6, 2, 1 },
                                  1500000,
                                  6000000,
                                  10000 },
    [ESTATE_SHOP_AIR_CONDITIONING] = { { 0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 10, 12, 12, 12, 12, 11, 10, 9, 8, 6, 3, 0, 0 },
                                       8000000,
                                       30000000,
                                       10000 },
};

/* Tariff of each hour: 1 sharp, 2 peak, 3 flat, 4 valley. */
static const uint8_t tariff_of_hour[24] = { 4, 4, 4, 4, 4, 4, 4, 3, 2, 2, 1, 2, 3, 3, 3, 2, 2, 2, 1, 1, 2, 3, 3, 4 };

static uint64_t chance(const struct estate_plan *plan, const struct estate_meter *meter, uint64_t what)
{
    uint64_t state = plan->seed ^ ((uint64_t)meter->number << 20) ^ what;

    return random_splitmix(&state);
}

static int64_t average_day(const struct estate_plan *plan, const struct estate_meter *meter)
{
    const struct use_row *use = &uses[meter->use];

    return use->day_low + (int64_t)(chance(plan, meter, 1) % (uint64_t)(use->day_high - use->day_low));
}

/* 600 to 1,400 thousandths of the average. */
static int64_t day_permille(const struct estate_plan *plan, const struct estate_meter *meter, int64_t day)
{
    return 600 + (int64_t)(chance(plan, meter, 100 + (uint64_t)(day % CYCLE_DAYS)) % 801);
}

static int64_t hours_weight(const struct use_row *use, int hours, unsigned tariff)
{
    int64_t sum = 0;

    for (int hour = 0; hour < hours; hour++)
        if (tariff == 0 || tariff_of_hour[hour] == tariff)
            sum += use->hours[hour];
    return sum;
}

/* Permille-days used before `day`. */
static int64_t days_before(const struct estate_plan *plan, const struct estate_meter *meter, int64_t day)
{
    int64_t days = day - BEGIN_DAY;
    int64_t cycle = 0;
    int64_t rest = 0;

    if (days <= 0)
        return 0;
    for (int64_t i = 0; i < CYCLE_DAYS; i++) {
        int64_t permille = day_permille(plan, meter, BEGIN_DAY + i);
        cycle += permille;
        if (i < days % CYCLE_DAYS)
            rest += permille;
    }
    return days / CYCLE_DAYS * cycle + rest;
}

/* Used since BEGIN_DAY in the hours of one tariff (0: all), exact to the unit. */
static int64_t used(const struct estate_plan *plan, const struct estate_meter *meter, unsigned tariff, int64_t time_s)
{
    const struct use_row *use = &uses[meter->use];
    int64_t local_s = time_s + ZONE_OFFSET_S;
    int64_t day = local_s / CALENDAR_DAY_S;
    int hour = (int)(local_s % CALENDAR_DAY_S / 3600);
    int64_t whole = hours_weight(use, 24, 0);
    int64_t day_value = average_day(plan, meter) * day_permille(plan, meter, day) / 1000;
    int64_t value =
        average_day(plan, meter) * days_before(plan, meter, day) / 1000 * hours_weight(use, 24, tariff) / whole;

    if (day < BEGIN_DAY)
        return 0;
    value += day_value * hours_weight(use, hour, tariff) / whole;
    if (tariff == 0 || tariff_of_hour[hour] == tariff)
        value += day_value * use->hours[hour] / whole * (local_s % 3600) / 3600;
    return value;
}

/* What flowed through the meters behind a supply meter, and the loss, as its own dial shows it. */
static int64_t supplied(const struct estate_plan *plan, const struct estate_meter *supply, unsigned tariff,
                        int64_t time_s)
{
    const struct estate_concentrator *concentrator = &plan->concentrators[supply->concentrator];
    int64_t loss = supply->building == ESTATE_THEFT_BUILDING ? ESTATE_THEFT_PERMILLE : ESTATE_LOSS_PERMILLE;
    int64_t sum = 0;

    for (uint32_t i = 0; i < concentrator->meter_count; i++) {
        const struct estate_meter *meter = &plan->meters[concentrator->meter_first + i];
        if (meter->kind == DEVICE_KIND_ELECTRICITY && meter->use != ESTATE_SUPPLY)
            sum += used(plan, meter, tariff, time_s) / 1000 * estate_meter_multiplier_e3(meter);
    }
    return sum / (1000 - loss) * 1000 / estate_meter_multiplier_e3(supply) * 1000;
}

static int64_t stepped(const struct estate_meter *meter, int64_t value)
{
    int64_t step = meter->use == ESTATE_SUPPLY ? 10000 : uses[meter->use].step;

    return value / step * step;
}

int64_t estate_meter_tariff_register(const struct estate_plan *plan, const struct estate_meter *meter, unsigned tariff,
                                     int64_t time_s)
{
    return stepped(meter, meter->use == ESTATE_SUPPLY ? supplied(plan, meter, tariff, time_s)
                                                      : used(plan, meter, tariff, time_s));
}

int64_t estate_meter_register(const struct estate_plan *plan, const struct estate_meter *meter, int64_t time_s)
{
    int64_t sum = 0;

    if (meter->kind != DEVICE_KIND_ELECTRICITY)
        return estate_meter_tariff_register(plan, meter, 0, time_s);
    for (unsigned tariff = 1; tariff <= TARIFFS; tariff++)
        sum += estate_meter_tariff_register(plan, meter, tariff, time_s);
    return sum;
}

int64_t estate_meter_flow(const struct estate_plan *plan, const struct estate_meter *meter, int64_t time_s)
{
    int64_t hour_s = time_s - time_s % 3600;
    int64_t hour = meter->use == ESTATE_SUPPLY
                       ? supplied(plan, meter, 0, hour_s + 3600) - supplied(plan, meter, 0, hour_s)
                       : used(plan, meter, 0, hour_s + 3600) - used(plan, meter, 0, hour_s);

    /* mWh in an hour are mW; J in an hour are 1/3.6 mW. */
    return meter->kind == DEVICE_KIND_HEAT ? hour * 10 / 36 : hour;
}
