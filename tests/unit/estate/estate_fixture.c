#include "tests/unit/estate/estate_fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static int condition(void *listener, uint32_t line_id, enum estate_condition which, bool present, const char *detail,
                     int64_t now_s)
{
    struct estate_fixture *fixture = listener;

    (void)now_s;
    assert_int_equal(line_id, fixture->line_id);
    fixture->conditions[which] = present;
    if (present)
        snprintf(fixture->detail, sizeof fixture->detail, "%s", detail);
    return 0;
}

static void room_open(struct estate_fixture *fixture)
{
    struct estate_config config = { .registry = fixture->rooms.registry, .undo = fixture->rooms.undo,
                                    .device_limit = 20000, .listener = fixture, .condition = condition };

    assert_int_equal(estate_sql_open(fixture->rooms.store, &fixture->sql), 0);
    config.store = estate_sql_store(fixture->sql);
    assert_int_equal(estate_open(&config, &fixture->estate), 0);
}

static void room_close(struct estate_fixture *fixture)
{
    estate_close(fixture->estate);
    estate_sql_close(fixture->sql);
}

uint32_t estate_fixture_meter(struct estate_fixture *fixture, unsigned number)
{
    struct device_record row = { .area_id = fixture->rooms.building_a, .kind = DEVICE_KIND_ELECTRICITY,
                                 .parent_device_id = fixture->line_id };

    snprintf(row.meter_number, sizeof row.meter_number, "2026%08u", number);
    assert_int_equal(registry_device_add(fixture->rooms.registry, &fixture->rooms.scope, fixture->now_s, &row), 0);
    return row.device_id;
}

void estate_fixture_open(struct estate_fixture *fixture)
{
    struct device_record row = { .kind = REGISTRY_KIND_CONCENTRATOR, .meter_number = "C1", .address = "440112345" };
    struct registry_line_record line = { .kind = LINE_KIND_CONCENTRATOR };

    memset(fixture, 0, sizeof *fixture);
    fixture->now_s = ROOM_FIXTURE_NOW_S;
    room_fixture_open(&fixture->rooms, NULL);
    row.area_id = fixture->rooms.building_a;
    assert_int_equal(registry_line_add(fixture->rooms.registry, &fixture->rooms.scope, fixture->now_s, &row, &line), 0);
    fixture->line_id = row.device_id;
    for (unsigned i = 0; i < 3; i++)
        fixture->meters[i] = estate_fixture_meter(fixture, i + 1);
    room_open(fixture);
}

void estate_fixture_close(struct estate_fixture *fixture)
{
    room_close(fixture);
    room_fixture_close(&fixture->rooms);
}

void estate_fixture_reload(struct estate_fixture *fixture)
{
    room_close(fixture);
    room_open(fixture);
}

void estate_fixture_presence(struct estate_fixture *fixture, enum uplink_presence presence)
{
    struct uplink uplink = { .kind = UPLINK_PRESENCE, .presence = (uint8_t)presence, .device_id = fixture->line_id };

    assert_true(estate_line_observe(fixture->estate, fixture->line_id, &uplink, fixture->now_s) >= 0);
}

void estate_fixture_tick(struct estate_fixture *fixture, int64_t seconds)
{
    fixture->now_s += seconds;
    assert_int_equal(estate_tick(fixture->estate, fixture->now_s), 0);
}
