#include "tests/unit/unit_test.h"

#include "base/error.h"
#include "base/reader.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09 };

static struct reader reader_of_first(size_t size)
{
    return reader_of_span(span_of_bytes(bytes, size));
}

static void big_endian_numbers(void **state)
{
    (void)state;
    struct reader reader = reader_of_first(7);
    uint8_t one;
    uint16_t two;
    uint32_t four;
    assert_int_equal(reader_take_u8(&reader, &one), 0);
    assert_int_equal(one, 0x01);
    assert_int_equal(reader_take_u16be(&reader, &two), 0);
    assert_int_equal(two, 0x0203);
    assert_int_equal(reader_take_u32be(&reader, &four), 0);
    assert_int_equal(four, 0x04050607);
    assert_int_equal(reader_remaining(&reader), 0);
    uint64_t eight;
    reader = reader_of_first(8);
    assert_int_equal(reader_take_u64be(&reader, &eight), 0);
    assert_true(eight == UINT64_C(0x0102030405060708));
}

static void little_endian_numbers(void **state)
{
    (void)state;
    struct reader reader = reader_of_first(6);
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    assert_int_equal(reader_take_u16le(&reader, &two), 0);
    assert_int_equal(two, 0x0201);
    assert_int_equal(reader_take_u32le(&reader, &four), 0);
    assert_int_equal(four, 0x06050403);
    reader = reader_of_first(8);
    assert_int_equal(reader_take_u64le(&reader, &eight), 0);
    assert_true(eight == UINT64_C(0x0807060504030201));
}

static void odd_sizes(void **state)
{
    (void)state;
    struct reader reader = reader_of_first(9);
    uint64_t value;
    assert_int_equal(reader_take_unsigned_be(&reader, 3, &value), 0);
    assert_int_equal(value, 0x010203);
    assert_int_equal(reader_take_unsigned_be(&reader, 0, &value), 0);
    assert_int_equal(value, 0);
    assert_int_equal(reader_take_unsigned_be(&reader, 9, &value), BASE_ERR_RANGE);
    assert_int_equal(reader.offset, 3);
}

/* Every taker on an input one byte too short: error, no move, no output. */
static void short_input_moves_nothing(void **state)
{
    (void)state;
    uint8_t one = 0xEE;
    uint16_t two = 0xEEEE;
    uint32_t four = 0xEEEEEEEE;
    uint64_t eight = UINT64_C(0xEEEEEEEEEEEEEEEE);
    struct reader reader = reader_of_first(0);
    assert_int_equal(reader_peek_u8(&reader, &one), BASE_ERR_SHORT);
    assert_int_equal(reader_take_u8(&reader, &one), BASE_ERR_SHORT);
    reader = reader_of_first(1);
    assert_int_equal(reader_take_u16be(&reader, &two), BASE_ERR_SHORT);
    assert_int_equal(reader_take_u16le(&reader, &two), BASE_ERR_SHORT);
    reader = reader_of_first(3);
    assert_int_equal(reader_take_u32be(&reader, &four), BASE_ERR_SHORT);
    assert_int_equal(reader_take_u32le(&reader, &four), BASE_ERR_SHORT);
    reader = reader_of_first(7);
    assert_int_equal(reader_take_u64be(&reader, &eight), BASE_ERR_SHORT);
    assert_int_equal(reader_take_u64le(&reader, &eight), BASE_ERR_SHORT);
    assert_int_equal(reader.offset, 0);
    assert_int_equal(one, 0xEE);
    assert_int_equal(two, 0xEEEE);
    assert_int_equal(four, 0xEEEEEEEE);
    assert_true(eight == UINT64_C(0xEEEEEEEEEEEEEEEE));
}

static void spans_are_views(void **state)
{
    (void)state;
    struct reader reader = reader_of_first(4);
    struct span out = { NULL, 77 };
    assert_int_equal(reader_take_span(&reader, 3, &out), 0);
    assert_ptr_equal(out.bytes, bytes);
    assert_int_equal(out.size, 3);
    assert_int_equal(reader_take_span(&reader, 2, &out), BASE_ERR_SHORT);
    assert_int_equal(reader_take_span(&reader, SIZE_MAX, &out), BASE_ERR_SHORT);
    assert_int_equal(out.size, 3);
    uint8_t next = 0;
    assert_int_equal(reader_peek_u8(&reader, &next), 0);
    assert_int_equal(next, 4);
    assert_int_equal(reader.offset, 3);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(big_endian_numbers),
        cmocka_unit_test(little_endian_numbers),
        cmocka_unit_test(odd_sizes),
        cmocka_unit_test(short_input_moves_nothing),
        cmocka_unit_test(spans_are_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
