#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/coap/coap_message.h"
#include "codec/codec_error.h"

struct frame {
    uint8_t bytes[512];
    struct span span;
};

static struct span frame_of(struct frame *frame, const char *hex)
{
    int size = hex_decode(span_of_text(hex), frame->bytes, sizeof frame->bytes);
    assert_true(size >= 0);
    frame->span = span_of_bytes(frame->bytes, (size_t)size);
    return frame->span;
}

static void damage_is_refused_with_its_offset(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int error;
        size_t offset;
    } cases[] = {
        { "", CODEC_ERR_SHORT, 0 },
        { "400100", CODEC_ERR_SHORT, 3 },
        { "00010000", CODEC_ERR_VERSION, 0 },
        { "80010000", CODEC_ERR_VERSION, 0 },
        { "c0010000", CODEC_ERR_VERSION, 0 },
        { "49010000010203040506070809", CODEC_ERR_RESERVED, 0 },
        { "4f010000", CODEC_ERR_RESERVED, 0 },
        { "44010000010203", CODEC_ERR_SHORT, 7 },
        { "40200000", CODEC_ERR_RESERVED, 1 },
        { "40c10000", CODEC_ERR_RESERVED, 1 },
        { "40e10000", CODEC_ERR_RESERVED, 1 },
        { "4100000055", CODEC_ERR_TRAILING, 4 },
        { "40000000ff", CODEC_ERR_TRAILING, 4 },
        { "41000000", CODEC_ERR_SHORT, 4 },
        { "40010000ff", CODEC_ERR_MISSING, 4 },
        { "40010000b161ff", CODEC_ERR_MISSING, 6 },
        { "40010000f0", CODEC_ERR_RESERVED, 4 },
        { "400100000f", CODEC_ERR_RESERVED, 4 },
        { "40010000d0", CODEC_ERR_SHORT, 4 },
        { "40010000e000", CODEC_ERR_SHORT, 4 },
        { "400100000d", CODEC_ERR_SHORT, 4 },
        { "4001000003aabb", CODEC_ERR_SHORT, 4 },
        { "40010000e0ffff10", CODEC_ERR_RANGE, 4 },
        { "40010000e0fef210", CODEC_ERR_RANGE, 7 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame frame;
        struct coap_message message, untouched;
        size_t offset = SIZE_MAX;
        memset(&message, 0xa5, sizeof message);
        memset(&untouched, 0xa5, sizeof untouched);
        assert_int_equal(coap_message_decode(frame_of(&frame, cases[i].hex), &message, &offset), cases[i].error);
        assert_int_equal(offset, cases[i].offset);
        assert_memory_equal(&message, &untouched, sizeof message);
    }
}

static void refused_messages_can_be_reset(void **state)
{
    (void)state;
    struct frame frame;
    uint8_t type = 9;
    uint16_t message_id = 9;
    assert_int_equal(coap_message_peek(frame_of(&frame, "5a0a5b5c"), &type, &message_id), 0);
    assert_int_equal(type, COAP_NON_CONFIRMABLE);
    assert_int_equal(message_id, 0x5b5c);
    assert_int_equal(coap_message_peek(frame_of(&frame, "9a0a5b5c"), &type, &message_id), CODEC_ERR_VERSION);
    assert_int_equal(coap_message_peek(frame_of(&frame, "5a0a5b"), &type, &message_id), CODEC_ERR_SHORT);
}

static struct coap_message decoded(struct frame *frame, const char *hex)
{
    struct coap_message message;
    assert_int_equal(coap_message_decode(frame_of(frame, hex), &message, NULL), 0);
    return message;
}

/* POST /rd?lwm2m=1.1&ep=urn:imei:861234567890123&lt=86400&Q, content format 40 */
static const char registration[] = "48020001 0102030405060708 b2 7264 11 28 39 6c776d326d3d312e31 "
                                   "0d0e 65703d75726e3a696d65693a383631323334353637383930313233 "
                                   "08 6c743d3836343030 01 51 ff 3c2f333e";

static void typed_accessors_read_a_registration(void **state)
{
    (void)state;
    struct frame frame;
    struct coap_message message = decoded(&frame, registration);
    struct span value;

    assert_true(coap_message_path_is(&message, "/rd"));
    assert_false(coap_message_path_is(&message, "/r"));
    assert_false(coap_message_path_is(&message, "/rd/1"));
    assert_false(coap_message_path_is(&message, "/"));
    assert_int_equal(coap_message_format(&message, COAP_OPTION_CONTENT_FORMAT), COAP_FORMAT_LINK);
    assert_int_equal(coap_message_format(&message, COAP_OPTION_ACCEPT), COAP_FORMAT_NONE);
    assert_true(coap_message_query(&message, "ep", &value));
    assert_true(span_equal_text(value, "urn:imei:861234567890123"));
    assert_true(coap_message_query(&message, "Q", &value));
    assert_int_equal(value.size, 0);
    assert_false(coap_message_query(&message, "l", &value));
    assert_false(coap_message_query(&message, "lwm", &value));
    assert_int_equal(coap_message_unsigned(&message, COAP_OPTION_OBSERVE, 77), 77);
    assert_true(span_equal_text(message.payload, "</3>"));
}

