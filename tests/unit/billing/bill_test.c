#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "base/decimal.h"
#include "base/calendar.h"

#include <string.h>

static int64_t newest_bill(struct fixture *fixture)
{
    return fixture_number(fixture, "SELECT max(bill_id) FROM bill");
}

static struct billing_bill bill_read(struct fixture *fixture, int64_t bill_id)
{
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);
    struct billing_bill bill;

    assert_int_equal(store->bill_read(store->context, bill_id, &bill), 1);
    return bill;
}

static void line_tell(struct writer *text, const struct billing_bill_line *line)
{
    char quantity[DECIMAL_TEXT_LIMIT], share[DECIMAL_TEXT_LIMIT], price[DECIMAL_TEXT_LIMIT], amount[DECIMAL_TEXT_LIMIT];

    assert_true(decimal_format(line->quantity_e4, 4, true, quantity, sizeof quantity) > 0);
    assert_true(decimal_format(line->coefficient_e8, 8, true, share, sizeof share) > 0);
    assert_true(decimal_format(line->price_e8, 8, true, price, sizeof price) > 0);
    assert_true(decimal_format_fen(line->amount_fen, amount, sizeof amount) > 0);
    writer_format(text, "%d %s tier %d: %s x %s x %s = %s\n", line->line, line->item, line->tier, quantity, share, price,
                  amount);
}

/* The bill as text, as a customer would want it explained. */
static const char *bill_tell(struct fixture *fixture, int64_t bill_id, char *buffer, size_t capacity)
{
    const struct billing_store *store = billing_sql_store(fixture->billing_sql);
    struct billing_bill bill = bill_read(fixture, bill_id);
    struct writer text = writer_of_buffer(buffer, capacity);
    struct billing_bill_line line;
    char from[CALENDAR_DATE_TEXT_LIMIT], to[CALENDAR_DATE_TEXT_LIMIT], due[CALENDAR_DATE_TEXT_LIMIT];

    assert_true(calendar_format_date(bill.from_day, from, sizeof from) > 0);
    assert_true(calendar_format_date(bill.to_day, to, sizeof to) > 0);
    assert_true(calendar_format_date(bill.due_day, due, sizeof due) > 0);
    writer_format(&text, "%s %s to %s, %lld - %lld ml, due %s%s\n", bill.number, from, to, (long long)bill.from_total_value,
                  (long long)bill.to_total_value, due, bill.estimated ? ", estimated" : "");
    for (int number = 1; store->bill_line_read(store->context, bill_id, number, &line) == 1; number++)
        line_tell(&text, &line);
    writer_format(&text, "total %lld, paid %lld\n", (long long)bill.amount_fen, (long long)bill.paid_fen);
    return writer_terminate(&text);
}

/* Case W-SZ-1, 35 m3, as a bill that was issued by the calendar. */
static void month_becomes_an_explained_bill(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    char text[2048];

    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 35000000);
    fixture_run(fixture, fixture_time("2026-06-01T00:20"));
    assert_int_equal(newest_bill(fixture), 0);
    fixture_run(fixture, fixture_time("2026-06-01T00:30"));
    assert_string_equal(bill_tell(fixture, newest_bill(fixture), text, sizeof text),
                        "B20260601-000001 2026-05-20 to 2026-06-01, 0 - 35000000 ml, due 2026-06-16\n"
                        "1 water tier 1: 22 x 1 x 2.67 = 130.87\n"
                        "2 water tier 2: 8 x 1 x 4.01 = 0.00\n"
                        "3 water tier 3: 5 x 1 x 8.01 = 0.00\n"
                        "4 sewage tier 1: 22 x 0.9 x 0.9 = 29.97\n"
                        "5 sewage tier 2: 8 x 0.9 x 1 = 0.00\n"
                        "6 sewage tier 3: 5 x 0.9 x 1.1 = 0.00\n"
                        "7 garbage tier 0: 35 x 0.9 x 0.59 = 18.59\n"
                        "total 17943, paid 0\n");
    assert_int_equal(fixture_balance(fixture, account_id), -17943);
    fixture_story(fixture, "2026-06-01T00:30 bill: 【云榕水务】3栋1204水费账单¥179.43,请于6月16日前缴费。详询88880000\n");
    fixture_verify(fixture);
}

static void payments_settle_bills_oldest_first(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);

    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 10000000);
    fixture_midnight(fixture, 1, fixture_day("2026-07-01"), 20000000);
    fixture_run(fixture, fixture_time("2026-07-01T01:00"));
    assert_int_equal(newest_bill(fixture), 2);
    assert_int_equal(fixture_pay(fixture, account_id, 5000, "a", NULL), 0);
    assert_int_equal(bill_read(fixture, 1).state, BILLING_BILL_PAID);
    assert_int_equal(bill_read(fixture, 2).paid_fen, 5000 - bill_read(fixture, 1).amount_fen);
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "b", NULL), 0);
    assert_int_equal(bill_read(fixture, 2).state, BILLING_BILL_PAID);
    fixture_midnight(fixture, 1, fixture_day("2026-08-01"), 21000000);
    fixture_run(fixture, fixture_time("2026-08-01T01:00"));
    assert_int_equal(bill_read(fixture, 3).state, BILLING_BILL_PAID);
    fixture_verify(fixture);
}

