/* Meters of all kinds, and the ratio of their transformers. */
#include "tests/unit/unit_test.h"

#include "tests/store/room_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define DAY ROOM_FIXTURE_DAY
#define KWH INT64_C(1000000)
#define RATIO_30 30000

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

/* One midnight as a concentrator hands it on, at three in the morning. */
static void freeze(struct room_fixture *fixture, uint32_t id, uint16_t quantity, int32_t day, int64_t value)
{
    struct uplink uplink = report_make(id, room_fixture_midnight_s(day) + 3 * 3600);
    report_item(&uplink, quantity, UPLINK_DAILY_FREEZE, value, room_fixture_midnight_s(day));
    accept(fixture, &uplink);
}

static void energy_freeze(struct room_fixture *fixture, uint32_t id, int32_t day, int64_t value)
{
    freeze(fixture, id, QUANTITY_ENERGY_ACTIVE_IMPORT, day, value);
}

static int64_t total(struct room_fixture *fixture, uint32_t id, int32_t day)
{
    struct reading_day found;
    assert_int_equal(reading_day_read(fixture->reading, id, day, &found), 1);
    return found.total_value;
}

static void ratio_change(struct room_fixture *fixture, uint32_t id, int64_t multiplier_e3)
{
    struct device_record row = { .device_id = id, .multiplier_e3 = multiplier_e3 };
    room_fixture_begin(fixture);
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_TRANSFORMERS, &row), 0);
    assert_int_equal(reading_multiplier_changed(fixture->reading, id), 0);
    room_fixture_commit(fixture);
}

static const struct kind_case {
    uint32_t kind;
    uint16_t quantity;
    uint16_t other; /* a cumulative register that is not the main one */
    int64_t growth; /* plausible for a day */
} kind_cases[] = {
    { DEVICE_KIND_COLD_WATER, QUANTITY_WATER_VOLUME, QUANTITY_HOT_WATER_VOLUME, 300000 },
    { DEVICE_KIND_HOT_WATER, QUANTITY_HOT_WATER_VOLUME, QUANTITY_WATER_VOLUME, 300000 },
    { DEVICE_KIND_ELECTRICITY, QUANTITY_ENERGY_ACTIVE_IMPORT, QUANTITY_ENERGY_ACTIVE_EXPORT, 9 * KWH },
    { DEVICE_KIND_GAS, QUANTITY_GAS_VOLUME, QUANTITY_WATER_VOLUME, 2000000 },
    { DEVICE_KIND_HEAT, QUANTITY_HEAT_ENERGY, QUANTITY_HEAT_VOLUME, INT64_C(360000000) },
};

static void each_kind_has_its_main_register(void **state)
{
    struct room_fixture *fixture = *state;
    for (size_t i = 0; i < sizeof kind_cases / sizeof kind_cases[0]; i++) {
        const struct kind_case *one = &kind_cases[i];
        uint32_t id = room_fixture_device_of(fixture, one->kind, 1000, 0);
        freeze(fixture, id, one->other, DAY, one->growth);
        assert_int_equal(outcome.day_count, 0);
        freeze(fixture, id, one->quantity, DAY, one->growth);
        assert_int_equal(outcome.day_count, 1);
        assert_int_equal(total(fixture, id, DAY), one->growth);
        freeze(fixture, id, one->quantity, DAY + 1, one->growth * 2000);
        assert_int_equal(outcome.reasons[0], READING_JUMP);
    }
    assert_int_equal(room_fixture_number(fixture, "SELECT count(DISTINCT kind) FROM area_day"), 5);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(received) FROM area_day WHERE kind = 'heat'"), 1);
}

static void tariff_registers_and_phases_are_not_the_main_register(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1000, 0);
    struct uplink uplink = report_make(id, room_fixture_midnight_s(DAY) + 60);
    report_item(&uplink, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_DAILY_FREEZE, KWH, room_fixture_midnight_s(DAY));
    uplink.items[0].register_index = 1;
    report_item(&uplink, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_DAILY_FREEZE, KWH, room_fixture_midnight_s(DAY));
    uplink.items[1].phase = 2;
    report_item(&uplink, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT, KWH, room_fixture_midnight_s(DAY));
    uplink.items[2].phase = 2;
    accept(fixture, &uplink);
    assert_int_equal(outcome.day_count, 0);
    assert_int_equal(reading_state_find(fixture->reading, id)->register_value, 0);
}

