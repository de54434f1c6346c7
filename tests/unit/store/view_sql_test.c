#include "store/sql/view_sql.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/unit/unit_test.h"
#include "store/sql/search_index.h"
#include "store/store.h"
#include "store/sqlite/view_functions.h"

struct fixture {
    char path[64];
    struct store *writer;
    struct view_sql *views;
    struct view_store store;
};

static int fixture_open(void **state)
{
    static struct fixture fixture;
    snprintf(fixture.path, sizeof fixture.path, "/tmp/view_sql_test.%d.db", (int)getpid());
    (void)unlink(fixture.path);
    struct store_config config = { .path = fixture.path, .synchronous = "OFF" };
    assert_int_equal(store_open(&config, &fixture.writer), 0);
    assert_int_equal(store_execute(fixture.writer,
        "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', '云榕水务', '/1/');"
        "INSERT INTO area VALUES (2, 1, 1, 'estate', '榕荫花园', '/1/2/');"
        "INSERT INTO area VALUES (3, 1, 2, 'building', '3栋', '/1/2/3/');"
        "INSERT INTO area VALUES (4, 1, 1, 'estate', '鹭湾', '/1/4/');"
        "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
        " VALUES (1, 1, 3, '1204', 861234567890123, '031200004471', 0);"
        "INSERT INTO device_state (device_id, status, last_received_s, total_value, newest_day, complete_days, on_time_days)"
        " VALUES (1, 1, 100, 7817, 20, 5, 1);"), 0);
    assert_int_equal(view_sql_open(fixture.path, 2, &fixture.views, &fixture.store), 0);
    *state = &fixture;
    return 0;
}

static int fixture_close(void **state)
{
    struct fixture *fixture = *state;
    char name[80];
    view_sql_close(fixture->views);
    store_close(fixture->writer);
    (void)unlink(fixture->path);
    snprintf(name, sizeof name, "%s-wal", fixture->path);
    (void)unlink(name);
    snprintf(name, sizeof name, "%s-shm", fixture->path);
    (void)unlink(name);
    return 0;
}

struct collected {
    int rows;
    int64_t first_integer;
    char first_text[64];
    enum view_kind first_kind;
    char first_name[VIEW_NAME_LIMIT];
    int stop_after;
};

static int collect(void *context, const struct view_row *row)
{
    struct collected *collected = context;
    if (collected->rows++ == 0) {
        collected->first_kind = row->columns[0].kind;
        memcpy(collected->first_name, row->columns[0].name, VIEW_NAME_LIMIT);
        collected->first_integer = row->cells[0].integer;
        for (size_t i = 0; i < row->count; i++)
            if (strcmp(row->columns[i].name, "place") == 0)
                snprintf(collected->first_text, sizeof collected->first_text, "%.*s", (int)row->cells[i].text.size,
                    (const char *)row->cells[i].text.bytes);
    }
    return collected->rows == collected->stop_after ? 1 : 0;
}

static const struct view_parameter whole_tenant[] = {
    { "tenant", VIEW_INTEGER, 1, { NULL, 0 } }, { "path_low", VIEW_TEXT, 0, { (const uint8_t *)"/1/", 3 } },
    { "path_high", VIEW_TEXT, 0, { (const uint8_t *)"/10", 3 } }, { "limit", VIEW_INTEGER, 50, { NULL, 0 } },
    { "whole", VIEW_INTEGER, 1, { NULL, 0 } }, { "removed", VIEW_INTEGER, 0, { NULL, 0 } },
    { "reveal", VIEW_INTEGER, 1, { NULL, 0 } }, { "from", VIEW_INTEGER, 18, { NULL, 0 } },
    { "to", VIEW_INTEGER, 20, { NULL, 0 } }, { "object", VIEW_INTEGER, 1, { NULL, 0 } },
    { "today", VIEW_INTEGER, 20, { NULL, 0 } }, { "now_s", VIEW_INTEGER, 1800000, { NULL, 0 } },
    { "zone_s", VIEW_INTEGER, 28800, { NULL, 0 } }, { "days", VIEW_INTEGER, 7, { NULL, 0 } },
    { "scope_area", VIEW_INTEGER, 1, { NULL, 0 } },
};

static int run(struct fixture *fixture, enum view view, const struct view_parameter *parameters, struct collected *out)
{
    struct view_query query = { .view = view, .parameters = parameters, .parameter_count = 15 };
    return fixture->store.read(fixture->store.context, &query, collect, out);
}

static void test_every_view_fits_the_schema(void **state)
{
    struct fixture *fixture = *state;
    enum view failed = VIEW_NONE;
    int result = view_sql_check(fixture->views, &failed);
    if (result != 0)
        print_message("view number %d does not fit\n", (int)failed);
    assert_int_equal(result, 0);
}

