/* Rows that the store of the reading room keeps back: what is in the tables once they are settled. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "store/sql/reading_sql.h"
#include "tests/store/store_fixture.h"

#define MANY 1500 /* more than are kept back */

struct rows {
    struct store *store;
    struct reading_sql *sql;
    const struct reading_store *room;
};

static int rows_open(void **state)
{
    static struct rows rows;

    rows.store = store_fixture_memory();
    store_fixture_loosen(rows.store);
    assert_int_equal(reading_sql_open(rows.store, &rows.sql), 0);
    rows.room = reading_sql_store(rows.sql);
    assert_int_equal(store_begin(rows.store), 0);
    *state = &rows;
    return 0;
}

static int rows_close(void **state)
{
    struct rows *rows = *state;

    assert_int_equal(store_commit(rows->store), 0);
    reading_sql_close(rows->sql);
    store_close(rows->store);
    return 0;
}

static void state_write(struct rows *rows, uint32_t device_id, int64_t register_value, uint8_t status, uint8_t dirty)
{
    struct reading_state state = { .register_value = register_value, .last_received_s = 7, .rsrp_dbm = -90, .status = status,
                                   .complete_days = UINT64_MAX, .dirty = dirty };

    state.content_hash = (uint64_t)register_value;
    assert_int_equal(rows->room->state_write(rows->room->context, device_id, &state), 0);
}

static void settle(struct rows *rows)
{
    assert_int_equal(rows->room->settle(rows->room->context), 0);
}

static int64_t number(struct rows *rows, const char *query)
{
    int64_t value = -1;

    assert_int_equal(store_number(rows->store, query, &value), 0);
    return value;
}

static void of_one_device_the_last_state_stays(void **state)
{
    struct rows *rows = *state;

    state_write(rows, 3, 100, 8, READING_DIRTY_STATE);
    state_write(rows, 1, 200, 0, READING_DIRTY_STATE);
    state_write(rows, 3, 300, 8, READING_DIRTY_STATE);
    state_write(rows, 2, 400, 0, READING_DIRTY_STATE);
    state_write(rows, 3, 500, 8, READING_DIRTY_STATE);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM device_state"), 3);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 3"), 500);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 1"), 200);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 2"), 400);
    assert_int_equal(number(rows, "SELECT complete_days FROM device_state WHERE device_id = 2"), -1);
    assert_int_equal(number(rows, "SELECT rsrp_dbm FROM device_state WHERE device_id = 2"), -90);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 3"), 8);
    assert_int_equal(number(rows, "SELECT count(DISTINCT recent) FROM device_state"), 3);
}

static void a_status_is_written_when_it_differs_only(void **state)
{
    struct rows *rows = *state;

    state_write(rows, 1, 100, 0, READING_DIRTY_STATE);
    state_write(rows, 2, 100, 0, READING_DIRTY_STATE);
    settle(rows);
    state_write(rows, 1, 200, 4, READING_DIRTY_STATE | READING_DIRTY_STATUS);
    state_write(rows, 2, 200, 4, READING_DIRTY_STATE);
    state_write(rows, 1, 300, 4, READING_DIRTY_STATE); /* and is not forgotten by a later state */
    settle(rows);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 1"), 4);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 1"), 300);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 2"), 0);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 2"), 200);
}

static void devices_that_are_known_and_new_ones_together(void **state)
{
    struct rows *rows = *state;

    state_write(rows, 2, 100, 0, READING_DIRTY_STATE);
    settle(rows);
    state_write(rows, 1, 200, 8, READING_DIRTY_STATE | READING_DIRTY_STATUS);
    state_write(rows, 2, 300, 4, READING_DIRTY_STATE | READING_DIRTY_STATUS);
    state_write(rows, 3, 400, 0, READING_DIRTY_STATE);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM device_state"), 3);
    assert_int_equal(number(rows, "SELECT sum(register_value) FROM device_state WHERE device_id IN (1, 3)"), 600);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 2"), 300);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 1"), 8);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 2"), 4);
}

static void more_than_are_kept_back(void **state)
{
    struct rows *rows = *state;

    for (int64_t round = 1; round <= 2; round++)
        for (uint32_t i = 0; i < MANY; i++)
            state_write(rows, 1 + i * 7919 % MANY, round * 1000 + (int64_t)i, 0, READING_DIRTY_STATE);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM device_state"), MANY);
    assert_int_equal(number(rows, "SELECT min(register_value) FROM device_state"), 2000);
    assert_int_equal(number(rows, "SELECT max(register_value) FROM device_state"), 2000 + MANY - 1);
}

