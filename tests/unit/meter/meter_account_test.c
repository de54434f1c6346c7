#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/meter/meter_world.h"

/* Prepayment: 3.00 yuan a m3, 20.00 yuan inside, alarm below 10.00, overdraft 5.00. */
static int setup(void **state)
{
    static struct meter_world world;
    world_open(&world);
    world.config.prepayment = true;
    world.config.start_balance_fen = 2000;
    world.config.parameters.low_balance_fen = 1000;
    world.config.parameters.overdraft_fen = 500;
    world_start_listening(&world);
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

static uint8_t parameter_write(struct meter_world *world, enum device_parameter parameter, int64_t value)
{
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = DOWNLINK_WRITE_PARAMETER;
    command.parameter = (uint8_t)parameter;
    command.value = value;
    return world_ask(world, &command);
}

static void water_takes_its_price_exactly(void **state)
{
    struct meter_world *world = *state;
    world_pulse(world, 1);
    assert_int_equal(world->host.meter.state.balance_fen, 2000);
    assert_int_equal(world->host.meter.state.charge_rest, 30000000);
    world_pulse(world, 999);
    assert_int_equal(world->host.meter.state.balance_fen, 1700);
    assert_int_equal(world->host.meter.state.charge_rest, 0);
}

/* S3-095: hint and report below the alarm value; the hint again with every litre. */
static void low_balance_shows_a_hint_and_is_told(void **state)
{
    struct meter_world *world = *state;
    world_run(world, WORLD_HOUR);
    world_flow(world, WORLD_HOUR, 3333);
    assert_false(alarm_stands(world, ALARM_ARREARS));
    assert_false(world->display.low_balance);
    world_flow(world, WORLD_MINUTE, 4);
    world_run(world, 20 * WORLD_SECOND);
    assert_true(alarm_stands(world, ALARM_ARREARS));
    assert_int_equal(world->event.alarm_bits & (1 << ALARM_ARREARS), 1 << ALARM_ARREARS);
    assert_int_equal(world->event.balance_fen, 999);
    int displays = world->displays;
    for (int i = 0; i < 5; i++) {
        world_pulse(world, 1);
        assert_true(world->display.low_balance);
    }
    assert_int_equal(world->displays, displays + 5);
    assert_int_equal(world->host.meter.state.valve_holds, 0);
}

/* S3-095: beyond the overdraft it closes, and no button opens it. */
static void overdraft_closes_the_valve(void **state)
{
    struct meter_world *world = *state;
    world_pulse(world, 8333);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
    world_pulse(world, 4);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->host.meter.state.balance_fen, -501);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
    assert_int_equal(world->event.valve_state, VALVE_CLOSED);
    world->due_ms = host_meter_button(&world->host, world->now_ms);
    world_run(world, WORLD_HOUR);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
}

/* S3-097: above the alarm value it opens again, not before. */
static void recharge_above_the_alarm_value_reopens(void **state)
{
    struct meter_world *world = *state;
    world_pulse(world, 8337);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world_recharge(world, 1, 1000), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
    assert_true(alarm_stands(world, ALARM_ARREARS));
    assert_int_equal(world_recharge(world, 2, 1000), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->host.meter.state.balance_fen, 1499);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
    assert_false(alarm_stands(world, ALARM_ARREARS));
    assert_int_equal(world->event.recharge_serial, 2);
    assert_int_equal(world->event.valve_state, VALVE_OPEN);
}

/* S3-083: the network repeats, the money comes once. */
static void repeated_recharge_counts_once(void **state)
{
    struct meter_world *world = *state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(world_recharge(world, 7, 5000), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.state.balance_fen, 7000);
    assert_int_equal(world_recharge(world, 6, 100), COAP_CODE_CHANGED);
    assert_int_equal(world_recharge(world, 6, 100), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.state.balance_fen, 7100);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(world->event.recharge_serial, 7);
    assert_true(world->answer_size < 50);
}

