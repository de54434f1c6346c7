/* Days of quarter-hours come, late and again, and are folded by slices across rollbacks and restarts: whatever is asked for
 * is what a plain table says. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "reading/interval_work.h"
#include "reading/reading_internal.h"
#include "reading/reading_interval.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define SEEDS 4
#define STEPS 150
#define DEVICES 3
#define CHANNELS 2
#define DAYS 90
#define FIRST_DAY ROOM_FIXTURE_DAY
#define CHANNEL(i) (UINT32_C(0x40000) + (uint32_t)(i) * 256)

struct plain_day {
    struct interval_day day;
    int64_t scale_e3;
    bool kept;
};

static struct room_fixture fixture;
static struct plain_day plain[DEVICES][CHANNELS][DAYS];
static struct plain_day before[DEVICES][CHANNELS][DAYS];
static uint32_t devices[DEVICES];

static void fixture_begin(void)
{
    memset(plain, 0, sizeof plain);
    room_fixture_open(&fixture, NULL);
    for (int i = 0; i < DEVICES; i++)
        devices[i] = room_fixture_device(&fixture, 0);
}

/* What the room does when a day arrives: what rests of it, or an empty day. */
static int rests(uint32_t device_id, int channel, int day, struct interval_row *row, struct interval_day *out)
{
    *row = (struct interval_row){ .device_id = device_id, .channel = CHANNEL(channel), .day = FIRST_DAY + day };
    int found = fixture.reading->store.interval_read(fixture.reading->store.context, row);
    if (found == 0)
        return interval_fold_day(fixture.reading, row, ROOM_FIXTURE_ZONE_S, out);
    assert_int_equal(interval_block_decode(row, ROOM_FIXTURE_ZONE_S, out), 0);
    return found;
}

static void day_write(struct interval_row *row, const struct interval_day *day, unsigned period_slots)
{
    assert_int_equal(interval_block_encode(day, row->day, ROOM_FIXTURE_ZONE_S, period_slots, row), 0);
    assert_int_equal(fixture.reading->store.interval_write(fixture.reading->store.context, row), 0);
}

/* A part of a day of hours, half hours or quarters, laid over what rests; sometimes of another ratio from the first. */
static void day_comes(struct random *random, int newest_day)
{
    int device = (int)random_below(random, DEVICES);
    int channel = (int)random_below(random, CHANNELS);
    int number = random_chance(random, 3, 4) ? newest_day : (int)random_below(random, (uint64_t)newest_day + 1);
    struct plain_day *expected = &plain[device][channel][number];
    struct interval_row row;
    struct interval_day day;
    if (rests(devices[device], channel, number, &row, &day) == 0) {
        interval_day_clear(&day);
        row.scale_e3 = random_chance(random, 1, 8) ? 40000 : 1000;
    }
    unsigned step = expected->kept ? 1 : 1u << random_below(random, 3);
    for (unsigned i = step - 1; i < INTERVAL_SLOTS; i += step)
        if (random_chance(random, 8, 9)) {
            day.values[i] = number * 100000 + (int64_t)i * 70 + (int64_t)random_below(random, 50);
            day.states[i] = random_chance(random, 1, 20) ? INTERVAL_SPIKE : INTERVAL_GOOD;
        }
    day_write(&row, &day, step);
    *expected = (struct plain_day){ day, row.scale_e3, true };
}

static void everything_compare(void)
{
    struct interval_row row;
    struct interval_day day;
    for (int device = 0; device < DEVICES; device++)
        for (int channel = 0; channel < CHANNELS; channel++)
            for (int number = 0; number < DAYS; number++) {
                const struct plain_day *expected = &plain[device][channel][number];
                assert_int_equal(rests(devices[device], channel, number, &row, &day), expected->kept);
                if (!expected->kept)
                    continue;
                assert_int_equal(row.scale_e3, expected->scale_e3);
                assert_memory_equal(day.states, expected->day.states, sizeof day.states);
                assert_memory_equal(day.values, expected->day.values, sizeof day.values);
            }
}

