/* What a stretch of prepaid days costs: use by tier and by period of the day, fixed charges as months begin, minima as they
 * end. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

#define REGISTER_TOLERANCE_E4 TARIFF_QUANTITY_ONE /* periods and main register of a cycle may differ by one unit */

/* Fixed charges fall on the first day of each month. */
static int32_t months_begun(int64_t from_day, int64_t day)
{
    int32_t months = 0;

    for (int64_t start = calendar_month_start(day); start >= from_day; start = calendar_month_start_after(start, -1))
        months++;
    return months;
}

/* An item of this name, at the end when it is new; NULL when there is no room. */
static struct charge_item *item_find_or_add(struct charge *charge, const char *name)
{
    for (int32_t index = 0; index < charge->item_count; index++) {
        if (strcmp(charge->items[index].name, name) == 0)
            return &charge->items[index];
    }
    if (charge->item_count == CHARGE_ITEM_LIMIT)
        return NULL;
    charge->items[charge->item_count] = (struct charge_item){ .amount_fen = 0 };
    (void)snprintf(charge->items[charge->item_count].name, TARIFF_NAME_SIZE, "%s", name);
    return &charge->items[charge->item_count++];
}

static int item_add(struct charge *charge, const char *name, int64_t amount_fen)
{
    struct charge_item *item = item_find_or_add(charge, name);

    if (item == NULL)
        return RATING_ERR_SEGMENTS;
    item->amount_fen += amount_fen;
    charge->total_fen += amount_fen;
    return 0;
}

static int fixed_add(const struct tariff *tariff, const struct charge_usage *like, const struct billing_stretch *stretch,
                     struct charge *charge)
{
    int32_t months = months_begun(stretch->from_day, stretch->day);
    int error = 0;

    for (int32_t index = 0; error == 0 && months > 0 && index < tariff->fixed_count; index++) {
        const struct tariff_fixed *fixed = &tariff->fixed[index];
        int64_t amount_fen;

        error = tariff_fixed_fen(fixed, like->measure_e4[fixed->measure], months, &amount_fen);
        if (error == 0)
            error = item_add(charge, fixed->name, amount_fen);
    }
    return error;
}

/* What the cycle used by period before the stretch. Where its registers are not known, all of it counts as of one period:
 * what is charged is the difference, and only the rounding of the days is then their own. */
static int periods_before(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                          const struct billing_stretch *stretch, struct charge_usage *before)
{
    int64_t start_day = tariff_cycle_start(tariff, stretch->day);
    int64_t used_e4 = before->quantity_e4;
    int error = BILLING_ERR_REGISTERS;

    if (used_e4 > 0 && start_day < stretch->from_day)
        error = billing_periods_read(billing, account, tariff, start_day, stretch->from_day, before);
    if (billing_error_of_store(error))
        return error;
    if (error == 0 && before->quantity_e4 - used_e4 <= REGISTER_TOLERANCE_E4 &&
        used_e4 - before->quantity_e4 <= REGISTER_TOLERANCE_E4)
        return 0;
    memset(before->period_quantity_e4, 0, sizeof before->period_quantity_e4);
    before->period_count = tariff->period_count;
    before->period_quantity_e4[0] = used_e4;
    before->quantity_e4 = used_e4;
    return 0;
}

static int periods_rate(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                        const struct billing_stretch *stretch, const struct charge_usage *like, int64_t used_e4,
                        int64_t after_e4, struct charge *charge)
{
    struct charge_usage before = *like, after = *like;
    int error;

    before.quantity_e4 = used_e4;
    after.quantity_e4 = after_e4 - used_e4;
    error = periods_before(billing, account, tariff, stretch, &before);
    if (error == 0)
        error = billing_periods_read(billing, account, tariff, stretch->from_day, stretch->day + 1, &after);
    for (int32_t period = 0; error == 0 && period < after.period_count; period++)
        after.period_quantity_e4[period] += before.period_quantity_e4[period];
    after.quantity_e4 += before.quantity_e4;
    return error < 0 ? error : charge_compute_growth_between(tariff, &before, &after, charge);
}

