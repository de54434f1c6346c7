/* Where the tiers of a bill end, and how a quantity falls into them: rules 3 to 7. */
#include "rating/charge_internal.h"

#define CHARGE_MONTHS_LIMIT 120
#define CHARGE_PERSONS_LIMIT 1000
#define CHARGE_CYCLE_LIMIT 366

int32_t charge_months(const struct charge_usage *usage)
{
    return usage->months > 0 ? usage->months : 1;
}

static int usage_bounds_check(const struct tariff *tariff, const struct charge_usage *usage)
{
    if (usage->quantity_e4 > TARIFF_QUANTITY_MAXIMUM || usage->quantity_e4 < -TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_QUANTITY;
    if (usage->used_e4 < 0 || usage->used_e4 > TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_USAGE;
    if (usage->used_e4 + usage->quantity_e4 < 0)
        return RATING_ERR_QUANTITY;
    if (usage->persons < 0 || usage->persons > CHARGE_PERSONS_LIMIT || usage->months < 0 ||
        usage->months > CHARGE_MONTHS_LIMIT)
        return RATING_ERR_USAGE;
    if (usage->cycle_whole < 0 || usage->cycle_whole > CHARGE_CYCLE_LIMIT || usage->cycle_part < 0 ||
        usage->cycle_part > usage->cycle_whole)
        return RATING_ERR_USAGE;
    if (usage->season >= tariff->season_count && usage->season > 0)
        return RATING_ERR_SEASON;
    if (tariff->season_count > 0 && usage->season < 0 && !tariff->limits_given)
        return RATING_ERR_SEASON;
    if (usage->period_count != tariff->period_count)
        return RATING_ERR_PERIOD;
    return 0;
}

static int periods_check(const struct charge_usage *usage)
{
    int64_t sum = 0;

    if (usage->period_count == 0)
        return 0;
    for (int32_t period = 0; period < usage->period_count; period++) {
        if (usage->period_quantity_e4[period] < 0 || usage->period_quantity_e4[period] > TARIFF_QUANTITY_MAXIMUM)
            return RATING_ERR_QUANTITY;
        sum += usage->period_quantity_e4[period];
    }
    return sum == usage->quantity_e4 ? 0 : RATING_ERR_PERIOD;
}

static int measures_check(const struct charge_usage *usage)
{
    for (int measure = 0; measure < TARIFF_MEASURE_COUNT; measure++) {
        if (usage->measure_e4[measure] < 0 || usage->measure_e4[measure] > TARIFF_QUANTITY_MAXIMUM)
            return RATING_ERR_MEASURE;
    }
    return 0;
}

int charge_usage_check(const struct tariff *tariff, const struct charge_usage *usage)
{
    int error = usage_bounds_check(tariff, usage);

    if (error == 0)
        error = periods_check(usage);
    return error < 0 ? error : measures_check(usage);
}

/* The limit of one tier before the household grows it. */
static int64_t limit_base(const struct tariff *tariff, const struct charge_usage *usage, int32_t tier)
{
    int32_t months = tariff_tiers_monthly(tariff) ? charge_months(usage) : 1;

    if (tariff->replaced_persons > 0 && usage->persons >= tariff->replaced_persons) {
        if (tariff->replaced_monthly)
            months = usage->months > 0 ? usage->months : 12;
        return tariff->replaced_e4[tier] * months;
    }
    if (tariff->season_count > 0 && usage->season >= 0)
        return tariff->seasons[usage->season].limit_e4[tier] * months;
    return tariff->limit_e4[tier] * months;
}

/* Limit of one tier after season, household size and months (rules 4, 6, 7), in 1e-4 unit. */
static int64_t limit_extended(const struct tariff *tariff, const struct charge_usage *usage, int32_t tier)
{
    int64_t limit_e4 = limit_base(tariff, usage, tier);
    int32_t months = tariff_tiers_monthly(tariff) ? charge_months(usage) : 1;

    if (tariff->household == TARIFF_HOUSEHOLD_PER_PERSON && usage->persons > tariff->persons)
        limit_e4 += tariff->add_e4[tier] * (usage->persons - tariff->persons) * months;
    if (tariff->household == TARIFF_HOUSEHOLD_FLAT && usage->persons >= tariff->persons)
        limit_e4 += tariff->add_e4[tier] * months;
    return limit_e4;
}

rating_exact charge_limit_numerator(const struct charge_working *working, const struct charge_segment *segment,
                                    int32_t tier)
{
    const struct tariff *tariff = segment->tariff;
    rating_exact days = working->days_whole;
    rating_exact part = working->cycle_whole;

    if (segment->total_days > 0 && tariff_tiers_monthly(tariff))
        days = segment->days;
    if (segment->usage.cycle_whole > 0 && tariff->prorate != TARIFF_PRORATE_NONE)
        part = segment->usage.cycle_part;
    return limit_extended(tariff, &segment->usage, tier) * days * part;
}

/* How much of a cumulated quantity lies in (lower, upper]; upper < 0: no upper limit. */
static rating_exact tier_overlap(rating_exact quantity, rating_exact lower, rating_exact upper)
{
    if (upper >= 0 && quantity > upper)
        quantity = upper;
    return quantity > lower ? quantity - lower : 0;
}

void charge_tiers_fill(const struct charge_working *working, const struct charge_segment *segment, rating_exact before,
                       rating_exact quantity, rating_exact *tier)
{
    rating_exact lower = 0;

    for (int32_t index = 0; index < segment->tariff->tier_count; index++) {
        bool last = index == segment->tariff->tier_count - 1;
        rating_exact upper = last ? -1 : charge_limit_numerator(working, segment, index);

        if (!last && upper < lower)
            upper = lower;
        tier[index] = tier_overlap(before + quantity, lower, upper) - tier_overlap(before, lower, upper);
        lower = upper;
    }
}
