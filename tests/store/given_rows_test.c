/* An array of structs is a table of SQL: every type comes as it is, row by row, as often as it is asked. */
#include "tests/unit/unit_test.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "store/given_rows.h"
#include "store/store.h"
#include "store/statement_table.h"
#include "tests/store/store_fixture.h"

struct one {
    int64_t wide;
    int32_t low;
    uint32_t high;
    uint8_t kind;
    char text[8];
    struct span bytes;
};

static const char *kind_name(int number)
{
    return number == 1 ? "first" : "other";
}

static const struct given_column columns[] = {
    { offsetof(struct one, wide), GIVEN_INT64, NULL },
    { offsetof(struct one, low), GIVEN_INT32, NULL },
    { offsetof(struct one, high), GIVEN_UINT32, NULL },
    { offsetof(struct one, kind), GIVEN_NAME, kind_name },
    { offsetof(struct one, text), GIVEN_TEXT, NULL },
    { offsetof(struct one, bytes), GIVEN_BYTES, NULL },
};

static const uint8_t frame[] = { 0x68, 0x00, 0xff };

static const struct one ones[] = {
    { INT64_MAX, INT32_MIN, UINT32_MAX, 1, "\xe6\xb0\xb4", { frame, sizeof frame } },
    { INT64_MIN, INT32_MAX, 0, 2, "", { NULL, 0 } },
};

static const struct given_rows given = { ones, sizeof *ones, 2, columns, sizeof columns / sizeof *columns };

static void row_check(struct statement *statement, const struct one *one)
{
    assert_int_equal(statement_row(statement), 1);
    assert_true(statement_integer(statement, 0) == one->wide);
    assert_true(statement_integer(statement, 1) == one->low);
    assert_true(statement_integer(statement, 2) == one->high);
    assert_string_equal(statement_text_at(statement, 3), kind_name(one->kind));
    assert_string_equal(statement_text_at(statement, 4), one->text);
    struct span bytes = statement_bytes(statement, 5);
    assert_int_equal(bytes.size, one->bytes.size);
    if (bytes.size > 0)
        assert_memory_equal(bytes.bytes, one->bytes.bytes, bytes.size);
    assert_false(statement_is_null(statement, 5)); /* no bytes are not nothing */
    assert_true(statement_is_null(statement, 6));
    assert_true(statement_is_null(statement, 7));
}

static void structs_are_read_as_rows(void **state)
{
    static const char *const texts[] = { "SELECT v0, v1, v2, v3, v4, v5, v6, v23 FROM given_rows(?1)" };
    struct store *store = store_fixture_memory();
    struct given_rows nothing = given;
    struct statement_table table;

    (void)state;
    nothing.count = 0;
    assert_int_equal(statement_table_prepare(&table, store, texts, 1), 0);
    for (int time = 0; time < 2; time++) {
        struct statement *statement = statement_take(&table, 0);

        given_rows_bind(statement, 1, &given);
        row_check(statement, &ones[0]);
        row_check(statement, &ones[1]);
        assert_int_equal(statement_row(statement), 0);
        statement = statement_take(&table, 0);
        given_rows_bind(statement, 1, &nothing);
        assert_int_equal(statement_row(statement), 0);
    }
    statement_table_finalize(&table);
    store_close(store);
}

static void what_was_not_given_is_refused(void **state)
{
    static const char *const texts[] = { "SELECT v0 FROM given_rows(?1)" };
    struct store *store = store_fixture_memory();
    struct statement_table table;
    int64_t number;

    (void)state;
    assert_int_equal(statement_table_prepare(&table, store, texts, 1), 0);
    struct statement *statement = statement_take(&table, 0);
    assert_true(statement_row(statement) < 0);
    statement = statement_take(&table, 0);
    statement_bind_integer(statement, 1, 4096); /* a number is no address */
    assert_true(statement_row(statement) < 0);
    statement_table_finalize(&table);
    assert_true(store_number(store, "SELECT v0 FROM given_rows", &number) < 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structs_are_read_as_rows),
        cmocka_unit_test(what_was_not_given_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
