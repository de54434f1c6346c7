/* The record layer: every record of the vectors alone, and what the vectors do not hold. */
#include "codec/mbus/mbus_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "tests/unit/codec/mbus_vector.h"
#include "tests/unit/unit_test.h"

#define RECORD_LIMIT 256
#define ITEM_LIMIT 8

static void vector_records_check(const struct vector_json *vector, void *context)
{
    unsigned *count = context;
    const json_t *records = json_object_get(vector->meaning, "records");
    size_t index;
    json_t *record;

    json_array_foreach(records, index, record)
    {
        uint8_t bytes[RECORD_LIMIT];
        struct item items[2];
        struct item_list list = item_list_of(items, 2);
        struct span raw = mbus_vector_raw(record, bytes, sizeof bytes);
        if (raw.size == 0)
            continue;
        assert_int_equal(mbus_records_decode(raw, &list, NULL, NULL), 0);
        assert_int_equal(list.count, 1);
        mbus_vector_record_check(record, &items[0]);
        (*count)++;
    }
}

static void every_record_of_the_vectors_is_understood(void **state)
{
    (void)state;
    unsigned count = 0;
    vector_json_each("mbus/mbus.json", vector_records_check, &count);
    assert_int_equal(count, 807);
    vector_json_each("wmbus/wmbus.json", vector_records_check, &count);
    assert_true(count > 1700);
}

/* Items of records in hexadecimal. */
struct decoded {
    uint8_t bytes[RECORD_LIMIT];
    struct item items[ITEM_LIMIT];
    size_t count;
    size_t error_offset;
    bool more_follow;
    int result;
};

static struct decoded *records_of(const char *hex)
{
    static struct decoded decoded;
    struct item_list list = item_list_of(decoded.items, ITEM_LIMIT);
    int size = hex_decode(span_of_text(hex), decoded.bytes, sizeof decoded.bytes);

    assert_true(size >= 0);
    decoded.error_offset = SIZE_MAX;
    decoded.more_follow = false;
    decoded.result = mbus_records_decode(span_of_bytes(decoded.bytes, (size_t)size), &list, &decoded.more_follow,
                                         &decoded.error_offset);
    decoded.count = list.count;
    return &decoded;
}

static const struct item *item_of(const char *hex)
{
    struct decoded *decoded = records_of(hex);
    assert_int_equal(decoded->result, 0);
    assert_int_equal(decoded->count, 1);
    return &decoded->items[0];
}

/* "12345.678 m³" */
static const char *text_of(const char *hex)
{
    static char text[512];
    struct writer out = writer_of_buffer(text, sizeof text);
    const struct item *item = item_of(hex);

    item_value_write(item, &out);
    if (item->unit != ITEM_UNIT_NONE && out.size > 0) {
        writer_text(&out, " ");
        writer_text(&out, item_unit_text((enum item_unit)item->unit));
    }
    return writer_terminate(&out);
}

static void codes_of_the_main_table_have_their_scale(void **state)
{
    (void)state;
    assert_string_equal(text_of("0C1378563412"), "12345.678 m³");
    assert_string_equal(text_of("0C1478563412"), "123456.78 m³");
    assert_string_equal(text_of("040601000000"), "1000 Wh");
    assert_string_equal(text_of("0400E8030000"), "1.000 Wh");
    assert_string_equal(text_of("040701000000"), "10000 Wh");
    assert_string_equal(text_of("040E01000000"), "1000000 J");
    assert_string_equal(text_of("0118FF"), "-0.001 kg");
    assert_string_equal(text_of("011F01"), "10000 kg");
    assert_string_equal(text_of("012001"), "1 s");
    assert_string_equal(text_of("012101"), "60 s");
    assert_string_equal(text_of("012601"), "3600 s");
    assert_string_equal(text_of("012701"), "86400 s");
    assert_string_equal(text_of("012F01"), "10000 W");
    assert_string_equal(text_of("013701"), "10000000 J/h");
    assert_string_equal(text_of("013F01"), "10 m³/h");
    /* 7 * 10^-7 m3/min is 42 * 10^-6 m3/h */
    assert_string_equal(text_of("014007"), "0.0000420 m³/h");
    assert_string_equal(text_of("014701"), "60 m³/h");
    assert_string_equal(text_of("014801"), "0.000003600 m³/h");
    assert_string_equal(text_of("014F01"), "36.00 m³/h");
    assert_string_equal(text_of("015701"), "10000 kg/h");
    assert_string_equal(text_of("025A9CFF"), "-10.0 °C");
    assert_string_equal(text_of("016B05"), "5 bar");
    assert_string_equal(text_of("017301"), "86400 s");
    assert_string_equal(text_of("0C7801000000"), "00000001");
}

