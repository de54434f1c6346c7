#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/dialog/scene.h"

static const struct span nothing = { NULL, 0 };

static uint8_t register_answer(struct scene *scene, const struct dialog_peer *from, const char *query,
                               const char *links)
{
    scene_request(scene, from, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", query, COAP_FORMAT_LINK, span_of_text(links));
    return scene_answer(scene, from)->code;
}

static void registration_lives_until_it_is_ended(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    char path[16];
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd",
                  "ep=urn:imei:352000000000017&lt=3600&lwm2m=1.1&b=U&Q", COAP_FORMAT_LINK,
                  span_of_text("</3/0>,</33424/0>"));
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_ACKNOWLEDGEMENT);
    assert_int_equal(answer->code, COAP_CODE_CREATED);
    struct writer writer = writer_of_buffer(path, sizeof path);
    coap_message_write_path(answer, COAP_OPTION_LOCATION_PATH, &writer);
    assert_int_equal(strlen(writer_terminate(&writer)), strlen("/rd/ABCD"));
    const struct uplink *uplink = scene_uplink(scene, UPLINK_PRESENCE);
    assert_int_equal(uplink->device_id, 1);
    assert_int_equal(uplink->awake, 1);
    assert_int_equal(uplink->received_s, SCENE_START_MS / 1000);
    assert_true(lwm2m_server_is_registered(scene->server, 1, scene->now_ms));
    assert_int_equal(lwm2m_server_registered_count(scene->server), 1);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_DELETE, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_DELETED);
    assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->awake, 0);
    assert_int_equal(lwm2m_server_registered_count(scene->server), 0);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_DELETE, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    scene_free(scene);
}

static void every_endpoint_form_names_the_same_device(void **state)
{
    (void)state;
    static const char *const forms[] = { "ep=urn:imei:352000000000017&lwm2m=1.1", "ep=352000000000017&lwm2m=1.0",
                                         "ep=352000000000017;460001234567890&b=U&lt=300",
                                         "ep=urn:imei-imsi:352000000000017-460001234567890&lwm2m=1.0&b=UQ" };
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        assert_int_equal(register_answer(scene, &peer, forms[i], "</3/0>"), COAP_CODE_CREATED);
        assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->device_id, 1);
    }
    assert_int_equal(lwm2m_server_registered_count(scene->server), 1);
    scene_free(scene);
}

static void strangers_and_mismatches_are_refused_and_counted(void **state)
{
    (void)state;
    static const struct {
        bool secured;
        const char *query;
        uint8_t answer;
        enum lwm2m_counter counter;
    } cases[] = {
        { false, "ep=urn:imei:999999999999999&lwm2m=1.1", COAP_CODE_FORBIDDEN, LWM2M_REFUSED_UNKNOWN_DEVICE },
        { false, "ep=urn:imei:352000000000025&lwm2m=1.1", COAP_CODE_FORBIDDEN, LWM2M_REFUSED_PLAIN },
        { true, "ep=urn:imei:352000000000017&lwm2m=1.1", COAP_CODE_FORBIDDEN, LWM2M_REFUSED_IDENTITY },
        { false, "lwm2m=1.1", COAP_CODE_BAD_REQUEST, LWM2M_REFUSED_BAD_REQUEST },
        { false, "ep=kitchen&lwm2m=1.1", COAP_CODE_BAD_REQUEST, LWM2M_REFUSED_BAD_REQUEST },
        { false, "ep=352000000000017&lwm2m=1.1&lt=soon", COAP_CODE_BAD_REQUEST, LWM2M_REFUSED_BAD_REQUEST },
        { false, "ep=352000000000017&lwm2m=1.2", COAP_CODE_PRECONDITION_FAILED, LWM2M_REFUSED_VERSION },
        { false, "ep=352000000000017&lwm2m=2.0", COAP_CODE_PRECONDITION_FAILED, LWM2M_REFUSED_VERSION },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene *scene = scene_make(NULL);
        struct dialog_peer peer = cases[i].secured ? scene_secured(4000, IMEI_SECURED) : scene_plain(4000);
        assert_int_equal(register_answer(scene, &peer, cases[i].query, "</3/0>"), cases[i].answer);
        assert_int_equal(scene_counted(scene, cases[i].counter), 1);
        assert_int_equal(scene->uplink_count, 0);
        assert_int_equal(lwm2m_server_registered_count(scene->server), 0);
        scene_free(scene);
    }
}

