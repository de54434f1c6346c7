/* Data formats A.1 to A.27: bytes and values by the standard's pictures, random values both ways, what is no value. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_format.h"

/* Value and exponent of numbers; text as item_value_write() has it. */
static const struct {
    enum q376_format format;
    const char *hex;
    const char *text;
    int exponent;
} examples[] = {
    { Q376_FORMAT_01, "002010157014", "2014-10-15T10:20:00", 0 }, /* weekday 3, month 10 */
    { Q376_FORMAT_02, "2301", "1230000", 4 },                     /* G 000 */
    { Q376_FORMAT_02, "2381", "123", 0 },                         /* G 100 */
    { Q376_FORMAT_02, "23F1", "-0.123", -3 },                     /* G 111, negative */
    { Q376_FORMAT_03, "67452301", "1234567", 0 },
    { Q376_FORMAT_03, "67452351", "-1234567000", 3 },
    { Q376_FORMAT_04, "79", "79", 0 },
    { Q376_FORMAT_04, "92", "-12", 0 },
    { Q376_FORMAT_05, "3492", "-123.4", -1 },
    { Q376_FORMAT_06, "3412", "12.34", -2 },
    { Q376_FORMAT_07, "0522", "220.5", -1 },
    { Q376_FORMAT_08, "3412", "1234", 0 },
    { Q376_FORMAT_09, "563412", "12.3456", -4 },
    { Q376_FORMAT_09, "563492", "-12.3456", -4 },
    { Q376_FORMAT_10, "563412", "123456", 0 },
    { Q376_FORMAT_11, "78563412", "123456.78", -2 },
    { Q376_FORMAT_12, "611001301215", "151230011061", 0 },
    { Q376_FORMAT_13, "78563412", "1234.5678", -4 },
    { Q376_FORMAT_14, "0079920000", "92.7900", -4 },
    { Q376_FORMAT_15, "3517250114", "2014-01-25T17:35", 0 },
    { Q376_FORMAT_16, "23121704", "04 17:12:23", 0 },
    { Q376_FORMAT_17, "30172803", "03-28 17:30", 0 },
    { Q376_FORMAT_18, "301728", "28 17:30:00", 0 },
    { Q376_FORMAT_19, "3017", "17:30:00", 0 },
    { Q376_FORMAT_20, "251211", "2011-12-25", 0 },
    { Q376_FORMAT_21, "1026", "2026-10", 0 },
    { Q376_FORMAT_22, "15", "1.5", -1 },
    { Q376_FORMAT_23, "563412", "12.3456", -4 },
    { Q376_FORMAT_24, "2817", "28 17:00:00", 0 },
    { Q376_FORMAT_25, "563492", "-123.456", -3 },
    { Q376_FORMAT_26, "3412", "1.234", -3 },
    { Q376_FORMAT_27, "78563412", "12345678", 0 },
    { Q376_FORMAT_WAIT, "0a", "100", 0 },
    { Q376_FORMAT_WAIT, "bc", "60000", 0 },
    { Q376_FORMAT_TENS_MS, "05", "50", 0 },
    { Q376_FORMAT_NUMBER, "f807", "2040", 0 },
    { Q376_FORMAT_FLAGS, "0180", "0x8001", 0 },
    { Q376_FORMAT_TEXT, "434d4e4554", "CMNET", 0 },
    { Q376_FORMAT_BYTES, "0102ff", "0102FF", 0 },
};

static struct item read_hex(enum q376_format format, const char *hex, uint8_t *bytes)
{
    static const struct item empty;
    struct item item = empty;
    int size = hex_decode(span_of_text(hex), bytes, 16);

    assert_true(size > 0);
    assert_true(q376_format_size(format) == 0 || q376_format_size(format) == (size_t)size);
    q376_format_read(format, span_of_bytes(bytes, (size_t)size), &item);
    return item;
}

static void examples_are_read_and_written(void **state)
{
    (void)state;
    bool seen[Q376_FORMAT_COUNT] = { false };

    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        uint8_t bytes[16], again[16];
        char text[64];
        struct writer out = writer_of_buffer(text, sizeof text);
        struct item item = read_hex(examples[i].format, examples[i].hex, bytes);
        item_value_write(&item, &out);
        assert_string_equal(writer_terminate(&out), examples[i].text);
        assert_int_equal(item.exponent, examples[i].exponent);
        assert_int_equal(q376_format_write(examples[i].format, &item, again, item.bytes.size), 0);
        assert_memory_equal(again, bytes, item.bytes.size);
        seen[examples[i].format] = true;
    }
    for (int format = Q376_FORMAT_01; format < Q376_FORMAT_COUNT; format++)
        assert_true(seen[format]);
}

static void weekday_is_kept(void **state)
{
    (void)state;
    uint8_t bytes[16];
    struct item item = read_hex(Q376_FORMAT_01, "002010157014", bytes);
    assert_int_equal(item.value, 3);
    item.value = 0;
    assert_int_equal(q376_format_write(Q376_FORMAT_01, &item, bytes, 6), 0);
    assert_int_equal(bytes[4], 0x10);
    item.value = 8;
    assert_int_equal(q376_format_write(Q376_FORMAT_01, &item, bytes, 6), CODEC_ERR_RANGE);
}

/* A random value of the format, by random bytes that are one. */
static struct item random_value(struct random *random, enum q376_format format, uint8_t *bytes)
{
    static const struct item empty;
    struct item item;

