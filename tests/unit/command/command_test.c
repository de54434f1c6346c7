#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "command/command.h"
#include "store/sql/command_sql.h"
#include "tests/store/room_fixture.h"

#define NOW ROOM_FIXTURE_NOW_S

struct command_fixture {
    struct room_fixture rooms;
    struct command_sql *sql;
    struct command_room *room;
    uint32_t device_id;
    int changes;
    enum command_state last_state;
};

static int change_count(void *listener, const struct command_change *change)
{
    struct command_fixture *fixture = listener;
    fixture->changes++;
    fixture->last_state = (enum command_state)change->command->state;
    return 0;
}

static void room_open(struct command_fixture *fixture)
{
    assert_int_equal(command_sql_open(fixture->rooms.store, &fixture->sql), 0);
    assert_int_equal(command_open(&(struct command_config){ .store = command_sql_store(fixture->sql),
                                                            .registry = fixture->rooms.registry,
                                                            .undo = fixture->rooms.undo,
                                                            .device_limit = 1000,
                                                            .listener = fixture,
                                                            .changed = change_count },
                                  &fixture->room),
                     0);
}

static void room_close(struct command_fixture *fixture)
{
    command_close(fixture->room);
    command_sql_close(fixture->sql);
}

static int fixture_setup(void **state)
{
    static struct command_fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    room_fixture_open(&fixture.rooms, NULL);
    fixture.device_id = room_fixture_device(&fixture.rooms, 0);
    room_open(&fixture);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct command_fixture *fixture = *state;
    room_close(fixture);
    room_fixture_close(&fixture->rooms);
    return 0;
}

static struct command_ticket ask(struct command_fixture *fixture, uint16_t operation, uint8_t priority)
{
    struct command_ticket ticket;
    struct command_request request = { .device_id = fixture->device_id, .operation = operation, .priority = priority,
                                       .requested_by = 4, .reason = "test" };
    if (operation == DOWNLINK_RECHARGE)
        request.amount_fen = 5000;
    if (operation == DOWNLINK_WRITE_PARAMETER) {
        request.parameter = PARAMETER_REPORT_TIME;
        request.value = 7200;
    }
    assert_int_equal(command_request(fixture->room, &request, NOW, &ticket), 0);
    return ticket;
}

static uint64_t next(struct command_fixture *fixture, int64_t now_s)
{
    struct downlink downlink = { .command_id = 0 };
    int found = command_next(fixture->room, fixture->device_id, now_s, &downlink);
    assert_in_range(found, 0, 1);
    return downlink.command_id;
}

static void answer(struct command_fixture *fixture, uint64_t command_id, uint8_t kind, int64_t now_s)
{
    struct uplink uplink = { .device_id = fixture->device_id, .kind = UPLINK_ANSWER, .command_id = command_id,
                             .answer = kind, .answer_code = 133 };
    assert_int_equal(command_answer(fixture->room, &uplink, now_s), 0);
}

static struct command_record row(struct command_fixture *fixture, uint64_t command_id)
{
    struct command_record record;
    assert_int_equal(command_read(fixture->room, command_id, &record), 1);
    return record;
}

static struct command_observation valve_report(const struct command_fixture *fixture, uint8_t valve_state)
{
    return (struct command_observation){ .device_id = fixture->device_id, .valve_state = valve_state,
                                         .valve_known = 1, .full_report = 1 };
}

static void deliver(struct command_fixture *fixture, uint64_t command_id, int64_t now_s)
{
    assert_int_equal(next(fixture, now_s), command_id);
    answer(fixture, command_id, UPLINK_ANSWER_SENT, now_s);
    answer(fixture, command_id, UPLINK_ANSWER_EXECUTED, now_s + 2);
}

static void valve_goes_all_the_way(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket ticket = ask(fixture, DOWNLINK_CLOSE_VALVE, 0);
    assert_int_equal(ticket.serial, 1);
    assert_false(ticket.awake);
    /* 03:00 now, the report time is 03:00: tomorrow. */
    assert_int_equal(ticket.window_s, NOW + 86400);
    deliver(fixture, ticket.command_id, NOW + 86400);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_EXECUTED);
    struct command_observation seen = valve_report(fixture, VALVE_CLOSED);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 2 * 86400), 1);
    struct command_record record = row(fixture, ticket.command_id);
    assert_int_equal(record.state, COMMAND_VERIFIED);
    assert_int_equal(record.finished_s, NOW + 2 * 86400);
    assert_string_equal(record.outcome, "valve_shown_closed");
    assert_int_equal(fixture->changes, 4);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM command_step"), 4);
    assert_false(command_waiting(fixture->room, fixture->device_id));
}

