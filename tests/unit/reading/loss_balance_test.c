#include "reading/loss_balance.h"

#include "tests/unit/unit_test.h"

#define FROM 20000
#define TO 20006

static struct loss_balance balance;

static void begin(void)
{
    assert_int_equal(loss_balance_begin(&balance, FROM, TO), 0);
}

/* A meter that uses the same every day, with every midnight from thirty days before on. */
static struct loss_meter steady(bool supply, int32_t direction, int64_t daily_value)
{
    struct loss_meter meter;
    loss_meter_begin(&meter, supply, direction);
    for (int32_t day = FROM - LOSS_MEAN_DAYS; day <= TO + 1; day++)
        loss_meter_put(&balance, &meter, day, 5000 + (day - FROM) * daily_value + LOSS_MEAN_DAYS * daily_value, false);
    return meter;
}

static void forget(struct loss_meter *meter, int32_t day)
{
    meter->points[day - (FROM - LOSS_MEAN_DAYS)].known = false;
}

static void loss_is_supply_minus_sold(void **state)
{
    (void)state;
    begin();
    struct loss_meter in = steady(true, 1, 1000), out = steady(true, -1, 100), one = steady(false, 1, 500),
                      two = steady(false, 1, 355);
    loss_balance_add(&balance, &in);
    loss_balance_add(&balance, &out);
    loss_balance_add(&balance, &one);
    loss_balance_add(&balance, &two);
    assert_int_equal(balance.days[3].supply_value, 900);
    assert_int_equal(balance.days[3].sold_value, 855);
    assert_int_equal(loss_value(&balance.days[3]), 45);
    assert_int_equal(loss_permille(&balance.days[3]), 50);
    assert_int_equal(balance.span.supply_value, 7 * 900);
    assert_int_equal(balance.span.sold_value, 7 * 855);
    assert_int_equal(balance.span.supply_meters, 2);
    assert_int_equal(balance.span.sold_meters, 2);
    assert_int_equal(balance.span.estimated_meters, 0);
    assert_int_equal(balance.span.unknown_meters, 0);
}

/* A hole between two stored midnights: the days around it rest on an estimate, the span does not. */
static void a_hole_is_estimated_and_marked(void **state)
{
    (void)state;
    begin();
    struct loss_meter meter = steady(false, 1, 500);
    forget(&meter, FROM + 3);
    loss_balance_add(&balance, &meter);
    assert_int_equal(balance.days[1].estimated_meters, 0);
    assert_int_equal(balance.days[2].estimated_meters, 1);
    assert_int_equal(balance.days[2].sold_value, 500);
    assert_int_equal(balance.days[2].sold_estimated_value, 500);
    assert_int_equal(balance.days[3].estimated_meters, 1);
    assert_int_equal(balance.days[3].sold_value, 500);
    assert_int_equal(balance.days[4].estimated_meters, 0);
    assert_int_equal(balance.span.estimated_meters, 0);
    assert_int_equal(balance.span.sold_value, 3500);
}

/* The estimate never runs past what is known later. */
static void an_estimate_stays_below_the_next_midnight(void **state)
{
    (void)state;
    begin();
    struct loss_meter meter = steady(false, 1, 500);
    forget(&meter, FROM + 3);
    int64_t reached = meter.points[LOSS_MEAN_DAYS + 2].total_value;
    for (int32_t day = FROM + 4; day <= TO + 1; day++)
        loss_meter_put(&balance, &meter, day, reached + 10, false);
    loss_balance_add(&balance, &meter);
    assert_int_equal(balance.days[2].sold_value, 10);
    assert_int_equal(balance.days[3].sold_value, 0);
    assert_int_equal(balance.span.sold_value, 2 * 500 + 10);
}

static void a_silent_meter_goes_on_with_its_mean(void **state)
{
    (void)state;
    begin();
    struct loss_meter meter = steady(true, 1, 700);
    for (int32_t day = FROM + 2; day <= TO + 1; day++)
        forget(&meter, day);
    loss_balance_add(&balance, &meter);
    assert_int_equal(balance.span.supply_value, 7 * 700);
    assert_int_equal(balance.span.supply_estimated_value, 7 * 700);
    assert_int_equal(balance.days[0].estimated_meters, 0);
    assert_int_equal(balance.days[6].supply_value, 700);
    assert_int_equal(balance.days[6].estimated_meters, 1);
}

