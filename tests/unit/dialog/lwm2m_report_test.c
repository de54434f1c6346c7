#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "dialog/lwm2m_handle.h"
#include "tests/unit/dialog/scene.h"

/* A scene with device 1 registered from port 4000. */
static struct scene *scene_registered(const struct lwm2m_server_config *config, struct dialog_peer *peer)
{
    char path[16];
    struct scene *scene = scene_make(config);
    *peer = scene_plain(4000);
    scene_register(scene, peer, "urn:imei:352000000000017", path);
    return scene;
}

static const struct uplink_item *item_find(const struct uplink *uplink, enum quantity quantity,
                                           enum uplink_period period, int nth)
{
    for (unsigned i = 0; i < uplink->item_count; i++)
        if (uplink->items[i].quantity == quantity && uplink->items[i].period == period && nth-- == 0)
            return &uplink->items[i];
    return NULL;
}

static void expect_item(const struct uplink *uplink, enum quantity quantity, int64_t value)
{
    const struct uplink_item *item = item_find(uplink, quantity, UPLINK_CURRENT, 0);
    assert_non_null(item);
    assert_int_equal(item->value, value);
    assert_int_equal(item->time_s, SCENE_START_MS / 1000 + 10);
}

static void daily_report_becomes_quantities(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_report(scene, &peer, 7817000);
    const struct uplink *uplink = scene_uplink(scene, UPLINK_REPORT);
    assert_int_equal(uplink->device_id, 1);
    assert_int_equal(uplink->awake, 1);
    assert_int_equal(uplink->frame_direction, 0);
    assert_true(uplink->frame_size > 50);
    assert_int_not_equal(uplink->content_hash, 0);
    expect_item(uplink, QUANTITY_WATER_VOLUME, 7817000);
    expect_item(uplink, QUANTITY_BALANCE, 5230);
    expect_item(uplink, QUANTITY_VALVE_STATE, VALVE_OPEN);
    expect_item(uplink, QUANTITY_ALARM_BITS, 0);
    expect_item(uplink, QUANTITY_RECHARGE_SERIAL, 4);
    expect_item(uplink, QUANTITY_BATTERY, 3580);
    expect_item(uplink, QUANTITY_SIGNAL_RSRP, -97);
    expect_item(uplink, QUANTITY_SIGNAL_SNR, 9);
    expect_item(uplink, QUANTITY_COVERAGE_LEVEL, 1);
    expect_item(uplink, QUANTITY_PHYSICAL_CELL, 101);
    expect_item(uplink, QUANTITY_CELL_ID, 112233);
    expect_item(uplink, QUANTITY_EARFCN, 3738);
    expect_item(uplink, QUANTITY_DEVICE_TIME, SCENE_START_MS / 1000 + 10);
    for (int i = 0; i < 5; i++) {
        const struct uplink_item *day = item_find(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, i);
        assert_non_null(day);
        assert_int_equal(day->value, 7817000 - i * 300000);
        assert_int_equal(day->time_s, SCENE_START_MS / 1000 - 28800 - i * 86400);
    }
    assert_null(item_find(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, 5));
    scene_free(scene);
}

static void device_is_answered_only_after_the_core(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_report(scene, &peer, 7817000);
    scene_expect_silence(scene);
    scene->next_message_id--;
    scene_report(scene, &peer, 7817000); /* impatient: still silence, and not handed on again */
    scene_expect_silence(scene);
    assert_int_equal(scene->uplink_count, 1);
    scene_acknowledge(scene, true);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_ACKNOWLEDGEMENT);
    assert_int_equal(answer->code, COAP_CODE_CHANGED);
    assert_int_equal(answer->message_id, scene->next_message_id - 1);
    assert_true(span_equal_text(answer->token, "tk"));
    scene_acknowledge(scene, true); /* twice the same answer of the core is one */
    scene_expect_silence(scene);
    scene->next_message_id--;
    scene_report(scene, &peer, 7817000); /* our answer got lost: the stored one */
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_CHANGED);
    assert_int_equal(scene->uplink_count, 1);
    assert_int_equal(scene_counted(scene, LWM2M_DUPLICATE), 2);
    scene_free(scene);
}

