#include "tests/unit/unit_test.h"

#include "sim/network.h"

#define TRIES 100000

static void loses_and_doubles_as_its_table_says(void **state)
{
    struct random random = random_of_seed(9);

    (void)state;
    for (int coverage = 0; coverage < COVERAGE_COUNT; coverage++) {
        const struct coverage_row *row = coverage_row((enum coverage)coverage);
        int64_t delays_ms[NETWORK_COPY_LIMIT];
        int lost = 0;
        int doubled = 0;
        for (int i = 0; i < TRIES; i++) {
            int copies = network_route((enum coverage)coverage, &random, delays_ms);
            lost += copies == 0;
            doubled += copies == 2;
            for (int copy = 0; copy < copies; copy++)
                assert_in_range(delays_ms[copy], (uintmax_t)row->delay_low_ms,
                                (uintmax_t)(row->delay_high_ms + row->late_ms));
        }
        assert_in_range(lost * 1000 / TRIES, row->lost_permille * 7u / 10, row->lost_permille + 1u);
        assert_true(doubled * 1000 / TRIES <= row->doubled_permille);
        assert_true(row->doubled_permille == 0 || doubled > 0);
    }
}

static void the_same_seed_is_the_same_weather(void **state)
{
    struct random a = random_of_seed(4);
    struct random b = random_of_seed(4);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int64_t first[NETWORK_COPY_LIMIT] = { 0 };
        int64_t second[NETWORK_COPY_LIMIT] = { 0 };
        assert_int_equal(network_route(COVERAGE_STORM, &a, first), network_route(COVERAGE_STORM, &b, second));
        assert_memory_equal(first, second, sizeof first);
        assert_int_equal(network_attach_ms(COVERAGE_STORM, &a), network_attach_ms(COVERAGE_STORM, &b));
    }
}

static void a_cable_always_attaches_and_an_unknown_class_is_the_good_one(void **state)
{
    struct random random = random_of_seed(1);

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(network_attach_ms(COVERAGE_PERFECT, &random), 1);
    assert_ptr_equal(coverage_row((enum coverage)99), coverage_row(COVERAGE_GOOD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loses_and_doubles_as_its_table_says),
        cmocka_unit_test(the_same_seed_is_the_same_weather),
        cmocka_unit_test(a_cable_always_attaches_and_an_unknown_class_is_the_good_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
