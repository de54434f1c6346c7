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

/* The clock stood a day ahead when its midnight came: read again when that midnight really comes. */
static void a_midnight_of_a_wrong_clock_is_read_again(void **state)
{
    struct host_concentrator *host = &world.site.host;
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    run_to(1200);
    int32_t day = concentrator_world_today(&world) + 1;
    host->board.clock_offset_s = 2 * 86400 - 1200 - 60; /* 23:59 of the next day */
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_int_equal(concentrator_day_find(&host->core, 3, day, &freeze), 1);
    host->board.clock_offset_s = 0;
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_int_equal(concentrator_day_find(&host->core, 3, day, &freeze), 0);
    run_to(3600);
    run_to(3600);
    assert_int_equal(concentrator_world_today(&world), day + 1);
    for (uint16_t point = 1; point <= 4; point++)
        for (int32_t back = 0; back < 2; back++) {
            assert_int_equal(concentrator_day_find(&host->core, point, day - back, &freeze), 1);
            int64_t truth = scripted_register(&world.meters[point - 1], concentrator_world_midnight(day - back + 1));
            assert_in_range(freeze.registers.values[0] - truth, 0, point == 2 || point == 3 ? 1 : 0);
        }
    concentrator_world_close(&world);
}

/* What a meter did not have is asked again when the clock has turned out to be another. */
static void a_corrected_clock_asks_for_its_newest_midnight(void **state)
{
    struct host_concentrator *host = &world.site.host;
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    host->board.clock_offset_s = 10 * 86400;
    concentrator_world_run(&world, WORLD_HOUR_MS); /* nobody has that midnight */
    host->board.clock_offset_s = 0;
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_int_equal(concentrator_day_find(&host->core, 1, concentrator_world_today(&world) - 1, &freeze), 1);
    assert_int_equal(
        freeze.registers.values[0],
        scripted_register(&world.meters[0], concentrator_world_midnight(concentrator_world_today(&world))));
    concentrator_world_close(&world);
}

/* A freeze that somebody commanded in the morning is not that of the midnight before. */
static void a_freeze_of_the_morning_stands_for_no_midnight(void **state)
{
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    world.meters[3].has_daily = false;
    world.meters[3].frozen_s = concentrator_world_midnight(concentrator_world_today(&world));
    run_to(1200);
    world.meters[3].slave.is_absent = true;
    run_to(8 * 3600);
    int32_t day = concentrator_world_today(&world) - 1;
    world.meters[3].frozen_s = world.site.now_ms / 1000;
    world.meters[3].slave.is_absent = false;
    concentrator_world_run(&world, 2 * WORLD_HOUR_MS);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 4, day - 1, &freeze), 1);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 4, day, &freeze), 0);
    concentrator_world_close(&world);
}

/* Between the question for a freeze's time and that for its values a meter whose clock is ahead may freeze again. */
static void no_freeze_is_asked_for_right_before_midnight(void **state)
{
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    world.meters[0].slave.is_absent = true;
    run_to(86400 - 480);
    int32_t day = concentrator_world_today(&world) - 1;
    world.meters[0].slave.is_absent = false;
    world.site.host.core.meters[0].retry_s = 0;
    concentrator_world_run(&world, 7 * WORLD_MINUTE_MS);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day, &freeze), 0);
    concentrator_world_run(&world, WORLD_HOUR_MS);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day, &freeze), 1);
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day + 1, &freeze), 1);
    concentrator_world_close(&world);
}

/* Made for fewer meters than it is told to keep. */
static void a_flash_that_is_too_small_is_refused(void **state)
{
    static struct host_concentrator host;
    static const struct host_concentrator_outside nobody;
    struct concentrator_config config = concentrator_config_default();

    (void)state;
    config.address.terminal = 1;
    config.meter_limit = 100;
    host_concentrator_open(&host, &nobody, 4096, config.meter_limit, 1, CONCENTRATOR_WORLD_NOW_MS);
    config.meter_limit = 500;
    assert_int_equal(host_concentrator_power_up(&host, &config, CONCENTRATOR_WORLD_NOW_MS), CONCENTRATOR_ERR_CONFIG);
    config.meter_limit = 100;
    host.hal.flash.program_size = 3;
    assert_int_equal(host_concentrator_power_up(&host, &config, CONCENTRATOR_WORLD_NOW_MS), CONCENTRATOR_ERR_CONFIG);
    assert_int_equal(host_concentrator_step(&host, CONCENTRATOR_WORLD_NOW_MS), INT64_MAX);
    host_concentrator_close(&host);
}

static int program_refused(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_concentrator *host = context;
    /* The journal works; the pages of the freezes do not. */
    if (offset >= host->core.shelf.first_sector * host->board.flash.geometry.sector_size)
        return -1;
    return host_flash_program(&host->board.flash, offset, bytes, size);
}

static void failing_flash_is_said_and_mended(void **state)
{
    struct concentrator_freeze freeze;

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    int (*program)(void *, uint32_t, const void *, uint32_t) = world.site.host.hal.flash_program;
    world.site.host.hal.flash_program = program_refused;
    unsigned reports = world.reports;
    run_to(3600);
    int32_t day = concentrator_world_today(&world) - 1;
    assert_int_equal(concentrator_day_find(&world.site.host.core, 1, day, &freeze), 0);
    assert_true(world.site.host.core.counts.flash_errors > 0);
    assert_in_range(world.reports - reports, 1, 3); /* ERC21, once a day */
    assert_null(concentrator_world_day(&world, 1, day));
    assert_int_equal(concentrator_world_current(&world, 1, 129), Q376_AFN_CURRENT);
    assert_int_equal(concentrator_world_item(&world, ITEM_ENERGY_ACTIVE_IMPORT, 1, 0)->quality, ITEM_GOOD);
    world.site.host.hal.flash_program = program;
    concentrator_world_run(&world, WORLD_HOUR_MS);
    for (uint16_t point = 1; point <= 4; point++)
        assert_int_equal(concentrator_day_find(&world.site.host.core, point, day, &freeze), 1);
    concentrator_world_close(&world);
}

