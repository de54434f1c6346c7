/* How much the electricity meter writes: everything it can know fits a sector with room for changes, and ordinary
 * microcontroller flash, 10,000 erasures, outlives sixteen years. Prints the figures. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/bcd/bcd.h"
#include "tests/unit/meter/electricity_world.h"

#define YEARS 16
#define ERASURES_ENDURED 10000
#define ROOM_FOR_CHANGES 3840 /* bytes of a sector that are left when the meter knows all it can */

static struct electricity_world world;

/* Every freeze, instant and event there is room for, and parameters none of which is the factory's. */
static void fill(struct electricity_meter *meter)
{
    const struct electricity_parameter_row *row;

    for (unsigned kind = 0; kind < ELECTRICITY_EVENT_KIND_COUNT; kind++)
        for (uint32_t number = 1; number <= ELECTRICITY_EVENT_LIMIT; number++) {
            const struct electricity_event event = { { number, 2, 3, 4, 5, 6 } };
            electricity_events_put(&meter->events, (enum electricity_event_kind)kind, number, &event);
        }
    meter->state.purchase_count = ELECTRICITY_EVENT_LIMIT;
    for (unsigned kind = 0; kind < ELECTRICITY_FREEZE_KIND_COUNT; kind++)
        for (unsigned n = 1; n <= electricity_freezes_limit((enum electricity_freeze_kind)kind); n++) {
            const struct electricity_freeze freeze = { n, { 0 }, { 0 }, 0 };
            electricity_freezes_put(&meter->freezes, (enum electricity_freeze_kind)kind, &freeze);
        }
    for (unsigned n = 1; n <= ELECTRICITY_INSTANT_LIMIT; n++) {
        const struct electricity_instant instant = { n, 0, 0 };
        electricity_instants_put(&meter->instants, &instant);
    }
    for (size_t n = 0; (row = electricity_parameter_at(n)) != NULL; n++)
        for (unsigned index = 0; index < row->count; index++)
            *((uint8_t *)&meter->config.parameters + row->offset + index * row->size) ^= 0x77;
}

static void all_it_can_know_fits_a_sector(void **state)
{
    struct electricity_meter *meter = &world.host.meter;
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    (void)state;
    world_open(&world);
    fill(meter);
    uint32_t erasures = world.host.board.flash.erasures[1];
    /* clearing one class of events writes everything else into a new sector */
    assert_int_equal(dlt645_clear_events_request_encode(&world.address, &world.authority, 0x030f00ff, &request), 0);
    assert_int_equal(world_send(&world, &request), 0x9b);
    assert_int_equal(world.host.board.flash.erasures[1], erasures + 1);
    uint32_t used = (uint32_t)meter->journal.slot * METER_JOURNAL_SLOT_SIZE;
    print_message("# all that is true: %u bytes of a sector of %u\n", (unsigned)used,
                  (unsigned)ELECTRICITY_SECTOR_SMALLEST);
    assert_true(used + ROOM_FOR_CHANGES <= ELECTRICITY_SECTOR_SMALLEST);
    world_close(&world);
}

/* A year of a prepaid household of about 10 kWh a day that knows all it can, with a purchase a month. */
static void household_live(uint32_t interval_min)
{
    struct random random = random_of_seed(11);
    uint32_t most = 0;
    world_open(&world);
    assert_int_equal(world_write_number(&world, ELECTRICITY_PAYMENT, 1, 1), 0x94);
    assert_int_equal(world_write_number(&world, ELECTRICITY_LOAD_INTERVAL, interval_min, 2), 0x94);
    fill(&world.host.meter);
    for (uint32_t day = 0; day < 365; day++) {
        if (day % 30 == 0)
            assert_int_equal(world_recharge(&world, DLT645_RECHARGE, world.host.meter.state.purchase_count + 1, 20000),
                             0x83);
        for (int hour = 0; hour < 24; hour++) {
            world_load(&world, 100 + (int32_t)random_below(&random, 630), 950);
            world_run(&world, WORLD_HOUR, WORLD_HOUR);
        }
    }
    for (int sector = 0; sector < 4; sector++)
        if (world.host.board.flash.erasures[sector] > most)
            most = world.host.board.flash.erasures[sector];
    print_message("# household of %d kWh a year, registers each %u minutes: a sector is erased %u times a year, %u in %d years\n",
                  (int)(electricity_forward_mwh(&world.host.meter, 0) / 1000000), (unsigned)interval_min, (unsigned)most,
                  (unsigned)(most * YEARS), YEARS);
    assert_true(most > 10 && most * YEARS <= ERASURES_ENDURED);
    world_close(&world);
}

static void a_household_wears_it_little(void **state)
{
    (void)state;
    household_live(60);
    household_live(15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_it_can_know_fits_a_sector),
        cmocka_unit_test(a_household_wears_it_little),
    };
    return cmocka_run_group_tests_name("electricity_endurance", tests, NULL, NULL);
}
