#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/quantity.h"
#include "codec/water_meter/water_meter_command.h"
#include "tests/unit/dialog/scene.h"

static const struct span nothing = { NULL, 0 };

static struct scene *scene_registered(struct dialog_peer *peer)
{
    char path[16];
    struct scene *scene = scene_make(NULL);
    *peer = scene_plain(4000);
    scene_register(scene, peer, "urn:imei:352000000000017", path);
    return scene;
}

static struct downlink close_valve(uint64_t command_id)
{
    struct downlink downlink = { .command_id = command_id, .device_id = 1, .serial = 12,
                                 .operation = DOWNLINK_CLOSE_VALVE, .timeout_ms = 25000 };
    return downlink;
}

/* Deliver, check that it left, and give the request as the device sees it. */
static const struct coap_message *deliver(struct scene *scene, const struct dialog_peer *peer,
                                          const struct downlink *downlink)
{
    lwm2m_server_deliver(scene->server, downlink, scene->now_ms);
    const struct uplink *sent = scene_uplink(scene, UPLINK_ANSWER);
    assert_int_equal(sent->answer, UPLINK_ANSWER_SENT);
    assert_int_equal(sent->command_id, downlink->command_id);
    assert_int_equal(sent->frame_direction, 1);
    assert_int_equal(sent->frame_size, scene->sent[0].size);
    assert_memory_equal(sent->frame, scene->sent[0].bytes, sent->frame_size);
    return scene_answer(scene, peer);
}

static void expect_answer(struct scene *scene, uint64_t command_id, enum uplink_answer answer, uint16_t code)
{
    const struct uplink *uplink = scene_uplink(scene, UPLINK_ANSWER);
    assert_int_equal(uplink->command_id, command_id);
    assert_int_equal(uplink->device_id, 1);
    assert_int_equal(uplink->answer, answer);
    assert_int_equal(uplink->answer_code, code);
}

static void valve_command_is_delivered_and_answered(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    assert_int_equal(request->type, COAP_CONFIRMABLE);
    assert_int_equal(request->code, COAP_CODE_POST);
    assert_true(coap_message_path_is(request, "/33424/0/5"));
    assert_true(span_equal_text(request->payload, "0='close',1='12'"));
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_EXECUTED, 0);
    scene_expect_silence(scene);
    scene_free(scene);
}

static void every_operation_fits_its_bound_and_is_read_back(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    for (uint16_t operation = 1; operation <= DOWNLINK_SET_CLOCK; operation++) {
        struct downlink downlink = close_valve(operation);
        downlink.operation = operation;
        downlink.parameter = operation == DOWNLINK_WRITE_PARAMETER ? PARAMETER_REPORT_TIME : 0;
        downlink.value = operation == DOWNLINK_WRITE_PARAMETER ? 10800 : 0;
        downlink.amount_fen = operation == DOWNLINK_RECHARGE ? 10000 : 0;
        lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
        assert_true(scene->sent[0].size < 100); /* S3-131 */
        scene->uplink_count = 0;
        const struct coap_message *message = scene_answer(scene, &peer);
        char path_text[LWM2M_PATH_TEXT_LIMIT];
        struct writer writer = writer_of_buffer(path_text, sizeof path_text);
        struct water_meter_request request = {
            .code = message->code,
            .content_format = coap_message_format(message, COAP_OPTION_CONTENT_FORMAT),
            .accept = coap_message_format(message, COAP_OPTION_ACCEPT),
        };
        coap_message_write_path(message, COAP_OPTION_URI_PATH, &writer);
        assert_int_equal(lwm2m_path_parse(writer_span(&writer), &request.path), 0);
        struct water_meter_command command;
        assert_int_equal(water_meter_command_decode(&request, message->payload, &command), 0);
        assert_int_equal(command.operation, operation);
        if (operation == DOWNLINK_SET_CLOCK)
            assert_int_equal(command.value, scene->now_ms / 1000);
        if (operation == DOWNLINK_RECHARGE)
            assert_int_equal(command.amount_fen, 10000);
        scene_device_answers(scene, &peer, message, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
        scene->uplink_count = 0;
    }
    scene_free(scene);
}

static void sleeping_device_is_not_disturbed(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    scene->now_ms += 179999;
    assert_true(lwm2m_server_is_awake(scene->server, 1, scene->now_ms));
    scene->now_ms += 1;
    assert_false(lwm2m_server_is_awake(scene->server, 1, scene->now_ms));
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    scene_expect_silence(scene);
    expect_answer(scene, 77, UPLINK_ANSWER_TIMEOUT, 0);
    assert_int_equal(scene_counted(scene, LWM2M_DOWNLINK_ASLEEP), 1);
    downlink.device_id = 3; /* never spoke */
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    assert_int_equal(scene_uplink(scene, UPLINK_ANSWER)->answer, UPLINK_ANSWER_TIMEOUT);
    scene_free(scene);
}

static void one_request_is_in_flight_at_a_time(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink first = close_valve(77);
    struct downlink second = close_valve(78);
    const struct coap_message *request = deliver(scene, &peer, &first);
    lwm2m_server_deliver(scene->server, &second, scene->now_ms);
    scene_expect_silence(scene);
    expect_answer(scene, 78, UPLINK_ANSWER_TIMEOUT, 0);
    assert_int_equal(scene_counted(scene, LWM2M_DOWNLINK_BUSY), 1);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_EXECUTED, 0);
    deliver(scene, &peer, &second);
    scene_free(scene);
}

