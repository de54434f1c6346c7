#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/layout/layout.h"

struct pair {
    uint16_t value;
    int16_t other;
};

struct message {
    uint8_t code;
    uint32_t number;
    uint64_t identity;
    uint8_t flags;
    uint8_t digits[2];
    struct span pairs;
    struct span text;
    struct span items;
    struct pair pair;
    uint32_t time_s;
};

static const struct layout_field pair_fields[] = {
    { LAYOUT_FIELD("value", "值", LAYOUT_UNSIGNED, 2, struct pair, value) },
    { LAYOUT_VALUE("other", "另", LAYOUT_SIGNED, 2, struct pair, other, ITEM_WATER_LEVEL, ITEM_UNIT_MM, 0) },
};
static const struct layout pair_layout = LAYOUT_OF("pair", "对", "1", pair_fields);

static const struct layout_field series_fields[2];
static const struct layout series_layout = { "series", "序列", "2", series_fields, 2 };

static const struct layout_word codes[] = {
    { 7, "seven", "七", &pair_layout },
    { 9, "nine", "九", NULL },
    { 11, "series", "序列", &series_layout },
};
static const struct layout_word bits[] = { { 4, "four", "四", NULL }, { 0, "zero", "零", NULL } };
static const struct layout_set sets[] = { { NULL, 0 }, LAYOUT_SET_OF(codes), LAYOUT_SET_OF(bits) };

static const struct layout_field series_fields[2] = {
    { LAYOUT_FIELD("code", "代码", LAYOUT_CODE, 1, struct message, code), .role = LAYOUT_SUBJECT, .set = 1 },
    { LAYOUT_FIELD("values", "值", LAYOUT_LIST, 1, struct message, pairs) },
};

static int encode_one(struct layout_field field, const struct message *message, uint8_t *out, size_t capacity)
{
    struct layout layout = { "one", "一", "0", &field, 1 };
    struct writer writer = writer_of_buffer(out, capacity);
    int result = layout_encode(&layout, sets, message, &writer);
    return result < 0 ? result : (int)writer.size;
}

static int decode_one(struct layout_field field, struct span in, struct message *out)
{
    struct layout layout = { "one", "一", "0", &field, 1 };
    struct reader reader = reader_of_span(in);
    memset(out, 0, sizeof *out);
    return layout_decode(&layout, sets, &reader, out);
}

static void numbers_keep_width_and_bounds(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("n", "数", LAYOUT_UNSIGNED, 3, struct message, number) };
    struct message message = { .number = 0x1000000 };
    uint8_t bytes[8];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    message.number = 0x123456;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 3);
    assert_memory_equal(bytes, "\x12\x34\x56", 3);
    assert_int_equal(encode_one(field, &message, bytes, 2), CODEC_ERR_FULL);
    field.low = 10;
    field.high = 20;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    message.number = 20;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 3);
    message.number = 9;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    field.has_missing = true;
    field.missing = 9;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 3);
}

static void signs_are_extended(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("n", "数", LAYOUT_SIGNED, 2, struct message, pair.other) };
    struct message message = { .pair = { 0, -2 } };
    struct message read;
    uint8_t bytes[8];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 2);
    assert_memory_equal(bytes, "\xff\xfe", 2);
    assert_int_equal(decode_one(field, span_of_bytes(bytes, 2), &read), 0);
    assert_int_equal(read.pair.other, -2);
    assert_int_equal(decode_one(field, span_of_bytes(bytes, 1), &read), CODEC_ERR_SHORT);
    field.size = 1;
    message.pair.other = -129;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    message.pair.other = -128;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 1);
}

static void codes_are_rows(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("c", "码", LAYOUT_CODE, 1, struct message, code), .set = 1 };
    struct message message = { .code = 1 };
    uint8_t bytes[8];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 9);
    assert_int_equal(decode_one(field, span_of_bytes("\x07", 1), &message), 0);
    assert_int_equal(message.code, 0);
    assert_int_equal(decode_one(field, span_of_bytes("\x08", 1), &message), 0);
    assert_int_equal(message.code, LAYOUT_UNKNOWN);
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_UNKNOWN);
}

static void flags_are_rows_too(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("f", "标志", LAYOUT_FLAGS, 1, struct message, flags), .set = 2 };
    struct message message = { .flags = 1 };
    uint8_t bytes[8];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 1);
    assert_int_equal(bytes[0], 0x10);
    assert_int_equal(decode_one(field, span_of_bytes("\xff", 1), &message), 0);
    assert_int_equal(message.flags, 3);
    message.flags = 4;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_UNKNOWN);
}

