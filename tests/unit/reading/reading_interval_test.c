/* Quarter-hours through the room and its store: once, in parts, late, contradicting, with transformers. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "reading/interval_block.h"
#include "reading/reading_internal.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY
#define LITRE INT64_C(1000)

static struct reading_outcome outcome;

static int fixture_setup(void **state)
{
    static struct room_fixture fixture;
    room_fixture_open(&fixture, NULL);
    *state = &fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    room_fixture_close(*state);
    return 0;
}

static void accept(struct room_fixture *fixture, const struct uplink *uplink)
{
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, uplink, uplink->received_s, &outcome), 0);
    room_fixture_commit(fixture);
}

/* 96 quarters of `day`, 5 L each from `begin_value` on, told at three the next morning. */
static struct uplink day_series(uint32_t id, int32_t day, int64_t begin_value)
{
    struct uplink uplink = report_make(id, room_fixture_midnight_s(day + 1) + 3 * 3600);
    int64_t values[96];
    for (int i = 0; i < 96; i++)
        values[i] = begin_value + (i + 1) * 5 * LITRE;
    const struct uplink_series head = { .start_s = room_fixture_midnight_s(day) + 900, .interval_s = 900, .count = 96,
                                        .quantity = QUANTITY_WATER_VOLUME };
    uplink_series_set(&uplink, &head, values);
    return uplink;
}

static void value_set(struct uplink *uplink, unsigned index, int64_t value)
{
    int64_t values[96];
    struct uplink_series head = uplink->series;
    for (unsigned i = 0; i < 96; i++)
        values[i] = i == index ? value : uplink_series_value(uplink, i);
    uplink_series_set(uplink, &head, values);
}

static int64_t rows(struct room_fixture *fixture)
{
    return room_fixture_number(fixture, "SELECT count(*) FROM interval_day");
}

static int64_t column(struct room_fixture *fixture, const char *name, int32_t day)
{
    char query[128];
    snprintf(query, sizeof query, "SELECT %s FROM interval_day WHERE day = %d", name, day);
    return room_fixture_number(fixture, query);
}

static struct interval_day stored(struct room_fixture *fixture, uint32_t id, int32_t day)
{
    struct interval_row row = { .device_id = id, .day = day,
                                .channel = reading_register_channel(QUANTITY_WATER_VOLUME, 0, 0) };
    const struct reading_store *store = reading_sql_store(fixture->reading_sql);
    struct interval_day out;
    room_fixture_begin(fixture);
    assert_int_equal(store->interval_read(store->context, &row), 1);
    assert_int_equal(interval_block_decode(&row, ROOM_FIXTURE_ZONE_S, &out), 0);
    room_fixture_commit(fixture);
    return out;
}

static void a_day_is_one_row_and_a_repeat_changes_nothing(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink midnights = report_full(id, DAY, (const int64_t[]){ 980 * LITRE, 500 * LITRE }, 2, 990 * LITRE);
    struct uplink series = day_series(id, DAY - 1, 500 * LITRE);
    accept(fixture, &midnights);
    accept(fixture, &series);
    assert_int_equal(outcome.interval_count, 96);
    assert_int_equal(outcome.interval_refused_count, 0);
    assert_int_equal(rows(fixture), 1);
    assert_int_equal(column(fixture, "missing", DAY - 1), 0);
    assert_int_equal(column(fixture, "sum_state", DAY - 1), INTERVAL_SUM_AGREES);
    assert_true(column(fixture, "length(block)", DAY - 1) < 40);
    int64_t received_s = column(fixture, "received_s", DAY - 1);
    series.received_s += 60;
    accept(fixture, &series);
    assert_int_equal(outcome.interval_count, 0);
    assert_int_equal(outcome.interval_repeated_count, 96);
    assert_int_equal(column(fixture, "received_s", DAY - 1), received_s);
    struct interval_day day = stored(fixture, id, DAY - 1);
    assert_int_equal(day.values[95], 980 * LITRE);
    /* A day's end is no word of now. */
    assert_int_equal(reading_state_find(fixture->reading, id)->register_value, 990 * LITRE);
}

static void a_wrong_end_is_refused_by_the_midnight(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink midnights = report_full(id, DAY, (const int64_t[]){ 980 * LITRE, 500 * LITRE }, 2, 990 * LITRE);
    struct uplink series = day_series(id, DAY - 1, 500 * LITRE);
    value_set(&series, 95, 990 * LITRE);
    accept(fixture, &midnights);
    accept(fixture, &series);
    assert_int_equal(outcome.interval_refused_count, 1);
    assert_int_equal(column(fixture, "sum_state", DAY - 1), INTERVAL_SUM_DIFFERS);
    struct interval_day day = stored(fixture, id, DAY - 1);
    assert_int_equal(day.states[95], INTERVAL_MIDNIGHT);
    assert_int_equal(day.values[95], 990 * LITRE);
}