    do {
        size_t size = q376_format_size(format);
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)random_below(random, 256);
        item = empty;
        q376_format_read(format, span_of_bytes(bytes, size), &item);
    } while (item.quality != ITEM_GOOD);
    return item;
}

static void random_values_come_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(27);

    for (int format = Q376_FORMAT_01; format <= Q376_FORMAT_27; format++)
        for (int round = 0; round < 200; round++) {
            uint8_t bytes[8], again[8];
            struct item item = random_value(&random, (enum q376_format)format, bytes), back = item;
            size_t size = q376_format_size((enum q376_format)format);
            assert_int_equal(q376_format_write((enum q376_format)format, &item, again, size), 0);
            memset(&back, 0, sizeof back);
            q376_format_read((enum q376_format)format, span_of_bytes(again, size), &back);
            back.bytes = item.bytes;
            assert_memory_equal(&back, &item, sizeof item);
        }
}

static void missing_is_no_number(void **state)
{
    (void)state;
    static const uint8_t fillers[] = { 0xEE, 0xEF, 0xFF };

    for (int format = Q376_FORMAT_01; format <= Q376_FORMAT_27; format++)
        for (size_t f = 0; f < sizeof fillers; f++) {
            uint8_t bytes[8], again[8];
            struct item item;
            size_t size = q376_format_size((enum q376_format)format);
            memset(&item, 0, sizeof item);
            memset(bytes, fillers[f], sizeof bytes);
            q376_format_read((enum q376_format)format, span_of_bytes(bytes, size), &item);
            assert_int_equal(item.quality, ITEM_MISSING);
            assert_int_equal(item.value, 0);
            assert_int_equal(q376_format_write((enum q376_format)format, &item, again, size), 0);
            assert_memory_equal(again, bytes, size);
            item.bytes.size = 0;
            assert_int_equal(q376_format_write((enum q376_format)format, &item, again, size), 0);
            assert_int_equal(again[0], 0xEE);
        }
}

static void impossible_values_are_invalid(void **state)
{
    (void)state;
    uint8_t bytes[16];

    assert_int_equal(read_hex(Q376_FORMAT_14, "00A9920000", bytes).quality, ITEM_INVALID);
    assert_int_equal(read_hex(Q376_FORMAT_09, "5634B2", bytes).quality, ITEM_GOOD);
    assert_int_equal(read_hex(Q376_FORMAT_09, "5634FA", bytes).quality, ITEM_INVALID);
    assert_int_equal(read_hex(Q376_FORMAT_15, "6017250114", bytes).quality, ITEM_INVALID);
    assert_int_equal(read_hex(Q376_FORMAT_20, "300211", bytes).quality, ITEM_INVALID);
    assert_int_equal(read_hex(Q376_FORMAT_01, "000000000000", bytes).quality, ITEM_MISSING);
    assert_int_equal(read_hex(Q376_FORMAT_19, "0000", bytes).quality, ITEM_GOOD); /* midnight */
    assert_int_equal(read_hex(Q376_FORMAT_12, "AAAAAAAAAAAA", bytes).quality, ITEM_INVALID);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    static const struct {
        enum q376_format format;
        int64_t value;
        int exponent;
    } refused[] = {
        { Q376_FORMAT_07, -1, -1 },       { Q376_FORMAT_07, 10000, -1 },    { Q376_FORMAT_07, 12345, -2 },
        { Q376_FORMAT_09, 800000, -4 },   { Q376_FORMAT_14, 1, -5 },        { Q376_FORMAT_02, 1234, 0 },
        { Q376_FORMAT_02, 1000, 4 },      { Q376_FORMAT_03, 10000000, 0 },  { Q376_FORMAT_WAIT, 1275, 0 },
        { Q376_FORMAT_TENS_MS, 2560, 0 }, { Q376_FORMAT_08, INT64_MAX, 3 }, { Q376_FORMAT_05, INT64_MIN, -1 },
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        uint8_t out[8] = { 0x5A, 0x5A, 0x5A };
        struct item item;
        memset(&item, 0, sizeof item);
        item.value = refused[i].value;
        item.exponent = (int8_t)refused[i].exponent;
        assert_int_equal(q376_format_write(refused[i].format, &item, out, q376_format_size(refused[i].format)),
                         CODEC_ERR_RANGE);
        assert_int_equal(out[0], 0x5A);
        item.kind = ITEM_KIND_TEXT;
        assert_int_equal(q376_format_write(refused[i].format, &item, out, q376_format_size(refused[i].format)),
                         CODEC_ERR_TYPE);
    }
}

static void numbers_are_rescaled_exactly(void **state)
{
    (void)state;
    uint8_t out[8];
    struct item item;

    memset(&item, 0, sizeof item);
    item.value = 2205;
    item.exponent = -1;
    assert_int_equal(q376_format_write(Q376_FORMAT_25, &item, out, 3), 0); /* 220.500 */
    assert_memory_equal(out, "\x00\x05\x22", 3);
    item.value = 12300000;
    item.exponent = -2;
    assert_int_equal(q376_format_write(Q376_FORMAT_02, &item, out, 2), 0); /* 123 * 10^3 */
    assert_memory_equal(out, "\x23\x21", 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_read_and_written), cmocka_unit_test(weekday_is_kept),
        cmocka_unit_test(random_values_come_back),       cmocka_unit_test(missing_is_no_number),
        cmocka_unit_test(impossible_values_are_invalid), cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(numbers_are_rescaled_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
