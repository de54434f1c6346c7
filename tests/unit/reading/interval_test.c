/* A day of quarter-hours is judged as a whole: what is believed, what is refused and why, what flowed. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "reading/interval.h"

#define START_ML INT64_C(5000000)
#define LITRE INT64_C(1000)

/* DN15: 5 m3/h at most, so 1.25 m3 in a quarter. */
static const struct registry_device water = { .kind = DEVICE_KIND_COLD_WATER, .register_modulus_value = INT64_C(100000000000),
                                              .flow_limit_value_per_h = 5000000, .multiplier_e3 = 1000 };

/* 10 L each quarter: slot k shows START + 10 (k + 1). */
static struct interval_day even_day(void)
{
    struct interval_day day;
    interval_day_clear(&day);
    for (int slot = 0; slot < INTERVAL_SLOTS; slot++) {
        day.values[slot] = START_ML + (slot + 1) * 10 * LITRE;
        day.states[slot] = INTERVAL_GOOD;
    }
    return day;
}

static struct interval_bounds bounds_of_day(void)
{
    struct interval_bounds bounds = interval_bounds_of(&water);
    bounds.midnight_values[0] = START_ML;
    bounds.midnight_values[1] = START_ML + 960 * LITRE;
    bounds.midnight_known[0] = bounds.midnight_known[1] = true;
    return bounds;
}

static struct interval_summary judge(const struct interval_bounds *bounds, struct interval_day *day)
{
    struct interval_summary summary;
    interval_day_judge(bounds, day, &summary);
    return summary;
}

static void a_whole_day_is_believed_and_its_use_adds_up(void **state)
{
    (void)state;
    struct interval_day day = even_day();
    struct interval_bounds bounds = bounds_of_day();
    struct interval_summary summary = judge(&bounds, &day);
    struct interval_use use;

    assert_int_equal(summary.believed, 96);
    assert_int_equal(summary.refused + summary.missing, 0);
    assert_int_equal(summary.period_slots, 1);
    assert_true(summary.sum_checked && !summary.sum_differs);
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    for (int i = 0; i < 96; i++) {
        assert_int_equal(use.values[i], 10 * LITRE);
        assert_int_equal(use.marks[i], INTERVAL_MEASURED);
    }
    interval_use_make(&water, &bounds, &day, 4, 1000, &use);
    assert_int_equal(use.count, 24);
    assert_int_equal(use.values[23], 40 * LITRE);
    interval_use_make(&water, &bounds, &day, 96, 30000, &use);
    assert_int_equal(use.count, 1);
    assert_int_equal(use.values[0], 30 * 960 * LITRE);
}

static void gaps_are_estimated_and_marked(void **state)
{
    (void)state;
    struct interval_day day = even_day();
    struct interval_bounds bounds = bounds_of_day();
    struct interval_use use;
    day.states[0] = day.states[40] = day.states[41] = day.states[95] = INTERVAL_GAP;
    day.values[42] += 5 * LITRE;
    struct interval_summary summary = judge(&bounds, &day);
    assert_int_equal(summary.missing, 4);
    assert_false(summary.sum_checked);
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    int64_t sum = 0;
    for (int i = 0; i < 96; i++)
        sum += use.values[i];
    assert_int_equal(sum, 960 * LITRE);
    assert_int_equal(use.values[40] + use.values[41] + use.values[42], 35 * LITRE);
    for (int i = 40; i <= 42; i++)
        assert_int_equal(use.marks[i], INTERVAL_ESTIMATED);
    assert_int_equal(use.marks[43], INTERVAL_MEASURED);
    assert_int_equal(use.marks[0], INTERVAL_ESTIMATED); /* between midnight and 00:30 */
    assert_int_equal(use.marks[95], INTERVAL_MEASURED); /* up to the midnight register */
    bounds.midnight_known[0] = bounds.midnight_known[1] = false;
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    assert_int_equal(use.marks[0], INTERVAL_UNKNOWN);
    assert_int_equal(use.marks[1], INTERVAL_UNKNOWN);
    assert_int_equal(use.marks[95], INTERVAL_UNKNOWN);
    assert_int_equal(use.marks[94], INTERVAL_MEASURED);
    assert_int_equal(day.states[40], INTERVAL_GAP);
}

