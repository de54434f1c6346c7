#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "tests/store/room_fixture.h"

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

static struct device_record device_row(const struct room_fixture *fixture)
{
    return (struct device_record){ .area_id = fixture->building_a,
                                   .imei = UINT64_C(861234567890123),
                                   .meter_number = "202600000017",
                                   .room = "1204" };
}

static int add(struct room_fixture *fixture, struct device_record *row)
{
    return registry_device_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, row);
}

static void memory_record_is_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct registry_device) <= 96);
}

static void device_is_found_by_both_names(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(row.device_id, 1);
    const struct registry_device *device = registry_device_find_imei(fixture->registry, UINT64_C(861234567890123));
    assert_non_null(device);
    assert_ptr_equal(device, registry_device_find(fixture->registry, 1));
    assert_int_equal(device->register_modulus_value, REGISTRY_REGISTER_MODULUS_ML);
    assert_int_equal(device->flow_limit_value_per_h, REGISTRY_FLOW_LIMIT_ML_PER_H);
    assert_int_equal(device->security, DEVICE_SECURITY_PSK);
    assert_int_equal(device->installed_s, ROOM_FIXTURE_NOW_S);
    assert_null(registry_device_find_imei(fixture->registry, 1));
    assert_null(registry_device_find(fixture->registry, 2));
    assert_null(registry_device_find(fixture->registry, 0));
}

struct refusal {
    int error;
    void (*damage)(struct device_record *row);
};

static void imei_short(struct device_record *row)
{
    row->imei = UINT64_C(9999999999999);
}

static void imei_long(struct device_record *row)
{
    row->imei = UINT64_C(1000000000000000);
}

static void number_short(struct device_record *row)
{
    memcpy(row->meter_number, "20260000001", 12);
}

static void number_letters(struct device_record *row)
{
    memcpy(row->meter_number, "20260000001A", 13);
}

static void area_unknown(struct device_record *row)
{
    row->area_id = 99;
}

static void area_missing(struct device_record *row)
{
    row->area_id = 0;
}

static void register_beyond_dial(struct device_record *row)
{
    row->start_register_value = REGISTRY_REGISTER_MODULUS_ML;
}

static void flow_nothing(struct device_record *row)
{
    row->flow_limit_value_per_h = 999;
}

static void report_time_next_day(struct device_record *row)
{
    row->report_time_s = 86400;
}

static void room_broken_text(struct device_record *row)
{
    memcpy(row->room, "\xFF\xFE", 3);
}

static void security_other(struct device_record *row)
{
    row->security = 3;
}

static void kind_unknown(struct device_record *row)
{
    row->kind = REGISTRY_KIND_COUNT;
}

/* 0.001 of 0.0001 kWh is no whole mWh. */
static void ratio_finer_than_the_dial(struct device_record *row)
{
    row->kind = DEVICE_KIND_ELECTRICITY;
    row->multiplier_e3 = 30001;
}

static void ratio_of_water_broken(struct device_record *row)
{
    row->multiplier_e3 = 1500;
}

static void ratio_beyond_64_bits(struct device_record *row)
{
    row->kind = DEVICE_KIND_HEAT;
    row->multiplier_e3 = REGISTRY_MULTIPLIER_LARGEST_E3;
}

static void dial_without_digits(struct device_record *row)
{
    row->register_modulus_value = 999999;
}

