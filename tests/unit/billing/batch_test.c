#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>

#define ACCOUNTS 260 /* more than one query gives */
#define BACKWARD 100 /* its dial went back */
#define NO_DEBT 200 /* its wallet may not go below zero: found when it is posted, in the middle of a slice */

/* Accounts of devices 1 to ACCOUNTS that used 5 m3 at 2 yuan, but for two that are broken. */
static void accounts_prepare(struct fixture *fixture, const char *payment_mode, int64_t day)
{
    fixture_flat_price(fixture, "2.00");
    assert_int_equal(store_begin(fixture->store), 0);
    for (uint32_t device_id = 1; device_id <= ACCOUNTS; device_id++) {
        (void)fixture_account_open(fixture, payment_mode, 0, 0);
        fixture_midnight_put(fixture, device_id, day, 5000000);
    }
    assert_int_equal(store_execute(fixture->store, "UPDATE account_standing SET settled_total_value = 9000000 WHERE account_id = 100;"
                                                          " UPDATE ledger_account SET minimum_fen = 0 WHERE ledger_account_id ="
                                                          "  (SELECT wallet_id FROM account WHERE account_id = 200)"),
                     0);
    assert_int_equal(store_commit(fixture->store), 0);
}

static int64_t held_error(struct fixture *fixture, int64_t account_id)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT held_error FROM account WHERE account_id = %lld", (long long)account_id);
    return fixture_number(fixture, query);
}

/* The others have paid what they used, once; of the broken ones nothing is written but why they wait. */
static void others_check(struct fixture *fixture, const char *rows)
{
    char query[128];

    (void)snprintf(query, sizeof query, "SELECT count(*) FROM %s", rows);
    assert_int_equal(fixture_number(fixture, query), ACCOUNTS - 2);
    (void)snprintf(query, sizeof query, "SELECT count(*) FROM %s WHERE account_id IN (100, 200)", rows);
    assert_int_equal(fixture_number(fixture, query), 0);
    assert_int_equal(fixture_number(fixture, "SELECT sum(debits_fen - credits_fen) FROM ledger_account WHERE kind = 'wallet'"),
                     (ACCOUNTS - 2) * 1000);
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen FROM ledger_account WHERE kind = 'revenue'"),
                     (ACCOUNTS - 2) * 1000);
    assert_int_equal(held_error(fixture, BACKWARD), BILLING_ERR_BACKWARD);
    assert_int_equal(held_error(fixture, NO_DEBT), LEDGER_ERR_MINIMUM);
    fixture_verify(fixture);
}

static void a_broken_account_does_not_hold_the_bills_of_its_slice(void **state)
{
    struct fixture *fixture = *state;
    struct billing_scope second = { .tenant_id = 1, .person_id = 8, .path = "/1/" };
    struct billing_run run = { .to_day = fixture_day("2026-06-01") };

    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'bills_by_run', '1')"), 0);
    accounts_prepare(fixture, "postpaid", run.to_day);
    fixture->now_s = fixture_time("2026-06-01T10:00");
    assert_int_equal(billing_run_draft(fixture->billing, &fixture->scope, fixture->now_s, 0, &run, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_READY);
    assert_int_equal(run.held, 1);
    assert_int_equal(billing_run_decide(fixture->billing, &second, fixture->now_s, run.run_id, BILLING_RUN_APPROVE, &run), 0);
    assert_int_equal(run.state, BILLING_RUN_ISSUED);
    assert_int_equal(run.issued, ACCOUNTS - 2);
    assert_int_equal(run.held, 2);
    others_check(fixture, "bill");
}

static void a_broken_account_does_not_hold_the_bills_of_its_day(void **state)
{
    struct fixture *fixture = *state;

    accounts_prepare(fixture, "postpaid", fixture_day("2026-06-01"));
    fixture_run(fixture, fixture_time("2026-06-01T04:00"));
    others_check(fixture, "bill");
}

static void a_broken_account_does_not_hold_the_days_of_its_slice(void **state)
{
    struct fixture *fixture = *state;

    accounts_prepare(fixture, "prepaid_platform", fixture_day("2026-05-21"));
    fixture_run(fixture, fixture_time("2026-05-21T04:00"));
    others_check(fixture, "daily_charge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_broken_account_does_not_hold_the_bills_of_its_slice, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_broken_account_does_not_hold_the_bills_of_its_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_broken_account_does_not_hold_the_days_of_its_slice, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