static void stranger_is_left_to_repeat_until_all_are_known(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    struct span list = span_of_text("</3/0>");
    const char *stranger = "ep=urn:imei:352000000000999&lwm2m=1.1";
    lwm2m_server_archive_partial(scene->server, true);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", stranger, COAP_FORMAT_LINK, list);
    scene_expect_silence(scene);
    assert_int_equal(scene_counted(scene, LWM2M_UNKNOWN_YET), 1);
    assert_int_equal(register_answer(scene, &peer, "ep=urn:imei:352000000000017&lwm2m=1.1", "</3/0>"), COAP_CODE_CREATED);
    lwm2m_server_archive_partial(scene->server, false);
    scene->next_message_id = 100; /* the first message once more */
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", stranger, COAP_FORMAT_LINK, list);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_FORBIDDEN);
    scene_free(scene);
}

static void object_list_must_make_sense(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    assert_int_equal(register_answer(scene, &peer, "ep=352000000000017", "</3/0>,</4/0"), COAP_CODE_BAD_REQUEST);
    assert_int_equal(register_answer(scene, &peer, "ep=352000000000017", "</3/0>, </4/0>"), COAP_CODE_CREATED);
    scene_free(scene);
}

static void secured_identity_stands_for_a_missing_endpoint(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_secured(4000, IMEI_SECURED);
    assert_int_equal(register_answer(scene, &peer, "lwm2m=1.1", "</3/0>"), COAP_CODE_CREATED);
    assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->device_id, 2);
    scene_free(scene);
}

static void update_follows_the_address_and_prolongs(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer old = scene_plain(4000);
    struct dialog_peer moved = scene_plain(4001);
    char path[16];
    scene_register(scene, &old, "urn:imei:352000000000017", path);
    scene->now_ms += 80000 * 1000;
    scene_request(scene, &moved, COAP_CONFIRMABLE, COAP_CODE_POST, path, "lt=7200", -1, nothing);
    assert_int_equal(scene_answer(scene, &moved)->code, COAP_CODE_CHANGED);
    assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->device_id, 1);
    assert_int_equal(scene_counted(scene, LWM2M_ADDRESS_CHANGED), 1);
    assert_true(lwm2m_server_is_registered(scene->server, 1, scene->now_ms + 7199 * 1000));
    assert_false(lwm2m_server_is_registered(scene->server, 1, scene->now_ms + 7200 * 1000));
    scene_report(scene, &moved, 7817000);
    scene_acknowledge(scene, true);
    assert_int_equal(scene_answer(scene, &moved)->code, COAP_CODE_CHANGED);
    scene_report(scene, &old, 7817000);
    assert_int_equal(scene_answer(scene, &old)->code, COAP_CODE_NOT_FOUND);
    scene_free(scene);
}

static void handle_belongs_to_one_identity(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer owner = scene_secured(4000, IMEI_SECURED);
    struct dialog_peer other = scene_secured(4001, IMEI_PLAIN);
    struct dialog_peer plain = scene_plain(4002);
    char path[16];
    scene_register(scene, &owner, "urn:imei:352000000000025", path);
    scene_request(scene, &other, COAP_CONFIRMABLE, COAP_CODE_POST, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &other)->code, COAP_CODE_FORBIDDEN);
    scene_request(scene, &plain, COAP_CONFIRMABLE, COAP_CODE_DELETE, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &plain)->code, COAP_CODE_FORBIDDEN);
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_IDENTITY), 1);
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_PLAIN), 1);
    scene_request(scene, &owner, COAP_CONFIRMABLE, COAP_CODE_POST, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &owner)->code, COAP_CODE_CHANGED);
    scene_free(scene);
}

static void unknown_handle_sends_the_device_back_to_register(void **state)
{
    (void)state;
    static const char *const paths[] = { "/rd/AAAA", "/rd/x", "/rd/abcde", "/rd/%00%01%02%03" };
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, paths[i], NULL, -1, nothing);
        assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    }
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_HANDLE), 4);
    scene_free(scene);
}

static void lifetime_ends_by_itself(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    scene->now_ms += 86400 * 1000 - 1;
    lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(lwm2m_server_registered_count(scene->server), 1);
    scene->now_ms += 1;
    scene_report(scene, &peer, 7817000);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    lwm2m_server_tick(scene->server, scene->now_ms + 1000);
    assert_int_equal(lwm2m_server_registered_count(scene->server), 0);
    assert_int_equal(scene_counted(scene, LWM2M_REGISTRATION_EXPIRED), 1);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, path, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    scene_free(scene);
}

