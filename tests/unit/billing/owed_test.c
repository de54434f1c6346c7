/* Midnights of a storm of reports: owed at first, charged in the order of meters, once, whatever happens in between. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>

#define ACCOUNTS 200     /* their meters are four words of bits */
#define STORM_LEAST 100
#define DAY "2026-05-21"
#define PAID_FEN 10000
#define USED_ML 2000000
#define DAY_FEN 600      /* of USED_ML, at 3.00 yuan a m3 */

static int town_open(void **state)
{
    struct billing_payment_result paid;
    int error = fixture_open(state);
    struct fixture *fixture = *state;

    fixture_flat_price(fixture, "3.00");
    for (int64_t account = 1; account <= ACCOUNTS; account++) {
        char key[24];

        assert_int_equal(fixture_account_open(fixture, "prepaid_platform", 0, 0), account);
        (void)snprintf(key, sizeof key, "first-%d", (int)account);
        assert_int_equal(fixture_pay(fixture, account, PAID_FEN, key, &paid), 0);
    }
    fixture_settle(fixture);
    fixture->config.storm_least = STORM_LEAST;
    fixture_billing_restart(fixture);
    fixture_settle(fixture);
    fixture->now_s = fixture_time(DAY "T02:00");
    fixture_settle(fixture); /* the walk of the night is over before anybody reports */
    return error;
}

static int64_t charged(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM daily_charge");
}

/* The midnight of the day of the meters first to last; the account of each stood at 0. */
static void reports_come(struct fixture *fixture, uint32_t first, uint32_t last)
{
    for (uint32_t device = first; device <= last; device++)
        fixture_midnight(fixture, device, fixture_day(DAY), USED_ML);
    assert_true(billing_news_settle(fixture->billing, fixture->now_s) >= 0);
}

static void everybody_paid_for_the_day_once(struct fixture *fixture)
{
    assert_int_equal(charged(fixture), ACCOUNTS);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account_standing WHERE settled_total_value = 2000000"), ACCOUNTS);
    for (int64_t account = 1; account <= ACCOUNTS; account++)
        assert_int_equal(fixture_balance(fixture, account), PAID_FEN - DAY_FEN);
    fixture_verify(fixture);
}

static void few_reports_are_charged_at_once(void **state)
{
    struct fixture *fixture = *state;

    reports_come(fixture, 1, STORM_LEAST - 1);
    assert_int_equal(charged(fixture), STORM_LEAST - 1);
    assert_int_equal(billing_owed_count(fixture->billing), 0);
}

static void a_storm_is_charged_behind_it_in_the_order_of_meters(void **state)
{
    struct fixture *fixture = *state;
    int64_t charged_before = 0;

    reports_come(fixture, 1, ACCOUNTS);
    assert_int_equal(charged(fixture), 0);
    assert_int_equal(billing_owed_count(fixture->billing), ACCOUNTS);
    for (int word = 0; word < 4; word++, fixture->now_s++) { /* a storm that goes on: some meters a second */
        reports_come(fixture, 1, STORM_LEAST);
        assert_true(billing_owed_charge(fixture->billing, fixture->now_s, 1000) > 0);
        assert_int_equal(billing_owed_charge(fixture->billing, fixture->now_s, 1000), 0);
        assert_int_equal(fixture_number(fixture, "SELECT max(account_id) FROM daily_charge"), charged(fixture));
        assert_true(charged(fixture) > charged_before && charged(fixture) <= charged_before + 64);
        charged_before = charged(fixture);
    }
    assert_int_equal(charged_before, ACCOUNTS);
    everybody_paid_for_the_day_once(fixture);
}

static void when_the_storm_is_over_all_is_charged_as_fast_as_may_be(void **state)
{
    struct fixture *fixture = *state;

    reports_come(fixture, 1, ACCOUNTS);
    fixture->now_s += 2;
    assert_int_equal(billing_owed_charge(fixture->billing, fixture->now_s, 100), 100); /* more is due */
    assert_true(billing_owed_charge(fixture->billing, fixture->now_s, 1000) < 1000);
    assert_int_equal(billing_owed_count(fixture->billing), 0);
    everybody_paid_for_the_day_once(fixture);
}

static void who_pays_has_paid_what_the_account_owed_before(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;

    reports_come(fixture, 1, ACCOUNTS);
    assert_true(billing_owes(fixture->billing, 150));
    assert_int_equal(fixture_pay(fixture, 150, 500, "second", &paid), 0);
    assert_int_equal(paid.payment.balance_fen, PAID_FEN - DAY_FEN + 500);
    assert_int_equal(charged(fixture), 1);
    assert_int_equal(fixture_number(fixture, "SELECT c.transfer_id < p.transfer_id FROM daily_charge c, payment p"
                                             " WHERE p.key LIKE '%/second'"), 1);
    fixture->now_s += 2;
    assert_true(billing_owed_charge(fixture->billing, fixture->now_s, 1000) > 0);
    assert_int_equal(charged(fixture), ACCOUNTS);
    assert_int_equal(fixture_balance(fixture, 150), PAID_FEN - DAY_FEN + 500);
    fixture_verify(fixture);
}

