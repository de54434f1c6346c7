#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "cjt188/cjt188.json"

/* Own example: 1234.56 m³ now, 1200.00 m³ at settlement, valve open, battery low. */
#define READING "6810785634001200008116901F05563412002C000012002C3015100907262004008C16"
#define REQUEST "6810785634001200000103901F054416"

static size_t bytes_of(const char *hex, uint8_t *out, size_t size)
{
    char packed[1024];
    size_t length = 0;

    for (; *hex != '\0'; hex++)
        if (*hex != ' ')
            packed[length++] = *hex;
    int count = hex_decode(span_of_bytes(packed, length), out, size);
    assert_true(count > 0);
    return (size_t)count;
}

static void a_frame_is_taken_apart(void **state)
{
    static const uint8_t address[] = { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 };
    uint8_t bytes[64];
    struct cjt188_frame frame;
    (void)state;

    size_t size = bytes_of("FEFEFE" READING, bytes, sizeof bytes);
    assert_int_equal(cjt188_frame_decode(span_of_bytes(bytes, size), &frame, NULL), 0);
    assert_int_equal(frame.preamble_size, 3);
    assert_int_equal(frame.meter_type, 0x10);
    assert_memory_equal(frame.address, address, sizeof address);
    assert_int_equal(frame.control, 0x81);
    assert_int_equal(frame.form, CJT188_FORM_NORMAL);
    assert_int_equal(frame.identifier, CJT188_METERING);
    assert_false(frame.is_low_first);
    assert_int_equal(frame.serial, 5);
    assert_int_equal(frame.data.size, 0x16);
    assert_int_equal(frame.payload.size, 19);
    assert_ptr_equal(frame.payload.bytes, bytes + 3 + 14);
    assert_ptr_equal(frame.known, cjt188_data_find(0x901f));
}

static void either_order_of_the_identifier_is_understood(void **state)
{
    static const struct {
        uint8_t first, second;
        uint16_t identifier;
        bool is_low_first, is_known;
    } orders[] = {
        { 0x90, 0x1f, 0x901f, false, true },  { 0x1f, 0x90, 0x901f, true, true },  { 0x0a, 0x81, 0x810a, true, true },
        { 0x2b, 0xd1, 0xd12b, true, true },   { 0xa0, 0x17, 0xa017, false, true }, { 0x61, 0x0a, 0x610a, false, false },
        { 0xa0, 0x30, 0xa030, false, false }, { 0x30, 0xa0, 0xa030, true, false },
    };
    (void)state;

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        bool is_low_first;
        const struct cjt188_data *known;
        uint16_t identifier = cjt188_data_normalise(orders[i].first, orders[i].second, &is_low_first, &known);
        assert_int_equal(identifier, orders[i].identifier);
        assert_int_equal(is_low_first, orders[i].is_low_first);
        assert_int_equal(known != NULL, orders[i].is_known);
    }
}

static void the_table_is_in_order_and_found_by_either_order(void **state)
{
    const struct cjt188_data *row;
    (void)state;

    for (size_t i = 0; (row = cjt188_data_at(i)) != NULL; i++) {
        bool is_low_first;
        const struct cjt188_data *known;
        uint8_t high = (uint8_t)(row->identifier >> 8), low = (uint8_t)row->identifier;
        assert_ptr_equal(cjt188_data_find(row->identifier), row);
        assert_int_equal(cjt188_data_normalise(high, low, &is_low_first, &known), row->identifier);
        assert_false(is_low_first);
        assert_int_equal(cjt188_data_normalise(low, high, &is_low_first, &known), row->identifier);
        assert_true(is_low_first);
        assert_ptr_equal(known, row);
        if (i > 0)
            assert_true(cjt188_data_at(i - 1)->identifier < row->identifier);
    }
    assert_null(cjt188_data_find(0x9020));
    assert_null(cjt188_data_find(0xffff));
}