static void overdue_bill_leads_to_the_valve_and_payment_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    struct billing_payment_result paid;

    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 1000000);
    fixture_run(fixture, fixture_time("2026-06-16T20:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_GOOD);
    fixture_run(fixture, fixture_time("2026-06-17T09:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_OVERDRAFT);
    fixture_run(fixture, fixture_time("2026-07-17T09:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_FINAL_NOTICE);
    fixture_run(fixture, fixture_time("2026-07-20T08:20"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_FINAL_NOTICE);
    fixture_run(fixture, fixture_time("2026-07-20T08:30"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_CUT);
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "a", &paid), 0);
    assert_true(paid.payment.will_restore);
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_GOOD);
}

static void small_overdue_debt_is_warned_of_only(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 1000);

    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 1000000);
    fixture_run(fixture, fixture_time("2026-07-30T09:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -401);
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_OVERDRAFT);
}

static void missing_midnight_holds_the_bill_back(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    struct billing_settlement settlement;
    char text[2048];

    fixture_midnight(fixture, 1, fixture_day("2026-05-30"), 10000000);
    fixture_run(fixture, fixture_time("2026-06-01T23:50"));
    assert_int_equal(fixture_account(fixture, account_id).held_error, 0);
    fixture_run(fixture, fixture_time("2026-06-02T01:00"));
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_MIDNIGHT);
    fixture_midnight(fixture, 1, fixture_day("2026-06-03"), 14000000);
    fixture_run(fixture, fixture_time("2026-06-03T04:00"));
    assert_int_equal(fixture_account(fixture, account_id).held_error, BILLING_ERR_MIDNIGHT);
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, fixture_day("2026-06-01"), fixture->now_s,
                                            &settlement),
                     0);
    assert_int_equal(settlement.held, 1);
    assert_int_equal(settlement.issued, 0);
    assert_true(settlement.finished);
    /* After the time of back-fill the straight line decides, and the bill says so. */
    fixture_run(fixture, fixture_time("2026-06-09T01:00"));
    assert_int_equal(newest_bill(fixture), 1);
    assert_non_null(strstr(bill_tell(fixture, 1, text, sizeof text), "0 - 12000000 ml, due 2026-06-24, estimated"));
    assert_int_equal(fixture_account(fixture, account_id).held_error, 0);
}

static int settlement_preview(struct fixture *fixture, int64_t to_day, int32_t limit,
                              struct billing_settlement_preview *out)
{
    return billing_settlement_preview(fixture->billing, &fixture->scope, to_day, fixture->now_s, limit, out);
}

static void a_preview_issues_nothing_and_says_when_it_is_not_the_whole(void **state)
{
    struct fixture *fixture = *state;
    int64_t to_day = fixture_day("2026-05-26");
    struct billing_settlement_preview preview;

    for (int i = 0; i < 3; i++)
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight(fixture, 1, to_day, 5000000);
    fixture_midnight(fixture, 2, to_day, 7000000);
    fixture->now_s = fixture_time("2026-05-26T10:00");
    assert_int_equal(settlement_preview(fixture, to_day, 3, &preview), 0);
    assert_true(preview.complete && preview.ready == 2 && preview.held == 1);
    assert_int_equal(settlement_preview(fixture, to_day, 2, &preview), 0);
    assert_true(!preview.complete && preview.ready == 2);
    assert_int_equal(settlement_preview(fixture, to_day + 2, 3, &preview), BILLING_ERR_TO_DAY);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), 0);
}

static void settlement_runs_once_and_can_be_reversed(void **state)
{
    struct fixture *fixture = *state;
    int64_t first = fixture_account_open(fixture, "postpaid", 0, 0);
    int64_t second = fixture_account_open(fixture, "postpaid", 0, 0);
    int64_t to_day = fixture_day("2026-05-26");
    struct billing_settlement settlement;
    struct billing_settlement_preview preview;
    int32_t count;

    fixture_midnight(fixture, 1, to_day, 5000000);
    fixture_midnight(fixture, 2, to_day, 7000000);
    fixture->now_s = fixture_time("2026-05-26T10:00");
    assert_int_equal(fixture_pay(fixture, first, 100, "a", NULL), 0);
    assert_int_equal(settlement_preview(fixture, to_day, 1000, &preview), 0);
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, to_day, fixture->now_s, &settlement), 0);
    assert_int_equal(settlement.issued, 2);
    assert_true(preview.complete && preview.ready == 2 && preview.held == 0);
    assert_int_equal(preview.amount_fen, settlement.amount_fen);
    assert_int_equal(settlement.amount_fen,
                     -fixture_balance(fixture, first) - fixture_balance(fixture, second) + 100);
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, to_day, fixture->now_s, &settlement), 0);
    assert_int_equal(settlement.issued, 0);
    assert_int_equal(billing_settlement_reverse(fixture->billing, &fixture->scope, to_day, fixture->now_s, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(fixture_balance(fixture, first), 100);
    assert_int_equal(fixture_balance(fixture, second), 0);
    assert_int_equal(fixture_account(fixture, first).settled_day, fixture_day("2026-05-20"));
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, to_day, fixture->now_s, &settlement), 0);
    assert_int_equal(settlement.issued, 2);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill WHERE state = 'reversed'"), 2);
    fixture_verify(fixture);
}

