#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "store/sqlite/sqlite_store.h"
#include "store/store_error.h"
#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY

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

static struct reading_day stored(struct room_fixture *fixture, uint32_t device_id, int32_t day)
{
    struct reading_day found;
    assert_int_equal(reading_day_read(fixture->reading, device_id, day, &found), 1);
    return found;
}

static bool missing(struct room_fixture *fixture, uint32_t device_id, int32_t day)
{
    struct reading_day found;
    return reading_day_read(fixture->reading, device_id, day, &found) == 0;
}

static const struct reading_state *known(struct room_fixture *fixture, uint32_t device_id)
{
    const struct reading_state *state = reading_state_find(fixture->reading, device_id);
    assert_non_null(state);
    return state;
}

static int64_t set_aside_count(struct room_fixture *fixture)
{
    return room_fixture_number(fixture, "SELECT count(*) FROM reading_set_aside");
}

/* Eight midnights up to `day`, 300 L a day, the newest 10,000 L. */
static struct uplink eight_days(uint32_t device_id, int32_t day)
{
    int64_t registers[8];
    for (int i = 0; i < 8; i++)
        registers[i] = 10000000 + (day - DAY) * 300000 - i * 300000;
    return report_full(device_id, day, registers, 8, registers[0] + 40000);
}

static void first_report_fills_eight_days(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 8);
    assert_int_equal(outcome.set_aside_count, 0);
    assert_int_equal(outcome.changed_from_day, DAY - 7);
    assert_int_equal(stored(fixture, id, DAY).total_value, 3000000);
    assert_int_equal(stored(fixture, id, DAY).quality, READING_ON_TIME);
    assert_int_equal(stored(fixture, id, DAY - 1).quality, READING_LATE);
    assert_int_equal(stored(fixture, id, DAY - 7).total_value, 900000);
    assert_int_equal(known(fixture, id)->complete_days, 0xFF);
    assert_int_equal(known(fixture, id)->on_time_days, 1);
    assert_int_equal(known(fixture, id)->register_value, 10040000);
    assert_int_equal(known(fixture, id)->total_value, 3040000);
}

static void next_day_adds_one_and_repeats_seven(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    report = eight_days(id, DAY + 1);
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 1);
    assert_int_equal(outcome.repeated_count, 7);
    assert_int_equal(outcome.changed_from_day, DAY + 1);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 9);
}

static void same_content_is_one_report(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    report.received_s += 60;
    accept(fixture, &report);
    assert_int_equal(outcome.duplicate, 1);
    assert_int_equal(outcome.day_count, 0);
    assert_int_equal(outcome.repeated_count, 0);
    assert_int_equal(known(fixture, id)->last_received_s, report.received_s);
    assert_int_equal(known(fixture, id)->report_received_s, report.received_s - 60);
}

static void gap_of_seven_days_is_filled_once(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    report = eight_days(id, DAY + 7);
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 7);
    assert_int_equal(outcome.repeated_count, 1);
    assert_int_equal(stored(fixture, id, DAY + 3).quality, READING_LATE);
    assert_int_equal(stored(fixture, id, DAY + 7).quality, READING_ON_TIME);
    assert_int_equal(stored(fixture, id, DAY + 7).total_value, 3000000 + 7 * 300000);
    assert_int_equal(known(fixture, id)->complete_days, 0x7FFF);
}

static void late_value_must_fit_between_its_neighbours(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 10000000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 10000000 }, 1, 10000000);
    accept(fixture, &report);
    report = report_full(id, DAY + 3, (int64_t[]){ 10900000 }, 1, 10900000);
    accept(fixture, &report);
    report = report_make(id, room_fixture_midnight_s(DAY + 3) + 7200);
    report_midnight(&report, DAY + 1, 11000000);
    report_midnight(&report, DAY + 2, 10700000);
    accept(fixture, &report);
    assert_int_equal(outcome.set_aside_count, 1);
    assert_int_equal(outcome.reasons[0], READING_BACKWARD);
    assert_true(missing(fixture, id, DAY + 1));
    assert_int_equal(stored(fixture, id, DAY + 2).total_value, 700000);
    assert_int_equal(outcome.changed_from_day, DAY + 2);
}