static void refused_report_is_taken_again_when_repeated(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_report(scene, &peer, 7817000);
    scene_acknowledge(scene, false);
    scene_expect_silence(scene);
    scene->next_message_id--;
    scene_report(scene, &peer, 7817000);
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[0].content_hash, scene->uplinks[1].content_hash);
    scene_acknowledge(scene, true);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_CHANGED);
    assert_int_equal(scene_counted(scene, LWM2M_CORE_REFUSED), 1);
    scene_free(scene);
}

static void full_core_means_silence_and_another_try(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene->core_full = true;
    scene_report(scene, &peer, 7817000);
    scene_expect_silence(scene);
    assert_int_equal(scene_counted(scene, LWM2M_CORE_FULL), 1);
    scene->core_full = false;
    scene->next_message_id--;
    scene_report(scene, &peer, 7817000);
    assert_int_equal(scene->uplink_count, 1);
    scene_free(scene);
}

static void core_that_never_answers_is_given_up(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .exchange_limit = 2, .core_timeout_ms = 60000 };
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&config, &peer);
    scene_report(scene, &peer, 1000);
    scene_report(scene, &peer, 2000);
    scene_report(scene, &peer, 3000);
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene_counted(scene, LWM2M_EXCHANGE_FULL), 1);
    scene->now_ms += 60000;
    lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(scene_counted(scene, LWM2M_CORE_SILENT), 2);
    scene_acknowledge(scene, true); /* too late */
    scene_expect_silence(scene);
    scene->next_message_id = (uint16_t)(scene->next_message_id - 1);
    scene_report(scene, &peer, 3000);
    scene_acknowledge(scene, true);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_CHANGED);
    scene_free(scene);
}

static void core_that_stands_still_holds_up_only_its_own_devices(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .exchange_limit = 2, .lane_limit = 2 };
    struct dialog_peer peer, other = scene_plain(4001);
    struct scene *scene = scene_registered(&config, &peer);
    char path[16];
    scene_register(scene, &other, "urn:imei:352000000000033", path);
    for (int64_t volume_ml = 1000; volume_ml <= 3000; volume_ml += 1000)
        scene_report(scene, &peer, volume_ml);
    assert_int_equal(scene_counted(scene, LWM2M_EXCHANGE_FULL), 1);
    for (int64_t volume_ml = 1000; volume_ml <= 5000; volume_ml += 1000) {
        scene_report(scene, &other, volume_ml);
        scene_acknowledge(scene, true);
        assert_int_equal(scene_answer(scene, &other)->code, COAP_CODE_CHANGED);
    }
    assert_int_equal(scene_counted(scene, LWM2M_EXCHANGE_FULL), 1);
    scene->now_ms += 60000;
    lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(scene_counted(scene, LWM2M_CORE_SILENT), 2);
    scene_free(scene);
}

static void same_message_id_with_other_content_is_a_new_message(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_report(scene, &peer, 1000);
    scene->next_message_id--;
    scene_report(scene, &peer, 2000);
    assert_int_equal(scene->uplink_count, 2);
    assert_int_not_equal(scene->uplinks[0].content_hash, scene->uplinks[1].content_hash);
    scene_free(scene);
}

static void repetition_after_the_exchange_lifetime_is_new(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_report(scene, &peer, 1000);
    scene->now_ms += 246000;
    scene->next_message_id--;
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene->uplink_count, 1);
    scene->now_ms += 1000;
    scene->next_message_id--;
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene->uplink_count, 2);
    scene_free(scene);
}

static void plain_report_needs_a_registration(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    assert_int_equal(scene->uplink_count, 0);
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_UNREGISTERED), 1);
    scene_free(scene);
}

static void secured_report_is_known_by_its_key(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_secured(4000, IMEI_SECURED);
    struct dialog_peer stranger = scene_secured(4001, 999999999999999);
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene_uplink(scene, UPLINK_REPORT)->device_id, 2);
    scene_report(scene, &stranger, 1000);
    assert_int_equal(scene_answer(scene, &stranger)->code, COAP_CODE_FORBIDDEN);
    assert_int_equal(scene->uplink_count, 0);
    scene_free(scene);
}