static void wrong_fields_are_named(void **state)
{
    struct room_fixture *fixture = *state;
    static const struct refusal refusals[] = {
        { REGISTRY_ERR_IMEI, imei_short },          { REGISTRY_ERR_IMEI, imei_long },
        { REGISTRY_ERR_METER_NUMBER, number_short }, { REGISTRY_ERR_METER_NUMBER, number_letters },
        { REGISTRY_ERR_AREA, area_unknown },        { REGISTRY_ERR_AREA, area_missing },
        { REGISTRY_ERR_REGISTER, register_beyond_dial }, { REGISTRY_ERR_FLOW_LIMIT, flow_nothing },
        { REGISTRY_ERR_REPORT_TIME, report_time_next_day }, { REGISTRY_ERR_TEXT, room_broken_text },
        { REGISTRY_ERR_SECURITY, security_other },  { REGISTRY_ERR_KIND, kind_unknown },
        { REGISTRY_ERR_MULTIPLIER_STEP, ratio_finer_than_the_dial }, { REGISTRY_ERR_MULTIPLIER_STEP, ratio_of_water_broken },
        { REGISTRY_ERR_MULTIPLIER_STEP, ratio_beyond_64_bits }, { REGISTRY_ERR_MODULUS, dial_without_digits },
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct device_record row = device_row(fixture);
        refusals[i].damage(&row);
        assert_int_equal(add(fixture, &row), refusals[i].error);
        assert_non_null(registry_error_info(refusals[i].error));
        assert_true(registry_error_info(refusals[i].error)->text_zh[0] != '\0');
    }
    assert_int_equal(registry_device_count(fixture->registry), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM device"), 0);
    assert_null(registry_error_info(-1));
}

static void names_are_unique(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    struct device_record same_imei = device_row(fixture);
    memcpy(same_imei.meter_number, "202600000018", 13);
    assert_int_equal(add(fixture, &same_imei), REGISTRY_ERR_IMEI_TAKEN);
    struct device_record same_number = device_row(fixture);
    same_number.imei++;
    assert_int_equal(add(fixture, &same_number), REGISTRY_ERR_METER_NUMBER_TAKEN);
}

static void scope_ends_at_its_area(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    struct registry_scope a;
    struct registry_scope b;
    assert_int_equal(registry_scope_make(fixture->registry, fixture->tenant_id, fixture->building_a, &a), 0);
    assert_int_equal(registry_scope_make(fixture->registry, fixture->tenant_id, fixture->building_b, &b), 0);
    assert_true(registry_scope_holds(fixture->registry, &fixture->scope, 1));
    assert_true(registry_scope_holds(fixture->registry, &a, 1));
    assert_false(registry_scope_holds(fixture->registry, &b, 1));
    assert_false(registry_scope_holds(fixture->registry, &a, 2));
    struct device_record read;
    assert_int_equal(registry_device_read(fixture->registry, &b, 1, &read), REGISTRY_ERR_DEVICE);
    row.imei++;
    assert_int_equal(registry_device_add(fixture->registry, &b, ROOM_FIXTURE_NOW_S, &row), REGISTRY_ERR_AREA);
}

/* Area 1 and area 10 share the beginning of their paths as text, not as a place. */
static void neighbours_with_similar_paths_stay_apart(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t tenth = 0;
    for (int i = 0; i < 12; i++) {
        struct area_record area = { .parent_area_id = fixture->root_area_id, .kind = AREA_DISTRICT };
        snprintf(area.name, sizeof area.name, "district %d", i);
        assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), 0);
        tenth = area.area_id;
    }
    assert_true(tenth >= 10);
    struct device_record row = device_row(fixture);
    row.area_id = tenth;
    assert_int_equal(add(fixture, &row), 0);
    struct registry_scope first;
    assert_int_equal(registry_scope_make(fixture->registry, fixture->tenant_id, 2, &first), 0);
    assert_false(registry_scope_holds(fixture->registry, &first, row.device_id));
}

static void tenants_do_not_see_each_other(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t other = 0;
    uint32_t other_root = 0;
    assert_int_equal(registry_tenant_add(fixture->registry, "Gas Works", 0, 1, &other, &other_root), 0);
    assert_int_equal(registry_tenant_add(fixture->registry, "Gas Works", 0, 1, &other, &other_root),
                     REGISTRY_ERR_NAME_TAKEN);
    assert_int_equal(registry_tenant_add(fixture->registry, " ", 0, 1, &other, &other_root), REGISTRY_ERR_NAME);
    struct registry_scope scope;
    assert_int_equal(registry_scope_make(fixture->registry, other, fixture->building_a, &scope), REGISTRY_ERR_AREA);
    assert_int_equal(registry_scope_make(fixture->registry, 77, 0, &scope), REGISTRY_ERR_TENANT);
    assert_int_equal(registry_scope_make(fixture->registry, other, 0, &scope), 0);
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    assert_false(registry_scope_holds(fixture->registry, &scope, row.device_id));
}

static void areas_keep_their_order(void **state)
{
    struct room_fixture *fixture = *state;
    struct area_record area = { .parent_area_id = fixture->building_a, .kind = AREA_BUILDING, .name = "inner" };
    assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), REGISTRY_ERR_AREA_KIND);
    area = (struct area_record){ .parent_area_id = fixture->root_area_id, .kind = AREA_ESTATE,
                                 .name = "Banyan Garden" };
    assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), REGISTRY_ERR_NAME_TAKEN);
    memcpy(area.name, "", 1);
    assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), REGISTRY_ERR_NAME);
}

