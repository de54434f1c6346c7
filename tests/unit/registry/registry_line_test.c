#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "registry/registry_line.h"
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

static uint32_t concentrator_add(struct room_fixture *fixture, const char *address, uint32_t meter_limit)
{
    struct device_record row = { .area_id = fixture->building_a, .kind = REGISTRY_KIND_CONCENTRATOR };
    struct registry_line_record line = { .meter_limit = meter_limit };
    snprintf(row.meter_number, sizeof row.meter_number, "%s", address);
    snprintf(row.address, sizeof row.address, "%s", address);
    assert_int_equal(registry_line_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, &row, &line), 0);
    return row.device_id;
}

static struct device_record meter_row(const struct room_fixture *fixture, uint32_t parent, unsigned number)
{
    struct device_record row = { .area_id = fixture->building_a, .kind = DEVICE_KIND_ELECTRICITY,
                                 .parent_device_id = parent };
    snprintf(row.meter_number, sizeof row.meter_number, "2026%08u", number);
    return row;
}

static int add(struct room_fixture *fixture, struct device_record *row)
{
    return registry_device_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, row);
}

static uint32_t meter_add(struct room_fixture *fixture, uint32_t parent, unsigned number)
{
    struct device_record row = meter_row(fixture, parent, number);
    assert_int_equal(add(fixture, &row), 0);
    return row.device_id;
}

static uint32_t collector_add(struct room_fixture *fixture, uint32_t parent)
{
    struct device_record row = { .area_id = fixture->building_a, .kind = REGISTRY_KIND_COLLECTOR,
                                 .parent_device_id = parent, .meter_number = "collector-1", .address = "881234" };
    assert_int_equal(add(fixture, &row), 0);
    return row.device_id;
}

static void a_meter_takes_the_next_free_point(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t line = concentrator_add(fixture, "440112345", 0);
    uint32_t first = meter_add(fixture, line, 1);
    uint32_t collector = collector_add(fixture, line);
    uint32_t second = meter_add(fixture, collector, 2);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), first);
    assert_int_equal(registry_point_device(fixture->registry, line, 2), second);
    assert_int_equal(registry_point_device(fixture->registry, line, 3), 0);
    assert_int_equal(registry_point_device(fixture->registry, line, 0), 0);
    assert_int_equal(registry_line_of(fixture->registry, second), line);
    assert_int_equal(registry_line_of(fixture->registry, line), line);
    assert_int_equal(registry_device_find(fixture->registry, second)->imei, 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT imei FROM device WHERE device_id = 1"), -1);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, first, ROOM_FIXTURE_NOW_S), 0);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), 0);
    uint32_t third = meter_add(fixture, line, 3);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), third);
}

static void children_are_walked(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t line = concentrator_add(fixture, "440112345", 0);
    uint32_t first = meter_add(fixture, line, 1);
    uint32_t second = meter_add(fixture, line, 2);
    uint32_t third = meter_add(fixture, line, 3);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, second, ROOM_FIXTURE_NOW_S), 0);
    assert_int_equal(registry_child_next(fixture->registry, line, 0), third);
    assert_int_equal(registry_child_next(fixture->registry, line, third), first);
    assert_int_equal(registry_child_next(fixture->registry, line, first), 0);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, line, ROOM_FIXTURE_NOW_S),
                     REGISTRY_ERR_CHILDREN);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, third, ROOM_FIXTURE_NOW_S), 0);
    assert_int_equal(registry_child_next(fixture->registry, line, 0), first);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, first, ROOM_FIXTURE_NOW_S), 0);
    assert_int_equal(registry_child_next(fixture->registry, line, 0), 0);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, line, ROOM_FIXTURE_NOW_S), 0);
}

static void a_full_line_refuses(void **state)
{
    struct room_fixture *fixture = *state;
    struct registry_line_figures figures;
    uint32_t line = concentrator_add(fixture, "440112345", 2);
    meter_add(fixture, line, 1);
    uint32_t second = meter_add(fixture, line, 2);
    struct device_record third = meter_row(fixture, line, 3);
    assert_int_equal(add(fixture, &third), REGISTRY_ERR_LINE_FULL);
    registry_line_figures(fixture->registry, line, &figures);
    assert_int_equal(figures.meter_count, 2);
    assert_int_equal(figures.meter_limit, 2);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, second, ROOM_FIXTURE_NOW_S), 0);
    assert_int_equal(add(fixture, &third), 0);
    struct registry_line_record settings;
    assert_int_equal(registry_line_read(fixture->registry, line, &settings), 0);
    settings.meter_limit = 1;
    assert_int_equal(registry_line_change(fixture->registry, &fixture->scope, &settings), REGISTRY_ERR_LINE_FULL);
}

