#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/water_meter/water_meter_command.h"

static struct water_meter_command command_of(enum downlink_operation operation)
{
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = (uint8_t)operation;
    return command;
}

static void assert_round_trip(const struct water_meter_command *command, uint8_t code, const char *path,
                              const char *expected)
{
    uint8_t buffer[WATER_METER_COMMAND_PAYLOAD_LIMIT], path_text[LWM2M_PATH_TEXT_LIMIT];
    struct writer payload = writer_of_buffer(buffer, sizeof buffer);
    struct writer path_writer = writer_of_buffer(path_text, sizeof path_text);
    struct water_meter_request request;
    struct water_meter_command back;

    assert_int_equal(water_meter_command_encode(command, &request, &payload), 0);
    assert_int_equal(request.code, code);
    lwm2m_path_write(request.path, &path_writer);
    assert_true(span_equal_text(writer_span(&path_writer), path));
    if (expected != NULL)
        assert_true(span_equal_text(writer_span(&payload), expected));
    assert_int_equal(water_meter_command_decode(&request, writer_span(&payload), &back), 0);
    assert_memory_equal(&back, command, sizeof back);
}

static void valve_commands_carry_word_and_serial(void **state)
{
    (void)state;
    struct water_meter_command command = command_of(DOWNLINK_CLOSE_VALVE);
    command.serial = 4294967295u;
    assert_round_trip(&command, COAP_CODE_POST, "/33424/0/5", "0='close',1='4294967295'");
    command.operation = DOWNLINK_OPEN_VALVE;
    command.serial = 7;
    assert_round_trip(&command, COAP_CODE_POST, "/33424/0/5", "0='open',1='7'");
}

static void recharge_carries_serial_amount_and_tag(void **state)
{
    (void)state;
    struct water_meter_command command = command_of(DOWNLINK_RECHARGE);
    command.serial = 1018;
    command.amount_fen = 5000;
    assert_round_trip(&command, COAP_CODE_POST, "/33424/0/6", "0='1018',1='5000'");
    command.tag_size = 4;
    memcpy(command.tag, "\xde\xad\xbe\xef", 4);
    assert_round_trip(&command, COAP_CODE_POST, "/33424/0/6", "0='1018',1='5000',2='deadbeef'");
}

static void parameters_are_written_in_wire_units(void **state)
{
    (void)state;
    static const struct {
        enum device_parameter parameter;
        int64_t value;
        const char *path;
        const char *text;
    } cases[] = {
        { PARAMETER_LOW_BALANCE, 2050, "/33424/0/2", "20.5" },
        { PARAMETER_OVERDRAFT, 0, "/33424/0/3", "0" },
        { PARAMETER_REPORT_PERIOD, 86400, "/33424/0/11", "86400" },
        { PARAMETER_REPORT_TIME, 3600, "/33424/0/12", "3600" },
        { PARAMETER_STAGGER, 3600, "/33424/0/13", "3.6" },
        { PARAMETER_FLOW_LIMIT, 3125000, "/33424/0/15", "3.125" },
        { PARAMETER_LEAK_LIMIT, 3000, "/33424/0/16", "3" },
        { PARAMETER_LEAK_TIME, 1440, "/33424/0/17", "1440" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct water_meter_command command = command_of(DOWNLINK_WRITE_PARAMETER);
        command.parameter = (uint8_t)cases[i].parameter;
        command.value = cases[i].value;
        assert_round_trip(&command, COAP_CODE_PUT, cases[i].path, cases[i].text);
    }
}

static void price_without_steps_is_one_open_step(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer payload = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_command command = command_of(DOWNLINK_WRITE_PARAMETER), back;
    struct water_meter_request request;

    command.parameter = PARAMETER_PRICE;
    command.value = 29500;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), 0);
    assert_int_equal(payload.size, 9);
    assert_memory_equal(buffer, "\x01\xff\xff\xff\xff\x00\x00\x73\x3c", 9);
    assert_int_equal(water_meter_command_decode(&request, writer_span(&payload), &back), 0);
    assert_int_equal(back.value, 29500);
    assert_int_equal(back.price_steps.count, 1);
    assert_round_trip(&back, COAP_CODE_PUT, "/33424/0/14", NULL);
}

