#include "tests/unit/unit_test.h"

#include "base/dense_array.h"

static void records_stay_where_they_are(void **state)
{
    (void)state;
    struct dense_array array;
    assert_int_equal(dense_array_open(&array, sizeof(int64_t), 3 * DENSE_ARRAY_CHUNK), 0);
    assert_null(dense_array_at(&array, 5));
    int64_t *first = dense_array_reserve(&array, 5);
    assert_int_equal(*first, 0);
    *first = 42;
    for (uint32_t number = 0; number < 3 * DENSE_ARRAY_CHUNK; number += 1000)
        assert_non_null(dense_array_reserve(&array, number));
    assert_ptr_equal(dense_array_at(&array, 5), first);
    assert_int_equal(*(int64_t *)dense_array_at(&array, 5), 42);
    dense_array_close(&array);
}

static void limit_is_kept(void **state)
{
    (void)state;
    struct dense_array array;
    assert_int_equal(dense_array_open(&array, 1, 10), 0);
    assert_non_null(dense_array_reserve(&array, 9));
    assert_null(dense_array_reserve(&array, 10));
    assert_null(dense_array_at(&array, 10));
    assert_null(dense_array_at(&array, UINT32_MAX));
    dense_array_close(&array);
    dense_array_close(&array);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_stay_where_they_are),
        cmocka_unit_test(limit_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
