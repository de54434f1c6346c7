#include "codec/item/item.h"

#include <string.h>

#include "base/random.h"
#include "codec/bcd/bcd.h"
#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "tests/unit/unit_test.h"

static const char *value_of(const struct item *item)
{
    static char text[256];
    struct writer out = writer_of_buffer(text, sizeof text);
    item_value_write(item, &out);
    return writer_terminate(&out);
}

static void numbers_are_written_exactly(void **state)
{
    (void)state;
    struct item item = { 0 };
    item.value = 120000;
    item.exponent = -2;
    assert_string_equal(value_of(&item), "1200.00");
    item.value = -5;
    item.exponent = -3;
    assert_string_equal(value_of(&item), "-0.005");
    item.value = 6735835;
    item.exponent = 3;
    assert_string_equal(value_of(&item), "6735835000");
    item.value = 0;
    assert_string_equal(value_of(&item), "0");
    item.value = INT64_MIN;
    item.exponent = -18;
    assert_string_equal(value_of(&item), "-9.223372036854775808");
}

static void a_number_is_scaled_exactly_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int8_t exponent;
        int to;
        int result;
        int64_t scaled;
    } cases[] = {
        { 125, -1, -2, 0, 1250 },
        { -1250, -2, -1, 0, -125 },
        { 125, -2, -1, CODEC_ERR_RANGE, 0 },
        { 0, 127, -128, 0, 0 },
        { 1, 18, 0, 0, INT64_C(1000000000000000000) },
        { 1, 19, 0, CODEC_ERR_RANGE, 0 },
        { -10, 18, 0, CODEC_ERR_RANGE, 0 },
        { -INT64_MAX, 0, 0, 0, -INT64_MAX },
        { INT64_MIN, 0, 0, CODEC_ERR_RANGE, 0 }, /* nobody could negate it */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct item item = { .value = cases[i].value, .exponent = cases[i].exponent };
        int64_t scaled = 77;
        assert_int_equal(item_value_scale(&item, cases[i].to, &scaled), cases[i].result);
        assert_int_equal(scaled, cases[i].result == 0 ? cases[i].scaled : 77);
    }
}

static void other_kinds_keep_their_form(void **state)
{
    (void)state;
    struct item item = { 0 };
    item.kind = ITEM_KIND_DIGITS;
    item.digits = 12;
    item.value = 4321;
    assert_string_equal(value_of(&item), "000000004321");
    item.kind = ITEM_KIND_FLAGS;
    item.digits = 4;
    item.value = 0x1f;
    assert_string_equal(value_of(&item), "0x001F");
    item.kind = ITEM_KIND_TEXT;
    item.bytes = span_of_text("mas\x01 ");
    assert_string_equal(value_of(&item), "mas?");
    item.bytes = span_of_text(" PAM");
    item.is_reversed = 1;
    assert_string_equal(value_of(&item), "MAP");
    item.kind = ITEM_KIND_BYTES;
    item.bytes = span_of_bytes("\x0a\xff", 2);
    assert_string_equal(value_of(&item), "0AFF");
    item.quality = ITEM_MISSING;
    assert_string_equal(value_of(&item), "");
}

static const char *time_text(struct item_time time)
{
    static char text[64];
    struct writer out = writer_of_buffer(text, sizeof text);
    item_time_write(&time, &out);
    return writer_terminate(&out);
}

static void times_show_the_stated_parts(void **state)
{
    (void)state;
    struct item_time time = { 2026, 7, 9, 10, 15, 30, ITEM_TIME_SECOND, 0, 0 };
    static const char *const texts[] = {
        "",         "2026",       "2026-07", "2026-07-09", "2026-07-09T10", "2026-07-09T10:15", "2026-07-09T10:15:30",
        "10:15:30", "07-09 10:15"
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        time.parts = (uint8_t)i;
        assert_string_equal(time_text(time), texts[i]);
    }
    assert_string_equal(time_text(item_time_of_unix(0x673E7800)), "2024-11-21T00:00:00Z");
    assert_string_equal(time_text(item_time_of_unix(4294967295)), "2106-02-07T06:28:15Z");
}

static void times_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    struct item_time leap = { 2024, 2, 29, 23, 59, 59, ITEM_TIME_SECOND, 0, 0 };
    assert_int_equal(item_time_check(&leap), 0);
    leap.year = 2026;
    assert_int_equal(item_time_check(&leap), CODEC_ERR_RANGE);
    leap.parts = ITEM_TIME_OF_YEAR;
    assert_int_equal(item_time_check(&leap), 0);
    leap.hour = 24;
    assert_int_equal(item_time_check(&leap), CODEC_ERR_RANGE);
    struct item_time month = { 2026, 13, 1, 0, 0, 0, ITEM_TIME_MONTH, 0, 0 };
    assert_int_equal(item_time_check(&month), CODEC_ERR_RANGE);
    struct item_time clock = { 0, 0, 0, 12, 60, 0, ITEM_TIME_OF_DAY, 0, 0 };
    assert_int_equal(item_time_check(&clock), CODEC_ERR_RANGE);
}

