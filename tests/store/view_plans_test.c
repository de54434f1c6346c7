/* How the database goes about questions that ten million meters would make long: by which index, and that none of the large tables is
 * walked through. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "store/sql/view_texts.h"
#include "store/statement.h"
#include "tests/store/store_fixture.h"

static const struct view_text_list *const lists[] = { &view_texts_people, &view_texts_money, &view_texts_search, &view_texts_devices, &view_texts_ledger,
    &view_texts_overview, &view_texts_usage, &view_texts_bills };

static const struct plan {
    enum view view;
    const char *way;    /* that the plan takes somewhere */
    const char *tables; /* the letters by which the view calls the tables that are not to be walked through */
} plans[] = {
    { VIEW_SEARCH_CUSTOMERS, "SEARCH o USING PRIMARY KEY (phone=?)", "cka" },
    { VIEW_SEARCH_AREAS, "SCAN search_area VIRTUAL TABLE INDEX", "a" },
    { VIEW_AREAS_FOUND, "SCAN search_area VIRTUAL TABLE INDEX", "a" },
    { VIEW_CUSTOMERS_FOUND, "SEARCH o USING PRIMARY KEY (phone=?)", "ck" },
    { VIEW_DEVICES_NOT_WELL, "SEARCH w USING COVERING INDEX device_state_not_well", "wdask" },
    { VIEW_LEDGER_ACCOUNTS_OF_KIND, "SEARCH l USING INDEX ledger_account_no_wallet (kind=?", "l" },
    { VIEW_TRIAL_BALANCE, "SEARCH t USING INTEGER PRIMARY KEY (rowid>?)", "t" },
    { VIEW_TRIAL_BALANCE_DAY, "SEARCH t USING INTEGER PRIMARY KEY (rowid>?)", "t" },
    { VIEW_TRIAL_BALANCE_READ, "SEARCH t USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", "t" },
    { VIEW_LEDGER_TRANSFER, "SEARCH y USING INDEX payment_by_account (account_id=?)", "ty" },
    { VIEW_BOARD_BUILDINGS, "SEARCH a USING INDEX area_above_buildings", "a" },
    { VIEW_COMPLETENESS_BUILDINGS, "SEARCH a USING INDEX area_above_buildings", "a" },
    { VIEW_PAYMENTS, "SEARCH y USING INDEX payment_by_tenant (tenant_id=? AND payment_id>? AND payment_id<?)", "yka" },
    { VIEW_PAYMENTS, "SEARCH y USING INDEX payment_by_account (account_id=? AND payment_id<?)", "yka" },
    { VIEW_PAYMENTS_OF_ACCOUNT, "SEARCH y USING INDEX payment_by_account (account_id=? AND payment_id<?)", "yka" },
    { VIEW_PAYMENTS_OF_CUSTOMER, "SEARCH y USING INDEX payment_by_account (account_id=? AND payment_id<?)", "yka" },
    { VIEW_PAYMENTS_OF_SHIFT, "SEARCH y USING INDEX payment_by_shift (shift_id=? AND payment_id<?)", "yka" },
    { VIEW_PAYMENTS_OF_DAY, "SEARCH y USING INDEX payment_by_time (tenant_id=? AND at_s>? AND at_s<?)", "yka" },
    { VIEW_EVENTS_TOTAL, "SEARCH event", "e" },
    { VIEW_PAYMENTS_TOTAL, "SEARCH payment", "y" },
    { VIEW_EVENTS, "SEARCH e USING INDEX event_by_tenant (tenant_id=? AND event_id>? AND event_id<?)", "eda" },
    { VIEW_EVENTS_OPEN, "SEARCH e USING INDEX event_standing (tenant_id=? AND event_id>? AND event_id<?)", "eda" },
    { VIEW_CASH_DESK_PHONE, "SEARCH o USING PRIMARY KEY (phone=?)", "ck" },
};

static bool is_walked_through(const char *plan, char table)
{
    static const char *const forms[] = { "SCAN %c\n", "SCAN %c USING", "SEARCH %c USING AUTOMATIC" }; /* an index made for one answer */
    char line[64];
    bool walked = false;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        (void)snprintf(line, sizeof line, forms[i], table);
        walked = walked || strstr(plan, line) != NULL;
    }
    return walked;
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
        for (const char *table = plans[i].tables; *table != '\0'; table++)
            good = good && !is_walked_through(plan, *table);
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
