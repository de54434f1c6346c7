/* Days of quarter-hours come, late and again, are folded and dropped by slices, across rollbacks and restarts: whatever is
 * asked for is what a plain table says. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "reading/interval_fold.h"
#include "reading/reading_internal.h"
#include "tests/store/room_fixture.h"

#define SEEDS 5
#define STEPS 180
#define DEVICES 3
#define CHANNELS 2
#define DAYS 50
#define FIRST_DAY ROOM_FIXTURE_DAY
#define CHANNEL(i) (UINT32_C(0x40000) + (uint32_t)(i))

struct plain_table {
    struct interval_row rows[DEVICES][CHANNELS][DAYS];
    bool kept[DEVICES][CHANNELS][DAYS];
};

static struct room_fixture fixture;
static struct plain_table plain;
static struct plain_table before;
static uint32_t devices[DEVICES];

static void fixture_begin(void)
{
    memset(&plain, 0, sizeof plain);
    room_fixture_open(&fixture, NULL);
    for (int i = 0; i < DEVICES; i++)
        devices[i] = room_fixture_device(&fixture, 0);
}

/* Hours, half hours, quarters; gaps and states of any kind; sometimes nothing at all. */
static struct interval_row row_make(struct random *random, int device, int channel, int day)
{
    struct interval_row row = { .device_id = devices[device], .channel = CHANNEL(channel), .day = FIRST_DAY + day,
                                .scale_e3 = random_chance(random, 1, 6) ? 40000 : 1000,
                                .received_s = 1 + (int64_t)random_below(random, 1000000) };
    size_t step = (size_t)1 << random_below(random, 3);
    int64_t value = (int64_t)day * 100000;
    bool full = random_chance(random, 9, 10);
    for (size_t i = 0; i < INTERVAL_ROW_SLOTS; i++) {
        value += (int64_t)random_below(random, 30) * 10;
        bool gap = (i + 1) % step != 0 || !full || random_chance(random, 1, 40);
        row.states[i] = gap ? SERIES_STATE_GAP : random_chance(random, 1, 30) ? 4 : 0;
        row.values[i] = gap ? 0 : value;
    }
    return row;
}

static bool row_has_values(const struct interval_row *row)
{
    return !span_is_filled(span_of_bytes(row->states, sizeof row->states), SERIES_STATE_GAP);
}

static void keep(struct random *random, int newest_day)
{
    int device = (int)random_below(random, DEVICES);
    int channel = (int)random_below(random, CHANNELS);
    int day = random_chance(random, 3, 4) ? newest_day : (int)random_below(random, (uint64_t)newest_day + 1);
    struct interval_row row = row_make(random, device, channel, day);
    assert_int_equal(interval_rest_keep(fixture.reading, &row), 0);
    plain.rows[device][channel][day] = row;
    plain.kept[device][channel][day] = true;
}

static void day_compare(int device, int channel, int day)
{
    const struct interval_row *expected = &plain.rows[device][channel][day];
    struct interval_row row = { .device_id = devices[device], .channel = CHANNEL(channel), .day = FIRST_DAY + day };
    int found = interval_rest_find(fixture.reading, &row);
    if (!plain.kept[device][channel][day]) {
        assert_int_equal(found, 0);
        return;
    }
    if (!row_has_values(expected)) { /* a day that was emptied is forgotten when it is folded */
        assert_true(found == 0 || !row_has_values(&row));
        return;
    }
    assert_int_equal(found, 1);
    assert_int_equal(row.scale_e3, expected->scale_e3);
    assert_memory_equal(row.values, expected->values, sizeof row.values);
    assert_memory_equal(row.states, expected->states, sizeof row.states);
}

static void everything_compare(void)
{
    for (int device = 0; device < DEVICES; device++)
        for (int channel = 0; channel < CHANNELS; channel++)
            for (int day = 0; day < DAYS; day++)
                day_compare(device, channel, day);
}

static void tick(int64_t day)
{
    assert_true(interval_rest_tick(fixture.reading, day * 86400, 0) >= 0);
}

static int64_t count_of(const char *query)
{
    return room_fixture_number(&fixture, query);
}

/* One transaction: some days come, perhaps a slice is folded; sometimes it never happened. */
static void transaction(struct random *random, int newest_day)
{
    bool lost = random_chance(random, 1, 6);
    before = plain;
    room_fixture_begin(&fixture);
    for (uint64_t i = random_below(random, 5); i > 0; i--)
        keep(random, newest_day);
    if (random_chance(random, 2, 3))
        tick(FIRST_DAY + newest_day);
    if (lost) {
        room_fixture_rollback(&fixture);
        plain = before;
    } else {
        room_fixture_commit(&fixture);
    }
}

static void random_histories_agree_with_a_plain_table(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct random random = random_of_seed(seed);
        fixture_begin();
        for (int step = 0; step < STEPS; step++) {
            transaction(&random, step * DAYS / STEPS);
            if (random_chance(&random, 1, 25))
                room_fixture_reload(&fixture);
            if (random_chance(&random, 1, 25))
                everything_compare();
        }
        everything_compare();
        assert_true(count_of("SELECT count(*) FROM interval_block") > 0);
        room_fixture_close(&fixture);
    }
}

static void fold_wholly(int64_t day)
{
    for (int i = 0; i < 20; i++) {
        room_fixture_begin(&fixture);
        tick(day);
        room_fixture_commit(&fixture);
    }
}

