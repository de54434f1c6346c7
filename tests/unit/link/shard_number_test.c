#include "tests/unit/unit_test.h"

#include <stdlib.h>

#include "link/shard_number.h"

static void the_first_shard_alone_has_its_own_numbers(void **state)
{
    (void)state;

    assert_int_equal(shard_number_width(0), 0);
    assert_int_equal(shard_number_make(0, 0, 1), 1);
    assert_int_equal(shard_number_make(0, 0, SHARD_NUMBER_LIMIT - 1), SHARD_NUMBER_LIMIT - 1);
    assert_int_equal(shard_number_make(0, 0, SHARD_NUMBER_LIMIT), 0);
    assert_int_equal(shard_number_make(0, 0, 0), 0);
}

static void a_number_leads_back_to_its_shard_and_device(void **state)
{
    (void)state;

    for (uint32_t highest = 0; highest < SHARD_LIMIT; highest++) {
        unsigned width = shard_number_width(highest);
        const uint32_t last = (SHARD_NUMBER_LIMIT >> width) - 1;
        const uint32_t devices[] = { 1, 2, 4711, last - 1, last };
        for (uint32_t shard = 0; shard <= highest; shard++)
            for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
                uint32_t number = shard_number_make(width, shard, devices[i]);
                assert_true(number > 0 && number < SHARD_NUMBER_LIMIT);
                assert_int_equal(shard_number_shard(width, number), shard);
                assert_int_equal(shard_number_device(width, number), devices[i]);
            }
        assert_int_equal(shard_number_make(width, highest, last + 1), 0);
    }
}

/* Handles that devices hold are made of it, and gates come to serve more shards. */
static void a_device_keeps_its_number_when_shards_are_added(void **state)
{
    (void)state;

    for (uint32_t shard = 0; shard < SHARD_LIMIT; shard++) {
        uint32_t number = shard_number_make(shard_number_width(shard), shard, 4711);
        assert_int_equal(number, shard_number_base(shard) + 4711);
        for (uint32_t highest = shard; highest < SHARD_LIMIT; highest++)
            assert_int_equal(shard_number_make(shard_number_width(highest), shard, 4711), number);
        for (uint32_t other = 0; other < shard; other++)
            assert_int_not_equal(shard_number_make(4, other, 4711), number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_shard_alone_has_its_own_numbers),
        cmocka_unit_test(a_number_leads_back_to_its_shard_and_device),
        cmocka_unit_test(a_device_keeps_its_number_when_shards_are_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