static void unanswered_request_is_repeated_then_given_up(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    deliver(scene, &peer, &downlink);
    struct scene_datagram first = scene->sent[0];
    int64_t start_ms = scene->now_ms;
    scene->now_ms = start_ms + 9999;
    lwm2m_server_tick(scene->server, scene->now_ms);
    scene_expect_silence(scene);
    scene->now_ms = start_ms + 15001; /* 10 s times 1 to 1.5 */
    lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(scene->sent_count, 1);
    assert_int_equal(scene->sent[0].size, first.size);
    assert_memory_equal(scene->sent[0].bytes, first.bytes, first.size);
    scene->sent_count = 0;
    scene->now_ms = start_ms + 24999;
    lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(scene->uplink_count, 0);
    scene->now_ms = start_ms + 25000;
    lwm2m_server_tick(scene->server, scene->now_ms);
    expect_answer(scene, 77, UPLINK_ANSWER_TIMEOUT, 0);
    assert_false(lwm2m_server_is_awake(scene->server, 1, scene->now_ms)); /* the window is over */
    assert_int_equal(scene_counted(scene, LWM2M_DOWNLINK_REPEATED), 1);
    scene_free(scene);
}

static void tick_tells_when_to_come_again(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_make(NULL);
    assert_int_equal(lwm2m_server_tick(scene->server, scene->now_ms), INT64_MAX);
    scene_free(scene);
    scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    deliver(scene, &peer, &downlink);
    int64_t due_ms = lwm2m_server_tick(scene->server, scene->now_ms);
    assert_true(due_ms > scene->now_ms && due_ms <= scene->now_ms + 15000);
    scene_free(scene);
}

static void refusal_carries_the_reason(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_METHOD_NOT_ALLOWED, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_REFUSED, COAP_CODE_METHOD_NOT_ALLOWED);
    request = deliver(scene, &peer, &downlink);
    scene_device_answers(scene, &peer, request, COAP_RESET, COAP_CODE_EMPTY, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_REFUSED, 0);
    scene_free(scene);
}

static void answer_may_come_later_in_its_own_message(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_EMPTY, -1, nothing);
    scene_expect_silence(scene);
    scene->now_ms += 20000;
    lwm2m_server_tick(scene->server, scene->now_ms); /* the device has it: nothing is repeated */
    scene_expect_silence(scene);
    struct coap_message kept = *request;
    scene_device_answers(scene, &peer, &kept, COAP_CONFIRMABLE, COAP_CODE_CHANGED, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_EXECUTED, 0);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_ACKNOWLEDGEMENT);
    assert_int_equal(answer->code, COAP_CODE_EMPTY);
    scene_free(scene);
}

