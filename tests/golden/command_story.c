#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "base/quantity.h"
#include "command/command.h"
#include "command/command_text.h"
#include "store/sql/command_sql.h"
#include "tests/golden/story.h"
#include "tests/store/room_fixture.h"

static struct room_fixture fixture;
static struct command_room *room;
static uint32_t device_id;
static int64_t now_s;

static const char *clock_text(void)
{
    static char text[CALENDAR_TIME_TEXT_LIMIT];
    calendar_format_time(now_s, ROOM_FIXTURE_ZONE_S, text, sizeof text);
    return text;
}

/* Every move, as the console would show it in both languages. */
static int move_tell(void *listener, const struct command_change *change)
{
    const char *detail = change->command->outcome;
    char en[COMMAND_TEXT_LIMIT];
    char zh[COMMAND_TEXT_LIMIT];
    (void)listener;
    command_note_text(detail, false, en, sizeof en);
    command_note_text(detail, true, zh, sizeof zh);
    story_tell("  command %d %s: %s%s%s%s%s", (int)change->command->command_id,
               command_operation_name(change->command->operation),
               command_state_name((enum command_state)change->command->state), detail[0] != '\0' ? " - " : "", en,
               detail[0] != '\0' ? " / " : "", zh);
    return 0;
}

static uint64_t ask(uint16_t operation, const char *reason)
{
    struct command_ticket ticket;
    char text[COMMAND_TEXT_LIMIT];
    struct command_request request = { .device_id = device_id, .operation = operation, .requested_by = 4,
                                       .amount_fen = operation == DOWNLINK_RECHARGE ? 5000 : 0 };
    memcpy(request.reason, reason, strlen(reason) + 1);
    story_tell("%s asked: %s (%s)", clock_text(), command_operation_name(operation), reason);
    assert_int_equal(command_request(room, &request, now_s, &ticket), 0);
    command_window_text(ticket.awake, ticket.window_s, ROOM_FIXTURE_ZONE_S, false, text, sizeof text);
    story_tell("  serial %u; %s", (unsigned)ticket.serial, text);
    return ticket.command_id;
}

static uint64_t window(int64_t at_s)
{
    struct downlink downlink;
    now_s = at_s;
    int found = command_next(room, device_id, now_s, &downlink);
    assert_true(found >= 0);
    story_tell("%s the meter listens: %s", clock_text(),
               found == 1 ? command_operation_name(downlink.operation) : "nothing to send");
    return found == 1 ? downlink.command_id : 0;
}

static void answer(uint64_t command_id, uint8_t kind, uint16_t code)
{
    struct uplink uplink = { .device_id = device_id, .kind = UPLINK_ANSWER, .answer = kind, .answer_code = code,
                             .command_id = command_id };
    now_s += 2;
    assert_int_equal(command_answer(room, &uplink, now_s), 0);
}

static void report(int64_t at_s, uint8_t valve_state, uint32_t recharge_serial)
{
    struct command_observation seen = { .device_id = device_id, .valve_state = valve_state, .valve_known = 1,
                                        .recharge_serial = recharge_serial, .recharge_known = 1, .full_report = 1 };
    now_s = at_s;
    story_tell("%s report: valve %s, recharge serial %u", clock_text(), valve_state == VALVE_OPEN ? "open" : "closed",
               (unsigned)recharge_serial);
    assert_true(command_observe(room, &seen, now_s) >= 0);
}

static void lives(void **state)
{
    (void)state;
    struct command_sql *sql = NULL;
    room_fixture_open(&fixture, NULL);
    device_id = room_fixture_device(&fixture, 0);
    assert_int_equal(command_sql_open(fixture.store, &sql), 0);
    assert_int_equal(command_open(&(struct command_config){ .store = command_sql_store(sql),
                                                            .registry = fixture.registry,
                                                            .changed = move_tell,
                                                            .device_limit = 100 },
                                  &room),
                     0);
    story_begin();
    int64_t night_s = ROOM_FIXTURE_NOW_S;
    now_s = night_s - 7 * 3600;
    ask(DOWNLINK_CLOSE_VALVE, "arrears");
    now_s += 3600;
    uint64_t opening = ask(DOWNLINK_OPEN_VALVE, "paid at the counter");
    assert_int_equal(window(night_s + 60), opening);
    answer(opening, UPLINK_ANSWER_SENT, 0);
    answer(opening, UPLINK_ANSWER_TIMEOUT, 0);
    assert_int_equal(window(night_s + 86400), opening);
    answer(opening, UPLINK_ANSWER_SENT, 0);
    answer(opening, UPLINK_ANSWER_EXECUTED, 0);
    report(night_s + 86400 + 90, VALVE_OPEN, 0);
    uint64_t recharge = ask(DOWNLINK_RECHARGE, "receipt 202411050001");
    assert_int_equal(window(night_s + 2 * 86400), recharge);
    answer(recharge, UPLINK_ANSWER_SENT, 0);
    answer(recharge, UPLINK_ANSWER_TIMEOUT, 0);
    report(night_s + 3 * 86400, VALVE_OPEN, 3);
    uint64_t closing = ask(DOWNLINK_CLOSE_VALVE, "arrears");
    assert_int_equal(window(night_s + 3 * 86400 + 5), closing);
    answer(closing, UPLINK_ANSWER_SENT, 0);
    answer(closing, UPLINK_ANSWER_EXECUTED, 0);
    report(night_s + 4 * 86400, VALVE_OPEN, 3);
    uint64_t asked = ask(DOWNLINK_READ_NOW, "the customer doubts the bill");
    assert_int_equal(window(night_s + 4 * 86400 + 5), asked);
    answer(asked, UPLINK_ANSWER_SENT, 0);
    answer(asked, UPLINK_ANSWER_REFUSED, 133);
    ask(DOWNLINK_SET_CLOCK, "clock 11 h off");
    now_s += COMMAND_EXPIRY_DEFAULT_S;
    story_tell("%s a week without a word", clock_text());
    assert_int_equal(command_tick(room, now_s, 10), 1);
    story_expect("command_story");
    command_close(room);
    command_sql_close(sql);
    room_fixture_close(&fixture);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(lives) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
