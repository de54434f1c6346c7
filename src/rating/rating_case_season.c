/* Seasons of a period between two readings (rule 7): the one of the reading, or both with quantity and limits by days. */
#include "rating/rating_case_internal.h"

#include <string.h>

#define PERIOD_DAYS_LIMIT 1000

/* Days are those after the previous reading up to and including the current one. */
static int32_t seasons_split(const struct tariff *tariff, const struct charge_usage *usage, int64_t previous_day,
                             int64_t current_day, struct charge_segment *segments)
{
    int32_t count = 0;

    for (int64_t day = previous_day + 1; day <= current_day; day++) {
        int32_t season = tariff_season_on(tariff, day);

        if (count > 0 && segments[count - 1].usage.season == season) {
            segments[count - 1].days++;
            continue;
        }
        if (count == CHARGE_SEGMENT_LIMIT)
            return RATING_ERR_SEGMENTS;
        segments[count] = (struct charge_segment){ .tariff = tariff,
                                                   .usage = *usage,
                                                   .days = 1,
                                                   .total_days = (int32_t)(current_day - previous_day),
                                                   .quantity_by_days = true };
        segments[count].usage.season = season;
        if (!tariff_tiers_monthly(tariff))
            segments[count].days_before = (int32_t)(day - previous_day - 1);
        count++;
    }
    return count;
}

int rating_case_charge(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage,
                       struct charge *charge)
{
    const json_t *input = rating_case->input;
    struct charge_segment segments[CHARGE_SEGMENT_LIMIT];
    int64_t previous_day, current_day;
    int32_t count;
    int error;

    if (json_object_get(input, "cur_read") == NULL || usage->season >= 0 || tariff->season_count == 0)
        return charge_compute(tariff, usage, charge);
    error = rating_case_date(rating_case, input, "cur_read", &current_day);
    if (error < 0)
        return error;
    usage->season = tariff_season_on(tariff, current_day);
    if (tariff->season_rule != TARIFF_SEASON_BY_DAY)
        return charge_compute(tariff, usage, charge);
    error = rating_case_date(rating_case, input, "prev_read", &previous_day);
    if (error == 0 && (previous_day >= current_day || current_day - previous_day > PERIOD_DAYS_LIMIT))
        error = RATING_ERR_DATES;
    if (error < 0)
        return error;
    count = seasons_split(tariff, usage, previous_day, current_day, segments);
    return count < 0 ? count : charge_compute_segments(segments, count, charge);
}
