#include "rating/power_factor.h"

#include "rating/rating_internal.h"

static int64_t table_rate_e8(const struct power_factor_terms *terms, int64_t factor_e8)
{
    int64_t rate_e8 = terms->rows[0].rate_e8;

    for (int32_t row = 0; row < terms->row_count && terms->rows[row].factor_e8 <= factor_e8; row++)
        rate_e8 = terms->rows[row].rate_e8;
    return rate_e8;
}

static rating_exact steps_rate_e8(const struct power_factor_terms *terms, int64_t factor_e8)
{
    rating_exact reward_e8;

    if (factor_e8 < terms->standard_e8)
        return (rating_exact)((terms->standard_e8 - factor_e8) / terms->step_e8) * terms->rate_below_e8;
    reward_e8 = (rating_exact)((factor_e8 - terms->standard_e8) / terms->step_e8) * terms->rate_above_e8;
    return reward_e8 > terms->reward_maximum_e8 ? -(rating_exact)terms->reward_maximum_e8 : -reward_e8;
}

int power_factor_adjust(const struct power_factor_terms *terms, int64_t factor_e8, int64_t base_fen,
                        int64_t *adjust_fen)
{
    int64_t rounded_e8;

    if (terms->step_e8 <= 0 || terms->step_e8 > POWER_FACTOR_ONE || factor_e8 < 0 || factor_e8 > POWER_FACTOR_ONE ||
        terms->standard_e8 < 0 || terms->standard_e8 > POWER_FACTOR_ONE || terms->row_count < 0 ||
        terms->row_count > POWER_FACTOR_ROW_LIMIT)
        return RATING_ERR_RANGE;
    if (terms->rate_below_e8 < 0 || terms->rate_below_e8 > POWER_FACTOR_ONE || terms->rate_above_e8 < 0 ||
        terms->rate_above_e8 > POWER_FACTOR_ONE || terms->reward_maximum_e8 < 0)
        return RATING_ERR_RANGE;
    rounded_e8 = (factor_e8 + terms->step_e8 / 2) / terms->step_e8 * terms->step_e8;
    return rating_exact_round((rating_exact)base_fen * (terms->row_count > 0 ? table_rate_e8(terms, rounded_e8)
                                                                             : steps_rate_e8(terms, rounded_e8)),
                              POWER_FACTOR_ONE, adjust_fen);
}

/* The largest whole number whose square is not above `square`, for squares below 2^126. */
static int64_t root_floor(rating_exact square)
{
    rating_exact low = 0, high = (rating_exact)1 << 63; /* its square is 2^126 */

    while (high - low > 1) {
        rating_exact middle = low + (high - low) / 2;

        if (middle * middle <= square)
            low = middle;
        else
            high = middle;
    }
    return (int64_t)low;
}

int64_t power_factor_of_energy(int64_t active, int64_t reactive)
{
    const int64_t limit = INT64_C(1) << 62;
    int64_t factor_e8 = 0;

    if (active == 0 && reactive == 0)
        return -1;
    if (active < 0 || reactive < 0 || active > limit || reactive > limit)
        return 0;
    if (rating_exact_round((rating_exact)active * POWER_FACTOR_ONE,
                           root_floor((rating_exact)active * active + (rating_exact)reactive * reactive), &factor_e8) < 0)
        return 0;
    if (factor_e8 > POWER_FACTOR_ONE)
        factor_e8 = POWER_FACTOR_ONE;
    return factor_e8 > 0 ? factor_e8 : 1;
}
