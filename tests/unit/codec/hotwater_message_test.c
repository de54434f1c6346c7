#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_layout.h"
#include "tests/unit/codec/layout_random.h"

#define ROUNDS 2000
#define ROOM 1024

static const struct hotwater_grant right = { .meter = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 },
                                             .not_before_s = 100,
                                             .not_after_s = 200,
                                             .flags = HOTWATER_GRANT_MAY_PAUSE };

static void random_payloads_come_back(void **state)
{
    (void)state;
    const struct layout_set *commands = &hotwater_sets[HOTWATER_SET_COMMAND];
    struct random random = random_of_seed(57);
    static uint8_t room_bytes[ROOM], bytes[ROOM];

    for (size_t row = 0; row < commands->count; row++) {
        const struct layout *layout = commands->rows[row].about;
        unsigned done = 0;
        for (int round = 0; round < ROUNDS; round++) {
            struct writer room = writer_of_buffer(room_bytes, sizeof room_bytes);
            struct writer out = writer_of_buffer(bytes, sizeof bytes);
            struct hotwater_message message, read;
            memset(&message, 0, sizeof message);
            layout_random_fill(layout, hotwater_sets, &random, &message, &room);
            message.command = (uint8_t)commands->rows[row].code;
            if (hotwater_message_encode(&message, &out) < 0)
                continue;
            assert_int_equal(hotwater_message_decode(message.command, writer_span(&out), &read, NULL), 0);
            assert_int_equal(read.command, message.command);
            assert_true(layout_random_same(layout, hotwater_sets, &message, &read));
            done++;
        }
        assert_in_range(done, ROUNDS / 4, ROUNDS); /* half of the grants end before they begin */
    }
}

static void grants_must_end_after_they_begin(void **state)
{
    (void)state;
    uint8_t bytes[128];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct hotwater_grant grant = right;
    struct hotwater_message open = { .command = HOTWATER_OPEN };

    assert_int_equal(hotwater_grant_encode(&grant, &out), 0);
    assert_int_equal(out.size, HOTWATER_GRANT_SIZE);
    grant.not_after_s = 100;
    assert_int_equal(hotwater_grant_encode(&grant, &out), CODEC_ERR_RANGE);
    open.as.open.grant = grant;
    assert_int_equal(hotwater_message_encode(&open, &out), CODEC_ERR_RANGE);
    grant.not_after_s = 101;
    grant.meter[0] = 0xf4;
    assert_int_equal(hotwater_grant_encode(&grant, &out), CODEC_ERR_RANGE);
}

static void a_signature_may_follow_the_grant(void **state)
{
    (void)state;
    static const uint8_t signature[HOTWATER_SIGNATURE_SIZE] = { 1, 2, 3 };
    uint8_t bytes[128];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct hotwater_message open = { .command = HOTWATER_OPEN }, read;

    open.as.open.grant = right;
    open.as.open.signature = span_of_bytes(signature, 63);
    assert_int_equal(hotwater_message_encode(&open, &out), CODEC_ERR_RANGE);
    open.as.open.signature.size = sizeof signature;
    assert_int_equal(hotwater_message_encode(&open, &out), 0);
    assert_int_equal(out.size, HOTWATER_GRANT_SIZE + HOTWATER_SIGNATURE_SIZE);
    assert_int_equal(hotwater_message_decode(HOTWATER_OPEN, writer_span(&out), &read, NULL), 0);
    assert_true(span_equal(read.as.open.signature, open.as.open.signature));
}

static void lists_are_read_one_by_one(void **state)
{
    (void)state;
    uint8_t bytes[200];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct hotwater_alarm_record alarm = { .number = 1, .code = HOTWATER_ALARM_MAGNET };
    struct hotwater_binding binding = { .number = 9, .action = 1 };
    struct hotwater_tagged_record record = { .record = { .number = 3, .temperature = -5 }, .tag = { 7 } };

    assert_int_equal(hotwater_alarm_record_encode(&alarm, &out), 0);
    assert_int_equal(out.size, HOTWATER_ALARM_RECORD_SIZE);
    assert_int_equal(out.bytes[4], 3);
    struct reader reader = reader_of_span(writer_span(&out));
    alarm.number = 0;
    assert_int_equal(hotwater_alarm_record_next(&reader, &alarm), 1);
    assert_int_equal(alarm.number, 1);
    assert_int_equal(hotwater_alarm_record_next(&reader, &alarm), 0);
    out.size = 0;
    assert_int_equal(hotwater_binding_encode(&binding, &out), 0);
    assert_int_equal(out.size, HOTWATER_BINDING_SIZE);
    reader = reader_of_span(span_of_bytes(bytes, HOTWATER_BINDING_SIZE - 1));
    assert_int_equal(hotwater_binding_next(&reader, &binding), CODEC_ERR_SHORT);
    out.size = 0;
    assert_int_equal(hotwater_tagged_record_encode(&record, &out), 0);
    assert_int_equal(out.size, HOTWATER_TAGGED_RECORD_SIZE);
    reader = reader_of_span(writer_span(&out));
    memset(&record, 0, sizeof record);
    assert_int_equal(hotwater_tagged_record_next(&reader, &record), 1);
    assert_int_equal(record.record.temperature, -5);
    assert_int_equal(record.tag[0], 7);
}

