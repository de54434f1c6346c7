/* What is settled in bulk at night is what a look at each account would have done. */
#include "tests/unit/unit_test.h"

#include "store/statement.h"
#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>

#define ACCOUNTS 40

/* Accounts that differ in everything a night looks at: most are well, some will not be when the day is paid, 37 pays from the
 * wallet of 17. Their meters stood at 0 on 19 May, and at what they
 * used on 20 May. */
static void town_make(struct fixture *fixture)
{
    struct billing_payment_result paid;

    for (int64_t account = 1; account <= ACCOUNTS; account++) {
        const char *mode = account % 9 == 0 ? "postpaid" : "prepaid_platform";
        char key[24];

        assert_int_equal(fixture_account_open(fixture, mode, account % 7 == 0 ? 20000 : 500, 0), account);
        (void)snprintf(key, sizeof key, "first-%d", (int)account);
        assert_int_equal(fixture_pay(fixture, account, account % 5 == 0 ? 300 : account % 6 == 1 ? 900 : account == 17 ? 700 : 10000, key, &paid), 0);
    }
    assert_int_equal(billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, 37, 17), 0);
    assert_int_equal(store_execute(fixture->store,
        "UPDATE account SET look_s = 9223372036854775807, held_error = CASE account_id % 13 WHEN 0 THEN 1 ELSE 0 END WHERE payment_mode <> 'postpaid';"
        "UPDATE account SET persons = 1 + account_id % 6, device_id = CASE WHEN account_id = 22 THEN NULL ELSE device_id END;"
        "UPDATE account_standing SET settled_day = settled_day - CASE account_id % 11 WHEN 0 THEN 1 ELSE 0 END, settled_total_value = 0,"
        " cycle_start_day = 20574, cycle_used_value = account_id % 4 * 60000000 + account_id * 990011"), 0);
}

static void midnights_put(struct fixture *fixture)
{
    int64_t day = fixture_day("2026-05-20");

    for (uint32_t device = 1; device <= ACCOUNTS; device++) {
        if (device % 11 == 0)
            fixture_midnight_put(fixture, device, day, 0);
        if (device != 17)
            fixture_midnight_put(fixture, device, day + 1, device % 8 == 0 ? 0 : device * 131071);
    }
    assert_int_equal(store_execute(fixture->store, "UPDATE account_standing SET settled_total_value = 50000000"
                                                          " WHERE account_id = 20"), 0);
}

/* All rows of a query as text. */
static void rows_tell(struct fixture *fixture, const char *query, struct writer *out)
{
    struct statement *statement;

    assert_int_equal(statement_prepare(fixture->store, query, &statement), 0);
    while (statement_row(statement) == 1) {
        for (int column = 0; column < statement_columns(statement); column++) {
            const char *text = statement_text_at(statement, column);

            writer_format(out, "%s|", text != NULL ? text : "-");
        }
        writer_text(out, "\n");
    }
    statement_finalize(statement);
}

/* Everything a night leaves behind, but for the order of its transfers. */
static void books_tell(struct fixture *fixture, struct writer *out)
{
    rows_tell(fixture, "SELECT * FROM account_standing ORDER BY account_id", out);
    rows_tell(fixture, "SELECT account_id, stage, stage_since_s, look_s, held_error, valve_pending FROM account ORDER BY 1", out);
    rows_tell(fixture, "SELECT account_id, day, from_day, from_total_value, to_total_value, cycle_used_value, amount_fen,"
                       " tariff_version_id, charged_s, revision, transfer_id > 0, items FROM daily_charge ORDER BY 1, 2", out);
    rows_tell(fixture, "SELECT ledger_account_id, kind, name, debits_fen, credits_fen, held_fen FROM ledger_account ORDER BY 1", out);
    rows_tell(fixture, "SELECT debit_account_id, credit_account_id, amount_fen, kind, reference, at_s, value_s FROM transfer"
                       " ORDER BY 1, 2, 3, 4, 5", out);
    assert_false(out->overflow);
    (void)writer_terminate(out);
}

enum way { BY_THE_WALK, BY_REPORTS, BY_LOOKS };

/* One night: by the walk over all accounts, by the reports of their meters, or by a look at each that was asked for. */
static void night_settle(struct fixture *fixture, enum way way)
{
    town_make(fixture);
    midnights_put(fixture);
    fixture->now_s = fixture_time("2026-05-21T04:00");
    for (uint32_t device = ACCOUNTS; way == BY_REPORTS && device > 0; device--)
        billing_reading_arrived(fixture->billing, device, fixture_day("2026-05-21"));
    if (way == BY_REPORTS)
        assert_int_equal(billing_news_settle(fixture->billing, fixture->now_s), ACCOUNTS);
    if (way == BY_LOOKS)
        assert_int_equal(store_execute(fixture->store, "UPDATE account SET look_s = 0"), 0);
    fixture_settle(fixture);
    fixture_settle(fixture); /* members of a group ask for one look more at the account that pays */
    fixture_verify(fixture);
}

static void a_night_in_bulk_is_a_night_of_looks(void **state)
{
    static char bytes[3][65536];

    (void)state;
    for (int way = BY_THE_WALK; way <= BY_LOOKS; way++) {
        struct writer books = writer_of_buffer(bytes[way], sizeof bytes[way]);
        void *fixture;

        assert_int_equal(fixture_open(&fixture), 0);
        night_settle(fixture, (enum way)way);
        assert_true(fixture_number(fixture, "SELECT count(*) FROM daily_charge") > ACCOUNTS / 2);
        books_tell(fixture, &books);
        assert_string_equal(bytes[way], bytes[BY_THE_WALK]);
        (void)fixture_close(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_night_in_bulk_is_a_night_of_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
