#include "tests/unit/unit_test.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/gate.h"
#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/lwm2m_server.h"
#include "link/shard_number.h"
#include "tests/unit/wire/dtls_peer.h"
#include "wire/udp_engine.h"

#define WAIT_MS 20000 /* bounds a broken build; a good one answers at once */
#define NOW_MS 1795219200000
#define IMEI 352000000000017
#define DEVICE 7
#define OTHER_IMEI 352000000000033
#define FIRST "ep=urn:imei:352000000000017&lwm2m=1.1"
#define OTHER "ep=urn:imei:352000000000033&lwm2m=1.1"
#define WIDTH 2 /* of shards 1 and 2 */
#define ANSWER_LIMIT 32

/* A gate on loopback with one plain device behind a real socket. */
struct scene {
    struct gate *gate;
    struct udp_engine *device;
    struct peer_address server;
    struct {
        uint8_t bytes[1500];
        size_t size;
    } answers[ANSWER_LIMIT]; /* as they came; a flight may be repeated behind the back of a slow machine */
    size_t answer_count;
    size_t answer_next;
    struct coap_message answer;
    uint16_t message_id;
};

static int64_t clock_stands(void *context)
{
    (void)context;
    return NOW_MS;
}

static bool key_is_fives(void *context, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *key_size)
{
    (void)context;
    (void)imei;
    memset(key, 5, 16);
    *key_size = 16;
    return true;
}

static int gate_make(const struct gate_config *given, struct gate **out)
{
    struct gate_config config = *given;
    struct gate_ports ports = { NULL, clock_stands, key_is_fives, NULL };
    memset(config.random, 9, sizeof config.random);
    return gate_open(&config, &ports, out);
}

static struct scene *scene_of(const struct gate_config *config)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    assert_int_equal(gate_make(config, &scene->gate), 0);
    return scene;
}

static void scene_start(struct scene *scene, bool secured)
{
    struct udp_engine_config socket = { .address = "127.0.0.1:0" };
    assert_int_equal(gate_thread_start(gate_thread_of(scene->gate)), 0);
    assert_int_equal(udp_engine_open(&socket, &scene->device), 0);
    scene->server = peer_address_of_loopback(secured ? gate_coaps_port(scene->gate) : gate_coap_port(scene->gate));
}

static struct scene *scene_make(bool secured, uint32_t uplink_capacity)
{
    struct gate_config config = { .coap_address = "127.0.0.1:0", .coaps_address = "127.0.0.1:0",
                                  .uplink_capacity = uplink_capacity };
    struct scene *scene = scene_of(&config);
    assert_int_equal(gate_device_put(scene->gate, IMEI, DEVICE, secured), 0);
    scene_start(scene, secured);
    return scene;
}

/* A gate of shards 1 and 2, each of which has the first device, with this many messages on the way to a core. */
static struct scene *scene_of_shards(uint32_t uplink_capacity)
{
    struct gate_config config = { .coap_address = "127.0.0.1:0", .shards = 1 << 1 | 1 << 2,
                                  .uplink_capacity = uplink_capacity };
    struct scene *scene = scene_of(&config);
    assert_int_equal(gate_device_put(scene->gate, IMEI, shard_number_make(WIDTH, 2, DEVICE), false), 0);
    assert_int_equal(gate_device_put(scene->gate, IMEI, shard_number_make(WIDTH, 1, DEVICE), false), 0);
    scene_start(scene, false);
    return scene;
}

static void scene_free(struct scene *scene)
{
    gate_close(scene->gate);
    udp_engine_close(scene->device);
    free(scene);
}

static void answer_keep(void *context, const struct peer_address *from, struct span bytes)
{
    struct scene *scene = context;
    (void)from;
    assert_true(scene->answer_count < ANSWER_LIMIT && bytes.size <= sizeof scene->answers[0].bytes);
    memcpy(scene->answers[scene->answer_count].bytes, bytes.bytes, bytes.size);
    scene->answers[scene->answer_count++].size = bytes.size;
}

static struct span datagram_wait(struct scene *scene)
{
    struct pollfd wait = { udp_engine_descriptor(scene->device), POLLIN, 0 };
    if (scene->answer_next == scene->answer_count) {
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        assert_true(udp_engine_receive(scene->device, answer_keep, scene) > 0);
    }
    size_t next = scene->answer_next++;
    return span_of_bytes(scene->answers[next].bytes, scene->answers[next].size);
}

