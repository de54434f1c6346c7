#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/arena.h"

static void memory_is_zero_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = arena_make(256, 4096);
    uint8_t *previous = NULL;
    for (size_t size = 1; size < 40; size++) {
        uint8_t *place = arena_take(&arena, size);
        assert_non_null(place);
        assert_int_equal((uintptr_t)place % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(place[i], 0);
        memset(place, 0xAA, size);
        if (previous)
            assert_int_equal(previous[0], 0xAA);
        previous = place;
    }
    arena_release(&arena);
}

static void memory_taken_again_is_zero_again(void **state)
{
    (void)state;
    struct arena arena = arena_make(64, 4096);
    uint8_t *first = arena_take(&arena, 64);
    memset(first, 0xAA, 64);
    arena_reset(&arena);
    uint8_t *again = arena_take(&arena, 64);
    assert_ptr_equal(first, again);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(again[i], 0);
    arena_release(&arena);
}

static void large_wish_gets_its_own_block(void **state)
{
    (void)state;
    struct arena arena = arena_make(64, 100000);
    char *large = arena_take(&arena, 50000);
    assert_non_null(large);
    memset(large, 1, 50000);
    arena_release(&arena);
}

static void bound_holds_and_returns_after_reset(void **state)
{
    (void)state;
    struct arena arena = arena_make(1000, 5000);
    int taken = 0;
    while (arena_take(&arena, 1000))
        taken++;
    assert_int_equal(taken, 4);
    assert_true(arena.reserved <= 5000);
    assert_null(arena_take(&arena, 1000));
    arena_reset(&arena);
    for (int i = 0; i < 4; i++)
        assert_non_null(arena_take(&arena, 1000));
    assert_null(arena_take(&arena, 1000));
    arena_release(&arena);
    assert_int_equal(arena.reserved, 0);
    assert_non_null(arena_take(&arena, 1));
    arena_release(&arena);
}

static void absurd_sizes_give_nothing(void **state)
{
    (void)state;
    struct arena arena = arena_make(64, SIZE_MAX);
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take_array(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_text(&arena, span_of_bytes("", SIZE_MAX)));
    struct arena tiny = arena_make(64, 8);
    assert_null(arena_take(&tiny, 1));
    arena_release(&tiny);
    arena_release(&arena);
}

static void text_is_copied_with_a_zero(void **state)
{
    (void)state;
    struct arena arena = arena_make(64, 4096);
    assert_string_equal(arena_text(&arena, span_of_bytes("meter 1", 5)), "meter");
    assert_string_equal(arena_text(&arena, span_of_bytes(NULL, 0)), "");
    int64_t *numbers = arena_take_array(&arena, 5, sizeof *numbers);
    assert_non_null(numbers);
    assert_true(numbers[4] == 0);
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_aligned_and_apart),
        cmocka_unit_test(memory_taken_again_is_zero_again),
        cmocka_unit_test(large_wish_gets_its_own_block),
        cmocka_unit_test(bound_holds_and_returns_after_reset),
        cmocka_unit_test(absurd_sizes_give_nothing),
        cmocka_unit_test(text_is_copied_with_a_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