static void alarm_is_an_event(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    struct water_meter_report report = { .present = WATER_METER_FIELDS_EVENT, .alarm_bits = 1 << ALARM_MAGNET,
                                         .valve_state = VALVE_OPEN, .volume_ml = 5000, .clock_s = 1795219300 };
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    struct writer writer = writer_of_buffer(payload, sizeof payload);
    assert_int_equal(water_meter_report_encode(&report, &writer), 0);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/dp", NULL, COAP_FORMAT_SENML_CBOR,
                  writer_span(&writer));
    const struct uplink *uplink = scene_uplink(scene, UPLINK_EVENT);
    assert_int_equal(item_find(uplink, QUANTITY_ALARM_BITS, UPLINK_CURRENT, 0)->value, 1 << ALARM_MAGNET);
    scene_free(scene);
}

static void json_is_read_as_well(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    scene_request(scene, &peer, COAP_NON_CONFIRMABLE, COAP_CODE_POST, "/dp", NULL, COAP_FORMAT_SENML_JSON,
                  span_of_text("[{\"bn\":\"/3424/0\",\"n\":\"/1\",\"v\":7.817},{\"bn\":\"/33424/0\",\"n\":\"/4\",\"v\":1}]"));
    const struct uplink *uplink = scene_uplink(scene, UPLINK_REPORT);
    assert_int_equal(item_find(uplink, QUANTITY_WATER_VOLUME, UPLINK_CURRENT, 0)->value, 7817000);
    assert_int_equal(item_find(uplink, QUANTITY_VALVE_STATE, UPLINK_CURRENT, 0)->value, VALVE_CLOSED);
    scene->uplink_count = 1;
    scene_acknowledge(scene, true);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_NON_CONFIRMABLE);
    assert_int_equal(answer->code, COAP_CODE_CHANGED);
    assert_true(span_equal_text(answer->token, "tk"));
    scene_free(scene);
}

static void payloads_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const struct {
        int32_t format;
        const char *payload;
        uint8_t answer;
    } cases[] = {
        { -1, "x", COAP_CODE_UNSUPPORTED_FORMAT },
        { 50, "{}", COAP_CODE_UNSUPPORTED_FORMAT },
        { 65000, "x", COAP_CODE_UNSUPPORTED_FORMAT },
        { COAP_FORMAT_SENML_CBOR, "\x9f", COAP_CODE_BAD_REQUEST },
        { COAP_FORMAT_SENML_CBOR, "hello", COAP_CODE_BAD_REQUEST },
        { COAP_FORMAT_SENML_JSON, "[{\"n\":\"/3424/0/1\",\"v\":", COAP_CODE_BAD_REQUEST },
        { COAP_FORMAT_SENML_JSON, "[{\"n\":\"/3424/0/1\",\"vs\":\"much\"}]", COAP_CODE_BAD_REQUEST },
        { COAP_FORMAT_SENML_JSON, "[{\"n\":\"/9999/0/1\",\"v\":1}]", COAP_CODE_CHANGED },
    };
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/dp", NULL, cases[i].format,
                      span_of_text(cases[i].payload));
        assert_int_equal(scene_answer(scene, &peer)->code, cases[i].answer);
    }
    assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->item_count, 0);
    assert_int_equal(scene_counted(scene, LWM2M_REPORT_WITHOUT_VALUES), 1);
    scene_free(scene);
}

/* A notification as a device sends it for our observation. */
static void notify(struct scene *scene, const struct dialog_peer *from, enum coap_type type, const uint8_t *token,
                   uint32_t order, uint32_t format, struct span payload)
{
    uint8_t bytes[512];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, &writer, type, COAP_CODE_CONTENT, scene->next_message_id++,
                       span_of_bytes(token, LWM2M_OBSERVE_TOKEN_SIZE));
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_OBSERVE, order);
    coap_encoder_put_unsigned(&encoder, COAP_OPTION_CONTENT_FORMAT, format);
    writer_put_span(coap_encoder_payload(&encoder), payload);
    assert_true(coap_encoder_end(&encoder) > 0);
    scene_receive(scene, from, writer_span(&writer));
}

