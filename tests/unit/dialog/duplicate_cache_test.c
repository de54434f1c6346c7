#include "tests/unit/unit_test.h"

#include "dialog/duplicate_cache.h"

static void entry_counts_for_the_exchange_lifetime(void **state)
{
    (void)state;
    struct duplicate_cache cache;
    bool evicted;
    assert_true(duplicate_cache_open(&cache, 8));
    assert_null(duplicate_cache_find(&cache, 5, 1, 1000));
    uint32_t arrival = duplicate_cache_put(&cache, 5, 1, 1000, &evicted);
    assert_false(evicted);
    assert_ptr_equal(duplicate_cache_find(&cache, 5, 1, 1246), duplicate_cache_at(&cache, arrival));
    assert_null(duplicate_cache_find(&cache, 5, 1, 1247));
    assert_null(duplicate_cache_find(&cache, 5, 2, 1000)); /* other content */
    assert_null(duplicate_cache_find(&cache, 5, 1, 999));  /* the clock went back: nothing is known */
    duplicate_cache_at(&cache, arrival)->forgotten = true;
    assert_null(duplicate_cache_find(&cache, 5, 1, 1000));
    duplicate_cache_close(&cache);
}

static void oldest_gives_way_when_full(void **state)
{
    (void)state;
    struct duplicate_cache cache;
    bool evicted = false;
    assert_true(duplicate_cache_open(&cache, 4));
    uint32_t first = duplicate_cache_put(&cache, 100, 1, 10, &evicted);
    for (uint64_t key = 101; key < 104; key++)
        duplicate_cache_put(&cache, key, 1, 10, &evicted);
    assert_false(evicted);
    assert_non_null(duplicate_cache_find(&cache, 100, 1, 10));
    duplicate_cache_put(&cache, 104, 1, 10, &evicted);
    assert_true(evicted);
    assert_null(duplicate_cache_find(&cache, 100, 1, 10));
    assert_null(duplicate_cache_at(&cache, first));
    for (uint64_t key = 101; key < 105; key++)
        assert_non_null(duplicate_cache_find(&cache, key, 1, 10));
    duplicate_cache_close(&cache);
}

static void keys_of_one_bucket_are_told_apart(void **state)
{
    (void)state;
    struct duplicate_cache cache;
    bool evicted;
    assert_true(duplicate_cache_open(&cache, 16));
    for (uint64_t key = 3; key < 3 + 16 * 10; key += 16) /* all in bucket 3 */
        duplicate_cache_put(&cache, key, (uint32_t)key, 10, &evicted);
    for (uint64_t key = 3; key < 3 + 16 * 10; key += 16)
        assert_int_equal(duplicate_cache_find(&cache, key, (uint32_t)key, 10)->key, key);
    for (uint64_t key = 4; key < 180; key += 16) /* pushes the first ones out, whose chain must end well */
        duplicate_cache_put(&cache, key, 1, 10, &evicted);
    assert_null(duplicate_cache_find(&cache, 3, 3, 10));
    assert_int_equal(duplicate_cache_find(&cache, 147, 147, 10)->key, 147);
    duplicate_cache_close(&cache);
}

static void arrival_numbers_wrap(void **state)
{
    (void)state;
    struct duplicate_cache cache;
    bool evicted;
    assert_true(duplicate_cache_open(&cache, 4));
    cache.arrivals = UINT32_MAX - 2;
    for (uint64_t key = 1; key <= 8; key++) {
        uint32_t arrival = duplicate_cache_put(&cache, key, 1, 10, &evicted);
        assert_int_not_equal(arrival, 0);
        assert_int_equal(duplicate_cache_find(&cache, key, 1, 10)->key, key);
    }
    duplicate_cache_close(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_counts_for_the_exchange_lifetime),
        cmocka_unit_test(oldest_gives_way_when_full),
        cmocka_unit_test(keys_of_one_bucket_are_told_apart),
        cmocka_unit_test(arrival_numbers_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