static void awake_device_gets_it_now(void **state)
{
    struct command_fixture *fixture = *state;
    assert_false(command_has_listened(fixture->room, fixture->device_id));
    assert_int_equal(next(fixture, NOW), 0);
    assert_true(command_has_listened(fixture->room, fixture->device_id));
    struct command_ticket ticket = ask(fixture, DOWNLINK_READ_NOW, 1);
    assert_true(ticket.awake);
    assert_int_equal(ticket.window_s, NOW);
    assert_int_equal(ticket.serial, 0);
    assert_int_equal(next(fixture, NOW + 1), ticket.command_id);
}

static void one_is_under_way_urgent_ones_first(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t bulk = ask(fixture, DOWNLINK_READ_NOW, 2).command_id;
    uint64_t first = ask(fixture, DOWNLINK_RECHARGE, 0).command_id;
    uint64_t normal = ask(fixture, DOWNLINK_WRITE_PARAMETER, 1).command_id;
    uint64_t second = ask(fixture, DOWNLINK_RECHARGE, 0).command_id;
    const uint64_t order[] = { first, second, normal, bulk };
    for (int i = 0; i < 4; i++) {
        assert_int_equal(next(fixture, NOW + i * 10), order[i]);
        assert_int_equal(next(fixture, NOW + i * 10), 0);
        answer(fixture, order[i], UPLINK_ANSWER_SENT, NOW + i * 10);
        assert_int_equal(next(fixture, NOW + i * 10 + 1), 0);
        answer(fixture, order[i], UPLINK_ANSWER_EXECUTED, NOW + i * 10 + 2);
    }
    assert_int_equal(next(fixture, NOW + 60), 0);
}

static void forgotten_by_the_gate_is_sent_again(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_OPEN_VALVE, 0).command_id;
    assert_int_equal(next(fixture, NOW), id);
    assert_int_equal(next(fixture, NOW + COMMAND_ANSWER_BOUND_S - 1), 0);
    assert_int_equal(next(fixture, NOW + COMMAND_ANSWER_BOUND_S), id);
    assert_int_equal(command_returned(fixture->room, id, NOW), 0);
    assert_int_equal(next(fixture, NOW + COMMAND_ANSWER_BOUND_S + 1), id);
}

static void silence_is_tried_again_and_ends(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    for (int i = 1; i <= COMMAND_TRY_LIMIT; i++) {
        assert_int_equal(next(fixture, NOW + i * 1000), id);
        answer(fixture, id, UPLINK_ANSWER_SENT, NOW + i * 1000);
        answer(fixture, id, UPLINK_ANSWER_TIMEOUT, NOW + i * 1000 + 40);
        assert_int_equal(row(fixture, id).state, i < COMMAND_TRY_LIMIT ? COMMAND_QUEUED : COMMAND_FAILED);
    }
    assert_string_equal(row(fixture, id).outcome, "tried_out 10");
    assert_int_equal(next(fixture, NOW + 100000), 0);
}

static void refusal_ends_with_the_code(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_WRITE_PARAMETER, 1).command_id;
    assert_int_equal(next(fixture, NOW), id);
    answer(fixture, id, UPLINK_ANSWER_REFUSED, NOW);
    assert_int_equal(row(fixture, id).state, COMMAND_FAILED);
    assert_string_equal(row(fixture, id).outcome, "refused 4.05");
}

static void answers_of_others_and_late_ones_change_nothing(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    struct uplink foreign = { .device_id = fixture->device_id + 1, .command_id = id,
                              .answer = UPLINK_ANSWER_EXECUTED };
    assert_int_equal(command_answer(fixture->room, &foreign, NOW), 0);
    assert_int_equal(row(fixture, id).state, COMMAND_QUEUED);
    foreign.command_id = 999;
    assert_int_equal(command_answer(fixture->room, &foreign, NOW), 0);
    assert_int_equal(next(fixture, NOW), id);
    answer(fixture, id, UPLINK_ANSWER_REFUSED, NOW);
    answer(fixture, id, UPLINK_ANSWER_EXECUTED, NOW + 1);
    assert_int_equal(row(fixture, id).state, COMMAND_FAILED);
}

