/* What is done, taken back and done again comes to the same: runs, numbers, closed periods, a clock set back. */
#include "tests/unit/unit_test.h"

#include "store/statement.h"
#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <string.h>

#define JUNE "2026-06-01"

static int run_decide(struct fixture *fixture, enum billing_run_decision decision, struct billing_run *run)
{
    struct billing_scope second = { .tenant_id = 1, .person_id = 8, .path = "/1/" };

    return billing_run_decide(fixture->billing, &second, fixture->now_s, run->run_id, decision, run);
}

static void run_draft(struct fixture *fixture, struct billing_run *run)
{
    *run = (struct billing_run){ .to_day = fixture_day(JUNE), .due_only = true };
    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, run, run), 0);
    assert_int_equal(run->state, BILLING_RUN_READY);
}

/* Three post-paid accounts with 5, 7 and 9 m3 at 2 yuan; the second has paid 10.00 before. */
static void town_prepare(struct fixture *fixture)
{
    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    fixture_flat_price(fixture, "2.00");
    for (uint32_t device_id = 1; device_id <= 3; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day(JUNE), 3000000 + device_id * 2000000);
    }
    assert_int_equal(fixture_pay(fixture, 2, 1000, "before", NULL), 0);
    fixture_run(fixture, fixture_time("2026-06-01T10:00"));
}

/* Everything that a run leaves and that is not its name or number, as one text. */
static void figures_read(struct fixture *fixture, char *text, size_t capacity)
{
    struct statement *row = NULL;

    assert_int_equal(statement_prepare(fixture->store,
        "SELECT coalesce((SELECT group_concat(account_id || ' ' || from_day || ' ' || to_day || ' ' || usage_value || ' ' || amount_fen || ' '"
        " || paid_fen || ' ' || state || ' ' || lines, ';') FROM (SELECT * FROM bill WHERE state <> 'reversed' ORDER BY account_id)), '')"
        " || '|' || (SELECT group_concat(kind || ' ' || name || ' ' || (credits_fen - debits_fen), ';') FROM (SELECT * FROM ledger_account ORDER BY ledger_account_id))"
        " || '|' || (SELECT group_concat(settled_day || ' ' || settled_total_value || ' ' || cycle_used_value, ';') FROM (SELECT * FROM account_standing ORDER BY account_id))",
        &row), 0);
    assert_int_equal(statement_row(row), 1);
    (void)snprintf(text, capacity, "%s", statement_text_at(row, 0));
    statement_finalize(row);
}

static void a_run_taken_back_and_done_again_comes_to_the_same(void **state)
{
    struct fixture *fixture = *state;
    char before[2048], issued[2048], now[2048];
    struct billing_run run;

    town_prepare(fixture);
    figures_read(fixture, before, sizeof before);
    for (int round = 0; round < 3; round++) {
        run_draft(fixture, &run);
        assert_int_equal(run.draft_fen, 4200);
        assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
        figures_read(fixture, now, sizeof now);
        if (round == 0)
            memcpy(issued, now, sizeof issued);
        assert_string_equal(now, issued);
        fixture_verify(fixture);
        assert_int_equal(run_decide(fixture, BILLING_RUN_REVERSE, &run), 0);
        assert_int_equal(run.reversed, 3);
        figures_read(fixture, now, sizeof now);
        /* The books name the revenue that came and went. */
        assert_int_equal(strncmp(strrchr(now, '|'), strrchr(before, '|'), sizeof now), 0);
        assert_int_equal(fixture_balance(fixture, 2), 1000);
        fixture_verify(fixture);
    }
}

