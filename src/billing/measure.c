/* What a bill needs beside the main register: use by period of the day, demand, power factor, area and capacity. */
#include "base/calendar.h"
#include "base/quantity.h"
#include "base/wide.h"
#include "billing/billing_internal.h"
#include "rating/share_split.h"

#include <string.h>

#define DEMAND_MW_PER_E4_KW 100 /* 1e-4 kW is 100 mW */

/* Registers that count what is sold, the main one first: meters latch their tariffs in one of them. */
static const struct {
    const char *utility;
    uint16_t quantities[2];
} sold[] = {
    { "electricity", { QUANTITY_ENERGY_ACTIVE_IMPORT, QUANTITY_ENERGY_ACTIVE_COMBINED } },
    { "water", { QUANTITY_WATER_VOLUME, QUANTITY_NONE } },
    { "hot_water", { QUANTITY_HOT_WATER_VOLUME, QUANTITY_NONE } },
    { "gas", { QUANTITY_GAS_VOLUME, QUANTITY_NONE } },
    { "heat", { QUANTITY_HEAT_ENERGY, QUANTITY_NONE } },
};

static const uint16_t reactive_quantities[2] = { QUANTITY_ENERGY_REACTIVE_COMBINED_1, QUANTITY_ENERGY_REACTIVE_IMPORT };

/* A stretch of time between two local midnights. */
struct measure_span {
    const struct billing_measure_store *store;
    uint32_t device_id;
    int64_t from_s, to_s;
    bool exchanged; /* another meter stood there when it began */
};

static struct measure_span span_of(struct billing *billing, const struct billing_account *account, int64_t from_day,
                                   int64_t to_day)
{
    return (struct measure_span){ .store = billing->config.measures,
                                  .device_id = account->device_id,
                                  .from_s = calendar_midnight(from_day, account->zone_offset_s),
                                  .to_s = calendar_midnight(to_day, account->zone_offset_s) };
}

/* The part of the meter that was exchanged within the span, and of the new one: from and to their outermost midnights. */
static int exchanged_use(struct measure_span *span, struct billing_register at, int64_t to_value, int64_t *used_value)
{
    const struct billing_measure_store *store = span->store;
    int64_t first, last, new_first, new_last;
    int found = store->span_read(store->context, &at, span->from_s, span->to_s, &new_first, &new_last);
    uint32_t before;

    if (found == 1)
        found = store->device_before(store->context, span->device_id, &before);
    if (found <= 0)
        return found;
    at.device_id = before;
    found = store->midnight_read(store->context, &at, span->from_s, &first);
    if (found == 1)
        found = store->span_read(store->context, &at, span->from_s, span->to_s, &first, &last);
    if (found != 1)
        return found;
    span->exchanged = true;
    *used_value = last - first + to_value - new_first;
    return 1;
}

/* What one register counted: 1; 0 a midnight of it is missing. */
static int register_use(struct measure_span *span, uint16_t quantity, uint8_t number, int64_t *used_value)
{
    const struct billing_measure_store *store = span->store;
    struct billing_register at = { span->device_id, quantity, number };
    int64_t from_value, to_value;
    int found = store->midnight_read(store->context, &at, span->to_s, &to_value);

    if (found != 1)
        return found;
    found = store->midnight_read(store->context, &at, span->from_s, &from_value);
    if (found < 0)
        return found;
    if (found == 0)
        return exchanged_use(span, at, to_value, used_value);
    *used_value = to_value - from_value;
    return 1;
}

/* The use of each period of the tariff: 1; 0 a register is missing; BILLING_ERR_BACKWARD. */
static int periods_use(struct measure_span *span, const struct tariff *tariff, uint16_t quantity, int64_t *used_value)
{
    for (int32_t period = 0; period < tariff->period_count; period++) {
        int found = register_use(span, quantity, tariff->period_register[period], &used_value[period]);

        if (found != 1)
            return found;
        if (used_value[period] < 0)
            return BILLING_ERR_BACKWARD;
    }
    return 1;
}