/* Abnormal answers and short data, by their forms. */
static void the_form_follows_control_and_length(void **state)
{
    static const struct {
        uint8_t control;
        uint8_t size;
        uint8_t form;
        uint8_t payload;
    } forms[] = {
        { 0x01, 3, CJT188_FORM_NORMAL, 0 },   { 0x03, 2, CJT188_FORM_WITHOUT_SERIAL, 0 },
        { 0x03, 1, CJT188_FORM_RAW, 1 },      { 0x03, 0, CJT188_FORM_RAW, 0 },
        { 0xc1, 3, CJT188_FORM_ABNORMAL, 2 }, { 0xc1, 4, CJT188_FORM_ABNORMAL_IDENTIFIED, 1 },
        { 0xc1, 9, CJT188_FORM_RAW, 9 },      { 0xa1, 22, CJT188_FORM_NORMAL, 19 },
    };
    static const uint8_t address[7] = { 1, 2, 3, 4, 5, 6, 7 };
    static const uint8_t data[32] = { 0x90, 0x1f, 0x11, 0x22 };
    (void)state;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        uint8_t bytes[64];
        struct cjt188_frame frame;
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        assert_int_equal(
            cjt188_frame_encode(0, 0x10, address, forms[i].control, span_of_bytes(data, forms[i].size), &out), 0);
        assert_int_equal(cjt188_frame_decode(writer_span(&out), &frame, NULL), 0);
        assert_int_equal(frame.form, forms[i].form);
        assert_int_equal(frame.payload.size, forms[i].payload);
    }
}

