#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "tests/unit/meter/meter_world.h"
#include "meter/core/meter_credit.h"

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

static bool alarm_stands(const struct meter_world *world, enum alarm alarm)
{
    return ((unsigned)world->host.meter.state.alarm_bits >> alarm & 1u) != 0;
}

static void serials_count_once_in_any_order(void **state)
{
    struct meter_serial serial = { 0, 0 };
    (void)state;
    assert_false(meter_serial_is_used(&serial, 1));
    meter_serial_use(&serial, 5);
    meter_serial_use(&serial, 3);
    assert_true(meter_serial_is_used(&serial, 5));
    assert_true(meter_serial_is_used(&serial, 3));
    assert_false(meter_serial_is_used(&serial, 4));
    assert_false(meter_serial_is_used(&serial, 6));
    meter_serial_use(&serial, 36);
    assert_false(meter_serial_is_used(&serial, 35));
    assert_true(meter_serial_is_used(&serial, 5));
    assert_true(meter_serial_is_used(&serial, 4));
    meter_serial_use(&serial, UINT32_MAX);
    assert_true(meter_serial_is_used(&serial, 36));
    assert_false(meter_serial_is_used(&serial, UINT32_MAX - 1));
}

/* Against a list that forgets nothing, for serials that come late but not too late. */
static void serials_agree_with_a_full_list(void **state)
{
    struct meter_serial serial = { 0, 0 };
    static bool used[600];
    struct random random = random_of_seed(3);
    (void)state;
    memset(used, 0, sizeof used);
    for (uint32_t step = 40; step < 560; step++) {
        uint32_t number = step - (uint32_t)random_below(&random, METER_SERIAL_WINDOW / 2);
        if (number <= serial.highest && serial.highest - number >= METER_SERIAL_WINDOW)
            continue;
        assert_int_equal(meter_serial_is_used(&serial, number), used[number]);
        meter_serial_use(&serial, number);
        used[number] = true;
    }
}

static const struct water_meter_price_steps three_steps = {
    .count = 3, .steps = { { 180, 28000 }, { 300, 42000 }, { WATER_METER_PRICE_STEP_OPEN, 84000 } }
};

static void price_steps_split_at_their_edges(void **state)
{
    (void)state;
    assert_int_equal(meter_credit_charge(&three_steps, 0, 180000), INT64_C(180000) * 28000);
    assert_int_equal(meter_credit_charge(&three_steps, 179000, 2000), INT64_C(1000) * 28000 + INT64_C(1000) * 42000);
    assert_int_equal(meter_credit_charge(&three_steps, 0, 400000),
                     INT64_C(180000) * 28000 + INT64_C(120000) * 42000 + INT64_C(100000) * 84000);
    assert_int_equal(meter_credit_charge(&three_steps, 500000, 1), 84000);
    assert_int_equal(meter_credit_charge(&three_steps, 500000, 0), 0);
}

/* However the water is cut into pulses, the sum is the same to the last 1e-10 yuan. */
static void charges_add_up_however_they_are_cut(void **state)
{
    struct random random = random_of_seed(4);
    (void)state;
    for (int round = 0; round < 200; round++) {
        int64_t balance_fen = 0, cycle_ml = 0, total_ml = 0;
        uint32_t rest = 0;
        for (int pulse = 0; pulse < 60; pulse++) {
            int64_t volume_ml = (int64_t)random_below(&random, 20000);
            meter_credit_take(&balance_fen, &rest, meter_credit_charge(&three_steps, cycle_ml, volume_ml));
            cycle_ml += volume_ml;
            total_ml += volume_ml;
        }
        int64_t whole = meter_credit_charge(&three_steps, 0, total_ml);
        assert_int_equal(-balance_fen * METER_CREDIT_PER_FEN + (int64_t)rest, whole);
        assert_true(rest < METER_CREDIT_PER_FEN);
    }
}