static void codes_of_the_extension_tables_have_their_scale(void **state)
{
    (void)state;
    assert_string_equal(text_of("01FB0001"), "100000 Wh");
    assert_string_equal(text_of("01FB0101"), "1000000 Wh");
    assert_string_equal(text_of("01FB0201"), "1 kvarh");
    assert_string_equal(text_of("01FB0901"), "1000000000 J");
    assert_string_equal(text_of("01FB0D01"), "1000000 cal");
    assert_string_equal(text_of("01FB1001"), "100 m³");
    assert_string_equal(text_of("01FB1901"), "1000000 kg");
    assert_string_equal(text_of("01FB2101"), "0.1 ft³");
    assert_string_equal(text_of("01FB2901"), "1000000 W");
    assert_string_equal(text_of("02FB2D8813"), "50.00 Hz");
    assert_string_equal(text_of("01FB3101"), "1000000000 J/h");
    assert_string_equal(text_of("01FD1C01"), "1 Bd");
    assert_string_equal(text_of("01FD2501"), "60 s");
    assert_string_equal(text_of("01FD2801"), "1 month");
    assert_string_equal(text_of("01FD3101"), "60 s");
    assert_string_equal(text_of("02FD48FD08"), "230.1 V");
    assert_string_equal(text_of("01FD5901"), "0.001 A");
    assert_string_equal(text_of("01FD71A6"), "-90 dBm");
    assert_string_equal(text_of("02FDFD020C00"), "12 month");
    assert_int_equal(item_of("01EF0005")->quantity, ITEM_OTHER);
    assert_int_equal(item_of("01FB7005")->quantity, ITEM_OTHER);
}

static void numbers_of_every_data_field_are_read(void **state)
{
    (void)state;
    assert_string_equal(text_of("0103FF"), "-1 Wh");
    assert_string_equal(text_of("02030080"), "-32768 Wh");
    assert_string_equal(text_of("0303FFFF7F"), "8388607 Wh");
    assert_string_equal(text_of("0403FFFFFFFF"), "-1 Wh");
    assert_string_equal(text_of("0603FFFFFFFFFF7F"), "140737488355327 Wh");
    assert_string_equal(text_of("07030000000000000080"), "-9223372036854775808 Wh");
    assert_string_equal(text_of("090399"), "99 Wh");
    assert_string_equal(text_of("0A0312F0"), "-12 Wh");
    assert_string_equal(text_of("0B03563412"), "123456 Wh");
    assert_string_equal(text_of("0E03907856341200"), "1234567890 Wh");
    assert_string_equal(text_of("0503DBF97E3F"), "0.996 Wh");
    assert_string_equal(text_of("052EA0C85146"), "13426156 W");
    assert_int_equal(item_of("0003")->quality, ITEM_MISSING);
    assert_int_equal(item_of("0803")->quality, ITEM_MISSING);
    assert_int_equal(item_of("0C13FFFFFFFF")->quality, ITEM_MISSING);
    assert_int_equal(item_of("0C13785634A2")->quality, ITEM_INVALID);
    assert_int_equal(item_of("0C137856BA12")->quality, ITEM_INVALID);
    assert_int_equal(item_of("05030000C07F")->quality, ITEM_MISSING);
    assert_int_equal(item_of("05030000807F")->quality, ITEM_INVALID);
    /* 2^63 days do not fit. */
    assert_int_equal(item_of("0727FFFFFFFFFFFFFF7F")->quality, ITEM_INVALID);
}

