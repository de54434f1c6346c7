/* Statements written for SQLite, as PostgreSQL takes them. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "store/postgres/postgres_text.h"
#include "store/store_error.h"

static void made_is(const char *text, const char *expected, int places)
{
    struct postgres_text made;

    assert_int_equal(postgres_text_make(text, &made), 0);
    assert_string_equal(made.text, expected);
    assert_int_equal(made.places, places);
    postgres_text_free(&made);
}

static void places_are_numbered_as_sqlite_numbers_them(void **state)
{
    (void)state;
    made_is("SELECT 1", "SELECT 1", 0);
    made_is("SELECT ?2, ?1, ?2", "SELECT $2, $1, $2", 2);
    made_is("SELECT ?, ?", "SELECT $1, $2", 2);
    made_is("SELECT :a + :b_2 + :a", "SELECT $1 + $2 + $1", 2);
}

static void texts_names_and_comments_stay(void **state)
{
    (void)state;
    made_is("SELECT '?1 it''s :a', \":b\", ?1 -- ?7\n", "SELECT '?1 it''s :a', \":b\", $1 -- ?7\n", 1);
    made_is("INSERT INTO a SELECT v0 FROM given_rows(?1)", "INSERT INTO a SELECT v0 FROM given_rows($1)", 1);
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
        cmocka_unit_test(places_are_numbered_as_sqlite_numbers_them),
        cmocka_unit_test(texts_names_and_comments_stay),
        cmocka_unit_test(names_are_kept_with_their_colon),
        cmocka_unit_test(too_many_places_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
