#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/number/number.h"

static int64_t scaled_text(const char *text, int scale)
{
    struct number number;
    int64_t value;
    assert_int_equal(number_parse(span_of_text(text), &number), 0);
    assert_int_equal(number_scaled(number, scale, &value), 0);
    return value;
}

static uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t bits_of_single(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void text_is_scaled_and_rounded(void **state)
{
    (void)state;
    assert_int_equal(scaled_text("12.34", 2), 1234);
    assert_int_equal(scaled_text("-12.345", 2), -1235);
    assert_int_equal(scaled_text("12.344", 2), 1234);
    assert_int_equal(scaled_text("1e3", 0), 1000);
    assert_int_equal(scaled_text("1.5E-3", 6), 1500);
    assert_int_equal(scaled_text("0", 18), 0);
    assert_int_equal(scaled_text("-0", 3), 0);
    assert_int_equal(scaled_text("0.4", 0), 0);
    assert_int_equal(scaled_text("0.5", 0), 1);
    assert_int_equal(scaled_text("1e-400", 18), 0);
    assert_int_equal(scaled_text("9223372036854775807", 0), INT64_MAX);
    assert_int_equal(scaled_text("-9223372036854775808", 0), INT64_MIN);
    assert_int_equal(scaled_text("0.00000000000000000000000000000000000001", 18), 0);
    assert_int_equal(scaled_text("123456789012345678901234567890e-20", 0), 1234567890);
}

/* mantissa * 10^exponent, a digit at a time.
 * returns  false beyond int64 */
static bool digits_moved(uint64_t mantissa, int exponent, int64_t *out)
{
    unsigned fallen = 0;
    for (; exponent > 0 && mantissa > 0; exponent--) {
        if (mantissa > UINT64_MAX / 10)
            return false;
        mantissa *= 10;
    }
    for (; exponent < 0; exponent++) {
        fallen = (unsigned)(mantissa % 10);
        mantissa /= 10;
    }
    mantissa += fallen >= 5;
    *out = (int64_t)mantissa;
    return mantissa <= INT64_MAX;
}

static void powers_of_ten_agree_with_digits(void **state)
{
    (void)state;
    static const uint64_t mantissas[] = { 0, 1, 4, 5, 9, 10, 15, 49, 50, 951, 92233720368547758, 922337203685477580,
                                          INT64_MAX, UINT64_C(9500000000000000000), UINT64_MAX };
    for (size_t i = 0; i < sizeof mantissas / sizeof mantissas[0]; i++)
        for (int exponent = -45; exponent <= 45; exponent++)
            for (int scale = 0; scale <= NUMBER_SCALE_LIMIT; scale += 6) {
                struct number number = number_of_unsigned(mantissas[i]);
                int64_t expected = 0, value = 77;
                number.exponent = exponent;
                bool fits = digits_moved(mantissas[i], exponent + scale, &expected);
                assert_int_equal(number_scaled(number, scale, &value), fits ? 0 : CODEC_ERR_RANGE);
                assert_int_equal(value, fits ? expected : 77);
            }
}

static void the_largest_binary_mantissa_is_scaled(void **state)
{
    (void)state;
    struct number number = { UINT64_MAX, -64, NUMBER_BINARY, true };
    int64_t value = 0;
    assert_int_equal(number_scaled(number, 18, &value), 0);
    assert_int_equal(value, -INT64_C(1000000000000000000));
    number.exponent = -65;
    assert_int_equal(number_scaled(number, 17, &value), 0);
    assert_int_equal(value, -INT64_C(50000000000000000));
}

static void other_texts_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1 ", " 1", "0x10", "1,5", "NaN",
                                         "--1", "1e1.5", "00" };
    struct number number = { 7, 7, 7, true };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(number_parse(span_of_text(texts[i]), &number), CODEC_ERR_FORMAT);
        assert_int_equal(number.mantissa, 7);
    }
}

static void too_large_is_out_of_range(void **state)
{
    (void)state;
    struct number number;
    int64_t value = 5;
    assert_int_equal(number_parse(span_of_text("9223372036854775808"), &number), 0);
    assert_int_equal(number_scaled(number, 0, &value), CODEC_ERR_RANGE);
    assert_int_equal(number_parse(span_of_text("1e99"), &number), 0);
    assert_int_equal(number_scaled(number, 0, &value), CODEC_ERR_RANGE);
    assert_int_equal(number_scaled(number_of_float(UINT64_C(0x7ff0000000000000), FLOAT_DOUBLE), 0, &value),
                     CODEC_ERR_RANGE);
    assert_int_equal(number_scaled(number_of_float(UINT64_C(0x7ff8000000000000), FLOAT_DOUBLE), 0, &value),
                     CODEC_ERR_TYPE);
    assert_int_equal(number_scaled(number_of_float(UINT64_C(0x7fefffffffffffff), FLOAT_DOUBLE), 18, &value),
                     CODEC_ERR_RANGE);
    assert_int_equal(number_scaled(number_of_integer(1), 19, &value), CODEC_ERR_RANGE);
    assert_int_equal(value, 5);
}