static void recharge_survives_a_restart(void **state)
{
    struct meter_world *world = *state;
    assert_int_equal(world_recharge(world, 9, 5000), COAP_CODE_CHANGED);
    world_start_listening(world);
    assert_int_equal(world->host.meter.state.balance_fen, 7000);
    assert_int_equal(world_recharge(world, 9, 5000), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.state.balance_fen, 7000);
}

static void failing_flash_refuses_money(void **state)
{
    struct meter_world *world = *state;
    world->host.hal.flash.program_size = 3;
    world->host.board.flash.geometry.program_size = 7;
    assert_int_equal(world_recharge(world, 3, 5000), COAP_CODE_INTERNAL_ERROR);
    assert_int_equal(world->host.meter.state.balance_fen, 2000);
    world->host.hal.flash.program_size = 8;
    world->host.board.flash.geometry.program_size = 8;
    assert_int_equal(world_recharge(world, 3, 5000), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.state.balance_fen, 7000);
}

static void command_closes_and_opens(void **state)
{
    struct meter_world *world = *state;
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    world_run(world, 10 * WORLD_SECOND);
    assert_int_equal(world->event.valve_state, VALVE_CLOSED);
    assert_int_equal(world_valve(world, false, 2), COAP_CODE_CHANGED);
    world_run(world, 10 * WORLD_SECOND);
    assert_int_equal(world->event.valve_state, VALVE_OPEN);
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    world_run(world, 10 * WORLD_SECOND);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
}

static void overtaken_valve_command_does_nothing(void **state)
{
    struct meter_world *world = *state;
    assert_int_equal(world_valve(world, true, 10), COAP_CODE_CHANGED);
    assert_int_equal(world_valve(world, false, 12), COAP_CODE_CHANGED);
    assert_int_equal(world_valve(world, true, 11), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
    world_start_listening(world);
    assert_int_equal(world_valve(world, true, 12), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.state.valve_holds, 0);
}

/* The platform's word to open goes before arrears, until the next recharge ends the matter. */
static void command_opens_in_spite_of_arrears(void **state)
{
    struct meter_world *world = *state;
    world_pulse(world, 8400);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
    assert_int_equal(world_valve(world, false, 1), COAP_CODE_CHANGED);
    world_run(world, 10 * WORLD_SECOND);
    world_pulse(world, 100);
    world_run(world, 10 * WORLD_SECOND);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_OPEN);
    assert_int_equal(world_recharge(world, 1, 2000), COAP_CODE_CHANGED);
    assert_false(world->host.meter.state.arrears_waived);
}

static void closed_by_command_stays_closed_after_recharge(void **state)
{
    struct meter_world *world = *state;
    assert_int_equal(world_valve(world, true, 1), COAP_CODE_CHANGED);
    assert_int_equal(world_recharge(world, 1, 100000), COAP_CODE_CHANGED);
    world_run(world, WORLD_MINUTE);
    assert_int_equal(meter_valve_state(&world->host.meter.valve), VALVE_CLOSED);
}

static void parameters_keep_their_bounds(void **state)
{
    struct meter_world *world = *state;
    assert_int_equal(parameter_write(world, PARAMETER_LOW_BALANCE, 3000), COAP_CODE_CHANGED);
    assert_true(alarm_stands(world, ALARM_ARREARS));
    assert_int_equal(parameter_write(world, PARAMETER_LOW_BALANCE, 1500), COAP_CODE_CHANGED);
    assert_false(alarm_stands(world, ALARM_ARREARS));
    assert_int_equal(parameter_write(world, PARAMETER_PRICE, 50000), COAP_CODE_CHANGED);
    world_pulse(world, 1000);
    assert_int_equal(world->host.meter.state.balance_fen, 1500);
    assert_int_equal(parameter_write(world, PARAMETER_REPORT_PERIOD, 3600), COAP_CODE_CHANGED);
    world_start_listening(world);
    assert_int_equal(world->host.meter.parameters.report_period_s, 3600);
    assert_int_equal(world->host.meter.parameters.low_balance_fen, 1500);
    assert_int_equal(world->host.meter.parameters.price_steps.steps[0].price, 50000);
    int reports = world->counts.reports;
    world_run(world, 5 * WORLD_HOUR);
    assert_int_equal(world->counts.reports, reports + 5);
}

