#include "tests/unit/unit_test.h"

#include "tests/store/store_fixture.h"
#include "tests/unit/billing/billing_fixture.h"

#include "billing/billing.h"

static int64_t may(int day)
{
    return fixture_day("2026-05-01") + day - 1;
}

static int64_t charges(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT count(*) FROM daily_charge");
}

static void late_midnights_are_charged_once_and_in_order(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);

    fixture_midnight(fixture, 1, may(20), 0);
    fixture_midnight(fixture, 1, may(23), 3000000);
    fixture->now_s = fixture_time("2026-05-23T04:00");
    fixture_settle(fixture);
    assert_int_equal(charges(fixture), 0);
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_MIDNIGHT);
    fixture_midnight(fixture, 1, may(22), 1500000);
    fixture_midnight(fixture, 1, may(21), 1000000);
    fixture_settle(fixture);
    assert_int_equal(charges(fixture), 3);
    assert_int_equal(fixture_account(fixture, account_id).held_error, 0);
    fixture_midnight(fixture, 1, may(21), 1000000);
    fixture_run(fixture, fixture->now_s + 3600);
    assert_int_equal(charges(fixture), 3);
    assert_int_equal(fixture_number(fixture, "SELECT to_total_value - from_total_value FROM daily_charge WHERE day ="
                                             " (SELECT max(day) FROM daily_charge)"),
                     1500000);
    fixture_verify(fixture);
}

/* What a meter cannot send any more is charged with the days around it, and nothing is lost. */
static void days_without_midnight_are_joined_after_the_wait(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);

    fixture_midnight(fixture, 1, may(20), 0);
    fixture_midnight(fixture, 1, may(24), 4000000);
    fixture_run(fixture, fixture_time("2026-05-28T23:00"));
    assert_int_equal(charges(fixture), 0);
    fixture_run(fixture, fixture_time("2026-05-29T01:00"));
    assert_int_equal(charges(fixture), 1);
    assert_int_equal(fixture_number(fixture, "SELECT day - from_day FROM daily_charge"), 3);
    assert_int_equal(fixture_account(fixture, account_id).settled_day, may(24));
    fixture_midnight(fixture, 1, may(22), 2000000);
    fixture_run(fixture, fixture->now_s + 7200);
    assert_int_equal(charges(fixture), 1);
}

static void report_before_half_past_midnight_waits(void **state)
{
    struct fixture *fixture = *state;

    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture_midnight(fixture, 1, may(20), 0);
    fixture_midnight(fixture, 1, may(21), 1000000);
    fixture->now_s = fixture_time("2026-05-21T00:10");
    fixture_settle(fixture);
    assert_int_equal(charges(fixture), 0);
    fixture->now_s = fixture_time("2026-05-21T00:30");
    fixture_settle(fixture);
    assert_int_equal(charges(fixture), 1);
}

/* No tick comes between a reading and its charge: both are committed together. */
static void a_midnight_is_charged_with_the_reading(void **state)
{
    struct fixture *fixture = *state;

    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture->now_s = fixture_time("2026-05-21T06:00");
    fixture_midnight(fixture, 1, may(20), 0);
    fixture_midnight(fixture, 1, may(21), 1000000);
    assert_int_equal(billing_news_settle(fixture->billing, fixture->now_s), 1);
    assert_int_equal(charges(fixture), 1);
    fixture_verify(fixture);
    assert_int_equal(billing_news_settle(fixture->billing, fixture->now_s), 0);
}

/* The walk of a night finds the few among many identifiers that are not in use. */
static void the_walk_goes_over_gaps_of_identifiers(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;
    int ticks = 0;

    fixture_midnight_put(fixture, 1, may(20), 0);
    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    store_fixture_loosen(fixture->store);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET account_id = 300000 WHERE account_id = 2;"
                                                   "UPDATE account_standing SET account_id = 300000 WHERE account_id = 2"), 0);
    assert_int_equal(account_id, 2);
    fixture_settle(fixture);
    fixture_midnight_put(fixture, 2, may(20), 0);
    fixture_midnight_put(fixture, 2, may(21), 1000000);
    fixture->now_s = fixture_time("2026-05-21T00:30");
    while (billing_tick(fixture->billing, fixture->now_s, 100) == 100)
        ticks++;
    assert_true(ticks > 5);
    assert_int_equal(charges(fixture), 1);
}

