#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "codec/lwm2m/lwm2m_object.h"
#include "codec/water_meter/water_meter_command.h"

#define STORY_LIMIT 16384

/* The rows of one frame as lines: depth marks, offset+size, name: value (meaning). */
struct story {
    char text[STORY_LIMIT];
    struct writer out;
    int result;
    size_t error_offset;
};

static void row_tell(void *context, const struct explain_field *field)
{
    struct story *story = context;
    for (unsigned i = 0; i < field->depth; i++)
        writer_text(&story->out, ". ");
    writer_format(&story->out, "%zu+%zu %s: %s (%s)\n", field->offset, field->size, field->name, field->value,
                  field->meaning);
    assert_true(field->clause[0] != '\0');
}

static const char *tell(struct story *story, const char *protocol, enum explain_language language, struct span frame)
{
    struct explain_sink sink = { language, row_tell, NULL, story, NULL };
    story->out = writer_of_buffer(story->text, sizeof story->text);
    story->error_offset = SIZE_MAX;
    story->result = explain_protocol_find(protocol)->explain(&sink, frame, &story->error_offset);
    assert_false(story->out.overflow);
    return writer_terminate(&story->out);
}

static const char *tell_hex(struct story *story, const char *protocol, enum explain_language language,
                            const char *hex)
{
    static uint8_t bytes[1024];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    assert_true(size >= 0);
    return tell(story, protocol, language, span_of_bytes(bytes, (size_t)size));
}

static void recharge_is_told_in_english(void **state)
{
    (void)state;
    struct story story;
    assert_string_equal(tell_hex(&story, "coap", EXPLAIN_ENGLISH,
                                 "4202 1234 abcd b53333343234 0130 0136 10 ff 303d2737272c313d273530303027"),
                        "0+0 operation: LwM2M Execute (/33424/0/6 Recharge)\n"
                        "0+1 version: 1 ()\n"
                        "0+1 type: 0 (confirmable)\n"
                        "0+1 token length: 2 ()\n"
                        "1+1 code: 0.02 (POST)\n"
                        "2+2 message ID: 4660 ()\n"
                        "4+2 token: abcd ()\n"
                        "6+6 option Uri-Path: \"33424\" ()\n"
                        "12+2 option Uri-Path: \"0\" ()\n"
                        "14+2 option Uri-Path: \"6\" ()\n"
                        "16+1 option Content-Format: 0 (text/plain; charset=utf-8)\n"
                        "17+15 payload: 14 bytes ()\n"
                        ". 18+5 0 serial: \"7\" ()\n"
                        ". 24+8 1 amount, 0.01 yuan: \"5000\" ()\n");
    assert_int_equal(story.result, 0);
}

static void event_is_told_in_chinese(void **state)
{
    (void)state;
    struct story story;
    const char *text = tell_hex(&story, "senml-cbor", EXPLAIN_CHINESE,
                                "82 a4 21 69 2f33333432342f302f 22 1a6b007c9c 00 6134 02 01 a2 00 623130 02 1820");
    assert_string_equal(text, "0+1 SenML 数据包:  ()\n"
                              "1+23 /33424/0/4 阀门状态: 1 (关)\n"
                              ". 2+11 基础名称 (bn): \"/33424/0/\" ()\n"
                              ". 13+6 基础时间 (bt): 1795194012 ()\n"
                              ". 19+3 名称 (n): \"4\" ()\n"
                              ". 22+2 数值 (v): 1 ()\n"
                              "24+8 /33424/0/10 报警位: 32 (电池欠压)\n"
                              ". 25+4 名称 (n): \"10\" ()\n"
                              ". 29+3 数值 (v): 32 ()\n");
}

static void opaque_values_are_opened(void **state)
{
    (void)state;
    struct story story;
    const char *text = tell_hex(&story, "coap", EXPLAIN_ENGLISH,
                                "4003 0001 b53333343234 0130 023134 11 2a ff 02 00003a98 0000733c ffffffff 0000a028");
    assert_non_null(strstr(text, "LwM2M Write (replace) (/33424/0/14 Price steps)"));
    assert_non_null(strstr(text, ". . 19+8 price step: up to 15 m3: 2.95 yuan/m3 ()\n"));
    assert_non_null(strstr(text, ". . 27+8 price step: above: 4.1 yuan/m3 ()\n"));
    text = tell_hex(&story, "senml-cbor", EXPLAIN_ENGLISH,
                    "81a2006a2f33333432342f302f38084800 12d687 ffffffff");
    assert_non_null(strstr(text, ". . 16+4 midnight, days back: 0: 1234.567 m3 ()\n"));
    assert_non_null(strstr(text, ". . 20+4 midnight, days back: 1: none ()\n"));
}

