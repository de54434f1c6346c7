/* Statements written for SQLite, as PostgreSQL takes them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "store/postgres/postgres_text.h"
#include "store/postgres/postgres_value.h"
#include "store/store_error.h"

static void made_is(const char *text, const char *expected, int places)
{
    struct postgres_text made;

    assert_int_equal(postgres_text_make(text, &made), 0);
    assert_string_equal(made.text, expected);
    assert_int_equal(made.places, places);
    postgres_text_free(&made);
}

static void places_are_numbered_as_sql_numbers_them(void **state)
{
    (void)state;
    made_is("SELECT 1", "SELECT 1", 0);
    made_is("SELECT ?2, ?1, ?2", "SELECT $2, $1, $2", 2);
    made_is("SELECT ?, ?", "SELECT $1, $2", 2);
    made_is("SELECT :a + :b_2 + :a", "SELECT $1 + $2 + $1", 2);
    made_is("SELECT :a::text", "SELECT $1::text", 1);
}

static void texts_and_names_stay_and_comments_go(void **state)
{
    (void)state;
    made_is("SELECT '?1 it''s :a LIKE', \":b\", ?1 -- ?7\n", "SELECT '?1 it''s :a LIKE', \":b\", $1 ", 1);
    made_is("INSERT INTO a SELECT v0 FROM given_rows(?1)", "INSERT INTO a SELECT v0 FROM given_rows($1)", 1);
}

static void functions_of_sql_are_called_by_other_names(void **state)
{
    (void)state;
    made_is("SELECT iif(a, max(b, ?1), min(c))", "SELECT CASE WHEN a THEN  int8larger(b,  $1) ELSE  min(c) END", 1);
    made_is("SELECT min(a, b, c)", "SELECT int8smaller(int8smaller(a,  b),  c)", 0);
    made_is("SELECT group_concat(a || ','), group_concat(a, ' ')",
            "SELECT string_agg(CAST(a || ',' AS text), ','), string_agg(CAST(a AS text),  ' ')", 0);
    made_is("SELECT x'0aff', x.y", "SELECT '\\x0aff'::bytea, x.y", 0);
    made_is("SELECT CAST(a AS INTEGER) FROM b WHERE c LIKE 'x%'", "SELECT CAST(a AS bigint) FROM b WHERE c ILIKE 'x%'", 0);
}

static void sums_stay_within_64_bits(void **state)
{
    (void)state;
    made_is("SELECT sum(a) FILTER (WHERE b), sum(c) OVER (ORDER BY d), sum(e)",
            "SELECT CAST(sum(a) FILTER (WHERE b) AS bigint), CAST(sum(c) OVER (ORDER BY d) AS bigint), CAST(sum(e) AS bigint)", 0);
}

static void hints_of_order_and_index_go(void **state)
{
    (void)state;
    made_is("SELECT 1 FROM a INDEXED BY a_i CROSS JOIN b ON b.x = a.x CROSS JOIN c WHERE true",
            "SELECT 1 FROM a  JOIN b ON b.x = a.x CROSS JOIN c WHERE true", 0);
    made_is("SELECT 1 FROM a CROSS JOIN b USING (x)", "SELECT 1 FROM a JOIN b USING (x)", 0);
}

static void queries_that_are_selected_from_get_a_name(void **state)
{
    (void)state;
    made_is("SELECT count(*) FROM (SELECT 1 FROM (SELECT 2) AS b)", "SELECT count(*) FROM (SELECT 1 FROM (SELECT 2) AS b) AS query_1", 0);
    made_is("SELECT 1 FROM (SELECT 2) x CROSS JOIN (SELECT 3) WHERE true",
            "SELECT 1 FROM (SELECT 2) x CROSS JOIN (SELECT 3) AS query_1 WHERE true", 0);
}

static void what_has_its_key_already_is_replaced_or_left(void **state)
{
    (void)state;
    made_is("INSERT OR REPLACE INTO a (b, c) VALUES (?, ?)",
            "INSERT INTO a (b, c) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT a_pkey DO UPDATE SET b = excluded.b, c = excluded.c ", 2);
    made_is("REPLACE INTO a (b) SELECT 1 RETURNING b",
            "INSERT INTO a (b) SELECT 1  ON CONFLICT ON CONSTRAINT a_pkey DO UPDATE SET b = excluded.b RETURNING b", 0);
    made_is("INSERT OR IGNORE INTO a VALUES (1)", "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING ", 0);
    made_is("INSERT INTO a (b) VALUES (1) ON CONFLICT DO UPDATE SET b = 2",
            "INSERT INTO a (b) VALUES (1) ON CONFLICT  ON CONSTRAINT a_pkey DO UPDATE SET b = 2", 0);
}

static void types_are_told_where_nothing_else_tells_them(void **state)
{
    struct postgres_text made;

    (void)state;
    assert_int_equal(postgres_text_make("SELECT :kind IS NULL OR a = :kind, :from_s, ?3 IN (1, 2), nullif(?5, 0)", &made), 0);
    assert_string_equal(made.text, "SELECT $1 IS NULL OR a = $1, $2, $3 IN (1, 2), nullif($5, 0)");
    assert_string_equal(made.probe, "SELECT true OR a = $1, $2, $3 IN (1, 2), nullif($5, 0)");
    assert_int_equal(made.types[0], 0);
    assert_int_equal(made.types[1], POSTGRES_INT8);
    assert_int_equal(made.types[2], POSTGRES_INT8);
    assert_int_equal(made.types[3], POSTGRES_TEXT); /* not used */
    assert_int_equal(made.types[4], POSTGRES_INT8);
    postgres_text_free(&made);
}

static void what_does_not_close_is_refused(void **state)
{
    struct postgres_text made = { 0 };

    (void)state;
    assert_int_equal(postgres_text_make("SELECT (1", &made), STORE_ERR_STATEMENT);
    assert_int_equal(postgres_text_make("SELECT 1)", &made), STORE_ERR_STATEMENT);
    assert_int_equal(postgres_text_make("SELECT 'a", &made), STORE_ERR_STATEMENT);
    assert_null(made.text);
}

static void names_are_kept_with_their_colon(void **state)
{
    struct postgres_text made;

    (void)state;
    assert_int_equal(postgres_text_make("SELECT ?1, :from, :limit", &made), 0);
    assert_null(made.names[0]);
    assert_string_equal(made.names[1], ":from");
    assert_string_equal(made.names[2], ":limit");
    postgres_text_free(&made);
}

static void too_many_places_are_refused(void **state)
{
    struct postgres_text made = { 0 };

    (void)state;
    assert_int_equal(postgres_text_make("SELECT ?100", &made), STORE_ERR_STATEMENT);
    assert_int_equal(postgres_text_make("SELECT ?0", &made), STORE_ERR_STATEMENT);
    assert_null(made.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_numbered_as_sql_numbers_them),
        cmocka_unit_test(texts_and_names_stay_and_comments_go),
        cmocka_unit_test(functions_of_sql_are_called_by_other_names),
        cmocka_unit_test(sums_stay_within_64_bits),
        cmocka_unit_test(hints_of_order_and_index_go),
        cmocka_unit_test(queries_that_are_selected_from_get_a_name),
        cmocka_unit_test(what_has_its_key_already_is_replaced_or_left),
        cmocka_unit_test(types_are_told_where_nothing_else_tells_them),
        cmocka_unit_test(what_does_not_close_is_refused),
        cmocka_unit_test(names_are_kept_with_their_colon),
        cmocka_unit_test(too_many_places_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