static void values_of_variable_length_are_read(void **state)
{
    (void)state;
    assert_string_equal(text_of("0D780331 3241"), "A21");
    assert_string_equal(text_of("0D7800"), "");
    assert_string_equal(text_of("0D03C25634"), "3456 Wh");
    assert_string_equal(text_of("0D03D25634"), "-3456 Wh");
    assert_string_equal(text_of("0D03E2FEFF"), "-2 Wh");
    assert_string_equal(text_of("0D03F8000000000000F83F"), "1.5 Wh");
    assert_int_equal(item_of("0D03C0")->quality, ITEM_MISSING);
    assert_int_equal(item_of("0D03CA00000000000000000000")->kind, ITEM_KIND_BYTES);
    assert_int_equal(item_of("0D03F000000000000000000000000000000000")->bytes.size, 16);
    /* No text, whatever LVAR says. */
    assert_string_equal(text_of("0D78020107"), "0107");
    assert_int_equal(records_of("0D03FF")->result, CODEC_ERR_RESERVED);
    assert_int_equal(records_of("0D03F90000")->result, CODEC_ERR_RESERVED);
    assert_int_equal(records_of("0D03033132")->result, CODEC_ERR_SHORT);
}

static void storage_tariff_and_subunit_are_gathered(void **state)
{
    (void)state;
    const struct item *item = item_of("C4100300000000");
    assert_int_equal(item->storage, 1);
    assert_int_equal(item->tariff, 1);
    item = item_of("848F0F6D0000E1F1");
    assert_int_equal(item->storage, 510);
    item = item_of("84A0C0500300000000");
    assert_int_equal(item->tariff, 2 + (1 << 4));
    assert_int_equal(item->subunit, 2 + 4);
    item = item_of("9403 0300000000");
    assert_int_equal(item->function, ITEM_MAXIMUM);
    assert_int_equal(item->storage, 6);
    /* Ten DIFE are the most, and a storage number of more than 32 bits is none. */
    assert_int_equal(item_of("8480808080808080808000 0300000000")->storage, 0);
    assert_int_equal(records_of("848080808080808080808000 0300000000")->result, CODEC_ERR_FORMAT);
    assert_int_equal(records_of("848080808080808080808000 0300000000")->error_offset, 11);
    assert_int_equal(records_of("84808080808080808F00 0300000000")->result, CODEC_ERR_RANGE);
}

static void extensions_change_what_is_meant(void **state)
{
    (void)state;
    const struct item *item = item_of("04833C05000000");
    assert_int_equal(item->quantity, ITEM_ENERGY);
    assert_int_equal(item->modifier, ITEM_MODIFIER_BACKWARD);
    assert_int_equal(item->identifier, 0x833c);
    assert_int_equal(item_of("04933C05000000")->quantity, ITEM_VOLUME_REVERSE);
    assert_int_equal(item_of("04902805000000")->modifier, ITEM_MODIFIER_PER_INPUT_PULSE_0);
    assert_int_equal(item_of("02FDC9FC010000")->phase, 1);
    assert_int_equal(item_of("01BB4805")->modifier, ITEM_MODIFIER_UPPER_LIMIT);
    assert_int_equal(item_of("01BC7E05")->modifier, ITEM_MODIFIER_FUTURE);
    assert_string_equal(text_of("01937005"), "0.000000005 m³");
    assert_string_equal(text_of("01937D05"), "5 m³");
    /* Several multipliers all multiply: 10^-3 * 10^-1 * 10^3 * 10^1. */
    assert_string_equal(text_of("0193F5FD7705"), "5 m³");
    assert_int_equal(item_of("0193F5FD7705")->exponent, 0);
    assert_string_equal(text_of("01BB5605"), "18000 s");
    assert_string_equal(text_of("01BB4905"), "5");
    assert_string_equal(text_of("04BB6F172EA62B"), "2021-11-06T14:23");
    assert_int_equal(item_of("04BB6F172EA62B")->modifier, ITEM_MODIFIER_LAST_END);
    /* Nothing behind 7FH has a meaning of the standard. */
    assert_string_equal(text_of("0193FF7D05"), "0.005 m³");
    assert_string_equal(text_of("01FF7D05"), "5");
}