static void whole_numbers_are_told(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_int_equal(number_integer(number_of_float(bits_of_double(1e6), FLOAT_DOUBLE), &value), 0);
    assert_int_equal(value, 1000000);
    assert_int_equal(number_integer(number_of_float(bits_of_double(0.5), FLOAT_DOUBLE), &value), CODEC_ERR_TYPE);
    static const struct {
        const char *text;
        int result;
    } cases[] = { { "0.0", 0 }, { "100e-2", 0 }, { "-2.50", CODEC_ERR_TYPE }, { "1e-1", CODEC_ERR_TYPE }, { "7e2", 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct number number;
        assert_int_equal(number_parse(span_of_text(cases[i].text), &number), 0);
        assert_int_equal(number_integer(number, &value), cases[i].result);
    }
    assert_int_equal(value, 700);
    assert_int_equal(number_integer(number_of_float(0, FLOAT_HALF), &value), 0);
    assert_int_equal(value, 0);
    assert_int_equal(number_integer(number_of_integer(-3), &value), 0);
    assert_int_equal(value, -3);
}

static void known_floats_are_read(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        enum float_width width;
        int scale;
        int64_t value;
    } cases[] = {
        { 0x3c00, FLOAT_HALF, 0, 1 },         { 0x7bff, FLOAT_HALF, 0, 65504 },
        { 0x0001, FLOAT_HALF, 9, 60 },        { 0x0400, FLOAT_HALF, 9, 61035 },
        { 0xc400, FLOAT_HALF, 0, -4 },        { 0x47c35000, FLOAT_SINGLE, 0, 100000 },
        { 0x42f6e979, FLOAT_SINGLE, 3, 123456 }, { 0x8000000000000000, FLOAT_DOUBLE, 3, 0 },
        { 0xc010666666666666, FLOAT_DOUBLE, 1, -41 }, { 0x3ff199999999999a, FLOAT_DOUBLE, 1, 11 },
        { 0x0000000000000001, FLOAT_DOUBLE, 18, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value;
        assert_int_equal(number_scaled(number_of_float(cases[i].bits, cases[i].width), cases[i].scale, &value), 0);
        assert_int_equal(value, cases[i].value);
    }
}

/* The processor's own division is the judge: it rounds to nearest even as well. */
static void float_bits_equal_the_processors(void **state)
{
    (void)state;
    static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    struct random random = random_of_seed(754);

    for (int round = 0; round < 200000; round++) {
        int scale = (int)random_below(&random, 10);
        int64_t value = (int64_t)(random_next(&random) >> (11 + random_below(&random, 50)));
        uint64_t bits;
        if (random_chance(&random, 1, 2))
            value = -value;
        assert_int_equal(number_float_bits(value, scale, FLOAT_DOUBLE, &bits), 0);
        assert_int_equal(bits, value == 0 ? 0 : bits_of_double((double)value / powers[scale]));
        if (value > -(1 << 24) && value < 1 << 24 && scale <= 9) {
            /* Double rounding cannot strike: a quotient of 24 by 30 bits is no tie of single precision in double. */
            assert_int_equal(number_float_bits(value, scale, FLOAT_SINGLE, &bits), 0);
            assert_int_equal(bits, value == 0 ? 0 : bits_of_single((float)((double)value / powers[scale])));
        }
    }
}

static void shortest_float_reads_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(8949);
    enum float_width width;
    uint64_t bits;
    int64_t back;

    for (int round = 0; round < 200000; round++) {
        int scale = (int)random_below(&random, 7);
        int64_t value = (int64_t)(random_next(&random) >> (14 + random_below(&random, 49)));
        assert_int_equal(number_float_shortest(value, scale, &width, &bits), 0);
        assert_int_equal(number_scaled(number_of_float(bits, width), scale, &back), 0);
        assert_int_equal(back, value);
    }
    assert_int_equal(number_float_shortest(15, 1, &width, &bits), 0);
    assert_int_equal(width, FLOAT_HALF);
    assert_int_equal(bits, 0x3e00);
    assert_int_equal(number_float_shortest(INT64_MAX, 2, &width, &bits), CODEC_ERR_RANGE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_scaled_and_rounded),   cmocka_unit_test(other_texts_are_refused),
        cmocka_unit_test(powers_of_ten_agree_with_digits), cmocka_unit_test(the_largest_binary_mantissa_is_scaled),
        cmocka_unit_test(too_large_is_out_of_range),    cmocka_unit_test(whole_numbers_are_told),
        cmocka_unit_test(known_floats_are_read),        cmocka_unit_test(float_bits_equal_the_processors),
        cmocka_unit_test(shortest_float_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