struct refusal {
    int error;
    void (*damage)(struct device_record *row);
};

static void address_taken(struct device_record *row)
{
    memcpy(row->address, "202600000001", 13);
}

static void address_letters(struct device_record *row)
{
    memcpy(row->address, "2026-1", 7);
}

static void point_taken(struct device_record *row)
{
    row->measurement_point = 1;
}

static void point_beyond(struct device_record *row)
{
    row->measurement_point = 2041;
}

static void port_beyond(struct device_record *row)
{
    row->port = 32;
}

static void parent_is_a_meter(struct device_record *row)
{
    row->parent_device_id = 2;
}

static void parent_and_imei(struct device_record *row)
{
    row->imei = UINT64_C(861234567890123);
}

static void half_a_transformer(struct device_record *row)
{
    row->ct_primary_a = 100;
}

static void ratio_without_end(struct device_record *row)
{
    row->ct_primary_a = 100;
    row->ct_secondary_a = 3;
}

static void multiplier_of_its_own(struct device_record *row)
{
    row->ct_primary_a = 100;
    row->ct_secondary_a = 5;
    row->multiplier_e3 = 21000;
}

static void wrong_places_are_named(void **state)
{
    struct room_fixture *fixture = *state;
    static const struct refusal refusals[] = {
        { REGISTRY_ERR_ADDRESS_TAKEN, address_taken }, { REGISTRY_ERR_ADDRESS, address_letters },
        { REGISTRY_ERR_POINT_TAKEN, point_taken },     { REGISTRY_ERR_POINT, point_beyond },
        { REGISTRY_ERR_PORT, port_beyond },            { REGISTRY_ERR_PARENT, parent_is_a_meter },
        { REGISTRY_ERR_PARENT, parent_and_imei },      { REGISTRY_ERR_TRANSFORMERS, half_a_transformer },
        { REGISTRY_ERR_TRANSFORMERS, ratio_without_end }, { REGISTRY_ERR_MULTIPLIER, multiplier_of_its_own },
    };
    uint32_t line = concentrator_add(fixture, "440112345", 0);
    meter_add(fixture, line, 1);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct device_record row = meter_row(fixture, line, 2);
        if (refusals[i].damage == parent_and_imei)
            row.parent_device_id = line;
        refusals[i].damage(&row);
        if (refusals[i].damage == parent_and_imei)
            memcpy(row.meter_number, "202600000002", 13);
        assert_int_equal(add(fixture, &row), refusals[i].error);
    }
    assert_int_equal(registry_device_count(fixture->registry), 2);
}

static void addresses_of_lines_have_their_form(void **state)
{
    struct room_fixture *fixture = *state;
    static const char *const wrong[] = { "44011234", "4401123456", "440100000", "440165536", "44011234A", "" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct device_record row = { .area_id = fixture->building_a, .kind = REGISTRY_KIND_CONCENTRATOR,
                                     .meter_number = "C1" };
        snprintf(row.address, sizeof row.address, "%s", wrong[i]);
        assert_int_equal(add(fixture, &row), REGISTRY_ERR_ADDRESS);
    }
    concentrator_add(fixture, "440112345", 0);
    struct device_record twin = { .area_id = fixture->building_b, .kind = REGISTRY_KIND_CONCENTRATOR,
                                  .meter_number = "C2", .address = "440112345" };
    assert_int_equal(add(fixture, &twin), REGISTRY_ERR_ADDRESS_TAKEN);
    struct device_record line = { .area_id = fixture->building_b, .kind = REGISTRY_KIND_LINE, .meter_number = "L1",
                                  .address = "/dev/ttyS0" };
    assert_int_equal(add(fixture, &line), REGISTRY_ERR_LINE_KIND);
    struct registry_line_record settings = { .kind = LINE_KIND_SERIAL, .baud = 2400, .parity = 'E' };
    assert_int_equal(registry_line_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, &line, &settings), 0);
    assert_int_equal(settings.meter_limit, REGISTRY_METER_LIMIT);
}

static void transformers_make_the_multiplier(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = meter_row(fixture, concentrator_add(fixture, "440112345", 0), 1);
    row.ct_primary_a = 100;
    row.ct_secondary_a = 5;
    row.pt_primary_v = 10000;
    row.pt_secondary_v = 100;
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(registry_device_find(fixture->registry, row.device_id)->multiplier_e3, 2000000);
    row.pt_primary_v = row.pt_secondary_v = 0;
    row.multiplier_e3 = 0;
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_TRANSFORMERS, &row), 0);
    assert_int_equal(registry_device_find(fixture->registry, row.device_id)->multiplier_e3, 20000);
}

