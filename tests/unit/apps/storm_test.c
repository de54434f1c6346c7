/* A storm: the daily wave of reports fills every queue, and some meters raise an alarm in the midst of it. Conversation,
 * rings and core are the program's; the network is an array, and nothing depends on time. */
#include "apps/meterworks/gate_thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/live.h"
#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/core.h"
#include "base/quantity.h"
#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/lwm2m_server.h"
#include "store/store.h"
#include "tests/unit/unit_test.h"

#define METERS 300
#define ALARMED_EVERY 30
#define QUEUE 64 /* far less than the wave */
#define BATCH 16
#define ROUNDS_LIMIT 1000
#define IMEI_FIRST INT64_C(861234567000000)
#define NOW_S INT64_C(1795000000)
#define DAY_S 86400

enum { REPORT_ID = 100, ALARM_ID = 200 }; /* CoAP message ids */

struct meter {
    bool reported; /* acknowledged to it */
    bool alarmed;
    uint32_t device_id;
};

struct storm {
    struct core *core;
    struct live_hub *live;
    struct gate_thread thread; /* its rings only: nothing runs */
    struct lwm2m_server *server;
    struct meter meters[METERS];
    struct uplink batch[BATCH];
    size_t batch_count;
    unsigned behind; /* alarms that came after a report of their batch */
    char path[64];
};

static int turn_nothing(void *context, const struct epoll_event *events, int count)
{
    (void)context;
    (void)events;
    (void)count;
    return 0;
}

static int64_t clock_read(void *context)
{
    (void)context;
    return NOW_S * 1000;
}

static struct dialog_peer peer_of(uint32_t number)
{
    return (struct dialog_peer){ .address = peer_address_of_loopback((uint16_t)(10000 + number)) };
}

/* What the platform answers, as the meter hears it. */
static void meter_hear(void *context, const struct dialog_peer *to, struct span bytes)
{
    struct storm *storm = context;
    struct coap_message answer;
    struct meter *meter = &storm->meters[to->address.port - 10000];
    assert_int_equal(coap_message_decode(bytes, &answer, NULL), 0);
    if (answer.message_id == REPORT_ID && answer.code == COAP_CODE_CHANGED)
        meter->reported = true;
    if (answer.message_id == ALARM_ID && answer.code == COAP_CODE_CHANGED)
        meter->alarmed = true;
}

static bool core_offer(void *context, const struct uplink *uplink)
{
    struct storm *storm = context;
    return gate_thread_offer(&storm->thread, uplink);
}

static bool device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    const struct storm *storm = context;
    *out = (struct dialog_device){ .device_id = storm->meters[imei - IMEI_FIRST].device_id };
    return true;
}

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct storm *storm = context;
    lwm2m_server_acknowledge(storm->server, acknowledgement, NOW_S * 1000);
}

static void core_make(struct storm *storm)
{
    char problem[256];
    uint32_t tenant = 0;
    uint32_t root = 0;
    snprintf(storm->path, sizeof storm->path, "/tmp/storm_test.%ld.db", (long)getpid());
    assert_int_equal(live_hub_open(4096, &storm->live), 0);
    struct core_config config = { .path = storm->path, .synchronous = "OFF", .live = storm->live,
                                  .ports = { .context = storm, .acknowledge = acknowledge } };
    assert_int_equal(core_open(&config, &storm->core, problem), 0);
    assert_int_equal(core_tenant_add(storm->core, "storm", 28800, NOW_S, &tenant, &root), 0);
    for (uint32_t i = 0; i < METERS; i++) {
        static struct core_device device;
        static struct core_reply reply;
        device = (struct core_device){ .imei = IMEI_FIRST + i, .area_id = root, .installed_s = NOW_S - 100 * DAY_S };
        archive_call_head(&device.head, tenant, root, NOW_S);
        snprintf(device.meter_number, sizeof device.meter_number, "%012u", (unsigned)i);
        snprintf(device.security, sizeof device.security, "plain");
        assert_int_equal(core_execute(storm->core, CORE_DEVICE_CREATE, &device, &reply, NOW_S), 0);
        storm->meters[i].device_id = (uint32_t)reply.object_id;
    }
}

