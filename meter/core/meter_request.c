#include "meter/core/meter_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/water_meter/water_meter_command.h"

#define FIELDS_ALL (WATER_METER_FIELDS_DAILY | WATER_METER_BIT(WATER_METER_FIRMWARE))

/* Options that change what is asked; any other critical one is answered 4.02 (RFC 7252 5.4.1). */
static const uint16_t supported_options[] = { COAP_OPTION_URI_HOST, COAP_OPTION_URI_PORT, COAP_OPTION_URI_PATH,
                                              COAP_OPTION_ACCEPT };

/* Why a command could not be read, as CoAP says it. */
static const struct {
    int8_t error; /* CODEC_ERR_* */
    uint8_t code;
} refusals[] = {
    { CODEC_ERR_UNKNOWN, COAP_CODE_NOT_FOUND },
    { CODEC_ERR_UNSUPPORTED, COAP_CODE_UNSUPPORTED_FORMAT },
};

static uint8_t refusal_code(int error)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (refusals[i].error == error)
            return refusals[i].code;
    return COAP_CODE_BAD_REQUEST;
}

static uint8_t valve_open(struct meter *meter, const struct water_meter_command *command)
{
    return meter_hold_command(meter, command->serial, false);
}

static uint8_t valve_close(struct meter *meter, const struct water_meter_command *command)
{
    return meter_hold_command(meter, command->serial, true);
}

static uint8_t recharge(struct meter *meter, const struct water_meter_command *command)
{
    return meter_account_recharge(meter, command->serial, command->amount_fen);
}

static bool parameter_take(struct meter_parameters *parameters, const struct water_meter_command *command)
{
    struct water_meter_price_steps steps = command->price_steps;
    if (command->parameter != PARAMETER_PRICE)
        return meter_parameter_set(parameters, (enum device_parameter)command->parameter, command->value);
    if (steps.count == 0) {
        if (command->value < 0 || command->value > UINT32_MAX)
            return false;
        steps.count = 1;
        steps.steps[0].limit_l = WATER_METER_PRICE_STEP_OPEN;
        steps.steps[0].price = (uint32_t)command->value;
    }
    if (!meter_price_steps_are_sound(&steps))
        return false;
    parameters->price_steps = steps;
    return true;
}

static uint8_t parameter_write(struct meter *meter, const struct water_meter_command *command)
{
    struct meter_parameters before = meter->parameters;
    if (!parameter_take(&meter->parameters, command))
        return COAP_CODE_BAD_REQUEST;
    if (meter_store_parameters(meter) < 0) {
        meter->parameters = before;
        return COAP_CODE_INTERNAL_ERROR;
    }
    meter_account_judge(meter);
    meter_hold_apply(meter, false);
    meter_session_reschedule(meter);
    return COAP_CODE_CHANGED;
}

static uint8_t clock_write(struct meter *meter, const struct water_meter_command *command)
{
    return meter_clock_set(meter, command->value) ? COAP_CODE_CHANGED : COAP_CODE_BAD_REQUEST;
}

/* The day follows as soon as this answer has left. */
static uint8_t intervals_tell(struct meter *meter, const struct water_meter_command *command)
{
    int32_t day = (int32_t)calendar_local_day(command->value, meter->config.zone_offset_s);
    bool has_it = meter->config.interval_log && meter_intervals_ask(&meter->intervals, day, meter_clock_day(meter));
    return has_it ? COAP_CODE_CHANGED : COAP_CODE_NOT_FOUND;
}

/* What each command does; each answers with a CoAP code. */
static uint8_t (*const commands[DOWNLINK_OPERATION_COUNT])(struct meter *meter,
                                                           const struct water_meter_command *command) = {
    [DOWNLINK_OPEN_VALVE] = valve_open,           [DOWNLINK_CLOSE_VALVE] = valve_close,
    [DOWNLINK_RECHARGE] = recharge,               [DOWNLINK_WRITE_PARAMETER] = parameter_write,
    [DOWNLINK_SET_CLOCK] = clock_write,           [DOWNLINK_TELL_INTERVALS] = intervals_tell,
};

static void answer_begin(struct meter *meter, const struct coap_message *request, uint8_t code,
                         struct coap_encoder *encoder, struct writer *writer)
{
    bool confirmable = request->type == COAP_CONFIRMABLE;
    *writer = writer_of_buffer(meter->scratch, sizeof meter->scratch);
    coap_encoder_begin(encoder, writer, confirmable ? COAP_ACKNOWLEDGEMENT : COAP_NON_CONFIRMABLE, code,
                       confirmable ? request->message_id : meter->message_id++, request->token);
}