static void floats_show_the_digits_that_were_meant(void **state)
{
    (void)state;
    struct story story;
    assert_non_null(strstr(tell_hex(&story, "senml-cbor", EXPLAIN_ENGLISH, "81a2006a2f33333432342f302f3102fa42acdc29"),
                           "/33424/0/1 Remaining amount: 86.43 yuan ()"));
    assert_non_null(
        strstr(tell_hex(&story, "senml-cbor", EXPLAIN_ENGLISH, "81a200692f333432342f302f3102fb40934a449ba5e354"),
               "/3424/0/1 Cumulated Water Volume: 1234.567 m3 ()"));
    assert_non_null(strstr(tell_hex(&story, "senml-cbor", EXPLAIN_ENGLISH, "81a200692f333432342f302f3102f97e00"), "NaN"));
    assert_non_null(strstr(tell_hex(&story, "senml-cbor", EXPLAIN_ENGLISH, "81a200692f333432342f302f3102f90001"),
                           ": 0.00000006 m3 ()"));
}

static void damage_is_told_up_to_its_offset(void **state)
{
    (void)state;
    struct story story;
    const char *text = tell_hex(&story, "coap", EXPLAIN_ENGLISH, "40010000b13361");
    assert_int_equal(story.result, CODEC_ERR_SHORT);
    assert_int_equal(story.error_offset, 6);
    assert_non_null(strstr(text, "4+2 option Uri-Path: \"3\" ()\n"));
    tell_hex(&story, "coap", EXPLAIN_ENGLISH, "4045 0001 c170 ff 81a200");
    assert_int_equal(story.result, CODEC_ERR_SHORT);
    assert_int_equal(story.error_offset, 10);
    tell_hex(&story, "coap", EXPLAIN_ENGLISH, "4001");
    assert_int_equal(story.result, CODEC_ERR_SHORT);
    assert_int_equal(story.error_offset, 2);
}

static void nested_tlv_has_depth_and_a_bound(void **state)
{
    (void)state;
    struct story story;
    const char *text = tell_hex(&story, "coap", EXPLAIN_ENGLISH,
                                "4003 0001 b133 12 2d16 ff 08000b 880708 42000bb8 42010bb9");
    assert_non_null(strstr(text, ". 10+14 object instance 0 = /3/0 Device:  ()\n"));
    assert_non_null(strstr(text, ". . . 16+4 resource instance 0 = /3/0/7/0 Power Source Voltage: 3000 mV ()\n"));
    tell_hex(&story, "lwm2m-tlv", EXPLAIN_ENGLISH, "08000f08000c0800090800060800030800 00");
    assert_true(story.result < 0);
}

static void operations_have_their_names(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        const char *name;
    } cases[] = {
        { "40020001b27264", "LwM2M Register (/rd)" },
        { "40020001b272640435613366", "LwM2M Update (/rd/5a3f)" },
        { "40040001b272640435613366", "LwM2M De-register (/rd/5a3f)" },
        { "40020001b26470", "LwM2M Send (/dp)" },
        { "400100016051330130", "LwM2M Observe (/3/0 Device)" },
        { "40010001610151330130", "LwM2M Cancel Observation (/3/0 Device)" },
        { "40010001b13361 28", "LwM2M Discover (/3 Device)" },
        { "40050001", "LwM2M Read-Composite (/)" },
        { "50450001 6105", "LwM2M Notify ()" },
        { "40040001b133 0130", "LwM2M Delete (/3/0 Device)" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct story story;
        assert_non_null(strstr(tell_hex(&story, "coap", EXPLAIN_ENGLISH, cases[i].hex), cases[i].name));
    }
}

static void links_name_their_objects(void **state)
{
    (void)state;
    struct story story;
    const char *text = tell(&story, "link-format", EXPLAIN_ENGLISH, span_of_text("</3/0>;ver=1.1, </x>"));
    assert_string_equal(text, "0+14 link: \"</3/0>;ver=1.1\" (/3/0 Device)\n"
                              "16+4 link: \"</x>\" ()\n");
    tell(&story, "link-format", EXPLAIN_ENGLISH, span_of_text("</3/0>,</4"));
    assert_int_equal(story.result, CODEC_ERR_FORMAT);
    assert_int_equal(story.error_offset, 7);
}

