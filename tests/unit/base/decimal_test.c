#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/decimal.h"
#include "base/error.h"
#include "base/random.h"

struct parse_case {
    const char *text;
    int scale;
    int result;
    int64_t value;
};

static const struct parse_case parse_cases[] = {
    { "12.34", 2, 0, 1234 },
    { "12.3", 2, 0, 1230 },
    { "12", 2, 0, 1200 },
    { "-0.05", 2, 0, -5 },
    { "+7", 0, 0, 7 },
    { "-0", 2, 0, 0 },
    { "007.50", 2, 0, 750 },
    { "1.2000", 1, 0, 12 }, /* zeros beyond the scale lose nothing */
    { "92233720368547758.07", 2, 0, INT64_MAX },
    { "-92233720368547758.08", 2, 0, INT64_MIN },
    { "92233720368547758.08", 2, BASE_ERR_RANGE, 0 },
    { "-92233720368547758.09", 2, BASE_ERR_RANGE, 0 },
    { "99999999999999999999", 0, BASE_ERR_RANGE, 0 },
    { "10", 18, BASE_ERR_RANGE, 0 },
    { "1.234", 2, BASE_ERR_RANGE, 0 }, /* not exact */
    { "1", 19, BASE_ERR_RANGE, 0 },
    { "1", -1, BASE_ERR_RANGE, 0 },
    { "", 2, BASE_ERR_SYNTAX, 0 },
    { "-", 2, BASE_ERR_SYNTAX, 0 },
    { ".5", 2, BASE_ERR_SYNTAX, 0 },
    { "5.", 2, BASE_ERR_SYNTAX, 0 },
    { "1.2.3", 2, BASE_ERR_SYNTAX, 0 },
    { "1,2", 2, BASE_ERR_SYNTAX, 0 },
    { " 1", 2, BASE_ERR_SYNTAX, 0 },
    { "1 ", 2, BASE_ERR_SYNTAX, 0 },
    { "--1", 2, BASE_ERR_SYNTAX, 0 },
    { "1e3", 2, BASE_ERR_SYNTAX, 0 },
    { "0x10", 2, BASE_ERR_SYNTAX, 0 },
    { "1-", 2, BASE_ERR_SYNTAX, 0 },
};

static void parse_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parse_cases / sizeof parse_cases[0]; i++) {
        const struct parse_case *row = &parse_cases[i];
        int64_t value = -77;
        assert_int_equal(decimal_parse(span_of_text(row->text), row->scale, &value), row->result);
        assert_true(value == (row->result == 0 ? row->value : -77));
    }
}

struct format_case {
    int64_t value;
    int scale;
    bool trim;
    const char *text;
};

static const struct format_case format_cases[] = {
    { 1234, 2, false, "12.34" },  { 1230, 2, true, "12.3" },        { 1200, 2, true, "12" },
    { 1200, 2, false, "12.00" },  { -5, 2, false, "-0.05" },        { 0, 2, false, "0.00" },
    { 0, 2, true, "0" },          { 100, 0, true, "100" },          { 7, 18, false, "0.000000000000000007" },
    { 1005, 3, true, "1.005" },   { INT64_MAX, 2, false, "92233720368547758.07" },
    { INT64_MIN, 0, false, "-9223372036854775808" },                { INT64_MIN, 18, false, "-9.223372036854775808" },
};

static void format_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof format_cases / sizeof format_cases[0]; i++) {
        const struct format_case *row = &format_cases[i];
        char text[DECIMAL_TEXT_LIMIT];
        int size = decimal_format(row->value, row->scale, row->trim, text, sizeof text);
        assert_string_equal(text, row->text);
        assert_int_equal(size, strlen(row->text));
    }
}

static void format_refuses_a_small_buffer(void **state)
{
    (void)state;
    char text[6] = "keep";
    assert_int_equal(decimal_format(1234, 2, false, text, 5), BASE_ERR_FULL);
    assert_int_equal(decimal_format(1, 19, false, text, sizeof text), BASE_ERR_RANGE);
    assert_string_equal(text, "keep");
    assert_int_equal(decimal_format(1234, 2, false, text, 6), 5);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(1);
    for (int i = 0; i < 2000; i++) {
        int64_t value = random_between(&random, INT64_MIN, INT64_MAX) >> random_below(&random, 63);
        int scale = (int)random_below(&random, DECIMAL_SCALE_LIMIT + 1);
        char text[DECIMAL_TEXT_LIMIT];
        int64_t back = 0;
        assert_true(decimal_format(value, scale, i % 2, text, sizeof text) > 0);
        assert_int_equal(decimal_parse(span_of_text(text), scale, &back), 0);
        assert_true(back == value);
    }
}

static void fen_have_two_digits(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_LIMIT];
    int64_t amount_fen = 0;
    assert_int_equal(decimal_parse_fen(span_of_text("88.8"), &amount_fen), 0);
    assert_int_equal(amount_fen, 8880);
    assert_int_equal(decimal_parse_fen(span_of_text("0.001"), &amount_fen), BASE_ERR_RANGE);
    assert_int_equal(decimal_format_fen(8880, text, sizeof text), 5);
    assert_string_equal(text, "88.80");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_follows_the_table),
        cmocka_unit_test(format_follows_the_table),
        cmocka_unit_test(format_refuses_a_small_buffer),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(fen_have_two_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