/* After a start of a house whose accounts are all well, no tick holds the core for long: so many looks pay for some ten thousand
 * identifiers, not for half a million. */
static void a_tick_walks_over_so_many_identifiers(void **state)
{
    struct fixture *fixture = *state;
    int ticks = 0;

    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    store_fixture_loosen(fixture->store);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET account_id = 1000000; UPDATE account_standing SET account_id = 1000000"), 0);
    fixture_settle(fixture);
    fixture->now_s = fixture_time("2026-05-22T00:30");
    while (billing_tick(fixture->billing, fixture->now_s, 2000) == 2000)
        ticks++;
    assert_in_range(ticks, 20, 40);
}

/* A reading that a person corrected moves money between two days by correcting transfers. */
static void corrected_midnight_is_rated_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    int64_t balance_fen;

    for (int day = 20; day <= 24; day++)
        fixture_midnight(fixture, 1, may(day), (day - 20) * 10000000);
    fixture->now_s = fixture_time("2026-05-24T04:00");
    fixture_settle(fixture);
    balance_fen = fixture_balance(fixture, account_id);
    fixture_midnight_put(fixture, 1, may(22), 25000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, may(22), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), balance_fen);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'correction'"), 2);
    assert_int_equal(fixture_number(fixture, "SELECT group_concat(revision, '') FROM (SELECT revision FROM daily_charge"
                                             " ORDER BY day)"),
                     110);
    assert_int_equal(fixture_number(fixture, "SELECT sum(amount_fen) FROM daily_charge"), -balance_fen);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, may(22), fixture->now_s), 0);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'correction'"), 2);
    fixture_verify(fixture);
}

/* Moving use over the first of a month moves it into another tier cycle: every later day of the month is rated anew. */
static void correction_at_the_turn_of_a_cycle_moves_all_that_follows(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    struct billing_account account;
    int64_t expected_fen;

    for (int day = 20; day <= 35; day++)
        fixture_midnight(fixture, 1, may(day), (day - 20) * 4000000);
    fixture->now_s = fixture_time("2026-06-04T04:00");
    fixture_settle(fixture);
    fixture_midnight_put(fixture, 1, may(32), 46000000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, may(32), fixture->now_s), 0);
    account = fixture_account(fixture, account_id);
    assert_int_equal(account.cycle_used_value, 14000000);
    /* May: 46 m3, June so far: 14 m3, each as if settled at once. */
    expected_fen = (22 * 267 + 8 * 401 + 16 * 801) + 14 * 267;
    expected_fen += (9 * (22 * 90 + 8 * 100 + 16 * 110) + 5) / 10 + (9 * 14 * 90 + 5) / 10;
    expected_fen += (9 * 46 * 59 + 5) / 10 + (9 * 14 * 59 + 5) / 10;
    assert_int_equal(fixture_balance(fixture, account_id), -expected_fen);
    fixture_verify(fixture);
}

static void correction_beyond_its_neighbours_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);

    for (int day = 20; day <= 23; day++)
        fixture_midnight(fixture, 1, may(day), (day - 20) * 1000000);
    fixture->now_s = fixture_time("2026-05-23T04:00");
    fixture_settle(fixture);
    fixture_midnight_put(fixture, 1, may(22), 500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, may(22), fixture->now_s), 0);
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_BACKWARD);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer WHERE kind = 'correction'"), 0);
    assert_int_equal(fixture_number(fixture, "SELECT max(to_total_value) FROM daily_charge"), 3000000);
}