static void root_path_has_no_segments(void **state)
{
    (void)state;
    struct frame frame;
    uint8_t buffer[8];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_message message = decoded(&frame, "40050001c170");
    assert_true(coap_message_path_is(&message, "/"));
    assert_int_equal(coap_message_segments(&message, COAP_OPTION_URI_PATH), 0);
    coap_message_write_path(&message, COAP_OPTION_URI_PATH, &out);
    assert_true(span_equal_text(writer_span(&out), "/"));
}

static void over_long_elective_option_is_ignored(void **state)
{
    (void)state;
    struct frame frame;
    struct coap_message message = decoded(&frame, "6083c3f8c3fde8e8");
    assert_int_equal(coap_message_format(&message, COAP_OPTION_CONTENT_FORMAT), COAP_FORMAT_NONE);
}

static void critical_options_must_be_supported(void **state)
{
    (void)state;
    static const uint16_t supported[] = { COAP_OPTION_URI_HOST, COAP_OPTION_URI_PATH, COAP_OPTION_URI_QUERY,
                                          COAP_OPTION_ACCEPT };
    static const struct {
        const char *hex;
        uint16_t number;
    } cases[] = {
        { "40010001b161", 0 },
        { "40010001b1610162", 0 },             /* Uri-Path twice is allowed */
        { "40010001316101 62", COAP_OPTION_URI_HOST }, /* Uri-Host twice is not */
        { "40010001 30", COAP_OPTION_URI_HOST },       /* Uri-Host may not be empty */
        { "40010001 d104 70", 0 },                     /* Accept */
        { "40010001 d304 000070", COAP_OPTION_ACCEPT },
        { "40010001 11 aa", COAP_OPTION_IF_MATCH },
        { "40010001 d2 0a 0102", COAP_OPTION_BLOCK2 },
        { "40010001 e0 0a0c", 2841 },
        { "40010001 e0 0a0b", 0 },                     /* 2840 is elective */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame frame;
        struct coap_message message = decoded(&frame, cases[i].hex);
        assert_int_equal(coap_message_unsupported(&message, supported, 4), cases[i].number);
    }
}

static void encoder_writes_the_known_frame(void **state)
{
    (void)state;
    struct frame wanted;
    uint8_t buffer[128];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;

    frame_of(&wanted, registration);
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_POST, 1,
                       span_of_bytes("\1\2\3\4\5\6\7\10", 8));
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, span_of_text("/rd"), '/');
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_LINK);
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "lwm2m=1.1");
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_QUERY,
                              span_of_text("ep=urn:imei:861234567890123&lt=86400&Q"), '&');
    writer_text(coap_encoder_payload(&encoder), "</3>");
    assert_int_equal(coap_encoder_end(&encoder), wanted.span.size);
    assert_memory_equal(buffer, wanted.bytes, wanted.span.size);
}

static void empty_payload_takes_its_marker_back(void **state)
{
    (void)state;
    uint8_t buffer[8];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &out, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, 0x1234, span_of_text(""));
    coap_encoder_payload(&encoder);
    assert_int_equal(coap_encoder_end(&encoder), 4);
    assert_memory_equal(buffer, "\x60\x44\x12\x34", 4);
}

static void unsigned_values_take_the_fewest_bytes(void **state)
{
    (void)state;
    static const struct {
        uint32_t value;
        const char *hex;
    } cases[] = { { 0, "50010000 60" },
                  { 1, "50010000 6101" },
                  { 255, "50010000 61ff" },
                  { 256, "50010000 620100" },
                  { 0x10000, "50010000 63010000" },
                  { 0xffffffff, "50010000 64ffffffff" } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame wanted;
        uint8_t buffer[16];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        struct coap_encoder encoder;
        coap_encoder_begin(&encoder, &out, COAP_NON_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_OBSERVE, cases[i].value);
        assert_int_equal(coap_encoder_end(&encoder), frame_of(&wanted, cases[i].hex).size);
        assert_memory_equal(buffer, wanted.bytes, wanted.span.size);
    }
}