static void old_midnights_are_read_from_the_store(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink midnights = report_full(id, DAY - 9, (const int64_t[]){ 480 * LITRE }, 1, 490 * LITRE);
    struct uplink later = report_full(id, DAY, (const int64_t[]){ 5000 * LITRE }, 1, 5000 * LITRE);
    struct uplink series = day_series(id, DAY - 10, 0);
    accept(fixture, &midnights);
    accept(fixture, &later);
    value_set(&series, 95, 482 * LITRE);
    series.received_s = later.received_s + 60;
    accept(fixture, &series);
    assert_int_equal(column(fixture, "sum_state", DAY - 10), INTERVAL_SUM_DIFFERS);
}

static void registers_beyond_32_bits_meet_their_midnights(void **state)
{
    struct room_fixture *fixture = *state;
    int64_t begin = INT64_C(0x4FFFFFF00) / LITRE * LITRE;
    uint32_t id = room_fixture_device(fixture, begin);
    struct uplink midnights =
        report_full(id, DAY, (const int64_t[]){ begin + 960 * LITRE, begin + 480 * LITRE, begin }, 3, begin + 970 * LITRE);
    accept(fixture, &midnights);
    for (int back = 1; back <= 2; back++) {
        struct uplink series = day_series(id, DAY - back, begin + (2 - back) * 480 * LITRE);
        accept(fixture, &series);
        assert_int_equal(outcome.interval_refused_count, 0);
        assert_int_equal(column(fixture, "sum_state", DAY - back), INTERVAL_SUM_AGREES);
    }
}

static void parts_and_contradictions(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink series = day_series(id, DAY - 1, 0);
    struct uplink_series head = series.series;
    int64_t values[96];
    for (unsigned i = 0; i < 96; i++)
        values[i] = i >= 30 && i < 60 ? UPLINK_SERIES_NONE : uplink_series_value(&series, i);
    struct uplink holes = series;
    uplink_series_set(&holes, &head, values);
    accept(fixture, &holes);
    assert_int_equal(column(fixture, "missing", DAY - 1), 30);
    assert_int_equal(column(fixture, "sum_state", DAY - 1), INTERVAL_SUM_OPEN);
    value_set(&series, 3, 21 * LITRE);
    accept(fixture, &series);
    assert_int_equal(outcome.interval_count, 31);
    assert_int_equal(outcome.interval_repeated_count, 65);
    assert_int_equal(outcome.register_conflict_count, 1);
    assert_int_equal(column(fixture, "missing", DAY - 1), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT value FROM register_conflict"), 21 * LITRE);
    assert_int_equal(room_fixture_number(fixture, "SELECT time_s FROM register_conflict"),
                     room_fixture_midnight_s(DAY - 1) + 3600);
    struct interval_day day = stored(fixture, id, DAY - 1);
    assert_int_equal(day.values[3], 20 * LITRE);
    assert_int_equal(day.states[3], INTERVAL_CONFLICT);
    accept(fixture, &series);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM register_conflict"), 1);
}

/* 12 hours of one day and 12 of the next. */
static void a_series_over_midnight_is_two_days(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink series = day_series(id, DAY - 1, 0);
    series.series.start_s -= 12 * 3600;
    accept(fixture, &series);
    assert_int_equal(rows(fixture), 2);
    assert_int_equal(column(fixture, "missing", DAY - 2), 48);
    assert_int_equal(column(fixture, "missing", DAY - 1), 48);
    struct interval_day day = stored(fixture, id, DAY - 2);
    assert_int_equal(day.values[95], 240 * LITRE);
    assert_int_equal(day.states[47], INTERVAL_GAP);
}

static void what_cannot_be_is_refused_as_a_whole(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink good = day_series(id, DAY - 1, 0), wrong[7];
    for (int i = 0; i < 7; i++)
        wrong[i] = good;
    wrong[0].series.start_s += 60;
    wrong[1].series.interval_s = 600;
    wrong[2].series.count = 97;
    wrong[3].series.quantity = QUANTITY_VOLTAGE;
    wrong[4].series.quantity = 60000;
    wrong[5].series.start_s = INT64_MAX - 100;
    wrong[6].series.count = 0;
    for (int i = 0; i < 7; i++) {
        accept(fixture, &wrong[i]);
        assert_int_equal(outcome.register_refused_count, 1);
    }
    good.series.start_s = room_fixture_midnight_s(DAY + 3); /* to come */
    accept(fixture, &good);
    assert_int_equal(outcome.register_refused_count, 96);
    good.series.start_s = room_fixture_midnight_s(DAY - 20); /* before it hung here */
    accept(fixture, &good);
    assert_int_equal(outcome.register_refused_count, 96);
    assert_int_equal(rows(fixture), 0);
}

static void a_wrong_clock_makes_doubted_values(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink report = report_make(id, room_fixture_midnight_s(DAY) + 3600);
    report_item(&report, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, report.received_s + 1200, report.received_s + 1200);
    accept(fixture, &report);
    struct uplink series = day_series(id, DAY - 1, 0);
    accept(fixture, &series);
    assert_int_equal(stored(fixture, id, DAY - 1).states[50], INTERVAL_DOUBTED);
}

static void nothing_stays_of_a_transaction_that_failed(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink series = day_series(id, DAY - 1, 0);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &series, series.received_s, &outcome), 0);
    room_fixture_rollback(fixture);
    assert_int_equal(rows(fixture), 0);
    accept(fixture, &series);
    assert_int_equal(outcome.interval_count, 96);
}