static void other_value_for_a_stored_day_is_a_conflict(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    report = report_make(id, room_fixture_midnight_s(DAY) + 9 * 3600);
    report_midnight(&report, DAY - 2, 9400001);
    accept(fixture, &report);
    assert_int_equal(outcome.reasons[0], READING_CONFLICT);
    assert_int_equal(stored(fixture, id, DAY - 2).register_value, 9400000);
    assert_int_equal(room_fixture_number(fixture, "SELECT expected_value FROM reading_set_aside"), 9400000);
    /* Said again, it is not set aside again. */
    report.content_hash += 1000000;
    accept(fixture, &report);
    assert_int_equal(outcome.set_aside_count, 0);
    assert_int_equal(set_aside_count(fixture), 1);
}

static void dial_wraps_into_the_total(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, REGISTRY_REGISTER_MODULUS_ML - 100000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ REGISTRY_REGISTER_MODULUS_ML - 50000 }, 1,
                                       REGISTRY_REGISTER_MODULUS_ML - 50000);
    accept(fixture, &report);
    report = report_full(id, DAY + 1, (int64_t[]){ 250000 }, 1, 260000);
    accept(fixture, &report);
    assert_int_equal(outcome.set_aside_count, 0);
    assert_int_equal(stored(fixture, id, DAY + 1).register_value, 250000);
    assert_int_equal(stored(fixture, id, DAY + 1).total_value, 350000);
    assert_int_equal(known(fixture, id)->total_value, 360000);
}

static void smaller_value_is_backward(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 5000000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 6000000 }, 1, 6000000);
    accept(fixture, &report);
    report = report_full(id, DAY + 1, (int64_t[]){ 5999000 }, 1, 5999500);
    accept(fixture, &report);
    assert_int_equal(outcome.reasons[0], READING_BACKWARD);
    assert_int_equal(outcome.current_refused, READING_BACKWARD);
    assert_true(missing(fixture, id, DAY + 1));
    assert_int_equal(known(fixture, id)->register_value, 6000000);
    assert_int_equal(known(fixture, id)->newest_day, DAY);
}

/* 3.125 m3/h for 24 h and the hour of tolerance: 78.125 m3. */
static void flow_limit_is_the_border_of_a_jump(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 1000 }, 1, 1000);
    accept(fixture, &report);
    report = report_full(id, DAY + 1, (int64_t[]){ 1000 + 78125001 }, 1, 1000);
    accept(fixture, &report);
    assert_int_equal(outcome.reasons[0], READING_JUMP);
    report = report_full(id, DAY + 1, (int64_t[]){ 1000 + 78125000 }, 1, 1000 + 78125000);
    accept(fixture, &report);
    assert_int_equal(outcome.set_aside_count, 0);
    assert_int_equal(stored(fixture, id, DAY + 1).total_value, 78126000);
}

static void dial_cannot_show_it(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    static const int64_t impossible[] = { -1, REGISTRY_REGISTER_MODULUS_ML, INT64_C(4294967296000), INT64_MAX,
                                          INT64_MIN };
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        struct uplink report = report_full(id, DAY, &impossible[i], 1, impossible[i]);
        accept(fixture, &report);
        assert_int_equal(outcome.reasons[0], READING_RANGE);
        assert_int_equal(outcome.current_refused, READING_RANGE);
    }
    assert_int_equal(known(fixture, id)->register_value, 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 0);
}

/* A report whose clock is off by `error_s`, listing `count` midnights by that clock. */
static struct uplink report_by_wrong_clock(uint32_t id, int32_t day, int64_t error_s, const int64_t *registers, int count)
{
    int64_t now_s = room_fixture_midnight_s(day) + 3 * 3600;
    struct uplink report = report_make(id, now_s);
    report_item(&report, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, now_s + error_s, 0);
    int64_t device_midnight_s = (now_s + error_s + ROOM_FIXTURE_ZONE_S) / 86400 * 86400 - ROOM_FIXTURE_ZONE_S;
    for (int i = 0; i < count; i++)
        report_item(&report, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, registers[i], device_midnight_s - i * 86400);
    return report;
}

