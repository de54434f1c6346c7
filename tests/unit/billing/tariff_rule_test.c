#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <string.h>

#define SEASONS \
    "\"season_limits\": {\"summer\": [10, 20], \"other\": [5, 8]}, \"season_months\": {\"summer\": [5, 6, 7, 8, 9, " \
    "10]}," \
    " \"items\": [{\"name\": \"water\", \"prices\": [\"1\", \"2\", \"3\"]}]"

static int tariff_create(struct fixture *fixture, const char *document, struct tariff_problem *problem)
{
    return billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "季节水价", "water",
                                 fixture_day("2020-01-01"), document, problem, &fixture->tariff_id);
}

/* 15 m3 from 17 April to 17 May: 14 days before the summer, 16 days of it. */
static int64_t season_bill(struct fixture *fixture, const char *document, int64_t first_may_value)
{
    int64_t account_id;

    assert_int_equal(tariff_create(fixture, document, NULL), 0);
    fixture->now_s = fixture_time("2026-04-17T12:00");
    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET settlement_day = 17"), 0);
    if (first_may_value > 0)
        fixture_midnight(fixture, 1, fixture_day("2026-05-01"), first_may_value);
    fixture_midnight(fixture, 1, fixture_day("2026-05-17"), 15000000);
    fixture_run(fixture, fixture_time("2026-05-17T01:00"));
    return -fixture_balance(fixture, account_id);
}

static void bill_belongs_to_the_season_of_its_last_day(void **state)
{
    assert_int_equal(season_bill(*state, "{" SEASONS "}", 0), 2000);
}

/* 7 m3 at 14/30 of [5, 8], 8 m3 at 16/30 of [10, 20]: 14.9333 + 10.6667. */
static void bill_is_split_by_days_of_seasons(void **state)
{
    assert_int_equal(season_bill(*state, "{\"season_rule\": \"by_day\", " SEASONS "}", 0), 2560);
}

/* The register of 1 May is known: 9 and 6 m3, 20.9333 + 6.6667. */
static void bill_is_split_by_the_register_where_a_season_begins(void **state)
{
    assert_int_equal(season_bill(*state, "{\"season_rule\": \"by_day\", " SEASONS "}", 9000000), 2760);
}

/* 2 m3 of each month are free: 1.5 m3 cost nothing, then 2 m3 more cost 1.5. A correction takes it back in the same way. */
static void free_units_come_first_in_the_month(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    assert_int_equal(tariff_create(fixture,
                                   "{\"items\": [{\"name\": \"water\", \"price\": \"1\"}],"
                                   " \"allowance\": {\"name\": \"welfare\", \"qty\": 2}}",
                                   NULL),
                     0);
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 100000);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 1500000);
    fixture_run(fixture, fixture_time("2026-05-21T01:00"));
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 3500000);
    fixture_run(fixture, fixture_time("2026-05-22T01:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -150);
    fixture_midnight_put(fixture, 1, fixture_day("2026-05-22"), 2500000);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, fixture_day("2026-05-22"), fixture->now_s), 0);
    assert_int_equal(fixture_balance(fixture, account_id), -50);
    fixture_verify(fixture);
}

static int persons_say(struct fixture *fixture, int64_t account_id, int32_t persons, int64_t from_day, int64_t until_day)
{
    struct billing_account_terms terms = { .persons = persons, .persons_from_day = from_day, .persons_until_day = until_day };

    return billing_account_change(fixture->billing, &fixture->scope, account_id, BILLING_ACCOUNT_PERSONS, fixture->now_s,
                                  &terms);
}

/* 15 m3 a period of [10], or of [20] from 5 persons on, said on 1 May until 30 June: the periods that begin on 17 April and
 * 17 May cost 20 yuan, the one of 17 June 15, and the one of 17 July 20 again. */