static void old_days_are_removed(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    for (int32_t day = DAY - 3; day < DAY; day++) {
        struct uplink series = day_series(id, day, (day - DAY + 3) * 480 * LITRE);
        accept(fixture, &series);
    }
    room_fixture_begin(fixture);
    assert_true(reading_tick(fixture->reading, room_fixture_midnight_s(DAY + retention_standard_days(RETENTION_INTERVALS))) >= 2);
    room_fixture_commit(fixture);
    assert_int_equal(rows(fixture), 1);
}

/* What the room tells and asks its store, in the order of both. */
static struct {
    struct interval_key expected[16], asked[16];
    size_t expected_count, asked_count;
    int (*read)(void *context, struct interval_row *row);
} heard;

static void expect_hear(void *context, const struct interval_key keys[], size_t count)
{
    (void)context;
    assert_true(count <= 16);
    memcpy(heard.expected, keys, count * sizeof *keys);
    heard.expected_count = count;
}

static int read_hear(void *context, struct interval_row *row)
{
    assert_true(heard.asked_count < 16);
    heard.asked[heard.asked_count++] = (struct interval_key){ row->device_id, row->channel, row->day };
    return heard.read(context, row);
}

static void days_are_asked_for_as_they_were_told(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t first = room_fixture_device(fixture, 0), second = room_fixture_device(fixture, 1);
    struct uplink uplinks[] = { day_series(second, DAY - 1, 500 * LITRE), report_full(first, DAY, (const int64_t[]){ 700 * LITRE }, 1, 700 * LITRE),
                                day_series(first, DAY - 2, 300 * LITRE), day_series(first, DAY - 1, 780 * LITRE) };

    uplinks[3].series.start_s -= 900; /* begins with the end of the day before */
    uplinks[0].series.interval_s = 7; /* will be refused */
    memset(&heard, 0, sizeof heard);
    heard.read = fixture->reading->store.interval_read;
    fixture->reading->store.intervals_expect = expect_hear;
    fixture->reading->store.interval_read = read_hear;
    reading_expect(fixture->reading, uplinks, 4);
    for (int i = 0; i < 4; i++)
        accept(fixture, &uplinks[i]);
    assert_int_equal(heard.expected_count, 3);
    assert_int_equal(heard.asked_count, 3);
    assert_memory_equal(heard.expected, heard.asked, 3 * sizeof heard.asked[0]);
    assert_int_equal(heard.asked[0].day, DAY - 2);
    assert_int_equal(heard.asked[1].day, DAY - 2);
    assert_int_equal(heard.asked[2].day, DAY - 1);
    reading_expect(fixture->reading, uplinks, 0);
    assert_int_equal(heard.expected_count, 0);
}

int main(void)
{
#define ROOM_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        ROOM_TEST(a_day_is_one_row_and_a_repeat_changes_nothing),
        ROOM_TEST(a_wrong_end_is_refused_by_the_midnight),
        ROOM_TEST(old_midnights_are_read_from_the_store),
        ROOM_TEST(registers_beyond_32_bits_meet_their_midnights),
        ROOM_TEST(parts_and_contradictions),
        ROOM_TEST(a_series_over_midnight_is_two_days),
        ROOM_TEST(what_cannot_be_is_refused_as_a_whole),
        ROOM_TEST(a_wrong_clock_makes_doubted_values),
        ROOM_TEST(nothing_stays_of_a_transaction_that_failed),
        ROOM_TEST(old_days_are_removed),
        ROOM_TEST(days_are_asked_for_as_they_were_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