static void answer_send(struct meter *meter, const struct coap_message *request, uint8_t code)
{
    struct writer writer;
    struct coap_encoder encoder;
    answer_begin(meter, request, code, &encoder, &writer);
    if (coap_encoder_end(&encoder) > 0)
        meter->hal->radio_send(meter->hal->context, writer_span(&writer), METER_RELEASE_NO_ANSWER);
}

static void content_send(struct meter *meter, const struct coap_message *request, uint32_t fields)
{
    struct writer writer;
    struct coap_encoder encoder;
    /* What is told must be true after a restart as well. */
    (void)meter_store_state(meter);
    answer_begin(meter, request, COAP_CODE_CONTENT, &encoder, &writer);
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, COAP_FORMAT_SENML_CBOR);
    int written = meter_report_write(meter, fields, coap_encoder_payload(&encoder));
    int size = coap_encoder_end(&encoder);
    if (written < 0 || size <= 0)
        answer_send(meter, request, COAP_CODE_INTERNAL_ERROR);
    else
        meter->hal->radio_send(meter->hal->context, writer_span(&writer), METER_RELEASE_NO_ANSWER);
}

static void read_answer(struct meter *meter, const struct coap_message *request, uint32_t fields)
{
    int32_t accept = coap_message_format(request, COAP_OPTION_ACCEPT);
    if (fields == 0)
        answer_send(meter, request, COAP_CODE_NOT_FOUND);
    else if (accept != COAP_FORMAT_NONE && accept != COAP_FORMAT_SENML_CBOR)
        answer_send(meter, request, COAP_CODE_NOT_ACCEPTABLE);
    else
        content_send(meter, request, fields);
}

static int path_read(const struct coap_message *message, struct lwm2m_path *out)
{
    char text[LWM2M_PATH_TEXT_LIMIT + 1];
    struct writer writer = writer_of_buffer(text, sizeof text);
    coap_message_write_path(message, COAP_OPTION_URI_PATH, &writer);
    return writer.overflow ? CODEC_ERR_TOO_LONG : lwm2m_path_parse(writer_span(&writer), out);
}

/* Requests come at least once: the answer to a repeated one is repeated, nothing is done again (RFC 7252 4.5). */
static const struct meter_answer *answer_find(const struct meter *meter, uint16_t message_id)
{
    for (size_t i = 0; i < METER_ANSWER_LIMIT; i++)
        if (meter->answers[i].code != 0 && meter->answers[i].message_id == message_id)
            return &meter->answers[i];
    return NULL;
}

static void answer_remember(struct meter *meter, uint16_t message_id, uint8_t code)
{
    meter->answers[meter->answer_next] = (struct meter_answer){ message_id, code };
    meter->answer_next = (uint8_t)((meter->answer_next + 1) % METER_ANSWER_LIMIT);
}

static void command_receive(struct meter *meter, const struct coap_message *message, struct lwm2m_path path)
{
    struct water_meter_command command;
    struct water_meter_request request;
    request.code = message->code;
    request.path = path;
    request.content_format = coap_message_format(message, COAP_OPTION_CONTENT_FORMAT);
    request.accept = coap_message_format(message, COAP_OPTION_ACCEPT);
    int error = water_meter_command_decode(&request, message->payload, &command);
    if (error == 0 && command.operation == DOWNLINK_READ_NOW) {
        read_answer(meter, message, FIELDS_ALL);
        return;
    }
    uint8_t code = refusal_code(error);
    if (error == 0 && command.operation < DOWNLINK_OPERATION_COUNT && commands[command.operation] != NULL)
        code = commands[command.operation](meter, &command);
    answer_remember(meter, message->message_id, code);
    answer_send(meter, message, code);
}

void meter_request_receive(struct meter *meter, const struct coap_message *message)
{
    struct lwm2m_path path;
    const struct meter_answer *answered = answer_find(meter, message->message_id);
    size_t supported = sizeof supported_options / sizeof supported_options[0];
    if (answered != NULL)
        answer_send(meter, message, answered->code);
    else if (coap_message_unsupported(message, supported_options, supported) != 0)
        answer_send(meter, message, COAP_CODE_BAD_OPTION);
    else if (path_read(message, &path) < 0)
        answer_send(meter, message, COAP_CODE_NOT_FOUND);
    else if (message->code == COAP_CODE_GET)
        read_answer(meter, message, water_meter_fields_at(path));
    else
        command_receive(meter, message, path);
}

void meter_request_forget(struct meter *meter)
{
    memset(meter->answers, 0, sizeof meter->answers);
}