static void transaction(struct random *random, int newest_day)
{
    bool lost = random_chance(random, 1, 6);
    memcpy(before, plain, sizeof before);
    room_fixture_begin(&fixture);
    for (uint64_t i = random_below(random, 6); i > 0; i--)
        day_comes(random, newest_day);
    if (random_chance(random, 2, 3))
        assert_true(interval_fold_tick(fixture.reading, INT64_C(86400) * (FIRST_DAY + newest_day)) >= 0);
    if (lost) {
        room_fixture_rollback(&fixture);
        memcpy(plain, before, sizeof plain);
    } else {
        room_fixture_commit(&fixture);
    }
}

static int64_t count_of(const char *query)
{
    return room_fixture_number(&fixture, query);
}

static void random_histories_agree_with_a_plain_table(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct random random = random_of_seed(seed);
        fixture_begin();
        for (int step = 0; step < STEPS; step++) {
            transaction(&random, step * DAYS / STEPS);
            if (random_chance(&random, 1, 20))
                room_fixture_reload(&fixture);
            if (random_chance(&random, 1, 20))
                everything_compare();
        }
        everything_compare();
        assert_true(count_of("SELECT count(*) FROM interval_block") >= DEVICES);
        assert_true(count_of("SELECT count(*) FROM interval_day WHERE scale_e3 <> 1000") > 0);
        room_fixture_close(&fixture);
    }
}

static void fold_round(int day)
{
    for (int i = 0; i < 6; i++) {
        room_fixture_begin(&fixture);
        assert_true(interval_fold_tick(fixture.reading, INT64_C(86400) * (FIRST_DAY + day)) >= 0);
        room_fixture_commit(&fixture);
    }
}

/* 96 quarters of `day`, 5 L each from `begin_value` on, told at three the next morning. */
static void day_reported(int day, int64_t begin_value)
{
    struct reading_outcome outcome;
    struct uplink uplink = report_make(devices[0], room_fixture_midnight_s(FIRST_DAY + day + 1) + 3 * 3600);
    int64_t values[INTERVAL_SLOTS];
    for (int i = 0; i < INTERVAL_SLOTS; i++)
        values[i] = begin_value + (i + 1) * 5000;
    const struct uplink_series head = { .start_s = room_fixture_midnight_s(FIRST_DAY + day) + 900, .interval_s = 900,
                                        .count = INTERVAL_SLOTS, .quantity = QUANTITY_WATER_VOLUME };
    uplink_series_set(&uplink, &head, values);
    room_fixture_begin(&fixture);
    assert_int_equal(reading_accept(fixture.reading, &uplink, uplink.received_s, &outcome), 0);
    room_fixture_commit(&fixture);
}

static void young_days_stay_rows(void **state)
{
    (void)state;
    fixture_begin();
    for (int day = 0; day < 60; day++)
        day_reported(day, day * INT64_C(480000));
    assert_int_equal(count_of("SELECT count(*) FROM interval_day"), 60);
    fold_round(60);
    assert_int_equal(count_of("SELECT count(*) FROM interval_day"), INTERVAL_FOLD_AGE_DAYS);
    assert_int_equal(count_of("SELECT min(day) FROM interval_day"), FIRST_DAY + 60 - INTERVAL_FOLD_AGE_DAYS);
    assert_true(count_of("SELECT sum(length(block)) FROM interval_block") < 4 * 40);
    fold_round(66); /* a week has not passed */
    assert_int_equal(count_of("SELECT count(*) FROM interval_day"), INTERVAL_FOLD_AGE_DAYS);
    room_fixture_close(&fixture);
}