static void totals_count_what_flowed(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 100 * KWH);
    energy_freeze(fixture, id, DAY, 112345600);
    assert_int_equal(total(fixture, id, DAY), 30 * 12345600);
    energy_freeze(fixture, id, DAY + 1, 112345700);
    assert_int_equal(total(fixture, id, DAY + 1), 30 * 12345700);
    assert_int_equal(room_fixture_number(fixture, "SELECT usage_value FROM area_day WHERE day = 20000"), 3000);
    assert_int_equal(reading_state_find(fixture->reading, id)->newest_register_value, 112345700);
    assert_int_equal(reading_state_find(fixture->reading, id)->newest_total_value, 30 * 12345700);
}

/* The dial may move 66 kWh in an hour; what flowed is thirty times that and still believed. */
static void the_bound_is_of_the_dial(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 0);
    energy_freeze(fixture, id, DAY, 1000 * KWH);
    energy_freeze(fixture, id, DAY + 1, 1000 * KWH + 25 * 66 * KWH);
    assert_int_equal(outcome.day_count, 1);
    energy_freeze(fixture, id, DAY + 2, 1000 * KWH + 25 * 66 * KWH + 25 * 66 * KWH + 100);
    assert_int_equal(outcome.reasons[0], READING_JUMP);
}

static void a_wrapped_dial_counts_with_the_ratio(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 999990 * KWH);
    energy_freeze(fixture, id, DAY, 999999 * KWH);
    energy_freeze(fixture, id, DAY + 1, 2 * KWH);
    assert_int_equal(total(fixture, id, DAY + 1), 30 * 12 * KWH);
}

static void a_new_ratio_counts_from_the_newest_midnight(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 0);
    energy_freeze(fixture, id, DAY, 10 * KWH);
    struct uplink now = report_make(id, room_fixture_midnight_s(DAY) + 12 * 3600);
    report_item(&now, QUANTITY_ENERGY_ACTIVE_IMPORT, UPLINK_CURRENT, 14 * KWH, 0);
    accept(fixture, &now);
    assert_int_equal(reading_state_find(fixture->reading, id)->total_value, 30 * 14 * KWH);
    ratio_change(fixture, id, 40000);
    assert_int_equal(reading_state_find(fixture->reading, id)->total_value, 30 * 10 * KWH + 40 * 4 * KWH);
    room_fixture_reload(fixture);
    energy_freeze(fixture, id, DAY + 1, 20 * KWH);
    assert_int_equal(total(fixture, id, DAY), 30 * 10 * KWH);
    assert_int_equal(total(fixture, id, DAY + 1), 30 * 10 * KWH + 40 * 10 * KWH);
}

/* Midnights that come late belong to the ratio with which their stretch was counted. */
static void a_late_midnight_before_the_change_keeps_the_old_ratio(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 0);
    energy_freeze(fixture, id, DAY, 10 * KWH);
    energy_freeze(fixture, id, DAY + 3, 40 * KWH);
    ratio_change(fixture, id, 1000);
    energy_freeze(fixture, id, DAY + 5, 60 * KWH);
    energy_freeze(fixture, id, DAY + 1, 20 * KWH);
    assert_int_equal(total(fixture, id, DAY + 1), 600 * KWH);
    energy_freeze(fixture, id, DAY + 4, 50 * KWH);
    assert_int_equal(total(fixture, id, DAY + 3), 1200 * KWH);
    assert_int_equal(total(fixture, id, DAY + 4), 1210 * KWH);
    assert_int_equal(total(fixture, id, DAY + 5), 1220 * KWH);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(usage_value) FROM area_day"), 1220 * KWH);
}

