/* Values beside the midnights of the main register: kept once, with the transformers of their time. */
#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY
#define NOON_S (room_fixture_midnight_s(DAY) + 12 * 3600)

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

static struct uplink one(uint32_t id, uint16_t quantity, uint8_t period, int64_t value, int64_t time_s)
{
    struct uplink uplink = report_make(id, NOON_S + 900);
    report_item(&uplink, quantity, period, value, time_s);
    return uplink;
}

static int64_t rows(struct room_fixture *fixture)
{
    return room_fixture_number(fixture, "SELECT count(*) FROM register_reading");
}

static int64_t of_row(struct room_fixture *fixture, const char *column, enum quantity quantity, int index, int phase)
{
    char query[256];
    snprintf(query, sizeof query, "SELECT %s FROM register_reading WHERE channel = %u", column,
             reading_register_channel(quantity, (uint8_t)index, (uint8_t)phase));
    return room_fixture_number(fixture, query);
}

/* 100/5 A and 10/0.1 kV: a meter that shows secondary values. */
static uint32_t transformer_meter(struct room_fixture *fixture)
{
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct device_record row = { .device_id = id, .ct_primary_a = 100, .ct_secondary_a = 5, .pt_primary_v = 10000,
                                 .pt_secondary_v = 100 };
    room_fixture_begin(fixture);
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_TRANSFORMERS, &row), 0);
    assert_int_equal(reading_multiplier_changed(fixture->reading, id), 0);
    room_fixture_commit(fixture);
    return id;
}

static void each_value_has_the_scale_of_its_transformers(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = transformer_meter(fixture);
    struct uplink uplink = report_make(id, NOON_S + 60);
    report_item(&uplink, QUANTITY_VOLTAGE, UPLINK_CURRENT, 57700, NOON_S);
    uplink.items[0].phase = 1;
    report_item(&uplink, QUANTITY_CURRENT, UPLINK_CURRENT, 1234, NOON_S);
    uplink.items[1].phase = 2;
    report_item(&uplink, QUANTITY_POWER_ACTIVE, UPLINK_CURRENT, -50000, NOON_S);
    report_item(&uplink, QUANTITY_POWER_FACTOR, UPLINK_CURRENT, 987, 0);
    report_item(&uplink, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_DAILY_FREEZE, 700, room_fixture_midnight_s(DAY));
    uplink.items[4].register_index = 3;
    accept(fixture, &uplink);
    assert_int_equal(outcome.register_count, 5);
    assert_int_equal(of_row(fixture, "scale_e3", QUANTITY_VOLTAGE, 0, 1), 100000);
    assert_int_equal(of_row(fixture, "scale_e3", QUANTITY_CURRENT, 0, 2), 20000);
    assert_int_equal(of_row(fixture, "scale_e3", QUANTITY_POWER_ACTIVE, 0, 0), 2000000);
    assert_int_equal(of_row(fixture, "value", QUANTITY_POWER_ACTIVE, 0, 0), -50000);
    assert_int_equal(of_row(fixture, "scale_e3", QUANTITY_POWER_FACTOR, 0, 0), 1000);
    assert_int_equal(of_row(fixture, "time_s", QUANTITY_POWER_FACTOR, 0, 0), NOON_S + 60);
    assert_int_equal(of_row(fixture, "scale_e3", QUANTITY_ENERGY_ACTIVE_IMPORT, 3, 0), 2000000);
    assert_int_equal(of_row(fixture, "period", QUANTITY_ENERGY_ACTIVE_IMPORT, 3, 0), UPLINK_DAILY_FREEZE);
}

