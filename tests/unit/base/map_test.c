#include "tests/unit/unit_test.h"

#include "base/error.h"
#include "base/map.h"
#include "base/random.h"

static void empty_map_answers(void **state)
{
    (void)state;
    struct map map = map_make(4, 1);
    size_t position = 0;
    struct map_slot entry;
    uint64_t value = 77;
    assert_false(map_get(&map, 0, &value));
    assert_int_equal(value, 77);
    assert_false(map_remove(&map, 0));
    assert_false(map_next(&map, &position, &entry));
    map_release(&map);
}

static void put_tells_new_from_replaced(void **state)
{
    (void)state;
    struct map map = map_make(4, 1);
    uint64_t value = 0;
    assert_int_equal(map_put(&map, 0, 5), 1);
    assert_int_equal(map_put(&map, UINT64_MAX, 6), 1);
    assert_int_equal(map_put(&map, 0, 7), 0);
    assert_int_equal(map.count, 2);
    assert_true(map_get(&map, 0, &value));
    assert_int_equal(value, 7);
    assert_true(map_get(&map, UINT64_MAX, NULL));
    map_release(&map);
    assert_false(map_get(&map, 0, NULL));
    assert_int_equal(map.count, 0);
}

static void a_reserve_takes_room_and_keeps_entries(void **state)
{
    (void)state;
    struct map map = map_make(1000, 1);
    uint64_t value = 0;
    assert_int_equal(map_put(&map, 9, 90), 1);
    assert_int_equal(map_reserve(&map, 1000), 0);
    size_t slots = map.slot_count;
    for (uint64_t key = 10; key < 1009; key++)
        assert_int_equal(map_put(&map, key, key * 10), 1);
    assert_int_equal(map.slot_count, slots);
    assert_true(map_get(&map, 9, &value));
    assert_int_equal(value, 90);
    assert_int_equal(map_reserve(&map, 1001), BASE_ERR_FULL);
    assert_int_equal(map_reserve(&map, 5), 0); /* never less than there is */
    assert_int_equal(map.slot_count, slots);
    map_release(&map);
}

static void full_map_still_replaces(void **state)
{
    (void)state;
    struct map map = map_make(3, 1);
    for (uint64_t key = 0; key < 3; key++)
        assert_int_equal(map_put(&map, key, key), 1);
    assert_int_equal(map_put(&map, 3, 3), BASE_ERR_FULL);
    assert_int_equal(map_put(&map, 2, 9), 0);
    assert_int_equal(map.count, 3);
    assert_true(map_remove(&map, 0));
    assert_int_equal(map_put(&map, 3, 3), 1);
    map_release(&map);
    struct map none = map_make(0, 1);
    assert_int_equal(map_put(&none, 1, 1), BASE_ERR_FULL);
    map_release(&none);
}

#define KEYS 500

/* A long random life beside a plain array that cannot be wrong; few keys, so that runs collide and holes close. */
static void agrees_with_a_plain_array(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        struct random random = random_of_seed(seed);
        struct map map = map_make(KEYS, seed);
        uint64_t values[KEYS] = { 0 }; /* 0: not there */
        size_t there = 0;
        for (int step = 0; step < 20000; step++) {
            uint64_t key = random_below(&random, KEYS);
            uint64_t value = 0;
            if (random_chance(&random, 1, 2)) {
                int expected = values[key] == 0;
                values[key] = random_below(&random, 1000) + 1;
                assert_int_equal(map_put(&map, key, values[key]), expected);
                there += (size_t)expected;
            } else {
                assert_int_equal(map_remove(&map, key), values[key] != 0);
                there -= values[key] != 0;
                values[key] = 0;
            }
            key = random_below(&random, KEYS);
            assert_int_equal(map_get(&map, key, &value), values[key] != 0);
            assert_true(value == values[key]);
            assert_int_equal(map.count, there);
        }
        size_t position = 0, walked = 0;
        for (struct map_slot entry; map_next(&map, &position, &entry); walked++)
            assert_true(entry.key < KEYS && values[entry.key] == entry.value);
        assert_int_equal(walked, there);
        map_release(&map);
    }
}

static void growth_stays_within_three_quarters(void **state)
{
    (void)state;
    struct map map = map_make(100000, 9);
    for (uint64_t key = 0; key < 100000; key++) {
        assert_int_equal(map_put(&map, key << 32, key), 1);
        assert_true(map.count * 4 <= map.slot_count * 3);
    }
    assert_int_equal(map.slot_count, 262144);
    map_release(&map);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_map_answers),
        cmocka_unit_test(put_tells_new_from_replaced),
        cmocka_unit_test(a_reserve_takes_room_and_keeps_entries),
        cmocka_unit_test(full_map_still_replaces),
        cmocka_unit_test(agrees_with_a_plain_array),
        cmocka_unit_test(growth_stays_within_three_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
