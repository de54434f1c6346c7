#include "tests/unit/unit_test.h"

#include "tests/unit/meter/power_life.h"

#ifndef METER_POWER_STRIDE
#define METER_POWER_STRIDE 1
#endif

static void cut_everywhere(void **state, enum host_flash_tear tear)
{
    const struct power_life *life = *state;
    unsigned cuts;
    uint64_t operations = life->run(0, tear, &cuts);

    assert_int_equal(cuts, 0);
    for (uint64_t cut_at = 1; cut_at <= operations; cut_at += METER_POWER_STRIDE) {
        (void)life->run(cut_at, tear, &cuts);
        assert_true(cuts >= 1);
    }
}

void nothing_is_lost_between_operations(void **state)
{
    cut_everywhere(state, HOST_FLASH_TEAR_BEFORE);
}

void nothing_is_lost_in_half_an_operation(void **state)
{
    cut_everywhere(state, HOST_FLASH_TEAR_PREFIX);
}

void nothing_is_lost_among_torn_bits(void **state)
{
    cut_everywhere(state, HOST_FLASH_TEAR_BITS);
}

void nothing_is_lost_after_an_unreported_operation(void **state)
{
    cut_everywhere(state, HOST_FLASH_TEAR_AFTER);
}