/* A profile may lack a flag; whatever the bytes are, it is never set and never said. */
static void a_flag_without_a_bit_is_not_said(void **state)
{
    (void)state;
    static const struct layout_word rows[] = { { LAYOUT_NO_CODE, "none", "无", NULL }, { 2, "two", "二", NULL } };
    struct layout_set own[] = { { NULL, 0 }, LAYOUT_SET_OF(rows) };
    struct layout_field field = { LAYOUT_FIELD("f", "标志", LAYOUT_FLAGS, 8, struct message, flags), .set = 1 };
    struct layout layout = { "one", "一", "0", &field, 1 };
    struct message message = { .flags = 1 };
    uint8_t bytes[8];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct reader reader = reader_of_span(span_of_bytes("\xff\xff\xff\xff\xff\xff\xff\xff", 8));

    assert_int_equal(layout_encode(&layout, own, &message, &writer), CODEC_ERR_UNKNOWN);
    assert_int_equal(layout_decode(&layout, own, &reader, &message), 0);
    assert_int_equal(message.flags, 2);
}

static void digits_are_digits(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("d", "号", LAYOUT_DIGITS, 2, struct message, digits) };
    struct message message = { .digits = { 0x12, 0x9a } };
    uint8_t bytes[8];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    message.digits[1] = 0x99;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 2);
    field.size = 3; /* the structure has no room for a third byte */
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
}

static void lists_hold_whole_elements(void **state)
{
    (void)state;
    struct layout_field field = { LAYOUT_FIELD("l", "表", LAYOUT_LIST, 1, struct message, pairs),
                                  .element = &pair_layout };
    struct message message = { .pairs = { (const uint8_t *)"12345678", 8 } };
    uint8_t bytes[16];

    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), 9);
    assert_int_equal(bytes[0], 2);
    assert_int_equal(decode_one(field, span_of_bytes(bytes, 9), &message), 0);
    assert_int_equal(message.pairs.size, 8);
    assert_int_equal(decode_one(field, span_of_bytes(bytes, 8), &message), CODEC_ERR_SHORT);
    message.pairs.size = 7;
    assert_int_equal(encode_one(field, &message, bytes, sizeof bytes), CODEC_ERR_RANGE);
    field.size = 0;
    assert_int_equal(decode_one(field, span_of_bytes("123456", 6), &message), CODEC_ERR_FORMAT);
    assert_int_equal(decode_one(field, span_of_bytes("", 0), &message), 0);
}

/* A series of series would nest as deep as the bytes say. */
static void lists_of_varying_elements_are_refused(void **state)
{
    (void)state;
    struct message message;
    struct reader reader = reader_of_span(span_of_bytes("\x0b\x01\x0b\x01\x0b\x01", 6));

    memset(&message, 0, sizeof message);
    assert_int_equal(layout_decode(&series_layout, sets, &reader, &message), CODEC_ERR_FORMAT);
    reader = reader_of_span(span_of_bytes("\x07\x01\x00\x01\x00\x02", 6));
    assert_int_equal(layout_decode(&series_layout, sets, &reader, &message), 0);
    assert_int_equal(message.pairs.size, 4);
    struct layout_field rest = { LAYOUT_FIELD("l", "表", LAYOUT_LIST, 0, struct message, pairs),
                                 .element = &series_layout };
    assert_int_equal(decode_one(rest, span_of_bytes("\x0b\x01\x0b", 3), &message), CODEC_ERR_FORMAT);
    reader = reader_of_span(span_of_bytes("\x09\x01\x00\x01\x00\x02", 6)); /* nine is about nothing */
    assert_int_equal(layout_decode(&series_layout, sets, &reader, &message), CODEC_ERR_FORMAT);
}

static const struct layout_field whole_fields[] = {
    { LAYOUT_FIELD("time", "时间", LAYOUT_TIME, 4, struct message, time_s), .role = LAYOUT_STAMP },
    { LAYOUT_FIELD("items", "数据项", LAYOUT_ITEMS, 0, struct message, items), .set = 1 },
    { LAYOUT_FIELD("pair", "对", LAYOUT_RECORD, 0, struct message, pair), .element = &pair_layout },
    { LAYOUT_FIELD("text", "文本", LAYOUT_TEXT, 1, struct message, text), .role = LAYOUT_OPTIONAL },
};
static const struct layout whole_layout = LAYOUT_OF("whole", "整体", "3", whole_fields);

struct seen {
    unsigned parts;
    unsigned headings;
    unsigned raw;
    int64_t last_level;
    struct item_time time;
};