static void unsound_price_steps_are_refused(void **state)
{
    struct water_meter_price_steps steps = three_steps;
    (void)state;
    assert_true(meter_price_steps_are_sound(&steps));
    steps.steps[1].limit_l = 180;
    assert_false(meter_price_steps_are_sound(&steps));
    steps = three_steps;
    steps.steps[2].limit_l = 500;
    assert_false(meter_price_steps_are_sound(&steps));
    steps = three_steps;
    steps.count = 0;
    assert_false(meter_price_steps_are_sound(&steps));
    steps.count = WATER_METER_PRICE_STEP_LIMIT + 1;
    assert_false(meter_price_steps_are_sound(&steps));
    steps = three_steps;
    steps.steps[0].price = 10000001;
    assert_false(meter_price_steps_are_sound(&steps));
}

static void freezes_keep_31_days_and_12_months(void **state)
{
    struct meter_freezes freezes;
    (void)state;
    meter_freezes_clear(&freezes);
    for (int32_t day = 20000; day < 20500; day++)
        meter_freezes_put(&freezes, day, (uint32_t)day * 2);
    for (int32_t day = 20469; day < 20500; day++)
        assert_int_equal(meter_freezes_find(&freezes, day), day * 2);
    assert_int_equal(meter_freezes_find(&freezes, 20468), METER_FREEZE_NONE);
    assert_int_equal(meter_freezes_find(&freezes, 20500), METER_FREEZE_NONE);
    int months = 0;
    for (int32_t day = 20000; day < 20500; day++)
        if (meter_freezes_find_month(&freezes, day) == (uint32_t)day * 2)
            months++;
    assert_int_equal(months, METER_FREEZE_MONTHS);
    meter_freezes_put(&freezes, 70000, 1);
    meter_freezes_put(&freezes, 0, 1);
    assert_int_equal(meter_freezes_find(&freezes, 0), METER_FREEZE_NONE);
}

/* 31 days and 12 months through the journal, a year long, with a restart at its end. */
static void freezes_come_back_after_a_year(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    for (int day = 0; day < 380; day++) {
        world_run(world, WORLD_DAY / 2);
        world_pulse(world, 10);
        world_run(world, WORLD_DAY / 2);
    }
    struct meter_freezes before = world->host.meter.freezes;
    world_start(world);
    assert_memory_equal(&world->host.meter.freezes, &before, sizeof before);
    for (size_t i = 0; i < METER_FREEZE_DAYS; i++)
        assert_int_not_equal(before.days[i], 0);
    for (size_t i = 0; i < METER_FREEZE_MONTHS; i++)
        assert_int_not_equal(before.months[i], 0);
    assert_false(world->host.board.flash.overprogrammed);
}

static void missed_midnights_stay_without_value(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world_pulse(world, 10);
    meter_power_failing(&world->host.meter, world->now_ms);
    world->now_ms += 3 * WORLD_DAY;
    world->host.board.is_powered = false;
    world_start_listening(world);
    assert_int_equal(world->report.history_l[0], 10);
    assert_int_equal(world->report.history_l[1], WATER_METER_HISTORY_NONE);
    assert_int_equal(world->report.history_l[2], WATER_METER_HISTORY_NONE);
    assert_int_equal(world->report.history_l[3], 0);
}

/* A clock set back comes to its midnight twice: the second value stands. */
static void midnight_is_latched_again_after_setting_back(void **state)
{
    struct meter_world *world = *state;
    world->host.board.clock_offset_s = 11 * 3600;
    world_start(world);
    world_run(world, 6 * WORLD_HOUR);
    int32_t day = (int32_t)calendar_local_day(WORLD_NOW_MS / 1000, 28800);
    assert_int_equal(meter_freezes_find(&world->host.meter.freezes, day + 1), 0);
    world->host.board.clock_offset_s = 0;
    world_pulse(world, 50);
    assert_int_equal(meter_freezes_find(&world->host.meter.freezes, day + 1), 0);
    world_run(world, 12 * WORLD_HOUR);
    assert_int_equal(meter_freezes_find(&world->host.meter.freezes, day + 1), 50);
    assert_int_equal(meter_freezes_find(&world->host.meter.freezes, day), 0);
}