static void who_reads_an_account_reads_it_charged(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account account;
    int64_t balance_fen = 0;

    reports_come(fixture, 1, ACCOUNTS);
    assert_int_equal(billing_account_read(fixture->billing, &fixture->scope, 7, &account, &balance_fen), 0);
    assert_int_equal(account.settled_total_value, USED_ML);
    assert_int_equal(balance_fen, PAID_FEN - DAY_FEN);
}

static void an_exchanged_meter_leaves_nothing_owed(void **state)
{
    struct fixture *fixture = *state;
    uint32_t other = fixture_device_add(fixture);

    reports_come(fixture, 1, ACCOUNTS);
    assert_int_equal(billing_device_exchanged(fixture->billing, &fixture->scope, 9, other, USED_ML, fixture->now_s), 0);
    assert_int_equal(fixture_number(fixture, "SELECT to_total_value FROM daily_charge WHERE account_id = 9"), USED_ML);
}

static void after_a_start_whoever_was_owed_is_charged(void **state)
{
    struct fixture *fixture = *state;

    reports_come(fixture, 1, ACCOUNTS);
    fixture->now_s += 2;
    assert_int_equal(billing_owed_charge(fixture->billing, fixture->now_s, 1), 1);
    fixture_billing_restart(fixture);
    assert_int_equal(billing_owed_count(fixture->billing), 0);
    fixture_settle(fixture);
    everybody_paid_for_the_day_once(fixture);
}

/* Before any tick: the start has told which midnights wait, and the transaction its time. */
static void the_first_request_after_a_start_charges_in_its_own_time(void **state)
{
    struct fixture *fixture = *state;
    struct billing_account account;
    int64_t balance_fen = 0;

    reports_come(fixture, 1, ACCOUNTS);
    fixture_billing_restart(fixture);
    billing_owed_add(fixture->billing, 7);
    billing_clock_tell(fixture->billing, fixture->now_s);
    assert_int_equal(billing_account_read(fixture->billing, &fixture->scope, 7, &account, &balance_fen), 0);
    assert_int_equal(balance_fen, PAID_FEN - DAY_FEN);
    assert_int_equal(fixture_number(fixture, "SELECT at_s FROM transfer ORDER BY transfer_id DESC LIMIT 1"), fixture->now_s);
}

static void what_a_failure_takes_back_is_charged_again(void **state)
{
    struct fixture *fixture = *state;

    reports_come(fixture, 1, ACCOUNTS);
    fixture->now_s += 2;
    assert_int_equal(store_begin(fixture->store), 0);
    assert_true(billing_owed_charge(fixture->billing, fixture->now_s, 1000) > 0);
    store_rollback(fixture->store);
    undo_revert(fixture->undo, 0);
    billing_rolled_back(fixture->billing);
    assert_int_equal(charged(fixture), 0);
    fixture_settle(fixture);
    everybody_paid_for_the_day_once(fixture);
}

/* A meter's number is as large as the registry gives it. */
static void a_storm_of_meters_with_any_numbers_is_owed(void **state)
{
    struct fixture *fixture = *state;

    for (uint32_t device = 1; device <= STORM_LEAST; device++)
        billing_reading_arrived(fixture->billing, device * 90001, fixture_day(DAY));
    assert_int_equal(billing_news_settle(fixture->billing, fixture->now_s), 0);
    assert_int_equal(billing_owed_count(fixture->billing), STORM_LEAST);
    assert_true(billing_owes(fixture->billing, 90001));
    assert_false(billing_owes(fixture->billing, 90002));
    fixture->now_s += 2;
    assert_true(billing_owed_charge(fixture->billing, fixture->now_s, 1000) > 0);
    assert_int_equal(billing_owed_count(fixture->billing), 0);
}

int main(void)
{
#define TOWN_TEST(name) cmocka_unit_test_setup_teardown(name, town_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TOWN_TEST(few_reports_are_charged_at_once),
        TOWN_TEST(a_storm_is_charged_behind_it_in_the_order_of_meters),
        TOWN_TEST(when_the_storm_is_over_all_is_charged_as_fast_as_may_be),
        TOWN_TEST(who_pays_has_paid_what_the_account_owed_before),
        TOWN_TEST(who_reads_an_account_reads_it_charged),
        TOWN_TEST(an_exchanged_meter_leaves_nothing_owed),
        TOWN_TEST(after_a_start_whoever_was_owed_is_charged),
        TOWN_TEST(the_first_request_after_a_start_charges_in_its_own_time),
        TOWN_TEST(what_a_failure_takes_back_is_charged_again),
        TOWN_TEST(a_storm_of_meters_with_any_numbers_is_owed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