/* RFC 7252 4.5: a request that comes again late is answered again, not done again. */
static void repeated_request_is_not_done_again(void **state)
{
    struct meter_world *world = *state;
    uint16_t first_id = world->message_id;
    assert_int_equal(parameter_write(world, PARAMETER_LOW_BALANCE, 1500), COAP_CODE_CHANGED);
    assert_int_equal(parameter_write(world, PARAMETER_LOW_BALANCE, 1600), COAP_CODE_CHANGED);
    world->message_id = first_id;
    assert_int_equal(parameter_write(world, PARAMETER_LOW_BALANCE, 1500), COAP_CODE_CHANGED);
    assert_int_equal(world->host.meter.parameters.low_balance_fen, 1600);
}

static void clock_is_set_by_command(void **state)
{
    struct meter_world *world = *state;
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = DOWNLINK_SET_CLOCK;
    command.value = world->now_ms / 1000;
    world->host.board.clock_offset_s = 11 * 3600;
    assert_int_equal(world_ask(world, &command), COAP_CODE_CHANGED);
    assert_int_equal(world->host.board.clock_offset_s, 0);
}

static void reads_answer_what_is_there(void **state)
{
    struct meter_world *world = *state;
    world_pulse(world, 12);
    assert_int_equal(world_request(world, COAP_CODE_GET, "/3424/0/1", COAP_FORMAT_NONE), COAP_CODE_CONTENT);
    assert_int_equal(world->content.volume_ml, 12000);
    assert_int_equal(world_request(world, COAP_CODE_GET, "/33424/0", COAP_FORMAT_SENML_CBOR), COAP_CODE_CONTENT);
    assert_int_equal(world->content.low_balance_fen, 1000);
    assert_int_equal(world->content.balance_fen, 1997);
    assert_int_equal(world_request(world, COAP_CODE_GET, "/33424/0/1", COAP_FORMAT_TLV), COAP_CODE_NOT_ACCEPTABLE);
    assert_int_equal(world_request(world, COAP_CODE_GET, "/33424/1", COAP_FORMAT_NONE), COAP_CODE_NOT_FOUND);
    assert_int_equal(world_request(world, COAP_CODE_DELETE, "/33424/0", COAP_FORMAT_NONE), COAP_CODE_NOT_FOUND);
}

static void read_now_answers_the_whole_state(void **state)
{
    struct meter_world *world = *state;
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = DOWNLINK_READ_NOW;
    assert_int_equal(world_ask(world, &command), COAP_CODE_CONTENT);
    assert_int_equal(world->content.present & WATER_METER_FIELDS_STEADY, WATER_METER_FIELDS_STEADY);
    assert_int_equal(world->content.balance_fen, 2000);
}

static void without_prepayment_money_is_refused(void **state)
{
    struct meter_world *world = *state;
    world->config.prepayment = false;
    world_start_listening(world);
    assert_int_equal(world_recharge(world, 1, 1000), COAP_CODE_FORBIDDEN);
    world_pulse(world, 50000);
    assert_int_equal(world->host.meter.state.balance_fen, 2000);
    assert_false(alarm_stands(world, ALARM_ARREARS));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(water_takes_its_price_exactly),
        CASE(low_balance_shows_a_hint_and_is_told),
        CASE(overdraft_closes_the_valve),
        CASE(recharge_above_the_alarm_value_reopens),
        CASE(repeated_recharge_counts_once),
        CASE(recharge_survives_a_restart),
        CASE(failing_flash_refuses_money),
        CASE(command_closes_and_opens),
        CASE(overtaken_valve_command_does_nothing),
        CASE(command_opens_in_spite_of_arrears),
        CASE(closed_by_command_stays_closed_after_recharge),
        CASE(parameters_keep_their_bounds),
        CASE(repeated_request_is_not_done_again),
        CASE(clock_is_set_by_command),
        CASE(reads_answer_what_is_there),
        CASE(read_now_answers_the_whole_state),
        CASE(without_prepayment_money_is_refused),
    };
    return cmocka_run_group_tests_name("meter_account", tests, NULL, NULL);
}
