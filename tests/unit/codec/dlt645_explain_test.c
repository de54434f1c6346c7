/* What people and programs are told about frames that the vectors do not have. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"

#define STORY_LIMIT 8192

struct story {
    char text[STORY_LIMIT];
    struct writer out;
    unsigned item_count;
    size_t error_offset;
    int result;
};

/* "key: value (meaning)" of the rows from the data on, with a dot for each depth. */
static void row_tell(void *context, const struct explain_field *field)
{
    struct story *story = context;

    assert_true(field->clause[0] != '\0' && field->name[0] != '\0');
    for (unsigned i = 0; i < field->depth; i++)
        writer_text(&story->out, ".");
    writer_format(&story->out, "%s: %s", field->key, field->value);
    if (field->meaning[0] != '\0')
        writer_format(&story->out, " (%s)", field->meaning);
    writer_text(&story->out, "\n");
}

static void item_count(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    struct story *story = context;
    (void)item;
    story->item_count++;
}

/* The whole story of a frame with this control code and plain data. */
static const char *tell(struct story *story, uint8_t control, const char *hex, enum explain_language language)
{
    uint8_t plain[DLT645_DATA_LIMIT], buffer[DLT645_FRAME_SIZE_MAX];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    int size = hex_decode(span_of_text(hex), plain, sizeof plain);
    struct explain_sink sink = { language, row_tell, item_count, story, NULL };

    assert_true(size >= 0);
    assert_int_equal(dlt645_frame_encode(&dlt645_address_any, control, span_of_bytes(plain, (size_t)size), &out), 0);
    memset(story, 0, sizeof *story);
    story->out = writer_of_buffer(story->text, sizeof story->text);
    story->result = explain_protocol_find("dlt645")->explain(&sink, writer_span(&out), &story->error_offset);
    assert_false(story->out.overflow);
    return writer_terminate(&story->out);
}

static void data_are_told(void **state)
{
    static const struct {
        uint8_t control;
        const char *hex;
        const char *part; /* must be in the story */
        unsigned item_count;
    } cases[] = {
        { 0x08, "001516211126", "Date and time: 2026-11-21T16:15:00\n", 1 },
        { 0x08, "000025211126", "Semantic error: a value is not of its format\n", 1 },
        { 0x11, "0100010603 0015090726", "block_count: 03\nFrom: 2026-07-09T15:00\n", 1 },
        { 0x14, "0101000402563412 78563412 01110116",
          ".Password: 123456\noperator_code: 12345678\nDate: 2016-01-11\n.Weekday: 1 (Monday)\n", 1 },
        { 0x15, "563412785634", "New address: 345678123456\n", 1 },
        { 0x16, "00009999", "freeze_time: 99990000 (every day)\n", 1 },
        { 0x16, "99999999", "freeze_time: 99999999 (now)\n", 1 },
        { 0x16, "30120107", "freeze_time: 07011230 (once)\n", 1 },
        { 0x97, "08", "rate_word: 08H (2400 Bd)\n", 1 },
        { 0x1b, "0256341200000000ff003003", "event_class: 033000FF\n", 0 },
        { 0x1d, "025634120000000001", "output: 01H (demand period)\n", 0 },
        { 0x91, "01010605 01000000 02000000", "energy_active_import: 0.01 kWh\nenergy_active_import: 0.02 kWh\n", 2 },
        { 0x91, "030500041000", "Status word 3: 0x0010 (relay open, relay command close,", 1 },
        { 0x91, "0305000410000000", "Status word 3:  (not a value of this format, 4 bytes where 2 are expected)\n", 1 },
        { 0x91, "22228002010203", "di: 02802222 (not in the table)\nData hex: 010203\n", 1 },
        /* the middle of a record means nothing alone */
        { 0xb2, "010d3003 010203040506 02", "Data hex: 010203040506\nsequence: 2\n", 1 },
        { 0xc3, "2202",
          "error_word: 0222H\n.error_bits: repeated recharge\n.error_bits: purchase count is wrong\n"
          ".error_bits: reclosing failed\n",
          1 },
        { 0x9f, "010203", "data_hex: 010203\n", 1 },
        { 0x81, "1f90 01000000 02000000", "Forward active energy tariff 1: 0.02 kWh\n", 2 },
        { 0x1c, "98000000 00000000 000102030405060708090a0b0c0d0e0f", "Data hex: 0001", 1 },
        { 0x03, "ff020107 44332211 10270000 0102030405060708 33333333 214300000000 33333333",
          "Purchase amount: 100.00\nOrder number: 0102030405060708\n", 5 },
    };
    (void)state;
    static struct story story;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = tell(&story, cases[i].control, cases[i].hex, EXPLAIN_ENGLISH);
        if (strstr(text, cases[i].part) == NULL)
            fail_msg("case %zu: %s", i, text);
        assert_int_equal(story.item_count, cases[i].item_count);
        assert_int_equal(story.result, 0);
        (void)tell(&story, cases[i].control, cases[i].hex, EXPLAIN_CHINESE);
    }
}

