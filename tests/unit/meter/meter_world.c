#include "tests/unit/unit_test.h"

#include "tests/unit/meter/meter_world.h"

#include <string.h>

#define LATENCY_MS 100
#define STEPS_LIMIT 2000000

static void answer_queue(struct meter_world *world, struct span bytes)
{
    int place = world->answer_sizes[0] == 0 ? 0 : 1;
    assert_true(bytes.size <= WORLD_MESSAGE_LIMIT);
    memcpy(world->answers[place], bytes.bytes, bytes.size);
    world->answer_sizes[place] = (int)bytes.size;
}

static void answer_make(struct meter_world *world, const struct coap_message *request, enum coap_type type,
                        uint8_t code)
{
    uint8_t bytes[64];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    uint16_t message_id = type == COAP_ACKNOWLEDGEMENT ? request->message_id : world->message_id++;
    struct span token = code == COAP_CODE_EMPTY ? span_of_bytes(NULL, 0) : request->token;
    coap_encoder_begin(&encoder, &writer, type, code, message_id, token);
    if (code == COAP_CODE_CREATED) {
        coap_encoder_put_text(&encoder, COAP_OPTION_LOCATION_PATH, "rd");
        coap_encoder_put_text(&encoder, COAP_OPTION_LOCATION_PATH, "5a3f");
    }
    assert_true(coap_encoder_end(&encoder) > 0);
    answer_queue(world, writer_span(&writer));
}

static void answer(struct meter_world *world, const struct coap_message *request, uint8_t code)
{
    if (!world->platform)
        return;
    if (world->separate) {
        answer_make(world, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_EMPTY);
        answer_make(world, request, COAP_CONFIRMABLE, code);
    } else {
        answer_make(world, request, COAP_ACKNOWLEDGEMENT, code);
    }
}

static void series_receive(struct meter_world *world, const struct coap_message *message,
                           const struct water_meter_series *series)
{
    world->counts.series++;
    world->series = *series;
    world->series_size = (int)message->payload.size;
    answer(world, message, world->series_refusal != 0 ? world->series_refusal : COAP_CODE_CHANGED);
}

static void telling_receive(struct meter_world *world, const struct coap_message *message)
{
    struct water_meter_report report;
    struct lwm2m_path root = { { 0 }, 0 };
    struct water_meter_series series;
    int found = water_meter_message_decode(COAP_FORMAT_SENML_CBOR, root, message->payload, &report, &series);
    if (found == 0 && series.count > 0) {
        series_receive(world, message, &series);
        return;
    }
    assert_true(found > 0);
    bool has_history = (report.present & WATER_METER_BIT(WATER_METER_HISTORY)) != 0;
    if (has_history) {
        world->counts.reports++;
        world->report = report;
        world->report_ms = world->now_ms;
        world->report_size = (int)message->payload.size;
    } else {
        world->counts.events++;
        world->event_size = (int)message->payload.size;
        world->event_ms = world->now_ms;
    }
    world->event = report;
    uint8_t code = world->refusal != 0 ? world->refusal : COAP_CODE_CHANGED;
    answer(world, message, world->handle_lost ? COAP_CODE_NOT_FOUND : code);
}

static void request_receive(struct meter_world *world, const struct coap_message *message)
{
    if (coap_message_path_is(message, "/rd")) {
        world->counts.registers++;
        world->handle_lost = false;
        answer(world, message, COAP_CODE_CREATED);
    } else if (coap_message_path_is(message, "/rd/5a3f")) {
        world->counts.updates++;
        answer(world, message, world->handle_lost ? COAP_CODE_NOT_FOUND : COAP_CODE_CHANGED);
    } else {
        assert_true(coap_message_path_is(message, "/dp"));
        telling_receive(world, message);
    }
}

static void response_receive(struct meter_world *world, const struct coap_message *message, size_t size)
{
    struct lwm2m_path root = { { 0 }, 0 };
    world->code = message->code;
    world->answer_size = (int)size;
    memset(&world->content, 0, sizeof world->content);
    if (message->payload.size > 0)
        assert_true(water_meter_report_decode(COAP_FORMAT_SENML_CBOR, root, message->payload, &world->content) >= 0);
}

static void radio_open(void *context, struct host_meter *host)
{
    struct meter_world *world = context;
    (void)host;
    world->counts.opened++;
    world->attach_waits = true;
}

static void radio_close(void *context, struct host_meter *host)
{
    struct meter_world *world = context;
    (void)host;
    world->counts.closed++;
    world->attach_waits = false;
    memset(world->answer_sizes, 0, sizeof world->answer_sizes);
}

static void radio_send(void *context, struct host_meter *host, struct span bytes, enum meter_release release)
{
    struct meter_world *world = context;
    struct coap_message message;
    (void)host;
    world->counts.sends++;
    world->release = release;
    assert_int_equal(coap_message_decode(bytes, &message, NULL), 0);
    if (coap_code_is_request(message.code))
        request_receive(world, &message);
    else if (message.code != COAP_CODE_EMPTY)
        response_receive(world, &message, bytes.size);
}

static void display(void *context, struct host_meter *host, const struct meter_display *shown)
{
    struct meter_world *world = context;
    (void)host;
    world->display = *shown;
    world->displays++;
}

