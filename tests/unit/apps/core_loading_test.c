/* What a start has in memory of a house is the same whether one thread loads it or several do, range by range, and whether the states
 * are read from the bytes of their rows or from the columns. */
#include "apps/meterworks/core_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "registry/registry_line.h"
#include "store/store_error.h"
#include "tests/unit/unit_test.h"

#define DUMP_SIZE (256 * 1024)
#define IMEI_FIRST UINT64_C(861234567000000)

/* Devices on both sides of every border of a range; a line whose meters lie in other ranges, one of them removed. */
static const char archive[] =
    "INSERT INTO tenant (tenant_id, name, created_s) VALUES (1, 'loading', 0);"
    "INSERT INTO area (area_id, tenant_id, kind, name, path) VALUES (1, 1, 'company', 'loading', '/1/');"
    "CREATE TEMP TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
    " SELECT i FROM n UNION SELECT 65515 + i FROM n UNION SELECT 131051 + i FROM n UNION SELECT 300000 + i FROM n;"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s, register_modulus_value, security)"
    " SELECT i, 1, 1, '', 861234567000000 + i, printf('%012d', i), i, 1000000 + i, iif(i % 3, 'psk', 'plain') FROM t;"
    "UPDATE device SET removed_s = 5 WHERE device_id % 7 = 0;"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s, kind, line_device_id, address)"
    " VALUES (100, 1, 1, '', -100, '', 0, 'concentrator', 100, '12');"
    "INSERT INTO line (device_id, kind, meter_limit) VALUES (100, 1, 50);"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s, kind, parent_device_id,"
    " line_device_id, measurement_point, removed_s) SELECT i + 50, 1, 1, '', -i - 50, printf('%012d', i + 50), 0, 'electricity',"
    " 100, 100, i % 1000 + 2, iif(i % 5, NULL, 9) FROM t WHERE i > 100 AND i % 2;"
    "INSERT INTO device_state (device_id, status, last_received_s, last_report_s, report_received_s, register_value, total_value,"
    " newest_register_value, newest_total_value, balance_fen, complete_days, on_time_days, last_frame, newest_day, clock_error_s,"
    " recharge_serial, alarm_bits, cell_id, earfcn, rsrp_dbm, snr_db, battery_mv, physical_cell, coverage_level, valve_state,"
    " firmware_version, register_s, recent) SELECT d, d % 3, 100 + d, 101 + d, 102 + d, 103 + d, 7 * d, 6 * d, 5 * d, -d, -9 - d, 5 + d,"
    " d << 30, 20000 + d % 100, -d, 4000000000 - d, 3000000000 + d, d + 1, d + 2, -80, -d % 20, 60000 + d % 100, d % 504, d % 3, d % 5,"
    " 65536 + d, 104 + d, iif(d % 5 = 0, x'', zeroblob(38) || x'0102') FROM (SELECT device_id AS d FROM device WHERE device_id % 4);"
    "INSERT INTO interval_standing SELECT device_id, 7, device_id % 1000 + 1, 1, 1 FROM device WHERE device_id % 2";

struct fixture {
    struct core *core;
    char path[64];
    char *dump;
    size_t size;
};

static void core_begin(struct fixture *fixture, uint32_t loading_large)
{
    struct core_config config = { .path = fixture->path, .synchronous = "OFF", .loading_large = loading_large, .seed = 5 };
    char problem[256];

    assert_int_equal(core_open(&config, &fixture->core, problem), 0);
}

static int fixture_make(void **state)
{
    static struct fixture fixture;

    snprintf(fixture.path, sizeof fixture.path, "/tmp/core_loading_test.%ld.db", (long)getpid());
    fixture.dump = malloc(DUMP_SIZE);
    core_begin(&fixture, 0);
    assert_int_equal(store_execute(core_store(fixture.core), archive), 0);
    core_close(fixture.core);
    fixture.core = NULL;
    *state = &fixture;
    return 0;
}

static int fixture_end(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct fixture *fixture = *state;
    char path[80];

    core_close(fixture->core);
    free(fixture->dump);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", fixture->path, endings[i]);
        unlink(path);
    }
    return 0;
}

#define DUMP(...) \
    fixture->size += (size_t)snprintf(fixture->dump + fixture->size, DUMP_SIZE - fixture->size, __VA_ARGS__)

static void device_dump(struct fixture *fixture, const struct registry_device *device)
{
    const struct registry *registry = core_registry(fixture->core);
    const struct registry_device *by_imei = device->imei != 0 ? registry_device_find_imei(registry, device->imei) : NULL;
    const struct reading_state *known = reading_state_find(fixture->core->reading, device->device_id);
    const struct interval_standing *standing = reading_standing_find(fixture->core->reading, device->device_id);

    DUMP("%u imei %llu %u modulus %lld installed %lld line %u point %u removed %u kind %u security %u child %u %u point is %u\n",
         device->device_id, (unsigned long long)device->imei, by_imei != NULL ? by_imei->device_id : 0,
         (long long)device->register_modulus_value, (long long)device->installed_s, device->line_device_id, device->measurement_point,
         device->removed, device->kind, device->security, registry_child_next(registry, device->device_id, 0),
         registry_child_next(registry, 0, device->device_id),
         registry_point_device(registry, device->line_device_id, device->measurement_point));
    for (size_t i = 0; known != NULL && i < sizeof *known; i++)
        DUMP("%02x%s", ((const uint8_t *)known)[i], i + 1 == sizeof *known ? " state\n" : "");
    if (standing != NULL)
        DUMP(" standing %u\n", standing->newest_day);
}