/* Whoever reads the row must not take its beginning for all of it. */
static void long_data_say_that_they_are_cut(void **state)
{
    (void)state;
    static struct story story;
    char hex[2 * 200 + 1] = "22228002", value[EXPLAIN_TEXT_LIMIT] = "";

    memset(hex + 8, '4', sizeof hex - 9);
    memset(value, '4', EXPLAIN_TEXT_LIMIT - 4);
    assert_non_null(strstr(tell(&story, 0x9f, hex, EXPLAIN_ENGLISH), "444...\n"));
    const char *data = strstr(tell(&story, 0x91, hex, EXPLAIN_ENGLISH), "Data hex: ");
    assert_non_null(data);
    assert_memory_equal(data + strlen("Data hex: "), value, EXPLAIN_TEXT_LIMIT - 4);
    assert_memory_equal(data + strlen("Data hex: ") + EXPLAIN_TEXT_LIMIT - 4, "...\n", 4);
}

static void a_broken_frame_is_told_as_far_as_it_goes(void **state)
{
    (void)state;
    static struct story story;
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_tell, item_count, &story, NULL };
    uint8_t bytes[16];

    assert_int_equal(hex_decode(span_of_text("FE682143000000006811043334"), bytes, sizeof bytes), 13);
    story.out = writer_of_buffer(story.text, sizeof story.text);
    story.item_count = 0;
    assert_int_equal(explain_protocol_find("dlt645")->explain(&sink, span_of_bytes(bytes, 13), &story.error_offset),
                     CODEC_ERR_SHORT);
    assert_int_equal(story.error_offset, 13);
    assert_non_null(
        strstr(writer_terminate(&story.out), "Address: 000000004321\nSecond start: 68H\nControl: 11H\nLength: 4\n"));
    assert_int_equal(story.item_count, 0);
}

/* 00000000 is an identifier like any other, and 1997 prints four digits. */
static void items_name_their_identifier(void **state)
{
    static const struct {
        const char *hex;
        const char *identifier;
    } cases[] = {
        { "682143000000006891083333333367453333AB16", "\"identifier\":\"00000000\"" },
        { "6821430000000068810643C367453333D316", "\"identifier\":\"9010\"" },
    };
    static char text[8192];
    uint8_t bytes[64];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct writer out = writer_of_buffer(text, sizeof text);
        int size = hex_decode(span_of_text(cases[i].hex), bytes, sizeof bytes);
        assert_int_equal(explain_json_write(NULL, EXPLAIN_ENGLISH, span_of_bytes(bytes, (size_t)size), NULL, &out), 0);
        assert_non_null(strstr(writer_terminate(&out), cases[i].identifier));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_are_told),
        cmocka_unit_test(long_data_say_that_they_are_cut),
        cmocka_unit_test(a_broken_frame_is_told_as_far_as_it_goes),
        cmocka_unit_test(items_name_their_identifier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