/* A 32 bit volume in litres behind one VIFE. */
static const struct item *item_of_vife(unsigned code)
{
    char hex[] = "0493..172EA62B";
    hex[4] = "0123456789ABCDEF"[code >> 4];
    hex[5] = "0123456789ABCDEF"[code & 15];
    return item_of(hex);
}

static void every_extension_has_its_effect(void **state)
{
    (void)state;
    static const uint8_t moments[] = { 0x39, 0x42, 0x43, 0x46, 0x47, 0x4a, 0x4b, 0x4e, 0x4f, 0x6a, 0x6b, 0x6e, 0x6f };
    static const int64_t factors[4] = { 1, 60, 3600, 86400 };

    for (int code = 0x70; code <= 0x77; code++)
        assert_int_equal(item_of_vife((unsigned)code)->exponent, -3 + code - 0x76);
    assert_int_equal(item_of_vife(0x7d)->exponent, 0);
    for (unsigned code = 0x20; code < 0x80; code++) {
        const struct item *item = item_of_vife(code);
        bool is_moment = memchr(moments, (int)code, sizeof moments) != NULL;
        bool is_duration = code >= 0x50 && code <= 0x67, is_count = code == 0x41 || code == 0x49;
        assert_int_equal(item->kind == ITEM_KIND_TIME, is_moment);
        if (is_duration)
            assert_int_equal(item->value, INT64_C(0x2ba62e17) * factors[code & 3]);
        assert_int_equal(item->unit == ITEM_UNIT_S, is_duration);
        assert_int_equal(item->unit == ITEM_UNIT_M3, !is_moment && !is_duration && !is_count);
    }
    for (unsigned phase = 1; phase <= 4; phase++) {
        char hex[] = "0493FC0.05000000";
        hex[7] = (char)('0' + phase);
        assert_int_equal(item_of(hex)->phase, phase);
    }
    assert_int_equal(item_of("0493FC1005000000")->modifier, ITEM_MODIFIER_ABSOLUTE);
    assert_int_equal(item_of("0493FC0505000000")->modifier, ITEM_MODIFIER_BETWEEN_L1_L2);
}

static void record_errors_are_no_values(void **state)
{
    (void)state;
    assert_int_equal(item_of("01931505")->quality, ITEM_MISSING);
    assert_int_equal(item_of("01931605")->quality, ITEM_DOUBTED);
    assert_int_equal(item_of("01931805")->quality, ITEM_DOUBTED);
    assert_int_equal(item_of("01930005")->quality, ITEM_GOOD);
    assert_int_equal(item_of("01FD971D05")->quality, ITEM_GOOD);
}

