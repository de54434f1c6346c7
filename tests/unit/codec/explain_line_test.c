#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/explain/explain_line.h"

/* What a line gives, as size and first byte; negative errors as they are. */
static int decoded(const char *line, uint8_t *first, size_t *error_offset)
{
    uint8_t bytes[8] = { 0 };
    int size = explain_line_decode(span_of_text(line), bytes, sizeof bytes, error_offset);
    *first = bytes[0];
    return size;
}

static void gives(const char *line, int size, uint8_t first)
{
    uint8_t byte;
    size_t error_offset = SIZE_MAX;
    int got = decoded(line, &byte, &error_offset);
    if (got != size || byte != first)
        fail_msg("\"%s\" gives %d bytes, the first %02x", line, got, byte);
    assert_int_equal(error_offset, SIZE_MAX);
}

static void refuses(const char *line, int error, size_t offset)
{
    uint8_t byte;
    size_t error_offset = SIZE_MAX;
    int got = decoded(line, &byte, &error_offset);
    if (got != error || error_offset != offset)
        fail_msg("\"%s\" gives %d at %zu", line, got, error_offset);
}

static void pairs_stand_together_or_apart(void **state)
{
    (void)state;
    gives("68AAbb", 3, 0x68);
    gives("68 AA bb\r", 3, 0x68);
    gives("  68:aa:BB  ", 3, 0x68);
    gives("68-aa-bb", 3, 0x68);
    gives("0x68, 0xAA, 0xbb", 3, 0x68);
    gives("0x68AABB", 3, 0x68);
    gives("\\x68\\xaa", 2, 0x68);
    gives("68aa bb # 99", 3, 0x68);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    gives("", 0, 0);
    gives(" \t\r\n", 0, 0);
    gives("# 68", 0, 0);
}

static void times_in_front_are_passed_over(void **state)
{
    (void)state;
    gives("2026-07-09 10:15:30.250 68", 1, 0x68);
    gives("2026-07-09T10:15:30+08:00 68", 1, 0x68);
    gives("2026/07/09 10:15 68 aa", 2, 0x68);
    gives("[10:15:30] 68", 1, 0x68);
    gives("10:15:30: 68", 1, 0x68);
    gives("10:15:30,250 68:aa", 2, 0x68);
    gives("1783563330.25 68", 1, 0x68);
}

static void bytes_that_look_like_a_time_are_bytes(void **state)
{
    (void)state;
    gives("10:15:30", 3, 0x10);
    gives("10:15:30 aa:bb", 5, 0x10);
    gives("24:15:30 aa", 4, 0x24);
    gives("20-26-07-09", 4, 0x20);
    gives("2026-07-09", 4, 0x20);
}

static void directions_in_front_are_passed_over(void **state)
{
    (void)state;
    gives("TX: 68", 1, 0x68);
    gives("<- 68", 1, 0x68);
    gives("[recv] 68", 1, 0x68);
    gives("master->meter 68", 1, 0x68);
    gives("10:15:30 发送 68", 1, 0x68);
    refuses("TX:", CODEC_ERR_EMPTY, 0);
}

static void anything_else_is_refused_where_it_stands(void **state)
{
    (void)state;
    refuses("zz", CODEC_ERR_FORMAT, 0);
    refuses("hello 68", CODEC_ERR_FORMAT, 0);
    refuses("68 6", CODEC_ERR_FORMAT, 3);
    refuses("TX: 68 aa tx", CODEC_ERR_FORMAT, 10);
    refuses("0x", CODEC_ERR_FORMAT, 0);
    refuses("68 68 68 68 68 68 68 68 68", CODEC_ERR_FULL, 24);
}

static void text_is_told_from_bytes(void **state)
{
    (void)state;
    assert_true(explain_is_text(span_of_text("68 aa\r\n\t报文")));
    assert_false(explain_is_text(span_of_bytes("68\0", 3)));
    assert_false(explain_is_text(span_of_bytes("\x68\x11\x93", 3)));
    assert_false(explain_is_text(span_of_bytes("\xff", 1)));
    assert_true(explain_is_text(span_of_bytes(NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_stand_together_or_apart),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(times_in_front_are_passed_over),
        cmocka_unit_test(bytes_that_look_like_a_time_are_bytes),
        cmocka_unit_test(directions_in_front_are_passed_over),
        cmocka_unit_test(anything_else_is_refused_where_it_stands),
        cmocka_unit_test(text_is_told_from_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
