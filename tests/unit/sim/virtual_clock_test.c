#include "tests/unit/unit_test.h"

#include "sim/virtual_clock.h"

static void runs_at_its_speed(void **state)
{
    struct virtual_clock clock;

    (void)state;
    virtual_clock_open(&clock, 1000, 60);
    virtual_clock_earn(&clock, 500);
    assert_int_equal(virtual_clock_advance(&clock, INT64_MAX), 1000);
    virtual_clock_earn(&clock, 10500);
    assert_int_equal(virtual_clock_advance(&clock, INT64_MAX), 1600);
    assert_int_equal(virtual_clock_now_ms(&clock), 1600);
    assert_int_equal(virtual_clock_real_wait_ms(&clock, 1600 + 61), 2);
    assert_int_equal(virtual_clock_real_wait_ms(&clock, 1600), 0);
}

static void holds_at_the_limit_and_makes_up_a_little(void **state)
{
    struct virtual_clock clock;

    (void)state;
    virtual_clock_open(&clock, 0, 1000);
    virtual_clock_earn(&clock, 0);
    virtual_clock_earn(&clock, 10000);
    assert_int_equal(virtual_clock_advance(&clock, 4000), 4000);
    assert_int_equal(virtual_clock_advance(&clock, 4000), 4000);
    assert_int_equal(virtual_clock_advance(&clock, INT64_MAX), 10000);
    virtual_clock_earn(&clock, 10000 + 3600000000); /* an hour of silence is no hour of credit */
    assert_int_equal(virtual_clock_advance(&clock, INT64_MAX), 10000 + VIRTUAL_CLOCK_CREDIT_US);
}

static void stands_when_paused_and_never_goes_back(void **state)
{
    struct virtual_clock clock;

    (void)state;
    virtual_clock_open(&clock, 7, VIRTUAL_CLOCK_SPEED_LIMIT + 1);
    assert_int_equal(virtual_clock_speed(&clock), VIRTUAL_CLOCK_SPEED_LIMIT);
    virtual_clock_speed_set(&clock, VIRTUAL_CLOCK_PAUSED);
    virtual_clock_earn(&clock, 1000);
    virtual_clock_earn(&clock, 9000);
    assert_int_equal(virtual_clock_advance(&clock, INT64_MAX), 7);
    assert_int_equal(virtual_clock_real_wait_ms(&clock, 8), INT64_MAX);
    virtual_clock_speed_set(&clock, 1);
    virtual_clock_earn(&clock, 20000);
    assert_int_equal(virtual_clock_advance(&clock, 3), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_at_its_speed),
        cmocka_unit_test(holds_at_the_limit_and_makes_up_a_little),
        cmocka_unit_test(stands_when_paused_and_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
