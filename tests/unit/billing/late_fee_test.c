#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/bill_late_fee.h"

#include <string.h>

/* One flat price with a late fee; 100 m3 in May are 300.00 yuan, due on 2026-06-16. */
static const char household_terms[] = "{\"rate_day\": \"0.001\", \"minimum\": \"1.00\"}";

static int64_t late_account_open(struct fixture *fixture, const char *terms)
{
    char document[512];
    int64_t account_id;

    (void)snprintf(document, sizeof document,
                   "{\"cycle\": \"month\", \"items\": [{\"name\": \"water\", \"price\": \"3.00\"}]%s%s}",
                   terms[0] != '\0' ? ", \"late_fee\": " : "", terms);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "late", "water",
                                           fixture_day("2020-01-01"), document, NULL, &fixture->tariff_id), 0);
    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 100000000);
    fixture_run(fixture, fixture_time("2026-06-01T01:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -30000);
    return account_id;
}

static struct billing_bill bill_read(struct fixture *fixture, int64_t bill_id)
{
    const struct billing_store *store = billing_sqlite_store(fixture->billing_sqlite);
    struct billing_bill bill;

    assert_int_equal(store->bill_read(store->context, bill_id, &bill), 1);
    return bill;
}

static int64_t owed_on(struct fixture *fixture, int64_t account_id, const char *date)
{
    int64_t owed_fen;

    assert_int_equal(billing_late_fees_owed(fixture->billing, account_id, fixture_day(date), &owed_fen), 0);
    return owed_fen;
}

static int64_t revenue(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT coalesce(sum(credits_fen - debits_fen), 0) FROM ledger_account"
                                   " WHERE kind = 'revenue' AND name = 'late_fee'");
}

/* 300.00 x 0.1 % x 20 days = 6.00: booked by the payment that settles the bill, once. */
static void late_payment_books_the_fee(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);

    assert_int_equal(owed_on(fixture, account_id, "2026-06-16"), 0);
    assert_int_equal(owed_on(fixture, account_id, "2026-06-17"), 100); /* the minimum */
    assert_int_equal(owed_on(fixture, account_id, "2026-07-06"), 600);
    fixture->now_s = fixture_time("2026-07-06T10:00");
    assert_int_equal(fixture_pay(fixture, account_id, 30600, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(bill_read(fixture, 1).late_fee_fen, 600);
    assert_int_equal(bill_read(fixture, 1).paid_fen, 30600);
    assert_int_equal(revenue(fixture), 600);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(owed_on(fixture, account_id, "2026-08-01"), 0);
    fixture_verify(fixture);
}

static void payment_in_time_costs_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);

    fixture->now_s = fixture_time("2026-06-16T23:59");
    assert_int_equal(fixture_pay(fixture, account_id, 30000, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(revenue(fixture), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill_late_part"), 0);
    fixture_verify(fixture);
}

/* Who pays the principal alone still owes the fee of that day, and nothing for the days after it. */
static void fee_bears_no_fee(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);

    fixture->now_s = fixture_time("2026-07-06T10:00");
    assert_int_equal(fixture_pay(fixture, account_id, 30000, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_ISSUED);
    assert_int_equal(bill_read(fixture, 1).late_fee_fen, 600);
    assert_int_equal(fixture_balance(fixture, account_id), -600);
    fixture->now_s = fixture_time("2026-09-01T10:00");
    assert_int_equal(owed_on(fixture, account_id, "2026-09-01"), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 600, "b", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(revenue(fixture), 600);
    fixture_verify(fixture);
}

/* 100.00 for 4 days, 200.00 for 20: 0.40 + 4.00. */
static void parts_cost_their_own_days(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);

    fixture->now_s = fixture_time("2026-06-20T10:00");
    assert_int_equal(fixture_pay(fixture, account_id, 4000, "a", NULL), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 6000, "b", NULL), 0);
    assert_int_equal(revenue(fixture), 0);
    fixture->now_s = fixture_time("2026-07-06T10:00");
    assert_int_equal(owed_on(fixture, account_id, "2026-07-06"), 440);
    assert_int_equal(fixture_pay(fixture, account_id, 20440, "c", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    assert_int_equal(revenue(fixture), 440);
    fixture_verify(fixture);
}

/* Nothing said, nothing owed. */
static void price_without_terms_has_no_fee(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, "");

    fixture->now_s = fixture_time("2027-07-06T10:00");
    assert_int_equal(owed_on(fixture, account_id, "2027-07-06"), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 30000, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(revenue(fixture), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(late_payment_books_the_fee, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(payment_in_time_costs_nothing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(fee_bears_no_fee, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(parts_cost_their_own_days, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(price_without_terms_has_no_fee, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
