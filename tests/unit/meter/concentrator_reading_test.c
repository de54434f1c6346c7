/* What a concentrator reads by itself, and serves. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <string.h>

#include "base/calendar.h"

static struct concentrator_world world;

static void world_mixed(void)
{
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 11);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_1997, 12);
    concentrator_world_meter(&world, 3, CONCENTRATOR_PROTOCOL_CJT188, 13);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 14);
    concentrator_world_archive(&world);
}

/* Run to a time of the next local day. */
static void run_to(int32_t second)
{
    int64_t target_s = concentrator_world_midnight(concentrator_world_today(&world) + 1) + second;
    concentrator_world_run(&world, target_s * 1000 - world.site.now_ms);
}

static void current_registers_are_served(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    for (unsigned point = 1; point <= 4; point++) {
        assert_int_equal(concentrator_world_current(&world, point, 129), Q376_AFN_CURRENT);
        assert_true(world.fits);
        const struct item *item = concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, point, 0);
        assert_non_null(item);
        assert_int_equal(item->quality, ITEM_GOOD);
        assert_int_equal(item->exponent, -4);
        int64_t wrong = scripted_register(&world.meters[point - 1], world.site.now_ms / 1000) - item->value / 100;
        assert_in_range(wrong, 0, 2);
    }
    assert_int_equal(concentrator_world_current(&world, 1, 131), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_EXPORT, 1, 0)->value, 7700);
    assert_int_equal(concentrator_world_current(&world, 9, 129), Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_denied(&world));
    concentrator_world_close(&world);
}

static void midnights_are_kept(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world.meters[0].frozen_s = 0;
    world_mixed();
    world.meters[3].has_daily = false;
    run_to(1200);
    int32_t day = concentrator_world_today(&world) - 1;
    assert_int_equal(world.meters[0].frozen_s, concentrator_world_midnight(day + 1));
    for (unsigned point = 1; point <= 4; point++) {
        const struct item *item = concentrator_world_day(&world, point, day);
        assert_non_null(item);
        int64_t truth = scripted_register(&world.meters[point - 1], concentrator_world_midnight(day + 1));
        assert_in_range(item->value / 100 - truth, 0, point == 2 || point == 3 ? 1 : 0);
    }
    assert_null(concentrator_world_day(&world, 1, day - 3));
    concentrator_world_close(&world);
}

static void voltages_and_relay_are_read_when_asked(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    assert_int_equal(concentrator_world_current(&world, 1, 25), Q376_AFN_CURRENT);
    assert_true(world.fits);
    assert_int_equal(concentrator_world_item(&world, ITEM_VOLTAGE, 1, 0)->value, 2205);
    assert_int_equal(concentrator_world_item(&world, ITEM_POWER_ACTIVE, 1, 0)->value, 1234);
    assert_int_equal(concentrator_world_item(&world, ITEM_POWER_FACTOR, 1, 0)->value, 998);
    assert_int_equal(concentrator_world_current(&world, 1, 161), Q376_AFN_CURRENT);
    assert_true(world.fits);
    assert_int_equal(concentrator_world_item(&world, ITEM_RELAY, 1, 0)->value, 0x11);
    concentrator_world_close(&world);
}

static void a_month_ends(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    for (int i = 0; i < 12; i++)
        run_to(1200);
    int32_t last = (int32_t)calendar_month_start(concentrator_world_today(&world)) - 1;
    struct concentrator_freeze day, month;
    for (uint16_t point = 1; point <= 4; point++) {
        assert_int_equal(concentrator_month_find(&world.site.host.core, point, last, &month), 1);
        assert_int_equal(concentrator_day_find(&world.site.host.core, point, last, &day), 1);
        assert_memory_equal(day.registers.values, month.registers.values, sizeof day.registers.values);
        assert_int_equal(day.read_min, month.read_min);
    }
    concentrator_world_close(&world);
}

static void a_restart_forgets_nothing(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    run_to(1200);
    run_to(1200);
    int32_t day = concentrator_world_today(&world) - 1;
    assert_int_equal(concentrator_site_restart(&world.site), 0);
    struct concentrator_freeze freeze;
    for (uint16_t point = 1; point <= 4; point++)
        for (int32_t back = 0; back < 2; back++)
            assert_int_equal(concentrator_day_find(&world.site.host.core, point, day - back, &freeze), 1);
    concentrator_world_run(&world, 20 * WORLD_SECOND_MS);
    assert_int_equal(world.logins, 2);
    concentrator_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(current_registers_are_served), cmocka_unit_test(midnights_are_kept),
        cmocka_unit_test(voltages_and_relay_are_read_when_asked), cmocka_unit_test(a_month_ends),
        cmocka_unit_test(a_restart_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