static void what_is_rolled_back_is_nobodys(void **state)
{
    struct rows *rows = *state;

    state_write(rows, 1, 100, 4, READING_DIRTY_STATE | READING_DIRTY_STATUS);
    store_rollback(rows->store);
    rows->room->forget(rows->room->context);
    assert_int_equal(store_begin(rows->store), 0);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM device_state"), 0);
    state_write(rows, 1, 200, 0, READING_DIRTY_STATE);
    settle(rows);
    assert_int_equal(number(rows, "SELECT register_value FROM device_state WHERE device_id = 1"), 200);
    assert_int_equal(number(rows, "SELECT status FROM device_state WHERE device_id = 1"), 0);
}

static void quarters_write(struct rows *rows, uint32_t device_id, int32_t day, uint8_t missing)
{
    struct interval_row row = { .device_id = device_id, .channel = 65536, .day = day, .missing = missing, .scale_e3 = 1000,
                                .received_s = 7, .block_size = 1 + missing };

    memset(row.block, missing, row.block_size);
    assert_int_equal(rows->room->interval_write(rows->room->context, &row), 0);
}

static int quarters_read(struct rows *rows, uint32_t device_id, int32_t day)
{
    struct interval_row row = { .device_id = device_id, .channel = 65536, .day = day };
    int found = rows->room->interval_read(rows->room->context, &row);

    assert_true(found >= 0);
    if (found == 0)
        return -1;
    assert_int_equal(row.block_size, 1 + row.missing);
    assert_int_equal(row.block[row.block_size - 1], row.missing);
    return row.missing;
}

static void a_day_is_read_before_it_is_settled_and_after(void **state)
{
    struct rows *rows = *state;

    quarters_write(rows, 1, 20000, 3);
    quarters_write(rows, 1, 20001, 4);
    quarters_write(rows, 2, 20000, 5);
    quarters_write(rows, 1, 20000, 6);
    for (int settled = 0; settled < 2; settled++) {
        assert_int_equal(quarters_read(rows, 1, 20000), 6);
        assert_int_equal(quarters_read(rows, 1, 20001), 4);
        assert_int_equal(quarters_read(rows, 2, 20000), 5);
        assert_int_equal(quarters_read(rows, 2, 20001), -1);
        settle(rows);
    }
    quarters_write(rows, 2, 20000, 9);
    assert_int_equal(quarters_read(rows, 2, 20000), 9);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day"), 3);
    assert_int_equal(number(rows, "SELECT missing FROM interval_day WHERE device_id = 2"), 9);
    assert_int_equal(number(rows, "SELECT length(block) FROM interval_day WHERE device_id = 2"), 10);
}

static void more_days_than_are_kept_back(void **state)
{
    struct rows *rows = *state;

    for (uint8_t round = 1; round <= 2; round++)
        for (uint32_t i = 0; i < MANY; i++)
            quarters_write(rows, 1 + i * 7919 % MANY, 20000 + (int32_t)(i % 2), round);
    assert_int_equal(quarters_read(rows, 1, 20000), 2);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day"), MANY);
    assert_int_equal(number(rows, "SELECT min(missing) FROM interval_day"), 2);
}

static void days_that_are_rolled_back_are_nobodys(void **state)
{
    struct rows *rows = *state;

    quarters_write(rows, 1, 20000, 3);
    store_rollback(rows->store);
    rows->room->forget(rows->room->context);
    assert_int_equal(store_begin(rows->store), 0);
    assert_int_equal(quarters_read(rows, 1, 20000), -1);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day"), 0);
}

static void expect(struct rows *rows, uint32_t first, size_t count)
{
    static struct interval_key keys[MANY];

    for (size_t i = 0; i < count; i++)
        keys[i] = (struct interval_key){ .device_id = first + (uint32_t)i, .channel = 65536, .day = 20000 };
    if (rows->room->intervals_expect != NULL)
        rows->room->intervals_expect(rows->room->context, keys, count);
}