/* A rollover found out late lifts every midnight from some day on; the days are told one by one. */
static void midnights_that_move_together_cost_only_their_first_day(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id, balance_fen;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    for (int day = 20; day <= 25; day++)
        fixture_midnight(fixture, 1, may(day), (day - 20) * 1000000);
    fixture->now_s = fixture_time("2026-05-25T04:00");
    fixture_settle(fixture);
    balance_fen = fixture_balance(fixture, account_id);
    for (int day = 22; day <= 25; day++)
        fixture_midnight_put(fixture, 1, may(day), (day - 20) * 1000000 + 50000000);
    for (int day = 22; day <= 25; day++)
        assert_int_equal(billing_reading_corrected(fixture->billing, 1, may(day), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), balance_fen - 15000);
    assert_int_equal(fixture_account(fixture, account_id).settled_total_value, 55000000);
    assert_int_equal(fixture_account(fixture, account_id).cycle_used_value, 55000000);
    fixture_midnight(fixture, 1, may(26), 56000000);
    fixture_run(fixture, fixture_time("2026-05-26T04:00"));
    assert_int_equal(fixture_balance(fixture, account_id), balance_fen - 15300);
    fixture_verify(fixture);
}

/* An amount that no ledger books makes its account wait; the others are settled. */
static void absurd_use_holds_one_account_and_no_other(void **state)
{
    struct fixture *fixture = *state;
    int64_t absurd, usual;

    fixture_flat_price(fixture, "10000");
    absurd = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture_flat_price(fixture, "3.00");
    usual = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture_midnight(fixture, 1, may(20), 0);
    fixture_midnight(fixture, 1, may(21), INT64_C(1000000000000000));
    fixture_midnight(fixture, 2, may(20), 0);
    fixture_midnight(fixture, 2, may(21), 1000000);
    fixture_run(fixture, fixture_time("2026-05-21T04:00"));
    assert_int_equal(fixture_balance(fixture, usual), -300);
    assert_int_equal(fixture_balance(fixture, absurd), 0);
    assert_int_equal(fixture_account(fixture, absurd).held_error, LEDGER_ERR_AMOUNT);
    assert_int_equal(charges(fixture), 1);
    fixture_verify(fixture);
}

/* A new price holds from its first day; the volume used before stays in the tiers. */
static void new_version_is_used_from_its_first_day(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id, version_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    assert_int_equal(billing_tariff_version_add(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                                may(22), "{\"items\": [{\"name\": \"water\", \"price\": \"4.00\"}]}", NULL,
                                                &version_id),
                     0);
    for (int day = 20; day <= 23; day++)
        fixture_midnight(fixture, 1, may(day), (day - 20) * 1000000);
    fixture->now_s = fixture_time("2026-05-23T04:00");
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, account_id), -300 - 300 - 400);
}

/* After a restart nothing is remembered, and nothing needs to be. */
static void restart_finds_what_waits(void **state)
{
    struct fixture *fixture = *state;
    struct billing_config config = { .store = billing_sql_store(fixture->billing_sql),
                                     .ledger = ledger_sql_store(fixture->ledger_sql),
                                     .actions = &fixture->actions };

    (void)fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture_midnight(fixture, 1, may(20), 0);
    fixture_settle(fixture);
    fixture->now_s = fixture_time("2026-05-21T03:00");
    fixture_settle(fixture);
    fixture_midnight(fixture, 1, may(21), 1000000);
    billing_close(fixture->billing);
    assert_int_equal(billing_open(&config, &fixture->billing), 0);
    fixture->now_s += 60;
    fixture_settle(fixture);
    assert_int_equal(charges(fixture), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(late_midnights_are_charged_once_and_in_order, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(days_without_midnight_are_joined_after_the_wait, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(report_before_half_past_midnight_waits, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_midnight_is_charged_with_the_reading, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_walk_goes_over_gaps_of_identifiers, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_tick_walks_over_so_many_identifiers, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(corrected_midnight_is_rated_again, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(correction_at_the_turn_of_a_cycle_moves_all_that_follows, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(correction_beyond_its_neighbours_changes_nothing, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(midnights_that_move_together_cost_only_their_first_day, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(absurd_use_holds_one_account_and_no_other, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(new_version_is_used_from_its_first_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(restart_finds_what_waits, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
