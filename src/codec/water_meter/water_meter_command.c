#include "codec/water_meter/water_meter_command.h"

#include <string.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_execute.h"
#include "codec/senml/senml_cbor.h"
#include "codec/water_meter/water_meter_field.h"

#define RESOURCE_VALVE_COMMAND 5
#define RESOURCE_RECHARGE 6
#define RESOURCE_TELL_INTERVALS 22
#define CLOCK_LIMIT_S INT64_C(253402300800) /* year 10000 */

/* By enum device_parameter. */
static const enum water_meter_field parameter_fields[PARAMETER_COUNT] = {
    WATER_METER_FIELD_COUNT,   WATER_METER_LOW_BALANCE, WATER_METER_OVERDRAFT,  WATER_METER_REPORT_PERIOD,
    WATER_METER_REPORT_TIME,   WATER_METER_STAGGER,     WATER_METER_FLOW_LIMIT, WATER_METER_LEAK_LIMIT,
    WATER_METER_LEAK_TIME,     WATER_METER_PRICE_STEPS,
};

enum water_meter_field water_meter_parameter_field(enum device_parameter parameter)
{
    return (unsigned)parameter < PARAMETER_COUNT ? parameter_fields[parameter] : WATER_METER_FIELD_COUNT;
}

static void request_set(struct water_meter_request *request, uint8_t code, struct lwm2m_path path,
                        int32_t content_format, int32_t accept)
{
    request->code = code;
    request->path = path;
    request->content_format = content_format;
    request->accept = accept;
}

static void argument_put_number(struct writer *out, bool first, uint8_t number, int64_t value)
{
    char text[DECIMAL_TEXT_LIMIT];
    int size = decimal_format(value, 0, false, text, sizeof text);
    lwm2m_argument_put(out, first, number, span_of_bytes(text, size < 0 ? 0 : (size_t)size));
}

static int valve_encode(const struct water_meter_command *command, struct water_meter_request *out,
                        struct writer *payload)
{
    const char *word = command->operation == DOWNLINK_OPEN_VALVE ? "open" : "close";
    lwm2m_argument_put(payload, true, 0, span_of_text(word));
    argument_put_number(payload, false, 1, command->serial);
    request_set(out, COAP_CODE_POST, lwm2m_path_of_resource(WATER_METER_OBJECT, 0, RESOURCE_VALVE_COMMAND),
                COAP_FORMAT_TEXT, COAP_FORMAT_NONE);
    return 0;
}

static int recharge_encode(const struct water_meter_command *command, struct water_meter_request *out,
                           struct writer *payload)
{
    char tag[2 * WATER_METER_TAG_LIMIT + 1];
    int tag_size;

    if (command->amount_fen < 1 || command->amount_fen > WATER_METER_RECHARGE_LIMIT_FEN || command->serial == 0 ||
        command->tag_size > WATER_METER_TAG_LIMIT)
        return CODEC_ERR_RANGE;
    argument_put_number(payload, true, 0, command->serial);
    argument_put_number(payload, false, 1, command->amount_fen);
    tag_size = hex_encode(span_of_bytes(command->tag, command->tag_size), tag, sizeof tag);
    if (tag_size > 0)
        lwm2m_argument_put(payload, false, 2, span_of_bytes(tag, (size_t)tag_size));
    request_set(out, COAP_CODE_POST, lwm2m_path_of_resource(WATER_METER_OBJECT, 0, RESOURCE_RECHARGE),
                COAP_FORMAT_TEXT, COAP_FORMAT_NONE);
    return 0;
}

static int price_encode(const struct water_meter_command *command, struct water_meter_request *out,
                        struct writer *payload)
{
    struct water_meter_price_steps steps = command->price_steps;

