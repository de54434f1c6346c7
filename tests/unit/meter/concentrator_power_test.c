/* Power goes at every single flash operation of five weeks, in four manners of tearing: what was confirmed is there
 * afterwards, what is told is true, and in the end no midnight is missing. */
#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"
#include "tests/unit/meter/power_life.h"

#include <string.h>

#define METERS 2
#define DAYS 36
#define EXCHANGE_DAY 20 /* a meter is replaced */
#define TRIES 5
#define AWAKE_MS (15 * WORLD_MINUTE_MS) /* longer than the concentrator leaves a flash alone that failed */
#define ENTRY_SIZE Q376_ARCHIVE_ENTRY_SIZE

struct life {
    struct concentrator_world world;
    unsigned cuts;
    bool has_reading; /* F33 was confirmed */
    uint8_t reading[14];
    unsigned entries; /* confirmed */
    uint8_t archive[METERS][ENTRY_SIZE];
    int64_t exchanged_s; /* the second meter was replaced */
};

static uint64_t archive_address(const struct concentrator *core, uint16_t point)
{
    struct q376_archive_entry entry;

    assert_int_equal(q376_archive_entry_decode(core->meters[core->place_of_point[point]].entry, &entry), 0);
    return entry.address;
}

static void freezes_check(struct life *life)
{
    struct concentrator *core = &life->world.site.host.core;
    int32_t newest = concentrator_world_today(&life->world) - 1;

    for (uint16_t point = 1; point <= METERS; point++)
        for (int32_t back = 0; back < CONCENTRATOR_DAY_LIMIT; back++) {
            struct concentrator_freeze freeze;
            if (concentrator_day_find(core, point, newest - back, &freeze) == 0)
                continue;
            /* Of the meter that the archive names, never of the one before it. */
            struct scripted_meter meter = { .address = archive_address(core, point) };
            assert_int_equal(freeze.registers.values[0],
                             scripted_register(&meter, concentrator_world_midnight(newest - back + 1)));
        }
}

static void promises_check(struct life *life)
{
    const struct concentrator *core = &life->world.site.host.core;

    assert_false(life->world.site.host.board.flash.overprogrammed);
    if (life->has_reading)
        assert_memory_equal(core->ports[0].reading, life->reading, sizeof life->reading);
    for (unsigned i = 0; i < life->entries; i++)
        assert_memory_equal(core->meters[i].entry, life->archive[i], ENTRY_SIZE);
    freezes_check(life);
}

static void power_back_when_gone(struct life *life)
{
    if (!life->world.site.host.board.flash.cut)
        return;
    life->cuts++;
    assert_int_equal(concentrator_site_restart(&life->world.site), 0);
    promises_check(life);
    concentrator_world_run(&life->world, 10 * WORLD_SECOND_MS);
}

/* From now until as long after the next midnight. The hours in which nothing is due pass in one step: what fell due in
 * them by the clock, a heartbeat, is made good at its end. */
static void day_pass(struct life *life)
{
    struct concentrator_site *site = &life->world.site;
    int64_t midnight_ms = concentrator_world_midnight(concentrator_world_today(&life->world) + 1) * WORLD_SECOND_MS;

    concentrator_world_run(&life->world, AWAKE_MS);
    power_back_when_gone(life);
    site->now_ms = midnight_ms - AWAKE_MS;
    concentrator_world_run(&life->world, 2 * AWAKE_MS);
    power_back_when_gone(life);
}

static void pass(struct life *life, int days)
{
    for (int i = 0; i < days; i++)
        day_pass(life);
}

/* As a head-end does it: again until it is confirmed. */
static void order(struct life *life, struct span units)
{
    for (int tries = 0; tries < TRIES; tries++) {
        int afn = concentrator_world_ask(&life->world, Q376_AFN_SET, units, 2000);
        bool confirmed = afn == Q376_AFN_CONFIRM && concentrator_world_is_confirmed(&life->world);
        power_back_when_gone(life);
        if (confirmed)
            return;
    }
    fail();
}

static void entry_write(struct life *life, size_t index)
{
    struct q376_archive_entry entry = concentrator_world_entry(&life->world, index, 2);
    uint8_t bytes[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_archive_put(&entry, 1, &units), 0);
    /* From the first sending on it may be the old or the new one; which, is known when it is confirmed. */
    life->entries = (unsigned)index;
    order(life, writer_span(&units));
    memcpy(life->archive[index], bytes + 6, ENTRY_SIZE);
    life->entries = (unsigned)index + 1;
}

static void reading_write(struct life *life)
{
    /* Port 2, every day from 00:00, once a day. */
    static const uint8_t block[] = { 0x00, 0x00, 0x01, 0x04, 1, 2, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0 };

    order(life, span_of_bytes(block, sizeof block));
    memcpy(life->reading, block + 5, sizeof life->reading);
    life->has_reading = true;
}

static uint64_t life_run(struct life *life, uint64_t cut_at, enum host_flash_tear tear)
{
    struct concentrator_world *world = &life->world;

    memset(life, 0, sizeof *life);
    concentrator_world_prepare(world);
    world->config.core.meter_limit = METERS;
    world->config.core.heartbeat_min = 255;
    world->config.core.ports[1].number = 0;
    world->config.core.ports[0].baud = 9600;
    concentrator_world_start(world);
    concentrator_world_run(world, 10 * WORLD_SECOND_MS);
    concentrator_world_meter(world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 21);
    concentrator_world_meter(world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 22);
    uint64_t before = world->site.host.board.flash.operations;
    if (cut_at > 0)
        world->site.host.board.flash.cut_at = before + cut_at;
    world->site.host.board.flash.tear = (uint8_t)tear;
    reading_write(life);
    entry_write(life, 0);
    entry_write(life, 1);
    pass(life, EXCHANGE_DAY);
    world->meters[1].address = 33;
    entry_write(life, 1);
    pass(life, DAYS - EXCHANGE_DAY);
    promises_check(life);
    return world->site.host.board.flash.operations - before;
}

static void everything_is_there(struct life *life)
{
    struct concentrator *core = &life->world.site.host.core;
    int32_t newest = concentrator_world_today(&life->world) - 1;
    struct concentrator_freeze freeze;

    for (int32_t back = 0; back < CONCENTRATOR_DAY_LIMIT; back++)
        assert_int_equal(concentrator_day_find(core, 1, newest - back, &freeze), 1);
    for (int32_t back = 0; back < DAYS - EXCHANGE_DAY - 1; back++)
        assert_int_equal(concentrator_day_find(core, 2, newest - back, &freeze), 1);
}

static void life_without_cut_is_sound(void **state)
{
    static struct life life;

    (void)state;
    uint64_t operations = life_run(&life, 0, HOST_FLASH_TEAR_BEFORE);
    everything_is_there(&life);
    assert_int_equal(life.cuts, 0);
    print_message("# %u flash operations in this life\n", (unsigned)operations);
    concentrator_world_close(&life.world);
}

/* Afterwards everything is there, cut or not. */
static uint64_t life_whole(uint64_t cut_at, enum host_flash_tear tear, unsigned *cuts)
{
    static struct life life;
    uint64_t operations = life_run(&life, cut_at, tear);

    everything_is_there(&life);
    assert_int_equal(life.cuts, cut_at == 0 ? 0 : 1);
    concentrator_world_close(&life.world);
    *cuts = life.cuts;
    return operations;
}

int main(void)
{
    static struct power_life cut_life = { life_whole };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_without_cut_is_sound),
        POWER_LIFE_TESTS(&cut_life),
    };
    return cmocka_run_group_tests_name("concentrator_power", tests, NULL, NULL);
}