static void clock_in_1970_or_2099_takes_the_day_of_arrival(void **state)
{
    struct room_fixture *fixture = *state;
    static const int64_t errors_s[] = { -INT64_C(1728000000), INT64_C(2366841600) };
    for (size_t i = 0; i < 2; i++) {
        uint32_t id = room_fixture_device(fixture, 1000000);
        struct uplink report =
            report_by_wrong_clock(id, DAY, errors_s[i], (int64_t[]){ 1900000, 1600000, 1300000 }, 3);
        accept(fixture, &report);
        assert_int_equal(outcome.set_aside_count, 0);
        assert_int_equal(outcome.day_count, 3);
        assert_int_equal(stored(fixture, id, DAY).register_value, 1900000);
        assert_int_equal(stored(fixture, id, DAY - 2).register_value, 1300000);
        assert_true(known(fixture, id)->clock_error_s < -READING_CLOCK_BOUND_S ||
                    known(fixture, id)->clock_error_s > READING_CLOCK_BOUND_S);
    }
}

static void list_with_a_hole_and_a_wrong_clock_is_set_aside(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 1000000);
    struct uplink report = report_by_wrong_clock(id, DAY, -INT64_C(1728000000), (int64_t[]){ 1900000, 1300000 }, 2);
    report.items[2].time_s -= 86400;
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 0);
    assert_int_equal(outcome.set_aside_count, 2);
    assert_int_equal(outcome.reasons[0], READING_CLOCK);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 0);
}

static void eleven_hours_off_still_name_the_midnight(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 1000000);
    struct uplink report = report_by_wrong_clock(id, DAY, 11 * 3600, (int64_t[]){ 1300000 }, 1);
    accept(fixture, &report);
    assert_int_equal(stored(fixture, id, DAY).register_value, 1300000);
    assert_int_equal(known(fixture, id)->clock_error_s, 11 * 3600);
}

static void future_midnight_is_set_aside(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 1000000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 1300000 }, 1, 1300000);
    report_midnight(&report, DAY + 2, 1310000);
    accept(fixture, &report);
    assert_int_equal(outcome.reasons[0], READING_CLOCK);
    assert_true(missing(fixture, id, DAY + 2));
}

/* Sent on DAY + 1, held up in the network, arriving after the report of DAY + 3. */
static void late_report_fills_its_gap_and_leaves_the_state_alone(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 1000000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 1300000 }, 1, 1300000);
    accept(fixture, &report);
    struct uplink late = report_full(id, DAY + 1, (int64_t[]){ 1600000, 1300000 }, 2, 1610000);
    report_item(&late, QUANTITY_VALVE_STATE, UPLINK_CURRENT, VALVE_CLOSED, 0);
    report = report_full(id, DAY + 3, (int64_t[]){ 2200000 }, 1, 2200000);
    report_item(&report, QUANTITY_VALVE_STATE, UPLINK_CURRENT, VALVE_OPEN, 0);
    accept(fixture, &report);
    late.received_s = report.received_s + 600;
    accept(fixture, &late);
    assert_int_equal(outcome.stale, 1);
    assert_int_equal(outcome.day_count, 1);
    assert_int_equal(stored(fixture, id, DAY + 1).total_value, 600000);
    assert_int_equal(stored(fixture, id, DAY + 1).quality, READING_LATE);
    assert_int_equal(known(fixture, id)->valve_state, VALVE_OPEN);
    assert_int_equal(known(fixture, id)->register_value, 2200000);
    assert_int_equal(known(fixture, id)->clock_error_s, -2);
}

static void unknown_start_begins_with_the_first_reading(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, REGISTRY_START_UNKNOWN);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 812300000, 812000000 }, 2, 812310000);
    accept(fixture, &report);
    assert_int_equal(stored(fixture, id, DAY - 1).total_value, 0);
    assert_int_equal(stored(fixture, id, DAY).total_value, 300000);
    report = report_full(id, DAY + 1, (int64_t[]){ 812600000, 812300000, 812000000, 811500000 }, 4, 812600000);
    accept(fixture, &report);
    assert_int_equal(outcome.before_installation_count, 1);
    assert_int_equal(stored(fixture, id, DAY + 1).total_value, 600000);
}

