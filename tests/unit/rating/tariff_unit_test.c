#include "rating/tariff_unit.h"

#include <stdio.h>

#include "tests/unit/unit_test.h"

static int64_t value_of(const char *utility, const char *unit)
{
    struct tariff tariff = { .item_count = 0 };

    snprintf(tariff.utility, sizeof tariff.utility, "%s", utility);
    snprintf(tariff.unit, sizeof tariff.unit, "%s", unit);
    return tariff_unit_value(&tariff);
}

static void each_utility_counts_in_its_unit(void **state)
{
    (void)state;
    assert_int_equal(value_of("water", "m3"), 100);
    assert_int_equal(value_of("hot_water", "m3"), 100);
    assert_int_equal(value_of("gas", "m3"), 100);
    assert_int_equal(value_of("electricity", "kWh"), 100);
    assert_int_equal(value_of("heat", "kWh"), 360);
    assert_int_equal(value_of("heat", "MWh"), 360000);
    assert_int_equal(value_of("heat", "GJ"), 100000);
    assert_int_equal(value_of("heat", "MJ"), 100);
}

static void what_is_left_out_is_the_usual_unit_but_never_heat(void **state)
{
    (void)state;
    assert_int_equal(value_of("", ""), 100);
    assert_int_equal(value_of("electricity", ""), 100);
    assert_int_equal(value_of("", "kWh"), 100);
    assert_int_equal(value_of("heat", ""), 0);
    assert_int_equal(value_of("", "GJ"), 0);
}

static void other_units_are_none(void **state)
{
    (void)state;
    assert_int_equal(value_of("water", "kWh"), 0);
    assert_int_equal(value_of("electricity", "m3"), 0);
    assert_int_equal(value_of("water", "L"), 0);
    assert_int_equal(value_of("steam", "t"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_utility_counts_in_its_unit),
        cmocka_unit_test(what_is_left_out_is_the_usual_unit_but_never_heat),
        cmocka_unit_test(other_units_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