static void lost_clock_is_told_and_latches_nothing(void **state)
{
    struct meter_world *world = *state;
    world->host.board.clock_offset_s = -world->now_ms / 1000;
    world_start_listening(world);
    assert_int_equal(world->event.alarm_bits, 1 << ALARM_CLOCK);
    assert_int_equal(world->event.present & WATER_METER_BIT(WATER_METER_CLOCK), 0);
    assert_int_equal(world->counts.reports, 0);
    world_run(world, 2 * WORLD_DAY);
    assert_int_equal(world->host.meter.freezes.days[0], 0);
}

static void register_wraps_at_its_limit(void **state)
{
    struct meter_world *world = *state;
    world->config.register_limit_ml = INT64_C(99999999) * 1000;
    world->config.start_volume_ml = world->config.register_limit_ml - 5000;
    world_start(world);
    world_pulse(world, 7);
    assert_int_equal(world->host.meter.state.volume_ml, 2000);
    world_pulse(world, -3);
    assert_int_equal(world->host.meter.state.volume_ml, world->config.register_limit_ml - 1000);
}

static void burst_raises_and_ends_over_flow(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    world_run(world, WORLD_HOUR);
    world_flow(world, 10 * WORLD_MINUTE, 300);
    assert_false(alarm_stands(world, ALARM_OVER_FLOW));
    world_flow(world, 3 * WORLD_MINUTE, 210);
    assert_true(alarm_stands(world, ALARM_OVER_FLOW));
    world_run(world, 3 * WORLD_MINUTE);
    assert_false(alarm_stands(world, ALARM_OVER_FLOW));
}

/* A toilet that runs at 6 L/h for a day and a night; a household sleeps. */
static void leak_is_water_without_a_pause(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    for (int day = 0; day < 3; day++) {
        world_flow(world, 16 * WORLD_HOUR, 320);
        world_run(world, 8 * WORLD_HOUR);
        assert_false(alarm_stands(world, ALARM_SMALL_LEAK));
    }
    world_flow(world, 26 * WORLD_HOUR, 26 * 6);
    assert_true(alarm_stands(world, ALARM_SMALL_LEAK));
    world_run(world, 3 * WORLD_HOUR);
    assert_false(alarm_stands(world, ALARM_SMALL_LEAK));
}

static void water_behind_a_closed_valve_is_told(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    world_flow(world, 10 * WORLD_MINUTE, 2);
    assert_false(alarm_stands(world, ALARM_LEAK_VALVE_CLOSED));
    world_flow(world, 10 * WORLD_MINUTE, 2);
    assert_true(alarm_stands(world, ALARM_LEAK_VALVE_CLOSED));
    world_run(world, 3 * WORLD_HOUR);
    assert_false(alarm_stands(world, ALARM_LEAK_VALVE_CLOSED));
}

static void backward_water_is_told(void **state)
{
    struct meter_world *world = *state;
    world->config.start_volume_ml = 100000;
    world_start(world);
    world_pulse(world, -4);
    assert_false(alarm_stands(world, ALARM_BACK_FLOW));
    world_pulse(world, -1);
    assert_true(alarm_stands(world, ALARM_BACK_FLOW));
    assert_int_equal(world->host.meter.state.volume_ml, 95000);
    world_run(world, 3 * WORLD_HOUR);
    assert_false(alarm_stands(world, ALARM_BACK_FLOW));
}

static void battery_alarm_has_two_edges(void **state)
{
    struct meter_world *world = *state;
    world_start(world);
    static const struct {
        uint16_t battery_mv;
        bool standing;
    } steps[] = { { 3250, false }, { 3199, true }, { 3250, true }, { 3300, false } };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        world->host.battery_mv = steps[i].battery_mv;
        world_run(world, 2 * WORLD_HOUR);
        assert_int_equal(alarm_stands(world, ALARM_BATTERY), steps[i].standing);
    }
}

