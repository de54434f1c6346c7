#include "tests/unit/unit_test.h"

#include "base/error.h"
#include "base/wide.h"

struct divide_case {
    int64_t a, b, divisor;
    int64_t rounded, truncated;
};

static const struct divide_case divide_cases[] = {
    { 7, 1, 2, 4, 3 },
    { -7, 1, 2, -4, -3 },
    { 7, -1, 2, -4, -3 },
    { -7, -1, 2, 4, 3 },
    { 5, 1, 3, 2, 1 },
    { 4, 1, 3, 1, 1 },
    { -4, 1, 3, -1, -1 },
    { 0, -9, 5, 0, 0 },
    { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
    { INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN },
    { INT64_MIN, 1, 1, INT64_MIN, INT64_MIN },
    /* 12.345 m3 at 2.8 yuan: 12,345,000 ml * 280,000,000 (1e-8 yuan) in fen is 3,456.6 */
    { 12345000, 280000000, INT64_C(1000000000000), 3457, 3456 },
    { 1, 1, INT64_MAX, 0, 0 },
    { 4611686018427387904, 1, INT64_MAX, 1, 0 }, /* 2^62 is more than half of 2^63 - 1 */
    { 4611686018427387903, 1, INT64_MAX, 0, 0 },
};

static void products_are_exact_and_half_goes_away_from_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof divide_cases / sizeof divide_cases[0]; i++) {
        const struct divide_case *row = &divide_cases[i];
        int64_t rounded = -77, truncated = -77;
        assert_int_equal(wide_multiply_divide_round(row->a, row->b, row->divisor, &rounded), 0);
        assert_int_equal(wide_multiply_divide_truncate(row->a, row->b, row->divisor, &truncated), 0);
        assert_true(rounded == row->rounded);
        assert_true(truncated == row->truncated);
    }
}

static void quotient_beyond_64_bits_is_an_error(void **state)
{
    (void)state;
    int64_t out = -77;
    assert_int_equal(wide_multiply_divide_round(INT64_MAX, 2, 1, &out), BASE_ERR_RANGE);
    assert_int_equal(wide_multiply_divide_round(INT64_MIN, -1, 1, &out), BASE_ERR_RANGE);
    assert_int_equal(wide_multiply_divide_round(INT64_MIN, INT64_MIN, 2, &out), BASE_ERR_RANGE);
    assert_true(out == -77);
    assert_int_equal(wide_multiply_divide_truncate(INT64_MAX, 3, 3, &out), 0);
    assert_true(out == INT64_MAX);
}

static void divisor_is_positive(void **state)
{
    (void)state;
    int64_t out = -77;
    assert_int_equal(wide_multiply_divide_round(1, 1, 0, &out), BASE_ERR_DIVISOR);
    assert_int_equal(wide_multiply_divide_round(1, 1, -1, &out), BASE_ERR_DIVISOR);
    assert_int_equal(wide_multiply_divide_truncate(1, 1, INT64_MIN, &out), BASE_ERR_DIVISOR);
    assert_true(out == -77);
}

static void sums_are_checked(void **state)
{
    (void)state;
    int64_t out = -77;
    assert_int_equal(wide_add(INT64_MAX, 1, &out), BASE_ERR_RANGE);
    assert_int_equal(wide_add(INT64_MIN, -1, &out), BASE_ERR_RANGE);
    assert_int_equal(wide_subtract(INT64_MIN, 1, &out), BASE_ERR_RANGE);
    assert_int_equal(wide_subtract(0, INT64_MIN, &out), BASE_ERR_RANGE);
    assert_true(out == -77);
    assert_int_equal(wide_add(INT64_MAX, INT64_MIN, &out), 0);
    assert_true(out == -1);
    assert_int_equal(wide_add(INT64_MIN, 0, &out), 0);
    assert_true(out == INT64_MIN);
    assert_int_equal(wide_subtract(-1, INT64_MIN, &out), 0);
    assert_true(out == INT64_MAX);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_exact_and_half_goes_away_from_zero),
        cmocka_unit_test(quotient_beyond_64_bits_is_an_error),
        cmocka_unit_test(divisor_is_positive),
        cmocka_unit_test(sums_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