static void days_that_are_expected_are_as_they_are(void **state)
{
    struct rows *rows = *state;

    for (uint32_t i = 1; i <= MANY; i += 2)
        quarters_write(rows, i, 20000, (uint8_t)(i % 50 + 1));
    settle(rows);
    expect(rows, 1, MANY);
    for (uint32_t i = 1; i <= MANY; i++) {
        assert_int_equal(quarters_read(rows, i, 20000), i % 2 == 1 ? (int)(i % 50) + 1 : -1);
        assert_int_equal(quarters_read(rows, i, 20001), -1); /* nobody expected this one */
        quarters_write(rows, i, 20000, 77);
        assert_int_equal(quarters_read(rows, i, 20000), 77);
    }
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day WHERE missing = 77"), MANY);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day"), MANY);
}

static void days_that_were_expected_need_not_be_asked_for(void **state)
{
    struct rows *rows = *state;

    quarters_write(rows, 700, 20000, 3);
    settle(rows);
    expect(rows, 1, MANY);
    assert_int_equal(quarters_read(rows, 100, 20000), -1);
    assert_int_equal(quarters_read(rows, 50, 20000), -1); /* out of turn */
    quarters_write(rows, 50, 20000, 4);
    assert_int_equal(quarters_read(rows, 700, 20000), 3);
    assert_int_equal(quarters_read(rows, MANY, 20000), -1);
    expect(rows, 1, 0);
    assert_int_equal(quarters_read(rows, 50, 20000), 4);
    settle(rows);
    assert_int_equal(quarters_read(rows, 50, 20000), 4);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_day"), 2);
}

static int standing_sum(void *visitor, uint32_t device_id, const struct interval_standing *standing)
{
    int64_t *sum = visitor;

    (void)device_id;
    *sum += standing->newest_day;
    return 0;
}

static void of_one_device_the_last_standing_stays(void **state)
{
    struct rows *rows = *state;
    int64_t sum = 0;

    for (uint16_t round = 1; round <= 3; round++)
        for (uint32_t i = 1; i <= MANY; i++) {
            struct interval_standing standing = { .complete_days = 0xffffffff, .newest_day = round, .first_day = 1, .period_slots = 4 };
            assert_int_equal(rows->room->standing_write(rows->room->context, i % 700 + 1, &standing), 0);
        }
    assert_int_equal(rows->room->standings_walk(rows->room->context, 1, 700, standing_sum, &sum), 0);
    assert_int_equal(sum, 2100);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM interval_standing WHERE complete_days = 4294967295"), 700);
}

static int log_row_check(void *visitor, int64_t log_id, struct span states)
{
    int64_t *expected = visitor;

    assert_int_equal(log_id, ++*expected);
    assert_int_equal(states.size, log_id % 100 == 0 ? 5000 : 1 + log_id * 19 % 3900);
    assert_int_equal(states.bytes[states.size - 1], (uint8_t)log_id);
    return 0;
}

static void rows_of_the_log_come_in_their_order(void **state)
{
    struct rows *rows = *state;
    static uint8_t bytes[5000];
    int64_t last = 0;

    for (int64_t id = 1; id <= 250; id++) {
        memset(bytes, (int)id, sizeof bytes);
        size_t size = id % 100 == 0 ? 5000 : (size_t)(1 + id * 19 % 3900);
        assert_int_equal(rows->room->state_log_append(rows->room->context, id, span_of_bytes(bytes, size)), 0);
    }
    assert_int_equal(rows->room->state_log_walk(rows->room->context, log_row_check, &last), 0);
    assert_int_equal(last, 250);
    assert_int_equal(rows->room->state_log_append(rows->room->context, 251, span_of_bytes(bytes, 9)), 0);
    assert_int_equal(rows->room->state_log_drop(rows->room->context, 251), 0);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM state_log"), 0);
    assert_int_equal(rows->room->state_log_append(rows->room->context, 252, span_of_bytes(bytes, 9)), 0);
    store_rollback(rows->store);
    rows->room->forget(rows->room->context);
    assert_int_equal(store_begin(rows->store), 0);
    settle(rows);
    assert_int_equal(number(rows, "SELECT count(*) FROM state_log"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_one_device_the_last_state_stays, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(a_status_is_written_when_it_differs_only, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(devices_that_are_known_and_new_ones_together, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(more_than_are_kept_back, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(what_is_rolled_back_is_nobodys, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(a_day_is_read_before_it_is_settled_and_after, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(more_days_than_are_kept_back, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(days_that_are_rolled_back_are_nobodys, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(days_that_are_expected_are_as_they_are, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(days_that_were_expected_need_not_be_asked_for, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(of_one_device_the_last_standing_stays, rows_open, rows_close),
        cmocka_unit_test_setup_teardown(rows_of_the_log_come_in_their_order, rows_open, rows_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
