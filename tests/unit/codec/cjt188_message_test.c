/* Requests and answers as bytes: lengths and controls are those of the standard's table. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/codec_error.h"

static const struct cjt188_link link_standard = { 0x10, { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 }, 6, 0, NULL };

/* What was written, from the control byte to the last data byte. */
static void written_assert(const struct writer *out, const char *hex)
{
    char text[256];
    struct cjt188_frame frame;

    assert_int_equal(cjt188_frame_decode(writer_span(out), &frame, NULL), 0);
    assert_true(hex_encode(span_of_bytes(frame.bytes.bytes + 9, frame.bytes.size - 11), text, sizeof text) >= 0);
    assert_string_equal(text, hex);
}

static void reads_are_three_bytes(void **state)
{
    static const struct {
        uint16_t identifier;
        const char *hex;
    } reads[] = {
        { 0x901f, "0103901f06" }, { 0xd120, "0103d12006" }, { 0xd12b, "0103d12b06" }, { 0x8102, "0103810206" },
        { 0x8103, "0103810306" }, { 0x8104, "0103810406" }, { 0x8105, "0103810506" }, { 0x8106, "0903810606" },
        { 0x810a, "0303810a06" }, { 0xa019, "0403a01906" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        uint8_t bytes[64];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        assert_int_equal(cjt188_request_encode(&link_standard, reads[i].identifier, NULL, 0, &out), 0);
        written_assert(&out, reads[i].hex);
    }
}

static void writes_carry_their_payload(void **state)
{
    static const struct cjt188_prices prices = { { 123, 4567, 89 }, { 20, 123456 }, 15 };
    static const uint8_t key[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    struct item_time time = { 2026, 7, 9, 10, 15, 30, ITEM_TIME_SECOND, 0, 0 };
    uint8_t bytes[64];
    struct writer out;
    (void)state;

#define WRITES(call, hex) \
    out = writer_of_buffer(bytes, sizeof bytes); \
    assert_int_equal(call, 0); \
    written_assert(&out, hex)
    WRITES(cjt188_price_table_request_encode(&link_standard, &prices, &out), "0413a01006"
                                                                             "230100"
                                                                             "200000"
                                                                             "674500"
                                                                             "563412"
                                                                             "890000"
                                                                             "15");
    WRITES(cjt188_settlement_day_request_encode(&link_standard, 31, &out), "0404a0110631");
    WRITES(cjt188_reading_day_request_encode(&link_standard, 1, &out), "0404a0120601");
    WRITES(cjt188_purchase_request_encode(&link_standard, 200, 123456, &out), "0408a01306c856341200");
    WRITES(cjt188_key_request_encode(&link_standard, 2, key, &out), "040ca01406020102030405060708");
    WRITES(cjt188_time_request_encode(&link_standard, &time, &out), "040aa0150630151009072620");
    WRITES(cjt188_base_reading_request_encode(&link_standard, 123456, -2, ITEM_UNIT_M3, &out), "1608a01606563412002c");
    WRITES(cjt188_valve_request_encode(&link_standard, CJT188_VALVE_CLOSE, &out), "0404a0170699");
    WRITES(cjt188_address_request_encode(&link_standard, 805000001, &out), "150aa0180601000005080000");
#undef WRITES
}

static void answers_have_the_lengths_of_the_table(void **state)
{
    static const struct {
        uint16_t identifier;
        uint8_t control;
        uint8_t length;
    } answers[] = {
        { 0x901f, 0x81, 0x16 }, { 0xd120, 0x81, 0x08 }, { 0x8102, 0x81, 0x12 }, { 0x8103, 0x81, 0x04 },
        { 0x8104, 0x81, 0x04 }, { 0x8105, 0x81, 0x12 }, { 0x8106, 0x89, 0x04 }, { 0x810a, 0x83, 0x03 },
        { 0xa010, 0x84, 0x05 }, { 0xa011, 0x84, 0x03 }, { 0xa012, 0x84, 0x03 }, { 0xa013, 0x84, 0x08 },
        { 0xa014, 0x84, 0x04 }, { 0xa015, 0x84, 0x03 }, { 0xa016, 0x96, 0x05 }, { 0xa017, 0x84, 0x05 },
        { 0xa018, 0x95, 0x03 }, { 0xa019, 0x84, 0x03 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        uint8_t bytes[64];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        assert_int_equal(cjt188_answer_encode(&link_standard, answers[i].identifier, NULL, 0, &out), 0);
        assert_int_equal(bytes[9], answers[i].control);
        assert_int_equal(bytes[10], answers[i].length);
    }
}

static void a_heat_meter_answers_46_bytes(void **state)
{
    struct cjt188_link link = link_standard;
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    link.meter_type = 0x20;
    assert_int_equal(cjt188_answer_encode(&link, CJT188_METERING, NULL, 0, &out), 0);
    assert_int_equal(bytes[10], 0x2e);
}

static void abnormal_answers_come_in_two_forms(void **state)
{
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    assert_int_equal(cjt188_abnormal_answer_encode(&link_standard, CJT188_READ_DATA, 0x0304, &out), 0);
    written_assert(&out, "c103060304");
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_error_answer_encode(&link_standard, CJT188_WRITE_DATA, CJT188_VALVE, 0x21, &out), 0);
    written_assert(&out, "c404a0170621");
}

static void the_model_decides_byte_order_and_functions(void **state)
{
    struct cjt188_link link = link_standard;
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    link.variant = cjt188_variant_find(span_of_text("low_first"));
    assert_int_equal(cjt188_request_encode(&link, CJT188_METERING, NULL, 0, &out), 0);
    written_assert(&out, "01031f9006");
    link.variant = cjt188_variant_find(span_of_text("all_writes_04"));
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_address_request_encode(&link, 1, &out), 0);
    written_assert(&out, "040aa0180601000000000000");
    link.variant = cjt188_variant_find(span_of_text("write_address_05"));
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_address_request_encode(&link, 1, &out), 0);
    written_assert(&out, "050aa0180601000000000000");
}

