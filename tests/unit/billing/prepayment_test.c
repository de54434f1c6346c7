#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

/* Midnights from the 20th of May on, 1 m3 a day. */
static void days_report(struct fixture *fixture, const char *first, const char *last, int64_t from_value)
{
    for (int64_t day = fixture_day(first); day <= fixture_day(last); day++, from_value += 1000000)
        fixture_midnight(fixture, 1, day, from_value);
}

/* 20 m3 in a month cost 5340 + 1620 + 1062 fen (case W-SZ-2), however the days share them. */
static void month_costs_what_its_days_cost(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 2000, 1000);
    int64_t first = fixture_day("2026-06-01");

    for (int64_t day = fixture_day("2026-05-20"); day <= first; day++)
        fixture_midnight(fixture, 1, day, 0);
    fixture->now_s = fixture_time("2026-06-01T03:00");
    fixture_settle(fixture);
    assert_int_equal(fixture_balance(fixture, account_id), 0);
    for (int day = 1; day <= 30; day++) {
        fixture->now_s += 86400;
        fixture_midnight(fixture, 1, first + day, (int64_t)20000000 * day / 30);
        fixture_settle(fixture);
    }
    assert_int_equal(fixture_balance(fixture, account_id), -(5340 + 1620 + 1062));
    assert_int_equal(fixture_number(fixture, "SELECT credits_fen FROM ledger_account WHERE name = 'sewage'"), 1620);
    fixture_verify(fixture);
}

/* The time line of case PP-1, lived through by a real account: 1.50 yuan, 3 yuan a day, overdraft 10 yuan. */
static void customer_runs_short_is_cut_and_restored(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 1000);
    assert_int_equal(fixture_pay(fixture, account_id, 150, "first", NULL), 0);
    for (int day = 0; day < 6; day++) {
        fixture->now_s = fixture_time("2026-05-21T00:10") + day * 86400;
        fixture_midnight(fixture, 1, fixture_day("2026-05-21") + day, day * 1000000);
        fixture_run(fixture, fixture->now_s + 85800);
    }
    assert_int_equal(fixture_balance(fixture, account_id), 150 - 5 * 300);
    fixture_story(fixture,
                  "2026-05-22T08:00 overdraft: 【云榕水务】3栋1204水费已欠¥1.50。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000\n"
                  "2026-05-25T08:00 final_notice: 【云榕水务】3栋1204欠水费¥10.50,未缴将于5月26日8:30后停水。缴清即不停;"
                  "有困难或因病需保障用水请电88880000\n"
                  "2026-05-26T08:30 valve 1 close: 欠费 arrears ¥13.50\n"
                  "2026-05-26T08:30 journal cut_off 欠费 arrears ¥13.50\n");
    assert_int_equal(billing_valve_verified(fixture->billing, 1, BILLING_VALVE_CLOSE, fixture->now_s), 0);
    fixture->now_s = fixture_time("2026-05-27T22:00");
    assert_int_equal(fixture_pay(fixture, account_id, 2000, "second", &paid), 0);
    assert_true(paid.payment.will_restore);
    assert_int_equal(paid.payment.before_fen, -1350);
    assert_int_equal(paid.payment.balance_fen, 650);
    assert_true(paid.payment.command_id > 0);
    fixture->now_s += 3600;
    assert_int_equal(billing_valve_verified(fixture->billing, 1, BILLING_VALVE_OPEN, fixture->now_s), 0);
    fixture_story(fixture,
                  "2026-05-27T00:00 cut: 【云榕水务】3栋1204因欠费¥13.50已于0:00停水。缴费后自动恢复,无需到场。详询88880000\n"
                  "2026-05-27T22:00 valve 1 open: 已缴费 paid, 余额 balance ¥6.50\n"
                  "2026-05-27T22:00 journal restored 已缴费 paid, 余额 balance ¥6.50\n"
                  "2026-05-27T22:00 paid_asleep: 【云榕水务】已收到¥20.00并记账,水表约23:00联网后开阀;急用请按表上按键。无需重复缴费\n"
                  "2026-05-27T23:00 restored: 【云榕水务】已收到¥20.00,3栋1204已于23:00恢复供水,余额¥6.50。请先确认龙头已关好\n");
    fixture_verify(fixture);
}

static void low_balance_reminds_twice_with_days_left(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 2000, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 2500, "first", NULL), 0);
    days_report(fixture, "2026-05-20", "2026-05-26", 0);
    fixture_run(fixture, fixture_time("2026-05-26T12:00"));
    fixture_story(fixture, "2026-05-22T08:00 low_first: 【云榕水务】3栋1204水费余额¥19.00,约可用6天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                           "2026-05-26T08:00 low_second: 【云榕水务】3栋1204水费余额¥7.00,约可用2天。余额用完且逾期未缴将停水。详询88880000\n");
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_LOW_SECOND);
}