    if (steps.count == 0) {
        if (command->value < 0 || command->value > UINT32_MAX)
            return CODEC_ERR_RANGE;
        steps.count = 1;
        steps.steps[0].limit_l = WATER_METER_PRICE_STEP_OPEN;
        steps.steps[0].price = (uint32_t)command->value;
    }
    request_set(out, COAP_CODE_PUT, water_meter_field_path(WATER_METER_PRICE_STEPS), COAP_FORMAT_OPAQUE,
                COAP_FORMAT_NONE);
    return water_meter_price_steps_encode(&steps, payload);
}

static int number_encode(enum water_meter_field field, int64_t value, struct water_meter_request *out,
                         struct writer *payload)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (decimal_format(value, water_meter_field_info(field)->scale, true, text, sizeof text) < 0)
        return CODEC_ERR_RANGE;
    writer_text(payload, text);
    request_set(out, COAP_CODE_PUT, water_meter_field_path(field), COAP_FORMAT_TEXT, COAP_FORMAT_NONE);
    return 0;
}

static int parameter_encode(const struct water_meter_command *command, struct water_meter_request *out,
                            struct writer *payload)
{
    enum water_meter_field field = water_meter_parameter_field((enum device_parameter)command->parameter);

    if (field == WATER_METER_FIELD_COUNT)
        return CODEC_ERR_UNKNOWN;
    if (field == WATER_METER_PRICE_STEPS)
        return price_encode(command, out, payload);
    if (command->value < 0 || command->value > INT32_MAX)
        return CODEC_ERR_RANGE;
    return number_encode(field, command->value, out, payload);
}

static int clock_encode(const struct water_meter_command *command, struct water_meter_request *out,
                        struct writer *payload)
{
    if (command->value < 0 || command->value >= CLOCK_LIMIT_S)
        return CODEC_ERR_RANGE;
    return number_encode(WATER_METER_CLOCK, command->value, out, payload);
}

/* A composite Read of all the meter's objects (OMA LwM2M Core 1.1, 6.3.7). */
static int read_encode(const struct water_meter_command *command, struct water_meter_request *out,
                       struct writer *payload)
{
    static const char *const names[] = { "/33424/0", "/3424/0", "/4/0", "/3/0" };
    const struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    struct senml_entry entry;

    (void)command;
    memset(&entry, 0, sizeof entry);
    senml_cbor_put_pack(payload, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        entry.name = span_of_text(names[i]);
        int result = senml_cbor_put_entry(payload, &entry);
        if (result < 0)
            return result;
    }
    request_set(out, COAP_CODE_FETCH, root, COAP_FORMAT_SENML_CBOR, COAP_FORMAT_SENML_CBOR);
    return 0;
}

/* The day by its beginning: the meter knows which day that is by its own zone. */
static int intervals_encode(const struct water_meter_command *command, struct water_meter_request *out,
                            struct writer *payload)
{
    if (command->value <= 0 || command->value >= CLOCK_LIMIT_S)
        return CODEC_ERR_RANGE;
    argument_put_number(payload, true, 0, command->value);
    request_set(out, COAP_CODE_POST, lwm2m_path_of_resource(WATER_METER_OBJECT, 0, RESOURCE_TELL_INTERVALS),
                COAP_FORMAT_TEXT, COAP_FORMAT_NONE);
    return 0;
}

typedef int (*command_encoder)(const struct water_meter_command *command, struct water_meter_request *out,
                               struct writer *payload);

/* By enum downlink_operation. */
static const command_encoder encoders[DOWNLINK_OPERATION_COUNT] = {
    [DOWNLINK_OPEN_VALVE] = valve_encode,           [DOWNLINK_CLOSE_VALVE] = valve_encode,
    [DOWNLINK_RECHARGE] = recharge_encode,          [DOWNLINK_WRITE_PARAMETER] = parameter_encode,
    [DOWNLINK_READ_NOW] = read_encode,              [DOWNLINK_SET_CLOCK] = clock_encode,
    [DOWNLINK_TELL_INTERVALS] = intervals_encode,
};