static void encoder_tells_each_mistake(void **state)
{
    (void)state;
    uint8_t buffer[32];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;

    writer_text(&out, "ab");
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text("123456789"));
    assert_int_equal(coap_encoder_end(&encoder), CODEC_ERR_RANGE);
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "a");
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, "b");
    assert_int_equal(coap_encoder_end(&encoder), CODEC_ERR_ORDER);
    static const char *const escapes[] = { "/%4", "/%", "/%4g", "/%g4" };
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
        coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, span_of_text(escapes[i]), '/');
        assert_int_equal(coap_encoder_end(&encoder), CODEC_ERR_FORMAT);
    }
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
    coap_encoder_payload(&encoder);
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, "b");
    assert_int_equal(coap_encoder_end(&encoder), CODEC_ERR_ORDER);
    assert_int_equal(out.size, 2);
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, "a path that is far too long for it");
    assert_int_equal(coap_encoder_end(&encoder), CODEC_ERR_FULL);
    assert_int_equal(out.size, 2);
}

/* Random messages of every option number and length class come back as they were. */
static void random_messages_come_back(void **state)
{
    (void)state;
    static uint8_t buffer[80000], value[66000];
    static const uint64_t sizes[] = { 13, 14, 270, 600, 66 };
    struct random random = random_of_seed(7252);

    for (int round = 0; round < 2000; round++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        struct coap_encoder encoder;
        struct coap_message back;
        struct coap_option option;
        uint16_t numbers[8];
        size_t option_sizes[8], count = random_below(&random, 9);
        uint8_t token[8];
        uint16_t number = 0;

        for (size_t i = 0; i < sizeof token; i++)
            token[i] = (uint8_t)random_next(&random);
        struct span token_span = span_of_bytes(token, random_below(&random, 9));
        uint16_t message_id = (uint16_t)random_next(&random);
        coap_encoder_begin(&encoder, &out, (enum coap_type)random_below(&random, 4), COAP_CODE_POST, message_id,
                           token_span);
        for (size_t i = 0; i < count; i++) {
            number = (uint16_t)(number + random_below(&random, sizes[random_below(&random, 4)]));
            numbers[i] = number;
            option_sizes[i] = random_below(&random, sizes[random_below(&random, 5)]);
            value[0] = (uint8_t)i;
            coap_encoder_put(&encoder, number, span_of_bytes(value, option_sizes[i]));
        }
        assert_true(coap_encoder_end(&encoder) > 0);
        assert_int_equal(coap_message_decode(writer_span(&out), &back, NULL), 0);
        assert_int_equal(back.message_id, message_id);
        assert_true(span_equal(back.token, token_span));
        struct coap_option_iterator iterator = coap_option_iterator(back.options);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(coap_option_next(&iterator, &option), 1);
            assert_int_equal(option.number, numbers[i]);
            assert_int_equal(option.value.size, option_sizes[i]);
        }
        assert_int_equal(coap_option_next(&iterator, &option), 0);
    }
}

static void paths_are_escaped_and_back(void **state)
{
    (void)state;
    uint8_t buffer[64], text[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer), path = writer_of_buffer(text, sizeof text);
    struct coap_encoder encoder;
    struct coap_message message;
    struct span segment;

    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 0, span_of_text(""));
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, span_of_text("/a%2Fb/%e6%b0%b4/c d%0a"), '/');
    assert_true(coap_encoder_end(&encoder) > 0);
    assert_int_equal(coap_message_decode(writer_span(&out), &message, NULL), 0);
    assert_int_equal(coap_message_segments(&message, COAP_OPTION_URI_PATH), 3);
    assert_true(coap_message_option(&message, COAP_OPTION_URI_PATH, 0, &segment));
    assert_true(span_equal_text(segment, "a/b"));
    coap_message_write_path(&message, COAP_OPTION_URI_PATH, &path);
    assert_true(span_equal_text(writer_span(&path), "/a%2Fb/%E6%B0%B4/c%20d%0A"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_refused_with_its_offset),
        cmocka_unit_test(refused_messages_can_be_reset),
        cmocka_unit_test(typed_accessors_read_a_registration),
        cmocka_unit_test(root_path_has_no_segments),
        cmocka_unit_test(over_long_elective_option_is_ignored),
        cmocka_unit_test(critical_options_must_be_supported),
        cmocka_unit_test(encoder_writes_the_known_frame),
        cmocka_unit_test(empty_payload_takes_its_marker_back),
        cmocka_unit_test(unsigned_values_take_the_fewest_bytes),
        cmocka_unit_test(encoder_tells_each_mistake),
        cmocka_unit_test(random_messages_come_back),
        cmocka_unit_test(paths_are_escaped_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
