#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/error.h"
#include "base/hex.h"

static void encode_is_lower_case(void **state)
{
    (void)state;
    char text[9];
    assert_int_equal(hex_encode(span_of_bytes("\x00\x9F\xA0\xFF", 4), text, sizeof text), 8);
    assert_string_equal(text, "009fa0ff");
    assert_int_equal(hex_encode(span_of_bytes(NULL, 0), text, 1), 0);
    assert_string_equal(text, "");
}

static void encode_needs_room_for_the_zero(void **state)
{
    (void)state;
    char text[5] = "keep";
    assert_int_equal(hex_encode(span_of_bytes("\x01\x02", 2), text, 4), BASE_ERR_FULL);
    assert_string_equal(text, "keep");
    assert_int_equal(hex_encode(span_of_bytes(NULL, 0), text, 0), BASE_ERR_FULL);
}

static void decode_reads_both_cases_and_blanks(void **state)
{
    (void)state;
    uint8_t bytes[4];
    assert_int_equal(hex_decode(span_of_text(" 68 aB\tCd\r\n0f "), bytes, sizeof bytes), 4);
    assert_memory_equal(bytes, "\x68\xAB\xCD\x0F", 4);
    assert_int_equal(hex_decode(span_of_text(""), bytes, 0), 0);
}

static void decode_refuses_damage_and_touches_nothing(void **state)
{
    (void)state;
    static const char *const damaged[] = { "0", "012", "0g", "g0", "0 1", "00:11", "00 1", "0x00", "\xE6\xB0" };
    uint8_t bytes[4] = { 1, 2, 3, 4 };
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
        assert_int_equal(hex_decode(span_of_text(damaged[i]), bytes, sizeof bytes), BASE_ERR_SYNTAX);
    assert_int_equal(hex_decode(span_of_text("aabbccddee"), bytes, sizeof bytes), BASE_ERR_FULL);
    assert_memory_equal(bytes, "\x01\x02\x03\x04", 4);
}

static void every_byte_comes_back(void **state)
{
    (void)state;
    uint8_t bytes[256], back[256];
    char text[513];
    for (int i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(hex_encode(span_of_bytes(bytes, 256), text, sizeof text), 512);
    assert_int_equal(hex_decode(span_of_text(text), back, sizeof back), 256);
    assert_memory_equal(bytes, back, 256);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(encode_is_lower_case),
        cmocka_unit_test(encode_needs_room_for_the_zero),
        cmocka_unit_test(decode_reads_both_cases_and_blanks),
        cmocka_unit_test(decode_refuses_damage_and_touches_nothing),
        cmocka_unit_test(every_byte_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