static void hours_make_a_curve(void **state)
{
    struct item_time start = { 2026, 11, 22, 0, 0, 0, ITEM_TIME_MINUTE, 0, 0 };
    uint8_t bytes[32];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    concentrator_world_prepare(&world);
    world.config.core.curve_class = 1;
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    world_mixed();
    run_to(6 * 3600 + 1800);
    assert_int_equal(q376_curve_put(1, 101, &start, 3, 8, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_HISTORY, writer_span(&units), 1000), Q376_AFN_HISTORY);
    assert_true(world.fits);
    int64_t midnight_s = concentrator_world_midnight(concentrator_world_today(&world));
    unsigned good = 0;
    for (size_t i = 0; i < world.item_count; i++) {
        const struct item *item = &world.items[i];
        if (item->quantity != ITEM_ENERGY_ACTIVE_IMPORT || item->quality != ITEM_GOOD)
            continue;
        assert_in_range(item->value - scripted_register(&world.meters[0], midnight_s + good * 3600), 0, 15);
        good++;
    }
    assert_int_equal(good, 7); /* 00:00 to 06:00; 07:00 is still to come */
    concentrator_world_close(&world);
}

static void the_older_protocol_is_spoken_too(void **state)
{
    (void)state;
    concentrator_world_prepare(&world);
    world.config.core.protocol = Q376_PROTOCOL_130;
    concentrator_world_start(&world);
    concentrator_world_run(&world, 10 * WORLD_SECOND_MS);
    assert_int_equal(world.logins, 1);
    world_mixed();
    assert_int_equal(concentrator_world_current(&world, 1, 129), Q376_AFN_CURRENT);
    assert_int_equal(world.last.protocol, Q376_PROTOCOL_130);
    assert_int_equal(concentrator_world_current(&world, 0, 1), Q376_AFN_CURRENT);
    assert_true(world.fits);
    concentrator_world_close(&world);
}

static void clocks_are_broadcast_when_told(void **state)
{
    /* F33 for port 2: each hour; clocks each day at 14:30. */
    static const uint8_t block[] = { 0, 0, 1, 4, 1, 2, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 60, 0x30, 0x14, 0, 0 };

    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_SET, span_of_bytes(block, sizeof block), 1000),
                     Q376_AFN_CONFIRM);
    assert_true(concentrator_world_is_confirmed(&world));
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_QUERY, span_of_bytes(block, 4), 1000), Q376_AFN_QUERY);
    assert_memory_equal(world.units + 5, block + 5, sizeof block - 5);
    concentrator_world_run(&world, 8 * WORLD_HOUR_MS);
    int64_t half_past_two_s = concentrator_world_midnight(concentrator_world_today(&world)) + 14 * 3600 + 1800;
    assert_in_range(world.meters[0].clock_set_s - half_past_two_s, 0, 60);
    assert_int_equal(world.meters[2].clock_set_s, 0);
    concentrator_world_close(&world);
}

static void a_port_tells_how_far_it_is(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    world_mixed();
    concentrator_world_run(&world, 2 * WORLD_MINUTE_MS);
    assert_int_equal(concentrator_world_current(&world, 0, 11), Q376_AFN_CURRENT);
    assert_true(world.fits);
    assert_int_equal(world.units[4], 2); /* ports */
    assert_int_equal(world.units[5], 2); /* port 2: */
    assert_int_equal(world.units[6], 3); /* meters, */
    assert_int_equal(world.units[8], 2); /* done, */
    assert_int_equal(world.units[9], 3); /* read */
    assert_int_equal(concentrator_world_current(&world, 1, 170), Q376_AFN_CURRENT);
    assert_true(world.fits);
    assert_int_equal(world.units[8], 1);
    assert_int_equal(concentrator_world_current(&world, 0, 10), Q376_AFN_CURRENT);
    assert_in_range(world.units[4] | world.units[5] << 8, 200, 2000); /* bytes of the day */
    assert_memory_equal(world.units + 4, world.units + 8, 4);
    concentrator_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(current_registers_are_served),
        cmocka_unit_test(midnights_are_kept),
        cmocka_unit_test(voltages_and_relay_are_read_when_asked),
        cmocka_unit_test(a_month_ends),
        cmocka_unit_test(a_restart_forgets_nothing),
        cmocka_unit_test(failing_flash_is_said_and_mended),
        cmocka_unit_test(a_freeze_of_the_morning_stands_for_no_midnight),
        cmocka_unit_test(no_freeze_is_asked_for_right_before_midnight),
        cmocka_unit_test(a_flash_that_is_too_small_is_refused),
        cmocka_unit_test(a_midnight_of_a_wrong_clock_is_read_again),
        cmocka_unit_test(a_corrected_clock_asks_for_its_newest_midnight),
        cmocka_unit_test(hours_make_a_curve),
        cmocka_unit_test(the_older_protocol_is_spoken_too),
        cmocka_unit_test(clocks_are_broadcast_when_told),
        cmocka_unit_test(a_port_tells_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
