#include "rating/tariff.h"

#include "base/calendar.h"

static int64_t anchor_day_of_year(const struct tariff *tariff, int32_t year)
{
    int last = calendar_days_in_month(year, tariff->anchor_month);
    int32_t day_of_month = tariff->anchor_day < last ? tariff->anchor_day : last;
    int64_t day = 0;

    (void)calendar_day_of_date((struct calendar_date){ year, tariff->anchor_month, day_of_month }, &day);
    return day;
}

int64_t tariff_cycle_start(const struct tariff *tariff, int64_t day)
{
    int32_t year = calendar_date_of_day(day).year;
    int64_t anchor;

    switch (tariff->cycle) {
    case TARIFF_CYCLE_MONTH:
        return calendar_month_start(day);
    case TARIFF_CYCLE_ANCHOR_YEAR:
        anchor = anchor_day_of_year(tariff, year);
        return day >= anchor ? anchor : anchor_day_of_year(tariff, year - 1);
    case TARIFF_CYCLE_CALENDAR_YEAR:
        break;
    }
    return calendar_year_start(day);
}

bool tariff_tiers_monthly(const struct tariff *tariff)
{
    return tariff->cycle == TARIFF_CYCLE_MONTH || tariff->limits_monthly;
}

int32_t tariff_season_on(const struct tariff *tariff, int64_t day)
{
    int32_t month = calendar_date_of_day(day).month;

    for (int32_t season = 0; season < tariff->season_count; season++) {
        if ((tariff->seasons[season].months & (1 << month)) != 0)
            return season;
    }
    return -1;
}