static void test_every_view_runs(void **state)
{
    struct fixture *fixture = *state;
    for (int view = VIEW_NONE + 1; view < VIEW_COUNT; view++) {
        struct collected collected = { 0 };
        int result = run(fixture, (enum view)view, whole_tenant, &collected);
        if (result != 0)
            print_message("view number %d\n", view);
        assert_int_equal(result, 0);
    }
}

static void test_a_device_is_found_within_its_area_only(void **state)
{
    struct fixture *fixture = *state;
    struct view_parameter elsewhere[15];
    struct collected inside = { 0 };
    struct collected outside = { 0 };

    memcpy(elsewhere, whole_tenant, sizeof elsewhere);
    elsewhere[1].text = (struct span){ (const uint8_t *)"/1/4/", 5 };
    elsewhere[2].text = (struct span){ (const uint8_t *)"/1/40", 5 };
    assert_int_equal(run(fixture, VIEW_DEVICES, whole_tenant, &inside), 0);
    assert_int_equal(inside.rows, 1);
    assert_int_equal(inside.first_kind, VIEW_KIND_CURSOR);
    assert_string_equal(inside.first_name, "device_id");
    assert_string_equal(inside.first_text, "榕荫花园 3栋 1204");
    assert_int_equal(run(fixture, VIEW_DEVICES, elsewhere, &outside), 0);
    assert_int_equal(outside.rows, 0);
    assert_int_equal(run(fixture, VIEW_DEVICE, elsewhere, &outside), 0);
    assert_int_equal(outside.rows, 0);
}

/* What is looked for is letters, not a pattern: % and _ stand for themselves, and so does what would make them do so. */
static void test_an_area_is_found_by_its_letters_alone(void **state)
{
    static const struct { const char *text; int rows; } looks[] = {
        { "鹭湾", 1 }, { "榕荫花园 3栋", 1 }, { "花园3", 1 }, { "荫", 2 }, { "%", 1 }, { "_", 1 }, { "\\", 1 }, { " ", 0 }, { "鹭%", 0 }, { "b_", 1 },
    };
    struct fixture *fixture = *state;
    struct view_parameter parameters[16];
    struct search_index *search;

    memcpy(parameters, whole_tenant, sizeof whole_tenant);
    assert_int_equal(store_execute(fixture->writer, "INSERT INTO area VALUES (5, 1, 1, 'estate', 'B_\\%', '/1/5/')"), 0);
    assert_int_equal(search_index_open(fixture->writer, &search), 0);
    assert_int_equal(search_index_update(search), 0);
    search_index_close(search);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
        struct view_query query = { .view = VIEW_SEARCH_AREAS, .parameters = parameters, .parameter_count = 16 };
        struct collected collected = { 0 };
        const char *text = looks[i].text;
        parameters[15] = (struct view_parameter){ "text", VIEW_TEXT, 0, { (const uint8_t *)text, strlen(text) } };
        assert_int_equal(fixture->store.read(fixture->store.context, &query, collect, &collected), 0);
        assert_int_equal(collected.rows, looks[i].rows);
    }
}

static void test_a_frame_number_given_again_shows_no_other_meter(void **state)
{
    struct fixture *fixture = *state;
    struct collected collected = { 0 };

    assert_int_equal(store_execute(fixture->writer,
        "UPDATE device_state SET last_frame = 9 WHERE device_id = 1;"
        "INSERT INTO frame (frame_id, device_id, previous_frame, at_s, direction, bytes) VALUES"
        " (9, 1, 8, 100, 0, x'01'), (8, 1, 7, 90, 0, x'02'), (7, 2, 0, 80, 0, x'03');"), 0);
    assert_int_equal(run(fixture, VIEW_DEVICE_FRAMES, whole_tenant, &collected), 0);
    assert_int_equal(collected.rows, 2);
    assert_int_equal(store_execute(fixture->writer, "UPDATE device_state SET last_frame = 7 WHERE device_id = 1"), 0);
    collected = (struct collected){ 0 };
    assert_int_equal(run(fixture, VIEW_DEVICE_FRAMES, whole_tenant, &collected), 0);
    assert_int_equal(collected.rows, 0);
}

static void test_count_counts_rows(void **state)
{
    struct fixture *fixture = *state;
    struct view_query query = { .view = VIEW_AREAS, .parameters = whole_tenant, .parameter_count = 15,
        .count_only = true };
    struct collected collected = { 0 };
    assert_int_equal(fixture->store.read(fixture->store.context, &query, collect, &collected), 0);
    assert_int_equal(collected.first_integer, 4);
}

static void test_the_taker_ends_the_reading(void **state)
{
    struct fixture *fixture = *state;
    struct collected collected = { .stop_after = 2 };
    assert_int_equal(run(fixture, VIEW_AREAS, whole_tenant, &collected), 0);
    assert_int_equal(collected.rows, 2);
}