static void newer_valve_command_replaces_a_waiting_one(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t closing = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    struct command_ticket opening = ask(fixture, DOWNLINK_OPEN_VALVE, 0);
    assert_int_equal(opening.superseded_id, closing);
    assert_int_equal(row(fixture, closing).state, COMMAND_CANCELLED);
    assert_string_equal(row(fixture, closing).outcome, "superseded 2");
    assert_int_equal(opening.serial, 2);
    assert_int_equal(next(fixture, NOW), opening.command_id);
}

static void valve_command_on_its_way_is_not_replaced_but_overtaken(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t closing = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    assert_int_equal(next(fixture, NOW), closing);
    struct command_ticket opening = ask(fixture, DOWNLINK_OPEN_VALVE, 0);
    assert_int_equal(opening.superseded_id, 0);
    answer(fixture, closing, UPLINK_ANSWER_SENT, NOW);
    answer(fixture, closing, UPLINK_ANSWER_EXECUTED, NOW + 1);
    deliver(fixture, opening.command_id, NOW + 2);
    struct command_observation seen = valve_report(fixture, VALVE_OPEN);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 10), 2);
    assert_int_equal(row(fixture, closing).state, COMMAND_CANCELLED);
    assert_string_equal(row(fixture, closing).outcome, "overtaken 2");
    assert_int_equal(row(fixture, opening.command_id).state, COMMAND_VERIFIED);
}

static void valve_that_did_not_move_fails(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    struct command_observation seen = valve_report(fixture, VALVE_CLOSED);
    /* Closed already, but nobody has told it: that proves nothing. */
    assert_int_equal(command_observe(fixture->room, &seen, NOW), 0);
    deliver(fixture, id, NOW);
    seen.valve_state = VALVE_MOVING;
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 3), 0);
    seen.valve_state = VALVE_OPEN;
    seen.full_report = 0;
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 4), 0);
    seen.full_report = 1;
    /* Executed at NOW + 2: a report so soon after it may have crossed the command. */
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 2 + COMMAND_SETTLE_S - 1), 0);
    assert_int_equal(row(fixture, id).state, COMMAND_EXECUTED);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 2 + COMMAND_SETTLE_S), 1);
    assert_string_equal(row(fixture, id).outcome, "valve_still_open");
    id = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    deliver(fixture, id, NOW + 1000);
    seen = valve_report(fixture, VALVE_FAULT);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 1010), 1);
    assert_string_equal(row(fixture, id).outcome, "valve_fault");
}

static struct command_observation serial_report(const struct command_fixture *fixture, uint32_t serial)
{
    return (struct command_observation){ .device_id = fixture->device_id, .recharge_serial = serial,
                                         .recharge_known = 1, .full_report = 1 };
}

static void recharge_is_proved_by_its_serial(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket first = ask(fixture, DOWNLINK_RECHARGE, 0);
    struct command_ticket second = ask(fixture, DOWNLINK_RECHARGE, 0);
    assert_true(second.serial > first.serial);
    /* The answer to the first is lost; the meter's next report shows it. */
    assert_int_equal(next(fixture, NOW), first.command_id);
    answer(fixture, first.command_id, UPLINK_ANSWER_SENT, NOW);
    answer(fixture, first.command_id, UPLINK_ANSWER_TIMEOUT, NOW + 40);
    struct command_observation seen = serial_report(fixture, first.serial);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 100), 1);
    assert_int_equal(row(fixture, first.command_id).state, COMMAND_VERIFIED);
    assert_int_equal(row(fixture, second.command_id).state, COMMAND_QUEUED);
}

static void recharge_is_tried_until_it_expires_and_proved_even_then(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket ticket = ask(fixture, DOWNLINK_RECHARGE, 0);
    for (int i = 1; i <= COMMAND_TRY_LIMIT + 5; i++) {
        assert_int_equal(next(fixture, NOW + i * 1000), ticket.command_id);
        answer(fixture, ticket.command_id, UPLINK_ANSWER_SENT, NOW + i * 1000);
        answer(fixture, ticket.command_id, UPLINK_ANSWER_TIMEOUT, NOW + i * 1000 + 40);
    }
    assert_int_equal(command_tick(fixture->room, NOW + COMMAND_EXPIRY_DEFAULT_S - 1, 10), 0);
    assert_int_equal(command_tick(fixture->room, NOW + COMMAND_EXPIRY_DEFAULT_S, 10), 1);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_EXPIRED);
    struct command_observation seen = serial_report(fixture, ticket.serial);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 700000), 1);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_VERIFIED);
    assert_string_equal(row(fixture, ticket.command_id).outcome, "late_proof");
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 700001), 0);
}

