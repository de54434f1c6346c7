/* S2-037: ten years or longer. A year of a bus meter's life counts its flash erasures; sixteen such years must stay below
 * what ordinary microcontroller flash endures, though its master asks every quarter of an hour and each telling of a
 * register that moved is a record. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/bus_meter_world.h"

#define FLASH_ENDURANCE 10000
#define LIFE_YEARS 16
#define YEAR_DAYS 365
#define QUARTERS 96
#define STEPS 3 /* in a quarter of an hour */

struct usage {
    const char *name;
    uint8_t kind;
    int32_t quarters;   /* of a day with flow */
    int64_t quarter_ml; /* in each of them */
    int64_t quarter_wh;
    int32_t commit_ml;
    int32_t commit_wh;
};

static struct bus_world world;

static void quarter_live(const struct usage *usage, bool flows)
{
    for (int step = 0; step < STEPS; step++) {
        if (flows)
            bus_meter_flow(&world.host.meter, usage->quarter_ml / STEPS, usage->quarter_wh / STEPS);
        world.now_s += 900 / STEPS;
        host_bus_meter_step(&world.host, world.now_s);
    }
    assert_int_equal(bus_world_read(&world, CJT188_METERING), CJT188_FROM_METER | CJT188_READ_DATA);
}

static void year_is_judged(const struct usage *usage)
{
    uint32_t most = 0;
    bus_world_open(&world, (enum bus_meter_kind)usage->kind);
    world.config.commit_ml = usage->commit_ml;
    world.config.commit_wh = usage->commit_wh;
    bus_world_start(&world);
    for (int day = 0; day < YEAR_DAYS; day++)
        for (int quarter = 0; quarter < QUARTERS; quarter++)
            quarter_live(usage, quarter % (QUARTERS / usage->quarters) == 0);
    for (size_t i = 0; i < world.host.hal.flash.sector_count; i++)
        most = world.host.board.flash.erasures[i] > most ? world.host.board.flash.erasures[i] : most;
    print_message("# %s: %u flash operations and at most %u erasures of a sector in a year; %d years use %u of %u\n",
                  usage->name, (unsigned)world.host.board.flash.operations, (unsigned)most, LIFE_YEARS,
                  (unsigned)(most * LIFE_YEARS), FLASH_ENDURANCE);
    assert_int_equal(world.host.meter.state.volume_ml, usage->quarter_ml * usage->quarters * YEAR_DAYS);
    assert_true(most > 0 && most * LIFE_YEARS < FLASH_ENDURANCE);
    bus_world_close(&world);
}

static void a_household_outlives_its_battery(void **state)
{
    static const struct usage household = {
        "household, 384 L a day, written each 10 L", BUS_METER_COLD_WATER, 32, 12000, 0, 10000, 1000
    };
    (void)state;
    year_is_judged(&household);
}

static void a_heat_meter_in_winter_outlives_its_battery(void **state)
{
    static const struct usage heat = { "heat meter, always flowing, 96 kWh a day, written each 100 L or 1 kWh",
                                       BUS_METER_HEAT,
                                       96,
                                       60000,
                                       999,
                                       100000,
                                       1000 };
    (void)state;
    year_is_judged(&heat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_household_outlives_its_battery),
        cmocka_unit_test(a_heat_meter_in_winter_outlives_its_battery),
    };
    return cmocka_run_group_tests_name("bus_meter_endurance", tests, NULL, NULL);
}