static void larger_household_counts_for_later_periods_until_its_proof_ends(void **state)
{
    static const char *const ends[] = { "2026-05-17", "2026-06-17", "2026-07-17", "2026-08-17" };
    static const int64_t owed_fen[] = { 2000, 4000, 5500, 7500 };
    struct fixture *fixture = *state;
    int64_t account_id;

    assert_int_equal(tariff_create(fixture,
                                   "{\"limits\": [10], \"household\": {\"kind\": \"flat\", \"min\": 5, \"add\": 10},"
                                   " \"items\": [{\"name\": \"water\", \"prices\": [\"1\", \"2\"]}]}",
                                   NULL),
                     0);
    fixture->now_s = fixture_time("2026-04-17T12:00");
    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET settlement_day = 17"), 0);
    fixture->now_s = fixture_time("2026-05-01T12:00");
    assert_int_equal(persons_say(fixture, account_id, 6, 0, fixture_day("2026-06-30")), 0);
    for (int period = 0; period < 4; period++) {
        fixture_midnight(fixture, 1, fixture_day(ends[period]), (period + 1) * INT64_C(15000000));
        fixture->now_s = fixture_day(ends[period]) * 86400 - FIXTURE_ZONE_S;
        fixture_run(fixture, fixture->now_s + 3600);
        assert_int_equal(-fixture_balance(fixture, account_id), owed_fen[period]);
    }
    fixture_verify(fixture);
}

static void household_of_the_past_is_not_said(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);

    assert_int_equal(persons_say(fixture, account_id, 6, fixture_day("2026-05-19"), 0), BILLING_ERR_PERSONS_DAYS);
    assert_int_equal(persons_say(fixture, account_id, 6, fixture_day("2026-05-21"), fixture_day("2026-05-20")),
                     BILLING_ERR_PERSONS_DAYS);
    assert_int_equal(persons_say(fixture, account_id, 101, 0, 0), BILLING_ERR_PERSONS);
    assert_int_equal(persons_say(fixture, account_id, 6, fixture_day("2026-05-20"), 0), 0);
    assert_int_equal(persons_say(fixture, account_id, 6, 0, 0), 0);
    assert_int_equal(fixture_number(fixture, "SELECT persons_from_day FROM account"), fixture_day("2026-05-20"));
    assert_int_equal(persons_say(fixture, account_id, 6, 0, fixture_day("2026-12-31")), 0);
    assert_int_equal(fixture_number(fixture, "SELECT persons_from_day FROM account WHERE persons = 6 AND persons_before = 1"
                                             " AND persons_until_day > 0"),
                     fixture_day("2026-05-20"));
}

/* What settlement could not compute is refused when it is saved, not on the night of the first bill. */
static void document_that_cannot_be_settled_is_refused(void **state)
{
    static const struct {
        const char *document, *path;
    } cases[] = {
        { "{\"season_limits\": {\"summer\": [1], \"other\": [2]}, \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
          "season_months" },
        { "{\"cycle\": \"calendar-year\", \"monthly_limits\": [9], \"items\": [{\"name\": \"w\", \"price\": \"1\"}]}",
          "cycle" },
        { "{\"cycle\": \"calendar-year\", \"limits\": [9], \"household_monthly\": {\"min\": 5, \"limits\": [2]}, "
          "\"items\":"
          " [{\"name\": \"w\", \"price\": \"1\"}]}",
          "cycle" },
        { "{\"items\": [{\"name\": \"w\", \"tou_prices\": {\"night\": \"1\"}}]}", "tou_registers" },
    };

    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct tariff_problem problem = { .path = "" };

        assert_int_equal(tariff_create(*state, cases[index].document, &problem), RATING_ERR_DOCUMENT);
        assert_string_equal(problem.path, cases[index].path);
        assert_true(strlen(problem.text_zh) > 3 && strlen(problem.text_en) > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bill_belongs_to_the_season_of_its_last_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(bill_is_split_by_days_of_seasons, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(bill_is_split_by_the_register_where_a_season_begins, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(free_units_come_first_in_the_month, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(larger_household_counts_for_later_periods_until_its_proof_ends, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(household_of_the_past_is_not_said, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(document_that_cannot_be_settled_is_refused, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
