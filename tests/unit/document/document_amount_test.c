/* Money in figures and in capital numerals. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "document/document_amount.h"
#include "document/document_error.h"

static void test_capital_numerals(void **state)
{
    static const struct {
        int64_t amount_fen;
        const char *words;
    } rows[] = {
        /* Examples of the rules of 1997, appendix 1, clause 4 and 5, and edges between them. */
        { 140950, "壹仟肆佰零玖元伍角整" },
        { 600714, "陆仟零柒元壹角肆分" },
        { 168032, "壹仟陆佰捌拾元叁角贰分" },
        { 10700053, "壹拾万零柒仟元伍角叁分" },
        { 1640902, "壹万陆仟肆佰零玖元零贰分" },
        { 32504, "叁佰贰拾伍元零肆分" },
        { 10000, "壹佰元整" },
        { 0, "零元整" },
        { 1, "壹分" },
        { 10, "壹角整" },
        { 105, "壹元零伍分" },
        { 1000000000000, "壹佰亿元整" },
        { 1000000000100, "壹佰亿零壹元整" },
        { 1000100, "壹万零壹元整" },
        { 99999999999999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分" },
        { -12345, "负壹佰贰拾叁元肆角伍分" },
    };
    char text[DOCUMENT_CAPITAL_LIMIT];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(document_amount_capital(rows[i].amount_fen, text, sizeof text), strlen(rows[i].words));
        assert_string_equal(text, rows[i].words);
    }
}

static void test_amounts_beyond_words(void **state)
{
    char text[DOCUMENT_CAPITAL_LIMIT] = "as before";

    (void)state;
    assert_int_equal(document_amount_capital(100000000000000, text, sizeof text), DOCUMENT_ERR_AMOUNT);
    assert_int_equal(document_amount_capital(INT64_MIN, text, sizeof text), DOCUMENT_ERR_AMOUNT);
    assert_int_equal(document_amount_capital(1, text, sizeof text - 1), DOCUMENT_ERR_AMOUNT);
    assert_string_equal(text, "as before");
}

static void test_figures(void **state)
{
    char text[DOCUMENT_FIGURES_LIMIT];

    (void)state;
    assert_int_equal(document_amount_figures(123456789, text, sizeof text), 12);
    assert_string_equal(text, "1,234,567.89");
    document_amount_figures(-5, text, sizeof text);
    assert_string_equal(text, "-0.05");
    document_amount_figures(100000, text, sizeof text);
    assert_string_equal(text, "1,000.00");
    document_amount_figures(INT64_MIN, text, sizeof text);
    assert_string_equal(text, "-92,233,720,368,547,758.08");
    assert_int_equal(document_amount_figures(0, text, sizeof text - 1), DOCUMENT_ERR_AMOUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capital_numerals),
        cmocka_unit_test(test_amounts_beyond_words),
        cmocka_unit_test(test_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
