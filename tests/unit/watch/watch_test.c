#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "store/sql/watch_sql.h"
#include "tests/store/room_fixture.h"
#include "watch/watch.h"

#define NOW ROOM_FIXTURE_NOW_S
#define MIDNIGHT(day) room_fixture_midnight_s(day)
#define DAY ROOM_FIXTURE_DAY

struct watch_fixture {
    struct room_fixture rooms;
    struct watch_sql *sql;
    struct watch_room *room;
    uint32_t device_id;
    int raised;
    int cleared;
};

static int change_count(void *listener, const struct watch_change *change)
{
    struct watch_fixture *fixture = listener;
    if (change->cleared)
        fixture->cleared++;
    else
        fixture->raised++;
    return 0;
}

static void room_open(struct watch_fixture *fixture)
{
    assert_int_equal(watch_sql_open(fixture->rooms.store, &fixture->sql), 0);
    assert_int_equal(watch_open(&(struct watch_config){ .store = watch_sql_store(fixture->sql),
                                                        .registry = fixture->rooms.registry,
                                                        .reading = fixture->rooms.reading,
                                                        .undo = fixture->rooms.undo,
                                                        .device_limit = 1000,
                                                        .listener = fixture,
                                                        .changed = change_count },
                                &fixture->room),
                     0);
}

static int fixture_setup(void **state)
{
    static struct watch_fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    room_fixture_open(&fixture.rooms, NULL);
    fixture.device_id = room_fixture_device(&fixture.rooms, 0);
    room_open(&fixture);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct watch_fixture *fixture = *state;
    watch_close(fixture->room);
    watch_sql_close(fixture->sql);
    room_fixture_close(&fixture->rooms);
    return 0;
}

static void put(struct uplink *uplink, uint16_t quantity, int64_t value)
{
    uplink->items[uplink->item_count++] = (struct uplink_item){ .quantity = quantity, .value = value };
}

/* One uplink through reading and watch; events raised and cleared. */
static int hear(struct watch_fixture *fixture, struct uplink *uplink, uint8_t kind, int64_t now_s)
{
    struct reading_outcome outcome;
    static uint64_t contents;
    uplink->device_id = fixture->device_id;
    uplink->kind = kind;
    uplink->received_s = now_s;
    uplink->content_hash = ++contents;
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(reading_accept(fixture->rooms.reading, uplink, now_s, &outcome), 0);
    int events = watch_observe(fixture->room, &outcome, 0, now_s);
    assert_true(events >= 0);
    room_fixture_commit(&fixture->rooms);
    return events;
}

static uint8_t status(const struct watch_fixture *fixture)
{
    const struct reading_state *state = reading_state_find(fixture->rooms.reading, fixture->device_id);
    return state ? state->status : 0;
}

static int64_t open_events(struct watch_fixture *fixture, const char *kind)
{
    struct watch_event event;
    const struct watch_store *store = watch_sql_store(fixture->sql);
    return store->event_open(store->context, fixture->device_id, kind, &event);
}

static void alarm_is_raised_once_and_cleared(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink alarm = { .device_id = 0 };
    put(&alarm, QUANTITY_ALARM_BITS, 1 << ALARM_MAGNET | 1 << ALARM_BATTERY);
    assert_int_equal(hear(fixture, &alarm, UPLINK_EVENT, NOW), 2);
    assert_int_equal(status(fixture), STATUS_ALARM | STATUS_FAULT);
    assert_int_equal(hear(fixture, &alarm, UPLINK_EVENT, NOW + 20), 0);
    struct uplink better = { .device_id = 0 };
    put(&better, QUANTITY_ALARM_BITS, 1 << ALARM_BATTERY);
    assert_int_equal(hear(fixture, &better, UPLINK_REPORT, NOW + 60), 1);
    assert_int_equal(status(fixture), STATUS_FAULT);
    assert_int_equal(open_events(fixture, "magnet"), 0);
    assert_int_equal(open_events(fixture, "battery"), 1);
    assert_int_equal(fixture->raised, 2);
    assert_int_equal(fixture->cleared, 1);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT severity FROM event WHERE kind = 'battery'"), 2);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT status FROM device_state"), STATUS_FAULT);
}

static void valve_decides_black_and_red(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink report = { .device_id = 0 };
    put(&report, QUANTITY_VALVE_STATE, VALVE_CLOSED);
    hear(fixture, &report, UPLINK_REPORT, NOW);
    assert_int_equal(status(fixture), STATUS_CUT_OFF);
    report.items[0].value = VALVE_FAULT;
    hear(fixture, &report, UPLINK_REPORT, NOW + 1);
    assert_int_equal(status(fixture), STATUS_FAULT);
    report.items[0].value = VALVE_OPEN;
    hear(fixture, &report, UPLINK_REPORT, NOW + 2);
    assert_int_equal(status(fixture), 0);
}

static void silence_begins_after_the_due_report_and_ends_with_the_next(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink report = { .device_id = 0 };
    hear(fixture, &report, UPLINK_REPORT, MIDNIGHT(DAY) + 3 * 3600 + 40);
    int64_t border_s = MIDNIGHT(DAY + 1) + 3 * 3600 + WATCH_SILENT_MARGIN_S;
    assert_int_equal(watch_silent_after_s(fixture->room, fixture->device_id, MIDNIGHT(DAY) + 3 * 3600 + 40), border_s);
    /* An alarm in between is no report. */
    struct uplink alarm = { .device_id = 0 };
    hear(fixture, &alarm, UPLINK_EVENT, border_s - 100);
    assert_int_equal(watch_tick(fixture->room, border_s, 10), 0);
    assert_int_equal(watch_tick(fixture->room, border_s + 1, 10), 1);
    assert_int_equal(status(fixture), STATUS_SILENT);
    assert_int_equal(watch_tick(fixture->room, border_s + 2, 10), 0);
    hear(fixture, &report, UPLINK_REPORT, border_s + 3600);
    assert_int_equal(status(fixture), 0);
    assert_int_equal(open_events(fixture, "silent"), 0);
}