/* What expired on its way is known by the meter's next word: it has it, or it has not. */
static void recharge_that_never_came_fails_when_the_meter_says_so(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket ticket = ask(fixture, DOWNLINK_RECHARGE, 0);
    const int64_t expired_s = NOW + COMMAND_EXPIRY_DEFAULT_S;
    assert_int_equal(next(fixture, expired_s - 100), ticket.command_id);
    answer(fixture, ticket.command_id, UPLINK_ANSWER_SENT, expired_s - 100);
    assert_int_equal(command_tick(fixture->room, expired_s, 10), 1);
    /* A word that may have crossed it tells nothing yet. */
    struct command_observation seen = serial_report(fixture, ticket.serial - 1);
    assert_int_equal(command_observe(fixture->room, &seen, expired_s + 10), 0);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_EXPIRED);
    room_close(fixture);
    room_open(fixture);
    assert_int_equal(command_observe(fixture->room, &seen, expired_s + 1000), 0);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_FAILED);
    assert_string_equal(row(fixture, ticket.command_id).outcome, "not_in_meter 0");
    /* The next one has a number of its own; and money follows the meter, whatever it does. */
    assert_true(ask(fixture, DOWNLINK_RECHARGE, 0).serial > ticket.serial);
    seen = serial_report(fixture, ticket.serial);
    assert_int_equal(command_observe(fixture->room, &seen, expired_s + 2000), 1);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_VERIFIED);
}

static void serials_are_never_reused(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_observation seen = serial_report(fixture, 41);
    assert_int_equal(command_observe(fixture->room, &seen, NOW), 0);
    assert_int_equal(ask(fixture, DOWNLINK_RECHARGE, 0).serial, 42);
    uint64_t valve = ask(fixture, DOWNLINK_OPEN_VALVE, 0).command_id;
    assert_int_equal(command_cancel(fixture->room, valve, 4, "", NOW), 0);
    room_close(fixture);
    room_open(fixture);
    assert_int_equal(ask(fixture, DOWNLINK_RECHARGE, 0).serial, 44);
}

static void executed_waits_for_the_next_report(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket ticket;
    struct command_request request = { .device_id = fixture->device_id, .operation = DOWNLINK_WRITE_PARAMETER,
                                       .parameter = PARAMETER_LOW_BALANCE, .value = 500, .priority = 1,
                                       .expires_s = NOW + 120 };
    assert_int_equal(command_request(fixture->room, &request, NOW, &ticket), 0);
    deliver(fixture, ticket.command_id, NOW + 60);
    assert_int_equal(command_tick(fixture->room, NOW + 86400, 10), 0);
    struct command_observation seen = { .device_id = fixture->device_id, .full_report = 1 };
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 86460), 1);
    assert_int_equal(row(fixture, ticket.command_id).state, COMMAND_VERIFIED);
}

static void clock_is_proved_by_its_error(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_SET_CLOCK, 1).command_id;
    struct downlink downlink;
    assert_int_equal(command_next(fixture->room, fixture->device_id, NOW + 5, &downlink), 1);
    assert_int_equal(downlink.value, NOW + 5);
    assert_int_equal(downlink.operation, DOWNLINK_SET_CLOCK);
    answer(fixture, id, UPLINK_ANSWER_EXECUTED, NOW + 6);
    struct command_observation seen = { .device_id = fixture->device_id, .clock_known = 1, .full_report = 1,
                                        .clock_error_s = 3600 };
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 7), 0);
    assert_int_equal(command_observe(fixture->room, &seen, NOW + 86400), 1);
    assert_string_equal(row(fixture, id).outcome, "clock_still_wrong");
}

