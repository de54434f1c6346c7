/* Storms of reports whose states go into the log first: whenever the power goes, no state is lost and none is older than it was. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "reading/state_log.h"
#include "store/statement.h"
#include "tests/store/postgres_fixture.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define METERS (STATE_LOG_ROWS_LEAST + 1000) /* more than a second brings up: a walk takes two */
#define STORM_S 30
#define SEEDS 6
#define STEPS 60
#define ENTRY_SIZE 400

static struct room_fixture fixture;
static struct reading_outcome outcome;
static int64_t clock_s;
static int64_t dial_value;

static void meters_add(void)
{
    room_fixture_begin(&fixture);
    for (uint32_t i = 1; i <= METERS; i++) {
        struct device_record row = { .area_id = fixture.building_a, .imei = UINT64_C(861111111111111) + i,
                                     .installed_s = room_fixture_midnight_s(ROOM_FIXTURE_DAY - 10) };
        snprintf(row.meter_number, sizeof row.meter_number, "%012u", i);
        assert_int_equal(registry_device_add(fixture.registry, &fixture.scope, ROOM_FIXTURE_NOW_S, &row), 0);
        assert_int_equal(row.device_id, i);
    }
    room_fixture_commit(&fixture);
}

static int town_open(void **state)
{
    (void)state;
    room_fixture_open(&fixture, NULL);
    meters_add();
    clock_s = ROOM_FIXTURE_NOW_S;
    dial_value = 1000;
    return 0;
}

static int town_close(void **state)
{
    (void)state;
    room_fixture_close(&fixture);
    return 0;
}

static void reports_accept(uint32_t first, uint32_t count)
{
    clock_s++;
    dial_value++;
    for (uint32_t i = 0; i < count; i++) {
        struct uplink report = report_full((first + i) % METERS + 1, ROOM_FIXTURE_DAY, &dial_value, 0, dial_value);
        report.received_s = clock_s;
        assert_int_equal(reading_accept(fixture.reading, &report, clock_s, &outcome), 0);
    }
}

static void reports_take(uint32_t first, uint32_t count)
{
    room_fixture_begin(&fixture);
    reports_accept(first, count);
    room_fixture_commit(&fixture);
}

static void second_pass(void)
{
    room_fixture_begin(&fixture);
    assert_true(reading_tick(fixture.reading, ++clock_s) >= 0);
    room_fixture_commit(&fixture);
}

static void rest(void)
{
    int left = 1;
    while (left == 1) {
        room_fixture_begin(&fixture);
        left = reading_rows_settle(fixture.reading);
        room_fixture_commit(&fixture);
    }
    assert_int_equal(left, 0);
}

static int64_t rows_behind(void)
{
    struct statement *rows = NULL;
    int64_t behind = 0;
    assert_int_equal(statement_prepare(fixture.store, "SELECT device_id, register_value FROM device_state", &rows), 0);
    for (uint32_t id = 1; id <= METERS; id++)
        behind += reading_state_find(fixture.reading, id) != NULL;
    while (statement_row(rows) == 1) {
        uint32_t id = (uint32_t)statement_integer(rows, 0);
        behind -= reading_state_find(fixture.reading, id)->register_value == statement_integer(rows, 1);
    }
    statement_finalize(rows);
    return behind;
}

static int64_t log_rows(void)
{
    return room_fixture_number(&fixture, "SELECT count(*) FROM state_log");
}

static size_t entry_write(const struct reading_state *state, uint8_t bytes[ENTRY_SIZE])
{
    struct writer writer = writer_of_buffer(bytes, ENTRY_SIZE);
    state_log_put(&writer, 7, state);
    assert_false(writer.overflow);
    return writer.size;
}

/* A copy of all states, and whether the room still knows them. */
static void states_keep(struct reading_state kept[METERS + 1])
{
    for (uint32_t id = 1; id <= METERS; id++) {
        const struct reading_state *state = reading_state_find(fixture.reading, id);
        kept[id] = state != NULL ? *state : (struct reading_state){ 0 };
    }
}