static void part_see(void *context, const struct layout_part *part)
{
    struct seen *seen = context;
    struct item item;

    seen->parts++;
    seen->headings += part->is_heading;
    seen->raw += part->field == NULL && !part->is_heading;
    if (layout_part_item(part, &item)) {
        seen->last_level = item.value;
        seen->time = item.time;
    }
}

static int see(struct span in, struct seen *seen, size_t *stopped)
{
    struct layout_visitor visitor = { part_see, seen };
    struct layout_walk walk = { .visitor = &visitor, .sets = sets };
    struct reader reader = reader_of_span(in);

    memset(seen, 0, sizeof *seen);
    int result = layout_visit(&walk, &whole_layout, &reader);
    *stopped = reader.offset;
    return result;
}

static void walks_date_what_they_find(void **state)
{
    (void)state;
    static const uint8_t in[] = { 0x67, 0x3e, 0x78, 0x00, 7, 4, 0, 1, 0, 5, 99, 1, 0, 0, 2, 0xff, 0xfd };
    struct seen seen;
    size_t stopped;

    assert_int_equal(see(span_of_bytes(in, sizeof in), &seen, &stopped), 0);
    assert_int_equal(seen.parts, 8); /* time, heading, its two, unknown item, pair, its two */
    assert_int_equal(seen.headings, 1);
    assert_int_equal(seen.raw, 1);
    assert_int_equal(seen.last_level, -3);
    assert_int_equal(seen.time.year, 2024);
    assert_true(seen.time.is_utc);
}

static void walks_say_where_they_stop(void **state)
{
    (void)state;
    static const uint8_t in[] = { 0x67, 0x3e, 0x78, 0x00, 7, 4, 0, 1, 0, 5, 7, 9, 0, 0, 2, 0xff, 0xfd };
    static const uint8_t small[] = { 0x67, 0x3e, 0x78, 0x00, 7, 3, 0, 1, 0, 0, 0, 0, 0 };
    struct seen seen;
    size_t stopped;

    assert_int_equal(see(span_of_bytes(in, sizeof in), &seen, &stopped), CODEC_ERR_SHORT);
    assert_int_equal(stopped, 10);
    assert_int_equal(see(span_of_bytes(small, sizeof small), &seen, &stopped), CODEC_ERR_FORMAT);
    assert_int_equal(stopped, 4);
    assert_int_equal(see(span_of_bytes(in, 3), &seen, &stopped), CODEC_ERR_SHORT);
    assert_int_equal(stopped, 0);
}

static const struct layout_field dated_fields[] = {
    { LAYOUT_FIELD("first", "首点", LAYOUT_TIME, 4, struct message, time_s), .role = LAYOUT_STAMP },
    { LAYOUT_FIELD("step", "间隔", LAYOUT_UNSIGNED, 1, struct message, code), .role = LAYOUT_STEP },
    { LAYOUT_FIELD("pairs", "对", LAYOUT_LIST, 1, struct message, pairs), .element = &pair_layout },
};
static const struct layout dated_layout = LAYOUT_OF("dated", "带时间", "3", dated_fields);

static struct item_time last_time(const char *bytes, size_t size)
{
    struct seen seen = { 0 };
    struct layout_visitor visitor = { part_see, &seen };
    struct layout_walk walk = { .visitor = &visitor, .sets = sets };
    struct reader reader = reader_of_span(span_of_bytes(bytes, size));

    assert_int_equal(layout_visit(&walk, &dated_layout, &reader), 0);
    return seen.time;
}

/* A terminal whose clock was never set does not make readings of 1970. */
static void a_series_without_a_start_is_not_dated(void **state)
{
    (void)state;
    assert_int_equal(last_time("\x67\x3e\x78\x00\x3c\x02\0\1\0\2\0\3\0\4", 14).minute, 1);
    assert_int_equal(last_time("\0\0\0\0\x3c\x02\0\1\0\2\0\3\0\4", 14).parts, ITEM_TIME_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_width_and_bounds),
        cmocka_unit_test(signs_are_extended),
        cmocka_unit_test(codes_are_rows),
        cmocka_unit_test(flags_are_rows_too),
        cmocka_unit_test(a_flag_without_a_bit_is_not_said),
        cmocka_unit_test(digits_are_digits),
        cmocka_unit_test(lists_hold_whole_elements),
        cmocka_unit_test(lists_of_varying_elements_are_refused),
        cmocka_unit_test(walks_date_what_they_find),
        cmocka_unit_test(walks_say_where_they_stop),
        cmocka_unit_test(a_series_without_a_start_is_not_dated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