static void answers_of_others_change_nothing(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct dialog_peer other = scene_plain(4001);
    char path[16];
    scene_register(scene, &other, "urn:imei:352000000000033", path);
    struct downlink downlink = close_valve(77);
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    struct coap_message kept = *request;
    uint8_t token[4];
    memcpy(token, kept.token.bytes, sizeof token);
    scene_device_answers(scene, &other, &kept, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    assert_int_equal(scene->uplink_count, 0);
    token[3] ^= 1;
    kept.token = span_of_bytes(token, sizeof token);
    scene_device_answers(scene, &peer, &kept, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    assert_int_equal(scene->uplink_count, 0);
    token[3] ^= 1;
    kept.message_id++;
    scene_device_answers(scene, &peer, &kept, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    assert_int_equal(scene->uplink_count, 0);
    kept.message_id--;
    scene_device_answers(scene, &peer, &kept, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    expect_answer(scene, 77, UPLINK_ANSWER_EXECUTED, 0);
    scene_free(scene);
}

static void what_was_read_arrives_as_a_report(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    downlink.operation = DOWNLINK_READ_NOW;
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CONTENT, COAP_FORMAT_SENML_CBOR,
                         scene_report_payload(payload, sizeof payload, 7817000));
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[0].kind, UPLINK_REPORT);
    assert_true(scene->uplinks[0].item_count > 10);
    assert_int_equal(scene->uplinks[1].kind, UPLINK_ANSWER);
    assert_int_equal(scene->uplinks[1].answer, UPLINK_ANSWER_EXECUTED);
    scene->uplink_count = 1;
    scene_acknowledge(scene, true); /* the device is owed nothing for it */
    scene_expect_silence(scene);
    scene_free(scene);
}

/* what is urgent goes ahead, yet nothing that is told of a command overtakes what was told of it before. */
static void an_answer_never_overtakes_the_note_that_its_request_left(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    uint8_t payload[WATER_METER_REPORT_SIZE_LIMIT];
    downlink.operation = DOWNLINK_READ_NOW;
    scene_report(scene, &peer, 7817000);
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[1].answer, UPLINK_ANSWER_SENT);
    assert_int_equal(scene->uplinks[1].urgent, 0); /* the report waits before it */
    scene->uplink_count = 1;
    scene_acknowledge(scene, true); /* now nothing of the device waits for the core's word */
    assert_int_equal(scene->sent_count, 2);
    scene->sent_count = 1;
    const struct coap_message *request = scene_answer(scene, &peer);
    scene->uplink_count = 0;
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CONTENT, COAP_FORMAT_SENML_CBOR,
                         scene_report_payload(payload, sizeof payload, 7817000));
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[0].urgent, 0);
    assert_int_equal(scene->uplinks[1].urgent, 0);
    scene->uplink_count = 0;
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    assert_int_equal(scene_uplink(scene, UPLINK_ANSWER)->urgent, 1);
    request = scene_answer(scene, &peer);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    assert_int_equal(scene_uplink(scene, UPLINK_ANSWER)->urgent, 1);
    scene_free(scene);
}

static void older_device_is_read_in_the_older_way(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    struct downlink downlink = close_valve(77);
    downlink.operation = DOWNLINK_READ_NOW;
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", "ep=352000000000017&b=UQ", COAP_FORMAT_LINK,
                  span_of_text("</33424/0>"));
    scene->sent_count = 0;
    scene->uplink_count = 0;
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    assert_int_equal(request->code, COAP_CODE_GET);
    assert_true(coap_message_path_is(request, "/33424/0"));
    assert_int_equal(coap_message_format(request, COAP_OPTION_ACCEPT), COAP_FORMAT_TLV);
    /* TLV: resource 4, one byte, 1: the valve is closed. */
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CONTENT, COAP_FORMAT_TLV,
                         span_of_bytes("\xc1\x04\x01", 3));
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[0].items[0].quantity, QUANTITY_VALVE_STATE);
    assert_int_equal(scene->uplinks[0].items[0].value, VALVE_CLOSED);
    assert_int_equal(scene->uplinks[1].answer, UPLINK_ANSWER_EXECUTED);
    scene_free(scene);
}

static void what_cannot_be_said_is_refused_at_once(void **state)
{
    (void)state;
    struct dialog_peer peer;
    struct scene *scene = scene_registered(&peer);
    struct downlink downlink = close_valve(77);
    downlink.operation = DOWNLINK_RECHARGE;
    downlink.amount_fen = -5;
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    scene_expect_silence(scene);
    expect_answer(scene, 77, UPLINK_ANSWER_REFUSED, COAP_CODE_BAD_REQUEST);
    downlink.operation = 999;
    lwm2m_server_deliver(scene->server, &downlink, scene->now_ms);
    expect_answer(scene, 77, UPLINK_ANSWER_REFUSED, COAP_CODE_BAD_REQUEST);
    downlink = close_valve(78);
    deliver(scene, &peer, &downlink); /* the slot was given back */
    scene_free(scene);
}

