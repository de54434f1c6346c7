/* A drafted price tried on readings of months that are over: every open account of the tariff once, whatever the slices. */
#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "billing/tariff_draft.h"

#include <stdio.h>

#define ACCOUNTS 300 /* more than one query gives */

#define DOCUMENT(price) "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"" price "\"}]}"
#define STEPS \
    "{\"cycle\": \"calendar-year\", \"limits\": [5], \"items\": [{\"name\": \"water\", \"prices\": [\"2.00\", \"4.00\"]}]}"

static int64_t draft_create(struct fixture *fixture, const char *document)
{
    int64_t draft_id;

    assert_int_equal(billing_draft_create(fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id,
                                          fixture_day("2026-07-01"), document, NULL, &draft_id), 0);
    return draft_id;
}

static void start(struct fixture *fixture, int64_t draft_id, int32_t months)
{
    assert_int_equal(billing_dry_run_start(fixture->billing, &fixture->scope, fixture->now_s, draft_id, months), 0);
}

static int64_t run_number(struct fixture *fixture, const char *column)
{
    char query[96];

    (void)snprintf(query, sizeof query, "SELECT %s FROM tariff_draft", column);
    return fixture_number(fixture, query);
}

/* Tick in slices of `limit`. returns how many ticks it took */
static int finish(struct fixture *fixture, int32_t limit)
{
    int ticks = 0;

    while (fixture_number(fixture, "SELECT count(*) FROM tariff_draft WHERE run_state = 'running'") > 0) {
        assert_true(billing_tick(fixture->billing, fixture->now_s, limit) >= 0);
        assert_true(ticks++ < 2 * ACCOUNTS);
    }
    return ticks;
}

/* Midnights of the first of April, May and June; 6 m3 and then 3 m3 are used between them. */
static void accounts_prepare(struct fixture *fixture, uint32_t count)
{
    assert_int_equal(store_begin(fixture->store), 0);
    for (uint32_t device_id = 1; device_id <= count; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-04-01"), 1000000);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-05-01"), 7000000);
        fixture_midnight_put(fixture, device_id, fixture_day("2026-06-01"), 10000000);
    }
    assert_int_equal(store_commit(fixture->store), 0);
    fixture->now_s = fixture_time("2026-06-10T12:00");
}

static void execute(struct fixture *fixture, const char *text)
{
    assert_int_equal(store_execute(fixture->store, text), 0);
}

/* Of 300 accounts one is closed and one has another price: neither is tried. One has no reading. Two are protected, one of them
 * no more. */
static void every_account_is_tried_once_whatever_the_slices(void **state)
{
    static const int32_t limits[] = { 1000, 256, 7, 1 };
    struct fixture *fixture = *state;
    int64_t first_tariff_id, draft_id;

    fixture_flat_price(fixture, "2.00");
    first_tariff_id = fixture->tariff_id;
    accounts_prepare(fixture, ACCOUNTS);
    fixture_flat_price(fixture, "9.00");
    execute(fixture, "INSERT INTO setting VALUES (1, 'bills_by_run', '1');"
                     "UPDATE account SET closed_s = 1 WHERE account_id = 300;"
                     "UPDATE account SET tariff_id = 3 WHERE account_id = 20;"
                     "DELETE FROM daily_reading WHERE device_id = 256 AND day = 20574;"
                     "UPDATE customer SET protected_until_s = 2000000000 WHERE customer_id = 5;"
                     "UPDATE customer SET protected_until_s = 1000000000 WHERE customer_id = 6");
    assert_int_equal(fixture_day("2026-05-01"), 20574);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE tariff_id = 3"), 1);
    fixture->tariff_id = first_tariff_id;
    draft_id = draft_create(fixture, DOCUMENT("2.50"));
    for (size_t index = 0; index < sizeof limits / sizeof limits[0]; index++) {
        start(fixture, draft_id, 1);
        assert_int_equal(run_number(fixture, "run_total"), ACCOUNTS - 2);
        assert_int_equal(finish(fixture, limits[index]), (ACCOUNTS - 2) / limits[index] + 1);
        assert_int_equal(run_number(fixture, "run_done"), ACCOUNTS - 2);
        assert_int_equal(run_number(fixture, "run_skipped"), 1);
        assert_int_equal(run_number(fixture, "run_more"), ACCOUNTS - 3);
        assert_int_equal(run_number(fixture, "run_protected_more"), 1);
        assert_int_equal(run_number(fixture, "run_present_fen"), (ACCOUNTS - 3) * 600);
        assert_int_equal(run_number(fixture, "run_draft_fen"), (ACCOUNTS - 3) * 750);
        assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tariff_draft_account WHERE run_number ="
                                                 " (SELECT run_number FROM tariff_draft)"), ACCOUNTS - 2);
        assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tariff_draft_account"), ACCOUNTS - 2);
        assert_int_equal(fixture_number(fixture, "SELECT account_id FROM tariff_draft_account WHERE held_error <> 0"), 256);
    }
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM transfer"), 0);
}

/* By steps of a year the second month begins where the first left off; an account of two months is charged for both at once. */
static void months_go_on_from_each_other(void **state)
{
    struct fixture *fixture = *state;
    int64_t draft_id;

    fixture_flat_price(fixture, "2.00");
    accounts_prepare(fixture, 3);
    execute(fixture, "UPDATE account SET settlement_months = 2 WHERE account_id = 2;"
                     "DELETE FROM daily_reading WHERE device_id = 3 AND day = 20574");
    draft_id = draft_create(fixture, STEPS);
    start(fixture, draft_id, 2);
    (void)finish(fixture, 100);
    /* 5 m3 at 2.00 and 4 m3 at 4.00, in one sum or in two. */
    assert_int_equal(fixture_number(fixture, "SELECT draft_fen FROM tariff_draft_account WHERE account_id = 1"), 2600);
    assert_int_equal(fixture_number(fixture, "SELECT draft_fen FROM tariff_draft_account WHERE account_id = 2"), 2600);
    assert_int_equal(fixture_number(fixture, "SELECT present_fen FROM tariff_draft_account WHERE account_id = 1"), 1800);
    assert_int_equal(fixture_number(fixture, "SELECT months FROM tariff_draft_account WHERE account_id = 2"), 2);
    /* The midnight between both is missing: neither month can be told. */
    assert_int_equal(fixture_number(fixture, "SELECT held_error FROM tariff_draft_account WHERE account_id = 3"),
                     BILLING_ERR_MIDNIGHT);
}

static void a_run_that_is_cancelled_stays_where_it_was(void **state)
{
    struct fixture *fixture = *state;
    int64_t draft_id;

    fixture_flat_price(fixture, "2.00");
    accounts_prepare(fixture, 20);
    draft_id = draft_create(fixture, DOCUMENT("1.00"));
    start(fixture, draft_id, 1);
    assert_true(billing_tick(fixture->billing, fixture->now_s, 8) >= 0);
    assert_int_equal(run_number(fixture, "run_done"), 8);
    assert_int_equal(run_number(fixture, "run_total"), 20);
    assert_int_equal(billing_dry_run_cancel(fixture->billing, &fixture->scope, fixture->now_s, draft_id), 0);
    assert_true(billing_tick(fixture->billing, fixture->now_s, 8) >= 0);
    assert_int_equal(run_number(fixture, "run_done"), 8);
    assert_int_equal(run_number(fixture, "run_less"), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_account_is_tried_once_whatever_the_slices, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(months_go_on_from_each_other, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_run_that_is_cancelled_stays_where_it_was, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