static void observation_is_asked_for_and_followed(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .observe_after_register = true };
    struct scene *scene = scene_make(&config);
    struct dialog_peer peer = scene_plain(4000);
    struct dialog_peer moved = scene_plain(4009);
    uint8_t token[LWM2M_OBSERVE_TOKEN_SIZE];
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", "ep=352000000000017&lwm2m=1.1",
                  COAP_FORMAT_LINK, span_of_text("</33424/0>"));
    assert_int_equal(scene->sent_count, 2); /* the answer, then the observation */
    scene->sent[0] = scene->sent[1];
    scene->sent_count = 1;
    scene->uplink_count = 0;
    const struct coap_message *request = scene_answer(scene, &peer);
    assert_int_equal(request->code, COAP_CODE_GET);
    assert_true(coap_message_path_is(request, "/33424/0"));
    assert_int_equal(coap_message_unsigned(request, COAP_OPTION_OBSERVE, 99), 0);
    assert_int_equal(request->token.size, sizeof token);
    memcpy(token, request->token.bytes, sizeof token);
    struct span first = scene_report_payload(payload, sizeof payload, 1000);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CONTENT, COAP_FORMAT_SENML_CBOR,
                         first);
    assert_int_equal(scene_uplink(scene, UPLINK_REPORT)->device_id, 1);
    notify(scene, &moved, COAP_CONFIRMABLE, token, 7, COAP_FORMAT_SENML_CBOR,
           scene_report_payload(payload, sizeof payload, 2000));
    scene_expect_silence(scene);
    scene_acknowledge(scene, true);
    const struct coap_message *answer = scene_answer(scene, &moved);
    assert_int_equal(answer->type, COAP_ACKNOWLEDGEMENT);
    assert_int_equal(answer->code, COAP_CODE_EMPTY);
    assert_int_equal(scene_counted(scene, LWM2M_ADDRESS_CHANGED), 1);
    scene->uplink_count = 0;
    /* TLV, not confirmable: resource 4 of the observed instance, one byte, 1. Nothing is owed for it. */
    notify(scene, &moved, COAP_NON_CONFIRMABLE, token, 8, COAP_FORMAT_TLV, span_of_bytes("\xc1\x04\x01", 3));
    assert_int_equal(scene->uplinks[0].items[0].value, VALVE_CLOSED);
    scene_acknowledge(scene, true);
    scene_expect_silence(scene);
    scene_free(scene);
}

static void notification_nobody_asked_for_is_reset(void **state)
{
    (void)state;
    static const uint8_t token[LWM2M_OBSERVE_TOKEN_SIZE] = { 'o', 0, 0, 1, 1, 2, 3, 4 };
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    struct dialog_peer peer;
    struct scene *scene = scene_registered(NULL, &peer);
    struct span report = scene_report_payload(payload, sizeof payload, 2000);
    notify(scene, &peer, COAP_CONFIRMABLE, token, 7, COAP_FORMAT_SENML_CBOR, report);
    assert_int_equal(scene_answer(scene, &peer)->type, COAP_RESET);
    notify(scene, &peer, COAP_NON_CONFIRMABLE, token, 8, COAP_FORMAT_SENML_CBOR, report);
    assert_int_equal(scene_answer(scene, &peer)->type, COAP_RESET);
    assert_int_equal(scene_counted(scene, LWM2M_NOTIFICATION_UNKNOWN), 2);
    assert_int_equal(scene->uplink_count, 0);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(daily_report_becomes_quantities),
        cmocka_unit_test(device_is_answered_only_after_the_core),
        cmocka_unit_test(refused_report_is_taken_again_when_repeated),
        cmocka_unit_test(full_core_means_silence_and_another_try),
        cmocka_unit_test(core_that_never_answers_is_given_up),
        cmocka_unit_test(core_that_stands_still_holds_up_only_its_own_devices),
        cmocka_unit_test(same_message_id_with_other_content_is_a_new_message),
        cmocka_unit_test(repetition_after_the_exchange_lifetime_is_new),
        cmocka_unit_test(plain_report_needs_a_registration),
        cmocka_unit_test(secured_report_is_known_by_its_key),
        cmocka_unit_test(alarm_is_an_event),
        cmocka_unit_test(json_is_read_as_well),
        cmocka_unit_test(payloads_that_make_no_sense_are_refused),
        cmocka_unit_test(observation_is_asked_for_and_followed),
        cmocka_unit_test(notification_nobody_asked_for_is_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