static void midnights_before_installation_are_nobodys(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = report_full(id, DAY - 8, (int64_t[]){ 7200000, 7100000, 7000000, 6900000 }, 4, 7200000);
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 3);
    assert_int_equal(outcome.before_installation_count, 1);
    assert_int_equal(outcome.set_aside_count, 0);
}

static void exchanged_meter_continues_the_total(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    int64_t end_s = room_fixture_midnight_s(DAY) + 10 * 3600;
    int64_t total_value = 0;
    assert_int_equal(reading_exchange_total(fixture->reading, id, 10050000, end_s, &total_value), 0);
    assert_int_equal(total_value, 3050000);
    assert_int_equal(reading_exchange_total(fixture->reading, id, 10039999, end_s, &total_value), READING_ERR_END);
    assert_int_equal(reading_exchange_total(fixture->reading, id, 90000000, end_s, &total_value), READING_ERR_END);
    struct registry_exchange exchange = { .old_device_id = id, .new_imei = UINT64_C(869999999999999),
                                          .end_total_value = total_value, .new_start_value = 300,
                                          .new_meter_number = "999999999999" };
    uint32_t new_id = 0;
    room_fixture_begin(fixture);
    assert_int_equal(registry_device_exchange(fixture->registry, &fixture->scope, &exchange, end_s, &new_id), 0);
    room_fixture_commit(fixture);
    report = report_full(new_id, DAY + 1, (int64_t[]){ 200300 }, 1, 210300);
    accept(fixture, &report);
    assert_int_equal(stored(fixture, new_id, DAY + 1).total_value, 3250000);
    report = eight_days(id, DAY + 1);
    accept(fixture, &report);
    assert_int_equal(outcome.removed_device, 1);
    assert_true(missing(fixture, id, DAY + 1));
}

static void states_are_taken_within_their_range(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink event = report_make(id, ROOM_FIXTURE_NOW_S);
    event.kind = UPLINK_EVENT;
    report_item(&event, QUANTITY_ALARM_BITS, UPLINK_CURRENT, 1 << ALARM_MAGNET, 0);
    report_item(&event, QUANTITY_SIGNAL_RSRP, UPLINK_CURRENT, -121, 0);
    report_item(&event, QUANTITY_BALANCE, UPLINK_CURRENT, -350, 0);
    report_item(&event, QUANTITY_VALVE_STATE, UPLINK_CURRENT, 9, 0);
    report_item(&event, QUANTITY_BATTERY, UPLINK_CURRENT, 70000, 0);
    report_item(&event, 999, UPLINK_CURRENT, 1, 0);
    accept(fixture, &event);
    assert_int_equal(known(fixture, id)->alarm_bits, 1 << ALARM_MAGNET);
    assert_int_equal(known(fixture, id)->rsrp_dbm, -121);
    assert_int_equal(known(fixture, id)->balance_fen, -350);
    assert_int_equal(known(fixture, id)->valve_state, VALVE_OPEN);
    assert_int_equal(known(fixture, id)->battery_mv, 0);
    assert_int_equal(outcome.full_report, 0);
    assert_int_equal(outcome.before.alarm_bits, 0);
}

static void strangers_and_lies_about_counts_do_nothing(void **state)
{
    struct room_fixture *fixture = *state;
    struct uplink report = report_make(4711, ROOM_FIXTURE_NOW_S);
    accept(fixture, &report);
    assert_int_equal(outcome.unknown_device, 1);
    uint32_t id = room_fixture_device(fixture, 0);
    report = report_make(id, ROOM_FIXTURE_NOW_S);
    report.item_count = UINT16_MAX;
    report.frame_size = UINT16_MAX;
    accept(fixture, &report);
    assert_int_equal(room_fixture_number(fixture, "SELECT length(bytes) FROM frame"), UPLINK_FRAME_LIMIT);
}

