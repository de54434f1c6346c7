#include "tests/unit/unit_test.h"

#include "wire/flood_guard.h"

#define LIMIT 20
#define OTHERS 2000

static struct flood_guard *guard_make(uint32_t limit)
{
    struct flood_guard *guard = NULL;
    assert_int_equal(flood_guard_open(limit, (struct hash_key){ 3, 5 }, &guard), 0);
    return guard;
}

static void a_flood_is_limited_and_others_are_not(void **state)
{
    (void)state;
    struct flood_guard *guard = guard_make(LIMIT);
    struct peer_address flood = peer_address_of_loopback(5683);
    unsigned admitted = 0;
    for (unsigned i = 0; i < 100000; i++)
        admitted += flood_guard_admit(guard, &flood, 5000);
    assert_int_equal(admitted, LIMIT);
    assert_int_equal(counter_read(flood_guard_counters(guard), FLOOD_DROPPED), 100000 - LIMIT);
    for (unsigned i = 0; i < OTHERS; i++) {
        struct peer_address other = peer_address_of_loopback((uint16_t)(10000 + i));
        assert_true(flood_guard_admit(guard, &other, 5999));
    }
    flood_guard_close(guard);
}

static void the_next_second_begins_anew(void **state)
{
    (void)state;
    struct flood_guard *guard = guard_make(1);
    struct peer_address address = peer_address_of_loopback(5683);
    assert_true(flood_guard_admit(guard, &address, 1999));
    assert_false(flood_guard_admit(guard, &address, 1999));
    assert_true(flood_guard_admit(guard, &address, 2000));
    assert_false(flood_guard_admit(guard, &address, 2000));
    flood_guard_close(guard);
}

static void nothing_said_is_the_default(void **state)
{
    (void)state;
    struct flood_guard *guard = guard_make(0);
    struct peer_address address = peer_address_of_loopback(5683);
    unsigned admitted = 0;
    for (unsigned i = 0; i < 2 * FLOOD_GUARD_LIMIT_DEFAULT; i++)
        admitted += flood_guard_admit(guard, &address, 0);
    assert_int_equal(admitted, FLOOD_GUARD_LIMIT_DEFAULT);
    flood_guard_close(guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_is_limited_and_others_are_not),
        cmocka_unit_test(the_next_second_begins_anew),
        cmocka_unit_test(nothing_said_is_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