static void message_send(struct storm *storm, uint32_t number, const char *path, uint16_t id, struct span payload)
{
    uint8_t bytes[512];
    char query[64];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    struct dialog_peer from = peer_of(number);
    bool registers = strcmp(path, "rd") == 0;
    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_POST, id, span_of_text("t"));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, path);
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT,
                              registers ? (uint32_t)COAP_FORMAT_LINK : (uint32_t)COAP_FORMAT_SENML_CBOR);
    if (registers) {
        snprintf(query, sizeof query, "ep=urn:imei:%lld", (long long)(IMEI_FIRST + number));
        coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, query);
        coap_encoder_put_text(&encoder, COAP_OPTION_URI_QUERY, "lwm2m=1.1");
    }
    writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    lwm2m_server_receive(storm->server, &from, writer_span(&writer), NOW_S * 1000);
}

static void report_send(struct storm *storm, uint32_t number, bool alarm)
{
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    struct writer writer = writer_of_buffer(payload, sizeof payload);
    struct water_meter_report report = { .present = alarm ? WATER_METER_FIELDS_EVENT : WATER_METER_FIELDS_STEADY,
                                         .volume_ml = 5000000, .clock_s = NOW_S, .alarm_bits = alarm ? 1 : 0,
                                         .midnight_s = NOW_S / DAY_S * DAY_S - 28800 };
    for (int i = 0; i < WATER_METER_HISTORY_DAYS; i++)
        report.history_l[i] = 5000u - 10u * (uint32_t)i;
    assert_int_equal(water_meter_report_encode(&report, &writer), 0);
    message_send(storm, number, "dp", alarm ? ALARM_ID : REPORT_ID, writer_span(&writer));
}

/* One batch of the core, as its thread makes it. */
static void core_run(struct storm *storm)
{
    bool report_seen = false;
    storm->batch_count = 0;
    while (storm->batch_count < BATCH &&
           gate_thread_uplink_take(&storm->thread, &storm->batch[storm->batch_count]) == 0) {
        const struct uplink *uplink = &storm->batch[storm->batch_count++];
        storm->behind += uplink->kind == UPLINK_EVENT && report_seen;
        report_seen |= uplink->kind == UPLINK_REPORT;
    }
    assert_int_equal(core_work(storm->core, storm->batch, storm->batch_count, NULL, 0, NOW_S), 0);
}

static struct storm *storm_make(void)
{
    struct storm *storm = calloc(1, sizeof *storm);
    assert_non_null(storm);
    struct gate_thread_config thread = { .gate = storm, .turn = turn_nothing, .clock_read = clock_read,
                                         .uplink_capacity = QUEUE, .message_capacity = 1, .message_size = 8 };
    struct lwm2m_server_ports ports = { storm, meter_hear, core_offer, device_find, NULL };
    struct lwm2m_server_config config = { .secret = { 1, 2 }, .handle_key = { 3, 4 } };
    core_make(storm);
    assert_int_equal(gate_thread_open(&storm->thread, &thread), 0);
    assert_int_equal(lwm2m_server_open(&config, &ports, &storm->server), 0);
    for (uint32_t i = 0; i < METERS; i++) {
        message_send(storm, i, "rd", 1, span_of_text("</33424/0>"));
        core_run(storm);
    }
    return storm;
}

static void storm_free(struct storm *storm)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    lwm2m_server_close(storm->server);
    gate_thread_close(&storm->thread);
    core_close(storm->core);
    live_hub_close(storm->live);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s", storm->path, endings[i]);
        unlink(name);
    }
    free(storm);
}

static int64_t alarms_stored(struct storm *storm)
{
    char query[96];
    int64_t number = -1;
    snprintf(query, sizeof query, "SELECT count(*) FROM event WHERE kind = '%s'", alarm_name((enum alarm)0));
    assert_int_equal(store_number(core_store(storm->core), query, &number), 0);
    return number;
}

static int64_t number_of(struct storm *storm, const char *query)
{
    int64_t number = -1;
    assert_int_equal(store_number(core_store(storm->core), query, &number), 0);
    return number;
}