/* Months that end with or within the stretch, and where the first of them began. */
static int32_t months_ended(const struct billing_stretch *stretch, int64_t *first_day)
{
    int64_t end = calendar_month_start_after(stretch->from_day, 1);
    int32_t months = 0;

    *first_day = calendar_month_start(stretch->from_day);
    for (; end <= stretch->day + 1; end = calendar_month_start_after(end, 1))
        months++;
    return months;
}

/* What the minimum quantity of the ended months asks beyond their use. */
static int minimum_quantity_add(const struct tariff *tariff, const struct charge_usage *like, int64_t missing_e4,
                                int64_t used_e4, struct charge *charge)
{
    struct charge more;
    int error = charge_compute_growth_items(tariff, like, used_e4, used_e4 + missing_e4, &more);

    for (int32_t index = 0; error == 0 && index < more.item_count; index++)
        error = item_add(charge, more.items[index].name, more.items[index].amount_fen);
    return error;
}

/* Rule 11 for days: as the last day of a month is charged, what its days are short of the minima. */
static int minimum_add(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                       const struct billing_stretch *stretch, const struct charge_usage *like, int64_t used_e4,
                       struct charge *charge)
{
    struct billing_daily_charge first;
    int64_t first_day, first_value = stretch->from_total_value, sum_fen, later_fen, days;
    int32_t months = months_ended(stretch, &first_day);
    int64_t missing_e4, missing_fen;
    int found;

    if (months == 0 || (tariff->minimum_quantity_e4 == 0 && tariff->minimum_charge_fen == 0))
        return 0;
    found = billing_charge_after(billing, account, first_day, &first);
    if (found < 0)
        return found;
    if (found == 1 && first.day < stretch->from_day)
        first_value = first.from_total_value;
    missing_e4 = tariff->minimum_quantity_e4 * months - billing_quantity_e4(tariff, stretch->to_total_value - first_value);
    if (tariff->minimum_quantity_e4 > 0 && missing_e4 > 0)
        found = minimum_quantity_add(tariff, like, missing_e4, used_e4, charge);
    if (found >= 0)
        found = billing_charges_sum(billing, account, first_day - 1, &sum_fen, &days);
    if (found >= 0)
        found = billing_charges_sum(billing, account, stretch->from_day - 1, &later_fen, &days);
    if (found < 0)
        return found;
    missing_fen = tariff->minimum_charge_fen * months - (sum_fen - later_fen) - charge->total_fen;
    return missing_fen > 0 ? item_add(charge, CHARGE_MINIMUM_ITEM, missing_fen) : 0;
}

int billing_stretch_rate(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                         const struct billing_stretch *stretch, int64_t used_value, struct charge *charge)
{
    struct charge_usage like = billing_usage_of(account, tariff, stretch->day);
    int64_t used_e4 = billing_quantity_e4(tariff, used_value);
    int64_t after_e4 =
        billing_quantity_e4(tariff, used_value + stretch->to_total_value - stretch->from_total_value);
    int error;

    for (int32_t index = 0; index < tariff->fixed_count; index++) {
        if (tariff->fixed[index].measure == TARIFF_MEASURE_DEMAND)
            return BILLING_ERR_POSTPAID_TARIFF;
    }
    if (tariff->power_factor_adjusted)
        return BILLING_ERR_POSTPAID_TARIFF;
    if (tariff->period_count > 0)
        error = periods_rate(billing, account, tariff, stretch, &like, used_e4, after_e4, charge);
    else
        error = charge_compute_growth_items(tariff, &like, used_e4, after_e4, charge);
    if (error == 0 && tariff->fixed_count > 0)
        error = billing_measures_fill(billing, account, tariff, stretch->from_day, stretch->day + 1, 0, &like);
    if (error == 0)
        error = fixed_add(tariff, &like, stretch, charge);
    return error < 0 ? error : minimum_add(billing, account, tariff, stretch, &like, after_e4, charge);
}
