#include "tests/unit/unit_test.h"

#include "base/error.h"
#include "base/undo.h"

static void revert_restores_newest_first(void **state)
{
    (void)state;
    struct undo *undo = NULL;
    assert_int_equal(undo_open(1024, &undo), 0);
    int64_t a = 1;
    char b[3] = { 'x', 'y', 'z' };
    assert_int_equal(undo_save(undo, &a, sizeof a), 0);
    a = 2;
    assert_int_equal(undo_save(undo, b, sizeof b), 0);
    b[1] = '-';
    size_t mark = undo_mark(undo);
    assert_int_equal(undo_save(undo, &a, sizeof a), 0);
    a = 3;
    undo_revert(undo, mark);
    assert_int_equal(a, 2);
    assert_int_equal(b[1], '-');
    undo_revert(undo, 0);
    assert_int_equal(a, 1);
    assert_int_equal(b[1], 'y');
    undo_close(undo);
}

static void count_add(void *context, uint64_t argument)
{
    *(uint64_t *)context += argument;
}

static void calls_are_made_on_revert_only(void **state)
{
    (void)state;
    struct undo *undo = NULL;
    assert_int_equal(undo_open(1024, &undo), 0);
    uint64_t sum = 0;
    assert_int_equal(undo_call(undo, count_add, &sum, 5), 0);
    undo_clear(undo);
    undo_revert(undo, 0);
    assert_int_equal(sum, 0);
    assert_int_equal(undo_call(undo, count_add, &sum, 7), 0);
    undo_revert(undo, 0);
    assert_int_equal(sum, 7);
    undo_close(undo);
}

static void full_remembers_nothing(void **state)
{
    (void)state;
    struct undo *undo = NULL;
    assert_int_equal(undo_open(40, &undo), 0);
    int64_t a = 1;
    assert_int_equal(undo_save(undo, &a, sizeof a), 0);
    assert_int_equal(undo_save(undo, &a, sizeof a), BASE_ERR_FULL);
    a = 9;
    undo_revert(undo, 0);
    assert_int_equal(a, 1);
    assert_int_equal(undo_save(NULL, &a, sizeof a), 0);
    undo_close(undo);
    undo_close(NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(revert_restores_newest_first),
        cmocka_unit_test(calls_are_made_on_revert_only),
        cmocka_unit_test(full_remembers_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
