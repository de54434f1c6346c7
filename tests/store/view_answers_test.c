/* Every view answers on the database behind the store: a text may be understood and still be one that the database cannot plan. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "api/view_store.h"
#include "store/sql/view_sql.h"
#include "tests/store/store_fixture.h"

#define DAY 20000
#define NOW_S (DAY * INT64_C(86400) + 40000)

/* One meter that has everything: an account, midnights, quarter-hours in a row and in a block, registers, frames, an event, a command. */
static const char rows[] =
    "INSERT INTO tenant (tenant_id, name, created_s) VALUES (1, 'Water', 0);"
    "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path) VALUES (1, 1, NULL, 'company', 'Water', '/1/'),"
    " (2, 1, 1, 'building', 'House', '/1/2/');"
    "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s)"
    " VALUES (1, 1, 1, 'admin', 'Admin', 'administrator', 'x', 0);"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
    " VALUES (1, 1, 2, '101', 861234567890123, '000000000001', 0);"
    "INSERT INTO device_state (device_id, status, last_received_s, last_report_s, newest_day, last_frame) VALUES (1, 1, 5, 5, 20000, 3);"
    "INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s) VALUES"
    " (19999, 1, 100, 100, 0, 5), (20000, 1, 130, 130, 0, 5);"
    "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
    " VALUES (19999, 1, 65536, 0, 0, 1, 1000, 5, CAST('a' AS BLOB));"
    "INSERT INTO interval_block (stretch, device_id, channel, scale_e3, received_s, block) VALUES (2498, 1, 65536, 1000, 5, CAST('a' AS BLOB));"
    "INSERT INTO register_reading (device_id, channel, period, time_s, value, scale_e3, quality, received_s) VALUES"
    " (1, 65536, 0, 1727900000, 90, 1000, 0, 5), (1, 65536, 0, 1727903600, 95, 1000, 0, 5), (1, 2752512, 0, 1727903600, 7, 1000, 0, 5);"
    "INSERT INTO register_conflict (device_id, channel, period, time_s, value, received_s) VALUES (1, 65536, 0, 1727900000, 91, 5);"
    "INSERT INTO frame (frame_id, device_id, previous_frame, at_s, direction, bytes) VALUES (1, 1, 0, 1, 0, CAST('a' AS BLOB)),"
    " (2, 1, 1, 2, 1, CAST('a' AS BLOB)), (3, 1, 2, 3, 0, CAST('a' AS BLOB));"
    "INSERT INTO event (tenant_id, device_id, kind, severity, raised_s, received_s) VALUES (1, 1, 'silent', 1, 5, 5);"
    "INSERT INTO command (tenant_id, device_id, kind, state, requested_s, expires_s) VALUES (1, 1, 'read_now', 'queued', 5, 9);"
    "INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, 'k1', 'Li', 0);"
    "INSERT INTO tariff (tariff_id, tenant_id, name) VALUES (1, 1, 'home');"
    "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind) VALUES (1, 1, 'wallet'), (2, 1, 'cash');"
    "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, opened_s, holds_units)"
    " VALUES (1, 1, 1, 1, 2, 1, 'postpaid', 1, 0, 1);"
    "INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value, to_total_value, usage_value,"
    " amount_fen, state, due_day, issued_s, tariff_version_id, area_id) VALUES (1, 1, 1, 'b1', 19999, 20000, 100, 130, 30, 5, 'issued',"
    " 20010, 5, 1, 2)";

#define INTEGER(name_, value_) { .name = name_, .type = VIEW_INTEGER, .integer = value_ }
#define TEXT(name_, value_) { .name = name_, .type = VIEW_TEXT, .text = { (const uint8_t *)value_, sizeof value_ - 1 } }

static const struct view_parameter parameters[] = {
    INTEGER("tenant", 1), TEXT("path_low", "/1/"), TEXT("path_high", "/10"), INTEGER("whole", 1), INTEGER("scope_area", 1),
    INTEGER("person", 1), INTEGER("resident", 1), INTEGER("now_s", NOW_S), INTEGER("wall_s", NOW_S), INTEGER("today", DAY),
    INTEGER("zone_s", 28800), INTEGER("limit", 50), INTEGER("object", 1), INTEGER("from", DAY - 5), INTEGER("to", DAY),
    INTEGER("from_s", NOW_S - 864000), INTEGER("to_s", NOW_S), INTEGER("day", DAY), INTEGER("to_day", DAY), INTEGER("from_day", DAY - 5),
    INTEGER("month_day", DAY - 10), INTEGER("last_month_day", DAY - 40), INTEGER("channel", 65536), INTEGER("device_id", 1),
    TEXT("device_kind", "cold_water"), INTEGER("step_s", 900), TEXT("days", "[19999, 20000]"), INTEGER("limited", 0),
    INTEGER("partner", 1), TEXT("key_prefix", ""), TEXT("group", "building"), TEXT("quantity", "volume"), INTEGER("reveal", 1),
    TEXT("setting", "daily_keep_days"), INTEGER("keep_days", 1096), INTEGER("standard", 36500), INTEGER("part_rows", 1),
};

