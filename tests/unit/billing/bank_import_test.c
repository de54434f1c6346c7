#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/bank_import.h"

#include <stdio.h>
#include <string.h>

static struct bank_line line_of(int64_t amount_fen, const char *payer, const char *remark, const char *fingerprint)
{
    struct bank_line line = { .amount_fen = amount_fen, .tenant_id = 1, .row = 2 };

    (void)snprintf(line.payer, sizeof line.payer, "%s", payer);
    (void)snprintf(line.remark, sizeof line.remark, "%s", remark);
    (void)snprintf(line.fingerprint, sizeof line.fingerprint, "%s", fingerprint);
    return line;
}

static int verdict_of(struct fixture *fixture, int64_t amount_fen, const char *payer, const char *remark, int64_t *account_id)
{
    struct bank_line line = line_of(amount_fen, payer, remark, "f");

    assert_int_equal(bank_line_match(fixture->billing, &line), 0);
    *account_id = line.account_id;
    return line.verdict;
}

/* Three rooms of two people of one name; the second owes 30 yuan, the third 45. */
static void rooms_prepare(struct fixture *fixture, int64_t accounts[3])
{
    fixture_flat_price(fixture, "3.00");
    for (uint32_t i = 0; i < 3; i++)
        accounts[i] = fixture_account_open(fixture, "prepaid_platform", 0, 1000000);
    assert_int_equal(store_execute(fixture->store, "UPDATE customer SET name = '何秀兰'"), 0);
    fixture_midnight(fixture, 2, fixture_day("2026-05-21"), 10000000);
    fixture_midnight(fixture, 3, fixture_day("2026-05-21"), 15000000);
    fixture_run(fixture, fixture_time("2026-05-21T09:00"));
    assert_int_equal(fixture_balance(fixture, accounts[1]), -3000);
}

static void a_name_is_certain_with_the_amount_that_is_owed(void **state)
{
    struct fixture *fixture = *state;
    int64_t accounts[3], found;

    rooms_prepare(fixture, accounts);
    assert_int_equal(verdict_of(fixture, 3000, "何秀兰", "", &found), BANK_MATCHED);
    assert_int_equal(found, accounts[1]);
    assert_int_equal(verdict_of(fixture, 4500, "", "何秀兰水费", &found), BANK_MATCHED);
    assert_int_equal(found, accounts[2]);
    assert_int_equal(verdict_of(fixture, 4501, "何秀兰", "", &found), BANK_AMBIGUOUS);
    assert_int_equal(verdict_of(fixture, 3000, "何秀", "水费何秀兰", &found), BANK_UNMATCHED);
    assert_int_equal(found, 0);
}

static void a_number_is_certain_alone(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id, found;
    char remark[128];

    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 35000000);
    fixture_run(fixture, fixture_time("2026-06-01T09:00"));
    assert_int_equal(store_execute(fixture->store, "UPDATE customer SET number = 'A-100482'"), 0);
    assert_int_equal(verdict_of(fixture, 1, "x", "户号:A-100482;水费", &found), BANK_MATCHED);
    assert_int_equal(found, account_id);
    assert_int_equal(verdict_of(fixture, 1, "x", "B20260601-000001", &found), BANK_MATCHED);
    assert_int_equal(verdict_of(fixture, 1, "x", "B20260602-000001", &found), BANK_UNMATCHED);
    (void)snprintf(remark, sizeof remark, "A-100482A");
    assert_int_equal(verdict_of(fixture, 1, "x", remark, &found), BANK_UNMATCHED);
}

static void a_line_for_a_closed_account_waits_in_suspense(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    struct bank_statement statement = { .bank = "工行" };
    struct bank_line lines[2] = { line_of(500, "x", "", "one"), line_of(700, "x", "", "two") };
    struct bank_line line;

    assert_int_equal(bank_statement_check(fixture->billing, &fixture->scope, fixture->now_s, &statement, lines, 2), 0);
    assert_int_equal(bank_line_assign(fixture->billing, &fixture->scope, fixture->now_s, lines[0].line_id, account_id, &line), 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET closed_s = 1"), 0);
    assert_int_equal(bank_statement_book(fixture->billing, &fixture->scope, statement.statement_id), 0);
    assert_int_equal(bank_statement_book(fixture->billing, &fixture->scope, statement.statement_id), CASH_ERR_STATEMENT_STATE);
    assert_int_equal(bank_import_continue(fixture->billing, fixture->now_s, 1), 1);
    assert_int_equal(bank_import_continue(fixture->billing, fixture->now_s, 10), 1);
    assert_int_equal(bank_import_continue(fixture->billing, fixture->now_s, 10), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(credits_fen) FROM ledger_account WHERE kind = 'suspense'"), 1200);
    assert_int_equal(bank_line_assign(fixture->billing, &fixture->scope, fixture->now_s, lines[0].line_id, account_id, &line),
                     BILLING_ERR_ACCOUNT_CLOSED);
    fixture_verify(fixture);
}

/* A line that a room refuses is set aside with the reason; the others are booked. */
static void a_refused_line_does_not_stop_the_others(void **state)
{
    struct fixture *fixture = *state;
    struct bank_statement statement = { .bank = "工行" };
    struct bank_line lines[2] = { line_of(0, "x", "", "none"), line_of(700, "x", "", "some") };

    assert_int_equal(bank_statement_check(fixture->billing, &fixture->scope, fixture->now_s, &statement, lines, 2), 0);
    assert_int_equal(bank_statement_book(fixture->billing, &fixture->scope, statement.statement_id), 0);
    assert_int_equal(bank_import_continue(fixture->billing, fixture->now_s, 10), 2);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bank_line WHERE verdict = 'bad' AND state = 'skipped'"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bank_line WHERE state = 'suspense'"), 1);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_is_certain_with_the_amount_that_is_owed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_number_is_certain_alone, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_line_for_a_closed_account_waits_in_suspense, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_refused_line_does_not_stop_the_others, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
