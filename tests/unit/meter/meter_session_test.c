#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/meter/meter_world.h"

static int setup(void **state)
{
    static struct meter_world world;
    world_open(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

/* S3-091: first contact registers, reports, listens, sleeps. */
static void first_contact_registers_and_reports(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->counts.registers, 1);
    assert_int_equal(world->counts.reports, 1);
    assert_int_equal(world->counts.events, 0);
    assert_string_equal(world->report.address, "20261100000042");
    assert_string_equal(world->report.maker, "Meterworks");
    assert_true(world->report_ms - WORLD_NOW_MS < world->config.timers.start_spread_ms + WORLD_SECOND);
}

/* S3-093: three minutes and two heartbeats, then the radio is off. */
static void listens_three_minutes_with_two_heartbeats(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    int64_t window_ms = world->host.meter.session.window_end_ms - world->report_ms;
    assert_in_range(window_ms, 180000, 180200);
    world_run(world, 179 * WORLD_SECOND);
    assert_int_equal(world->counts.updates, 2);
    assert_true(meter_is_awake(&world->host.meter));
    world_run(world, 3 * WORLD_SECOND);
    assert_false(meter_is_awake(&world->host.meter));
    assert_int_equal(world->counts.updates, 2);
    assert_int_equal(world->counts.closed, 1);
}

/* S3-121: 01:00 local plus slot 42 times 3.6 s, jitter below one slot. */
static void reports_daily_in_its_slot(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    for (int day = 1; day <= 3; day++) {
        int64_t base_ms = WORLD_NOW_MS + 17 * WORLD_HOUR + (day - 1) * WORLD_DAY + 151 * WORLD_SECOND;
        world_run(world, base_ms + WORLD_MINUTE - world->now_ms);
        assert_int_equal(world->counts.reports, 1 + day);
        assert_in_range(world->report_ms - base_ms, 0, 6000);
    }
    assert_int_equal(world->counts.registers, 1);
    assert_int_equal(world->counts.events, 0);
}

static void frame_carries_seven_days(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    for (int day = 0; day < 9; day++) {
        world_run(world, 12 * WORLD_HOUR);
        world_pulse(world, 100);
        world_run(world, 12 * WORLD_HOUR);
    }
    assert_int_equal(world->report.midnight_s, WORLD_NOW_MS / 1000 + 8 * 86400 + 16 * 3600);
    assert_int_equal(world->report.volume_ml, 900000);
    for (int day = 0; day < WATER_METER_HISTORY_DAYS; day++)
        assert_int_equal(world->report.history_l[day], 900 - 100 * day);
    assert_int_equal(world->report.rsrp_dbm, -92);
    assert_int_equal(world->report.snr_db, 14);
    assert_int_equal(world->report.physical_cell, 213);
    assert_int_equal(world->report.earfcn, 2506);
    assert_int_equal(world->report.battery_mv, 3600);
    assert_int_equal(world->report.clock_s, world->report_ms / 1000);
    assert_true(world->report_size < 200);
}

/* S3-094 whole: also address, maker and type, after a registration and on the first of a month (2026-12-01). */
static void frame_is_complete_each_month(void **state)
{
    struct meter_world *world = *state;
    const uint32_t constant = WATER_METER_FIELDS_DAILY & ~WATER_METER_FIELDS_STEADY;
    world_start_listening(world);
    assert_int_equal(world->report.present & constant, constant);
    world_run(world, 9 * WORLD_DAY);
    assert_int_equal(world->report.present & constant, 0);
    world_run(world, WORLD_DAY);
    assert_int_equal(world->report.present & constant, constant);
    assert_string_equal(world->report.type, "DN15");
}

/* S3-092: forget the frequencies, a minute's pause, three tries, then until the next period. */
static void search_gives_up_after_three_tries(void **state)
{
    struct meter_world *world = *state;
    world->network = false;
    world_start(world);
    world_run(world, 10 * WORLD_MINUTE);
    assert_int_equal(world->counts.opened, 3);
    assert_int_equal(world->counts.closed, 3);
    assert_int_equal(world->counts.sends, 0);
    const struct meter *meter = &world->host.meter;
    assert_int_equal(meter->incidents[(meter->incident_next + METER_INCIDENT_LIMIT - 1) % METER_INCIDENT_LIMIT].kind,
                     METER_INCIDENT_NETWORK);
    world->network = true;
    world_run(world, WORLD_DAY);
    assert_int_equal(world->counts.opened, 4);
    assert_int_equal(world->counts.reports, 1);
}

static void silence_repeats_three_times_then_pauses(void **state)
{
    struct meter_world *world = *state;
    world->platform = false;
    world_start(world);
    world_run(world, 20 * WORLD_MINUTE);
    assert_int_equal(world->counts.opened, 3);
    assert_int_equal(world->counts.registers, 3 * METER_SEND_TRIES);
    assert_int_equal(world->counts.reports, 0);
}

/* A platform that answers Updates but never reports must not keep the radio on for ever. */
static void lost_reports_end_after_three_attempts(void **state)
{
    struct meter_world *world = *state;
    world->refusal = COAP_CODE_SERVICE_UNAVAILABLE;
    world_start(world);
    world_run(world, WORLD_HOUR);
    assert_int_equal(world->counts.reports, 3);
    assert_int_equal(world->counts.opened, 3);
}

static void unknown_handle_registers_again(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, 4 * WORLD_MINUTE);
    world->handle_lost = true;
    world_run(world, WORLD_DAY);
    assert_int_equal(world->counts.registers, 2);
    assert_int_equal(world->counts.reports, 2);
}