#define PARAMETER_COUNT (sizeof parameters / sizeof parameters[0])

static int row_count(void *context, const struct view_row *row)
{
    (void)row;
    ++*(int *)context;
    return 0;
}

static int answered(struct view_store *store, enum view view, bool count_only)
{
    struct view_query query = { .view = view, .parameters = parameters, .parameter_count = PARAMETER_COUNT, .count_only = count_only };
    int found = 0;
    int result = store->read(store->context, &query, row_count, &found);

    if (result != VIEW_OK)
        print_error("view %d: %d\n", (int)view, result);
    return result == VIEW_OK ? found : -1;
}

static void every_view_answers(void **state)
{
    char path[STORE_FIXTURE_PATH];
    struct store *store = store_fixture_shared(path, sizeof path);
    struct view_sql *views = NULL;
    struct view_store view_store;
    int failed = 0;

    (void)state;
    assert_int_equal(store_execute(store, rows), 0);
    assert_int_equal(view_sql_open(path, 1, &views, &view_store), 0);
    for (enum view view = VIEW_NONE + 1; view < VIEW_COUNT; view++) {
        failed += answered(&view_store, view, false) < 0;
        failed += answered(&view_store, view, true) != 1;
    }
    assert_int_equal(failed, 0);
    assert_int_equal(answered(&view_store, VIEW_DEVICE_FRAMES, false), 3);
    assert_int_equal(answered(&view_store, VIEW_DEVICE_READINGS, false), 2);
    assert_int_equal(answered(&view_store, VIEW_DEVICE_REGISTERS, false), 2);
    assert_int_equal(answered(&view_store, VIEW_DEVICE_INTERVALS, false), 6);
    assert_int_equal(answered(&view_store, VIEW_DEVICE_INTERVAL_CHANNELS, false), 1);
    assert_int_equal(answered(&view_store, VIEW_BILL_READINGS, false), 2);
    view_sql_close(views);
    store_close(store);
    store_fixture_remove(path);
}

static int text_find(void *context, const struct view_row *row)
{
    const struct { const char *name, *text; } *sought = context;
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, sought->name) == 0 && span_equal_text(row->cells[i].text, sought->text))
            return 0;
    return -1;
}

static bool command_is(struct view_store *store, struct view_moment *moment, const char *state)
{
    struct { const char *name, *text; } sought = { "state", state };
    struct view_query query = { .view = VIEW_COMMAND, .parameters = parameters, .parameter_count = PARAMETER_COUNT, .moment = moment };
    return store->read(store->context, &query, text_find, &sought) == VIEW_OK;
}

/* Another reader, and the same one afterwards, see what was stored meanwhile. */
static void all_readings_of_a_moment_see_the_same(void **state)
{
    char path[STORE_FIXTURE_PATH];
    struct store *store = store_fixture_shared(path, sizeof path);
    struct view_sql *views = NULL;
    struct view_store view_store;

    (void)state;
    assert_int_equal(store_execute(store, rows), 0);
    assert_int_equal(view_sql_open(path, 2, &views, &view_store), 0);
    for (int i = 0; i < 2; i++) {
        struct view_moment *moment = view_store.moment_begin(view_store.context);
        assert_non_null(moment);
        assert_int_equal(store_execute(store, "UPDATE command SET state = 'queued' WHERE command_id = 1"), 0);
        assert_true(command_is(&view_store, moment, "queued")); /* it begins with the first reading */
        assert_int_equal(store_execute(store, "UPDATE command SET state = 'sent' WHERE command_id = 1"), 0);
        assert_true(command_is(&view_store, moment, "queued"));
        assert_true(command_is(&view_store, NULL, "sent"));
        view_store.moment_end(view_store.context, moment);
        assert_true(command_is(&view_store, NULL, "sent"));
    }
    view_store.moment_end(view_store.context, view_store.moment_begin(view_store.context));
    view_sql_close(views);
    store_close(store);
    store_fixture_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_answers),
        cmocka_unit_test(all_readings_of_a_moment_see_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
