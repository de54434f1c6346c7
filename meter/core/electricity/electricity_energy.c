#include "meter/core/electricity/electricity_internal.h"

#define MS_PER_HOUR 3600000
#define REGISTER_LIMIT 100000000 /* 999999.99 kWh and then 0 */
#define DEMAND_PERIOD_S ELECTRICITY_QUARTER_S
#define DEMAND_PERIODS_PER_HOUR 4

/* bits of 04000601 */
enum combination { ADD_FORWARD = 1, SUBTRACT_FORWARD = 2, ADD_REVERSE = 4, SUBTRACT_REVERSE = 8 };

static int64_t register_total(const int64_t *registers, unsigned tariff)
{
    int64_t total = 0;

    if (tariff > 0)
        return tariff <= ELECTRICITY_TARIFF_COUNT ? registers[tariff - 1] : 0;
    for (unsigned i = 0; i < ELECTRICITY_TARIFF_COUNT; i++)
        total += registers[i];
    return total;
}

int64_t electricity_forward_mwh(const struct electricity_meter *meter, unsigned tariff)
{
    return register_total(meter->state.forward_mwh, tariff);
}

int64_t electricity_reverse_mwh(const struct electricity_meter *meter, unsigned tariff)
{
    return register_total(meter->state.reverse_mwh, tariff);
}

int64_t electricity_combined_mwh(const struct electricity_meter *meter, unsigned tariff)
{
    uint8_t word = meter->parameters.combination[0];
    int64_t forward = electricity_forward_mwh(meter, tariff);
    int64_t reverse = electricity_reverse_mwh(meter, tariff);
    int64_t sum = 0;

    sum += (word & ADD_FORWARD) != 0 ? forward : 0;
    sum -= (word & SUBTRACT_FORWARD) != 0 ? forward : 0;
    sum += (word & ADD_REVERSE) != 0 ? reverse : 0;
    sum -= (word & SUBTRACT_REVERSE) != 0 ? reverse : 0;
    return sum;
}

uint32_t electricity_cents_of(int64_t energy_mwh)
{
    return (uint32_t)(energy_mwh / ELECTRICITY_MWH_PER_CENT % REGISTER_LIMIT);
}

/* Whole mWh out of a power over a time; what is left waits in `rest`. */
static int64_t energy_of(int64_t power_mw, int64_t duration_ms, int64_t *rest)
{
    int64_t product = power_mw * duration_ms + *rest;
    *rest = product % MS_PER_HOUR;
    return product / MS_PER_HOUR;
}

/* A debt beyond what the line can say (a public meter that nobody ever reads) stays what it is. */
static void balance_charge(struct electricity_meter *meter, int64_t grains)
{
    int64_t lowest = -(int64_t)ELECTRICITY_BALANCE_LIMIT_CENT * ELECTRICITY_GRAINS_PER_CENT;
    int64_t room = meter->state.balance_grains - lowest;

    meter->state.balance_grains -= grains < room ? grains : room;
}

static void forward_add(struct electricity_meter *meter, int64_t energy_mwh)
{
    meter->state.forward_mwh[electricity_tariff_now(meter)] += energy_mwh;
    int64_t grains = electricity_charge(meter, energy_mwh);
    if (meter->parameters.payment[0] != ELECTRICITY_POST_PAID)
        balance_charge(meter, grains);
}

void electricity_energy_add(struct electricity_meter *meter, int64_t duration_ms)
{
    int64_t power_mw = meter->sample.power_mw;
    int64_t energy_mwh;

    if (power_mw >= 0) {
        energy_mwh = energy_of(power_mw, duration_ms, &meter->forward_rest);
        forward_add(meter, energy_mwh);
    } else {
        energy_mwh = energy_of(-power_mw, duration_ms, &meter->reverse_rest);
        meter->state.reverse_mwh[electricity_tariff_now(meter)] += energy_mwh;
    }
    meter->uncommitted_mwh += energy_mwh;
}

/* Block demand over quarters of an hour; a quarter that was not seen whole does not count. */
void electricity_demand_pass(struct electricity_meter *meter)
{
    uint32_t period = (uint32_t)(meter->local_s / DEMAND_PERIOD_S);
    int64_t total_mwh = electricity_forward_mwh(meter, 0);

    if (period == meter->demand_period)
        return;
    uint32_t demand_w = (uint32_t)((total_mwh - meter->demand_start_mwh) * DEMAND_PERIODS_PER_HOUR / 1000);
    if (meter->demand_period != 0 && period == meter->demand_period + 1 && demand_w > meter->state.demand_w) {
        meter->state.demand_w = demand_w;
        meter->state.demand_minute = (uint32_t)(period * (DEMAND_PERIOD_S / ELECTRICITY_S_PER_MINUTE));
    }
    meter->demand_period = period;
    meter->demand_start_mwh = total_mwh;
}