static void frames_of_a_device_are_linked(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t a = room_fixture_device(fixture, 0);
    uint32_t b = room_fixture_device(fixture, 0);
    const uint32_t order[] = { a, b, a };
    for (int i = 0; i < 3; i++) {
        struct uplink report = report_make(order[i], ROOM_FIXTURE_NOW_S + i);
        report.frame_size = 2;
        accept(fixture, &report);
    }
    assert_int_equal(known(fixture, a)->last_frame, 3);
    assert_int_equal(room_fixture_number(fixture, "SELECT previous_frame FROM frame WHERE frame_id = 3"), 1);
    assert_int_equal(room_fixture_number(fixture, "SELECT previous_frame FROM frame WHERE frame_id = 1"), 0);
    const struct reading_store *store = reading_sql_store(fixture->reading_sql);
    assert_int_equal(store->frames_trim(store->context, 1, 1), 1);
    assert_int_equal(store->frames_trim(store->context, 1, 100), 1);
    assert_int_equal(store->frames_trim(store->context, 1, 100), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT frame_id FROM frame"), 3);
}

static void rollback_restores_memory(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    accept(fixture, &report);
    struct reading_state before = *known(fixture, id);
    struct uplink next = eight_days(id, DAY + 1);
    room_fixture_begin(fixture);
    assert_int_equal(reading_accept(fixture->reading, &next, next.received_s, &outcome), 0);
    assert_int_equal(known(fixture, id)->newest_day, DAY + 1);
    room_fixture_rollback(fixture);
    assert_memory_equal(known(fixture, id), &before, sizeof before);
    accept(fixture, &next);
    assert_int_equal(outcome.day_count, 1);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(received) FROM area_day"), 9);
}

static void full_store_takes_nothing_and_recovers(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    int64_t pages = room_fixture_number(fixture, "PRAGMA page_count");
    sqlite_store_page_limit(fixture->store, pages);
    struct uplink report = eight_days(id, DAY);
    report.frame_size = UPLINK_FRAME_LIMIT;
    int error = 0;
    room_fixture_begin(fixture);
    for (int i = 0; i < 1000 && error == 0; i++) {
        report.content_hash++;
        error = reading_accept(fixture->reading, &report, report.received_s, &outcome);
    }
    assert_int_equal(error, STORE_ERR_FULL);
    room_fixture_rollback(fixture);
    assert_null(reading_state_find(fixture->reading, id));
    sqlite_store_page_limit(fixture->store, 0);
    accept(fixture, &report);
    assert_int_equal(outcome.day_count, 8);
}

static void restart_finds_the_same_state(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 7000000);
    struct uplink report = eight_days(id, DAY);
    report_item(&report, QUANTITY_SIGNAL_SNR, UPLINK_CURRENT, -7, 0);
    report_item(&report, QUANTITY_CELL_ID, UPLINK_CURRENT, UINT32_MAX, 0);
    accept(fixture, &report);
    struct reading_state before = *known(fixture, id);
    room_fixture_reload(fixture);
    assert_memory_equal(known(fixture, id), &before, sizeof before);
    report.received_s += 5;
    accept(fixture, &report);
    assert_int_equal(outcome.duplicate, 1);
}

static void area_figures_follow_the_readings(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 10000000);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 10000000 }, 1, 10000000);
    accept(fixture, &report);
    report = report_full(id, DAY + 3, (int64_t[]){ 10900000 }, 1, 10900000);
    accept(fixture, &report);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20002"), 900000);
    report = report_make(id, report.received_s + 60);
    report_midnight(&report, DAY + 1, 10200000);
    accept(fixture, &report);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20000"), 200000);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20002"), 700000);
    assert_int_equal(room_fixture_number(fixture, "SELECT on_time FROM area_day WHERE day = 20001"), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT received FROM area_day WHERE day = 20001"), 1);
    struct reading_rate rate;
    room_fixture_device(fixture, 0);
    reading_rate_of_day(fixture->reading, &fixture->scope, DAY + 1, &rate);
    assert_int_equal(rate.due, 2);
    assert_int_equal(rate.eventual, 1);
    assert_int_equal(rate.on_time, 0);
    reading_rate_of_day(fixture->reading, &fixture->scope, DAY + 3, &rate);
    assert_int_equal(rate.on_time, 1);
}