static int periods_find(struct measure_span *span, const struct tariff *tariff, int64_t *used_value)
{
    for (size_t row = 0; row < sizeof sold / sizeof sold[0]; row++) {
        if (strcmp(sold[row].utility, tariff->utility[0] != '\0' ? tariff->utility : "electricity") != 0)
            continue;
        for (int choice = 0; choice < 2 && sold[row].quantities[choice] != QUANTITY_NONE; choice++) {
            int found = periods_use(span, tariff, sold[row].quantities[choice], used_value);

            if (found != 0)
                return found;
        }
    }
    return 0;
}

/* Spread what the registers do not tell over the periods, by what they do tell. */
static int periods_share(int64_t quantity_e4, struct charge_usage *usage)
{
    int64_t parts_e4[TARIFF_PERIOD_LIMIT];
    int error = share_split(quantity_e4 - usage->quantity_e4, usage->period_quantity_e4, usage->period_count, parts_e4);

    for (int32_t period = 0; error == 0 && period < usage->period_count; period++) {
        usage->period_quantity_e4[period] += parts_e4[period];
        usage->quantity_e4 += parts_e4[period];
    }
    return error == 0 ? 0 : BILLING_ERR_REGISTERS;
}

static void periods_fill(const struct tariff *tariff, const int64_t *used_value, struct charge_usage *usage)
{
    usage->quantity_e4 = 0;
    usage->period_count = tariff->period_count;
    for (int32_t period = 0; period < tariff->period_count; period++) {
        usage->period_quantity_e4[period] = billing_quantity_e4(tariff, used_value[period]);
        usage->quantity_e4 += usage->period_quantity_e4[period];
    }
}

int billing_periods_read(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                         int64_t from_day, int64_t to_day, struct charge_usage *usage)
{
    struct measure_span span = span_of(billing, account, from_day, to_day);
    int64_t used_value[TARIFF_PERIOD_LIMIT];
    int64_t quantity_e4 = usage->quantity_e4;
    int found;

    if (span.store == NULL)
        return BILLING_ERR_REGISTERS;
    found = periods_find(&span, tariff, used_value);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_REGISTERS;
    periods_fill(tariff, used_value, usage);
    return span.exchanged && quantity_e4 > usage->quantity_e4 ? periods_share(quantity_e4, usage) : 0;
}

int billing_periods_estimate(struct billing *billing, const struct billing_account *account,
                             const struct tariff *tariff, int64_t from_day, int64_t to_day, struct charge_usage *usage)
{
    int64_t quantity_e4 = usage->quantity_e4;
    struct charge_usage known = *usage;
    int error = BILLING_ERR_REGISTERS;

    for (int64_t day = to_day; error == BILLING_ERR_REGISTERS && day > from_day; day--)
        error = billing_periods_read(billing, account, tariff, from_day, day, &known);
    if (error < 0)
        return error;
    for (int32_t period = 0; period < known.period_count; period++)
        usage->period_quantity_e4[period] = known.period_quantity_e4[period];
    usage->period_count = known.period_count;
    usage->quantity_e4 = 0;
    error = share_split(quantity_e4, known.period_quantity_e4, known.period_count, usage->period_quantity_e4);
    usage->quantity_e4 = quantity_e4;
    return error < 0 ? BILLING_ERR_REGISTERS : 0;
}

static bool measure_wanted(const struct tariff *tariff, enum tariff_measure measure)
{
    for (int32_t index = 0; index < tariff->fixed_count; index++) {
        if (tariff->fixed[index].measure == measure)
            return true;
    }
    return false;
}