static void lifetimes_of_numbers_far_apart_are_noticed_soon(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer near = scene_plain(4000), far = scene_plain(4001);
    assert_int_equal(register_answer(scene, &near, "ep=urn:imei:352000000000017&lt=60&lwm2m=1.1", "</3/0>"), COAP_CODE_CREATED);
    assert_int_equal(register_answer(scene, &far, "ep=urn:imei:352000000000041&lt=60&lwm2m=1.1", "</3/0>"), COAP_CODE_CREATED);
    assert_int_equal(scene->uplinks[1].device_id, DEVICE_FAR);
    scene->now_ms += 61000;
    for (int second = 0; second < 5; second++, scene->now_ms += 1000)
        lwm2m_server_tick(scene->server, scene->now_ms);
    assert_int_equal(scene_counted(scene, LWM2M_REGISTRATION_EXPIRED), 2);
    assert_int_equal(lwm2m_server_registered_count(scene->server), 0);
    scene_free(scene);
}

static void handle_is_the_same_after_a_restart(void **state)
{
    (void)state;
    struct dialog_peer peer = scene_plain(4000);
    char before[16];
    char after[16];
    struct scene *scene = scene_make(NULL);
    scene_register(scene, &peer, "urn:imei:352000000000017", before);
    scene_free(scene);
    scene = scene_make(NULL);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, before, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    scene_register(scene, &peer, "urn:imei:352000000000017", after);
    assert_string_equal(before, after);
    scene_free(scene);
}

static void handles_of_another_core_s_devices_are_unknown(void **state)
{
    (void)state;
    struct lwm2m_server_config config = { .handle_base = 1 << 23 };
    struct dialog_peer peer = scene_plain(4000);
    char elsewhere[16];
    char here[16];
    struct scene *scene = scene_make(NULL);
    scene_register(scene, &peer, "urn:imei:352000000000017", elsewhere);
    scene_free(scene);
    scene = scene_make(&config);
    scene_register(scene, &peer, "urn:imei:352000000000017", here);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, elsewhere, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, here, NULL, -1, nothing);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_CHANGED);
    scene_free(scene);
}

static void address_taken_over_belongs_to_the_last(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    scene_register(scene, &peer, "urn:imei:352000000000033", path);
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene_uplink(scene, UPLINK_REPORT)->device_id, 3);
    scene_free(scene);
}

static void forgotten_device_is_a_stranger(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    char path[16];
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    lwm2m_server_forget(scene->server, 1, scene->now_ms);
    assert_int_equal(lwm2m_server_registered_count(scene->server), 0);
    scene_report(scene, &peer, 1000);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    lwm2m_server_forget(scene->server, 77, scene->now_ms);
    scene_free(scene);
}

static void repeated_register_gets_the_stored_answer(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    struct scene_datagram first;
    for (int i = 0; i < 3; i++) {
        scene->next_message_id = 500;
        scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_POST, "/rd", "ep=352000000000017&lwm2m=1.0",
                      COAP_FORMAT_LINK, span_of_text("</3/0>"));
        assert_int_equal(scene->sent_count, 1);
        if (i == 0)
            first = scene->sent[0];
        assert_int_equal(scene->sent[0].size, first.size);
        assert_memory_equal(scene->sent[0].bytes, first.bytes, first.size);
        scene->sent_count = 0;
    }
    assert_int_equal(scene_counted(scene, LWM2M_REGISTERED), 1);
    assert_int_equal(scene_counted(scene, LWM2M_DUPLICATE), 2);
    assert_int_equal(scene->uplink_count, 1);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registration_lives_until_it_is_ended),
        cmocka_unit_test(every_endpoint_form_names_the_same_device),
        cmocka_unit_test(strangers_and_mismatches_are_refused_and_counted),
        cmocka_unit_test(stranger_is_left_to_repeat_until_all_are_known),
        cmocka_unit_test(object_list_must_make_sense),
        cmocka_unit_test(secured_identity_stands_for_a_missing_endpoint),
        cmocka_unit_test(update_follows_the_address_and_prolongs),
        cmocka_unit_test(handle_belongs_to_one_identity),
        cmocka_unit_test(unknown_handle_sends_the_device_back_to_register),
        cmocka_unit_test(lifetime_ends_by_itself),
        cmocka_unit_test(lifetimes_of_numbers_far_apart_are_noticed_soon),
        cmocka_unit_test(handle_is_the_same_after_a_restart),
        cmocka_unit_test(handles_of_another_core_s_devices_are_unknown),
        cmocka_unit_test(address_taken_over_belongs_to_the_last),
        cmocka_unit_test(forgotten_device_is_a_stranger),
        cmocka_unit_test(repeated_register_gets_the_stored_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