/* More areas and days in one transaction than the table of gains holds: it is written on the way, and a step that is
 * taken back in between leaves exact figures. */
static void gains_of_many_areas_survive_a_step_back(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t ids[1800];
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        ids[i] = room_fixture_device(fixture, 7000000);
        struct area_record area = { .parent_area_id = fixture->root_area_id, .kind = AREA_BUILDING };
        snprintf(area.name, sizeof area.name, "%zu", i);
        assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), 0);
        struct device_record change = { .device_id = ids[i], .area_id = area.area_id };
        assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_AREA, &change), 0);
        undo_clear(fixture->undo);
    }
    room_fixture_begin(fixture);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        size_t mark = undo_mark(fixture->undo);
        struct uplink report = eight_days(ids[i], DAY);
        assert_int_equal(store_savepoint(fixture->store), 0);
        assert_int_equal(reading_accept(fixture->reading, &report, report.received_s, &outcome), 0);
        assert_int_equal(reading_settle(fixture->reading), 0);
        if (i % 3 != 1) {
            assert_int_equal(store_release(fixture->store), 0);
            continue;
        }
        assert_int_equal(store_revert(fixture->store), 0);
        undo_revert(fixture->undo, mark);
    }
    room_fixture_commit(fixture);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(received) FROM area_day"), 1200 * 8);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(usage_value) FROM area_day"), INT64_C(1200) * 3000000);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM daily_reading"), 1200 * 8);
}

static void day_before_skips_gaps(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 10000000);
    struct reading_day found;
    assert_int_equal(reading_day_before(fixture->reading, id, DAY, &found), 0);
    struct uplink report = report_full(id, DAY, (int64_t[]){ 10000000 }, 1, 10000000);
    accept(fixture, &report);
    report = report_full(id, DAY + 70, (int64_t[]){ 10900000 }, 1, 10900000);
    accept(fixture, &report);
    assert_int_equal(known(fixture, id)->complete_days, 1);
    assert_int_equal(reading_day_before(fixture->reading, id, DAY + 99, &found), 1);
    assert_int_equal(found.day, DAY + 70);
    assert_int_equal(reading_day_before(fixture->reading, id, DAY + 69, &found), 0);
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        FIXTURE_TEST(first_report_fills_eight_days),
        FIXTURE_TEST(next_day_adds_one_and_repeats_seven),
        FIXTURE_TEST(same_content_is_one_report),
        FIXTURE_TEST(gap_of_seven_days_is_filled_once),
        FIXTURE_TEST(late_value_must_fit_between_its_neighbours),
        FIXTURE_TEST(other_value_for_a_stored_day_is_a_conflict),
        FIXTURE_TEST(dial_wraps_into_the_total),
        FIXTURE_TEST(smaller_value_is_backward),
        FIXTURE_TEST(flow_limit_is_the_border_of_a_jump),
        FIXTURE_TEST(dial_cannot_show_it),
        FIXTURE_TEST(clock_in_1970_or_2099_takes_the_day_of_arrival),
        FIXTURE_TEST(list_with_a_hole_and_a_wrong_clock_is_set_aside),
        FIXTURE_TEST(eleven_hours_off_still_name_the_midnight),
        FIXTURE_TEST(future_midnight_is_set_aside),
        FIXTURE_TEST(late_report_fills_its_gap_and_leaves_the_state_alone),
        FIXTURE_TEST(unknown_start_begins_with_the_first_reading),
        FIXTURE_TEST(midnights_before_installation_are_nobodys),
        FIXTURE_TEST(exchanged_meter_continues_the_total),
        FIXTURE_TEST(states_are_taken_within_their_range),
        FIXTURE_TEST(strangers_and_lies_about_counts_do_nothing),
        FIXTURE_TEST(frames_of_a_device_are_linked),
        FIXTURE_TEST(rollback_restores_memory),
        FIXTURE_TEST(full_store_takes_nothing_and_recovers),
        FIXTURE_TEST(restart_finds_the_same_state),
        FIXTURE_TEST(area_figures_follow_the_readings),
        FIXTURE_TEST(gains_of_many_areas_survive_a_step_back),
        FIXTURE_TEST(day_before_skips_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