static void states_check(const struct reading_state kept[METERS + 1])
{
    for (uint32_t id = 1; id <= METERS; id++) {
        uint8_t expected[ENTRY_SIZE], found[ENTRY_SIZE];
        const struct reading_state *state = reading_state_find(fixture.reading, id);
        struct reading_state none = { 0 };
        size_t size = entry_write(&kept[id], expected);
        assert_int_equal(entry_write(state != NULL ? state : &none, found), size);
        assert_memory_equal(found, expected, size);
    }
}

static void a_storm_goes_to_the_log_and_survives_a_restart(void **state)
{
    static struct reading_state kept[METERS + 1];
    (void)state;
    reports_take(0, METERS);
    assert_true(log_rows() > 0);
    assert_int_equal(rows_behind(), METERS);
    states_keep(kept);
    room_fixture_reload(&fixture);
    states_check(kept);
    rest();
    assert_int_equal(rows_behind(), 0);
    assert_int_equal(log_rows(), 0);
    room_fixture_reload(&fixture);
    states_check(kept);
}

static void few_reports_are_in_their_rows_at_once(void **state)
{
    (void)state;
    reports_take(0, STATE_LOG_LEAST - 1);
    assert_int_equal(rows_behind(), 0);
    assert_int_equal(log_rows(), 0);
}

/* A report after the storm must not be undone by what the log still says. */
static void what_comes_after_a_storm_is_newer_than_it(void **state)
{
    static struct reading_state kept[METERS + 1];
    (void)state;
    reports_take(0, METERS);
    room_fixture_begin(&fixture);
    assert_int_equal(reading_row_settle(fixture.reading, 5), 0);
    room_fixture_commit(&fixture);
    assert_int_equal(rows_behind(), METERS - 1);
    reports_take(4, 1);
    states_keep(kept);
    room_fixture_reload(&fixture);
    states_check(kept);
}

static void a_status_is_in_its_row_at_once(void **state)
{
    (void)state;
    reports_take(0, METERS);
    room_fixture_begin(&fixture);
    assert_int_equal(reading_status_set(fixture.reading, 9, STATUS_ALARM), 0);
    room_fixture_commit(&fixture);
    assert_int_equal(room_fixture_number(&fixture, "SELECT status FROM device_state WHERE device_id = 9"), STATUS_ALARM);
    assert_int_equal(room_fixture_number(&fixture, "SELECT sum(devices) FROM area_status WHERE status = 4 AND area_id = 1"), 1);
    room_fixture_reload(&fixture);
    assert_int_equal(reading_state_find(fixture.reading, 9)->status, STATUS_ALARM);
}

static void calm_seconds_bring_every_row_up(void **state)
{
    (void)state;
    reports_take(0, METERS);
    second_pass();
    second_pass();
    assert_int_equal(rows_behind(), 0);
    assert_int_equal(log_rows(), 0);
}

/* However long it blows, the log is no longer than two walks of two seconds each and what came since. */
static void a_storm_without_end_keeps_the_log_short(void **state)
{
    static struct reading_state kept[METERS + 1];
    int64_t longest = 0;
    int64_t in_a_second = 0;
    (void)state;
    for (uint32_t second = 0; second < STORM_S; second++) {
        reports_take(second * 37, METERS);
        second_pass();
        reports_take(second * 41, STATE_LOG_LEAST);
        in_a_second = second == 0 ? log_rows() : in_a_second;
        longest = log_rows() > longest ? log_rows() : longest;
        assert_true(rows_behind() > 0);
    }
    assert_true(longest <= 6 * in_a_second);
    states_keep(kept);
    room_fixture_reload(&fixture);
    states_check(kept);
}

