/* The n-th write of a transaction fails, for every n: afterwards neither the store nor the rooms' memory has changed, and
 * the same work done again gives what it would have given at once. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "command/command.h"
#include "store/sql/command_sql.h"
#include "store/sql/watch_sql.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"
#include "watch/watch.h"

#define DAY ROOM_FIXTURE_DAY
#define WRITES_LIMIT 500

static struct room_fixture rooms;
static struct command_sql *command_sql;
static struct watch_sql *watch_sql;
static struct reading_room *reading;
static struct command_room *command;
static struct watch_room *watch;
static uint32_t device_id;

static struct reading_store reading_real;
static struct command_store command_real;
static struct watch_store watch_real;

/* Writes that still succeed; negative: all do. */
static int writes_left = -1;

static int write_refused(void)
{
    if (writes_left == 0)
        return STORE_ERR_FULL;
    if (writes_left > 0)
        writes_left--;
    return 0;
}

static int state_write(void *context, uint32_t id, const struct reading_state *state)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.state_write(context, id, state);
}

static int day_insert(void *context, uint32_t id, const struct reading_day *day)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.day_insert(context, id, day);
}

static int set_aside_insert(void *context, const struct reading_set_aside *row, int64_t *id)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.set_aside_insert(context, row, id);
}

static int area_day_add(void *context, const struct reading_area_day *gain)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.area_day_add(context, gain);
}

static int register_insert(void *context, const struct reading_register *row)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.register_insert(context, row);
}

static int conflict_insert(void *context, const struct reading_register *row)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.conflict_insert(context, row);
}

static int register_mark(void *context, const struct reading_register *row)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.register_mark(context, row);
}

static int interval_write(void *context, const struct interval_row *row)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.interval_write(context, row);
}

static int frame_insert(void *context, const struct reading_frame *frame, uint64_t *id)
{
    int error = write_refused();
    return error != 0 ? error : reading_real.frame_insert(context, frame, id);
}

static int command_insert(void *context, struct command_record *row)
{
    int error = write_refused();
    return error != 0 ? error : command_real.insert(context, row);
}

static int command_update(void *context, const struct command_record *row)
{
    int error = write_refused();
    return error != 0 ? error : command_real.update(context, row);
}

static int step_insert(void *context, uint64_t id, enum command_state state, int64_t at_s, const char *detail)
{
    int error = write_refused();
    return error != 0 ? error : command_real.step_insert(context, id, state, at_s, detail);
}

static int event_insert(void *context, struct watch_event *event)
{
    int error = write_refused();
    return error != 0 ? error : watch_real.event_insert(context, event);
}

static int event_clear(void *context, int64_t id, int64_t cleared_s)
{
    int error = write_refused();
    return error != 0 ? error : watch_real.event_clear(context, id, cleared_s);
}

static void rooms_open(void)
{
    static struct reading_store reading_store;
    static struct command_store command_store;
    static struct watch_store watch_store;
    reading_store = reading_real = *reading_sql_store(rooms.reading_sql);
    reading_store.state_write = state_write;
    reading_store.day_insert = day_insert;
    reading_store.set_aside_insert = set_aside_insert;
    reading_store.area_day_add = area_day_add;
    reading_store.register_insert = register_insert;
    reading_store.conflict_insert = conflict_insert;
    reading_store.register_mark = register_mark;
    reading_store.interval_write = interval_write;
    reading_store.frame_insert = frame_insert;
    assert_int_equal(command_sql_open(rooms.store, &command_sql), 0);
    command_store = command_real = *command_sql_store(command_sql);
    command_store.insert = command_insert;
    command_store.update = command_update;
    command_store.step_insert = step_insert;
    assert_int_equal(watch_sql_open(rooms.store, &watch_sql), 0);
    watch_store = watch_real = *watch_sql_store(watch_sql);
    watch_store.event_insert = event_insert;
    watch_store.event_clear = event_clear;
    assert_int_equal(reading_open(&(struct reading_config){ .store = &reading_store, .registry = rooms.registry,
                                                            .undo = rooms.undo, .device_limit = 100 },
                                  &reading),
                     0);
    assert_int_equal(command_open(&(struct command_config){ .store = &command_store, .registry = rooms.registry,
                                                            .undo = rooms.undo, .device_limit = 100 },
                                  &command),
                     0);
    assert_int_equal(watch_open(&(struct watch_config){ .store = &watch_store, .registry = rooms.registry,
                                                        .reading = reading, .undo = rooms.undo,
                                                        .device_limit = 100 },
                                &watch),
                     0);
}

static void rooms_close(void)
{
    watch_close(watch);
    command_close(command);
    reading_close(reading);
    watch_sql_close(watch_sql);
    command_sql_close(command_sql);
}

static int uplink_take(const struct uplink *uplink)
{
    struct reading_outcome outcome;
    int error = reading_accept(reading, uplink, uplink->received_s, &outcome);
    if (error >= 0)
        error = watch_observe(watch, &outcome, 0, uplink->received_s);
    const struct reading_state *state = reading_state_find(reading, device_id);
    struct command_observation seen = { .device_id = device_id, .valve_known = 1, .full_report = outcome.full_report };
    if (error >= 0) {
        seen.valve_state = state->valve_state;
        error = command_observe(command, &seen, uplink->received_s);
    }
    return error;
}

