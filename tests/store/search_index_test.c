/* The search index follows the archive in its transaction, and is built in slices for what was there before. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "store/sql/search_index.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/store/store_fixture.h"

static struct store *store;
static struct search_index *search;

static void run(const char *text)
{
    assert_int_equal(store_execute(store, text), 0);
}

/* Buildings 3 and 4 of estate 2; meter 1 of customer 1 in building 3, meter 2 without a customer in building 4. */
static int archive_open(void **state)
{
    (void)state;
    store = store_fixture_memory();
    assert_int_equal(search_index_open(store, &search), 0);
    run("PRAGMA foreign_keys = OFF;"
        "INSERT INTO tenant VALUES (1, 'T', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', 'T', '/1/'), (2, 1, 1, 'estate', 'Park', '/1/2/'),"
        " (3, 1, 2, 'building', 'House3', '/1/2/3/'), (4, 1, 2, 'building', 'House4', '/1/2/4/');"
        "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
        " VALUES (1, 1, 3, '1204', 860000000012345, '030000004471', 0), (2, 1, 4, '77', -2, '030000004472', 0);"
        "INSERT INTO customer (customer_id, tenant_id, number, name, name_initials, phones, created_s)"
        " VALUES (1, 1, '100482', 'Chen Jiayi', 'cjy', '13800000417,13900000555', 0);"
        "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, opened_s)"
        " VALUES (1, 1, 1, 1, 3, 1, 'postpaid', 1, 0)");
    return 0;
}

static int archive_close(void **state)
{
    (void)state;
    search_index_close(search);
    store_close(store);
    return 0;
}

/* The sum of the identifiers that are found. */
static int64_t found(const char *table, const char *path, const char *words, int places, const char *fields)
{
    char query[512];
    int64_t sum = -1;

    (void)snprintf(query, sizeof query, "SELECT coalesce(sum(rowid), 0) FROM %s WHERE %s MATCH search_match('%s', '%s', %d, '%s')",
                   table, table, path, words, places, fields);
    assert_int_equal(store_number(store, query, &sum), 0);
    return sum;
}

static int64_t devices(const char *path, const char *words)
{
    return found("search_device", path, words, 15, "neprci");
}

static int64_t customers(const char *path, const char *words)
{
    return found("search_customer", path, words, 15, "nctiam");
}

static int64_t areas(const char *path, const char *words)
{
    return found("search_area", path, words, 1, "p");
}

static int64_t of_phone(const char *phone)
{
    char query[128];
    int64_t sum = -1;

    (void)snprintf(query, sizeof query, "SELECT coalesce(sum(customer_id), 0) FROM customer_phone WHERE phone = '%s'", phone);
    assert_int_equal(store_number(store, query, &sum), 0);
    return sum;
}

static void what_was_changed_is_found_after_the_update(void **state)
{
    int64_t left = -1;

    (void)state;
    assert_int_equal(devices("/1/", "4471"), 0);
    assert_int_equal(search_index_update(search), 0);
    assert_int_equal(devices("/1/", "4471"), 1);
    assert_int_equal(devices("/1/", "447"), 3);
    assert_int_equal(devices("/1/", "2345"), 1);     /* the end of its IMEI */
    assert_int_equal(devices("/1/", "House3 1204"), 1);
    assert_int_equal(devices("/1/", "77"), 2);       /* a room, whole */
    assert_int_equal(devices("/1/", "cjy"), 1);
    assert_int_equal(devices("/1/", "jiay"), 1);
    assert_int_equal(customers("/1/", "100482"), 1);
    assert_int_equal(customers("/1/", "0555"), 1);
    assert_int_equal(customers("/1/", "800000"), 1);
    assert_int_equal(customers("/1/", "house3"), 1);
    assert_int_equal(customers("/1/", "4471"), 1);
    assert_int_equal(areas("/1/", "parkhouse"), 7);
    assert_int_equal(areas("/1/2/4/", "parkhouse"), 4);
    assert_int_equal(of_phone("13800000417"), 1);
    assert_int_equal(of_phone("13900000555"), 1); /* the second of two */
    assert_int_equal(of_phone("13900000"), 0);
    assert_int_equal(store_number(store, "SELECT count(*) FROM search_change", &left), 0);
    assert_int_equal(left, 0);
}