static void step_take(struct random *random)
{
    uint32_t first = (uint32_t)random_below(random, METERS);
    switch (random_below(random, 6)) {
    case 0:
    case 1:
        reports_take(first, STATE_LOG_LEAST + (uint32_t)random_below(random, 300));
        break;
    case 2:
        reports_take(first, 1 + (uint32_t)random_below(random, 20));
        break;
    case 3:
        room_fixture_begin(&fixture);
        assert_true(reading_tick(fixture.reading, ++clock_s) >= 0);
        assert_int_equal(reading_row_settle(fixture.reading, first + 1), 0);
        reports_accept(first, STATE_LOG_LEAST);
        assert_int_equal(reading_flush(fixture.reading), 0);
        room_fixture_rollback(&fixture);
        break;
    case 4:
        room_fixture_begin(&fixture);
        assert_int_equal(reading_status_set(fixture.reading, first + 1, (uint8_t)random_below(random, 8)), 0);
        assert_int_equal(reading_row_settle(fixture.reading, (first + 7) % METERS + 1), 0);
        room_fixture_commit(&fixture);
        break;
    default:
        second_pass();
    }
}

/* Storms, single reports, refused transactions and restarts in any order. */
static void no_restart_loses_a_state(void **state)
{
    static struct reading_state kept[METERS + 1];
    uint64_t seeds = postgres_fixture_there() ? 2 : SEEDS; /* a restart prepares all statements anew, and reads every state over a socket */
    (void)state;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct random random = random_of_seed(seed);
        print_message("seed %d\n", (int)seed);
        for (int step = 0; step < STEPS; step++) {
            step_take(&random);
            if (random_below(&random, 4) != 0)
                continue;
            states_keep(kept);
            room_fixture_reload(&fixture);
            states_check(kept);
        }
        rest();
        assert_int_equal(rows_behind(), 0);
        assert_int_equal(log_rows(), 0);
    }
}

/* What was believed, as it must be found again: the newest days of each meter. */
#define DAYS 32

static struct reading_day believed[METERS + 1][DAYS];

/* A report of its newest midnights, all of them new to nobody or to everybody; some come with a time behind the last one. */
static void midnights_accept(struct random *random, uint32_t id, int32_t day, struct reading_day taken[METERS + 1][DAYS])
{
    int64_t values[3];
    int count = 1 + (int)random_below(random, 3);
    for (int back = 0; back < 3; back++)
        values[back] = 100000 + 1000 * (int64_t)(day - back - ROOM_FIXTURE_DAY) + id;
    struct uplink report = report_full(id, day, values, count, values[0] + 1);
    report.received_s = room_fixture_midnight_s(day) + 10800 + (int64_t)random_below(random, 3) * 60;
    assert_int_equal(reading_accept(fixture.reading, &report, report.received_s, &outcome), 0);
    for (int i = 0; i < outcome.day_count; i++)
        taken[id][outcome.days[i].day - ROOM_FIXTURE_DAY + 2] = outcome.days[i];
}

static void day_check(const struct reading_day *expected, const struct reading_day *found)
{
    assert_int_equal(found->day, expected->day);
    assert_int_equal(found->register_value, expected->register_value);
    assert_int_equal(found->total_value, expected->total_value);
    assert_int_equal(found->multiplier_e3, expected->multiplier_e3);
    assert_int_equal(found->received_s, expected->received_s);
    assert_int_equal(found->quality, expected->quality);
}

static int64_t midnights_check(void)
{
    int64_t count = 0;
    for (uint32_t id = 1; id <= METERS; id++)
        for (int i = 0; i < DAYS; i++) {
            struct reading_day found;
            if (believed[id][i].day == 0)
                continue;
            count++;
            assert_int_equal(reading_day_read(fixture.reading, id, believed[id][i].day, &found), 1);
            day_check(&believed[id][i], &found);
        }
    return count;
}