static void a_frame_is_written_as_in_the_example(void **state)
{
    static const uint8_t address[] = { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 };
    static const uint8_t data[] = { 0x90, 0x1f, 0x05 };
    static const uint8_t expected[] = { 0xfe, 0xfe, 0x68, 0x10, 0x78, 0x56, 0x34, 0x00, 0x12,
                                        0x00, 0x00, 0x01, 0x03, 0x90, 0x1f, 0x05, 0x44, 0x16 };
    uint8_t bytes[32];
    uint8_t large[CJT188_DATA_LIMIT + 1] = { 0 };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    assert_int_equal(cjt188_frame_encode(2, 0x10, address, 0x01, span_of_bytes(data, 3), &out), 0);
    assert_int_equal(out.size, sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    out = writer_of_buffer(bytes, 17);
    assert_int_equal(cjt188_frame_encode(2, 0x10, address, 0x01, span_of_bytes(data, 3), &out), CODEC_ERR_FULL);
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_frame_encode(0, 0x10, address, 0x01, span_of_bytes(large, sizeof large), &out),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(out.size, 0);
}

/* error_offset of each defect in a request with two wake-up bytes. */
static void defects_are_named_with_their_offset(void **state)
{
    static const struct {
        const char *hex;
        int error;
        size_t offset;
    } defects[] = {
        { "FEFE6710785634001200000103901F054416", CODEC_ERR_FORMAT, 2 },
        { "FEFE68107856340012000001", CODEC_ERR_SHORT, 12 },
        { "FEFE6810785634001200000103901F0544", CODEC_ERR_SHORT, 17 },
        { "FEFE6810785634001200000103901F054516", CODEC_ERR_CHECKSUM, 16 },
        { "FEFE6810785634001200000103901F054417", CODEC_ERR_FORMAT, 17 },
        { "FEFE6810785634001200000103901F05441600", CODEC_ERR_TRAILING, 18 },
        { "FEFE", CODEC_ERR_SHORT, 2 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof defects / sizeof defects[0]; i++) {
        uint8_t bytes[64];
        struct cjt188_frame frame;
        size_t offset = SIZE_MAX;
        memset(&frame, 0x5a, sizeof frame);
        struct cjt188_frame before = frame;
        size_t size = bytes_of(defects[i].hex, bytes, sizeof bytes);
        assert_int_equal(cjt188_frame_decode(span_of_bytes(bytes, size), &frame, &offset), defects[i].error);
        assert_int_equal(offset, defects[i].offset);
        assert_memory_equal(&frame, &before, sizeof frame);
    }
}

/* One step gives what the two give. */
static void take_check(struct span stream, size_t size, size_t skip)
{
    struct cjt188_frame taken;
    struct cjt188_frame decoded;
    size_t found_skip = SIZE_MAX;

    memset(&taken, 0, sizeof taken);
    memset(&decoded, 0, sizeof decoded);
    assert_int_equal(cjt188_frame_take(stream, &found_skip, &taken), size);
    assert_int_equal(found_skip, skip);
    if (size > 0)
        assert_int_equal(cjt188_frame_decode(span_of_bytes(stream.bytes + skip, size), &decoded, NULL), 0);
    assert_memory_equal(&taken, &decoded, sizeof taken);
}

static void find_check(const char *hex, size_t size, size_t skip)
{
    uint8_t bytes[256];
    size_t found_skip = SIZE_MAX;
    size_t count = bytes_of(hex, bytes, sizeof bytes);

    assert_int_equal(cjt188_frame_find(span_of_bytes(bytes, count), &found_skip), size);
    assert_int_equal(found_skip, skip);
    take_check(span_of_bytes(bytes, count), size, skip);
}

static void a_frame_is_found_in_a_stream(void **state)
{
    size_t skip = SIZE_MAX;
    (void)state;

    assert_int_equal(cjt188_frame_find(span_of_bytes(NULL, 0), &skip), 0);
    assert_int_equal(skip, 0);
    find_check(REQUEST, 16, 0);
    find_check("FEFEFEFE" REQUEST "FEFE", 20, 0);
    find_check("0011FEFE" REQUEST, 18, 2);
    find_check("FE00" REQUEST REQUEST, 16, 2);
    find_check("00112233", 0, 4);
    find_check("0011FEFE", 0, 2);
    find_check("0011FE68107856", 0, 2);
    find_check("FE681078563400120000810A90", 0, 0);
    find_check("00681078566812", 0, 1);
}

/* A start whose check fails, or whose length waits for more, hides no later frame. */
static void the_search_resumes_behind_a_false_start(void **state)
{
    (void)state;
    find_check("68" REQUEST, 16, 1);
    find_check("6868FE" REQUEST, 17, 2);
    find_check("681078563400120000010390" REQUEST, 16, 12);
    find_check("68107856340012000001FF" REQUEST, 16, 11);
    find_check("6810785634001200000103901F054516" REQUEST, 16, 16);
    find_check("6810785634001200000103901F054417" REQUEST, 16, 16);
}

static void wildcards_are_ordinary_frames(void **state)
{
    (void)state;
    find_check("68AAAAAAAAAAAAAAAA0303810A004916", 16, 0);
    assert_string_equal(cjt188_type_find(0xaa)->english, "wildcard");
}

/* Every truncation asks for more; no flipped bit passes the check sum. */
static void damage_is_noticed(const struct vector_json *vector, void *context)
{
    uint8_t copy[256];
    size_t size = vector->frame.size;
    struct cjt188_frame frame;
    (void)context;

    if (cjt188_frame_decode(vector->frame, &frame, NULL) != 0)
        return;
    size_t preamble = frame.preamble_size;
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut > 0 ? cut : 1);
        size_t skip = SIZE_MAX;
        memcpy(exact, vector->frame.bytes, cut);
        assert_int_equal(cjt188_frame_decode(span_of_bytes(exact, cut), &frame, NULL), CODEC_ERR_SHORT);
        assert_int_equal(cjt188_frame_find(span_of_bytes(exact, cut), &skip), 0);
        assert_int_equal(skip, 0);
        free(exact);
    }
    for (size_t bit = 8 * preamble; bit < 8 * size; bit++) {
        memcpy(copy, vector->frame.bytes, size);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(cjt188_frame_decode(span_of_bytes(copy, size), &frame, NULL) < 0);
    }
}

static void truncations_and_flipped_bits_are_no_frames(void **state)
{
    (void)state;
    vector_json_each(VECTORS, damage_is_noticed, NULL);
}

static void frames_come_back_as_they_were_written(void **state)
{
    struct random random = random_of_seed(188);
    (void)state;

    for (int round = 0; round < 5000; round++) {
        uint8_t bytes[CJT188_FRAME_LIMIT + 8], data[CJT188_DATA_LIMIT], address[7];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        size_t size = (size_t)random_below(&random, CJT188_DATA_LIMIT + 1), skip;
        size_t preamble = (size_t)random_below(&random, 9);
        uint8_t type = (uint8_t)random_next(&random), control = (uint8_t)random_next(&random);
        struct cjt188_frame frame;

        for (size_t i = 0; i < size; i++)
            data[i] = (uint8_t)random_next(&random);
        for (size_t i = 0; i < sizeof address; i++)
            address[i] = (uint8_t)random_next(&random);
        assert_int_equal(cjt188_frame_encode(preamble, type, address, control, span_of_bytes(data, size), &out), 0);
        assert_int_equal(cjt188_frame_find(writer_span(&out), &skip), out.size);
        assert_int_equal(skip, 0);
        assert_int_equal(cjt188_frame_decode(writer_span(&out), &frame, NULL), 0);
        assert_int_equal(frame.preamble_size, preamble);
        assert_int_equal(frame.meter_type, type);
        assert_int_equal(frame.control, control);
        assert_memory_equal(frame.address, address, sizeof address);
        assert_true(span_equal(frame.data, span_of_bytes(data, size)));
    }
}

