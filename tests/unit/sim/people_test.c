#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "sim/people.h"

#define DAY INT64_C(20785)

static int64_t at(int day, int hour)
{
    return calendar_midnight(DAY + day, TOWN_ZONE_OFFSET_S) + hour * 3600;
}

/* Hours after the trouble began until somebody pays; -1 within ten days never. */
static int hours_until_paid(enum town_habit habit, struct people_account account)
{
    struct town_home home;

    memset(&home, 0, sizeof home);
    home.habit = (uint8_t)habit;
    home.payment = TOWN_PREPAID_PLATFORM;
    account.trouble_since_s = at(0, 8);
    for (int hour = 0; hour < 240; hour++)
        if (people_payment_fen(&home, &account, at(0, 8) + hour * 3600) > 0)
            return hour;
    return -1;
}

static void the_prompt_pay_when_reminded_and_the_late_when_warned(void **state)
{
    const struct people_account reminded = { .trouble = PEOPLE_REMINDED, .balance_fen = 1800 };
    const struct people_account warned = { .trouble = PEOPLE_WARNED, .balance_fen = -10 };

    (void)state;
    assert_in_range(hours_until_paid(TOWN_PAYS_PROMPTLY, reminded), 2, 48);
    assert_int_equal(hours_until_paid(TOWN_PAYS_LATE, reminded), -1);
    assert_in_range(hours_until_paid(TOWN_PAYS_LATE, warned), 3, 48);
    assert_int_equal(hours_until_paid(TOWN_PAYS_VERY_LATE, warned), -1);
}

static void the_very_late_pay_when_the_tap_is_dry(void **state)
{
    struct people_account cut = { .trouble = PEOPLE_CUT_OFF, .balance_fen = -500 };

    (void)state;
    assert_int_equal(hours_until_paid(TOWN_PAYS_VERY_LATE, cut), -1);
    assert_false(people_press_button(&cut));
    cut.valve_closed = true;
    assert_in_range(hours_until_paid(TOWN_PAYS_VERY_LATE, cut), 20, 48);
    assert_true(hours_until_paid(TOWN_FORGETS, cut) > hours_until_paid(TOWN_PAYS_VERY_LATE, cut));
    assert_int_equal(hours_until_paid(TOWN_PAYS_NEVER, cut), -1);
    assert_true(people_press_button(&cut));
}

static void a_payment_makes_good_what_is_owed(void **state)
{
    struct people_account account = { .trouble = PEOPLE_CUT_OFF, .trouble_since_s = at(-20, 0), .valve_closed = true,
                                      .balance_fen = -123456 };
    struct town_home home;

    (void)state;
    memset(&home, 0, sizeof home);
    home.habit = TOWN_PAYS_VERY_LATE;
    home.payment = TOWN_PREPAID_PLATFORM;
    assert_true(people_payment_fen(&home, &account, at(0, 10)) - 123456 >= 5000);
    home.payment = TOWN_POSTPAID;
    account.owed_fen = 4711;
    account.owed_since_s = at(-100, 0);
    assert_int_equal(people_payment_fen(&home, &account, at(0, 10)), 4711);
}

static void nobody_pays_at_a_closed_desk(void **state)
{
    const struct people_account account = { .trouble = PEOPLE_CUT_OFF, .trouble_since_s = at(-9, 0), .valve_closed = true };
    struct town_home home;

    (void)state;
    memset(&home, 0, sizeof home);
    home.payment = TOWN_PREPAID_METER;
    for (int hour = 0; hour < 24; hour++)
        assert_int_equal(people_payment_fen(&home, &account, at(0, hour)) > 0, hour >= 9 && hour < 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prompt_pay_when_reminded_and_the_late_when_warned),
        cmocka_unit_test(the_very_late_pay_when_the_tap_is_dry),
        cmocka_unit_test(a_payment_makes_good_what_is_owed),
        cmocka_unit_test(nobody_pays_at_a_closed_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
