/* Quarters of an hour: latched, kept without power, told once a day, caught up. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "tests/unit/meter/meter_world.h"

#define DAY_S 86400
#define ZONE_S 28800

/* 2026-11-21 08:00 in China; reports at the usual time. */
static int setup(void **state)
{
    static struct meter_world world;
    world_open(&world);
    world.config.interval_log = true;
    host_meter_flash_choose(&world.host, (struct meter_flash_geometry){ 4096, 4, 8 });
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static int64_t today_s(const struct meter_world *world)
{
    return calendar_midnight(calendar_local_day(world->now_ms / 1000, ZONE_S), ZONE_S);
}

static int latched(const struct water_meter_series *series)
{
    int count = 0;
    for (int i = 0; i < series->count; i++)
        count += series->values_ml[i] != WATER_METER_SERIES_NONE;
    return count;
}

static void quarters_are_told_after_the_report(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_flow(world, WORLD_DAY, 960);
    world_run(world, 28 * WORLD_HOUR); /* 12:00 of the day after tomorrow */
    assert_true(world->counts.reports >= 2);
    assert_int_equal(world->counts.series, 2);
    const struct water_meter_series *series = &world->series;
    assert_int_equal(series->interval_s, 900);
    assert_int_equal(series->count, 96);
    assert_int_equal(series->start_s, today_s(world) - DAY_S + 900);
    assert_int_equal(latched(series), 96);
    /* 24:00 is the midnight of the report. */
    assert_int_equal(series->values_ml[95], (int64_t)world->report.history_l[0] * 1000);
    for (int i = 1; i < 96; i++)
        assert_true(series->values_ml[i] >= series->values_ml[i - 1]);
    assert_int_equal(series->values_ml[30] - series->values_ml[20], 10 * 10 * 1000); /* 40 L an hour */
    assert_true(world->series_size < 160);
    int told = world->counts.series;
    world_run(world, 2 * WORLD_HOUR);
    assert_int_equal(world->counts.series, told);
}

static void the_first_day_begins_where_the_meter_did(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_run(world, 30 * WORLD_HOUR);
    assert_int_equal(world->counts.series, 1);
    assert_int_equal(latched(&world->series), 64); /* from 08:15 to 24:00 */
    assert_int_equal(world->series.values_ml[31], WATER_METER_SERIES_NONE);
}

static void days_without_a_platform_are_caught_up(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_run(world, 16 * WORLD_HOUR);
    world->platform = false;
    world_run(world, 6 * WORLD_DAY);
    int told = world->counts.series;
    world->platform = true;
    world_run(world, WORLD_DAY);
    assert_int_equal(world->counts.series - told, METER_INTERVAL_DAYS - 1);
    assert_int_equal(world->series.start_s, world->report.midnight_s - DAY_S + 900);
}

static void quarters_survive_without_power(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_run(world, WORLD_DAY);           /* 08:00 */
    world_flow(world, 2 * WORLD_HOUR, 40); /* 10:00 */
    struct meter_intervals before = world->host.meter.intervals;
    world->now_ms += 65 * WORLD_MINUTE;    /* without power to 11:05 */
    world_start(world);
    const struct meter_intervals *after = &world->host.meter.intervals;
    int32_t day = (int32_t)calendar_local_day(world->now_ms / 1000, ZONE_S);
    assert_memory_equal(meter_intervals_find(after, day)->volume_l, meter_intervals_find(&before, day)->volume_l,
                        sizeof before.days[0].volume_l);
    world_run(world, 22 * WORLD_HOUR);
    assert_int_equal(latched(&world->series), 96 - 4); /* 10:15, 10:30, 10:45, 11:00 passed unseen */
}

/* Sectors fill and change for weeks, nothing is lost of the days that are kept. */
static void many_sectors_later(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_flow(world, 40 * WORLD_DAY, 40 * 400);
    assert_true(world->counts.series >= 39);
    assert_int_equal(latched(&world->series), 96);
    assert_false(world->host.meter.flash_failed);
    assert_false(world->host.board.flash.overprogrammed);
    struct meter_intervals before = world->host.meter.intervals;
    world_start(world);
    for (int i = 1; i < METER_INTERVAL_DAYS; i++) {
        int32_t day = (int32_t)calendar_local_day(world->now_ms / 1000, ZONE_S) - i;
        assert_memory_equal(meter_intervals_find(&world->host.meter.intervals, day)->volume_l,
                            meter_intervals_find(&before, day)->volume_l, sizeof before.days[0].volume_l);
    }
}

static void a_platform_that_wants_none_gets_reports(void **state)
{
    struct meter_world *world = *state;
    world->series_refusal = COAP_CODE_UNSUPPORTED_FORMAT;
    world_start(world);
    world_run(world, 3 * WORLD_DAY);
    assert_int_equal(world->counts.series, 2 + 1);
    assert_true(world->counts.reports >= 3);
    assert_int_equal(world->host.meter.session.attempt, 0);
}

static void window_await(struct meter_world *world)
{
    for (int s = 0; s < 2 * DAY_S && world->host.meter.session.state != METER_SESSION_LISTENING; s++)
        world_run(world, 1000);
    assert_int_equal(world->host.meter.session.state, METER_SESSION_LISTENING);
}

static void a_day_is_told_once_more_when_asked(void **state)
{
    struct meter_world *world = *state;
    struct water_meter_command ask = { .operation = DOWNLINK_TELL_INTERVALS };
    world_start(world);
    world_run(world, 3 * WORLD_DAY);
    window_await(world);
    int told = world->counts.series;
    ask.value = today_s(world) - 2 * DAY_S;
    assert_int_equal(world_ask(world, &ask), COAP_CODE_CHANGED);
    world_run(world, 5000);
    assert_int_equal(world->counts.series, told + 1);
    assert_int_equal(world->series.start_s, ask.value + 900);
    assert_int_equal(latched(&world->series), 96);
    assert_int_equal(world->host.meter.session.state, METER_SESSION_LISTENING);
    /* What is not over, or not in the ring any more, is not there. */
    ask.value = today_s(world);
    assert_int_equal(world_ask(world, &ask), COAP_CODE_NOT_FOUND);
    ask.value = today_s(world) - METER_INTERVAL_DAYS * DAY_S;
    assert_int_equal(world_ask(world, &ask), COAP_CODE_NOT_FOUND);
    world_run(world, WORLD_HOUR);
    assert_int_equal(world->counts.series, told + 1);
}

static void small_sectors_are_refused(void **state)
{
    struct meter_world *world = *state;
    host_meter_flash_choose(&world->host, (struct meter_flash_geometry){ 2048, 8, 8 });
    assert_int_equal(host_meter_power_up(&world->host, &world->config, world->now_ms), METER_ERR_CONFIG);
}

static void the_ring_keeps_four_days(void **state)
{
    (void)state;
    static struct meter_intervals intervals;
    memset(&intervals, 0, sizeof intervals);
    for (int32_t day = 100; day < 106; day++)
        meter_intervals_put(&intervals, day, 7, (uint32_t)day);
    assert_null(meter_intervals_find(&intervals, 101));
    assert_int_equal(meter_intervals_find(&intervals, 102)->volume_l[7], 102);
    assert_int_equal(meter_intervals_find(&intervals, 102)->volume_l[6], METER_INTERVAL_NONE);
    assert_int_equal(meter_intervals_untold(&intervals, 105), 102);
    meter_intervals_told(&intervals, 102);
    assert_int_equal(meter_intervals_untold(&intervals, 105), 103);
    meter_intervals_told(&intervals, 103);
    meter_intervals_told(&intervals, 104);
    assert_int_equal(meter_intervals_untold(&intervals, 105), 0); /* today is not over */
    meter_intervals_put(&intervals, 0, 7, 1);
    meter_intervals_put(&intervals, 106, 96, 1);
    meter_intervals_put(&intervals, UINT16_MAX + 1, 7, 1);
    assert_null(meter_intervals_find(&intervals, 106));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(quarters_are_told_after_the_report, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_day_begins_where_the_meter_did, setup, teardown),
        cmocka_unit_test_setup_teardown(days_without_a_platform_are_caught_up, setup, teardown),
        cmocka_unit_test_setup_teardown(quarters_survive_without_power, setup, teardown),
        cmocka_unit_test_setup_teardown(many_sectors_later, setup, teardown),
        cmocka_unit_test_setup_teardown(a_platform_that_wants_none_gets_reports, setup, teardown),
        cmocka_unit_test_setup_teardown(a_day_is_told_once_more_when_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(small_sectors_are_refused, setup, teardown),
        cmocka_unit_test(the_ring_keeps_four_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