static void names_say_which_one_it_is(void **state)
{
    (void)state;
    char text[256];
    struct item item = { 0 };
    item.quantity = ITEM_ENERGY_ACTIVE_IMPORT;
    item.phase = 1;
    item.tariff = 2;
    item.storage = 3;
    item.function = ITEM_MAXIMUM;
    struct writer out = writer_of_buffer(text, sizeof text);
    item_name_write(&item, false, &out);
    assert_string_equal(writer_terminate(&out), "Forward active energy, phase A, tariff 2, storage 3, maximum");
    out = writer_of_buffer(text, sizeof text);
    item_name_write(&item, true, &out);
    assert_string_equal(writer_terminate(&out), "正向有功电能，A相，费率2，存储3，最大值");
    struct item backward = { 0 };
    backward.quantity = ITEM_ENERGY;
    backward.modifier = ITEM_MODIFIER_BACKWARD;
    out = writer_of_buffer(text, sizeof text);
    item_name_write(&backward, false, &out);
    assert_string_equal(writer_terminate(&out), "Energy, backward only");
}

static void every_modifier_has_its_words(void **state)
{
    (void)state;
    for (int i = ITEM_MODIFIER_NONE + 1; i < ITEM_MODIFIER_COUNT; i++) {
        const struct item_modifier_info *info = item_modifier_info((enum item_modifier)i);
        assert_true(strlen(info->name) > 0 && strlen(info->english) > 0 && strlen(info->chinese) > 0);
        for (int other = 0; other < i; other++)
            assert_string_not_equal(info->name, item_modifier_info((enum item_modifier)other)->name);
    }
    assert_string_equal(item_modifier_info(ITEM_MODIFIER_COUNT)->name, "");
}

static void every_quantity_and_unit_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < ITEM_QUANTITY_COUNT; i++) {
        const struct item_quantity_info *info = item_quantity_info((enum item_quantity)i);
        assert_int_equal(item_quantity_find(span_of_text(info->name)), i);
        assert_true(strlen(info->english) > 0 && strlen(info->chinese) > 0);
    }
    for (int i = 0; i < ITEM_UNIT_COUNT; i++)
        assert_int_equal(item_unit_find(span_of_text(item_unit_text((enum item_unit)i))), i);
    assert_int_equal(item_unit_find(span_of_text("m3/h")), ITEM_UNIT_M3_H);
    assert_string_equal(item_unit_text(ITEM_UNIT_M3_H), "m³/h");
    assert_string_equal(item_unit_code(ITEM_UNIT_CELSIUS), "C");
    assert_string_equal(item_unit_chinese(ITEM_UNIT_M3_H), "m³/h");
    assert_string_equal(item_unit_chinese(ITEM_UNIT_YUAN), "元");
    assert_string_equal(item_unit_chinese(ITEM_UNIT_COUNT), "");
    assert_int_equal(item_quantity_find(span_of_text("nothing")), -1);
    assert_int_equal(item_unit_find(span_of_text("furlong")), -1);
}

static void a_full_list_takes_no_more(void **state)
{
    (void)state;
    struct item items[2];
    struct item_list list = item_list_of(items, 2);
    assert_non_null(item_list_add(&list));
    assert_non_null(item_list_add(&list));
    assert_null(item_list_add(&list));
    assert_int_equal(list.count, 2);
}

static void checksums_give_their_published_check_values(void **state)
{
    (void)state;
    struct span digits = span_of_text("123456789");
    assert_int_equal(checksum_crc16_en13757(digits), 0xC2B7);
    assert_int_equal(checksum_crc16_ibm3740(digits), 0x29B1);
    assert_int_equal(checksum_crc16_modbus(digits), 0x4B37);
    assert_int_equal(checksum_sum8(span_of_bytes("\xff\x02\x10", 3)), 0x11);
}

/* Bit by bit, as the polynomial says. */
static uint16_t slow_crc16(uint16_t polynomial, unsigned remainder, struct span bytes)
{
    for (size_t i = 0; i < 8 * bytes.size; i++) {
        unsigned bit = bytes.bytes[i / 8] >> (7 - i % 8) & 1u;
        remainder = (remainder << 1 & 0xffff) ^ ((remainder >> 15 ^ bit) != 0 ? polynomial : 0u);
    }
    return (uint16_t)remainder;
}

static void every_row_of_the_quick_checksums_is_right(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 65536; i++) {
        uint8_t bytes[2] = { (uint8_t)(i >> 8), (uint8_t)i };
        struct span both = span_of_bytes(bytes, sizeof bytes);
        assert_int_equal(checksum_crc16_en13757(both), (uint16_t)~slow_crc16(0x3d65, 0, both));
        assert_int_equal(checksum_crc16_ibm3740(both), slow_crc16(0x1021, 0xffff, both));
    }
}

