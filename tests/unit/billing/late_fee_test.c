#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"
#include "base/calendar.h"

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
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);
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

struct worked {
    const char *terms;
    const char *paid;
    int64_t fee_fen;
};

/* 300.00 yuan due on 2026-06-16, worked by hand. */
static void terms_are_those_of_the_price(void **state)
{
    static const struct worked cases[] = {
        { "{\"rate_day\": \"0.001\", \"minimum\": \"1.00\"}", "2026-06-18", 100 },  /* 0.60, at least 1.00 */
        { "{\"rate_day\": \"0.001\", \"grace_days\": 5}", "2026-06-21", 0 },
        { "{\"rate_day\": \"0.001\", \"grace_days\": 5}", "2026-07-06", 450 },        /* 15 days */
        /* 198 days of 2026 at 0.2 %: 118.80; 20 days of 2027 at 0.3 %: 18.00 */
        { "{\"rate_day\": \"0.002\", \"rate_day_later_year\": \"0.003\"}", "2027-01-20", 13680 },
        { "{\"rate_day\": \"0.002\", \"rate_day_later_year\": \"0.003\", \"cap\": \"0.3\"}", "2027-01-20", 9000 },
        { "{\"rate_day\": \"0.005\", \"cap\": 1}", "2027-06-16", 30000 },             /* 365 days would be 547.50 */
    };

    fixture_close(state);
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct fixture *fixture;
        int64_t account_id;
        char day[32];

        assert_int_equal(fixture_open(state), 0);
        fixture = *state;
        account_id = late_account_open(fixture, cases[index].terms);
        assert_int_equal(owed_on(fixture, account_id, cases[index].paid), cases[index].fee_fen);
        (void)snprintf(day, sizeof day, "%sT08:00", cases[index].paid);
        fixture->now_s = fixture_time(day);
        assert_int_equal(fixture_pay(fixture, account_id, 30000 + cases[index].fee_fen, "a", NULL), 0);
        assert_int_equal(revenue(fixture), cases[index].fee_fen);
        assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
        fixture_verify(fixture);
        if (index + 1 < sizeof cases / sizeof cases[0])
            fixture_close(state);
    }
}

/* A payment that was made on `paid` and is heard of now. */
static void arrive(struct fixture *fixture, int64_t account_id, const char *paid, int64_t amount_fen)
{
    struct billing_account account = fixture_account(fixture, account_id);
    struct billing_payment payment = { .account_id = account_id, .amount_fen = amount_fen, .at_s = fixture->now_s,
                                       .paid_s = fixture_time(paid), .tenant_id = 1 };
    struct billing_payment_result result;

    (void)snprintf(payment.key, sizeof payment.key, "late/%s", paid);
    (void)snprintf(payment.method, sizeof payment.method, "wechat");
    assert_int_equal(billing_payment_book(fixture->billing, &account, LEDGER_CHANNEL, "wechat", &payment, &result), 0);
}

static void days_on_the_way_are_not_the_payers(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);

    fixture->now_s = fixture_time("2026-07-06T10:00");
    arrive(fixture, account_id, "2026-06-16T23:00", 30000);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(revenue(fixture), 0);
    fixture_verify(fixture);
}

/* 120.00 on 26 June (10 days), 180.00 on 1 July (15 days), 50.00 on 6 July: 1.20 + 2.70, whatever arrives first. */
static void order_of_arrival_changes_nothing(void **state)
{
    static const struct {
        const char *paid;
        int64_t amount_fen;
    } payments[] = { { "2026-06-26T09:00", 12000 }, { "2026-07-01T09:00", 18000 }, { "2026-07-06T09:00", 5000 } };
    static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

    fixture_close(state);
    for (size_t order = 0; order < 6; order++) {
        struct fixture *fixture;
        int64_t account_id;

        assert_int_equal(fixture_open(state), 0);
        fixture = *state;
        account_id = late_account_open(fixture, household_terms);
        fixture->now_s = fixture_time("2026-07-10T10:00");
        for (int index = 0; index < 3; index++) {
            fixture->now_s += 60;
            arrive(fixture, account_id, payments[orders[order][index]].paid, payments[orders[order][index]].amount_fen);
            fixture_verify(fixture);
        }
        assert_int_equal(revenue(fixture), 390);
        assert_int_equal(fixture_balance(fixture, account_id), 5000 - 390);
        assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
        if (order < 5)
            fixture_close(state);
    }
}

