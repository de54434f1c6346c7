#include "tests/unit/unit_test.h"

#include <string.h>

#include "api/open_guard.h"

static int guard_open(void **state)
{
    *state = open_guard_open();
    return *state != NULL ? 0 : -1;
}

static int guard_close(void **state)
{
    open_guard_close(*state);
    return 0;
}

static void so_many_at_once_and_then_one_by_one(void **state)
{
    struct open_guard *guard = *state;

    for (int i = 0; i < 6; i++)
        assert_int_equal(open_guard_count(guard, 7, 6, 1000), 0);
    assert_int_equal(open_guard_count(guard, 7, 6, 1000), 10);
    assert_int_equal(open_guard_count(guard, 7, 6, 10999), 1);
    assert_int_equal(open_guard_count(guard, 7, 6, 11000), 0);
    assert_int_equal(open_guard_count(guard, 7, 6, 11000), 10);
    assert_int_equal(open_guard_count(guard, 8, 6, 11000), 0);
}

/* Asking often must not keep anybody from ever getting on. */
static void impatience_costs_nothing(void **state)
{
    struct open_guard *guard = *state;
    int permitted = 0;

    for (int64_t now_ms = 0; now_ms < 60000; now_ms++)
        permitted += open_guard_count(guard, 7, 60, now_ms) == 0;
    assert_in_range(permitted, 118, 120);
}

static void looking_does_not_count(void **state)
{
    struct open_guard *guard = *state;

    for (int i = 0; i < 100; i++)
        assert_int_equal(open_guard_look(guard, 7, 1, 0), 0);
    assert_int_equal(open_guard_count(guard, 7, 1, 0), 0);
    assert_int_equal(open_guard_look(guard, 7, 1, 0), 60);
}

static void the_quietest_gives_way(void **state)
{
    struct open_guard *guard = *state;

    for (uint64_t who = 1; who <= OPEN_GUARD_TALLY_LIMIT; who++)
        assert_int_equal(open_guard_count(guard, who, 1, (int64_t)who), 0);
    assert_int_equal(open_guard_count(guard, 1u << 20, 1, OPEN_GUARD_TALLY_LIMIT + 1), 0);
    assert_true(open_guard_look(guard, 2, 1, OPEN_GUARD_TALLY_LIMIT + 1) > 0);
    assert_int_equal(open_guard_count(guard, 1, 1, OPEN_GUARD_TALLY_LIMIT + 2), 0);
}

static void a_nonce_comes_once_until_it_is_forgotten(void **state)
{
    struct open_guard *guard = *state;
    const uint8_t one[OPEN_GUARD_NONCE_SIZE] = { 1, 2, 3 }, other[OPEN_GUARD_NONCE_SIZE] = { 1, 2, 4 };

    assert_int_equal(open_guard_nonce(guard, one, 600, 0), OPEN_NONCE_NEW);
    assert_int_equal(open_guard_nonce(guard, one, 600, 0), OPEN_NONCE_REPEATED);
    assert_int_equal(open_guard_nonce(guard, other, 600, 0), OPEN_NONCE_NEW);
    assert_int_equal(open_guard_nonce(guard, one, 600, 600), OPEN_NONCE_REPEATED);
    assert_int_equal(open_guard_nonce(guard, one, 1200, 601), OPEN_NONCE_NEW);
}

static void a_full_memory_forgets_nobody(void **state)
{
    struct open_guard *guard = *state;
    uint8_t digest[OPEN_GUARD_NONCE_SIZE] = { 9, 9 };
    enum open_nonce answer = OPEN_NONCE_NEW;
    uint8_t kept = 0;

    while (answer == OPEN_NONCE_NEW && kept < 200) {
        digest[5] = kept;
        answer = open_guard_nonce(guard, digest, 600, 0);
        if (answer == OPEN_NONCE_NEW)
            kept++;
    }
    assert_int_equal(answer, OPEN_NONCE_FULL);
    for (uint8_t i = 0; i < kept; i++) {
        digest[5] = i;
        assert_int_equal(open_guard_nonce(guard, digest, 600, 0), OPEN_NONCE_REPEATED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(so_many_at_once_and_then_one_by_one, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(impatience_costs_nothing, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(looking_does_not_count, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(the_quietest_gives_way, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(a_nonce_comes_once_until_it_is_forgotten, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(a_full_memory_forgets_nobody, guard_open, guard_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