static void midnights_take(struct random *random, int32_t day)
{
    static struct reading_day taken[METERS + 1][DAYS];
    uint32_t first = (uint32_t)random_below(random, METERS);
    uint32_t count = random_below(random, 3) == 0 ? 1 + (uint32_t)random_below(random, 20)
                                                  : STATE_LOG_LEAST + (uint32_t)random_below(random, 1000);
    memcpy(taken, believed, sizeof taken);
    room_fixture_begin(&fixture);
    for (uint32_t i = 0; i < count; i++)
        midnights_accept(random, (first + i * 7) % METERS + 1, day, taken);
    if (random_below(random, 4) == 0)
        assert_int_equal(reading_row_settle(fixture.reading, first + 1), 0);
    if (random_below(random, 5) == 0) {
        assert_int_equal(reading_flush(fixture.reading), 0);
        room_fixture_rollback(&fixture);
        return;
    }
    room_fixture_commit(&fixture);
    memcpy(believed, taken, sizeof taken);
}

/* A midnight is a row or waits in the log; never in neither, and as a row it says what it would have said at once. */
static void no_restart_loses_a_midnight(void **state)
{
    struct random random = random_of_seed(11);
    int64_t waited = 0;
    (void)state;
    memset(believed, 0, sizeof believed);
    for (int step = 0; step < STEPS; step++) {
        midnights_take(&random, ROOM_FIXTURE_DAY + step / 3);
        int64_t count = midnights_check();
        waited += count - room_fixture_number(&fixture, "SELECT count(*) FROM daily_reading");
        if (random_below(&random, 3) == 0)
            second_pass();
        if (random_below(&random, 4) == 0) {
            room_fixture_reload(&fixture);
            assert_int_equal(midnights_check(), count);
        }
    }
    assert_true(waited > 0);
    rest();
    assert_int_equal(room_fixture_number(&fixture, "SELECT count(*) FROM daily_reading"), midnights_check());
    assert_int_equal(rows_behind(), 0);
}

static struct reading_state state_make(struct random *random)
{
    uint8_t bytes[sizeof(struct reading_state)];
    struct reading_state state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random_below(random, random_below(random, 2) == 0 ? 256 : 2);
    memcpy(&state, bytes, sizeof state);
    return state;
}

static void an_entry_comes_back_as_it_was(void **state)
{
    struct random random = random_of_seed(3);
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t first[ENTRY_SIZE], second[ENTRY_SIZE];
        struct reading_state made = state_make(&random), back;
        uint32_t device_id = 0;
        size_t size = entry_write(&made, first);
        struct reader reader = reader_of_span(span_of_bytes(first, size));
        assert_int_equal(state_log_take(&reader, &device_id, &back), 1);
        assert_int_equal(device_id, 7);
        assert_int_equal(state_log_take(&reader, &device_id, &made), 0);
        assert_int_equal(entry_write(&back, second), size);
        assert_memory_equal(second, first, size);
        reader = reader_of_span(span_of_bytes(first, random_below(&random, (uint32_t)size - 1) + 1));
        assert_int_equal(state_log_take(&reader, &device_id, &back), READING_ERR_STORED);
    }
}

static void the_bytes_of_a_row_come_back_as_they_were(void **state)
{
    struct random random = random_of_seed(4);
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t first[READING_STATE_BYTES_LIMIT + 1], entry[ENTRY_SIZE], entry_back[ENTRY_SIZE];
        struct reading_state made = state_make(&random), back, untouched = made;
        size_t size = reading_state_pack(&made, first);
        assert_int_equal(reading_state_unpack(span_of_bytes(first, size), &back), 1);
        assert_int_equal(back.status, 0);
        back.status = made.status; /* it stands in its column */
        assert_int_equal(entry_write(&back, entry_back), entry_write(&made, entry));
        assert_memory_equal(entry_back, entry, entry_write(&made, entry));
        uint32_t cut = (uint32_t)random_below(&random, (uint32_t)size);
        int expected = cut == 0 || cut == 40 ? 0 : -1;
        assert_int_equal(reading_state_unpack(span_of_bytes(first, cut), &back), expected);
        first[size] = 0;
        assert_int_equal(reading_state_unpack(span_of_bytes(first, size + 1), &made), -1);
        first[40]++;
        assert_int_equal(reading_state_unpack(span_of_bytes(first, size), &made), -1);
        assert_memory_equal(&made, &untouched, sizeof made);
    }
}

