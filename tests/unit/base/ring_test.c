#include "tests/unit/unit_test.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "base/error.h"
#include "base/ring.c" /* to look into its places */

struct message {
    uint64_t number;
    uint64_t check;
    uint32_t odd_size;
};

static struct message message_of(uint64_t number)
{
    struct message message = { number, ~number, (uint32_t)number };
    return message;
}

static void messages_come_out_in_order(void **state)
{
    (void)state;
    struct ring *ring = NULL;
    assert_int_equal(ring_make(3, sizeof(struct message), &ring), 0);
    assert_int_equal(ring_capacity(ring), 4);
    for (uint64_t round = 0; round < 10; round++) {
        for (uint64_t i = 0; i < 4; i++) {
            struct message in = message_of(round * 4 + i);
            assert_int_equal(ring_put(ring, &in), 0);
        }
        assert_int_equal(ring_count(ring), 4);
        for (uint64_t i = 0; i < 4; i++) {
            struct message out;
            assert_int_equal(ring_take(ring, &out), 0);
            assert_true(out.number == round * 4 + i && out.check == ~out.number);
        }
    }
    ring_release(ring);
}

static void full_and_empty_are_told(void **state)
{
    (void)state;
    struct ring *ring = NULL;
    struct message first = message_of(1), second = message_of(2), out = message_of(9);
    assert_int_equal(ring_make(1, sizeof(struct message), &ring), 0);
    assert_int_equal(ring_take(ring, &out), BASE_ERR_EMPTY);
    assert_int_equal(out.number, 9);
    assert_int_equal(ring_put(ring, &first), 0);
    assert_int_equal(ring_put(ring, &second), BASE_ERR_FULL);
    assert_int_equal(ring_take(ring, &out), 0);
    assert_int_equal(out.number, 1);
    assert_int_equal(ring_count(ring), 0);
    ring_release(ring);
}

static bool holds(const struct ring *ring, const char *secret)
{
    size_t size = ring->capacity * ring->message_size;
    for (size_t at = 0; at + strlen(secret) <= size; at++)
        if (memcmp(ring->messages + at, secret, strlen(secret)) == 0)
            return true;
    return false;
}

static void a_secret_does_not_stay_in_the_place_it_left(void **state)
{
    (void)state;
    static const char passwords[2][16] = { "password 000000", "password 111111" };
    struct ring *ring = NULL;
    char out[16];
    assert_int_equal(ring_make(2, sizeof out, &ring), 0);
    assert_int_equal(ring_put(ring, passwords[0]), 0);
    assert_int_equal(ring_put(ring, passwords[1]), 0);
    assert_true(holds(ring, passwords[0]) && holds(ring, passwords[1]));
    assert_int_equal(ring_take(ring, out), 0);
    assert_string_equal(out, passwords[0]);
    assert_true(!holds(ring, passwords[0]) && holds(ring, passwords[1]));
    assert_int_equal(ring_take(ring, out), 0);
    assert_string_equal(out, passwords[1]);
    assert_false(holds(ring, "password"));
    ring_release(ring);
}

static void a_secret_that_nobody_took_goes_with_the_ring(void **state)
{
    (void)state;
    struct ring *ring = NULL;
    assert_int_equal(ring_make(4, 9, &ring), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ring_put(ring, "password"), 0);
    waiting_wipe(ring);
    assert_false(holds(ring, "password"));
    ring_release(ring);
}

static void impossible_sizes_are_refused(void **state)
{
    (void)state;
    struct ring *ring = NULL;
    assert_int_equal(ring_make(0, 8, &ring), BASE_ERR_RANGE);
    assert_int_equal(ring_make(8, 0, &ring), BASE_ERR_RANGE);
    assert_int_equal(ring_make(SIZE_MAX, 8, &ring), BASE_ERR_RANGE);
    assert_int_equal(ring_make((size_t)1 << 31, SIZE_MAX / 4, &ring), BASE_ERR_MEMORY);
    assert_null(ring);
    ring_release(NULL);
}

#define CROSSING 200000

static void *numbers_put(void *context)
{
    struct ring *ring = context;
    for (uint64_t number = 0; number < CROSSING; number++) {
        struct message in = message_of(number);
        while (ring_put(ring, &in) == BASE_ERR_FULL)
            sched_yield();
    }
    return NULL;
}

static void nothing_is_lost_or_torn_between_threads(void **state)
{
    (void)state;
    struct ring *ring = NULL;
    pthread_t producer;
    assert_int_equal(ring_make(8, sizeof(struct message), &ring), 0);
    assert_int_equal(pthread_create(&producer, NULL, numbers_put, ring), 0);
    uint64_t wrong = 0;
    for (uint64_t number = 0; number < CROSSING; number++) {
        struct message out;
        while (ring_take(ring, &out) == BASE_ERR_EMPTY)
            sched_yield();
        wrong += out.number != number || out.check != ~number || out.odd_size != (uint32_t)number;
    }
    assert_int_equal(pthread_join(producer, NULL), 0);
    assert_int_equal(wrong, 0);
    assert_int_equal(ring_count(ring), 0);
    ring_release(ring);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_out_in_order),
        cmocka_unit_test(full_and_empty_are_told),
        cmocka_unit_test(a_secret_does_not_stay_in_the_place_it_left),
        cmocka_unit_test(a_secret_that_nobody_took_goes_with_the_ring),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(nothing_is_lost_or_torn_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
