#include "store/postgres/citus_places.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "tests/unit/unit_test.h"

/* Tables of the schema; those that the search index keeps behind its virtual tables are its own matter. */
#define TABLES "(SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*')"

static int fixture_open(void **state)
{
    struct store_config config = { .path = ":memory:" };
    struct store *store = NULL;

    assert_int_equal(store_open(&config, &store), 0);
    *state = store;
    return 0;
}

static int fixture_close(void **state)
{
    store_close(*state);
    return 0;
}

/* The number that a query says of one table: %s stands for its name, a second one for a column of it. */
static int64_t number_of(struct store *store, const char *format, const char *name, const char *column)
{
    char query[1024];
    int64_t value = -1;

    snprintf(query, sizeof query, format, name, column);
    assert_int_equal(store_number(store, query, &value), 0);
    return value;
}

static int64_t number(struct store *store, const char *format, const char *name)
{
    return number_of(store, format, name, "");
}

static void test_every_table_has_one_place(void **state)
{
    int64_t tables = number(*state, "SELECT count(*) FROM " TABLES "%s", "");

    for (size_t i = 0; i < citus_table_count; i++) {
        if (number(*state, "SELECT count(*) FROM " TABLES " WHERE name = '%s'", citus_tables[i].name) != 1)
            fail_msg("citus_places.c: there is no table %s", citus_tables[i].name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(citus_tables[k].name, citus_tables[i].name);
    }
    if (tables != (int64_t)citus_table_count)
        fail_msg("the schema has %d tables, citus_places.c places %zu: a new table needs a row there", (int)tables,
            citus_table_count);
}

/* Is the column that the table is cut by among those of every key? Workers see their own rows only: a key without it would be kept
 * by nobody. */
static bool keys_name_the_column(struct store *store, const struct citus_table *table)
{
    const char *column = citus_columns[table->place];
    int64_t primary = number_of(store, "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s' AND pk > 0", table->name,
        column);
    int64_t others = number_of(store, "SELECT count(*) FROM pragma_index_list('%s') i WHERE i.\"unique\" = 1 AND i.origin <> 'pk'"
        " AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) c WHERE c.name = '%s')", table->name, column);

    if (table->key != NULL)
        return primary == 0 && strstr(table->key, column) != NULL && others == 0;
    return primary == 1 && others == 0;
}

/* What a worker could not keep true: a reference from another table, a reference to one, a trigger, a row of no device
 * or account. */
static void test_tables_that_are_cut_stand_alone(void **state)
{
    int64_t cut = 0;

    for (size_t i = 0; i < citus_table_count; i++) {
        const char *name = citus_tables[i].name;

        if (citus_columns[citus_tables[i].place] == NULL)
            continue;
        cut++;
        if (!keys_name_the_column(*state, &citus_tables[i]))
            fail_msg("citus_places.c: %s is cut, and has a key without that column, or a new key that it does not need", name);
        assert_int_equal(number_of(*state, "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s' AND \"notnull\" = 1", name,
            citus_columns[citus_tables[i].place]), 1);
        assert_int_equal(number(*state, "SELECT count(*) FROM pragma_foreign_key_list('%s')", name), 0);
        assert_int_equal(number(*state, "SELECT count(*) FROM " TABLES " t JOIN pragma_foreign_key_list(t.name) k"
            " WHERE k.\"table\" = '%s'", name), 0);
        assert_int_equal(number(*state, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '%s'",
            name), 0);
    }
    assert_true(cut > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_table_has_one_place, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_tables_that_are_cut_stand_alone, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