/* Words at a time or byte by byte, the result is the same for every size and alignment. */
static void quick_sums_and_digits_are_the_slow_ones(void **state)
{
    struct random random = random_of_seed(8);
    (void)state;

    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[64], sum = 0;
        size_t start = (size_t)random_below(&random, 8), size = (size_t)random_below(&random, 50);
        int64_t number = 0;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = random_chance(&random, 1, 12) ? (uint8_t)random_next(&random)
                                                     : bcd_byte_write((int)random_below(&random, 100));
        for (size_t i = 0; i < size; i++)
            sum = (uint8_t)(sum + bytes[start + i]);
        assert_int_equal(checksum_sum8(span_of_bytes(bytes + start, size)), sum);
        size = size % BCD_SIZE_LIMIT + 1;
        for (size_t i = size; i-- > 0 && number >= 0;) {
            int pair = bcd_byte_read(bytes[start + i]);
            number = pair < 0 ? -1 : 100 * number + pair;
        }
        assert_int_equal(bcd_read(span_of_bytes(bytes + start, size)), number);
    }
}

static void long_sums_lose_nothing(void **state)
{
    uint8_t bytes[5000];
    (void)state;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(0xff - i / 1000);
    for (size_t size = 1000; size <= sizeof bytes; size += 501) {
        uint8_t sum = 0;
        for (size_t i = 0; i < size; i++)
            sum = (uint8_t)(sum + bytes[i]);
        assert_int_equal(checksum_sum8(span_of_bytes(bytes, size)), sum);
    }
}

static void bcd_reads_only_digits(void **state)
{
    (void)state;
    assert_int_equal(bcd_read(span_of_bytes("\x56\x34\x12", 3)), 123456);
    assert_int_equal(bcd_read_big(span_of_bytes("\x12\x34\x56", 3)), 123456);
    assert_int_equal(bcd_read(span_of_bytes("\x56\xA4\x12", 3)), -1);
    assert_int_equal(bcd_read(span_of_bytes("\x99\x99\x99\x99\x99\x99\x99\x99\x99", 9)), 999999999999999999);
    assert_int_equal(bcd_read(span_of_bytes("", 0)), -1);
    assert_int_equal(bcd_read(span_of_bytes("0123456789", 10)), -1);
}

static void bcd_writes_what_it_reads(void **state)
{
    (void)state;
    uint8_t bytes[BCD_SIZE_LIMIT] = { 0 };
    assert_int_equal(bcd_write(123456, bytes, 3), 0);
    assert_memory_equal(bytes, "\x56\x34\x12", 3);
    assert_int_equal(bcd_write(1000000, bytes, 3), CODEC_ERR_RANGE);
    assert_int_equal(bcd_write(-1, bytes, 3), CODEC_ERR_RANGE);
    assert_int_equal(bcd_write(999999999999999999, bytes, 9), 0);
    assert_int_equal(bcd_read(span_of_bytes(bytes, 9)), 999999999999999999);
}

static void bcd_text_is_what_stands_on_the_meter(void **state)
{
    (void)state;
    char text[13];
    uint8_t bytes[6];
    bcd_text(span_of_bytes("\x21\x43\x00\x00\x00\xAA", 6), text);
    assert_string_equal(text, "AA0000004321");
    assert_int_equal(bcd_text_read(span_of_text("4321"), bytes, 6), 0);
    assert_memory_equal(bytes, "\x21\x43\x00\x00\x00\x00", 6);
    assert_int_equal(bcd_text_read(span_of_text("AA0000004321"), bytes, 6), 0);
    assert_memory_equal(bytes, "\x21\x43\x00\x00\x00\xAA", 6);
    assert_int_equal(bcd_text_read(span_of_text("0000000004321"), bytes, 6), CODEC_ERR_TOO_LONG);
    assert_int_equal(bcd_text_read(span_of_text("43G1"), bytes, 6), CODEC_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_exactly),
        cmocka_unit_test(a_number_is_scaled_exactly_or_not_at_all),
        cmocka_unit_test(other_kinds_keep_their_form),
        cmocka_unit_test(times_show_the_stated_parts),
        cmocka_unit_test(times_that_do_not_exist_are_refused),
        cmocka_unit_test(names_say_which_one_it_is),
        cmocka_unit_test(every_modifier_has_its_words),
        cmocka_unit_test(every_quantity_and_unit_is_found_by_its_name),
        cmocka_unit_test(a_full_list_takes_no_more),
        cmocka_unit_test(checksums_give_their_published_check_values),
        cmocka_unit_test(every_row_of_the_quick_checksums_is_right),
        cmocka_unit_test(quick_sums_and_digits_are_the_slow_ones),
        cmocka_unit_test(long_sums_lose_nothing),
        cmocka_unit_test(bcd_reads_only_digits),
        cmocka_unit_test(bcd_writes_what_it_reads),
        cmocka_unit_test(bcd_text_is_what_stands_on_the_meter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