static void one_wild_value_is_set_aside_alone(void **state)
{
    (void)state;
    static const struct { int slot; int64_t change; uint8_t state; } rows[] = {
        { 20, 3000 * LITRE, INTERVAL_SPIKE },        { 20, -100 * LITRE, INTERVAL_BACKWARD },
        { 20, INT64_C(100000000000), INTERVAL_RANGE }, { 20, -INT64_C(99000000), INTERVAL_RANGE },
        { 0, 3000 * LITRE, INTERVAL_SPIKE },         { 0, -100 * LITRE, INTERVAL_BACKWARD },
        { 90, 500 * LITRE, INTERVAL_MIDNIGHT },      { 95, 2 * LITRE, INTERVAL_MIDNIGHT },
        { 95, -2 * LITRE, INTERVAL_BACKWARD },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct interval_day day = even_day();
        struct interval_bounds bounds = bounds_of_day();
        if (i == 8)
            day.values[94] += 9 * LITRE;
        day.values[rows[i].slot] += rows[i].change;
        struct interval_summary summary = judge(&bounds, &day);
        assert_int_equal(day.states[rows[i].slot], rows[i].state);
        assert_int_equal(summary.refused, 1);
        assert_int_equal(summary.believed, 95);
        assert_int_equal(summary.sum_differs, rows[i].slot == 95);
    }
}

static void a_unit_of_the_dial_is_no_difference(void **state)
{
    (void)state;
    struct interval_day day = even_day();
    struct interval_bounds bounds = bounds_of_day();
    bounds.midnight_values[0] = day.values[0] + LITRE;
    bounds.midnight_values[1] -= LITRE;
    struct interval_summary summary = judge(&bounds, &day);
    assert_int_equal(summary.believed, 96);
    assert_true(summary.sum_checked && !summary.sum_differs);
    struct interval_use use;
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    assert_int_equal(use.values[0], 0);
    bounds.midnight_values[1] -= LITRE;
    assert_true(judge(&bounds, &day).sum_differs);
    assert_int_equal(day.states[95], INTERVAL_MIDNIGHT);
    bounds.midnight_values[1] += LITRE; /* the midnight was corrected: the day is believed again */
    assert_int_equal(judge(&bounds, &day).believed, 96);
}

static void without_midnights_most_values_decide(void **state)
{
    (void)state;
    struct interval_bounds bounds = interval_bounds_of(&water);
    struct interval_day day = even_day();
    day.values[0] = 900000 * LITRE;
    day.values[1] = 800000 * LITRE;
    struct interval_summary summary = judge(&bounds, &day);
    assert_int_equal(summary.believed, 94);
    assert_int_equal(day.states[0], INTERVAL_SPIKE);
    assert_int_equal(day.states[1], INTERVAL_SPIKE);
    assert_int_equal(day.states[2], INTERVAL_GOOD);
    day = even_day();
    assert_int_equal(judge(&bounds, &day).believed, 96);
}

static void the_dial_goes_over_its_end(void **state)
{
    (void)state;
    struct interval_day day = even_day();
    struct interval_bounds bounds = bounds_of_day();
    struct interval_use use;
    int64_t shift = water.register_modulus_value - START_ML - 500 * LITRE;
    for (int slot = 0; slot < 96; slot++)
        day.values[slot] = (day.values[slot] + shift) % water.register_modulus_value;
    for (int i = 0; i < 2; i++)
        bounds.midnight_values[i] = (bounds.midnight_values[i] + shift) % water.register_modulus_value;
    assert_int_equal(judge(&bounds, &day).believed, 96);
    interval_use_make(&water, &bounds, &day, 96, 1000, &use);
    assert_int_equal(use.values[0], 960 * LITRE);
}

static void hours_and_half_hours_are_whole_days(void **state)
{
    (void)state;
    for (int slots = 2; slots <= 4; slots *= 2) {
        struct interval_day day = even_day();
        struct interval_bounds bounds = bounds_of_day();
        struct interval_use use;
        for (int slot = 0; slot < 96; slot++)
            if ((slot + 1) % slots != 0)
                day.states[slot] = INTERVAL_GAP;
        day.states[47] = INTERVAL_GAP;
        struct interval_summary summary = judge(&bounds, &day);
        assert_int_equal(summary.period_slots, slots);
        assert_int_equal(summary.missing, 1);
        interval_use_make(&water, &bounds, &day, summary.period_slots, 1000, &use);
        assert_int_equal(use.values[1], slots * 10 * LITRE);
        assert_int_equal(use.marks[1], INTERVAL_MEASURED);
    }
}

