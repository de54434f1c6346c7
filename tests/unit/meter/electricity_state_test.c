/* Registers, tariffs, prices, freezes and settlements of the electricity meter, as a master on the line sees them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/meter/electricity_world.h"

static struct electricity_world world;

static int world_begin(void **state)
{
    (void)state;
    world_open(&world);
    return 0;
}

static int world_end(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

static void energy_is_power_times_time(void **state)
{
    (void)state;
    world_load(&world, 1000, 900);
    world_run(&world, 90 * WORLD_MINUTE, WORLD_MINUTE);
    assert_int_equal(world_number(&world, 0x00010000), 150);
    assert_int_equal(world_number(&world, 0x00010100), 150);
    assert_int_equal(world_number(&world, 0x00020000), 0);
    assert_int_equal(world_number(&world, 0x00000000), 150);
    assert_int_equal(world_number(&world, 0x02030000), 10000);
    assert_int_equal(world_number(&world, 0x02010100), 2200);
    assert_int_equal(world_number(&world, 0x02020100), 5050);
    assert_int_equal(world_number(&world, 0x02060000), 900);
    assert_int_equal(world_number(&world, 0x02800002), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(energy_is_power_times_time, world_begin, world_end),
    };
    return cmocka_run_group_tests_name("electricity_state", tests, NULL, NULL);
}