struct usage_row {
    int64_t usage_value; /* -1: not known */
    int64_t devices;
};

static int usage_collect(void *context, const struct view_row *row)
{
    struct usage_row **next = context;
    for (size_t i = 0; i < row->count; i++) {
        if (strcmp(row->columns[i].name, "usage_value") == 0)
            (*next)->usage_value = row->cells[i].type == VIEW_NULL ? -1 : row->cells[i].integer;
        if (strcmp(row->columns[i].name, "devices") == 0)
            (*next)->devices = row->cells[i].integer;
    }
    (*next)++;
    return 0;
}

/* The use of a day is known with the midnight that ends it, and only areas inside the scope count: by the sums of the scope, and
 * before its days are summed up, by its areas. */
static void test_area_usage_waits_for_the_midnight_after(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(store_execute(fixture->writer,
        "INSERT INTO area_day (day, area_id, received, on_time, usage_value) VALUES (18, 3, 2, 2, 500), (19, 3, 2, 1, 700),"
        " (19, 4, 1, 1, 20), (20, 3, 1, 1, 0), (19, 99, 5, 5, 9999);"
        "UPDATE area_count_progress SET from_day = 20;"
        "INSERT INTO area_midnight SELECT 20, 1, kind, received, on_time, 720 FROM area_day WHERE day = 20 AND area_id = 3"), 0);
    struct usage_row rows[4] = { { 0, 0 } };
    struct usage_row *next = rows;
    struct view_query query = { .view = VIEW_USAGE_DAYS, .parameters = whole_tenant, .parameter_count = 15 };
    assert_int_equal(fixture->store.read(fixture->store.context, &query, usage_collect, &next), 0);
    assert_int_equal(next - rows, 3);
    assert_int_equal(rows[0].usage_value, 500);
    assert_int_equal(rows[0].devices, 3);
    assert_int_equal(rows[1].usage_value, 720);
    assert_int_equal(rows[1].devices, 1);
    assert_int_equal(rows[2].usage_value, -1);
    struct usage_row month[2] = { { 0, 0 } };
    next = month;
    query.view = VIEW_USAGE_MONTHS;
    assert_int_equal(fixture->store.read(fixture->store.context, &query, usage_collect, &next), 0);
    assert_int_equal(next - month, 1);
    assert_int_equal(month[0].usage_value, 1220);
}

static bool at_once(void *context)
{
    (void)context;
    return true;
}

static void test_an_abandoned_view_is_interrupted(void **state)
{
    struct fixture *fixture = *state;
    struct view_parameter parameters[15];
    struct collected collected = { 0 };
    memcpy(parameters, whole_tenant, sizeof parameters);
    parameters[7].integer = 0;
    parameters[8].integer = 400;
    assert_int_equal(store_execute(fixture->writer,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        "INSERT INTO daily_reading SELECT i / 200, i % 200 + 2, i, i, 0, 0, 1000 FROM n"), 0);
    struct view_query query = { .view = VIEW_OVERVIEW_TREND, .parameters = parameters, .parameter_count = 15,
        .abandoned = at_once };
    assert_int_equal(fixture->store.read(fixture->store.context, &query, collect, &collected), VIEW_ERR_ABANDONED);
    assert_int_equal(run(fixture, VIEW_AREAS, whole_tenant, &collected), 0);
}

static void test_an_unknown_view_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct collected collected = { 0 };
    assert_int_equal(run(fixture, VIEW_COUNT, whole_tenant, &collected), VIEW_ERR_UNKNOWN);
    assert_int_equal(run(fixture, VIEW_NONE, whole_tenant, &collected), VIEW_ERR_UNKNOWN);
}

static void test_days_known_counts_bits_within_days(void **state)
{
    (void)state;
    assert_int_equal(view_days_known(0x7, 20, 18, 20), 3);
    assert_int_equal(view_days_known(0x5, 20, 19, 20), 1);
    assert_int_equal(view_days_known(0x5, 20, 21, 30), 0);
    assert_int_equal(view_days_known(UINT64_MAX, 100, 0, 200), 64);
    assert_int_equal(view_days_known(0, 100, 0, 200), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_view_fits_the_schema),
        cmocka_unit_test(test_every_view_runs),
        cmocka_unit_test(test_a_device_is_found_within_its_area_only),
        cmocka_unit_test(test_a_frame_number_given_again_shows_no_other_meter),
        cmocka_unit_test(test_count_counts_rows),
        cmocka_unit_test(test_the_taker_ends_the_reading),
        cmocka_unit_test(test_area_usage_waits_for_the_midnight_after),
        cmocka_unit_test(test_an_abandoned_view_is_interrupted),
        cmocka_unit_test(test_an_unknown_view_is_refused),
        cmocka_unit_test(test_days_known_counts_bits_within_days),
        cmocka_unit_test(test_an_area_is_found_by_its_letters_alone),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