static void change_touches_the_named_fields(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    struct device_record change = { .device_id = 1, .area_id = fixture->building_b, .report_time_s = 7200,
                                    .room = "ignored" };
    uint32_t fields = REGISTRY_CHANGE_AREA | REGISTRY_CHANGE_REPORT_TIME;
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, fields, &change), 0);
    struct device_record read;
    assert_int_equal(registry_device_read(fixture->registry, &fixture->scope, 1, &read), 0);
    assert_int_equal(read.area_id, fixture->building_b);
    assert_int_equal(read.report_time_s, 7200);
    assert_string_equal(read.room, "1204");
    assert_int_equal(registry_device_find(fixture->registry, 1)->area_id, fixture->building_b);
    change.report_time_s = -1;
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, fields, &change),
                     REGISTRY_ERR_REPORT_TIME);
}

static void exchange_carries_the_total_over(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    struct registry_exchange exchange = { .old_device_id = 1, .new_imei = UINT64_C(861234567890999),
                                          .end_total_value = 5000, .new_start_value = 120,
                                          .new_meter_number = "202600000099" };
    uint32_t new_id = 0;
    assert_int_equal(registry_device_exchange(fixture->registry, &fixture->scope, &exchange, 77, &new_id), 0);
    const struct registry_device *replaced = registry_device_find(fixture->registry, 1);
    const struct registry_device *device = registry_device_find(fixture->registry, new_id);
    assert_true(replaced->removed);
    assert_false(device->removed);
    assert_int_equal(device->start_total_value, 5000);
    assert_int_equal(device->start_register_value, 120);
    assert_int_equal(device->area_id, replaced->area_id);
    assert_int_equal(room_fixture_number(fixture, "SELECT replaces_device_id FROM device WHERE device_id = 2"), 1);
    assert_int_equal(registry_device_exchange(fixture->registry, &fixture->scope, &exchange, 78, &new_id),
                     REGISTRY_ERR_REMOVED);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, 1, 79), REGISTRY_ERR_REMOVED);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, 2, 79), 0);
    assert_true(registry_device_find(fixture->registry, 2)->removed);
}

static void rollback_leaves_no_trace(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t kept = room_fixture_device(fixture, 0);
    room_fixture_begin(fixture);
    struct device_record row = device_row(fixture);
    assert_int_equal(add(fixture, &row), 0);
    struct device_record change = { .device_id = kept, .report_time_s = 1 };
    assert_int_equal(
        registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_REPORT_TIME, &change), 0);
    struct area_record area = { .parent_area_id = fixture->root_area_id, .kind = AREA_DISTRICT, .name = "south" };
    assert_int_equal(registry_area_add(fixture->registry, &fixture->scope, &area), 0);
    room_fixture_rollback(fixture);
    assert_null(registry_device_find_imei(fixture->registry, row.imei));
    assert_null(registry_device_find(fixture->registry, row.device_id));
    assert_null(registry_area_find(fixture->registry, area.area_id));
    assert_int_equal(registry_device_count(fixture->registry), kept);
    assert_int_equal(registry_device_find(fixture->registry, kept)->report_time_s, REGISTRY_REPORT_TIME_S);
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(row.device_id, kept + 1);
}

static void restart_finds_the_same(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = device_row(fixture);
    row.security = DEVICE_SECURITY_PLAIN;
    row.size_dn_mm = 40;
    assert_int_equal(add(fixture, &row), 0);
    struct registry_device before = *registry_device_find(fixture->registry, row.device_id);
    room_fixture_reload(fixture);
    assert_memory_equal(registry_device_find(fixture->registry, row.device_id), &before, sizeof before);
    assert_int_equal(registry_zone_offset_s(fixture->registry, row.device_id), ROOM_FIXTURE_ZONE_S);
    assert_string_equal(registry_area_find(fixture->registry, fixture->building_a)->path, "/1/2/3/");
    uint32_t position = 0;
    assert_string_equal(registry_tenant_next(fixture->registry, &position)->name, "Water Works");
    assert_null(registry_tenant_next(fixture->registry, &position));
}

