/* How the database goes about questions that ten million meters would make long: by which index, and that none of the large tables is
 * walked through. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "store/sql/view_texts.h"
#include "store/statement.h"
#include "tests/store/store_fixture.h"

static const struct view_text_list *const lists[] = { &view_texts_people, &view_texts_money, &view_texts_search };

static const struct plan {
    enum view view;
    const char *way; /* that the plan takes somewhere */
} plans[] = {
    { VIEW_SEARCH_CUSTOMERS, "SEARCH o USING PRIMARY KEY (phone=?)" },
    { VIEW_SEARCH_AREAS, "SCAN search_area VIRTUAL TABLE INDEX" },
    { VIEW_AREAS_FOUND, "SCAN search_area VIRTUAL TABLE INDEX" },
    { VIEW_CUSTOMERS_FOUND, "SEARCH o USING PRIMARY KEY (phone=?)" },
    { VIEW_CASH_DESK_PHONE, "SEARCH o USING PRIMARY KEY (phone=?)" },
};

/* Tables that are walked through by no plan here, by the names that the views give them. */
static const char *const large[] = { "account", "c", "d", "e", "k", "l", "t", "w", "y" };

static bool is_walked_through(const char *plan, const char *table)
{
    char line[64], by_index[64];

    (void)snprintf(line, sizeof line, "SCAN %s\n", table);
    (void)snprintf(by_index, sizeof by_index, "SCAN %s USING", table);
    return strstr(plan, line) != NULL || strstr(plan, by_index) != NULL;
}

static const char *text_of(enum view view)
{
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t row = 0; row < lists[i]->count; row++)
            if (lists[i]->rows[row].view == view)
                return lists[i]->rows[row].sql;
    return NULL;
}

/* The plan as lines. */
static void plan_read(struct store *store, enum view view, char *plan, size_t size)
{
    static char text[16384];
    struct statement *statement;
    size_t length = 0;

    assert_non_null(text_of(view));
    (void)snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", text_of(view));
    assert_int_equal(statement_prepare(store, text, &statement), 0);
    plan[0] = '\0';
    while (statement_row(statement) == 1) {
        char line[256];
        statement_text(statement, 3, line, sizeof line);
        length += (size_t)snprintf(plan + length, size - length, "%s\n", line);
        assert_true(length < size);
    }
    statement_finalize(statement);
}

static void large_tables_are_not_walked_through(void **state)
{
    struct store *store = store_fixture_memory();
    char plan[8192];

    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        plan_read(store, plans[i].view, plan, sizeof plan);
        bool good = strstr(plan, plans[i].way) != NULL;
        for (size_t k = 0; k < sizeof large / sizeof large[0]; k++)
            good = good && !is_walked_through(plan, large[k]);
        if (!good)
            print_error("view %d goes otherwise:\n%s", (int)plans[i].view, plan);
        assert_true(good);
    }
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(large_tables_are_not_walked_through) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