static void stuck_valve_is_told_and_tried_again_on_command(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world->host.valve.is_stuck = true;
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    world_run(world, 10 * WORLD_SECOND);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_MOVING);
    world_run(world, 5 * WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_FAULT);
    assert_int_equal(world->event.alarm_bits, 1 << ALARM_VALVE_FAULT);
    assert_int_equal(world->event.valve_state, VALVE_FAULT);
    assert_int_equal(world->host.valve.motion, METER_MOTION_STOP);
    world->host.valve.is_stuck = false;
    assert_int_equal(world_valve(world, true, 2), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
    assert_false(alarm_stands(world, ALARM_VALVE_FAULT));
}

static void valve_follows_its_holds_after_a_restart(void **state)
{
    struct meter_world *world = *state;
    world_start_listening(world);
    world->host.valve.travel_ms = 10000;
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    world_run(world, 2 * WORLD_SECOND);
    assert_int_equal(world->host.valve.position, METER_POSITION_BETWEEN);
    world_start(world);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->host.valve.position, METER_POSITION_CLOSED);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
}

static void tamper_closes_when_the_factory_says_so(void **state)
{
    struct meter_world *world = *state;
    world->config.tamper_closes = true;
    world_start_listening(world);
    world->due_ms = host_meter_set_sensors(&world->host, METER_SENSOR_MAGNET, world->now_ms);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
    assert_int_equal(world->display.fault_code, 0);
    world_pulse(world, 1);
    assert_int_equal(world->display.fault_code, ALARM_MAGNET + 1);
    assert_int_equal(world_valve(world, false, 1), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
}

/* Price steps begin again with the cycle, here each month (2026-12-01). */
static void price_cycle_begins_with_the_month(void **state)
{
    struct meter_world *world = *state;
    world->config.prepayment = true;
    world->config.price_cycle_months = 1;
    world->config.start_balance_fen = 100000;
    world_start(world);
    world_pulse(world, 100);
    world_run(world, 9 * WORLD_DAY);
    assert_int_equal(world->host.meter.state.cycle_ml, 100000);
    world_run(world, WORLD_DAY);
    assert_int_equal(world->host.meter.state.cycle_ml, 0);
}

static void unsound_configuration_is_refused(void **state)
{
    struct meter_world *world = *state;
    struct meter_config good = world->config;
    struct meter_config wrong[7] = { good, good, good, good, good, good, good };
    wrong[0].imei = "86123456789012";
    wrong[1].meter_number = "12A";
    wrong[2].pulse_ml = 0;
    wrong[3].price_cycle_months = 5;
    wrong[4].timers.listen_ms = 0;
    wrong[5].parameters.report_period_s = 1;
    wrong[6].start_volume_ml = good.register_limit_ml;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(host_meter_power_up(&world->host, &wrong[i], world->now_ms), METER_ERR_CONFIG);
    assert_int_equal(host_meter_power_up(&world->host, &good, world->now_ms), 0);
    assert_string_equal(meter_error_text(METER_ERR_CONFIG), "the configuration is outside its bounds");
    assert_string_equal(meter_error_text(5), "unknown error");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(serials_count_once_in_any_order),
        CASE(serials_agree_with_a_full_list),
        CASE(price_steps_split_at_their_edges),
        CASE(charges_add_up_however_they_are_cut),
        CASE(unsound_price_steps_are_refused),
        CASE(freezes_keep_31_days_and_12_months),
        CASE(freezes_come_back_after_a_year),
        CASE(missed_midnights_stay_without_value),
        CASE(midnight_is_latched_again_after_setting_back),
        CASE(lost_clock_is_told_and_latches_nothing),
        CASE(register_wraps_at_its_limit),
        CASE(burst_raises_and_ends_over_flow),
        CASE(leak_is_water_without_a_pause),
        CASE(water_behind_a_closed_valve_is_told),
        CASE(backward_water_is_told),
        CASE(battery_alarm_has_two_edges),
        CASE(stuck_valve_is_told_and_tried_again_on_command),
        CASE(valve_follows_its_holds_after_a_restart),
        CASE(tamper_closes_when_the_factory_says_so),
        CASE(price_cycle_begins_with_the_month),
        CASE(unsound_configuration_is_refused),
    };
    return cmocka_run_group_tests_name("meter_state", tests, NULL, NULL);
}
