#include "tests/unit/unit_test.h"

#include "base/error.h"
#include "base/span.h"

static void text_span_has_no_zero(void **state)
{
    (void)state;
    assert_int_equal(span_of_text("water").size, 5);
    assert_int_equal(span_of_text("").size, 0);
    assert_int_equal(span_of_text(NULL).size, 0);
}

static void equal_compares_size_and_bytes(void **state)
{
    (void)state;
    assert_true(span_equal(span_of_text("ab"), span_of_bytes("abc", 2)));
    assert_false(span_equal(span_of_text("ab"), span_of_text("abc")));
    assert_false(span_equal(span_of_text("ab"), span_of_text("ac")));
    assert_true(span_equal(span_of_bytes(NULL, 0), span_of_text("")));
    assert_true(span_equal_text(span_of_bytes("ab", 2), "ab"));
    assert_true(span_is_filled(span_of_text("aaa"), 'a'));
    assert_false(span_is_filled(span_of_text("aab"), 'a'));
    assert_false(span_is_filled(span_of_text("baa"), 'a'));
    assert_true(span_is_filled(span_of_bytes(NULL, 0), 'a'));
}

static void compare_puts_prefix_first(void **state)
{
    (void)state;
    assert_true(span_compare(span_of_text("ab"), span_of_text("abc")) < 0);
    assert_true(span_compare(span_of_text("b"), span_of_text("abc")) > 0);
    assert_true(span_compare(span_of_text("\xFF"), span_of_text("\x01")) > 0);
    assert_int_equal(span_compare(span_of_text("ab"), span_of_text("ab")), 0);
    assert_int_equal(span_compare(span_of_bytes(NULL, 0), span_of_bytes(NULL, 0)), 0);
    assert_true(span_compare(span_of_bytes(NULL, 0), span_of_text("a")) < 0);
}

static void slice_stays_inside(void **state)
{
    (void)state;
    struct span from = span_of_text("abcdef");
    struct span out;
    assert_int_equal(span_slice(from, 2, 3, &out), 0);
    assert_true(span_equal_text(out, "cde"));
    assert_int_equal(span_slice(from, 6, 0, &out), 0);
    assert_int_equal(out.size, 0);
    assert_int_equal(span_slice(span_of_bytes(NULL, 0), 0, 0, &out), 0);
}

static void slice_refuses_the_outside_and_touches_nothing(void **state)
{
    (void)state;
    struct span from = span_of_text("abcdef");
    struct span out = span_of_text("kept");
    assert_int_equal(span_slice(from, 2, 5, &out), BASE_ERR_RANGE);
    assert_int_equal(span_slice(from, 7, 0, &out), BASE_ERR_RANGE);
    assert_int_equal(span_slice(from, 2, SIZE_MAX, &out), BASE_ERR_RANGE);
    assert_int_equal(span_slice(from, SIZE_MAX, 2, &out), BASE_ERR_RANGE);
    assert_true(span_equal_text(out, "kept"));
}

static void find_gives_the_first(void **state)
{
    (void)state;
    assert_int_equal(span_find_byte(span_of_text("a=b=c"), '='), 1);
    assert_int_equal(span_find_byte(span_of_text("abc"), '='), -1);
    assert_int_equal(span_find_byte(span_of_bytes(NULL, 0), 0), -1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_span_has_no_zero),
        cmocka_unit_test(equal_compares_size_and_bytes),
        cmocka_unit_test(compare_puts_prefix_first),
        cmocka_unit_test(slice_stays_inside),
        cmocka_unit_test(slice_refuses_the_outside_and_touches_nothing),
        cmocka_unit_test(find_gives_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