static void clock_and_read_are_commands(void **state)
{
    (void)state;
    struct water_meter_command command = command_of(DOWNLINK_SET_CLOCK);
    command.value = 1795194012;
    assert_round_trip(&command, COAP_CODE_PUT, "/33424/0/20", "1795194012");

    command = command_of(DOWNLINK_TELL_INTERVALS);
    command.value = 1795017600;
    assert_round_trip(&command, COAP_CODE_POST, "/33424/0/22", "0='1795017600'");

    uint8_t buffer[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer payload = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_request request;
    uint32_t fields;
    command = command_of(DOWNLINK_READ_NOW);
    assert_round_trip(&command, COAP_CODE_FETCH, "/", NULL);
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), 0);
    assert_int_equal(request.accept, COAP_FORMAT_SENML_CBOR);
    assert_int_equal(water_meter_fields_asked(request.content_format, writer_span(&payload), &fields), 0);
    assert_int_equal(fields, WATER_METER_BIT(WATER_METER_FIELD_COUNT) - 1);
    assert_true(payload.size < 60);
}

static void encoder_refuses_what_the_device_would(void **state)
{
    (void)state;
    uint8_t buffer[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer payload = writer_of_buffer(buffer, sizeof buffer);
    struct water_meter_request request;
    struct water_meter_command command = command_of(DOWNLINK_RECHARGE);

    command.amount_fen = 100;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_RANGE);
    command.serial = 1;
    command.amount_fen = 0;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_RANGE);
    command.amount_fen = WATER_METER_RECHARGE_LIMIT_FEN + 1;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_RANGE);
    command = command_of(DOWNLINK_WRITE_PARAMETER);
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_UNKNOWN);
    command.parameter = PARAMETER_COUNT;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_UNKNOWN);
    command.parameter = PARAMETER_STAGGER;
    command.value = -1;
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_RANGE);
    command = command_of(DOWNLINK_OPERATION_COUNT);
    assert_int_equal(water_meter_command_encode(&command, &request, &payload), CODEC_ERR_UNKNOWN);
}

static void decoder_refuses_damage(void **state)
{
    (void)state;
    static const struct {
        uint8_t code;
        uint16_t resource;
        int32_t format;
        const char *payload;
        int error;
    } cases[] = {
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "", CODEC_ERR_MISSING },
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "0='ajar'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "0='open',1='-1'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "0='open',1='4294967296'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "0='open',0='close'", CODEC_ERR_DUPLICATE },
        { COAP_CODE_POST, 5, COAP_FORMAT_TEXT, "0='open", CODEC_ERR_FORMAT },
        { COAP_CODE_POST, 5, COAP_FORMAT_TLV, "0='open'", CODEC_ERR_UNSUPPORTED },
        { COAP_CODE_POST, 6, COAP_FORMAT_TEXT, "0='12'", CODEC_ERR_MISSING },
        { COAP_CODE_POST, 22, COAP_FORMAT_TEXT, "", CODEC_ERR_MISSING },
        { COAP_CODE_POST, 22, COAP_FORMAT_TEXT, "0='0'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 22, COAP_FORMAT_TEXT, "0='253402300800'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 22, COAP_FORMAT_CBOR, "0='1'", CODEC_ERR_UNSUPPORTED },
        { COAP_CODE_POST, 6, COAP_FORMAT_TEXT, "0='12',1='0'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 6, COAP_FORMAT_TEXT, "0='0',1='100'", CODEC_ERR_RANGE },
        { COAP_CODE_POST, 6, COAP_FORMAT_TEXT, "0='12',1='1.5'", CODEC_ERR_TYPE },
        { COAP_CODE_POST, 6, COAP_FORMAT_TEXT, "0='12',1='100',2='abc'", CODEC_ERR_FORMAT },
        { COAP_CODE_POST, 11, COAP_FORMAT_TEXT, "", CODEC_ERR_UNKNOWN },
        { COAP_CODE_PUT, 1, COAP_FORMAT_TEXT, "5", CODEC_ERR_UNKNOWN },
        { COAP_CODE_PUT, 11, COAP_FORMAT_TEXT, "soon", CODEC_ERR_TYPE },
        { COAP_CODE_PUT, 11, COAP_FORMAT_TEXT, "-5", CODEC_ERR_RANGE },
        { COAP_CODE_PUT, 11, 65000, "5", CODEC_ERR_UNSUPPORTED },
        { COAP_CODE_PUT, 14, COAP_FORMAT_OPAQUE, "\x01", CODEC_ERR_FORMAT },
        { COAP_CODE_GET, 1, COAP_FORMAT_NONE, "", CODEC_ERR_UNKNOWN },
        { COAP_CODE_DELETE, 11, COAP_FORMAT_NONE, "", CODEC_ERR_UNKNOWN },
    };
    struct water_meter_command back, untouched;

    memset(&back, 0xa5, sizeof back);
    memset(&untouched, 0xa5, sizeof untouched);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct water_meter_request request = { cases[i].code, lwm2m_path_of_resource(33424, 0, cases[i].resource),
                                               cases[i].format, COAP_FORMAT_NONE };
        assert_int_equal(water_meter_command_decode(&request, span_of_text(cases[i].payload), &back), cases[i].error);
        assert_memory_equal(&back, &untouched, sizeof back);
    }
}