int water_meter_command_encode(const struct water_meter_command *command, struct water_meter_request *out,
                               struct writer *payload)
{
    struct water_meter_request request;

    if (command->operation >= DOWNLINK_OPERATION_COUNT || encoders[command->operation] == NULL)
        return CODEC_ERR_UNKNOWN;
    int result = encoders[command->operation](command, &request, payload);
    if (result < 0)
        return result;
    if (payload->overflow)
        return CODEC_ERR_FULL;
    *out = request;
    return 0;
}

/* A whole number of an execute argument.
 * returns  1 and *out; 0 when the argument is absent; CODEC_ERR_* */
static int argument_number(struct span payload, uint8_t number, int64_t limit, int64_t *out)
{
    struct lwm2m_argument argument;
    int64_t value;
    int result = lwm2m_argument_find(payload, number, &argument);

    if (result <= 0)
        return result;
    if (decimal_parse(argument.value, 0, &value) < 0)
        return CODEC_ERR_TYPE;
    if (value < 0 || value > limit)
        return CODEC_ERR_RANGE;
    *out = value;
    return 1;
}

static int valve_decode(struct span payload, struct water_meter_command *out)
{
    struct lwm2m_argument argument;
    int64_t serial = 0;
    int result = lwm2m_argument_find(payload, 0, &argument);

    if (result <= 0)
        return result < 0 ? result : CODEC_ERR_MISSING;
    if (span_equal_text(argument.value, "open"))
        out->operation = DOWNLINK_OPEN_VALVE;
    else if (span_equal_text(argument.value, "close"))
        out->operation = DOWNLINK_CLOSE_VALVE;
    else
        return CODEC_ERR_RANGE;
    if ((result = argument_number(payload, 1, UINT32_MAX, &serial)) < 0)
        return result;
    out->serial = (uint32_t)serial;
    return 0;
}

static int recharge_decode(struct span payload, struct water_meter_command *out)
{
    struct lwm2m_argument tag;
    int64_t serial = 0, amount_fen = 0;
    int result;

    if ((result = argument_number(payload, 0, UINT32_MAX, &serial)) <= 0 ||
        (result = argument_number(payload, 1, WATER_METER_RECHARGE_LIMIT_FEN, &amount_fen)) <= 0)
        return result < 0 ? result : CODEC_ERR_MISSING;
    if (serial == 0 || amount_fen == 0)
        return CODEC_ERR_RANGE;
    if ((result = lwm2m_argument_find(payload, 2, &tag)) < 0)
        return result;
    if (result > 0) {
        int size = hex_decode(tag.value, out->tag, sizeof out->tag);
        if (size < 0)
            return CODEC_ERR_FORMAT;
        out->tag_size = (uint8_t)size;
    }
    out->operation = DOWNLINK_RECHARGE;
    out->serial = (uint32_t)serial;
    out->amount_fen = amount_fen;
    return 0;
}

static int intervals_decode(struct span payload, struct water_meter_command *out)
{
    int result = argument_number(payload, 0, CLOCK_LIMIT_S - 1, &out->value);

    if (result <= 0)
        return result < 0 ? result : CODEC_ERR_MISSING;
    out->operation = DOWNLINK_TELL_INTERVALS;
    return out->value == 0 ? CODEC_ERR_RANGE : 0;
}

/* Keeps the one value that a Write carries. */
struct write_reading {
    struct water_meter_report report;
    struct lwm2m_path path;
};

static int write_accept(void *context, const struct lwm2m_value *value)
{
    struct write_reading *reading = context;
    enum water_meter_field field = water_meter_field_find(value->path);

    if (!lwm2m_path_is_within(value->path, reading->path) || field == WATER_METER_FIELD_COUNT)
        return CODEC_ERR_UNKNOWN;
    if (reading->report.present != 0)
        return CODEC_ERR_DUPLICATE;
    return water_meter_field_take(&reading->report, field, value);
}