static void a_curve_of_the_main_register_is_kept_and_its_midnights_are_not(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_GAS, 1000, 0);
    struct uplink uplink = report_make(id, NOON_S + 60);
    for (int i = 0; i < 12; i++)
        report_item(&uplink, QUANTITY_GAS_VOLUME, UPLINK_CURRENT, 100000 * i, NOON_S - (11 - i) * 3600);
    report_item(&uplink, QUANTITY_GAS_VOLUME, UPLINK_DAILY_FREEZE, 0, room_fixture_midnight_s(DAY));
    report_item(&uplink, QUANTITY_GAS_VOLUME, UPLINK_MONTHLY_FREEZE, 0, room_fixture_midnight_s(DAY - 3));
    accept(fixture, &uplink);
    assert_int_equal(rows(fixture), 1);
    assert_int_equal(outcome.interval_count, 12);
    assert_int_equal(room_fixture_number(fixture, "SELECT missing FROM interval_day"), 24 - 12);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM register_reading WHERE period = 2"), 1);
    assert_int_equal(reading_state_find(fixture->reading, id)->register_value, 1100000);
}

/* A daily report of a meter that dates itself adds no row to this table. */
static void a_report_of_its_own_is_state(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device(fixture, 0);
    struct uplink uplink = report_full(id, DAY, (const int64_t[]){ 500000 }, 1, 600000);
    accept(fixture, &uplink);
    assert_int_equal(rows(fixture), 0);
    assert_int_equal(outcome.register_count, 0);
}

static void the_same_instant_is_one_row_and_another_value_a_conflict(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct uplink first = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, 500, NOON_S);
    struct uplink same = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, 500, NOON_S);
    struct uplink other = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, 600, NOON_S);
    struct uplink again = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, 600, NOON_S);
    accept(fixture, &first);
    accept(fixture, &same);
    assert_int_equal(outcome.register_count, 0);
    assert_int_equal(outcome.register_conflict_count, 0);
    accept(fixture, &other);
    assert_int_equal(outcome.register_conflict_count, 1);
    accept(fixture, &again);
    assert_int_equal(outcome.register_conflict_count, 0);
    assert_int_equal(rows(fixture), 1);
    assert_int_equal(of_row(fixture, "value", QUANTITY_ENERGY_ACTIVE_EXPORT, 0, 0), 500);
    assert_int_equal(of_row(fixture, "quality", QUANTITY_ENERGY_ACTIVE_EXPORT, 0, 0), READING_REGISTER_CONFLICT);
    assert_int_equal(room_fixture_number(fixture, "SELECT value FROM register_conflict"), 600);
}

/* Two looks at a voltage within a second may differ; the first is kept. */
static void a_value_that_swings_does_not_contradict_itself(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct uplink first = one(id, QUANTITY_VOLTAGE, UPLINK_CURRENT, 220100, NOON_S);
    struct uplink other = one(id, QUANTITY_VOLTAGE, UPLINK_CURRENT, 220300, NOON_S);
    accept(fixture, &first);
    accept(fixture, &other);
    assert_int_equal(outcome.register_conflict_count, 0);
    assert_int_equal(of_row(fixture, "value", QUANTITY_VOLTAGE, 0, 0), 220100);
    assert_int_equal(of_row(fixture, "quality", QUANTITY_VOLTAGE, 0, 0), READING_REGISTER_GOOD);
}

static void conflicts_of_a_device_have_a_bound(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    for (int64_t value = 0; value < READING_REGISTER_CONFLICT_LIMIT + 20; value++) {
        struct uplink uplink = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, value, NOON_S);
        accept(fixture, &uplink);
    }
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM register_conflict"),
                     READING_REGISTER_CONFLICT_LIMIT);
}

static void impossible_times_are_refused(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct uplink future = one(id, QUANTITY_VOLTAGE, UPLINK_CURRENT, 220000, NOON_S + 86400);
    struct uplink before_us = one(id, QUANTITY_VOLTAGE, UPLINK_CURRENT, 220000, room_fixture_midnight_s(DAY - 11));
    struct uplink undated = one(id, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_MONTHLY_FREEZE, 5, 0);
    accept(fixture, &future);
    assert_int_equal(outcome.register_refused_count, 1);
    accept(fixture, &before_us);
    assert_int_equal(outcome.register_refused_count, 1);
    accept(fixture, &undated);
    assert_int_equal(outcome.register_refused_count, 1);
    assert_int_equal(rows(fixture), 0);
}