static uint8_t answer_code_wait(struct scene *scene)
{
    assert_int_equal(coap_message_decode(datagram_wait(scene), &scene->answer, NULL), 0);
    return scene->answer.code;
}

static void datagram_send(struct scene *scene, struct span bytes)
{
    assert_int_equal(udp_engine_send(scene->device, &scene->server, bytes), 0);
    assert_int_equal(udp_engine_flush(scene->device), 0);
}

static struct span request_write(struct scene *scene, const char *path, const char *query, int32_t format,
                                 struct span payload, uint8_t *buffer, size_t capacity)
{
    struct writer writer = writer_of_buffer(buffer, capacity);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_POST, scene->message_id++, span_of_text("t"));
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, span_of_text(path), '/');
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, (uint32_t)format);
    if (query)
        coap_encoder_put_segments(&encoder, COAP_OPTION_URI_QUERY, span_of_text(query), '&');
    writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    return writer_span(&writer);
}

static struct span register_as(struct scene *scene, const char *query, uint8_t *buffer, size_t capacity)
{
    return request_write(scene, "/rd", query, COAP_FORMAT_LINK, span_of_text("</33424/0>"), buffer, capacity);
}

static struct span register_write(struct scene *scene, uint8_t *buffer, size_t capacity)
{
    return register_as(scene, FIRST, buffer, capacity);
}

static struct span report_write(struct scene *scene, uint8_t *buffer, size_t capacity)
{
    struct water_meter_report report = { .present = WATER_METER_FIELDS_EVENT, .volume_ml = 5000 };
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    struct writer writer = writer_of_buffer(payload, sizeof payload);
    assert_int_equal(water_meter_report_encode(&report, &writer), 0);
    return request_write(scene, "/dp", NULL, COAP_FORMAT_SENML_CBOR, writer_span(&writer), buffer, capacity);
}

static struct uplink lane_wait(struct scene *scene, unsigned lane)
{
    struct uplink uplink;
    struct pollfd wait = { gate_thread_uplink_descriptor(gate_thread_of(scene->gate)), POLLIN, 0 };
    while (gate_thread_lane_take(gate_thread_of(scene->gate), lane, false, &uplink) != 0) {
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        gate_thread_uplink_drain(gate_thread_of(scene->gate));
    }
    return uplink;
}

static struct uplink uplink_wait(struct scene *scene)
{
    return lane_wait(scene, 0);
}

static void acknowledge(struct scene *scene, const struct uplink *uplink)
{
    struct uplink_acknowledgement answer = { .message_id = uplink->message_id, .device_id = uplink->device_id,
                                             .accepted = 1 };
    assert_int_equal(gate_acknowledge(scene->gate, &answer), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
}

/* The gate takes what the core told it at the beginning of a turn: once a ping is answered, that turn is over. */
static void turn_wait(struct scene *scene)
{
    datagram_send(scene, span_of_bytes("\x40\x00\xab\xcd", 4));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_EMPTY);
    assert_int_equal(scene->answer.type, COAP_RESET);
}

static void plain_registered(struct scene *scene)
{
    uint8_t buffer[256];
    datagram_send(scene, register_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.kind, UPLINK_PRESENCE);
    assert_int_equal(uplink.device_id, DEVICE);
    assert_int_equal(uplink.received_s, NOW_MS / 1000);
}

static void report_passes_through_and_back(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_make(false, 0);
    plain_registered(scene);
    datagram_send(scene, report_write(scene, buffer, sizeof buffer));
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.kind, UPLINK_EVENT);
    /* A ping sent after the report is answered before it: the report waits for the core. */
    turn_wait(scene);
    acknowledge(scene, &uplink);
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CHANGED);
    scene_free(scene);
}

static void command_goes_out_and_its_answer_comes_back(void **state)
{
    (void)state;
    struct scene *scene = scene_make(false, 0);
    struct downlink downlink = { .command_id = 42, .device_id = DEVICE, .serial = 3,
                                 .operation = DOWNLINK_OPEN_VALVE, .timeout_ms = 25000 };
    uint8_t buffer[64];
    plain_registered(scene);
    assert_int_equal(gate_deliver(scene->gate, &downlink), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_POST);
    assert_true(coap_message_path_is(&scene->answer, "/33424/0/5"));
    assert_int_equal(uplink_wait(scene).answer, UPLINK_ANSWER_SENT);
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    assert_true(coap_message_encode_bare(&writer, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, scene->answer.message_id,
                                         scene->answer.token) > 0);
    datagram_send(scene, writer_span(&writer));
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.answer, UPLINK_ANSWER_EXECUTED);
    assert_int_equal(uplink.command_id, 42);
    scene_free(scene);
}