static void parts_come_together_and_contradictions_stay(void **state)
{
    (void)state;
    struct interval_day day, whole = even_day(), fresh;
    struct interval_bounds bounds = bounds_of_day();
    uint32_t displaced[3];
    int64_t others[96];
    unsigned repeated;

    interval_day_clear(&day);
    fresh = whole;
    memset(fresh.states + 50, INTERVAL_GAP, 46);
    assert_int_equal(interval_day_merge(&day, &fresh, &repeated, displaced, others), 50);
    assert_int_equal(interval_day_merge(&day, &whole, &repeated, displaced, others), 46);
    assert_int_equal(repeated, 50);
    assert_int_equal(interval_day_merge(&day, &whole, &repeated, displaced, others), 0);
    assert_int_equal(repeated, 96);
    assert_memory_equal(&day, &whole, sizeof day);

    /* Another value at a believed instant is kept beside it. */
    fresh = whole;
    fresh.values[33] += LITRE;
    assert_int_equal(interval_day_merge(&day, &fresh, &repeated, displaced, others), 1);
    assert_int_equal(displaced[1], 2);
    assert_int_equal(others[33], whole.values[33] + LITRE);
    assert_int_equal(day.values[33], whole.values[33]);
    assert_int_equal(judge(&bounds, &day).believed, 96);
    assert_int_equal(day.states[33], INTERVAL_CONFLICT);

    /* At one that is not believed the new one takes its place. */
    day.values[60] += 4000 * LITRE;
    assert_int_equal(judge(&bounds, &day).refused, 1);
    assert_int_equal(interval_day_merge(&day, &whole, &repeated, displaced, others), 1);
    assert_int_equal(others[60], whole.values[60] + 4000 * LITRE);
    assert_int_equal(judge(&bounds, &day).believed, 96);
    assert_int_equal(day.states[60], INTERVAL_CONFLICT);
}

static void night_and_what_never_stops(void **state)
{
    (void)state;
    struct interval_day day = even_day();
    struct interval_bounds bounds = bounds_of_day();
    struct interval_use use;
    (void)judge(&bounds, &day);
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    assert_int_equal(interval_night_minimum(&use), 40 * LITRE);
    assert_true(interval_never_still(&use));
    for (int slot = 10; slot < 15; slot++)
        day.values[slot] = day.values[15]; /* nothing from 02:45 to 04:00, but the quarter before takes all */
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    assert_int_equal(interval_night_minimum(&use), 0);
    assert_false(interval_never_still(&use));
    day = even_day();
    memset(day.states + 4, INTERVAL_GAP, 16);
    interval_use_make(&water, &bounds, &day, 1, 1000, &use);
    assert_int_equal(interval_night_minimum(&use), INTERVAL_NIGHT_UNKNOWN);
    assert_false(interval_never_still(&use));
}

/* Whatever came: believed values never fall, every value keeps its place, use adds up to what the ends say. */
static void random_days_keep_the_rules(void **state)
{
    (void)state;
    struct random random = random_of_seed(15);
    for (int round = 0; round < 3000; round++) {
        struct interval_day day = even_day(), before;
        struct interval_bounds bounds = bounds_of_day();
        struct interval_use use;
        bounds.midnight_known[0] = random_chance(&random, 1, 2);
        bounds.midnight_known[1] = random_chance(&random, 1, 2);
        for (uint64_t wild = random_below(&random, 30); wild > 0; wild--) {
            uint64_t slot = random_below(&random, 96);
            day.values[slot] += random_between(&random, -6000, 6000) * LITRE;
            day.states[slot] = random_chance(&random, 1, 3) ? INTERVAL_GAP : INTERVAL_GOOD;
        }
        before = day;
        struct interval_summary summary = judge(&bounds, &day);
        int64_t last = INT64_MIN, sum = 0;
        unsigned believed = 0;
        for (int slot = 0; slot < 96; slot++) {
            assert_int_equal(day.values[slot], before.values[slot]);
            assert_int_equal(day.states[slot] == INTERVAL_GAP, before.states[slot] == INTERVAL_GAP);
            if (!interval_state_believed(day.states[slot]))
                continue;
            assert_true(day.values[slot] >= last);
            last = day.values[slot];
            believed++;
        }
        assert_int_equal(summary.believed, believed);
        assert_int_equal(summary.believed + summary.refused + summary.missing, 96);
        interval_use_make(&water, &bounds, &day, 1, 1000, &use);
        for (int i = 0; i < 96; i++) {
            assert_true(use.values[i] >= 0);
            sum += use.values[i];
        }
        if (bounds.midnight_known[0] && bounds.midnight_known[1] && !interval_state_believed(day.states[95]))
            assert_int_equal(sum, 960 * LITRE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_day_is_believed_and_its_use_adds_up),
        cmocka_unit_test(gaps_are_estimated_and_marked),
        cmocka_unit_test(one_wild_value_is_set_aside_alone),
        cmocka_unit_test(a_unit_of_the_dial_is_no_difference),
        cmocka_unit_test(without_midnights_most_values_decide),
        cmocka_unit_test(the_dial_goes_over_its_end),
        cmocka_unit_test(hours_and_half_hours_are_whole_days),
        cmocka_unit_test(parts_come_together_and_contradictions_stay),
        cmocka_unit_test(night_and_what_never_stops),
        cmocka_unit_test(random_days_keep_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