/* Books are closed over a run that is on its way: its bills say the same days, and stand in the open period, marked. */
static void books_closed_over_an_open_run_hold_nothing_back(void **state)
{
    struct fixture *fixture = *state;
    struct ledger_closing closing = { .tenant_id = 1, .until_s = fixture_time("2026-06-01T00:00"), .closed_by = 7 };
    struct billing_run run;

    town_prepare(fixture);
    run_draft(fixture, &run);
    closing.closed_s = fixture->now_s;
    assert_int_equal(ledger_period_close(ledger_sql_store(fixture->ledger_sql), &closing), 0);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.issued, 3);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'bill' AND late_s = value_s - 1"), 4);
    fixture_verify(fixture);
    assert_int_equal(run_decide(fixture, BILLING_RUN_REVERSE, &run), 0);
    assert_int_equal(run.reversed, 3);
    assert_int_equal(fixture_balance(fixture, 2), 1000);
    fixture_verify(fixture);
}

/* The first account's two bills are not what was approved, the second may owe nothing: their numbers go to the third. */
static void a_bill_that_is_not_written_takes_no_number(void **state)
{
    struct fixture *fixture = *state;
    struct billing_run run;

    town_prepare(fixture);
    fixture_midnight(fixture, 1, fixture_day("2026-07-01"), 9000000);
    fixture_midnight(fixture, 2, fixture_day("2026-07-01"), 9000000);
    fixture_midnight(fixture, 3, fixture_day("2026-07-01"), 10000000);
    fixture->now_s = fixture_time("2026-07-01T10:00");
    run = (struct billing_run){ .to_day = fixture_day("2026-07-01"), .due_only = true };
    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, &run), 0);
    fixture_midnight_put(fixture, 1, fixture_day("2026-07-01"), 9500000);
    assert_int_equal(store_execute(fixture->store, "UPDATE ledger_account SET minimum_fen = 0 WHERE ledger_account_id ="
                                                          " (SELECT wallet_id FROM account WHERE account_id = 2)"), 0);
    assert_int_equal(run_decide(fixture, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.held, 2);
    assert_int_equal(run.issued, 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) * 100 + min(bill_id) * 10 + max(bill_id) FROM bill"), 212);
    assert_int_equal(fixture_balance(fixture, 3), -2000);
    fixture_verify(fixture);
}

/* A minute after the day was charged it is yesterday again, for an hour. */
static void a_clock_set_back_over_midnight_charges_nothing_twice(void **state)
{
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "2.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_run(fixture, fixture_time("2026-06-01T00:40"));
    fixture_midnight(fixture, 1, fixture_day(JUNE), 5000000);
    fixture_midnight(fixture, 2, fixture_day(JUNE), 7000000);
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, 1), -1000);
    assert_int_equal(fixture_balance(fixture, 2), -1400);
    fixture->now_s = fixture_time("2026-05-31T23:40");
    billing_reading_arrived(fixture->billing, 1, fixture_day(JUNE));
    billing_reading_arrived(fixture->billing, 2, fixture_day(JUNE));
    assert_int_equal(fixture_pay(fixture, 1, 300, "back", NULL), 0);
    fixture_run(fixture, fixture_time("2026-06-02T02:00"));
    fixture_midnight(fixture, 1, fixture_day("2026-06-02"), 6000000);
    fixture_run(fixture, fixture_time("2026-06-02T12:00"));
    assert_int_equal(fixture_balance(fixture, 1), -900);
    assert_int_equal(fixture_balance(fixture, 2), -1400);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), 1);
    fixture_verify(fixture);
}

/* A clock that was a year ahead has put off what the walk over all accounts finds: nobody waits for that year. */
static void a_clock_that_was_far_ahead_puts_nothing_off(void **state)
{
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "2.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
    fixture_settle(fixture);
    fixture->now_s = fixture_time("2027-05-20T12:00");
    fixture_settle(fixture);
    fixture->now_s = fixture_time("2026-05-21T01:00");
    fixture_midnight_put(fixture, 1, fixture_day("2026-05-21"), 5000000);
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, 1), -1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_taken_back_and_done_again_comes_to_the_same, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(books_closed_over_an_open_run_hold_nothing_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bill_that_is_not_written_takes_no_number, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_clock_set_back_over_midnight_charges_nothing_twice, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_clock_that_was_far_ahead_puts_nothing_off, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