static void an_order_says_who_and_where(void **state)
{
    struct room_fixture *fixture = *state;
    struct line_order order = { .order_id = 7, .operation = LINE_READ_DAILY };
    uint32_t line = concentrator_add(fixture, "440112345", 0);
    uint32_t collector = collector_add(fixture, line);
    uint32_t meter = meter_add(fixture, collector, 1);
    assert_int_equal(registry_line_order_fill(fixture->registry, meter, &order), 0);
    assert_int_equal(order.order_id, 7);
    assert_int_equal(order.line_id, line);
    assert_int_equal(order.device_id, meter);
    assert_int_equal(order.measurement_point, 1);
    assert_int_equal(order.route, LINE_ROUTE_POINT);
    assert_int_equal(order.kind, DEVICE_KIND_ELECTRICITY);
    assert_int_equal(order.port, 2);
    assert_int_equal(order.zone_offset_s, ROOM_FIXTURE_ZONE_S);
    assert_string_equal(order.address, "202600000001");
    assert_string_equal(order.collector, "881234");
    assert_string_equal(order.profile, "dlt645-2007-single-phase-prepaid");
    assert_int_equal(registry_line_order_fill(fixture->registry, line, &order), 0);
    assert_int_equal(order.device_id, line);
    assert_int_equal(order.kind, DEVICE_KIND_NONE);
    assert_string_equal(order.collector, "");
    uint32_t radio = room_fixture_device(fixture, 0);
    assert_int_equal(registry_line_order_fill(fixture->registry, radio, &order), REGISTRY_ERR_LINE);
    assert_int_equal(registry_line_order_fill(fixture->registry, 99, &order), REGISTRY_ERR_DEVICE);
}

static void a_meter_moves_and_is_exchanged(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t line = concentrator_add(fixture, "440112345", 0);
    uint32_t other = concentrator_add(fixture, "440112346", 0);
    uint32_t collector = collector_add(fixture, line);
    uint32_t meter = meter_add(fixture, collector, 1);
    struct device_record row = { .device_id = collector, .parent_device_id = other };
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_PARENT, &row),
                     REGISTRY_ERR_CHILDREN);
    row.device_id = meter;
    assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_PARENT, &row), 0);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), 0);
    assert_int_equal(registry_point_device(fixture->registry, other, 1), meter);
    struct registry_exchange exchange = { .old_device_id = meter, .new_meter_number = "202600000009" };
    uint32_t next = 0;
    assert_int_equal(registry_device_exchange(fixture->registry, &fixture->scope, &exchange, ROOM_FIXTURE_NOW_S, &next), 0);
    assert_int_equal(registry_point_device(fixture->registry, other, 1), next);
    struct line_order order;
    assert_int_equal(registry_line_order_fill(fixture->registry, next, &order), 0);
    assert_string_equal(order.address, "202600000009");
}

static void rollback_puts_places_back(void **state)
{
    struct room_fixture *fixture = *state;
    room_fixture_begin(fixture);
    uint32_t line = concentrator_add(fixture, "440112345", 2);
    uint32_t meter = meter_add(fixture, line, 1);
    room_fixture_commit(fixture);
    room_fixture_begin(fixture);
    meter_add(fixture, line, 2);
    assert_int_equal(registry_device_remove(fixture->registry, &fixture->scope, meter, ROOM_FIXTURE_NOW_S), 0);
    concentrator_add(fixture, "440112346", 0);
    room_fixture_rollback(fixture);
    struct registry_line_figures figures;
    uint32_t position = 0;
    registry_line_figures(fixture->registry, line, &figures);
    assert_int_equal(figures.meter_count, 1);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), meter);
    assert_int_equal(registry_point_device(fixture->registry, line, 2), 0);
    assert_int_equal(registry_child_next(fixture->registry, line, 0), meter);
    assert_int_equal(registry_child_next(fixture->registry, line, meter), 0);
    assert_int_equal(registry_line_next(fixture->registry, &position), line);
    assert_int_equal(registry_line_next(fixture->registry, &position), 0);
}