static const struct kind_case {
    const char *name;
    uint32_t kind;
    enum quantity quantity;
    int64_t modulus_value;
    int64_t flow_limit_value_per_h; /* DN15 */
} kind_cases[] = {
    { "cold_water", DEVICE_KIND_COLD_WATER, QUANTITY_WATER_VOLUME, INT64_C(100000000000), 3125000 },
    { "hot_water", DEVICE_KIND_HOT_WATER, QUANTITY_HOT_WATER_VOLUME, INT64_C(100000000000), 3125000 },
    { "electricity", DEVICE_KIND_ELECTRICITY, QUANTITY_ENERGY_ACTIVE_IMPORT, INT64_C(1000000000000), 66000000 },
    { "gas", DEVICE_KIND_GAS, QUANTITY_GAS_VOLUME, INT64_C(100000000000), 10000000 },
    { "heat", DEVICE_KIND_HEAT, QUANTITY_HEAT_ENERGY, INT64_C(3600000000000), INT64_C(3125000) * 418 },
};

static void each_kind_has_its_usual_dial(void **state)
{
    struct room_fixture *fixture = *state;
    for (uint32_t i = 0; i < sizeof kind_cases / sizeof kind_cases[0]; i++) {
        struct device_record row = device_row(fixture);
        row.imei += i;
        row.meter_number[11] = (char)('0' + i);
        row.kind = registry_kind_of_name(kind_cases[i].name);
        assert_int_equal(row.kind, kind_cases[i].kind);
        assert_string_equal(registry_kind_name(row.kind), kind_cases[i].name);
        assert_int_equal(add(fixture, &row), 0);
        const struct registry_device *device = registry_device_find(fixture->registry, row.device_id);
        assert_int_equal(registry_device_quantity(device), kind_cases[i].quantity);
        assert_int_equal(device->register_modulus_value, kind_cases[i].modulus_value);
        assert_int_equal(device->flow_limit_value_per_h, kind_cases[i].flow_limit_value_per_h);
        assert_int_equal(device->multiplier_e3, REGISTRY_MULTIPLIER_NONE_E3);
    }
    room_fixture_reload(fixture);
    assert_int_equal(registry_device_find(fixture->registry, 3)->kind, DEVICE_KIND_ELECTRICITY);
    assert_int_equal(registry_kind_of_name("steam"), DEVICE_KIND_NONE);
    assert_string_equal(registry_kind_name(REGISTRY_KIND_COUNT), "");
}

static void flow_limit_follows_the_size(void **state)
{
    struct room_fixture *fixture = *state;
    assert_int_equal(registry_flow_limit_of_size(8), REGISTRY_FLOW_LIMIT_ML_PER_H);
    assert_int_equal(registry_flow_limit_of_size(15), REGISTRY_FLOW_LIMIT_ML_PER_H);
    assert_int_equal(registry_flow_limit_of_size(16), 5000000);
    assert_int_equal(registry_flow_limit_of_size(100), 200000000);
    assert_int_equal(registry_flow_limit_of_size(600), INT64_C(4000000000));
    struct device_record row = device_row(fixture);
    row.size_dn_mm = 40;
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(registry_device_find(fixture->registry, row.device_id)->flow_limit_value_per_h, 20000000);
}

static void check_digit_of_imei(void **state)
{
    (void)state;
    assert_true(imei_check_digit_fits(UINT64_C(490154203237518)));
    assert_false(imei_check_digit_fits(UINT64_C(490154203237517)));
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_record_is_small),
        FIXTURE_TEST(device_is_found_by_both_names),
        FIXTURE_TEST(wrong_fields_are_named),
        FIXTURE_TEST(names_are_unique),
        FIXTURE_TEST(scope_ends_at_its_area),
        FIXTURE_TEST(neighbours_with_similar_paths_stay_apart),
        FIXTURE_TEST(tenants_do_not_see_each_other),
        FIXTURE_TEST(areas_keep_their_order),
        FIXTURE_TEST(change_touches_the_named_fields),
        FIXTURE_TEST(exchange_carries_the_total_over),
        FIXTURE_TEST(each_kind_has_its_usual_dial),
        FIXTURE_TEST(rollback_leaves_no_trace),
        FIXTURE_TEST(restart_finds_the_same),
        FIXTURE_TEST(flow_limit_follows_the_size),
        cmocka_unit_test(check_digit_of_imei),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
