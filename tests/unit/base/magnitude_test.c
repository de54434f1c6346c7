#include "tests/unit/unit_test.h"

#include "base/magnitude.h"

static void both_ends_there_and_back(void **state)
{
    (void)state;
    static const int64_t values[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        int64_t back = 77;
        assert_int_equal(magnitude_sign(magnitude_of(values[i]), values[i] < 0, &back), 0);
        assert_true(back == values[i]);
    }
    assert_true(magnitude_of(INT64_MIN) == UINT64_C(1) << 63);
}

static void beyond_the_ends_is_refused(void **state)
{
    (void)state;
    int64_t out = 77;
    assert_int_equal(magnitude_sign(UINT64_C(1) << 63, false, &out), BASE_ERR_RANGE);
    assert_int_equal(magnitude_sign((UINT64_C(1) << 63) + 1, true, &out), BASE_ERR_RANGE);
    assert_int_equal(magnitude_sign(UINT64_MAX, true, &out), BASE_ERR_RANGE);
    assert_true(out == 77);
    assert_int_equal(magnitude_sign(0, true, &out), 0);
    assert_true(out == 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_there_and_back),
        cmocka_unit_test(beyond_the_ends_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