static void unknown_quantities_channels_and_periods_are_left_out(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct uplink uplink = report_make(id, NOON_S);
    report_item(&uplink, QUANTITY_COUNT, UPLINK_CURRENT, 1, NOON_S);
    report_item(&uplink, 65535, UPLINK_CURRENT, 1, NOON_S);
    report_item(&uplink, QUANTITY_VOLTAGE, 7, 1, NOON_S);
    report_item(&uplink, QUANTITY_VOLTAGE, UPLINK_CURRENT, 1, NOON_S);
    uplink.items[3].phase = 5;
    report_item(&uplink, QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_CURRENT, 1, NOON_S);
    uplink.items[4].register_index = 64;
    report_item(&uplink, QUANTITY_BATTERY, UPLINK_CURRENT, 3600, NOON_S);
    accept(fixture, &uplink);
    assert_int_equal(rows(fixture), 0);
}

static void an_answer_carries_values_too(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_HEAT, 1000, 0);
    struct uplink uplink = one(id, QUANTITY_TEMPERATURE_SUPPLY, UPLINK_CURRENT, 65430, NOON_S);
    uplink.kind = UPLINK_ANSWER;
    accept(fixture, &uplink);
    assert_int_equal(of_row(fixture, "value", QUANTITY_TEMPERATURE_SUPPLY, 0, 0), 65430);
}

static void ticks(struct room_fixture *fixture, int64_t now_s, int count)
{
    for (int i = 0; i < count; i++) {
        room_fixture_begin(fixture);
        assert_true(reading_tick(fixture->reading, now_s) >= 0);
        room_fixture_commit(fixture);
    }
}

/* Old instants go in bounded pieces, channel by channel; what was latched stays. */
static void instants_are_kept_for_their_time(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t ids[6];
    for (int k = 0; k < 6; k++) {
        ids[k] = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
        for (int i = 0; i < 40; i++) {
            struct uplink uplink = report_make(ids[k], NOON_S + i * 1800);
            for (int j = 0; j < 30; j++)
                report_item(&uplink, QUANTITY_VOLTAGE, UPLINK_CURRENT, 220000, NOON_S + i * 1800 - j * 60);
            report_item(&uplink, QUANTITY_CURRENT, UPLINK_CURRENT, 5000, NOON_S + i * 1800);
            accept(fixture, &uplink);
        }
    }
    struct uplink latched = one(ids[0], QUANTITY_ENERGY_ACTIVE_EXPORT, UPLINK_MONTHLY_FREEZE, 5, NOON_S);
    accept(fixture, &latched);
    assert_int_equal(rows(fixture), 6 * 40 * 31 + 1);
    int64_t keep_s = (int64_t)READING_REGISTER_KEEP_DAYS * 86400;
    ticks(fixture, NOON_S + keep_s - 1800, 20);
    assert_int_equal(rows(fixture), 6 * 40 * 31 + 1);
    ticks(fixture, NOON_S + keep_s + 1, 20);
    assert_int_equal(rows(fixture), 6 * 39 * 31 + 1);
    ticks(fixture, NOON_S + keep_s + 86400, 1);
    assert_in_range(rows(fixture), 6 * 39 * 31 + 1 - 8 * 500, 6 * 39 * 31);
    ticks(fixture, NOON_S + keep_s + 86400, 30);
    assert_int_equal(rows(fixture), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_value_has_the_scale_of_its_transformers, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_curve_of_the_main_register_is_kept_and_its_midnights_are_not, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_report_of_its_own_is_state, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_same_instant_is_one_row_and_another_value_a_conflict, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_value_that_swings_does_not_contradict_itself, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(conflicts_of_a_device_have_a_bound, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(impossible_times_are_refused, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(unknown_quantities_channels_and_periods_are_left_out, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(an_answer_carries_values_too, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(instants_are_kept_for_their_time, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
