#include "tests/unit/dialog/scene.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void scene_send(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct scene *scene = context;
    assert_true(scene->sent_count < SCENE_LIMIT);
    struct scene_datagram *datagram = &scene->sent[scene->sent_count++];
    assert_true(bytes.size <= sizeof datagram->bytes);
    datagram->to = *to;
    datagram->size = bytes.size;
    memcpy(datagram->bytes, bytes.bytes, bytes.size);
}

static bool scene_offer(void *context, const struct uplink *uplink)
{
    struct scene *scene = context;
    if (scene->core_full)
        return false;
    assert_true(scene->uplink_count < SCENE_LIMIT);
    scene->uplinks[scene->uplink_count++] = *uplink;
    return true;
}

static bool scene_device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    (void)context;
    static const uint64_t imeis[] = { IMEI_PLAIN, IMEI_SECURED, IMEI_OTHER, IMEI_CAPTURED };
    for (uint32_t i = 0; i < sizeof imeis / sizeof imeis[0]; i++)
        if (imeis[i] == imei) {
            *out = (struct dialog_device){ .device_id = i + 1, .secured_only = imei == IMEI_SECURED };
            return true;
        }
    if (imei == IMEI_FAR)
        *out = (struct dialog_device){ .device_id = DEVICE_FAR };
    return imei == IMEI_FAR;
}

/* With two cores device 3 belongs to the second. */
static uint32_t scene_lane_of(void *context, uint32_t device_id)
{
    (void)context;
    return device_id == 3;
}

struct scene *scene_make(const struct lwm2m_server_config *config)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    struct lwm2m_server_config complete = { 0 };
    if (config)
        complete = *config;
    complete.secret = (struct hash_key){ 11, 13 };
    complete.handle_key = (struct hash_key){ 17, 19 };
    struct lwm2m_server_ports ports = { scene, scene_send, scene_offer, scene_device_find,
                                        complete.lane_limit > 1 ? scene_lane_of : NULL };
    scene->now_ms = SCENE_START_MS;
    scene->next_message_id = 100;
    assert_int_equal(lwm2m_server_open(&complete, &ports, &scene->server), 0);
    return scene;
}

void scene_free(struct scene *scene)
{
    lwm2m_server_close(scene->server);
    free(scene);
}

uint64_t scene_counted(struct scene *scene, enum lwm2m_counter row)
{
    return counter_read(lwm2m_server_counters(scene->server), row);
}

struct dialog_peer scene_plain(uint16_t port)
{
    struct dialog_peer peer = { .address = peer_address_of_loopback(port) };
    return peer;
}

struct dialog_peer scene_secured(uint16_t port, uint64_t imei)
{
    struct dialog_peer peer = { .address = peer_address_of_loopback(port), .secured = true, .session = port,
                                .imei = imei };
    return peer;
}

void scene_receive(struct scene *scene, const struct dialog_peer *from, struct span bytes)
{
    /* An exact copy on the heap, so that the sanitizer sees any step past the end. */
    uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
    assert_non_null(copy);
    if (bytes.size > 0)
        memcpy(copy, bytes.bytes, bytes.size);
    lwm2m_server_receive(scene->server, from, span_of_bytes(copy, bytes.size), scene->now_ms);
    free(copy);
}

void scene_request(struct scene *scene, const struct dialog_peer *from, enum coap_type type, uint8_t code,
                   const char *path, const char *query, int32_t format, struct span payload)
{
    uint8_t bytes[512];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &writer, type, code, scene->next_message_id++, span_of_text("tk"));
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, span_of_text(path), '/');
    if (format >= 0)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, (uint32_t)format);
    if (query)
        coap_encoder_put_segments(&encoder, COAP_OPTION_URI_QUERY, span_of_text(query), '&');
    writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    scene_receive(scene, from, writer_span(&writer));
}