static void restart_finds_the_same(void **state)
{
    struct room_fixture *fixture = *state;
    room_fixture_begin(fixture);
    uint32_t line = concentrator_add(fixture, "440112345", 3);
    uint32_t meter = meter_add(fixture, collector_add(fixture, line), 1);
    room_fixture_commit(fixture);
    room_fixture_reload(fixture);
    struct registry_line_figures figures;
    struct line_record record;
    registry_line_figures(fixture->registry, line, &figures);
    assert_int_equal(figures.meter_count, 1);
    assert_int_equal(figures.meter_limit, 3);
    assert_int_equal(registry_point_device(fixture->registry, line, 1), meter);
    assert_int_equal(registry_line_record_fill(fixture->registry, line, &record), 0);
    assert_int_equal(record.kind, LINE_KIND_CONCENTRATOR);
    assert_string_equal(record.address, "440112345");
    assert_int_equal(record.removed, 0);
    assert_int_equal(registry_line_record_fill(fixture->registry, meter, &record), REGISTRY_ERR_LINE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

static struct device_record dialling_row(const struct room_fixture *fixture, unsigned number)
{
    struct device_record row = meter_row(fixture, 0, number);

    row.kind = DEVICE_KIND_COLD_WATER;
    row.imei = UINT64_C(861234567000000) + number;
    return row;
}

/* Of more than wait for one statement, both what is in the table already and what is not yet are known. */
static void gathered_devices_are_known(void **state)
{
    enum { ON_LINE = 400, ALL = 700 };
    struct room_fixture *fixture = *state;
    uint32_t line_id = concentrator_add(fixture, "440112345", 500);
    struct device_record row, read;

    room_fixture_begin(fixture);
    registry_devices_gather(fixture->registry);
    for (unsigned number = 1; number <= ALL; number++) {
        row = number <= ON_LINE ? meter_row(fixture, line_id, number) : dialling_row(fixture, number);
        assert_int_equal(add(fixture, &row), 0);
    }
    for (unsigned number = 1; number <= ALL; number += ALL - 1) {
        row = meter_row(fixture, line_id, number);
        assert_int_equal(add(fixture, &row), REGISTRY_ERR_METER_NUMBER_TAKEN);
    }
    assert_int_equal(registry_device_read(fixture->registry, &fixture->scope, registry_device_count(fixture->registry), &read), 0);
    assert_string_equal(read.meter_number, "202600000700");
    assert_int_equal(registry_devices_write(fixture->registry), 0);
    registry_devices_end(fixture->registry);
    room_fixture_commit(fixture);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM device"), ALL + 1);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(devices) FROM area_status WHERE area_id = 1"), ALL);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(devices) FROM area_due WHERE area_id = 1"), ALL);
    assert_int_equal(room_fixture_number(fixture, "SELECT sum(devices) FROM area_report_time WHERE area_id = 1"), ALL);
}

/* As the table would say it: a line's address is not its meters', and that of a meter is its line's alone. */
static void addresses_of_gathered_devices_are_known(void **state)
{
    struct room_fixture *fixture = *state;
    uint32_t line_id = concentrator_add(fixture, "440112345", 500), other_id = concentrator_add(fixture, "440112346", 500);
    struct device_record row = meter_row(fixture, line_id, 1);

    room_fixture_begin(fixture);
    registry_devices_gather(fixture->registry);
    assert_int_equal(add(fixture, &row), 0);
    row = meter_row(fixture, line_id, 2);
    memcpy(row.address, "202600000001", 13);
    assert_int_equal(add(fixture, &row), REGISTRY_ERR_ADDRESS_TAKEN);
    row.parent_device_id = other_id;
    assert_int_equal(add(fixture, &row), 0);
    row = meter_row(fixture, line_id, 3);
    memcpy(row.address, "440112346", 10);
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(registry_devices_write(fixture->registry), 0);
    registry_devices_end(fixture->registry);
    room_fixture_commit(fixture);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM device"), 5);
}

/* What waits at the end goes into no table, and the next device by itself. */
static void gathered_devices_are_forgotten(void **state)
{
    struct room_fixture *fixture = *state;
    struct device_record row = dialling_row(fixture, 1);

    room_fixture_begin(fixture);
    registry_devices_gather(fixture->registry);
    assert_int_equal(add(fixture, &row), 0);
    registry_devices_end(fixture->registry);
    room_fixture_rollback(fixture);
    room_fixture_begin(fixture);
    row = dialling_row(fixture, 2);
    assert_int_equal(add(fixture, &row), 0);
    assert_int_equal(room_fixture_number(fixture, "SELECT count(*) FROM device"), 1);
    room_fixture_commit(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_meter_takes_the_next_free_point), TEST(children_are_walked), TEST(a_full_line_refuses),
        TEST(wrong_places_are_named), TEST(addresses_of_lines_have_their_form), TEST(transformers_make_the_multiplier),
        TEST(an_order_says_who_and_where), TEST(a_meter_moves_and_is_exchanged), TEST(rollback_puts_places_back),
        TEST(restart_finds_the_same), TEST(gathered_devices_are_known), TEST(addresses_of_gathered_devices_are_known),
        TEST(gathered_devices_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