static void an_area_finds_only_its_own(void **state)
{
    (void)state;
    assert_int_equal(devices("/1/2/3/", "447"), 1);
    assert_int_equal(devices("/1/2/4/", "447"), 2);
    assert_int_equal(devices("/1/2/", "447"), 3);
    assert_int_equal(devices("/1/9/", "447"), 0);
    assert_int_equal(customers("/1/2/4/", "100482"), 0);
}

static void what_is_not_to_be_looked_for_finds_nothing(void **state)
{
    static const char *const words[] = { "", "\"", "%", "7", "\" OR \"n447", "*", "NEAR(", "a b c d e f" };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(found("search_device", "/1/", words[i], 1, "np"), 0);
        assert_int_equal(found("search_customer", "/1/", words[i], 1, "nc"), 0);
    }
    assert_int_equal(found("search_device", "", "447", 1, "n"), 3);
}

static void a_change_is_found_and_a_taken_back_one_is_not(void **state)
{
    (void)state;
    run("UPDATE device SET meter_number = '030000009999', area_id = 3 WHERE device_id = 2;"
        "UPDATE customer SET name = 'Wang Wu', name_initials = 'ww' WHERE customer_id = 1");
    assert_int_equal(search_index_update(search), 0);
    assert_int_equal(devices("/1/2/3/", "9999"), 2);
    assert_int_equal(devices("/1/", "ww"), 1);
    assert_int_equal(store_begin(store), 0);
    run("INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
        " VALUES (3, 1, 3, '1', -3, '030000008888', 0); UPDATE customer SET phones = '+86-20-5550' WHERE customer_id = 1");
    assert_int_equal(search_index_update(search), 0);
    assert_int_equal(of_phone("86205550"), 1);
    assert_int_equal(devices("/1/", "8888"), 3);
    store_rollback(store);
    assert_int_equal(devices("/1/", "8888"), 0);
    assert_int_equal(of_phone("86205550"), 0);
}

static void the_index_is_made_anew_in_slices(void **state)
{
    bool remains = true;
    int rows = 0;

    (void)state;
    assert_int_equal(search_index_forget(search), 0);
    assert_int_equal(devices("/1/", "9999"), 0);
    for (int slice = 0; slice < 8; slice++, rows++) {
        remains = false;
        assert_int_equal(search_index_build(search, 1, &remains), 1);
        assert_true(remains);
    }
    assert_int_equal(devices("/1/", "9999"), 2);
    assert_int_equal(customers("/1/", "ww"), 1);
    assert_int_equal(areas("/1/", "house4"), 4);
    assert_int_equal(of_phone("13900000555"), 1);
    remains = false;
    assert_int_equal(search_index_build(search, 1, &remains), 0);
    assert_false(remains);
    assert_int_equal(devices("/1/", "4472"), 0); /* what is no longer said is forgotten */
}

/* What an older program left: the rows are there, the index is not. */
static void an_older_file_is_built_from_its_first_row(void **state)
{
    sqlite3 *connection;
    sqlite3_stmt *row;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &connection), SQLITE_OK);
    assert_int_equal(sqlite_store_migrate(connection, 50), 0);
    assert_int_equal(sqlite3_exec(connection, "PRAGMA foreign_keys = OFF; INSERT INTO device (device_id, tenant_id, area_id, imei,"
        " meter_number, installed_s) VALUES (7, 1, 1, 1, '1', 0)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite_store_migrate(connection, 51), 0);
    assert_int_equal(sqlite3_prepare_v2(connection, "SELECT group_concat(next_id || '-' || last_id) FROM search_progress", -1, &row,
        NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(row, 0), "1-7,1-0");
    sqlite3_finalize(row);
    sqlite3_close(connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_changed_is_found_after_the_update),
        cmocka_unit_test(an_area_finds_only_its_own),
        cmocka_unit_test(what_is_not_to_be_looked_for_finds_nothing),
        cmocka_unit_test(a_change_is_found_and_a_taken_back_one_is_not),
        cmocka_unit_test(the_index_is_made_anew_in_slices),
        cmocka_unit_test(an_older_file_is_built_from_its_first_row),
    };
    return cmocka_run_group_tests(tests, archive_open, archive_close);
}
