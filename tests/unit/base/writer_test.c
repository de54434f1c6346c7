#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/error.h"
#include "base/writer.h"

static void numbers_are_big_endian(void **state)
{
    (void)state;
    static const uint8_t expected[] = { 0xAB, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0, 0, 0, 0, 0, 0, 0x07, 0x08, 0x9A, 0xBC,
                                        0xDE };
    uint8_t buffer[sizeof expected];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_put_u8(&writer, 0xAB);
    writer_put_u16be(&writer, 0x0102);
    writer_put_u32be(&writer, 0x03040506);
    writer_put_u64be(&writer, 0x0708);
    writer_put_unsigned_be(&writer, 0x119ABCDE, 3);
    writer_put_unsigned_be(&writer, 1, 0);
    assert_int_equal(writer_result(&writer), sizeof expected);
    assert_memory_equal(buffer, expected, sizeof expected);
}

static void little_endian_is_the_other_way_round(void **state)
{
    (void)state;
    uint8_t buffer[3] = { 0, 0, 0x55 };
    struct writer writer = writer_of_buffer(buffer, 3);
    writer_put_u16le(&writer, 0x0102);
    assert_memory_equal(buffer, "\x02\x01\x55", 3);
    writer_put_u16le(&writer, 0x0304);
    assert_true(writer.overflow);
    assert_int_equal(buffer[2], 0x55);
}

static void piece_that_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    uint8_t buffer[6] = { 0, 0, 0, 0, 0x55, 0x55 };
    struct writer writer = writer_of_buffer(buffer, 5);
    writer_put_u32be(&writer, 0x01020304);
    writer_put_u16be(&writer, 0x0506);
    assert_true(writer.overflow);
    assert_int_equal(writer.size, 4);
    assert_int_equal(buffer[4], 0x55);
    assert_int_equal(writer_result(&writer), BASE_ERR_FULL);
}

static void nothing_follows_an_overflow(void **state)
{
    (void)state;
    uint8_t buffer[4] = { 0 };
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_text(&writer, "too long");
    writer_put_u8(&writer, 1);
    writer_format(&writer, "%d", 1);
    assert_int_equal(writer.size, 0);
    assert_int_equal(buffer[0], 0);
}

static void nine_byte_numbers_do_not_exist(void **state)
{
    (void)state;
    uint8_t buffer[16];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_put_unsigned_be(&writer, 1, 9);
    assert_int_equal(writer_result(&writer), BASE_ERR_FULL);
}

static void integers_are_decimal(void **state)
{
    (void)state;
    char buffer[48];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_integer(&writer, 0);
    writer_integer(&writer, -7);
    writer_integer(&writer, INT64_MIN);
    writer_integer(&writer, INT64_MAX);
    assert_string_equal(writer_terminate(&writer), "0-7-92233720368547758089223372036854775807");
    writer_integer(&writer, 1234567);
    assert_true(writer.overflow);
}

static void format_writes_text(void **state)
{
    (void)state;
    char buffer[16];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_text(&writer, "meter ");
    writer_format(&writer, "%03d", 42);
    writer_text(&writer, "!");
    assert_true(span_equal_text(writer_span(&writer), "meter 042!"));
    assert_string_equal(writer_terminate(&writer), "meter 042!");
}

static void format_needs_a_byte_more(void **state)
{
    (void)state;
    char buffer[4];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_format(&writer, "%s", "abc");
    assert_int_equal(writer_result(&writer), 3);
    writer_format(&writer, "%s", "d");
    assert_int_equal(writer_result(&writer), BASE_ERR_FULL);
    writer = writer_of_buffer(buffer, 0);
    writer_format(&writer, "%s", "");
    assert_int_equal(writer_result(&writer), BASE_ERR_FULL);
}

static void terminate_cuts_a_full_buffer(void **state)
{
    (void)state;
    char buffer[4] = { 'x', 'x', 'x', 'x' };
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    writer_text(&writer, "abcd");
    assert_int_equal(writer_result(&writer), 4);
    assert_string_equal(writer_terminate(&writer), "abc");
    writer = writer_of_buffer(NULL, 0);
    assert_string_equal(writer_terminate(&writer), "");
}

static void empty_pieces_always_fit(void **state)
{
    (void)state;
    struct writer writer = writer_of_buffer(NULL, 0);
    writer_put_bytes(&writer, NULL, 0);
    writer_put_span(&writer, span_of_text(""));
    assert_int_equal(writer_result(&writer), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_big_endian),
        cmocka_unit_test(little_endian_is_the_other_way_round),
        cmocka_unit_test(piece_that_does_not_fit_is_left_out_whole),
        cmocka_unit_test(nothing_follows_an_overflow),
        cmocka_unit_test(nine_byte_numbers_do_not_exist),
        cmocka_unit_test(integers_are_decimal),
        cmocka_unit_test(format_writes_text),
        cmocka_unit_test(format_needs_a_byte_more),
        cmocka_unit_test(terminate_cuts_a_full_buffer),
        cmocka_unit_test(empty_pieces_always_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
