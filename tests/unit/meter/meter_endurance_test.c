/* S2-037: ten years or longer. A year of a meter's life counts its flash erasures; sixteen such years, a battery's
 * longest life, must stay below what ordinary microcontroller flash endures. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/meter_world.h"

#define FLASH_ENDURANCE 10000
#define LIFE_YEARS 16
#define YEAR_DAYS 365

struct usage {
    const char *name;
    int32_t sittings; /* a day */
    int32_t pulses;   /* of a sitting, one litre each */
    uint32_t commit_ml;
};

static void year_live(struct meter_world *world, const struct usage *usage)
{
    world_open(world);
    world->config.prepayment = true;
    world->config.start_balance_fen = 100000000;
    world->config.commit_ml = usage->commit_ml;
    world_start(world);
    for (int day = 0; day < YEAR_DAYS; day++) {
        for (int32_t i = 0; i < usage->sittings; i++) {
            world_run(world, 16 * WORLD_HOUR / usage->sittings);
            for (int32_t k = 0; k < usage->pulses; k++)
                world_pulse(world, 1);
        }
        world_run(world, 8 * WORLD_HOUR);
    }
}

static void year_is_judged(const struct usage *usage)
{
    static struct meter_world world;
    year_live(&world, usage);
    uint32_t most = 0;
    for (size_t i = 0; i < world.host.hal.flash.sector_count; i++)
        most = world.host.board.flash.erasures[i] > most ? world.host.board.flash.erasures[i] : most;
    print_message("# %s: %u flash operations and at most %u erasures of a sector in a year; %d years use %u of %u\n",
                  usage->name, (unsigned)world.host.board.flash.operations, (unsigned)most, LIFE_YEARS,
                  (unsigned)(most * LIFE_YEARS), FLASH_ENDURANCE);
    assert_int_equal(world.host.meter.state.volume_ml,
                     INT64_C(1000) * YEAR_DAYS * usage->sittings * usage->pulses);
    assert_int_equal(world.host.meter.journal.erasures, world.host.board.flash.erasures[world.host.meter.journal.in_force]);
    assert_true(most > 0 && most * LIFE_YEARS < FLASH_ENDURANCE);
    world_close(&world);
}

static void household_outlives_its_battery(void **state)
{
    static const struct usage household = { "household, 400 L a day, written each 10 L", 16, 25, 10000 };
    (void)state;
    year_is_judged(&household);
}

static void shop_outlives_its_battery(void **state)
{
    static const struct usage shop = { "shop, 6 m3 a day, written each 100 L", 60, 100, 100000 };
    (void)state;
    year_is_judged(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(household_outlives_its_battery),
        cmocka_unit_test(shop_outlives_its_battery),
    };
    return cmocka_run_group_tests_name("meter_endurance", tests, NULL, NULL);
}