/* What stands in folded history is judged as any other: the same again does nothing, another value is kept beside it. */
static void a_late_report_meets_folded_history(void **state)
{
    (void)state;
    struct interval_row row;
    struct interval_day day;
    fixture_begin();
    for (int number = 0; number < 40; number++)
        if (number != 3)
            day_reported(number, number * INT64_C(480000));
    fold_round(60);
    int64_t rows = count_of("SELECT count(*) FROM interval_day");
    day_reported(2, 2 * INT64_C(480000));
    assert_int_equal(count_of("SELECT count(*) FROM interval_day"), rows);
    day_reported(3, 3 * INT64_C(480000));
    day_reported(2, 2 * INT64_C(480000) + 2000);
    assert_int_equal(count_of("SELECT count(*) FROM interval_day"), rows + 2);
    assert_true(count_of("SELECT count(*) FROM register_conflict") > 0);
    fold_round(67);
    uint32_t channel = QUANTITY_WATER_VOLUME << 16;
    for (int number = 2; number <= 3; number++) {
        row = (struct interval_row){ .device_id = devices[0], .channel = channel, .day = FIRST_DAY + number };
        assert_int_equal(interval_fold_day(fixture.reading, &row, ROOM_FIXTURE_ZONE_S, &day), 1);
        assert_int_equal(day.values[95], (number + 1) * INT64_C(480000));
        assert_int_equal(day.states[95], number == 2 ? INTERVAL_CONFLICT : INTERVAL_GOOD);
    }
    room_fixture_close(&fixture);
}

/* A damaged block, or a damaged row, is one meter's trouble: it is named, what it has stays, the others are folded on. */
static void damage_stops_nobody_else(void **state)
{
    (void)state;
    static const char *const wrecks[] = {
        "UPDATE interval_block SET block = x'00' WHERE device_id = 1", "UPDATE interval_block SET block = zeroblob(20000) WHERE device_id = 1",
        "UPDATE interval_day SET block = x'00' WHERE device_id = 1 AND day % 8 = 5",
        "UPDATE interval_day SET block = zeroblob(20000) WHERE device_id = 1 AND day % 8 = 5",
    };
    for (size_t i = 0; i < sizeof wrecks / sizeof wrecks[0]; i++) {
        struct reading_damage damage;
        uint32_t first;
        fixture_begin();
        first = devices[0];
        for (int day = 0; day < 60; day++) {
            if (day == 43)
                fold_round(43);
            for (int meter = 0; meter < DEVICES; meter++) {
                devices[0] = first + (uint32_t)meter;
                day_reported(day, day * INT64_C(480000));
            }
            devices[0] = first;
        }
        room_fixture_begin(&fixture);
        assert_int_equal(store_execute(fixture.store, wrecks[i]), 0);
        room_fixture_commit(&fixture);
        fold_round(60);
        assert_int_equal(count_of("SELECT running FROM interval_progress"), 0);
        assert_int_equal(count_of("SELECT count(*) FROM interval_day WHERE device_id > 1"), (DEVICES - 1) * INTERVAL_FOLD_AGE_DAYS);
        assert_true(count_of("SELECT count(*) FROM interval_day WHERE device_id = 1") > INTERVAL_FOLD_AGE_DAYS);
        assert_int_equal(reading_damage_take(fixture.reading, &damage), 1);
        assert_int_equal(damage.device_id, 1);
        assert_int_equal(damage.kind, READING_DAMAGE_INTERVALS);
        assert_int_equal(reading_damage_take(fixture.reading, &damage), 0);
        room_fixture_close(&fixture);
    }
}

static void old_stretches_are_dropped(void **state)
{
    (void)state;
    fixture_begin();
    for (int day = 0; day < 100; day += 3)
        day_reported(day, day * INT64_C(480000));
    fold_round(150);
    int64_t stretches = count_of("SELECT count(*) FROM interval_block");
    assert_true(stretches >= 3);
    int32_t newest = (int32_t)count_of("SELECT max(stretch) FROM interval_block");
    int64_t before_s = (int64_t)newest * INTERVAL_FOLD_DAYS * 86400;
    room_fixture_begin(&fixture);
    assert_int_equal(fixture.reading->store.retention_trim(fixture.reading->store.context, RETENTION_INTERVALS, before_s, 2), 2);
    assert_int_equal(fixture.reading->store.retention_trim(fixture.reading->store.context, RETENTION_INTERVALS, before_s, 100), stretches - 3);
    room_fixture_commit(&fixture);
    assert_int_equal(count_of("SELECT min(stretch) FROM interval_block"), newest);
    room_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_histories_agree_with_a_plain_table),
        cmocka_unit_test(young_days_stay_rows),
        cmocka_unit_test(a_late_report_meets_folded_history),
        cmocka_unit_test(damage_stops_nobody_else),
        cmocka_unit_test(old_stretches_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