/* What memory has of the whole house, as text. */
static char *house_dump(struct fixture *fixture, uint32_t loading_large)
{
    struct registry_line_figures figures;

    core_begin(fixture, loading_large);
    const struct registry *registry = core_registry(fixture->core);
    uint32_t count = registry_device_count(registry);
    fixture->size = 0;
    registry_line_figures(registry, 100, &figures);
    DUMP("devices to %u, meters of the line %u\n", count, figures.meter_count);
    for (uint32_t id = 1; id <= count; id++)
        if (registry_device_find(registry, id) != NULL)
            device_dump(fixture, registry_device_find(registry, id));
    core_close(fixture->core);
    fixture->core = NULL;
    assert_true(fixture->size < DUMP_SIZE - 1);
    char *dump = malloc(fixture->size + 1);
    memcpy(dump, fixture->dump, fixture->size + 1);
    return dump;
}

static void many_threads_load_what_one_does(void **state)
{
    struct fixture *fixture = *state;
    char *alone = house_dump(fixture, UINT32_MAX);
    char *together = house_dump(fixture, 1);

    assert_string_equal(together, alone);
    assert_non_null(strstr(alone, "devices to 300089, meters of the line 4"));
    assert_non_null(strstr(alone, "\n65536 imei 861234567065536 65536 modulus 1065536 installed 65536 "));
    free(alone);
    free(together);
}

/* Writes the states of every device whose number leaves no rest, by a store of its own, as reports do. */
static void states_write(struct fixture *fixture, uint32_t every)
{
    struct reading_sql *sql = NULL;
    struct store *store = NULL;

    core_begin(fixture, 0);
    assert_int_equal(store_open(&(struct store_config){ .path = fixture->path, .synchronous = "OFF" }, &store), 0);
    assert_int_equal(reading_sql_open(store, &sql), 0);
    for (uint32_t id = 1; id <= registry_device_count(core_registry(fixture->core)); id++) {
        const struct reading_state *known = reading_state_find(fixture->core->reading, id);
        if (known != NULL && id % every == 0)
            assert_int_equal(reading_sql_store(sql)->state_write(reading_sql_store(sql)->context, id, known), 0);
    }
    assert_int_equal(reading_sql_store(sql)->settle(reading_sql_store(sql)->context), 0);
    reading_sql_close(sql);
    store_close(store);
    core_close(fixture->core);
    fixture->core = NULL;
}

static void execute(struct fixture *fixture, const char *text)
{
    core_begin(fixture, 0);
    assert_int_equal(store_execute(core_store(fixture->core), text), 0);
    core_close(fixture->core);
    fixture->core = NULL;
}

static void assert_dump(struct fixture *fixture, const char *expected)
{
    char *dump = house_dump(fixture, 1);

    assert_string_equal(dump, expected);
    free(dump);
}

static void bytes_say_what_columns_say(void **state)
{
    struct fixture *fixture = *state;
    char *by_columns = house_dump(fixture, 1);
    int64_t packed = 0;

    states_write(fixture, 3); /* a third of the rows is new */
    assert_dump(fixture, by_columns);
    states_write(fixture, 1);
    assert_dump(fixture, by_columns);
    core_begin(fixture, 0);
    assert_int_equal(store_number(core_store(fixture->core), "SELECT min(length(recent)) FROM device_state", &packed), 0);
    assert_true(packed > 60);
    core_close(fixture->core);
    fixture->core = NULL;
    execute(fixture, "UPDATE device_state SET firmware_version = 7 WHERE device_id <> 65535"); /* nobody reads the columns then */
    assert_dump(fixture, by_columns);
    free(by_columns);
}

static void bytes_that_cannot_be_read_leave_the_columns(void **state)
{
    struct fixture *fixture = *state;

    states_write(fixture, 1);
    /* Of an unknown version, cut, too long. The hash and the registers in front are those of the bytes while they can be read. */
    execute(fixture, "UPDATE device_state SET recent = zeroblob(40) || substr(recent, 41)");
    char *whole = house_dump(fixture, 1);
    execute(fixture, "UPDATE device_state SET recent = CASE device_id % 3 WHEN 0 THEN substr(recent, 1, 40) || x'09' || substr(recent, 42)"
                     " WHEN 1 THEN substr(recent, 1, length(recent) - 1) ELSE recent || x'00' END WHERE device_id > 20");
    assert_dump(fixture, whole);
    free(whole);
}

static void what_cannot_be_read_ends_the_start(void **state)
{
    struct fixture *fixture = *state;
    struct core_config config = { .path = fixture->path, .synchronous = "OFF", .loading_large = 1 };
    struct core *core = NULL;
    char problem[256];

    execute(fixture, "UPDATE device SET flow_limit_value_per_h = 0 WHERE device_id = 131072");
    assert_int_equal(core_open(&config, &core, problem), REGISTRY_ERR_STORED);
    config.loading_large = UINT32_MAX;
    assert_int_equal(core_open(&config, &core, problem), REGISTRY_ERR_STORED);
    assert_null(core);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_threads_load_what_one_does, fixture_make, fixture_end),
        cmocka_unit_test_setup_teardown(bytes_say_what_columns_say, fixture_make, fixture_end),
        cmocka_unit_test_setup_teardown(bytes_that_cannot_be_read_leave_the_columns, fixture_make, fixture_end),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_ends_the_start, fixture_make, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
