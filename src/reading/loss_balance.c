#include "reading/loss_balance.h"

#include <string.h>

#include "base/wide.h"

/* A register total at a midnight. */
struct total {
    int64_t value;
    bool known;
    bool estimated;
};

int loss_balance_begin(struct loss_balance *balance, int32_t from_day, int32_t to_day)
{
    if (to_day < from_day || (int64_t)to_day - from_day >= LOSS_DAYS_LIMIT)
        return -1;
    memset(balance, 0, sizeof *balance);
    balance->from_day = from_day;
    balance->to_day = to_day;
    return 0;
}

void loss_meter_begin(struct loss_meter *meter, bool supply, int32_t direction)
{
    memset(meter, 0, sizeof *meter);
    meter->supply = supply;
    meter->direction = direction;
    meter->first_day = INT32_MIN;
    meter->last_day = INT32_MAX;
}

/* Place of a midnight among the points. */
static int32_t place_of(const struct loss_balance *balance, int32_t day)
{
    return day - (balance->from_day - LOSS_MEAN_DAYS);
}

void loss_meter_put(const struct loss_balance *balance, struct loss_meter *meter, int32_t day, int64_t total_value,
                    bool estimated)
{
    if (day < balance->from_day - LOSS_MEAN_DAYS || day > balance->to_day + 1)
        return;
    meter->points[place_of(balance, day)] =
        (struct loss_point){ .total_value = total_value, .known = true, .estimated = estimated };
}

static int32_t known_before(const struct loss_meter *meter, int32_t place)
{
    while (--place >= 0)
        if (meter->points[place].known)
            return place;
    return -1;
}

static int32_t known_after(const struct loss_meter *meter, int32_t place, int32_t last)
{
    while (++place <= last)
        if (meter->points[place].known)
            return place;
    return -1;
}

/* The mean use of a day up to a stored midnight, from the oldest one that is at most LOSS_MEAN_DAYS older. */
static bool mean_find(const struct loss_meter *meter, int32_t newest, int64_t *growth_value, int32_t *days)
{
    int32_t oldest = newest > LOSS_MEAN_DAYS ? newest - LOSS_MEAN_DAYS : 0;

    while (oldest < newest && !meter->points[oldest].known)
        oldest++;
    *growth_value = meter->points[newest].total_value - meter->points[oldest].total_value;
    *days = newest - oldest;
    return oldest < newest && *growth_value >= 0;
}

static struct total total_at(const struct loss_balance *balance, const struct loss_meter *meter, int32_t day)
{
    const struct loss_point *points = meter->points;
    int32_t place = place_of(balance, day);
    int32_t last = place_of(balance, balance->to_day + 1);
    int64_t growth_value, ahead_value;
    int32_t days;

    if (points[place].known)
        return (struct total){ points[place].total_value, true, points[place].estimated };
    int32_t before = known_before(meter, place);
    int32_t after = known_after(meter, place, last);
    if (before < 0 || !mean_find(meter, before, &growth_value, &days) ||
        wide_multiply_divide_round(growth_value, place - before, days, &ahead_value) < 0)
        return (struct total){ .known = false };
    int64_t value = points[before].total_value + ahead_value;
    if (after >= 0 && value > points[after].total_value)
        value = points[after].total_value;
    return (struct total){ value, true, true };
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* The use between two midnights, from `from_day` to the end of `to_day`. */
static void stretch_add(const struct loss_balance *balance, const struct loss_meter *meter, int32_t from_day,
                        int32_t to_day, struct loss_figures *figures)
{
    if (meter->first_day > to_day || meter->last_day < from_day)
        return;
    struct total begin = total_at(balance, meter, meter->first_day > from_day ? meter->first_day : from_day);
    struct total end = total_at(balance, meter, (meter->last_day < to_day ? meter->last_day : to_day) + 1);
    bool estimated = begin.estimated || end.estimated;
    int64_t used_value = end.value - begin.value;

    *(meter->supply ? &figures->supply_meters : &figures->sold_meters) += 1;
    if (!begin.known || !end.known) {
        figures->unknown_meters++;
        return;
    }
    *(meter->supply ? &figures->supply_value : &figures->sold_value) += meter->direction * used_value;
    figures->estimated_meters += estimated;
    if (estimated)
        *(meter->supply ? &figures->supply_estimated_value : &figures->sold_estimated_value) += magnitude(used_value);
}

void loss_balance_add(struct loss_balance *balance, const struct loss_meter *meter)
{
    stretch_add(balance, meter, balance->from_day, balance->to_day, &balance->span);
    for (int32_t day = balance->from_day; day <= balance->to_day; day++)
        stretch_add(balance, meter, day, day, &balance->days[day - balance->from_day]);
}

int64_t loss_value(const struct loss_figures *figures)
{
    return figures->supply_value - figures->sold_value;
}

int64_t loss_permille(const struct loss_figures *figures)
{
    int64_t permille;

    if (figures->supply_value <= 0 ||
        wide_multiply_divide_round(loss_value(figures), 1000, figures->supply_value, &permille) < 0)
        return 0;
    return permille;
}
