#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

/* 20 m3 in a month cost 5340 + 1620 + 1062 fen (case W-SZ-2), however the days share them. */
static void month_costs_what_its_days_cost(void **state)
{
    struct fixture *fixture = *state;
    int64_t account_id = fixture_account_open(fixture, "prepaid_platform", 2000, 1000);
    int64_t first = fixture_day("2026-06-01");

    fixture_midnight(fixture, 1, fixture_day("2026-05-20"), 0);
    for (int day = 21; day <= 31; day++)
        fixture_midnight(fixture, 1, fixture_day("2026-05-20") + day - 20, 0);
    fixture->now_s = fixture_time("2026-06-01T03:00");
    fixture_midnight(fixture, 1, first, 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(month_costs_what_its_days_cost, fixture_open, fixture_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