static enum device_parameter parameter_of(enum water_meter_field field)
{
    for (int parameter = 1; parameter < PARAMETER_COUNT; parameter++)
        if (parameter_fields[parameter] == field)
            return (enum device_parameter)parameter;
    return PARAMETER_COUNT;
}

static int64_t number_of(const struct water_meter_report *report, enum water_meter_field field)
{
    int64_t number;
    memcpy(&number, (const uint8_t *)report + water_meter_field_info(field)->member, sizeof number);
    return number;
}

static int written_take(const struct water_meter_report *report, enum water_meter_field field,
                        struct water_meter_command *out)
{
    if (field == WATER_METER_CLOCK) {
        out->operation = DOWNLINK_SET_CLOCK;
        out->value = report->clock_s;
        return out->value < 0 || out->value >= CLOCK_LIMIT_S ? CODEC_ERR_RANGE : 0;
    }
    out->operation = DOWNLINK_WRITE_PARAMETER;
    out->parameter = (uint8_t)parameter_of(field);
    if (field == WATER_METER_PRICE_STEPS) {
        out->price_steps = report->price_steps;
        out->value = report->price_steps.steps[0].price;
        return 0;
    }
    out->value = number_of(report, field);
    return out->value < 0 || out->value > INT32_MAX ? CODEC_ERR_RANGE : 0;
}

static int write_decode(const struct water_meter_request *request, struct span payload,
                        struct water_meter_command *out)
{
    enum water_meter_field field = water_meter_field_find(request->path);
    struct write_reading reading;

    if (request->path.ids[0] != WATER_METER_OBJECT || field == WATER_METER_FIELD_COUNT ||
        (field != WATER_METER_CLOCK && parameter_of(field) == PARAMETER_COUNT))
        return CODEC_ERR_UNKNOWN;
    memset(&reading, 0, sizeof reading);
    reading.path = request->path;
    int32_t format = request->content_format == COAP_FORMAT_NONE ? COAP_FORMAT_TEXT : request->content_format;
    int result = lwm2m_payload_read(format, request->path, payload, write_accept, &reading, NULL);
    if (result < 0)
        return result;
    if (reading.report.present != WATER_METER_BIT(field))
        return CODEC_ERR_MISSING;
    return written_take(&reading.report, field, out);
}

static int execute_decode(const struct water_meter_request *request, struct span payload,
                          struct water_meter_command *out)
{
    static const struct {
        uint16_t resource;
        int (*decode)(struct span payload, struct water_meter_command *out);
    } rows[] = { { RESOURCE_VALVE_COMMAND, valve_decode },
                 { RESOURCE_RECHARGE, recharge_decode },
                 { RESOURCE_TELL_INTERVALS, intervals_decode } };
    const struct lwm2m_path *path = &request->path;
    bool has_text = request->content_format == COAP_FORMAT_TEXT || request->content_format == COAP_FORMAT_NONE;

    if (path->depth != 3 || path->ids[0] != WATER_METER_OBJECT || path->ids[1] != 0)
        return CODEC_ERR_UNKNOWN;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].resource == path->ids[2])
            return has_text ? rows[i].decode(payload, out) : CODEC_ERR_UNSUPPORTED;
    return CODEC_ERR_UNKNOWN;
}

int water_meter_command_decode(const struct water_meter_request *request, struct span payload,
                               struct water_meter_command *out)
{
    struct water_meter_command command;
    int result = 0;

    memset(&command, 0, sizeof command);
    if (request->code == COAP_CODE_PUT)
        result = write_decode(request, payload, &command);
    else if (request->code == COAP_CODE_POST)
        result = execute_decode(request, payload, &command);
    else if (request->code == COAP_CODE_FETCH)
        command.operation = DOWNLINK_READ_NOW;
    else
        return CODEC_ERR_UNKNOWN;
    if (result < 0)
        return result;
    *out = command;
    return 0;
}
