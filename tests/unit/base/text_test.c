#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"

static void copy_fits_with_its_zero(void **state)
{
    (void)state;
    char to[4] = "xyz";
    assert_int_equal(text_copy(span_of_text("abcd"), to, sizeof to), BASE_ERR_FULL);
    assert_string_equal(to, "xyz");
    assert_int_equal(text_copy(span_of_text("abc"), to, sizeof to), 3);
    assert_string_equal(to, "abc");
    assert_int_equal(text_copy(span_of_text(""), to, 1), 0);
    assert_string_equal(to, "");
    assert_int_equal(text_copy(span_of_text(""), to, 0), BASE_ERR_FULL);
}

static void copy_refuses_a_zero_inside(void **state)
{
    (void)state;
    char to[8] = "keep";
    assert_int_equal(text_copy(span_of_bytes("a\0b", 3), to, sizeof to), BASE_ERR_SYNTAX);
    assert_string_equal(to, "keep");
}

static void trim_takes_both_ends(void **state)
{
    (void)state;
    assert_true(span_equal_text(text_trim(span_of_text(" \t a b\r\n")), "a b"));
    assert_int_equal(text_trim(span_of_text(" \n ")).size, 0);
    assert_int_equal(text_trim(span_of_text(NULL)).size, 0);
}

static void lower_leaves_other_bytes(void **state)
{
    (void)state;
    char text[] = "AZaz@[\xE6\xB0\xB4";
    text_lower_ascii(text);
    assert_string_equal(text, "azaz@[\xE6\xB0\xB4");
    assert_true(text_equal_ignoring_case(span_of_text("Max-Age"), span_of_text("mAX-aGE")));
    assert_false(text_equal_ignoring_case(span_of_text("a@"), span_of_text("a`")));
    assert_false(text_equal_ignoring_case(span_of_text("a"), span_of_text("ab")));
}

static void utf8_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_utf8_check(span_of_text("")), 0);
    assert_int_equal(text_utf8_check(span_of_text("a\xC2\xA2\xE6\xB0\xB4\xF0\x9F\x9A\xB0")), 4);
    assert_int_equal(text_utf8_check(span_of_text("\xF4\x8F\xBF\xBF")), 1);
}

static void utf8_refuses_damage(void **state)
{
    (void)state;
    static const char *const damaged[] = {
        "\x80",             /* continuation first */
        "\xC0\x80",         /* overlong zero */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong, three bytes */
        "\xED\xA0\x80",     /* surrogate */
        "\xF0\x8F\xBF\xBF", /* overlong, four bytes */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80", /* no such first byte */
        "\xE6\xB0",         /* ends early */
        "\xE6\x28\xB4",     /* second byte is no continuation */
        "\xE6\xB0\x28",     /* third byte is no continuation */
        "\xFF",
    };
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
        assert_int_equal(text_utf8_check(span_of_text(damaged[i])), BASE_ERR_UTF8);
}

static void utf8_cut_keeps_code_points_whole(void **state)
{
    (void)state;
    struct span water = span_of_text("a\xE6\xB0\xB4");
    assert_int_equal(text_utf8_cut(water, 9), 4);
    assert_int_equal(text_utf8_cut(water, 4), 4);
    assert_int_equal(text_utf8_cut(water, 3), 1);
    assert_int_equal(text_utf8_cut(water, 2), 1);
    assert_int_equal(text_utf8_cut(water, 1), 1);
    assert_int_equal(text_utf8_cut(water, 0), 0);
}

static void unprintable_characters_are_found(void **state)
{
    static const char *const hidden[] = {
        "\n", "\x1f", "\x7f", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9",
        "\xEF\xB7\x90", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF",
    };
    static const char *const ordinary[] = {
        " ", "~", "\xC2\xA0", "\xE2\x80\xA7", "\xE2\x80\xAF", "\xE2\x81\xA5", "\xE6\xB0\xB4", "\xEF\xB7\xB0",
        "\xEF\xBF\xBD", "\xF0\x9F\x8F\xA0",
    };

    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        assert_int_equal(text_unprintable_at(span_of_text(hidden[i]), 0), strlen(hidden[i]));
    for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
        assert_int_equal(text_unprintable_at(span_of_text(ordinary[i]), 0), 0);
    assert_int_equal(text_unprintable_at(span_of_text("\xE6\xB0\xB4\xE2\x80\xAE"), 3), 3);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy_fits_with_its_zero),
        cmocka_unit_test(copy_refuses_a_zero_inside),
        cmocka_unit_test(trim_takes_both_ends),
        cmocka_unit_test(lower_leaves_other_bytes),
        cmocka_unit_test(utf8_counts_code_points),
        cmocka_unit_test(utf8_refuses_damage),
        cmocka_unit_test(utf8_cut_keeps_code_points_whole),
        cmocka_unit_test(unprintable_characters_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