/* A person accepts another value for a midnight before the change: what is derived again keeps each stretch's ratio. */
static void a_decision_keeps_the_ratio_of_each_day(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, RATIO_30, 0);
    energy_freeze(fixture, id, DAY, 10 * KWH);
    energy_freeze(fixture, id, DAY + 1, 20 * KWH);
    ratio_change(fixture, id, 1000);
    energy_freeze(fixture, id, DAY + 2, 30 * KWH);
    energy_freeze(fixture, id, DAY, 12 * KWH);
    assert_int_equal(outcome.reasons[0], READING_CONFLICT);
    room_fixture_begin(fixture);
    assert_int_equal(reading_decide(fixture->reading, 1, true, 7, ROOM_FIXTURE_NOW_S, &outcome), 0);
    room_fixture_commit(fixture);
    assert_int_equal(total(fixture, id, DAY), 360 * KWH);
    assert_int_equal(total(fixture, id, DAY + 1), 600 * KWH);
    assert_int_equal(total(fixture, id, DAY + 2), 610 * KWH);
}

/* A ratio with decimals loses nothing however finely the growth is cut. */
static void parts_add_up(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_ELECTRICITY, 1330, 0);
    int64_t value = 0;
    for (int32_t day = DAY; day < DAY + 50; day++) {
        value += 100 + (day % 7) * 700;
        energy_freeze(fixture, id, day, value);
        assert_int_equal(total(fixture, id, day), value / 100 * 133);
    }
}

static void a_curve_ends_with_its_newest_point(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t id = room_fixture_device_of(fixture, DEVICE_KIND_GAS, 1000, 0);
    int64_t noon_s = room_fixture_midnight_s(DAY) + 12 * 3600;
    struct uplink uplink = report_make(id, noon_s + 600);
    report_item(&uplink, QUANTITY_GAS_VOLUME, UPLINK_CURRENT, 3000000, noon_s);
    report_item(&uplink, QUANTITY_GAS_VOLUME, UPLINK_CURRENT, 2000000, noon_s - 3600);
    accept(fixture, &uplink);
    const struct reading_state *known = reading_state_find(fixture->reading, id);
    assert_int_equal(known->register_value, 3000000);
    assert_int_equal(known->register_s, noon_s);
    struct uplink late = report_make(id, noon_s + 900);
    report_item(&late, QUANTITY_GAS_VOLUME, UPLINK_CURRENT, 1000000, noon_s - 7200);
    accept(fixture, &late);
    assert_int_equal(outcome.current_refused, READING_BELIEVED);
    assert_int_equal(known->register_value, 3000000);
}

/* What a report subtracts at instants is judged as midnights are. */
static void instants_follow_the_same_rules(void **state)
{
    static const struct registry_device device = { .register_modulus_value = 1000000 * KWH,
                                                   .flow_limit_value_per_h = 66 * KWH };
    int64_t used = 0;
    (void)state;
    assert_int_equal(reading_instants_judge(&device, 10 * KWH, 0, 12 * KWH, 3600, RATIO_30, &used), READING_BELIEVED);
    assert_int_equal(used, 60 * KWH);
    assert_int_equal(reading_instants_judge(&device, 999999 * KWH, 0, 1 * KWH, 3600, RATIO_30, &used), READING_BELIEVED);
    assert_int_equal(used, 60 * KWH);
    assert_int_equal(reading_instants_judge(&device, 10 * KWH, 0, 300 * KWH, 3600, RATIO_30, &used), READING_JUMP);
    assert_int_equal(reading_instants_judge(&device, 10 * KWH, 0, 9 * KWH, 3600, RATIO_30, &used), READING_BACKWARD);
    assert_int_equal(reading_instants_judge(&device, -1, 0, 9 * KWH, 3600, RATIO_30, &used), READING_RANGE);
    assert_int_equal(reading_instants_judge(&device, 0, 0, 1000000 * KWH, 3600, RATIO_30, &used), READING_RANGE);
    assert_int_equal(reading_instants_judge(&device, 0, 0, 9 * KWH, 3600, 0, &used), READING_RANGE);
    assert_int_equal(used, 60 * KWH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_has_its_main_register, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(tariff_registers_and_phases_are_not_the_main_register, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(totals_count_what_flowed, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_bound_is_of_the_dial, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_wrapped_dial_counts_with_the_ratio, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_new_ratio_counts_from_the_newest_midnight, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_late_midnight_before_the_change_keeps_the_old_ratio, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_decision_keeps_the_ratio_of_each_day, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(parts_add_up, fixture_setup, fixture_teardown),
        cmocka_unit_test(instants_follow_the_same_rules),
        cmocka_unit_test_setup_teardown(a_curve_ends_with_its_newest_point, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
