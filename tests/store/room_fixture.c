#include "tests/store/room_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/store/store_fixture.h"

static void must(int result, const char *what)
{
    if (result >= 0)
        return;
    fprintf(stderr, "room_fixture: %s: %d\n", what, result);
    abort();
}

static void rooms_open(struct room_fixture *fixture)
{
    must(registry_sql_open(fixture->store, &fixture->registry_sql), "registry_sql_open");
    must(reading_sql_open(fixture->store, &fixture->reading_sql), "reading_sql_open");
    must(undo_open(8 << 20, &fixture->undo), "undo_open");
    must(registry_open(&(struct registry_config){ .store = registry_sql_store(fixture->registry_sql),
                                                  .undo = fixture->undo,
                                                  .device_limit = 20000,
                                                  .seed = 7 },
                       &fixture->registry),
         "registry_open");
    must(reading_open(&(struct reading_config){ .store = reading_sql_store(fixture->reading_sql),
                                                .registry = fixture->registry,
                                                .undo = fixture->undo,
                                                .device_limit = 20000 },
                      &fixture->reading),
         "reading_open");
}

static void rooms_close(struct room_fixture *fixture)
{
    reading_close(fixture->reading);
    registry_close(fixture->registry);
    undo_close(fixture->undo);
    reading_sql_close(fixture->reading_sql);
    registry_sql_close(fixture->registry_sql);
}

static uint32_t area_add(struct room_fixture *fixture, uint32_t parent, uint32_t kind, const char *name)
{
    struct area_record area = { .parent_area_id = parent, .kind = kind };
    memcpy(area.name, name, strlen(name) + 1);
    must(registry_area_add(fixture->registry, &fixture->scope, &area), name);
    return area.area_id;
}

void room_fixture_open(struct room_fixture *fixture, const char *path)
{
    char place[STORE_FIXTURE_PATH];

    memset(fixture, 0, sizeof *fixture);
    if (path == NULL)
        store_fixture_place(place, sizeof place);
    must(store_open(&(struct store_config){ .path = path != NULL ? path : place }, &fixture->store), "open");
    rooms_open(fixture);
    room_fixture_begin(fixture);
    must(registry_tenant_add(fixture->registry, "Water Works", ROOM_FIXTURE_ZONE_S, ROOM_FIXTURE_NOW_S,
                             &fixture->tenant_id, &fixture->root_area_id),
         "tenant");
    must(registry_scope_make(fixture->registry, fixture->tenant_id, 0, &fixture->scope), "scope");
    uint32_t estate = area_add(fixture, fixture->root_area_id, AREA_ESTATE, "Banyan Garden");
    fixture->building_a = area_add(fixture, estate, AREA_BUILDING, "1");
    fixture->building_b = area_add(fixture, estate, AREA_BUILDING, "2");
    room_fixture_commit(fixture);
}

void room_fixture_close(struct room_fixture *fixture)
{
    rooms_close(fixture);
    store_close(fixture->store);
}

void room_fixture_reload(struct room_fixture *fixture)
{
    rooms_close(fixture);
    rooms_open(fixture);
}

uint32_t room_fixture_device(struct room_fixture *fixture, int64_t start_register_value)
{
    return room_fixture_device_of(fixture, DEVICE_KIND_COLD_WATER, REGISTRY_MULTIPLIER_NONE_E3, start_register_value);
}

uint32_t room_fixture_device_of(struct room_fixture *fixture, uint32_t kind, int64_t multiplier_e3,
                                int64_t start_register_value)
{
    uint32_t next = registry_device_count(fixture->registry) + 1;
    struct device_record row = { .area_id = fixture->building_a,
                                 .imei = UINT64_C(860000000000000) + next,
                                 .start_register_value = start_register_value,
                                 .kind = kind,
                                 .multiplier_e3 = multiplier_e3,
                                 .installed_s = room_fixture_midnight_s(ROOM_FIXTURE_DAY - 10),
                                 .report_time_s = REGISTRY_REPORT_TIME_S };
    snprintf(row.meter_number, sizeof row.meter_number, "%012u", next);
    room_fixture_begin(fixture);
    must(registry_device_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, &row), "device");
    room_fixture_commit(fixture);
    return row.device_id;
}

int64_t room_fixture_midnight_s(int32_t day)
{
    return INT64_C(86400) * day - ROOM_FIXTURE_ZONE_S;
}

void room_fixture_begin(struct room_fixture *fixture)
{
    must(store_begin(fixture->store), "begin");
}

void room_fixture_commit(struct room_fixture *fixture)
{
    must(reading_flush(fixture->reading), "flush");
    must(store_commit(fixture->store), "commit");
    undo_clear(fixture->undo);
}

void room_fixture_rollback(struct room_fixture *fixture)
{
    store_rollback(fixture->store);
    undo_revert(fixture->undo, 0);
    reading_rolled_back(fixture->reading);
}

int64_t room_fixture_number(struct room_fixture *fixture, const char *query)
{
    int64_t value = 0;
    must(store_number(fixture->store, query, &value), query);
    return value;
}
