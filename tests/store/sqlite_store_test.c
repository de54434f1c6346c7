#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sql/schema.h"
#include "store/sqlite/sqlite_store.h"
#include "store/statement_table.h"
#include "tests/store/store_fixture.h"

static int64_t number(struct store *store, const char *query)
{
    int64_t value = -1;
    assert_int_equal(store_number(store, query, &value), 0);
    return value;
}

static void tenant_add(struct store *store, const char *name)
{
    char text[120];
    snprintf(text, sizeof text, "INSERT INTO tenant (name, created_s) VALUES ('%s', 1)", name);
    assert_int_equal(store_execute(store, text), 0);
}

static void opens_at_the_newest_schema(void **state)
{
    (void)state;
    struct store *store = store_fixture_memory();
    assert_int_equal(store_version(store), schema_version_newest);
    assert_int_equal(number(store, "PRAGMA user_version"), schema_version_newest);
    assert_int_equal(number(store, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number(store, "PRAGMA synchronous"), 2);
    assert_int_equal(number(store, "SELECT count(*) FROM tenant"), 0);
    store_close(store);
}

static void file_keeps_what_was_committed(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    struct store *store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    assert_int_equal(store_begin(store), 0);
    tenant_add(store, "kept");
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(store_begin(store), 0);
    tenant_add(store, "lost");
    store_close(store);

    struct store *reader = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path, .read_only = true }, &reader), 0);
    assert_int_equal(number(reader, "SELECT count(*) FROM tenant WHERE name = 'kept'"), 1);
    assert_int_equal(number(reader, "SELECT count(*) FROM tenant"), 1);
    assert_int_equal(store_execute(reader, "DELETE FROM tenant"), STORE_ERR_READ_ONLY);
    store_close(reader);
    store_fixture_remove(path);
}

static void newer_schema_is_refused(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    struct store *store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    assert_int_equal(store_execute(store, "PRAGMA user_version = 999"), 0);
    store_close(store);
    store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), STORE_ERR_NEWER_SCHEMA);
    assert_null(store);
    store_fixture_remove(path);
}

static void reader_refuses_what_it_may_not_make(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    struct store *store = NULL;
    struct store_config reading = { .path = path, .read_only = true };
    assert_int_equal(store_open(&reading, &store), STORE_ERR_OPEN);
    sqlite3 *empty = NULL;
    assert_int_equal(sqlite3_open(path, &empty), SQLITE_OK);
    assert_int_equal(sqlite3_exec(empty, "CREATE TABLE other (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(empty);
    assert_int_equal(store_open(&reading, &store), STORE_ERR_NO_SCHEMA);
    assert_null(store);
    store_fixture_remove(path);
}

static void file_of_another_kind_is_corrupt(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        fputs("this is a letter, not a database\n", file);
    fclose(file);
    struct store *store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), STORE_ERR_CORRUPT);
    store_fixture_remove(path);
}

/* A row written under each past schema is there under the newest one. */
static void every_past_schema_is_upgraded(void **state)
{
    char path[300], insert[100];
    struct store *store = NULL;
    sqlite3 *old = NULL;

    (void)state;
    store_fixture_path(path, sizeof path);
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    for (int version = 1; version < schema_version_newest; version++) {
        assert_int_equal(sqlite_store_migrate(old, version), 0);
        (void)snprintf(insert, sizeof insert, "INSERT INTO tenant (name, created_s) VALUES ('of %d', 1)", version);
        assert_int_equal(sqlite3_exec(old, insert, NULL, NULL, NULL), SQLITE_OK);
    }
    sqlite3_close(old);
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    assert_int_equal(store_version(store), schema_version_newest);
    assert_int_equal(number(store, "SELECT count(*) FROM tenant WHERE name LIKE 'of %'"), schema_version_newest - 1);
    store_close(store);
    store_fixture_remove(path);
}

static int text_gather(void *all, int count, char **values, char **names)
{
    FILE *file = all;

    (void)names;
    for (int column = 0; column < count; column++)
        fprintf(file, "%s\n", values[column] ? values[column] : "NULL");
    return 0;
}

/* All that a query gives, one value a line; the caller frees it. */
static char *query_text(sqlite3 *connection, const char *query)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    assert_int_equal(sqlite3_exec(connection, query, text_gather, file, NULL), SQLITE_OK);
    fclose(file);
    return text;
}

static void query_compare(sqlite3 *one, sqlite3 *other, const char *query)
{
    char *text = query_text(one, query), *expected = query_text(other, query);

    assert_string_equal(text, expected);
    free(text);
    free(expected);
}

static void a_new_file_is_what_the_migrations_lead_to(void **state)
{
    struct store *store = store_fixture_memory();
    sqlite3 *whole = sqlite_store_connection(store), *stepwise = NULL;
    sqlite3_stmt *tables = NULL;
    char query[200];

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &stepwise), SQLITE_OK);
    for (int version = 1; version <= schema_version_newest; version++)
        assert_int_equal(sqlite_store_migrate(stepwise, version), 0);
    query_compare(whole, stepwise, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
    query_compare(whole, stepwise, "PRAGMA user_version");
    assert_int_equal(sqlite3_prepare_v2(stepwise, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema'", -1,
                     &tables, NULL), SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        (void)snprintf(query, sizeof query, "SELECT * FROM %s", (const char *)sqlite3_column_text(tables, 0));
        query_compare(whole, stepwise, query);
    }
    sqlite3_finalize(tables);
    sqlite3_close(stepwise);
    store_close(store);
}