/* An hour of quarter-hours; on odd days another value at an instant of the day before, which is kept beside it. */
static struct uplink series_make(int day)
{
    struct uplink uplink = report_make(device_id, room_fixture_midnight_s(DAY + day) + 4 * 3600);
    const struct uplink_series head = { .start_s = room_fixture_midnight_s(DAY + day - day % 2) + 900,
                                        .quantity = QUANTITY_WATER_VOLUME, .interval_s = 900, .count = 4 };
    int64_t values[4];
    for (int i = 0; i < 4; i++)
        values[i] = 1000000 + (day - day % 2) * 300000 + (i + 1) * 1000 + (day % 2) * 7;
    uplink_series_set(&uplink, &head, values);
    return uplink;
}

/* Everything that the core does in one transaction: a request, a report with an odd value and an alarm, quarter-hours, an
 * answer. */
static int work_do(int day)
{
    int64_t base_value = 1000000 + day * 300000;
    struct uplink report = report_full(device_id, DAY + day, (int64_t[]){ base_value, base_value - 300000 }, 2, base_value);
    struct uplink answer = { .device_id = device_id, .kind = UPLINK_ANSWER, .answer = UPLINK_ANSWER_EXECUTED,
                             .received_s = report.received_s + 5, .frame_size = 4 };
    struct uplink series = series_make(day);
    struct command_request request = { .device_id = device_id, .operation = DOWNLINK_CLOSE_VALVE };
    struct command_ticket ticket;
    struct downlink downlink = { .command_id = 0 };
    report.frame_size = 100;
    report.content_hash = (uint64_t)day + 1;
    report_midnight(&report, DAY + day - 3, 900000000);
    report_item(&report, QUANTITY_ALARM_BITS, UPLINK_CURRENT, day % 2 == 0 ? 1 << ALARM_MAGNET : 0, 0);
    report_item(&report, QUANTITY_VALVE_STATE, UPLINK_CURRENT, day % 2 == 0 ? VALVE_OPEN : VALVE_CLOSED, 0);
    report_item(&answer, QUANTITY_TEMPERATURE, UPLINK_CURRENT, 21000 + day, 0);
    report_item(&answer, QUANTITY_VOLUME_REVERSE, UPLINK_DAILY_FREEZE, day * 5, room_fixture_midnight_s(DAY));
    int error = command_request(command, &request, report.received_s, &ticket);
    if (error >= 0)
        error = uplink_take(&report);
    if (error >= 0)
        error = uplink_take(&series);
    if (error >= 0)
        error = command_next(command, device_id, report.received_s, &downlink);
    answer.command_id = downlink.command_id;
    if (error >= 0)
        error = command_answer(command, &answer, answer.received_s);
    if (error >= 0)
        error = uplink_take(&answer);
    return error < 0 ? error : reading_flush(reading);
}

static void transaction_end(int error)
{
    if (error >= 0) {
        assert_int_equal(store_commit(rooms.store), 0);
        undo_clear(rooms.undo);
        return;
    }
    store_rollback(rooms.store);
    undo_revert(rooms.undo, 0);
    reading_rolled_back(reading);
}

static int64_t content_sum(void)
{
    static const char *const sums[] = {
        "SELECT count(*) * 1000003 + ifnull(sum(total_value), 0) FROM daily_reading",
        "SELECT count(*) * 7 + ifnull(sum(day), 0) FROM reading_set_aside",
        "SELECT ifnull(sum(received) * 31 + sum(usage_value), 0) FROM area_day",
        "SELECT count(*) * 11 + ifnull(sum(cleared_s), 0) FROM event",
        "SELECT count(*) * 13 + ifnull(sum(serial * 3 + length(state)), 0) FROM command",
        "SELECT count(*) FROM command_step",
        "SELECT ifnull(sum(register_value + status * 17 + last_frame), 0) FROM device_state",
        "SELECT count(*) FROM frame",
        "SELECT ifnull(sum(day * 3 + refused + missing * 2 + received_s), 0) FROM interval_day",
        "SELECT count(*) * 5 + ifnull(sum(quality), 0) + (SELECT count(*) FROM register_conflict) FROM register_reading",
    };
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        sum = sum * 3 + room_fixture_number(&rooms, sums[i]);
    return sum;
}

/* The work of one day with every single write refused once, then let through; number of writes it has. */
static int day_with_every_fault(int day)
{
    static const struct reading_state unheard;
    for (int n = 0; n < WRITES_LIMIT; n++) {
        const struct reading_state *known = reading_state_find(reading, device_id);
        struct reading_state before = known ? *known : unheard;
        int64_t sum = content_sum();
        writes_left = n;
        assert_int_equal(store_begin(rooms.store), 0);
        int error = work_do(day);
        transaction_end(error);
        writes_left = -1;
        if (error >= 0)
            return n;
        assert_int_equal(error, STORE_ERR_FULL);
        assert_int_equal(content_sum(), sum);
        known = reading_state_find(reading, device_id);
        assert_memory_equal(known ? known : &unheard, &before, sizeof before);
    }
    fail_msg("the work of one day never came to an end");
    return 0;
}

static int64_t days_run(bool faults)
{
    room_fixture_open(&rooms, NULL);
    device_id = room_fixture_device(&rooms, 0);
    rooms_open();
    for (int day = 0; day < 4; day++) {
        if (faults) {
            assert_true(day_with_every_fault(day) > 5);
            continue;
        }
        assert_int_equal(store_begin(rooms.store), 0);
        int error = work_do(day);
        assert_true(error >= 0);
        transaction_end(error);
    }
    int64_t sum = content_sum();
    rooms_close();
    room_fixture_close(&rooms);
    return sum;
}

static void every_write_may_fail(void **state)
{
    (void)state;
    int64_t undisturbed = days_run(false);
    assert_int_equal(days_run(true), undisturbed);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(every_write_may_fail) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