static void a_meter_without_past_is_unknown(void **state)
{
    (void)state;
    begin();
    struct loss_meter meter;
    loss_meter_begin(&meter, false, 1);
    loss_balance_add(&balance, &meter);
    loss_meter_begin(&meter, false, 1);
    loss_meter_put(&balance, &meter, FROM + 1, 40, false); /* one midnight has no mean */
    loss_balance_add(&balance, &meter);
    assert_int_equal(balance.span.unknown_meters, 2);
    assert_int_equal(balance.span.sold_meters, 2);
    assert_int_equal(balance.span.sold_value, 0);
    assert_int_equal(balance.days[1].unknown_meters, 2);
}

/* Exchange on a day: the old meter up to its end, the new one from its beginning; nothing is counted twice or lost. */
static void an_exchange_loses_nothing(void **state)
{
    (void)state;
    begin();
    struct loss_meter old = steady(false, 1, 500), new;
    int64_t end = old.points[LOSS_MEAN_DAYS + 2].total_value + 200;
    for (int32_t day = FROM + 3; day <= TO + 1; day++)
        forget(&old, day);
    old.last_day = FROM + 2;
    loss_meter_put(&balance, &old, FROM + 3, end, false);
    loss_meter_begin(&new, false, 1);
    new.first_day = FROM + 2;
    loss_meter_put(&balance, &new, FROM + 2, end, false);
    for (int32_t day = FROM + 3; day <= TO + 1; day++)
        loss_meter_put(&balance, &new, day, end + 300 + (day - FROM - 3) * 500, false);
    loss_balance_add(&balance, &old);
    loss_balance_add(&balance, &new);
    assert_int_equal(balance.span.sold_value, 7 * 500);
    assert_int_equal(balance.days[2].sold_value, 500);
    assert_int_equal(balance.days[3].sold_value, 500);
    assert_int_equal(balance.days[3].sold_meters, 1);
    assert_int_equal(balance.span.unknown_meters, 0);
    assert_int_equal(balance.span.estimated_meters, 0);
}

static void a_stored_estimate_is_marked(void **state)
{
    (void)state;
    begin();
    struct loss_meter meter = steady(false, 1, 500);
    loss_meter_put(&balance, &meter, FROM + 5, meter.points[LOSS_MEAN_DAYS + 5].total_value, true);
    loss_balance_add(&balance, &meter);
    assert_int_equal(balance.days[4].estimated_meters, 1);
    assert_int_equal(balance.days[5].estimated_meters, 1);
    assert_int_equal(balance.days[3].estimated_meters, 0);
}

static void bounds(void **state)
{
    (void)state;
    assert_int_equal(loss_balance_begin(&balance, 10, 9), -1);
    assert_int_equal(loss_balance_begin(&balance, 0, LOSS_DAYS_LIMIT), -1);
    assert_int_equal(loss_balance_begin(&balance, INT32_MIN, INT32_MAX), -1);
    assert_int_equal(loss_balance_begin(&balance, 0, LOSS_DAYS_LIMIT - 1), 0);
    struct loss_meter meter;
    loss_meter_begin(&meter, false, 1);
    loss_meter_put(&balance, &meter, -LOSS_MEAN_DAYS - 1, 5, false);
    loss_meter_put(&balance, &meter, LOSS_DAYS_LIMIT + 1, 5, false);
    for (size_t i = 0; i < LOSS_POINT_LIMIT; i++)
        assert_false(meter.points[i].known);
    struct loss_figures nothing = { .sold_value = 10 };
    assert_int_equal(loss_permille(&nothing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loss_is_supply_minus_sold),
        cmocka_unit_test(a_hole_is_estimated_and_marked),
        cmocka_unit_test(an_estimate_stays_below_the_next_midnight),
        cmocka_unit_test(a_silent_meter_goes_on_with_its_mean),
        cmocka_unit_test(a_meter_without_past_is_unknown),
        cmocka_unit_test(an_exchange_loses_nothing),
        cmocka_unit_test(a_stored_estimate_is_marked),
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