/* A large tenant is settled in slices; what asks meanwhile goes on with it or is told to wait. */
static void settlement_goes_on_in_slices(void **state)
{
    struct fixture *fixture = *state;
    int64_t to_day = fixture_day("2026-05-26");
    struct billing_settlement settlement;

    for (uint32_t device_id = 1; device_id <= BILLING_RUN_SLICE + 20; device_id++) {
        (void)fixture_account_open(fixture, "postpaid", 0, 0);
        fixture_midnight_put(fixture, device_id, to_day, 1000000);
    }
    fixture->now_s = fixture_time("2026-05-26T10:00");
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, to_day, fixture->now_s, &settlement), 0);
    assert_int_equal(settlement.issued, BILLING_RUN_SLICE);
    assert_false(settlement.finished);
    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, to_day - 1, fixture->now_s, &settlement),
                     BILLING_ERR_RUNNING);
    fixture->story.size = 0;
    fixture_settle(fixture);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill"), BILLING_RUN_SLICE + 20);
    assert_int_equal(fixture_number(fixture, "SELECT issued FROM settlement_run WHERE finished_s IS NOT NULL"),
                     BILLING_RUN_SLICE + 20);
}

static void bill_that_has_a_successor_is_not_reversed(void **state)
{
    struct fixture *fixture = *state;
    int32_t count;

    (void)fixture_account_open(fixture, "postpaid", 0, 0);
    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 10000000);
    fixture_midnight(fixture, 1, fixture_day("2026-07-01"), 20000000);
    fixture_run(fixture, fixture_time("2026-07-01T01:00"));
    assert_int_equal(billing_settlement_reverse(fixture->billing, &fixture->scope, fixture_day("2026-06-01"),
                                                fixture->now_s, &count),
                     BILLING_ERR_NEWER_BILL);
}

static void settlement_into_the_future_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct billing_settlement settlement;

    assert_int_equal(billing_settlement_run(fixture->billing, &fixture->scope, fixture_day("2026-05-21"), fixture->now_s,
                                            &settlement),
                     BILLING_ERR_TO_DAY);
}

/* Case PC-3: the register was frozen at the change of the price, limits are split by days. */
static void price_change_inside_the_period_splits_it(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id, version_id;

    assert_int_equal(billing_tariff_create(
                         fixture->billing, &fixture->scope, fixture->now_s, "广州", "water", fixture_day("2020-01-01"),
                         "{\"cycle\": \"month\", \"limits\": [26, 34], \"items\": [{\"name\": \"water\", \"prices\":"
                         " [\"1.98\", \"2.97\", \"3.96\"]}]}",
                         NULL, &fixture->tariff_id),
                     0);
    assert_int_equal(billing_tariff_version_add(
                         fixture->billing, &fixture->scope, fixture->now_s, fixture->tariff_id, fixture_day("2026-06-01"),
                         "{\"cycle\": \"month\", \"limits\": [21, 27], \"items\": [{\"name\": \"water\", \"prices\":"
                         " [\"2.55\", \"3.82\", \"7.65\"]}]}",
                         NULL, &version_id),
                     0);
    fixture->now_s = fixture_time("2026-05-17T12:00");
    account_id = fixture_account_open(fixture, "postpaid", 0, 0);
    assert_int_equal(store_execute(fixture->store, "UPDATE account SET settlement_day = 16"), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-06-01"), 18000000);
    fixture_midnight(fixture, 1, fixture_day("2026-06-16"), 30000000);
    fixture_run(fixture, fixture_time("2026-06-16T01:00"));
    assert_int_equal(fixture_balance(fixture, account_id), -7409);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(month_becomes_an_explained_bill, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(payments_settle_bills_oldest_first, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(overdue_bill_leads_to_the_valve_and_payment_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(small_overdue_debt_is_warned_of_only, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(missing_midnight_holds_the_bill_back, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_preview_issues_nothing_and_says_when_it_is_not_the_whole, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(settlement_runs_once_and_can_be_reversed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(settlement_goes_on_in_slices, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(bill_that_has_a_successor_is_not_reversed, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(settlement_into_the_future_is_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(price_change_inside_the_period_splits_it, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