static void never_heard_is_silent_too(void **state)
{
    struct watch_fixture *fixture = *state;
    assert_int_equal(watch_tick(fixture->room, MIDNIGHT(DAY - 10) + 6 * 3600, 10), 0);
    assert_int_equal(watch_tick(fixture->room, NOW, 10), 1);
    assert_int_equal(status(fixture), STATUS_SILENT);
}

static void round_reaches_every_device(void **state)
{
    struct watch_fixture *fixture = *state;
    for (int i = 0; i < 9; i++)
        room_fixture_device(&fixture->rooms, 0);
    int raised = 0;
    for (int i = 0; i < 4; i++)
        raised += watch_tick(fixture->room, NOW, 3);
    assert_int_equal(raised, 10);
}

static void wrong_clock_is_an_event(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink report = { .device_id = 0 };
    put(&report, QUANTITY_DEVICE_TIME, NOW + READING_CLOCK_BOUND_S + 1);
    assert_int_equal(hear(fixture, &report, UPLINK_REPORT, NOW), 1);
    assert_int_equal(open_events(fixture, "clock_error"), 1);
    assert_int_equal(status(fixture), STATUS_ALARM);
    report.items[0].value = NOW + 86400 + READING_CLOCK_BOUND_S;
    assert_int_equal(hear(fixture, &report, UPLINK_REPORT, NOW + 86400), 1);
    assert_int_equal(open_events(fixture, "clock_error"), 0);
}

static void set_aside_stays_until_it_is_decided(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink report = { .device_id = 0 };
    report.items[report.item_count++] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME,
                                                              .period = UPLINK_DAILY_FREEZE, .value = -5,
                                                              .time_s = MIDNIGHT(DAY) };
    assert_int_equal(hear(fixture, &report, UPLINK_REPORT, NOW), 1);
    assert_int_equal(room_fixture_number(&fixture->rooms, "SELECT count(*) FROM event WHERE detail = 'range'"), 1);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_SET_ASIDE, false, "", NOW + 5), 1);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_SET_ASIDE, false, "", NOW + 6), 0);
    assert_int_equal(status(fixture), 0);
}

static void restart_remembers_open_conditions(void **state)
{
    struct watch_fixture *fixture = *state;
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, true, "7", NOW), 1);
    watch_close(fixture->room);
    watch_sql_close(fixture->sql);
    room_open(fixture);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, true, "8", NOW), 0);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, false, "", NOW), 1);
}

static void rollback_leaves_no_trace(void **state)
{
    struct watch_fixture *fixture = *state;
    room_fixture_begin(&fixture->rooms);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, true, "7", NOW), 1);
    room_fixture_rollback(&fixture->rooms);
    assert_int_equal(status(fixture), 0);
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, true, "7", NOW), 1);
    assert_int_equal(open_events(fixture, "command_failed"), 1);
}

static void person_acknowledges_once(void **state)
{
    struct watch_fixture *fixture = *state;
    assert_int_equal(watch_condition_set(fixture->room, fixture->device_id, WATCH_COMMAND_FAILED, true, "7", NOW), 1);
    assert_int_equal(watch_acknowledge(fixture->room, 1, 4, NOW + 1), 0);
    assert_int_equal(watch_acknowledge(fixture->room, 1, 4, NOW + 2), WATCH_ERR_ACKNOWLEDGED);
    assert_int_equal(watch_acknowledge(fixture->room, 2, 4, NOW + 2), WATCH_ERR_EVENT);
    struct watch_event event;
    assert_int_equal(watch_event_read(fixture->room, 1, &event), 1);
    assert_int_equal(event.acknowledged_by, 4);
}

static void board_counts_each_device_once(void **state)
{
    struct watch_fixture *fixture = *state;
    struct uplink report = { .device_id = 0 };
    put(&report, QUANTITY_VALVE_STATE, VALVE_CLOSED);
    put(&report, QUANTITY_ALARM_BITS, 1 << ALARM_BATTERY | 1 << ALARM_ARREARS);
    hear(fixture, &report, UPLINK_REPORT, NOW);
    room_fixture_device(&fixture->rooms, 0);
    struct watch_counts counts;
    watch_counts(fixture->room, &fixture->rooms.scope, &counts);
    assert_int_equal(counts.total, 2);
    assert_int_equal(counts.fault, 1);
    assert_int_equal(counts.normal, 1);
    assert_int_equal(counts.cut + counts.alarm + counts.silent, 0);
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        FIXTURE_TEST(alarm_is_raised_once_and_cleared),
        FIXTURE_TEST(valve_decides_black_and_red),
        FIXTURE_TEST(silence_begins_after_the_due_report_and_ends_with_the_next),
        FIXTURE_TEST(never_heard_is_silent_too),
        FIXTURE_TEST(round_reaches_every_device),
        FIXTURE_TEST(wrong_clock_is_an_event),
        FIXTURE_TEST(set_aside_stays_until_it_is_decided),
        FIXTURE_TEST(restart_remembers_open_conditions),
        FIXTURE_TEST(rollback_leaves_no_trace),
        FIXTURE_TEST(person_acknowledges_once),
        FIXTURE_TEST(board_counts_each_device_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