static void wrong_requests_are_named(void **state)
{
    struct command_fixture *fixture = *state;
    struct command_ticket ticket;
    struct command_request right = { .device_id = fixture->device_id, .operation = DOWNLINK_WRITE_PARAMETER,
                                     .parameter = PARAMETER_REPORT_TIME, .value = 0 };
    struct command_request wrong = right;
    wrong.device_id = 77;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_DEVICE);
    wrong = right;
    wrong.operation = DOWNLINK_OPERATION_COUNT;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_KIND);
    wrong = right;
    wrong.parameter = PARAMETER_COUNT;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_PARAMETER);
    wrong = right;
    wrong.value = 86400;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_VALUE);
    wrong = right;
    wrong.expires_s = NOW + 59;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_EXPIRY);
    wrong = right;
    wrong.operation = DOWNLINK_RECHARGE;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_AMOUNT);
    wrong = right;
    wrong.priority = 3;
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_PRIORITY);
    wrong = right;
    memset(wrong.reason, 'x', sizeof wrong.reason);
    assert_int_equal(command_request(fixture->room, &wrong, NOW, &ticket), COMMAND_ERR_TEXT);
    assert_int_equal(fixture->changes, 0);
    for (int i = 0; i < COMMAND_OPEN_LIMIT; i++)
        assert_int_equal(command_request(fixture->room, &right, NOW, &ticket), 0);
    assert_int_equal(command_request(fixture->room, &right, NOW, &ticket), COMMAND_ERR_QUEUE_FULL);
}

static void only_what_waits_can_be_cancelled(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_READ_NOW, 1).command_id;
    assert_int_equal(command_cancel(fixture->room, 99, 4, "", NOW), COMMAND_ERR_UNKNOWN);
    assert_int_equal(next(fixture, NOW), id);
    assert_int_equal(command_cancel(fixture->room, id, 4, "", NOW), COMMAND_ERR_UNDER_WAY);
    answer(fixture, id, UPLINK_ANSWER_TIMEOUT, NOW + 40);
    assert_int_equal(command_cancel(fixture->room, id, 4, "not needed", NOW + 50), 0);
    assert_string_equal(row(fixture, id).outcome, "cancelled_because not needed");
    assert_int_equal(command_cancel(fixture->room, id, 4, "", NOW + 60), COMMAND_ERR_FINISHED);
}

static void rollback_leaves_no_trace(void **state)
{
    struct command_fixture *fixture = *state;
    room_fixture_begin(&fixture->rooms);
    ask(fixture, DOWNLINK_RECHARGE, 0);
    room_fixture_rollback(&fixture->rooms);
    assert_false(command_waiting(fixture->room, fixture->device_id));
    assert_int_equal(next(fixture, NOW), 0);
    assert_int_equal(ask(fixture, DOWNLINK_RECHARGE, 0).serial, 1);
}

static void restart_sends_again_what_was_under_way(void **state)
{
    struct command_fixture *fixture = *state;
    uint64_t id = ask(fixture, DOWNLINK_CLOSE_VALVE, 0).command_id;
    assert_int_equal(next(fixture, NOW), id);
    answer(fixture, id, UPLINK_ANSWER_SENT, NOW);
    room_close(fixture);
    room_open(fixture);
    assert_int_equal(next(fixture, NOW + 5), id);
    answer(fixture, id, UPLINK_ANSWER_SENT, NOW + 5);
    assert_int_equal(row(fixture, id).tries, 2);
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        FIXTURE_TEST(valve_goes_all_the_way),
        FIXTURE_TEST(awake_device_gets_it_now),
        FIXTURE_TEST(one_is_under_way_urgent_ones_first),
        FIXTURE_TEST(forgotten_by_the_gate_is_sent_again),
        FIXTURE_TEST(silence_is_tried_again_and_ends),
        FIXTURE_TEST(refusal_ends_with_the_code),
        FIXTURE_TEST(recharge_that_never_came_fails_when_the_meter_says_so),
        FIXTURE_TEST(answers_of_others_and_late_ones_change_nothing),
        FIXTURE_TEST(newer_valve_command_replaces_a_waiting_one),
        FIXTURE_TEST(valve_command_on_its_way_is_not_replaced_but_overtaken),
        FIXTURE_TEST(valve_that_did_not_move_fails),
        FIXTURE_TEST(recharge_is_proved_by_its_serial),
        FIXTURE_TEST(recharge_is_tried_until_it_expires_and_proved_even_then),
        FIXTURE_TEST(serials_are_never_reused),
        FIXTURE_TEST(executed_waits_for_the_next_report),
        FIXTURE_TEST(clock_is_proved_by_its_error),
        FIXTURE_TEST(wrong_requests_are_named),
        FIXTURE_TEST(only_what_waits_can_be_cancelled),
        FIXTURE_TEST(rollback_leaves_no_trace),
        FIXTURE_TEST(restart_sends_again_what_was_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