static void archive_changes_reach_a_running_gate(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_make(false, 0);
    plain_registered(scene);
    assert_int_equal(gate_device_remove(scene->gate, IMEI, DEVICE), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    turn_wait(scene);
    datagram_send(scene, report_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_NOT_FOUND);
    datagram_send(scene, register_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_FORBIDDEN);
    assert_int_equal(gate_device_put(scene->gate, IMEI, DEVICE + 1, false), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    turn_wait(scene);
    datagram_send(scene, register_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    assert_int_equal(uplink_wait(scene).device_id, DEVICE + 1);
    scene_free(scene);
}

static void full_ring_leaves_the_device_waiting(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_make(false, 1);
    plain_registered(scene);
    datagram_send(scene, report_write(scene, buffer, sizeof buffer));
    datagram_send(scene, report_write(scene, buffer, sizeof buffer)); /* nobody takes the first one */
    turn_wait(scene); /* both reports were met with silence so far */
    struct uplink uplink = uplink_wait(scene);
    acknowledge(scene, &uplink);
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CHANGED);
    scene->message_id--;
    datagram_send(scene, report_write(scene, buffer, sizeof buffer)); /* the second one again */
    uplink = uplink_wait(scene);
    acknowledge(scene, &uplink);
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CHANGED);
    scene_free(scene);
}

static uint64_t counted(struct scene *scene, enum lwm2m_counter row)
{
    struct counter_table *tables[GATE_COUNTER_TABLE_LIMIT];
    (void)gate_counters(scene->gate, tables); /* the first are the dialog's */
    return counter_read(tables[0], row);
}

/* Nobody takes anything for shard 1; its meters are left to repeat, and those of shard 2 are served. */
static void core_that_takes_nothing_holds_up_only_its_own_shard(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_of_shards(1);
    uint32_t other = shard_number_make(WIDTH, 2, DEVICE + 1);
    assert_int_equal(gate_device_put(scene->gate, OTHER_IMEI, other, false), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    turn_wait(scene);
    for (int i = 0; i < 3; i++) {
        datagram_send(scene, register_write(scene, buffer, sizeof buffer));
        assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    }
    assert_int_equal(counted(scene, LWM2M_CORE_FULL), 2);
    datagram_send(scene, register_as(scene, OTHER, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    for (int i = 0; i < 3; i++) {
        struct uplink uplink = lane_wait(scene, 2);
        assert_int_equal(uplink.device_id, other);
        acknowledge(scene, &uplink);
        if (i > 0)
            assert_int_equal(answer_code_wait(scene), COAP_CODE_CHANGED);
        datagram_send(scene, report_write(scene, buffer, sizeof buffer));
    }
    assert_int_equal(lane_wait(scene, 1).device_id, shard_number_make(WIDTH, 1, DEVICE));
    assert_int_equal(counted(scene, LWM2M_CORE_FULL), 2);
    scene_free(scene);
}

static void stranger_is_refused_when_all_shards_have_spoken(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_of_shards(8);
    datagram_send(scene, register_as(scene, OTHER, buffer, sizeof buffer));
    turn_wait(scene);
    assert_int_equal(counted(scene, LWM2M_UNKNOWN_YET), 1);
    assert_int_equal(gate_archive_whole(scene->gate), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    turn_wait(scene);
    datagram_send(scene, register_as(scene, OTHER, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_FORBIDDEN);
    scene_free(scene);
}

static void device_of_two_shards_is_the_lower_one_s_until_it_is_struck_out(void **state)
{
    (void)state;
    uint8_t buffer[512];
    struct scene *scene = scene_of_shards(8);
    datagram_send(scene, register_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    assert_int_equal(lane_wait(scene, 1).device_id, shard_number_make(WIDTH, 1, DEVICE));
    assert_int_equal(gate_device_remove(scene->gate, IMEI, shard_number_make(WIDTH, 1, DEVICE)), 0);
    gate_thread_wake(gate_thread_of(scene->gate));
    turn_wait(scene);
    datagram_send(scene, report_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_NOT_FOUND); /* registers again */
    datagram_send(scene, register_write(scene, buffer, sizeof buffer));
    assert_int_equal(answer_code_wait(scene), COAP_CODE_CREATED);
    assert_int_equal(lane_wait(scene, 2).device_id, shard_number_make(WIDTH, 2, DEVICE));
    scene_free(scene);
}

static void secured_device_speaks_through_its_session(void **state)
{
    (void)state;
    static const uint8_t key[16] = { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 };
    uint8_t buffer[512];
    struct scene *scene = scene_make(true, 0);
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", key, sizeof key, "PSK-AES128-CCM8:@SECLEVEL=0");
    for (int flight = 0; !dtls_peer_handshake(peer); flight++) {
        assert_true(flight < 8);
        struct span out = dtls_peer_take(peer);
        if (out.size > 0)
            datagram_send(scene, out);
        dtls_peer_give(peer, datagram_wait(scene));
    }
    dtls_peer_write(peer, report_write(scene, buffer, sizeof buffer));
    datagram_send(scene, dtls_peer_take(peer));
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.device_id, DEVICE);
    acknowledge(scene, &uplink);
    size_t size = 0;
    while (size == 0) {
        dtls_peer_give(peer, datagram_wait(scene));
        size = dtls_peer_read(peer, buffer, sizeof buffer);
    }
    struct coap_message answer;
    assert_int_equal(coap_message_decode(span_of_bytes(buffer, size), &answer, NULL), 0);
    assert_int_equal(answer.code, COAP_CODE_CHANGED);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void what_cannot_be_opened_is_named(void **state)
{
    (void)state;
    struct gate *gate = NULL;
    struct gate_config config = { .coap_address = "somewhere" };
    assert_int_equal(gate_make(&config, &gate), GATE_ERR_PLAIN_SOCKET);
    config = (struct gate_config){ .coaps_address = "127.0.0.1:99999" };
    assert_int_equal(gate_make(&config, &gate), GATE_ERR_SECURED_SOCKET);
    assert_null(gate);
    for (int error = GATE_ERR_PLAIN_SOCKET; error >= GATE_ERR_EMPTY; error--)
        assert_string_not_equal(gate_error_text(error), "unknown error");
    config = (struct gate_config){ .coap_address = NULL };
    assert_int_equal(gate_make(&config, &gate), 0); /* a gate without sockets: for tools that only look */
    assert_int_equal(gate_coap_port(gate), 0);
    struct uplink uplink;
    assert_int_equal(gate_thread_uplink_take(gate_thread_of(gate), &uplink), GATE_ERR_EMPTY);
    gate_close(gate);
}

static void counters_have_one_name_each(void **state)
{
    (void)state;
    struct scene *scene = scene_make(false, 0);
    struct counter_table *tables[GATE_COUNTER_TABLE_LIMIT];
    size_t count = gate_counters(scene->gate, tables);
    assert_int_equal(count, GATE_COUNTER_TABLE_LIMIT);
    for (size_t a = 0; a < count; a++)
        for (size_t i = 0; i < tables[a]->count; i++) {
            assert_non_null(tables[a]->rows[i].description);
            for (size_t b = 0; b < count; b++)
                for (size_t k = 0; k < tables[b]->count; k++)
                    if (a != b || i != k)
                        assert_string_not_equal(tables[a]->rows[i].name, tables[b]->rows[k].name);
        }
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_passes_through_and_back),
        cmocka_unit_test(command_goes_out_and_its_answer_comes_back),
        cmocka_unit_test(archive_changes_reach_a_running_gate),
        cmocka_unit_test(full_ring_leaves_the_device_waiting),
        cmocka_unit_test(core_that_takes_nothing_holds_up_only_its_own_shard),
        cmocka_unit_test(stranger_is_refused_when_all_shards_have_spoken),
        cmocka_unit_test(device_of_two_shards_is_the_lower_one_s_until_it_is_struck_out),
        cmocka_unit_test(secured_device_speaks_through_its_session),
        cmocka_unit_test(what_cannot_be_opened_is_named),
        cmocka_unit_test(counters_have_one_name_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