static void older_bytes_say_hash_and_newest_registers(void **state)
{
    struct reading_state made = { .content_hash = UINT64_C(0x8102030405060708), .recent_register = { 1, [7] = 0xfffffffe }, .total_value = 9 };
    struct reading_state back = { .total_value = 8 };
    uint8_t bytes[READING_STATE_BYTES_LIMIT];
    (void)state;
    (void)reading_state_pack(&made, bytes);
    assert_int_equal(reading_state_unpack(span_of_bytes(bytes, 40), &back), 0);
    assert_true(back.content_hash == made.content_hash && back.recent_register[0] == 1 && back.recent_register[7] == 0xfffffffe);
    assert_int_equal(back.total_value, 0);
    assert_int_equal(reading_state_unpack(span_of_bytes(NULL, 0), &back), 0);
    assert_true(back.content_hash == 0 && back.recent_register[7] == 0);
}

static void the_ends_of_each_member_come_back(void **state)
{
    struct reading_state made = { .content_hash = UINT64_MAX, .balance_fen = INT64_MIN, .register_value = INT64_MAX,
                                  .complete_days = UINT64_C(1) << 63, .newest_day = -1, .clock_error_s = INT32_MIN,
                                  .alarm_bits = UINT32_MAX, .rsrp_dbm = -140, .snr_db = INT16_MIN, .battery_mv = UINT16_MAX,
                                  .recent_register = { [7] = UINT32_MAX }, .status = 255 };
    struct reading_state back;
    uint8_t bytes[ENTRY_SIZE];
    uint32_t device_id;
    (void)state;
    struct reader reader = reader_of_span(span_of_bytes(bytes, entry_write(&made, bytes)));
    assert_int_equal(state_log_take(&reader, &device_id, &back), 1);
    assert_true(back.content_hash == UINT64_MAX && back.balance_fen == INT64_MIN && back.register_value == INT64_MAX);
    assert_true(back.complete_days == UINT64_C(1) << 63 && back.newest_day == -1 && back.clock_error_s == INT32_MIN);
    assert_true(back.alarm_bits == UINT32_MAX && back.rsrp_dbm == -140 && back.snr_db == INT16_MIN);
    assert_true(back.battery_mv == UINT16_MAX && back.recent_register[7] == UINT32_MAX && back.status == 255);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_storm_goes_to_the_log_and_survives_a_restart, town_open, town_close),
        cmocka_unit_test_setup_teardown(few_reports_are_in_their_rows_at_once, town_open, town_close),
        cmocka_unit_test_setup_teardown(what_comes_after_a_storm_is_newer_than_it, town_open, town_close),
        cmocka_unit_test_setup_teardown(a_status_is_in_its_row_at_once, town_open, town_close),
        cmocka_unit_test_setup_teardown(calm_seconds_bring_every_row_up, town_open, town_close),
        cmocka_unit_test_setup_teardown(a_storm_without_end_keeps_the_log_short, town_open, town_close),
        cmocka_unit_test_setup_teardown(no_restart_loses_a_state, town_open, town_close),
        cmocka_unit_test_setup_teardown(no_restart_loses_a_midnight, town_open, town_close),
        cmocka_unit_test(an_entry_comes_back_as_it_was),
        cmocka_unit_test(the_bytes_of_a_row_come_back_as_they_were),
        cmocka_unit_test(older_bytes_say_hash_and_newest_registers),
        cmocka_unit_test(the_ends_of_each_member_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