/* Meters repeat what was not acknowledged, as RFC 7252 has them do. */
static unsigned wave_repeat(struct storm *storm)
{
    unsigned waiting = 0;
    for (uint32_t i = 0; i < METERS; i++)
        if (!storm->meters[i].reported) {
            report_send(storm, i, false);
            waiting++;
        }
    return waiting;
}

static void alarms_overtake_the_wave_and_nothing_is_lost(void **state)
{
    (void)state;
    struct storm *storm = storm_make();
    /* Those that will alarm keep their report back; all others send theirs, and most find no room. */
    for (uint32_t i = 0; i < METERS; i++)
        if (i % ALARMED_EVERY != 0)
            report_send(storm, i, false);
    assert_true(counter_read(lwm2m_server_counters(storm->server), LWM2M_CORE_FULL) > 0);
    for (uint32_t i = 0; i < METERS; i += ALARMED_EVERY)
        report_send(storm, i, true);
    core_run(storm);
    /* The queue was full of reports when the alarms came; the first transaction stored all alarms. */
    for (uint32_t i = 0; i < METERS; i += ALARMED_EVERY)
        assert_true(storm->meters[i].alarmed);
    assert_int_equal(alarms_stored(storm), METERS / ALARMED_EVERY);
    assert_int_equal(storm->behind, 0);
    for (int round = 0; round < ROUNDS_LIMIT && wave_repeat(storm) > 0; round++)
        for (int i = 0; i < QUEUE / BATCH; i++)
            core_run(storm);
    /* Acknowledged is stored, and in the end all are. */
    assert_int_equal(wave_repeat(storm), 0);
    assert_int_equal(number_of(storm, "SELECT count(DISTINCT device_id) FROM daily_reading"), METERS);
    assert_int_equal(storm->behind, 0);
    storm_free(storm);
}

/* An alarm must not overtake the report that its own meter sent before: the older word would come to stand last. */
static void a_meter_is_heard_in_its_own_order(void **state)
{
    (void)state;
    struct storm *storm = storm_make();
    struct uplink uplink;
    report_send(storm, 1, false);
    report_send(storm, 1, true);
    report_send(storm, 2, true);
    assert_int_equal(gate_thread_uplink_take(&storm->thread, &uplink), 0);
    assert_int_equal(uplink.device_id, storm->meters[2].device_id);
    assert_int_equal(gate_thread_uplink_take(&storm->thread, &uplink), 0);
    assert_int_equal(uplink.device_id, storm->meters[1].device_id);
    assert_int_equal(uplink.kind, UPLINK_REPORT);
    assert_int_equal(gate_thread_uplink_take(&storm->thread, &uplink), 0);
    assert_int_equal(uplink.kind, UPLINK_EVENT);
    storm_free(storm);
}

/* Whoever sends without waiting for answers has eight places in the queue, and the others theirs. */
static void one_meter_fills_no_queue(void **state)
{
    (void)state;
    struct storm *storm = storm_make();
    struct uplink uplink;
    static const char one_value[] = "\x81\xa2\x00\x69/3424/0/1\x02\x01";
    unsigned of_flood = 0;
    unsigned of_other = 0;
    for (uint16_t id = 0; id < 2 * QUEUE; id++)
        message_send(storm, 1, "dp", (uint16_t)(1000 + id),
                     span_of_bytes(one_value, sizeof one_value - 1));
    report_send(storm, 2, false);
    while (gate_thread_uplink_take(&storm->thread, &uplink) == 0) {
        of_flood += uplink.device_id == storm->meters[1].device_id;
        of_other += uplink.device_id == storm->meters[2].device_id;
    }
    assert_int_equal(of_flood, 8);
    assert_int_equal(of_other, 1);
    assert_int_equal(counter_read(lwm2m_server_counters(storm->server), LWM2M_DEVICE_FULL), 2 * QUEUE - 8);
    storm_free(storm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alarms_overtake_the_wave_and_nothing_is_lost),
        cmocka_unit_test(a_meter_is_heard_in_its_own_order),
        cmocka_unit_test(one_meter_fills_no_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