static void parameters_pass_over_unknown_ones(void **state)
{
    (void)state;
    uint8_t bytes[100] = { 0x77, 1, 0 };
    struct writer out = { bytes, 3, sizeof bytes, false };
    struct hotwater_band band = { -5, 250 };
    uint8_t band_bytes[16];
    struct writer bands = writer_of_buffer(band_bytes, sizeof band_bytes);
    struct hotwater_parameter_value value = { .parameter = HOTWATER_BANDS };

    assert_int_equal(hotwater_band_encode(&band, &bands), 0);
    value.bands = writer_span(&bands);
    assert_int_equal(hotwater_parameter_encode(&value, &out), 0);
    value.parameter = HOTWATER_KEY_HOLD;
    value.number = 256;
    assert_int_equal(hotwater_parameter_encode(&value, &out), CODEC_ERR_RANGE);
    value.parameter = HOTWATER_PARAMETER_COUNT;
    assert_int_equal(hotwater_parameter_encode(&value, &out), CODEC_ERR_UNKNOWN);
    struct reader reader = reader_of_span(span_of_bytes(bytes, 3 + 2 + 1 + 6));
    assert_int_equal(hotwater_parameter_next(&reader, &value), 1);
    assert_int_equal(value.parameter, HOTWATER_BANDS);
    struct reader inner = reader_of_span(value.bands);
    assert_int_equal(hotwater_band_next(&inner, &band), 1);
    assert_int_equal(band.lower_edge, -5);
    assert_int_equal(band.price, 250);
    assert_int_equal(hotwater_parameter_next(&reader, &value), 0);
}

static void parameters_have_defaults(void **state)
{
    (void)state;
    assert_int_equal(hotwater_parameter_default(HOTWATER_LONGEST_USE), 1200);
    assert_int_equal(hotwater_parameter_default(HOTWATER_LARGEST_USE), 600);
    assert_int_equal(hotwater_parameter_default(HOTWATER_TEMPERATURE_HOLD), 120);
    assert_int_equal(hotwater_parameter_default(HOTWATER_KEY_HOLD), 8);
    assert_int_equal(hotwater_parameter_default(HOTWATER_UNSENT_LIMIT), 3);
    assert_int_equal(hotwater_parameter_default(HOTWATER_BLE_WAIT), 10);
}

static void results_have_words(void **state)
{
    (void)state;
    assert_string_equal(hotwater_result_word(HOTWATER_CARD_DISABLED)->english, "card disabled (3 unsent records)");
    assert_string_equal(hotwater_result_word(HOTWATER_DONE)->chinese, "完成");
    assert_int_equal(hotwater_result_word(HOTWATER_OUT_OF_RANGE)->code, 0x0f);
    assert_null(hotwater_result_word(16));
    assert_null(hotwater_command_word(0x70));
}

static void unknown_commands_are_told_apart(void **state)
{
    (void)state;
    struct hotwater_message message = { .command = 0x70 };
    struct item_list list = item_list_of(NULL, 0);
    size_t offset = 9;

    assert_int_equal(hotwater_message_decode(0x70, span_of_text("x"), &message, &offset), CODEC_ERR_UNKNOWN);
    assert_int_equal(offset, 0);
    assert_int_equal(hotwater_items_decode(0x70, span_of_text("x"), &list), 0);
    assert_int_equal(hotwater_message_decode(HOTWATER_MANAGEMENT, span_of_text("x"), &message, &offset),
                     CODEC_ERR_TRAILING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_payloads_come_back),
        cmocka_unit_test(grants_must_end_after_they_begin),
        cmocka_unit_test(a_signature_may_follow_the_grant),
        cmocka_unit_test(lists_are_read_one_by_one),
        cmocka_unit_test(parameters_pass_over_unknown_ones),
        cmocka_unit_test(parameters_have_defaults),
        cmocka_unit_test(results_have_words),
        cmocka_unit_test(unknown_commands_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