static void write_takes_other_formats(void **state)
{
    (void)state;
    struct water_meter_request request = { COAP_CODE_PUT, lwm2m_path_of_resource(33424, 0, 15), COAP_FORMAT_TLV,
                                           COAP_FORMAT_NONE };
    struct water_meter_command back;

    assert_int_equal(water_meter_command_decode(&request, span_of_bytes("\xc4\x0f\x40\x48\x00\x00", 6), &back), 0);
    assert_int_equal(back.parameter, PARAMETER_FLOW_LIMIT);
    assert_int_equal(back.value, 3125000);
    request.content_format = COAP_FORMAT_SENML_JSON;
    assert_int_equal(
        water_meter_command_decode(&request, span_of_text("[{\"n\":\"/33424/0/15\",\"v\":3.125}]"), &back), 0);
    assert_int_equal(back.value, 3125000);
    assert_int_equal(
        water_meter_command_decode(&request, span_of_text("[{\"n\":\"/33424/0/16\",\"v\":3.125}]"), &back),
        CODEC_ERR_UNKNOWN);
    request.content_format = COAP_FORMAT_CBOR;
    assert_int_equal(water_meter_command_decode(&request, span_of_bytes("\xf9\x42\x40", 3), &back), 0);
    assert_int_equal(back.value, 3125000);
}

static void every_parameter_has_a_field(void **state)
{
    (void)state;
    uint32_t set = 0;
    for (int parameter = 1; parameter < PARAMETER_COUNT; parameter++)
        set |= WATER_METER_BIT(water_meter_parameter_field((enum device_parameter)parameter));
    assert_int_equal(set, WATER_METER_FIELDS_PARAMETER);
    assert_int_equal(water_meter_parameter_field((enum device_parameter)0), WATER_METER_FIELD_COUNT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(valve_commands_carry_word_and_serial),
        cmocka_unit_test(recharge_carries_serial_amount_and_tag),
        cmocka_unit_test(parameters_are_written_in_wire_units),
        cmocka_unit_test(price_without_steps_is_one_open_step),
        cmocka_unit_test(clock_and_read_are_commands),
        cmocka_unit_test(encoder_refuses_what_the_device_would),
        cmocka_unit_test(decoder_refuses_damage),
        cmocka_unit_test(write_takes_other_formats),
        cmocka_unit_test(every_parameter_has_a_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