static void nothing_field(void *context, const struct explain_field *field)
{
    (void)context;
    assert_non_null(field->name);
}

static void nothing_item(void *context, const struct item *item, const char *meaning)
{
    (void)context;
    assert_non_null(meaning);
    assert_true(item->quantity < ITEM_QUANTITY_COUNT);
}

/* The explainer shows what is left of damaged frames without reading outside them. */
static void remnants_are_explained(const struct vector_json *vector, void *context)
{
    struct explain_sink sink = { EXPLAIN_CHINESE, nothing_field, nothing_item, NULL, NULL };
    const struct explain_protocol *protocol = explain_protocol_find("cjt188");
    (void)context;

    for (size_t cut = 0; cut <= vector->frame.size; cut++) {
        uint8_t *exact = malloc(cut > 0 ? cut : 1);
        size_t offset = 0;
        memcpy(exact, vector->frame.bytes, cut);
        int result = protocol->explain(&sink, span_of_bytes(exact, cut), &offset);
        assert_true(cut == vector->frame.size || result == CODEC_ERR_SHORT);
        assert_true(offset <= cut);
        free(exact);
    }
}

static void truncated_frames_are_explained_as_far_as_they_go(void **state)
{
    (void)state;
    vector_json_each(VECTORS, remnants_are_explained, NULL);
}

/* A cut frame is still told from CoAP, whose first byte it has; bytes of other protocols are left to them. */
static void belief_follows_what_is_left(void **state)
{
    static const struct {
        const char *hex;
        enum explain_belief belief;
    } beliefs[] = {
        { REQUEST, EXPLAIN_CERTAIN },
        { "6810785634001200000103901F054516", EXPLAIN_LIKELY },
        { "6810785634001200000103901F05", EXPLAIN_LIKELY },
        { REQUEST REQUEST, EXPLAIN_LIKELY },
        { "6845785634001200000103901F05", EXPLAIN_NO }, /* CoAP 2.05 with a token of 8 bytes */
        { "68107856340012681104333334", EXPLAIN_NO },   /* DL/T 645 */
        { "681010101068120000010390", EXPLAIN_NO },     /* Q/GDW 376.1 */
        { "681010680834120000010390", EXPLAIN_NO },     /* M-Bus */
        { "7510785634001200000103901F054416", EXPLAIN_NO },
    };
    (void)state;

    for (size_t i = 0; i < sizeof beliefs / sizeof beliefs[0]; i++) {
        uint8_t bytes[64];
        size_t size = bytes_of(beliefs[i].hex, bytes, sizeof bytes);
        assert_int_equal(explain_protocol_find("cjt188")->recognise(span_of_bytes(bytes, size)), beliefs[i].belief);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_taken_apart),
        cmocka_unit_test(either_order_of_the_identifier_is_understood),
        cmocka_unit_test(the_table_is_in_order_and_found_by_either_order),
        cmocka_unit_test(the_form_follows_control_and_length),
        cmocka_unit_test(a_frame_is_written_as_in_the_example),
        cmocka_unit_test(defects_are_named_with_their_offset),
        cmocka_unit_test(a_frame_is_found_in_a_stream),
        cmocka_unit_test(the_search_resumes_behind_a_false_start),
        cmocka_unit_test(wildcards_are_ordinary_frames),
        cmocka_unit_test(truncations_and_flipped_bits_are_no_frames),
        cmocka_unit_test(frames_come_back_as_they_were_written),
        cmocka_unit_test(truncated_frames_are_explained_as_far_as_they_go),
        cmocka_unit_test(belief_follows_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
