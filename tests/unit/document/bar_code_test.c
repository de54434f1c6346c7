/* Code 128: the widths of known codes, and what cannot be written. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "document/bar_code.h"

/* The widths as figures, symbol by symbol. */
static void widths_check(const char *text, const char *expected)
{
    uint8_t widths[BAR_CODE_WIDTHS_LIMIT];
    int count = bar_code_make(span_of_text(text), widths);

    assert_int_equal(count, (int)strlen(expected));
    for (int i = 0; i < count; i++)
        assert_int_equal('0' + widths[i], expected[i]);
}

/* The example of the encyclopaedias: start B, nine letters, check symbol 88, stop. */
static void test_letters_are_of_set_b(void **state)
{
    (void)state;
    widths_check("Wikipedia", "211214" "311321" "142112" "241211" "142112" "111242" "112214" "141221" "142112" "121124"
                              "421211" "2331112");
}

/* Start C, 12, 34, check (105 + 12 + 2 x 34) mod 103 = 82, stop. */
static void test_digits_go_in_pairs(void **state)
{
    (void)state;
    widths_check("1234", "211232" "112232" "131123" "121241" "2331112");
    /* 123: 12 in C, then set B (100) and 3 (19): (105 + 12 + 2 x 100 + 3 x 19) mod 103 = 65. */
    widths_check("123", "211232" "112232" "114131" "221132" "121124" "2331112");
}

static void test_what_cannot_be_written_is_refused(void **state)
{
    uint8_t widths[BAR_CODE_WIDTHS_LIMIT];
    char text[BAR_CODE_TEXT_LIMIT + 2];

    (void)state;
    memset(text, '~', sizeof text);
    assert_int_equal(bar_code_make(span_of_bytes(text, BAR_CODE_TEXT_LIMIT + 1), widths), -1);
    assert_int_equal(bar_code_make(span_of_bytes(text, BAR_CODE_TEXT_LIMIT), widths), BAR_CODE_WIDTHS_LIMIT);
    assert_int_equal(bar_code_make(span_of_bytes(text, 0), widths), -1);
    assert_int_equal(bar_code_make(span_of_text("表1"), widths), -1);
    assert_int_equal(bar_code_make(span_of_text("a\tb"), widths), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_are_of_set_b),
        cmocka_unit_test(test_digits_go_in_pairs),
        cmocka_unit_test(test_what_cannot_be_written_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
