#include "sim/usage.h"

#include <stdbool.h>

#include "base/calendar.h"
#include "base/random.h"

static const struct usage_shape shapes[USAGE_KIND_COUNT] = {
    [USAGE_FAMILY] = { "family",
        { 1, 0, 0, 0, 0, 2, 7, 10, 8, 4, 3, 4, 6, 4, 2, 2, 3, 6, 9, 11, 10, 7, 4, 2 }, 1250, 900 },
    [USAGE_NIGHT_SHIFT] = { "night_shift",
        { 2, 2, 3, 0, 0, 0, 2, 9, 12, 5, 0, 0, 0, 0, 3, 8, 10, 7, 6, 5, 8, 9, 2, 1 }, 1100, 900 },
    [USAGE_EMPTY] = { "empty",
        { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0 }, 1000, 1000 },
    [USAGE_DORM] = { "dorm",
        { 3, 1, 0, 0, 0, 0, 4, 9, 5, 2, 2, 3, 6, 3, 1, 1, 2, 4, 5, 7, 9, 16, 18, 9 }, 750, 150 },
    [USAGE_SHOP] = { "shop",
        { 0, 0, 0, 0, 0, 0, 0, 1, 3, 7, 8, 9, 8, 7, 7, 7, 8, 9, 9, 8, 6, 3, 1, 0 }, 1150, 600 },
    [USAGE_RESTAURANT] = { "restaurant",
        { 1, 0, 0, 0, 0, 2, 5, 5, 5, 7, 10, 12, 12, 8, 4, 4, 8, 12, 14, 12, 9, 7, 5, 3 }, 1200, 700 },
};

/* Month and days of months on which many people are away or at home (National Day week; New Year). */
static const struct { int8_t month, from, to; } holidays[] = { { 10, 1, 7 }, { 1, 1, 1 }, { 5, 1, 3 } };

const struct usage_shape *usage_shape(enum usage_kind kind)
{
    return &shapes[kind < USAGE_KIND_COUNT ? kind : USAGE_FAMILY];
}

static bool holiday_is(int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);

    for (unsigned i = 0; i < sizeof holidays / sizeof holidays[0]; i++)
        if (date.month == holidays[i].month && date.day_of_month >= holidays[i].from &&
            date.day_of_month <= holidays[i].to)
            return true;
    return false;
}

static int64_t day_permille(const struct usage_shape *shape, int64_t day)
{
    if (holiday_is(day))
        return shape->holiday_permille;
    return calendar_weekday_of_day(day) >= CALENDAR_SATURDAY ? shape->weekend_permille : 1000;
}

/* 400 to 1,600, the same for the same place and hour. */
static int64_t chance_permille(const struct usage_home *home, int64_t day, int hour)
{
    uint64_t state = home->seed ^ ((uint64_t)home->home << 32) ^ ((uint64_t)day << 8) ^ (uint64_t)hour;

    return 400 + (int64_t)(random_splitmix(&state) % 1201);
}

int64_t usage_hour_ml(const struct usage_home *home, int64_t day, int hour)
{
    const struct usage_shape *shape = usage_shape((enum usage_kind)home->kind);
    int64_t weights = 0;
    int64_t drawn_ml;

    for (int i = 0; i < 24; i++)
        weights += shape->hours[i];
    drawn_ml = home->daily_ml * day_permille(shape, day) / 1000 * shape->hours[hour % 24] / weights;
    return drawn_ml * chance_permille(home, day, hour) / 1000 + home->leak_ml_per_h;
}

int64_t usage_day_ml(const struct usage_home *home, int64_t day, int hours)
{
    int64_t drawn_ml = 0;

    for (int hour = 0; hour < hours && hour < 24; hour++)
        drawn_ml += usage_hour_ml(home, day, hour);
    return drawn_ml;
}