static void dates_are_read(void **state)
{
    (void)state;
    assert_string_equal(text_of("046D172ECC13"), "2014-03-12T14:23");
    assert_string_equal(text_of("426CBF1C"), "2013-12-31");
    assert_string_equal(text_of("026C61CC"), "1999-12-01");
    assert_string_equal(text_of("036D1E0F0C"), "12:15:30");
    assert_string_equal(text_of("066D18260AEB2500"), "2023-05-11T10:38:24");
    assert_string_equal(text_of("026CFFFC"), "12-31 00:00");
    assert_string_equal(text_of("026CE01C"), "2015-12");
    /* The first of every month: neither year nor month is stated. */
    assert_int_equal(item_of("026CE1FF")->quality, ITEM_GOOD);
    assert_int_equal(item_of("026CE1FF")->time.parts, ITEM_TIME_OF_MONTH);
    assert_int_equal(item_of("026CE1FF")->time.day, 1);
    assert_int_equal(item_of("026CE1FF")->time.month, 0);
    assert_int_equal(item_of("046D0008E1FF")->time.parts, ITEM_TIME_OF_MONTH);
    assert_int_equal(item_of("046D0008E1FF")->time.hour, 8);
    assert_int_equal(item_of("026C011F")->quality, ITEM_INVALID);
    assert_int_equal(item_of("046D97AECC13")->quality, ITEM_DOUBTED);
    assert_true(item_of("046D17AECC13")->time.is_summer);
    assert_int_equal(item_of("026C0000")->quality, ITEM_MISSING);
    assert_int_equal(item_of("026CFFFF")->quality, ITEM_MISSING);
    assert_int_equal(item_of("036DFFFFFF")->quality, ITEM_MISSING);
    assert_int_equal(item_of("026CBE12")->quality, ITEM_INVALID);
    assert_int_equal(item_of("046D3F3FCC13")->quality, ITEM_INVALID);
    assert_int_equal(item_of("016C05")->quality, ITEM_INVALID);
    assert_int_equal(item_of("0C6C12345678")->quality, ITEM_INVALID);
}

/* A due date of every year says the day, not when the value was latched. */
static void a_date_without_a_year_dates_nothing(void **state)
{
    (void)state;
    assert_int_equal(records_of("426CFFFC441364000000")->items[1].time.parts, ITEM_TIME_NONE);
    assert_int_equal(records_of("426CBF1C441364000000")->items[1].time.parts, ITEM_TIME_DAY);
}

static void special_records_are_told_apart(void **state)
{
    (void)state;
    struct decoded *decoded = records_of("2F2F0103052F1FAABB");
    assert_int_equal(decoded->result, 0);
    assert_int_equal(decoded->count, 2);
    assert_true(decoded->more_follow);
    assert_int_equal(decoded->items[1].identifier, 0x1f);
    assert_int_equal(decoded->items[1].bytes.size, 2);
    decoded = records_of("0F010203");
    assert_false(decoded->more_follow);
    assert_int_equal(decoded->items[0].bytes.size, 3);
    assert_int_equal(records_of("7F")->count, 0);
    assert_int_equal(records_of("7F")->result, 0);
    for (uint8_t dif = 0x3f; dif < 0x7f; dif = (uint8_t)(dif + 0x10)) {
        char hex[] = { "0123456789ABCDEF"[dif >> 4], 'F', '\0' };
        assert_int_equal(records_of(hex)->result, CODEC_ERR_RESERVED);
        assert_int_equal(records_of(hex)->error_offset, 0);
    }
}

static void a_broken_area_keeps_what_stood_before(void **state)
{
    (void)state;
    struct decoded *decoded = records_of("0313153100DA023B13018B6004");
    assert_int_equal(decoded->result, CODEC_ERR_SHORT);
    assert_int_equal(decoded->count, 2);
    assert_int_equal(decoded->error_offset, 13);
    decoded = records_of("0193F0F0F0F0F0F0F0F0F0F07005");
    assert_int_equal(decoded->result, CODEC_ERR_FORMAT);
    assert_int_equal(decoded->error_offset, 12);
    decoded = records_of("027C09656D69");
    assert_int_equal(decoded->result, CODEC_ERR_SHORT);
    decoded = records_of("010305010305010305010305010305010305010305010305010305");
    assert_int_equal(decoded->result, CODEC_ERR_FULL);
    assert_int_equal(decoded->count, ITEM_LIMIT);
    assert_int_equal(decoded->error_offset, 3 * ITEM_LIMIT);
}