static void day_keep(int device, int day, int64_t value, int64_t scale_e3)
{
    struct interval_row row = { .device_id = devices[device], .channel = CHANNEL(0), .day = FIRST_DAY + day,
                                .scale_e3 = scale_e3, .received_s = 5 };
    for (size_t i = 0; i < INTERVAL_ROW_SLOTS; i++)
        row.values[i] = value + (int64_t)i;
    room_fixture_begin(&fixture);
    assert_int_equal(interval_rest_keep(fixture.reading, &row), 0);
    room_fixture_commit(&fixture);
}

static void folded_rows_go_but_the_newest(void **state)
{
    (void)state;
    fixture_begin();
    for (int day = 0; day < 27; day++)
        day_keep(0, day, day * 1000, 1000);
    fold_wholly(FIRST_DAY + 30);
    assert_int_equal(count_of("SELECT count(*) FROM interval_arrival"), 1);
    assert_int_equal(count_of("SELECT count(*) FROM interval_block"), 1);
    assert_true(count_of("SELECT length(block) FROM interval_block") < 27 * 96 / 8 + 120);
    fold_wholly(FIRST_DAY + 36);
    assert_int_equal(count_of("SELECT stage FROM interval_fold"), INTERVAL_FOLD_IDLE);
    assert_int_equal(count_of("SELECT started_day FROM interval_fold"), FIRST_DAY + 30);
    room_fixture_close(&fixture);
}

static void a_new_ratio_moves_the_day_to_its_own_block(void **state)
{
    (void)state;
    fixture_begin();
    day_keep(0, 1, 1000, 1000);
    day_keep(0, 2, 2000, 1000);
    fold_wholly(FIRST_DAY + 7);
    day_keep(0, 2, 2000, 40000);
    fold_wholly(FIRST_DAY + 14);
    assert_int_equal(count_of("SELECT count(*) FROM interval_block"), 2);
    day_keep(0, 1, 1000, 40000);
    fold_wholly(FIRST_DAY + 21);
    assert_int_equal(count_of("SELECT count(*) FROM interval_block"), 1);
    assert_int_equal(count_of("SELECT scale_e3 FROM interval_block"), 40000);
    room_fixture_close(&fixture);
}

static void more_rows_than_one_go_takes(void **state)
{
    (void)state;
    fixture_begin();
    room_fixture_begin(&fixture);
    for (int i = 0; i < INTERVAL_FOLD_ROWS * 2 + 50; i++) {
        struct interval_row row = { .device_id = devices[1], .channel = CHANNEL(i % 40), .day = FIRST_DAY + i / 1000,
                                    .scale_e3 = 1000 };
        memset(row.states, SERIES_STATE_GAP, sizeof row.states);
        row.states[i % 96] = 0;
        row.values[i % 96] = i;
        assert_int_equal(interval_rest_keep(fixture.reading, &row), 0);
    }
    room_fixture_commit(&fixture);
    fold_wholly(FIRST_DAY + 7);
    assert_int_equal(count_of("SELECT count(*) FROM interval_arrival"), 1);
    for (int i = INTERVAL_FOLD_ROWS * 2 + 10; i < INTERVAL_FOLD_ROWS * 2 + 50; i++) {
        struct interval_row row = { .device_id = devices[1], .channel = CHANNEL(i % 40), .day = FIRST_DAY + i / 1000 };
        assert_int_equal(interval_rest_find(fixture.reading, &row), 1);
        assert_int_equal(row.values[i % 96], i);
    }
    room_fixture_close(&fixture);
}

static void old_months_are_dropped(void **state)
{
    (void)state;
    fixture_begin();
    for (int day = 0; day < 60; day += 5)
        day_keep(2, day, day * 1000, 1000);
    fold_wholly(FIRST_DAY + 60);
    int64_t months = count_of("SELECT count(*) FROM interval_block");
    assert_true(months >= 2);
    int32_t newest = (int32_t)count_of("SELECT max(month) FROM interval_block");
    room_fixture_begin(&fixture);
    assert_int_equal(interval_rest_tick(fixture.reading, INT64_C(86400) * (FIRST_DAY + 61), 1), months - 1);
    room_fixture_commit(&fixture);
    assert_int_equal(count_of("SELECT min(month) FROM interval_block"), newest);
    struct interval_row gone = { .device_id = devices[2], .channel = CHANNEL(0), .day = FIRST_DAY };
    assert_int_equal(interval_rest_find(fixture.reading, &gone), 0);
    room_fixture_close(&fixture);
}

static void a_newer_day_asks_nobody(void **state)
{
    (void)state;
    fixture_begin();
    day_keep(0, 3, 77, 1000);
    assert_int_equal(room_fixture_number(&fixture, "SELECT newest_interval_day FROM device_state WHERE device_id = 1"),
                     FIRST_DAY + 3);
    struct interval_row row = { .device_id = devices[0], .channel = CHANNEL(0), .day = FIRST_DAY + 4, .scale_e3 = 9 };
    assert_int_equal(interval_rest_find(fixture.reading, &row), 0);
    assert_int_equal(row.scale_e3, 9);
    row.day = FIRST_DAY + 3;
    row.channel = CHANNEL(1);
    assert_int_equal(interval_rest_find(fixture.reading, &row), 0);
    row.channel = CHANNEL(0);
    assert_int_equal(interval_rest_find(fixture.reading, &row), 1);
    assert_int_equal(row.values[0], 77);
    assert_int_equal(row.received_s, 5);
    room_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories_agree_with_a_plain_table),
        cmocka_unit_test(folded_rows_go_but_the_newest),
        cmocka_unit_test(a_new_ratio_moves_the_day_to_its_own_block),
        cmocka_unit_test(more_rows_than_one_go_takes),
        cmocka_unit_test(old_months_are_dropped),
        cmocka_unit_test(a_newer_day_asks_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
