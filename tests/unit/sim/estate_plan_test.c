/* The estate on paper: who hangs where, and that what its meters show behaves as meters do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/device_profile.h"
#include "sim/estate_plan.h"

#define SEED 20261121
#define NOON_S INT64_C(1795752000) /* 2026-11-27 12:00 in Beijing */
#define DAY_S 86400

static void every_household_has_four_meters_behind_its_buildings_concentrator(void **state)
{
    struct estate_plan plan;

    (void)state;
    assert_int_equal(estate_plan_open(&plan, SEED, 0, true), 0);
    assert_int_equal(plan.concentrator_count, 21);
    assert_int_equal(plan.meter_count, 20 * 401 + 1 + ESTATE_SHOPS + ESTATE_AIR_CONDITIONERS);
    for (size_t i = 0; i < plan.concentrator_count; i++) {
        const struct estate_concentrator *concentrator = &plan.concentrators[i];
        assert_true(concentrator->meter_count <= 500);
        for (uint32_t k = 0; k < concentrator->meter_count; k++) {
            const struct estate_meter *meter = &plan.meters[concentrator->meter_first + k];
            assert_int_equal(meter->concentrator, i);
            assert_int_equal(meter->measurement_point, k + 1);
            assert_int_equal(meter->building, concentrator->building);
        }
    }
    estate_plan_close(&plan);
}

static void registers_never_go_back_and_are_the_sum_of_their_tariffs(void **state)
{
    struct estate_plan plan;

    (void)state;
    assert_int_equal(estate_plan_open(&plan, SEED, 100, true), 0);
    for (size_t i = 0; i < plan.meter_count; i += 7) {
        const struct estate_meter *meter = &plan.meters[i];
        int64_t before = 0;
        for (int64_t time_s = NOON_S; time_s < NOON_S + 30 * DAY_S; time_s += 1237) {
            int64_t value = estate_meter_register(&plan, meter, time_s);
            assert_true(value >= before);
            before = value;
            if (meter->kind != DEVICE_KIND_ELECTRICITY)
                continue;
            for (unsigned tariff = 1; tariff <= 4; tariff++)
                value -= estate_meter_tariff_register(&plan, meter, tariff, time_s);
            assert_int_equal(value, 0);
        }
        assert_true(before > estate_meter_register(&plan, meter, NOON_S));
    }
    estate_plan_close(&plan);
}

static int64_t day_use(const struct estate_plan *plan, const struct estate_meter *meter)
{
    int64_t used = estate_meter_register(plan, meter, NOON_S + 10 * DAY_S) - estate_meter_register(plan, meter, NOON_S);

    return used / 1000 * estate_meter_multiplier_e3(meter);
}

/* Thousandths of a building's supply that its meters do not see. */
static int64_t loss_permille(const struct estate_plan *plan, uint32_t index)
{
    const struct estate_concentrator *concentrator = &plan->concentrators[index];
    int64_t supply = 0;
    int64_t sold = 0;

    for (uint32_t i = 0; i < concentrator->meter_count; i++) {
        const struct estate_meter *meter = &plan->meters[concentrator->meter_first + i];
        if (meter->use == ESTATE_SUPPLY)
            supply += day_use(plan, meter);
        else if (meter->kind == DEVICE_KIND_ELECTRICITY)
            sold += day_use(plan, meter);
    }
    return (supply - sold) * 1000 / supply;
}

static void a_building_loses_what_wires_lose_and_one_loses_more(void **state)
{
    struct estate_plan plan;

    (void)state;
    assert_int_equal(estate_plan_open(&plan, SEED, 0, true), 0);
    for (uint32_t i = 0; i < plan.concentrator_count; i++) {
        int64_t expected = i + 1 == ESTATE_THEFT_BUILDING ? ESTATE_THEFT_PERMILLE : ESTATE_LOSS_PERMILLE;
        assert_in_range(loss_permille(&plan, i), expected - 2, expected + 2);
    }
    estate_plan_close(&plan);
}

static void numbers_outside_the_bounds_are_refused(void **state)
{
    struct estate_plan plan = { .seed = 7 };

    (void)state;
    assert_int_equal(estate_plan_open(&plan, SEED, ESTATE_HOUSEHOLDS_LIMIT + 1, true), -1);
    assert_int_equal(plan.seed, 7);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_household_has_four_meters_behind_its_buildings_concentrator),
        cmocka_unit_test(registers_never_go_back_and_are_the_sum_of_their_tariffs),
        cmocka_unit_test(a_building_loses_what_wires_lose_and_one_loses_more),
        cmocka_unit_test(numbers_outside_the_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