/* The largest demand of each month of the bill, counted back from its end, at least what was agreed; their sum. */
static int demand_read(struct billing *billing, const struct billing_account *account, int64_t from_day, int64_t to_day,
                       int64_t contract_e4, int64_t *sum_e4)
{
    struct billing_register at = { account->device_id, QUANTITY_DEMAND_ACTIVE_IMPORT, 0 };
    int64_t end = to_day;

    *sum_e4 = 0;
    while (end > from_day) {
        int64_t begin = calendar_month_start_after(end, -1) + calendar_date_of_day(end).day_of_month - 1;
        struct measure_span span = span_of(billing, account, begin > from_day ? begin : from_day, end);
        int64_t demand_mw = 0;
        int found = span.store->largest_read(span.store->context, &at, span.from_s, span.to_s, &demand_mw);

        if (found <= 0)
            return found < 0 ? found : BILLING_ERR_DEMAND;
        demand_mw /= DEMAND_MW_PER_E4_KW;
        *sum_e4 += demand_mw > contract_e4 ? demand_mw : contract_e4;
        end = begin;
    }
    return 0;
}

static int power_factor_read(struct billing *billing, const struct billing_account *account, int64_t from_day,
                             int64_t to_day, int64_t active_value, int64_t *factor_e8)
{
    struct measure_span span = span_of(billing, account, from_day, to_day);
    int64_t reactive_value = 0;
    int found = 0;

    for (int choice = 0; found == 0 && choice < 2; choice++)
        found = register_use(&span, reactive_quantities[choice], 0, &reactive_value);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_REGISTERS;
    *factor_e8 = power_factor_of_energy(active_value, reactive_value);
    return 0;
}

int billing_measures_fill(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                          int64_t from_day, int64_t to_day, int64_t used_value, struct charge_usage *usage)
{
    const struct billing_measure_store *store = billing->config.measures;
    struct billing_measures measures;
    int error;

    if (store == NULL || (!measure_wanted(tariff, TARIFF_MEASURE_AREA) && !measure_wanted(tariff, TARIFF_MEASURE_CAPACITY) &&
                          !measure_wanted(tariff, TARIFF_MEASURE_DEMAND) && !tariff->power_factor_adjusted))
        return 0;
    error = store->measures_read(store->context, account->account_id, &measures);
    if (error < 0)
        return error;
    usage->measure_e4[TARIFF_MEASURE_AREA] = measures.area_e4;
    usage->measure_e4[TARIFF_MEASURE_CAPACITY] = measures.capacity_e4;
    if (measure_wanted(tariff, TARIFF_MEASURE_DEMAND))
        error = demand_read(billing, account, from_day, to_day, measures.contract_demand_e4,
                            &usage->measure_e4[TARIFF_MEASURE_DEMAND]);
    if (error == 0 && tariff->power_factor_adjusted)
        error = power_factor_read(billing, account, from_day, to_day, used_value, &usage->power_factor_e8);
    return error;
}

int billing_measures_change(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            int64_t account_id, uint64_t fields, const struct billing_measures *measures)
{
    const struct billing_measure_store *store = billing->config.measures;
    const int64_t limit = TARIFF_QUANTITY_MAXIMUM / 100;
    struct billing_measures row;
    struct billing_account account;
    int error = billing_account_load(billing, scope, account_id, &account);

    if (error == 0 && account.closed_s != 0)
        error = BILLING_ERR_ACCOUNT_CLOSED;
    if (error == 0)
        error = store->measures_read(store->context, account_id, &row);
    if (error < 0)
        return error;
    if (fields & BILLING_MEASURE_AREA)
        row.area_e4 = measures->area_e4;
    if (fields & BILLING_MEASURE_CAPACITY)
        row.capacity_e4 = measures->capacity_e4;
    if (fields & BILLING_MEASURE_DEMAND)
        row.contract_demand_e4 = measures->contract_demand_e4;
    if (row.area_e4 < 0 || row.area_e4 > limit || row.capacity_e4 < 0 || row.capacity_e4 > limit ||
        row.contract_demand_e4 < 0 || row.contract_demand_e4 > limit)
        return BILLING_ERR_MEASURES;
    error = store->measures_write(store->context, account_id, &row);
    return error < 0 ? error : billing->store->account_look(billing->store->context, account_id, now_s);
}