static void long_texts_are_cut_between_letters(void **state)
{
    (void)state;
    char pack[600] = "[{\"n\":\"/3/0/0\",\"vs\":\"x";
    for (int i = 0; i < 100; i++)
        memcpy(pack + strlen(pack), "水", 4);
    memcpy(pack + strlen(pack), "\"}]", 4);
    struct story story;
    const char *text = tell(&story, "senml-json", EXPLAIN_ENGLISH, span_of_text(pack));
    assert_int_equal(story.result, 0);
    assert_non_null(strstr(text, "水水...\" ()\n"));
    assert_true(text_utf8_check(span_of_text(text)) > 0);
    assert_true(strlen(text) < EXPLAIN_TEXT_LIMIT + 60 && strlen(text) > EXPLAIN_TEXT_LIMIT);
}

static void json_nests_children(void **state)
{
    (void)state;
    static const char pack[] = "[{\"n\":\"/33424/0/4\",\"v\":0}]";
    char text[1024];
    struct writer out = writer_of_buffer(text, sizeof text);
    assert_int_equal(explain_json_write(NULL, EXPLAIN_ENGLISH, span_of_text(pack), NULL, &out), 0);
    assert_string_equal(writer_terminate(&out),
                        "{\"protocol\":\"senml-json\",\"protocol_name\":\"SenML pack in JSON\",\"size\":26,"
                        "\"bytes\":\"5b7b226e223a222f33333432342f302f34222c2276223a307d5d\","
                        "\"fields\":[{\"offset\":1,\"size\":24,\"bytes\":"
                        "\"7b226e223a222f33333432342f302f34222c2276223a307d\",\"name\":\"/33424/0/4 Valve state\","
                        "\"value\":\"0\",\"meaning\":\"open\",\"clause\":\"profile 33424\"}],\"items\":[],\"valid\":true}");
    out = writer_of_buffer(text, sizeof text);
    assert_int_equal(explain_json_write(NULL, EXPLAIN_CHINESE, span_of_bytes("\x00", 1), NULL, &out), CODEC_ERR_SHORT);
    assert_string_equal(writer_terminate(&out),
                        "{\"protocol\":\"coap\",\"protocol_name\":\"CoAP 与 LwM2M（UDP）\",\"size\":1,\"bytes\":\"00\",\"fields\":[],\"items\":[],\"valid\":false,\"error\":\"报文提前结束\","
                        "\"error_offset\":1}");
    out = writer_of_buffer(text, 40);
    assert_int_equal(explain_json_write(NULL, EXPLAIN_CHINESE, span_of_text(pack), NULL, &out), CODEC_ERR_FULL);
}

static void protocols_are_found_and_guessed(void **state)
{
    (void)state;
    assert_null(explain_protocol_find("carrier pigeon"));
    assert_string_equal(explain_protocol_guess(span_of_text("</3>"))->name, "link-format");
    assert_string_equal(explain_protocol_guess(span_of_bytes("\x81\xa1\x00\x61\x61", 5))->name, "senml-cbor");
    assert_string_equal(explain_protocol_guess(span_of_bytes("\x40\x01\x00\x00", 4))->name, "coap");
    assert_string_equal(explain_protocol_guess(span_of_bytes("", 0))->name, "coap");
    for (size_t i = 0; explain_protocol_at(i) != NULL; i++)
        assert_ptr_equal(explain_protocol_find(explain_protocol_at(i)->name), explain_protocol_at(i));
}

static void every_error_has_two_texts(void **state)
{
    (void)state;
    for (int error = CODEC_ERR_EMPTY; error < 0; error++) {
        assert_string_not_equal(codec_error_text(error), "unknown error");
        assert_string_not_equal(codec_error_text_chinese(error), "未知错误");
    }
    assert_string_equal(codec_error_text(1), "unknown error");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(recharge_is_told_in_english),     cmocka_unit_test(event_is_told_in_chinese),
        cmocka_unit_test(opaque_values_are_opened),        cmocka_unit_test(damage_is_told_up_to_its_offset),
        cmocka_unit_test(floats_show_the_digits_that_were_meant),
        cmocka_unit_test(nested_tlv_has_depth_and_a_bound), cmocka_unit_test(operations_have_their_names),
        cmocka_unit_test(links_name_their_objects),
        cmocka_unit_test(long_texts_are_cut_between_letters),
        cmocka_unit_test(json_nests_children),             cmocka_unit_test(protocols_are_found_and_guessed),
        cmocka_unit_test(every_error_has_two_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
