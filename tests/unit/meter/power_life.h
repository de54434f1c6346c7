/* A scripted life of a device, lived again and again with the power cut at every flash operation, in every manner of
 * tearing. */
#ifndef TESTS_UNIT_METER_POWER_LIFE_H
#define TESTS_UNIT_METER_POWER_LIFE_H

#include "meter/port/host/host_flash.h"

struct power_life {
    /* Live it all, and check what was promised after each cut and at the end.
     * cut_at   the flash operation of this number since the beginning loses power, 1 the first; 0 none does
     * cuts     written: how often power went
     * returns  flash operations of this life */
    uint64_t (*run)(uint64_t cut_at, enum host_flash_tear tear, unsigned *cuts);
};

/* Test cases; their state is a struct power_life. METER_POWER_STRIDE cuts at each n-th operation only: on small
 * machines. */
void nothing_is_lost_between_operations(void **state);
void nothing_is_lost_in_half_an_operation(void **state);
void nothing_is_lost_among_torn_bits(void **state);
void nothing_is_lost_after_an_unreported_operation(void **state);

/* All of them, for a table of tests. */
#define POWER_LIFE_TESTS(life) \
    cmocka_unit_test_prestate(nothing_is_lost_between_operations, life), \
        cmocka_unit_test_prestate(nothing_is_lost_in_half_an_operation, life), \
        cmocka_unit_test_prestate(nothing_is_lost_among_torn_bits, life), \
        cmocka_unit_test_prestate(nothing_is_lost_after_an_unreported_operation, life)

#endif
