/* Both databases have the same tables, columns, keys and indexes; needs the server of tests/store/postgres_run. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "store/statement.h"
#include "tests/store/postgres_fixture.h"
#include "tests/store/store_fixture.h"

#define LINE_SIZE 400
#define LINES_LIMIT 4000

/* The index of texts and the table of versions are otherwise on each. */
#define NOT_SAME "('search_device', 'search_customer', 'search_area', 'schema_version')"

/* "device.room text 1": of a key, or NOT NULL. */
static const char sqlite_columns[] =
    "SELECT m.name || '.' || p.name || ' ' || lower(p.type) || ' ' || (p.\"notnull\" OR p.pk > 0) FROM sqlite_schema m"
    " CROSS JOIN pragma_table_list(m.name) l CROSS JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND l.type = 'table'"
    " AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name NOT IN " NOT_SAME;
static const char postgres_columns[] =
    "SELECT c.relname || '.' || a.attname || ' ' || CASE a.atttypid::regtype::text WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob'"
    " ELSE a.atttypid::regtype::text END || ' ' || CASE WHEN a.attnotnull THEN 1 ELSE 0 END FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT IN " NOT_SAME;

/* "device (tenant_id,meter_number) unique 1 partial 0"; what is no column is "expression". */
static const char sqlite_indexes[] =
    "SELECT DISTINCT name || ' (' || columns || ') unique ' || is_unique || ' partial ' || is_partial FROM ("
    "SELECT m.name AS name, i.\"unique\" AS is_unique, i.partial AS is_partial, (SELECT group_concat(coalesce(x.name, 'expression'), ',')"
    "  FROM pragma_index_info(i.name) x) AS columns FROM sqlite_schema m CROSS JOIN pragma_table_list(m.name) l"
    " CROSS JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND l.type = 'table' AND m.name NOT IN " NOT_SAME
    " UNION SELECT m.name, 1, 0, p.name FROM sqlite_schema m CROSS JOIN pragma_table_list(m.name) l"
    " CROSS JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND l.type = 'table' AND l.wr = 0 AND p.pk = 1"
    " AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name NOT IN " NOT_SAME
    " AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) o WHERE o.origin = 'pk'))";
static const char postgres_indexes[] =
    "SELECT DISTINCT c.relname || ' (' || (SELECT string_agg(coalesce(a.attname, 'expression'), ',' ORDER BY k.place)"
    "  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) LEFT JOIN pg_attribute a ON a.attrelid = c.oid"
    "  AND a.attnum = k.number AND k.number > 0) || ') unique ' || CASE WHEN i.indisunique THEN 1 ELSE 0 END"
    " || ' partial ' || CASE WHEN i.indpred IS NOT NULL THEN 1 ELSE 0 END FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN " NOT_SAME;

struct lines {
    size_t count;
    char text[LINES_LIMIT][LINE_SIZE];
};

static int lines_compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void lines_read(struct store *store, const char *query, struct lines *lines)
{
    struct statement *statement = NULL;

    assert_int_equal(statement_prepare(store, query, &statement), 0);
    lines->count = 0;
    while (statement_row(statement) == 1) {
        assert_true(lines->count < LINES_LIMIT);
        statement_text(statement, 0, lines->text[lines->count++], LINE_SIZE);
    }
    statement_finalize(statement);
    qsort(lines->text, lines->count, LINE_SIZE, lines_compare);
}

/* Tells every line that one of them lacks. */
static int differences_count(const struct lines *a, const struct lines *b)
{
    size_t i = 0, k = 0;
    int found = 0;

    while (i < a->count || k < b->count) {
        int order = i == a->count ? 1 : k == b->count ? -1 : strcmp(a->text[i], b->text[k]);
        if (order != 0) {
            print_error("only %s: %s\n", order < 0 ? "SQLite" : "PostgreSQL", order < 0 ? a->text[i] : b->text[k]);
            found++;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return found;
}

static void schemas_agree(const char *in_sql, const char *in_postgres)
{
    struct lines *ours = calloc(1, sizeof *ours), *theirs = calloc(1, sizeof *theirs);
    struct store *store = NULL, *server = NULL;
    char path[STORE_FIXTURE_PATH];

    assert_non_null(ours);
    assert_non_null(theirs);
    assert_int_equal(store_open(&(struct store_config){ .path = ":memory:" }, &store), 0);
    postgres_fixture_path(path, sizeof path);
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &server), 0);
    lines_read(store, in_sql, ours);
    lines_read(server, in_postgres, theirs);
    assert_true(ours->count > 100);
    assert_int_equal(differences_count(ours, theirs), 0);
    store_close(server);
    store_close(store);
    free(theirs);
    free(ours);
}

static void tables_and_columns_are_the_same(void **state)
{
    (void)state;
    schemas_agree(sqlite_columns, postgres_columns);
}

static void keys_and_indexes_are_the_same(void **state)
{
    (void)state;
    schemas_agree(sqlite_indexes, postgres_indexes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_and_columns_are_the_same),
        cmocka_unit_test(keys_and_indexes_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