static void what_does_not_fit_is_refused(void **state)
{
    struct item_time time = { 2026, 2, 30, 0, 0, 0, ITEM_TIME_SECOND, 0, 0 };
    uint8_t bytes[64];
    uint8_t payload[253] = { 0 };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    assert_int_equal(cjt188_request_encode(&link_standard, 0x9020, NULL, 0, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(cjt188_answer_encode(&link_standard, 0x9020, NULL, 0, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(cjt188_request_encode(&link_standard, CJT188_VALVE, NULL, 0, &out), CODEC_ERR_MISSING);
    assert_int_equal(cjt188_settlement_day_request_encode(&link_standard, 100, &out), CODEC_ERR_RANGE);
    assert_int_equal(cjt188_time_request_encode(&link_standard, &time, &out), CODEC_ERR_RANGE);
    assert_int_equal(cjt188_address_request_encode(&link_standard, 100000000000000, &out), CODEC_ERR_RANGE);
    assert_int_equal(cjt188_base_reading_request_encode(&link_standard, 1, -2, ITEM_UNIT_CAL, &out), CODEC_ERR_RANGE);
    assert_int_equal(cjt188_base_reading_request_encode(&link_standard, 1, -3, ITEM_UNIT_M3, &out), CODEC_ERR_RANGE);
    assert_int_equal(cjt188_base_reading_request_encode(&link_standard, INT64_MAX, 0, ITEM_UNIT_M3, &out),
                     CODEC_ERR_RANGE);
    assert_int_equal(cjt188_message_encode(&link_standard, 0x01, 0x901f, span_of_bytes(payload, sizeof payload), &out),
                     CODEC_ERR_TOO_LONG);
    assert_int_equal(out.size, 0);
    out = writer_of_buffer(bytes, 15);
    assert_int_equal(cjt188_request_encode(&link_standard, CJT188_METERING, NULL, 0, &out), CODEC_ERR_FULL);
}

/* A reading in another power of ten is written when it is exact: 5 m³ is 5.00 m³. */
static void readings_are_scaled_exactly(void **state)
{
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    (void)state;

    assert_int_equal(cjt188_base_reading_request_encode(&link_standard, 5, 0, ITEM_UNIT_M3, &out), 0);
    written_assert(&out, "1608a01606000500002c");
    out = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(cjt188_base_reading_request_encode(&link_standard, 12340, -3, ITEM_UNIT_M3, &out), 0);
    written_assert(&out, "1608a01606341200002c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_are_three_bytes),
        cmocka_unit_test(writes_carry_their_payload),
        cmocka_unit_test(answers_have_the_lengths_of_the_table),
        cmocka_unit_test(a_heat_meter_answers_46_bytes),
        cmocka_unit_test(abnormal_answers_come_in_two_forms),
        cmocka_unit_test(the_model_decides_byte_order_and_functions),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(readings_are_scaled_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
