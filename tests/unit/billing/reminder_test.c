#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

static void days_report(struct fixture *fixture, const char *first, const char *last)
{
    int64_t value = 0;

    for (int64_t day = fixture_day(first); day <= fixture_day(last); day++, value += 1000000)
        fixture_midnight(fixture, 1, day, value);
}

static void setting_put(struct fixture *fixture, const char *key, const char *value)
{
    char query[200];

    (void)snprintf(query, sizeof query, "INSERT INTO setting (tenant_id, key, value) VALUES (1, '%s', '%s') RETURNING 1", key,
                   value);
    assert_int_equal(fixture_number(fixture, query), 1);
}

/* An account with a reminder level of 20 yuan that pays 25 and uses 3 a day from the 20th of May on. */
static int64_t account_begin(struct fixture *fixture)
{
    int64_t account_id;

    fixture_flat_price(fixture, "3.00");
    account_id = fixture_account_open(fixture, "prepaid_platform", 2000, 0);
    assert_int_equal(fixture_pay(fixture, account_id, 2500, "first", NULL), 0);
    return account_id;
}

#define LOW "【云榕水务】3栋1204水费余额"

/* S1-043: at the level, below half of it, below a fifth. */
static void three_reminders_in_all(void **state)
{
    struct fixture *fixture = *state;

    (void)account_begin(fixture);
    days_report(fixture, "2026-05-20", "2026-05-28");
    fixture_run(fixture, fixture_time("2026-05-28T22:00"));
    fixture_story(fixture,
                  "2026-05-22T08:00 low_first: " LOW "¥19.00,约可用6天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                  "2026-05-26T08:00 low_second: " LOW "¥7.00,约可用2天。余额用完且逾期未缴将停水。详询88880000\n"
                  "2026-05-28T08:00 low_third: " LOW "仅¥1.00,约可用0天。余额用完且逾期未缴将停水,请尽快缴费。详询88880000\n");
}

static void the_shares_are_settings(void **state)
{
    struct fixture *fixture = *state;

    setting_put(fixture, "reminder_second_percent", "80");
    setting_put(fixture, "reminder_third_percent", "65");
    (void)account_begin(fixture);
    days_report(fixture, "2026-05-20", "2026-05-25");
    fixture_run(fixture, fixture_time("2026-05-25T22:00"));
    fixture_story(fixture,
                  "2026-05-22T08:00 low_first: " LOW "¥19.00,约可用6天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                  "2026-05-24T08:00 low_second: " LOW "¥13.00,约可用4天。余额用完且逾期未缴将停水。详询88880000\n"
                  "2026-05-25T08:00 low_third: " LOW "仅¥10.00,约可用3天。余额用完且逾期未缴将停水,请尽快缴费。详询88880000\n");
}

static void no_third_share_is_no_third_reminder(void **state)
{
    struct fixture *fixture = *state;

    setting_put(fixture, "reminder_third_percent", "0");
    (void)account_begin(fixture);
    days_report(fixture, "2026-05-20", "2026-05-28");
    fixture_run(fixture, fixture_time("2026-05-28T22:00"));
    fixture_story(fixture,
                  "2026-05-22T08:00 low_first: " LOW "¥19.00,约可用6天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                  "2026-05-26T08:00 low_second: " LOW "¥7.00,约可用2天。余额用完且逾期未缴将停水。详询88880000\n");
}

/* Who falls through everything in one night is told once, and once more when that happens again after paying. */
static void a_deep_fall_is_one_message(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = account_begin(fixture);

    fixture_midnight(fixture, 1, fixture_day("2026-05-20"), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-21"), 8000000);
    fixture_run(fixture, fixture_time("2026-05-22T22:00"));
    fixture_story(fixture,
                  "2026-05-21T08:00 low_third: " LOW "仅¥1.00,约可用0天。余额用完且逾期未缴将停水,请尽快缴费。详询88880000\n");
    assert_int_equal(fixture_pay(fixture, account_id, 2400, "second", NULL), 0);
    fixture_midnight(fixture, 1, fixture_day("2026-05-22"), 8000000);
    fixture_midnight(fixture, 1, fixture_day("2026-05-23"), 16000000);
    fixture_run(fixture, fixture_time("2026-05-23T22:00"));
    fixture_story(fixture,
                  "2026-05-23T08:00 low_third: " LOW "仅¥1.00,约可用0天。余额用完且逾期未缴将停水,请尽快缴费。详询88880000\n");
}

/* S1-042: from the level on one message each day at a set time, until it is paid. */
static void one_reminder_a_day_until_it_is_paid(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id;

    setting_put(fixture, "reminder_daily", "1");
    setting_put(fixture, "reminder_daily_min", "630");
    account_id = account_begin(fixture);
    days_report(fixture, "2026-05-20", "2026-05-26");
    fixture_run(fixture, fixture_time("2026-05-24T20:00"));
    fixture_story(fixture,
                  "2026-05-22T08:00 low_first: " LOW "¥19.00,约可用6天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                  "2026-05-23T10:30 low_first: " LOW "¥16.00,约可用5天。请在公众号\"云榕水务\"缴费。详询88880000\n"
                  "2026-05-24T10:30 low_first: " LOW "¥13.00,约可用4天。请在公众号\"云榕水务\"缴费。详询88880000\n");
    assert_int_equal(fixture_pay(fixture, account_id, 10000, "second", NULL), 0);
    fixture_run(fixture, fixture_time("2026-05-27T20:00"));
    fixture_story(fixture, "");
    fixture_verify(fixture);
}

/* Nothing else happens: the platform wakes for the reminder alone; a warning of the day is the day's reminder. */
static void daily_reminders_need_no_new_reading(void **state)
{
    struct fixture *fixture = *state;

    setting_put(fixture, "reminder_daily", "1");
    fixture_flat_price(fixture, "3.00");
    (void)fixture_account_open(fixture, "prepaid_platform", 2000, 1000);
    days_report(fixture, "2026-05-20", "2026-05-21");
    fixture_run(fixture, fixture_time("2026-05-23T20:00"));
    fixture_story(fixture,
                  "2026-05-20T12:00 low_third: " LOW "仅¥0.00。余额用完且逾期未缴将停水,请尽快缴费。详询88880000\n"
                  "2026-05-21T08:00 overdraft: 【云榕水务】3栋1204水费已欠¥3.00。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000\n"
                  "2026-05-22T09:00 overdraft: 【云榕水务】3栋1204水费已欠¥3.00。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000\n"
                  "2026-05-23T00:30 journal settlement_held The reading of that midnight is missing; it waits for the "
                  "meter's next report\n"
                  "2026-05-23T09:00 overdraft: 【云榕水务】3栋1204水费已欠¥3.00。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_reminders_in_all, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(the_shares_are_settings, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(no_third_share_is_no_third_reminder, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_deep_fall_is_one_message, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(one_reminder_a_day_until_it_is_paid, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(daily_reminders_need_no_new_reading, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
