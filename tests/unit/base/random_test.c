#include "tests/unit/unit_test.h"

#include "base/random.h"

/* First outputs of the authors' reference code (prng.di.unimi.it) for state 1, 2, 3, 4. */
static void reference_numbers_of_xoshiro(void **state)
{
    (void)state;
    struct random random = { { 1, 2, 3, 4 } };
    assert_true(random_next(&random) == UINT64_C(11520));
    assert_true(random_next(&random) == UINT64_C(0));
    assert_true(random_next(&random) == UINT64_C(1509978240));
    assert_true(random_next(&random) == UINT64_C(1215971899390074240));
}

static void reference_numbers_of_splitmix(void **state)
{
    (void)state;
    uint64_t counter = 0;
    assert_true(random_splitmix(&counter) == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(random_splitmix(&counter) == UINT64_C(0x6E789E6AA1B965F4));
    assert_true(random_splitmix(&counter) == UINT64_C(0x06C45D188009454F));
}

static void same_seed_same_numbers(void **state)
{
    (void)state;
    struct random first = random_of_seed(7), again = random_of_seed(7), other = random_of_seed(8);
    int different = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t value = random_next(&first);
        assert_true(value == random_next(&again));
        different += value != random_next(&other);
    }
    assert_int_equal(different, 100);
}

static void streams_differ_from_each_other_and_from_swapped_ones(void **state)
{
    (void)state;
    struct random one = random_of_stream(1, 2), two = random_of_stream(2, 1), same = random_of_stream(3, 3);
    struct random other = random_of_stream(4, 4);
    assert_true(random_next(&one) != random_next(&two));
    assert_true(random_next(&same) != random_next(&other));
}

static void below_reaches_every_number_evenly(void **state)
{
    (void)state;
    struct random random = random_of_seed(3);
    int counts[6] = { 0 };
    for (int i = 0; i < 60000; i++)
        counts[random_below(&random, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 9600, 10400); /* the seed is fixed: 10,000 with a deviation of 91 */
    assert_true(random_below(&random, 0) == 0);
    assert_true(random_below(&random, 1) == 0);
    for (int i = 0; i < 100; i++)
        assert_true(random_below(&random, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
}

static void between_includes_both_ends(void **state)
{
    (void)state;
    struct random random = random_of_seed(4);
    int low_seen = 0, high_seen = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t value = random_between(&random, -2, 2);
        assert_true(value >= -2 && value <= 2);
        low_seen += value == -2;
        high_seen += value == 2;
    }
    assert_true(low_seen > 0 && high_seen > 0);
    assert_true(random_between(&random, 5, 5) == 5);
    assert_true(random_between(&random, 5, 4) == 5);
    int negative = 0;
    for (int i = 0; i < 1000; i++)
        negative += random_between(&random, INT64_MIN, INT64_MAX) < 0;
    assert_in_range(negative, 400, 600);
}

static void chance_keeps_to_its_ends(void **state)
{
    (void)state;
    struct random random = random_of_seed(5);
    int hits = 0;
    for (int i = 0; i < 1000; i++) {
        assert_false(random_chance(&random, 0, 10));
        assert_true(random_chance(&random, 10, 10));
        assert_false(random_chance(&random, 1, 0));
        hits += random_chance(&random, 1, 4);
    }
    assert_in_range(hits, 190, 310);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_numbers_of_xoshiro),
        cmocka_unit_test(reference_numbers_of_splitmix),
        cmocka_unit_test(same_seed_same_numbers),
        cmocka_unit_test(streams_differ_from_each_other_and_from_swapped_ones),
        cmocka_unit_test(below_reaches_every_number_evenly),
        cmocka_unit_test(between_includes_both_ends),
        cmocka_unit_test(chance_keeps_to_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
