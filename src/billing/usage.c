#include <assert.h>

#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "rating/tariff_unit.h"

/* Months of the calendar between the months of two days. */
static int32_t months_apart(int64_t from_day, int64_t to_day)
{
    struct calendar_date from = calendar_date_of_day(from_day), to = calendar_date_of_day(to_day);

    return (to.year - from.year) * 12 + to.month - from.month;
}

static int64_t cycle_end(const struct tariff *tariff, int64_t start_day)
{
    return tariff_cycle_start(tariff, start_day + 366) > start_day ? tariff_cycle_start(tariff, start_day + 366)
                                                                   : start_day + 365;
}

int64_t billing_quantity_e4(const struct tariff *tariff, int64_t value)
{
    int64_t unit_value = tariff_unit_value(tariff);

    assert(unit_value > 0);
    return value / unit_value;
}

int32_t billing_persons_of(const struct billing_account *account, int64_t period_day)
{
    bool inside = period_day >= account->persons_from_day &&
                  (account->persons_until_day == 0 || period_day <= account->persons_until_day);

    return inside ? account->persons : account->persons_before;
}

struct charge_usage billing_usage_of(const struct billing_account *account, const struct tariff *tariff, int64_t day)
{
    struct charge_usage usage = { .persons = billing_persons_of(account, calendar_month_start(day)),
                                  .months = 1,
                                  .season = tariff_season_on(tariff, day) };
    int64_t opened_day = calendar_local_day(account->opened_s, account->zone_offset_s);
    int64_t start_day = tariff_cycle_start(tariff, day);

    if (tariff->prorate == TARIFF_PRORATE_NONE || tariff->cycle == TARIFF_CYCLE_MONTH || opened_day <= start_day)
        return usage;
    if (tariff->prorate == TARIFF_PRORATE_WHOLE_MONTHS) {
        usage.cycle_whole = 12;
        usage.cycle_part = 12 - months_apart(start_day, opened_day) % 12;
    } else {
        usage.cycle_whole = (int32_t)(cycle_end(tariff, start_day) - start_day);
        usage.cycle_part = usage.cycle_whole - (int32_t)(opened_day - start_day);
    }
    return usage;
}