static void refusal_waits_for_the_next_period(void **state)
{
    struct meter_world *world = *state;
    world->refusal = COAP_CODE_FORBIDDEN;
    world_start(world);
    world_run(world, WORLD_HOUR);
    assert_int_equal(world->counts.reports, 1);
    assert_false(meter_is_awake(&world->host.meter));
    world->refusal = 0;
    world_run(world, WORLD_DAY);
    assert_int_equal(world->counts.reports, 2);
}

static void separate_answers_are_understood(void **state)
{
    struct meter_world *world = *state;
    world->separate = true;
    world_start_listening(world);
    world_run(world, 5 * WORLD_MINUTE);
    assert_int_equal(world->counts.registers, 1);
    assert_int_equal(world->counts.reports, 1);
    assert_int_equal(world->counts.updates, 2);
    assert_false(meter_is_awake(&world->host.meter));
}

/* S3-084, S3-115: within 20 s; S3-129: below 100 bytes. */
static void alarm_is_told_at_once(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, WORLD_HOUR);
    int64_t raised_ms = world->now_ms;
    world->due_ms = host_meter_set_sensors(&world->host, METER_SENSOR_MOVED, world->now_ms);
    world_run(world, 20 * WORLD_SECOND);
    assert_int_equal(world->counts.events, 1);
    assert_int_equal(world->event.alarm_bits, 1 << ALARM_MOVED);
    assert_true(world->event_ms - raised_ms < 20 * WORLD_SECOND);
    assert_true(world->event_size < 100);
}

/* S3-130: three sends, then the next report carries the state. */
static void unheard_alarm_travels_in_the_next_report(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, WORLD_HOUR);
    world->platform = false;
    world->due_ms = host_meter_set_sensors(&world->host, METER_SENSOR_HOUSING, world->now_ms);
    world_run(world, WORLD_HOUR);
    assert_false(meter_is_awake(&world->host.meter));
    world->platform = true;
    int events = world->counts.events;
    world_run(world, WORLD_DAY);
    assert_int_equal(world->counts.events, events);
    assert_int_equal(world->report.alarm_bits, 1 << ALARM_HOUSING);
}

/* A rattling contact may not empty the battery; another alarm still goes at once. */
static void rattling_alarm_is_held_back(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, WORLD_HOUR);
    for (int i = 0; i < 60; i++) {
        world_run(world, 10 * WORLD_SECOND);
        world->due_ms = host_meter_set_sensors(&world->host, i % 2 == 0 ? METER_SENSOR_MAGNET : 0, world->now_ms);
    }
    assert_in_range(world->counts.events, 1, 3);
    int events = world->counts.events;
    world->due_ms = host_meter_set_sensors(&world->host, METER_SENSOR_MOVED, world->now_ms);
    world_run(world, 20 * WORLD_SECOND);
    assert_int_equal(world->counts.events, events + 1);
    assert_true((world->event.alarm_bits & (1 << ALARM_MOVED)) != 0);
}

static void button_opens_a_session_but_not_all_the_time(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, WORLD_HOUR);
    for (int i = 0; i < 20; i++) {
        world->due_ms = host_meter_button(&world->host, world->now_ms);
        world_run(world, 29 * WORLD_SECOND);
    }
    assert_int_equal(world->displays, 20);
    assert_int_equal(world->counts.opened, 2);
    world_run(world, WORLD_MINUTE);
    world->due_ms = host_meter_button(&world->host, world->now_ms);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->counts.opened, 3);
}

/* S3-111: our requests expect an answer, our answers do not. */
static void release_assistance_fits_the_message(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    assert_int_equal(world->release, METER_RELEASE_ANSWER_EXPECTED);
    assert_int_equal(world_valve(world, false, 1), COAP_CODE_CHANGED);
    assert_int_equal(world->release, METER_RELEASE_NO_ANSWER);
}

static void hostile_bytes_change_nothing(void **state)
{
    struct meter_world *world = *state;
    struct random random = random_of_seed(11);
    world_start_listening(world);
    int64_t volume_ml = world->host.meter.state.volume_ml;
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[96];
        size_t size = (size_t)random_below(&random, sizeof bytes);
        for (size_t k = 0; k < size; k++)
            bytes[k] = (uint8_t)random_next(&random);
        if (size > 0 && i % 2 == 0)
            bytes[0] = (uint8_t)(0x40 | (bytes[0] & 0x33));
        (void)world_send(world, span_of_bytes(bytes, size));
    }
    assert_int_equal(world->host.meter.state.volume_ml, volume_ml);
    assert_int_equal(world->host.meter.state.valve_holds, 0);
    assert_int_equal(world->host.meter.state.balance_fen, 0);
}

static void deaf_while_asleep(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_run(world, WORLD_HOUR);
    assert_int_equal(world_valve(world, true, 1), 0);
    assert_int_equal(world->host.meter.state.valve_holds, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(first_contact_registers_and_reports),
        CASE(listens_three_minutes_with_two_heartbeats),
        CASE(reports_daily_in_its_slot),
        CASE(frame_carries_seven_days),
        CASE(frame_is_complete_each_month),
        CASE(search_gives_up_after_three_tries),
        CASE(silence_repeats_three_times_then_pauses),
        CASE(lost_reports_end_after_three_attempts),
        CASE(unknown_handle_registers_again),
        CASE(refusal_waits_for_the_next_period),
        CASE(separate_answers_are_understood),
        CASE(alarm_is_told_at_once),
        CASE(unheard_alarm_travels_in_the_next_report),
        CASE(rattling_alarm_is_held_back),
        CASE(button_opens_a_session_but_not_all_the_time),
        CASE(release_assistance_fits_the_message),
        CASE(hostile_bytes_change_nothing),
        CASE(deaf_while_asleep),
    };
    return cmocka_run_group_tests_name("meter_session", tests, NULL, NULL);
}