/* A migration that cannot be applied leaves the file as it was, so that the older program still opens it. */
static void failed_upgrade_changes_nothing(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    sqlite3 *old = NULL;
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    assert_int_equal(sqlite_store_migrate(old, 1), 0);
    /* In the way of the last statements of the second migration. */
    assert_int_equal(sqlite3_exec(old, "CREATE TABLE command_step (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(old);
    struct store *store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), STORE_ERR_STATEMENT);
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(old, "SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema"
                                " WHERE name = 'device'", -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 0);
    assert_int_equal(sqlite3_column_int(statement, 1), 1);
    sqlite3_finalize(statement);
    sqlite3_close(old);
    store_fixture_remove(path);
}

static void savepoints_nest(void **state)
{
    (void)state;
    struct store *store = store_fixture_memory();
    assert_int_equal(store_begin(store), 0);
    tenant_add(store, "one");
    assert_int_equal(store_savepoint(store), 0);
    tenant_add(store, "two");
    assert_int_equal(store_savepoint(store), 0);
    tenant_add(store, "three");
    assert_int_equal(store_revert(store), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM tenant"), 2);
    assert_int_equal(store_release(store), 0);
    assert_int_equal(store_savepoint(store), 0);
    tenant_add(store, "four");
    assert_int_equal(store_revert(store), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM tenant"), 2);
    assert_int_equal(store_commit(store), STORE_ERR_STATEMENT);
    store_close(store);
}

/* Fill the store inside one transaction until it says no. */
static int fill(struct store *store)
{
    char text[120];
    int error = store_begin(store);
    for (int i = 0; i < 100000 && error == 0; i++) {
        snprintf(text, sizeof text, "INSERT INTO tenant (name, created_s) VALUES (hex(randomblob(500)) || '%d', 1)", i);
        error = store_execute(store, text);
    }
    return error != 0 ? error : store_commit(store);
}

static void full_disk_loses_the_transaction_and_nothing_else(void **state)
{
    (void)state;
    char path[300];
    store_fixture_path(path, sizeof path);
    struct store *store = NULL;
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    tenant_add(store, "kept");
    int64_t pages = number(store, "PRAGMA page_count");
    assert_int_equal(sqlite_store_page_limit(store, pages + 20), 0);
    assert_int_equal(fill(store), STORE_ERR_FULL);
    store_rollback(store);
    assert_false(store_in_transaction(store));
    assert_int_equal(number(store, "SELECT count(*) FROM tenant"), 1);
    assert_int_equal(sqlite_store_page_limit(store, 0), 0);
    assert_int_equal(store_begin(store), 0);
    tenant_add(store, "after");
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(number(store, "SELECT count(*) FROM tenant"), 2);
    store_close(store);
    store_fixture_remove(path);
}

static void statements_take_and_give(void **state)
{
    (void)state;
    struct store *store = store_fixture_memory();
    static const char *const texts[] = {
        "INSERT INTO tenant (tenant_id, created_s, name) VALUES (?, ?, ?)",
        "SELECT tenant_id, name FROM tenant ORDER BY tenant_id",
    };
    struct statement_table table;
    assert_int_equal(statement_table_prepare(&table, store, texts, 2), 0);
    for (int i = 1; i <= 2; i++) {
        struct statement *insert = statement_take(&table, 0);
        statement_bind_integers(insert, (const int64_t[]){ i, 7 }, 2);
        statement_bind_text(insert, 3, i == 1 ? "\xE6\xB0\xB4\xE5\x8A\xA1" : "b");
        assert_int_equal(statement_run(insert), 1);
    }
    struct statement *insert = statement_take(&table, 0);
    statement_bind_integers(insert, (const int64_t[]){ 2, 7 }, 2);
    statement_bind_text(insert, 3, "c");
    assert_int_equal(statement_run(insert), STORE_ERR_CONSTRAINT);
    char name[6];
    struct statement *query = statement_take(&table, 1);
    assert_int_equal(statement_row(query), 1);
    statement_text(query, 1, name, sizeof name);
    assert_string_equal(name, "\xE6\xB0\xB4");
    assert_int_equal(statement_row(query), 1);
    assert_int_equal(statement_row(query), 0);
    statement_table_finalize(&table);
    static const char *const wrong[] = { "SELECT 1", "SELECT no_such_column FROM tenant" };
    assert_int_equal(statement_table_prepare(&table, store, wrong, 2), STORE_ERR_STATEMENT);
    assert_int_equal(table.count, 0);
    store_close(store);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_at_the_newest_schema),
        cmocka_unit_test(file_keeps_what_was_committed),
        cmocka_unit_test(newer_schema_is_refused),
        cmocka_unit_test(reader_refuses_what_it_may_not_make),
        cmocka_unit_test(file_of_another_kind_is_corrupt),
        cmocka_unit_test(every_past_schema_is_upgraded),
        cmocka_unit_test(a_new_file_is_what_the_migrations_lead_to),
        cmocka_unit_test(failed_upgrade_changes_nothing),
        cmocka_unit_test(savepoints_nest),
        cmocka_unit_test(full_disk_loses_the_transaction_and_nothing_else),
        cmocka_unit_test(statements_take_and_give),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