static void full_table_postpones(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .downlink_limit = 1 };
    struct scene *scene = scene_make(&config);
    struct dialog_peer peer = scene_plain(4000);
    struct dialog_peer other = scene_plain(4001);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    scene_register(scene, &other, "urn:imei:352000000000033", path);
    struct downlink first = close_valve(77);
    struct downlink second = close_valve(78);
    second.device_id = 3;
    deliver(scene, &peer, &first);
    lwm2m_server_deliver(scene->server, &second, scene->now_ms);
    assert_int_equal(scene_uplink(scene, UPLINK_ANSWER)->answer, UPLINK_ANSWER_TIMEOUT);
    scene_expect_silence(scene);
    scene_free(scene);
}

static void commands_of_one_core_leave_room_for_those_of_another(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .downlink_limit = 1, .lane_limit = 2 };
    struct scene *scene = scene_make(&config);
    struct dialog_peer peer = scene_plain(4000);
    struct dialog_peer other = scene_plain(4001);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    scene_register(scene, &other, "urn:imei:352000000000033", path);
    struct downlink first = close_valve(77);
    struct downlink second = close_valve(78);
    second.device_id = 3;
    deliver(scene, &peer, &first);
    deliver(scene, &other, &second);
    lwm2m_server_forget(scene->server, 3, scene->now_ms);
    scene_register(scene, &other, "urn:imei:352000000000033", path);
    deliver(scene, &other, &second);
    scene_free(scene);
}

static void device_that_leaves_ends_its_request(void **state)
{
    (void)state;
    struct dialog_peer peer;
    char path[16];
    struct scene *scene = scene_make(NULL);
    peer = scene_plain(4000);
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    struct downlink downlink = close_valve(77);
    deliver(scene, &peer, &downlink);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_DELETE, path, NULL, -1, nothing);
    assert_int_equal(scene->uplink_count, 2);
    assert_int_equal(scene->uplinks[0].answer, UPLINK_ANSWER_TIMEOUT);
    assert_int_equal(scene->uplinks[1].kind, UPLINK_PRESENCE);
    scene_free(scene);
}

static void secured_device_gets_it_through_its_session(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_secured(4000, IMEI_SECURED);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000025", path);
    struct downlink downlink = close_valve(77);
    downlink.device_id = 2;
    const struct coap_message *request = deliver(scene, &peer, &downlink);
    assert_int_equal(scene->sent[0].to.session, 4000);
    scene_device_answers(scene, &peer, request, COAP_ACKNOWLEDGEMENT, COAP_CODE_CHANGED, -1, nothing);
    assert_int_equal(scene_uplink(scene, UPLINK_ANSWER)->answer, UPLINK_ANSWER_EXECUTED);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valve_command_is_delivered_and_answered),
        cmocka_unit_test(every_operation_fits_its_bound_and_is_read_back),
        cmocka_unit_test(sleeping_device_is_not_disturbed),
        cmocka_unit_test(one_request_is_in_flight_at_a_time),
        cmocka_unit_test(unanswered_request_is_repeated_then_given_up),
        cmocka_unit_test(tick_tells_when_to_come_again),
        cmocka_unit_test(refusal_carries_the_reason),
        cmocka_unit_test(answer_may_come_later_in_its_own_message),
        cmocka_unit_test(answers_of_others_change_nothing),
        cmocka_unit_test(what_was_read_arrives_as_a_report),
        cmocka_unit_test(an_answer_never_overtakes_the_note_that_its_request_left),
        cmocka_unit_test(older_device_is_read_in_the_older_way),
        cmocka_unit_test(what_cannot_be_said_is_refused_at_once),
        cmocka_unit_test(full_table_postpones),
        cmocka_unit_test(commands_of_one_core_leave_room_for_those_of_another),
        cmocka_unit_test(device_that_leaves_ends_its_request),
        cmocka_unit_test(secured_device_gets_it_through_its_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
