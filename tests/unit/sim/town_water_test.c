#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "sim/town_water.h"

#define DAY INT64_C(20785)

static struct town_home home_make(enum usage_kind kind, int32_t daily_ml)
{
    struct town_home home;

    memset(&home, 0, sizeof home);
    home.usage = (struct usage_home){ .seed = 5, .home = 11, .kind = (uint8_t)kind, .daily_ml = daily_ml };
    home.flow_limit_ml_per_h = 3125000;
    return home;
}

/* Litres of whole days, by draws; each must fit the pipe. */
static int64_t draw_until(struct town_water *water, const struct town_home *home, int64_t end_ms)
{
    int64_t drawn_l = 0;

    while (water->due_ms < end_ms) {
        int64_t at_ms = water->due_ms;
        int32_t litres = town_water_draw_l(water, home, true);
        assert_in_range(litres, 0, 31);
        assert_true(water->due_ms > at_ms);
        drawn_l += litres;
    }
    return drawn_l;
}

static void draws_add_up_to_the_use_of_the_days(void **state)
{
    const struct town_home home = home_make(USAGE_FAMILY, 400000);
    int64_t midnight_ms = calendar_midnight(DAY, TOWN_ZONE_OFFSET_S) * 1000;
    struct town_water water;
    int64_t used_ml = 0;
    int64_t drawn_l;

    (void)state;
    town_water_begin(&water, &home, midnight_ms);
    drawn_l = draw_until(&water, &home, midnight_ms + 10 * INT64_C(86400000));
    for (int64_t day = DAY; day < DAY + 10; day++)
        used_ml += usage_day_ml(&home.usage, day, 24);
    assert_in_range(drawn_l * 1000, used_ml - 40000, used_ml + 40000);
}

static void a_day_begun_in_the_evening_is_caught_up(void **state)
{
    const struct town_home home = home_make(USAGE_FAMILY, 400000);
    int64_t midnight_ms = calendar_midnight(DAY, TOWN_ZONE_OFFSET_S) * 1000;
    struct town_water water;
    int64_t drawn_ml;

    (void)state;
    town_water_begin(&water, &home, midnight_ms + 70200000);
    drawn_ml = draw_until(&water, &home, midnight_ms + INT64_C(86400000)) * 1000;
    assert_in_range(drawn_ml, usage_day_ml(&home.usage, DAY, 24) - 40000, usage_day_ml(&home.usage, DAY, 24) + 40000);
}

/* Water runs at any moment of the hour, little by little, and a night is quiet. */
static void a_day_looks_like_a_home(void **state)
{
    enum { DAYS = 30 };
    const struct town_home home = home_make(USAGE_FAMILY, 400000);
    int64_t midnight_ms = calendar_midnight(DAY, TOWN_ZONE_OFFSET_S) * 1000;
    int64_t quarters_l[4] = { 0 };
    int64_t all_l = 0, draws = 0, still = 0;
    int32_t days_l[DAYS][96] = { { 0 } };
    struct town_water water;

    (void)state;
    town_water_begin(&water, &home, midnight_ms);
    while (water.due_ms < midnight_ms + DAYS * INT64_C(86400000)) {
        int64_t quarter = (water.due_ms - midnight_ms) / 900000;
        int32_t litres = town_water_draw_l(&water, &home, true);
        quarters_l[quarter % 4] += litres;
        days_l[quarter / 96][quarter % 96] += litres;
        all_l += litres;
        draws += litres > 0;
    }
    for (int i = 0; i < 4; i++)
        assert_in_range(quarters_l[i] * 100 / all_l, 15, 35);
    assert_in_range(draws / DAYS, 25, 50); /* a meter wakes for each */
    for (int day = 0; day < DAYS; day++)
        for (int quarter = 0; quarter < 96; quarter++)
            still += days_l[day][quarter] == 0;
    assert_in_range(still / DAYS, 45, 75);
    for (int quarter = 4; quarter < 20; quarter++) /* one to five */
        assert_int_equal(days_l[3][quarter], 0);
}

static void nothing_runs_through_a_closed_valve(void **state)
{
    const struct town_home home = home_make(USAGE_RESTAURANT, 3000000);
    int64_t midnight_ms = calendar_midnight(DAY, TOWN_ZONE_OFFSET_S) * 1000;
    struct town_water water;

    (void)state;
    town_water_begin(&water, &home, midnight_ms);
    for (int i = 0; i < 100; i++)
        assert_int_equal(town_water_draw_l(&water, &home, false), 0);
}

static void a_leak_never_pauses_and_a_dormitory_sleeps(void **state)
{
    struct town_home leak = home_make(USAGE_EMPTY, 8000);
    const struct town_home dorm = home_make(USAGE_DORM, 320000);

    (void)state;
    leak.usage.leak_ml_per_h = 6000;
    for (int hour = 0; hour < 24; hour++)
        assert_true(usage_hour_ml(&leak.usage, DAY, hour) >= 6000);
    assert_int_equal(usage_hour_ml(&dorm.usage, DAY, 3), 0);
    assert_true(usage_hour_ml(&dorm.usage, DAY, 22) > usage_hour_ml(&dorm.usage, DAY, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_add_up_to_the_use_of_the_days),
        cmocka_unit_test(a_day_begun_in_the_evening_is_caught_up),
        cmocka_unit_test(a_day_looks_like_a_home),
        cmocka_unit_test(nothing_runs_through_a_closed_valve),
        cmocka_unit_test(a_leak_never_pauses_and_a_dormitory_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