/* The balance is looked at again at the moment of cutting. */
static void payment_before_the_moment_cancels_the_cut(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    days_report(fixture, "2026-05-20", "2026-05-21", 0);
    fixture_run(fixture, fixture_time("2026-05-21T20:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_FINAL_NOTICE);
    assert_int_equal(fixture_pay(fixture, account_id, 300, "p", NULL), 0);
    fixture_run(fixture, fixture_time("2026-05-22T20:00"));
    fixture_story(fixture,
                  "2026-05-21T08:00 final_notice: 【云榕水务】3栋1204欠水费¥3.00,未缴将于5月22日8:30后停水。缴清即不停;"
                  "有困难或因病需保障用水请电88880000\n"
                  "2026-05-22T08:30 journal cut_cancelled balance 余额已恢复\n");
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_GOOD);
}

static void protected_customer_is_warned_but_never_cut(void **state)
{
    struct fixture *fixture = *state;
    struct billing_customer protection = { .protected_until_s = fixture_time("2027-03-01T00:00"),
                                           .protected_reason = "家用呼吸机" };
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    protection.customer_id = fixture_account(fixture, account_id).customer_id;
    assert_int_equal(billing_customer_change(fixture->billing, &fixture->scope,
                                             BILLING_CUSTOMER_PROTECTED_UNTIL | BILLING_CUSTOMER_PROTECTED_REASON,
                                             fixture->now_s, &protection),
                     0);
    days_report(fixture, "2026-05-20", "2026-05-28", 0);
    fixture_run(fixture, fixture_time("2026-05-28T20:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_OVERDRAFT);
    assert_int_equal(fixture_number(fixture, "SELECT closings FROM cut_off_day"), 0);
}

/* at most so many closings a day, the others follow on the next permitted one. */
static void closings_are_bounded_by_day(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(store_execute(fixture->store, "INSERT INTO setting VALUES (1, 'cut_limit_per_run', '2')"), 0);
    fixture_flat_price(fixture, "3.00");
    for (uint32_t device_id = 1; device_id <= 5; device_id++) {
        (void)fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-20"), 0);
        fixture_midnight(fixture, device_id, fixture_day("2026-05-21"), 1000000);
    }
    fixture_run(fixture, fixture_time("2026-05-22T20:00")); /* a Friday */
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 2);
    fixture_run(fixture, fixture_time("2026-05-24T20:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 2);
    fixture_run(fixture, fixture_time("2026-05-25T20:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 4);
    fixture_run(fixture, fixture_time("2026-05-26T20:00"));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM account WHERE stage = 'cut'"), 5);
}

static void refused_valve_is_asked_again(void **state)
{
    struct fixture *fixture = *state;
    struct billing_payment_result paid;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    days_report(fixture, "2026-05-20", "2026-05-21", 0);
    fixture->valve_refusals = 1;
    fixture_run(fixture, fixture_time("2026-05-22T08:30"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_FINAL_NOTICE);
    fixture_run(fixture, fixture_time("2026-05-22T08:50"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_CUT);
    fixture->valve_refusals = 1;
    assert_int_equal(fixture_pay(fixture, account_id, 1000, "p", &paid), 0);
    assert_false(paid.payment.will_restore);
    assert_int_equal(paid.payment.balance_fen, 700);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_GOOD);
}

static void failed_closing_is_tried_again(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 0, 0);
    days_report(fixture, "2026-05-20", "2026-05-21", 0);
    fixture_run(fixture, fixture_time("2026-05-22T09:00"));
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_CUT);
    assert_int_equal(billing_valve_failed(fixture->billing, 1, BILLING_VALVE_CLOSE, fixture->now_s), 0);
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_FINAL_NOTICE);
    fixture_run(fixture, fixture->now_s + 1200);
    assert_int_equal(fixture_account(fixture, account_id).arrears.stage, ARREARS_CUT);
    assert_int_equal(fixture->command_id, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(month_costs_what_its_days_cost, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(customer_runs_short_is_cut_and_restored, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(low_balance_reminds_twice_with_days_left, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(payment_before_the_moment_cancels_the_cut, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(protected_customer_is_warned_but_never_cut, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(closings_are_bounded_by_day, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(refused_valve_is_asked_again, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(failed_closing_is_tried_again, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