/* However it is split, every fen costs its own days: never more, never less. */
static void splitting_never_charges_a_day_twice(void **state)
{
    uint32_t seed = 20261122;

    fixture_close(state);
    for (int round = 0; round < 8; round++) {
        int64_t rest_fen = 30000, fen_days = 0, day, account_id;
        struct fixture *fixture;

        assert_int_equal(fixture_open(state), 0);
        fixture = *state;
        account_id = late_account_open(fixture, "{\"rate_day\": \"0.001\"}");
        day = fixture_day("2026-06-16");
        for (int part = 0; rest_fen > 0; part++) {
            int64_t amount_fen, fee_fen, owed_fen;
            char key[16];

            seed = seed * 1664525u + 1013904223u;
            day += seed >> 28;
            amount_fen = part == 6 ? rest_fen : 1 + (int64_t)(seed >> 8) % rest_fen;
            fee_fen = fen_days + rest_fen * (day - fixture_day("2026-06-16"));
            assert_int_equal(billing_late_fees_owed(fixture->billing, account_id, day, &owed_fen), 0);
            assert_int_equal(owed_fen, (fee_fen + 500) / 1000);
            fen_days += amount_fen * (day - fixture_day("2026-06-16"));
            rest_fen -= amount_fen;
            fixture->now_s = calendar_midnight(day, FIXTURE_ZONE_S) + 36000 + part;
            (void)snprintf(key, sizeof key, "part-%d", part);
            assert_int_equal(fixture_pay(fixture, account_id, amount_fen, key, NULL), 0);
            fixture_verify(fixture);
        }
        assert_int_equal(revenue(fixture), (fen_days + 500) / 1000);
        assert_int_equal(fixture_balance(fixture, account_id), -(fen_days + 500) / 1000);
        if (round < 7)
            fixture_close(state);
    }
}

static void a_closed_account_owes_its_fee_of_that_day(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);
    struct billing_account account = fixture_account(fixture, account_id);
    int64_t booked_fen;

    fixture->now_s = fixture_time("2026-07-06T10:00");
    assert_int_equal(billing_late_fees_end(fixture->billing, &account, fixture_day("2026-07-06"), fixture->now_s, &booked_fen), 0);
    assert_int_equal(booked_fen, 600);
    assert_int_equal(fixture_balance(fixture, account_id), -30600);
    fixture->now_s = fixture_time("2026-09-06T10:00");
    assert_int_equal(owed_on(fixture, account_id, "2026-09-06"), 0);
    assert_int_equal(fixture_pay(fixture, account_id, 30600, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(revenue(fixture), 600);
    fixture_verify(fixture);
}

static void a_bill_taken_back_gives_its_fee_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = late_account_open(fixture, household_terms);
    int32_t count;

    fixture->now_s = fixture_time("2026-07-01T00:10");
    assert_int_equal(fixture_pay(fixture, account_id, 30450, "a", NULL), 0);
    assert_int_equal(revenue(fixture), 450);
    assert_int_equal(billing_settlement_reverse(fixture->billing, &fixture->scope, fixture_day("2026-06-01"), fixture->now_s,
                                                &count), 0);
    assert_int_equal(count, 1);
    assert_int_equal(revenue(fixture), 0);
    assert_int_equal(fixture_balance(fixture, account_id), 30450);
    fixture_verify(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(late_payment_books_the_fee, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(payment_in_time_costs_nothing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(fee_bears_no_fee, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(parts_cost_their_own_days, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(price_without_terms_has_no_fee, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(terms_are_those_of_the_price, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(days_on_the_way_are_not_the_payers, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(order_of_arrival_changes_nothing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(splitting_never_charges_a_day_twice, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_closed_account_owes_its_fee_of_that_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_bill_taken_back_gives_its_fee_back, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