void scene_register(struct scene *scene, const struct dialog_peer *from, const char *endpoint, char path[16])
{
    char query[96];
    struct writer writer = writer_of_buffer(query, sizeof query);
    writer_format(&writer, "ep=%s&lt=86400&lwm2m=1.1&b=U&Q", endpoint);
    scene_request(scene, from, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", writer_terminate(&writer), COAP_FORMAT_LINK,
                  span_of_text("</1/0>,</3/0>,</4/0>,</3424/0>,</33424/0>"));
    const struct coap_message *answer = scene_answer(scene, from);
    assert_int_equal(answer->code, COAP_CODE_CREATED);
    writer = writer_of_buffer(path, 16);
    coap_message_write_path(answer, COAP_OPTION_LOCATION_PATH, &writer);
    writer_terminate(&writer);
    scene->uplink_count = 0;
}

struct span scene_report_payload(uint8_t *buffer, size_t capacity, int64_t volume_ml)
{
    struct water_meter_report report = { .present = WATER_METER_FIELDS_STEADY, .balance_fen = 5230,
                                         .valve_state = 0, .recharge_serial = 4, .alarm_bits = 0,
                                         .earfcn = 3738, .physical_cell = 101, .clock_s = SCENE_START_MS / 1000 + 10,
                                         .midnight_s = SCENE_START_MS / 1000 - 28800, .rsrp_dbm = -97,
                                         .cell_id = 112233, .snr_db = 9, .coverage_level = 1, .battery_mv = 3580 };
    report.volume_ml = volume_ml;
    for (int i = 0; i < WATER_METER_HISTORY_DAYS; i++)
        report.history_l[i] = i < 5 ? (uint32_t)(volume_ml / 1000 - i * 300) : WATER_METER_HISTORY_NONE;
    struct writer writer = writer_of_buffer(buffer, capacity);
    assert_int_equal(water_meter_report_encode(&report, &writer), 0);
    return writer_span(&writer);
}

void scene_report(struct scene *scene, const struct dialog_peer *from, int64_t volume_ml)
{
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    scene_request(scene, from, COAP_CONFIRMABLE, COAP_CODE_POST, "/dp", NULL, COAP_FORMAT_SENML_CBOR,
                  scene_report_payload(payload, sizeof payload, volume_ml));
}

void scene_acknowledge(struct scene *scene, bool accepted)
{
    assert_true(scene->uplink_count > 0);
    const struct uplink *uplink = &scene->uplinks[scene->uplink_count - 1];
    struct uplink_acknowledgement answer = { .message_id = uplink->message_id, .device_id = uplink->device_id,
                                             .accepted = accepted };
    lwm2m_server_acknowledge(scene->server, &answer, scene->now_ms);
}

const struct coap_message *scene_answer(struct scene *scene, const struct dialog_peer *to)
{
    assert_int_equal(scene->sent_count, 1);
    const struct scene_datagram *datagram = &scene->sent[0];
    assert_true(peer_address_equal(&datagram->to.address, &to->address));
    assert_int_equal(datagram->to.secured, to->secured);
    assert_int_equal(datagram->to.imei, to->imei);
    assert_int_equal(coap_message_decode(span_of_bytes(datagram->bytes, datagram->size), &scene->answer, NULL), 0);
    scene->sent_count = 0;
    return &scene->answer;
}

void scene_expect_silence(struct scene *scene)
{
    assert_int_equal(scene->sent_count, 0);
}

const struct uplink *scene_uplink(struct scene *scene, enum uplink_kind kind)
{
    assert_int_equal(scene->uplink_count, 1);
    assert_int_equal(scene->uplinks[0].kind, kind);
    scene->uplink_count = 0;
    return &scene->uplinks[0];
}

void scene_device_answers(struct scene *scene, const struct dialog_peer *from, const struct coap_message *request,
                          enum coap_type type, uint8_t code, int32_t format, struct span payload)
{
    uint8_t bytes[512];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    bool echoes = type == COAP_ACKNOWLEDGEMENT || type == COAP_RESET;
    coap_encoder_begin(&encoder, &writer, type, code, echoes ? request->message_id : scene->next_message_id++,
                       code == COAP_CODE_EMPTY ? span_of_bytes(NULL, 0) : request->token);
    if (format >= 0)
        coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, (uint32_t)format);
    writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    scene_receive(scene, from, writer_span(&writer));
}