static void spelled_units_are_read(void **state)
{
    (void)state;
    assert_string_equal(text_of("02FC0348522574D411"), "45.64 %");
    assert_int_equal(item_of("027C09656D6974202E746162F210")->quantity, ITEM_OTHER);
    assert_int_equal(item_of("027C09656D6974202E746162F210")->value, 4338);
}

static void headers_and_data_may_lie_apart(void **state)
{
    (void)state;
    static const uint8_t headers[] = { 0x02, 0xff, 0x20, 0x04, 0x13, 0x44, 0x13, 0x0d, 0x78 };
    static const uint8_t data[] = { 0x71, 0, 0x15, 0x31, 0, 0, 1, 0, 0, 0, 2, '1', '2', 0x2f };
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct span all = span_of_bytes(headers, sizeof headers);
    size_t offset = SIZE_MAX;
    bool more = true;

    assert_int_equal(mbus_records_decode_split(all, span_of_bytes(data, sizeof data), &list, &more, &offset), 0);
    assert_int_equal(list.count, 4);
    assert_false(more);
    assert_int_equal(items[1].value, 12565);
    assert_int_equal(items[2].storage, 1);
    assert_true(items[2].bytes.bytes == data + 6);
    list.count = 0;
    assert_int_equal(mbus_records_decode_split(all, span_of_bytes(data, 9), &list, &more, &offset), CODEC_ERR_SHORT);
    assert_int_equal(list.count, 2);
    assert_int_equal(offset, 6);
    list.count = 0;
    assert_int_equal(mbus_records_decode_split(span_of_bytes(headers, 5), span_of_bytes(data, 7), &list, NULL, &offset),
                     CODEC_ERR_TRAILING);
    assert_int_equal(offset, 6);
}

/* Nothing behind the end is read, wherever it comes. */
static void truncation_check(const struct vector_json *vector, void *context)
{
    const json_t *records = json_object_get(vector->meaning, "records");
    size_t index;
    json_t *record;

    (void)context;
    json_array_foreach(records, index, record)
    {
        uint8_t bytes[RECORD_LIMIT];
        struct span raw = mbus_vector_raw(record, bytes, sizeof bytes);
        for (size_t size = 1; size < raw.size; size++) {
            struct item items[ITEM_LIMIT];
            struct item_list list = item_list_of(items, ITEM_LIMIT);
            uint8_t *copy = malloc(size);
            memcpy(copy, bytes, size);
            assert_int_equal(mbus_records_decode(span_of_bytes(copy, size), &list, NULL, NULL), CODEC_ERR_SHORT);
            assert_int_equal(list.count, 0);
            free(copy);
        }
    }
}

static void no_cut_record_is_believed(void **state)
{
    (void)state;
    vector_json_each("mbus/mbus.json", truncation_check, NULL);
    vector_json_each("wmbus/wmbus.json", truncation_check, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_of_the_vectors_is_understood),
        cmocka_unit_test(codes_of_the_main_table_have_their_scale),
        cmocka_unit_test(codes_of_the_extension_tables_have_their_scale),
        cmocka_unit_test(numbers_of_every_data_field_are_read),
        cmocka_unit_test(values_of_variable_length_are_read),
        cmocka_unit_test(storage_tariff_and_subunit_are_gathered),
        cmocka_unit_test(extensions_change_what_is_meant),
        cmocka_unit_test(every_extension_has_its_effect),
        cmocka_unit_test(record_errors_are_no_values),
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(a_date_without_a_year_dates_nothing),
        cmocka_unit_test(special_records_are_told_apart),
        cmocka_unit_test(a_broken_area_keeps_what_stood_before),
        cmocka_unit_test(spelled_units_are_read),
        cmocka_unit_test(headers_and_data_may_lie_apart),
        cmocka_unit_test(no_cut_record_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