void world_open(struct meter_world *world)
{
    struct host_meter_ports ports = { world, radio_open, radio_close, radio_send, display };
    memset(world, 0, sizeof *world);
    world->now_ms = WORLD_NOW_MS;
    world->due_ms = INT64_MAX;
    world->network = true;
    world->platform = true;
    world->message_id = 1;
    world->config = meter_config_default();
    world->config.imei = "861234567890123";
    world->config.meter_number = "20261100000042";
    host_meter_open(&world->host, &ports, 7, world->now_ms);
}

void world_close(struct meter_world *world)
{
    host_meter_close(&world->host);
}

void world_start(struct meter_world *world)
{
    assert_int_equal(host_meter_power_up(&world->host, &world->config, world->now_ms), 0);
    world->due_ms = host_meter_step(&world->host, world->now_ms);
}

static bool something_waits(const struct meter_world *world)
{
    return (world->attach_waits && world->network) || world->answer_sizes[0] > 0;
}

static void waiting_deliver(struct meter_world *world)
{
    if (world->attach_waits) {
        world->attach_waits = false;
        world->due_ms = host_meter_attached(&world->host, true, world->now_ms);
        return;
    }
    uint8_t bytes[WORLD_MESSAGE_LIMIT];
    size_t size = (size_t)world->answer_sizes[0];
    memcpy(bytes, world->answers[0], size);
    memcpy(world->answers[0], world->answers[1], sizeof world->answers[0]);
    world->answer_sizes[0] = world->answer_sizes[1];
    world->answer_sizes[1] = 0;
    world->due_ms = host_meter_received(&world->host, span_of_bytes(bytes, size), world->now_ms);
}

void world_run(struct meter_world *world, int64_t span_ms)
{
    int64_t end_ms = world->now_ms + span_ms;
    for (int steps = 0; steps < STEPS_LIMIT; steps++) {
        bool waits = something_waits(world);
        int64_t next_ms = waits && world->now_ms + LATENCY_MS < world->due_ms ? world->now_ms + LATENCY_MS
                                                                              : world->due_ms;
        if (next_ms > end_ms) {
            world->now_ms = end_ms;
            return;
        }
        if (next_ms > world->now_ms)
            world->now_ms = next_ms;
        if (waits && next_ms < world->due_ms)
            waiting_deliver(world);
        else
            world->due_ms = host_meter_step(&world->host, world->now_ms);
    }
    fail_msg("the meter never rests");
}

void world_pulse(struct meter_world *world, int32_t pulses)
{
    world->due_ms = host_meter_pulse(&world->host, pulses, world->now_ms);
}

void world_flow(struct meter_world *world, int64_t span_ms, int32_t pulses)
{
    for (int32_t i = 0; i < pulses; i++) {
        world_run(world, span_ms / pulses);
        world_pulse(world, 1);
    }
}

uint8_t world_send(struct meter_world *world, struct span bytes)
{
    world->code = 0;
    world->due_ms = host_meter_received(&world->host, bytes, world->now_ms);
    return world->code;
}

static uint8_t request_send(struct meter_world *world, const struct water_meter_request *request, struct span payload)
{
    uint8_t bytes[256], path[LWM2M_PATH_TEXT_LIMIT + 1];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct writer path_writer = writer_of_buffer(path, sizeof path);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, request->code, world->message_id++,
                       span_of_text("\x51\x52"));
    lwm2m_path_write(request->path, &path_writer);
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, writer_span(&path_writer), '/');
    if (request->content_format >= 0)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, (uint32_t)request->content_format);
    if (request->accept >= 0)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_ACCEPT, (uint32_t)request->accept);
    if (payload.size > 0)
        writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    return world_send(world, writer_span(&writer));
}

uint8_t world_ask(struct meter_world *world, const struct water_meter_command *command)
{
    uint8_t bytes[WATER_METER_COMMAND_PAYLOAD_LIMIT];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    struct water_meter_request request;
    assert_int_equal(water_meter_command_encode(command, &request, &payload), 0);
    return request_send(world, &request, writer_span(&payload));
}

uint8_t world_request(struct meter_world *world, uint8_t code, const char *path, int32_t accept)
{
    struct water_meter_request request;
    memset(&request, 0, sizeof request);
    request.code = code;
    request.content_format = COAP_FORMAT_NONE;
    request.accept = accept;
    assert_int_equal(lwm2m_path_parse(span_of_text(path), &request.path), 0);
    return request_send(world, &request, span_of_bytes(NULL, 0));
}

void world_start_listening(struct meter_world *world)
{
    world_start(world);
    for (int i = 0; i < 600 && world->host.meter.session.state != METER_SESSION_LISTENING; i++)
        world_run(world, WORLD_SECOND);
    assert_int_equal(world->host.meter.session.state, METER_SESSION_LISTENING);
}

uint8_t world_recharge(struct meter_world *world, uint32_t serial, int64_t amount_fen)
{
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = DOWNLINK_RECHARGE;
    command.serial = serial;
    command.amount_fen = amount_fen;
    return world_ask(world, &command);
}

uint8_t world_valve(struct meter_world *world, bool closed, uint32_t serial)
{
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = closed ? DOWNLINK_CLOSE_VALVE : DOWNLINK_OPEN_VALVE;
    command.serial = serial;
    return world_ask(world, &command);
}
