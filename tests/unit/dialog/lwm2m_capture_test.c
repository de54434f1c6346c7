/* Frames of client programs in the field, captured on loopback: what our server answers them. */
#include "tests/unit/unit_test.h"

#include "base/hex.h"
#include "tests/unit/dialog/scene.h"

/* OneNET C SDK (2018): endpoint IMEI;IMSI, no lwm2m=, root link. */
static const char onenet_register[] =
    "440210f2f21023e0b2726411283d1565703d3836313233343536373839303132333b34363030343132333435363738393003"
    "623d55056c743d3630ff3c2f3e3b72743d226f6d612e6c776d326d222c3c2f333230302f303e2c3c2f333230322f303e";

/* AVSystem Anjay 3.14: LwM2M 1.2, version attributes without quotes. */
static const char anjay_register[] =
    "480254c2873c123797a1e829b272641128396c776d326d3d312e320d0e65703d75726e3a696d65693a383631323334353637"
    "383930313233086c743d3836343030ff3c2f312f313e2c3c2f323e2c3c2f332f303e2c3c2f342f303e2c3c2f352f303e2c3c"
    "2f362f303e2c3c2f372f303e2c3c2f31303e3b7665723d312e312c3c2f31302f303e2c3c2f31313e2c3c2f31363e2c3c2f31"
    "393e2c3c2f32302f303e2c3c2f333330332f303e2c3c2f333331332f303e2c3c2f333334372f303e2c3c2f33333630353e2c"
    "3c2f33333630362f303e2c3c2f33333630372f303e2c3c2f33333630383e2c3c2f33333630392f303e";

/* The same client: Send of /3/0/13 in SenML-CBOR. */
static const char anjay_send[] =
    "480254c7b0beef0c5d65dfbbb264701170ff81a321672f332f302f313322fb41dac03921ae645a021a6b00e486";

/* Eclipse Wakaama: an endpoint that is no IMEI. */
static const char wakaama_register[] =
    "44022cd2d22c11e1b272641128396c776d326d3d312e310d0065703d6d74722d30303031323303623d55066c743d333030ff"
    "3c2f3e3b72743d226f6d612e6c776d326d223b63743d3131302c3c2f313e3b7665723d312e312c3c2f312f303e2c3c2f322f"
    "303e2c3c2f332f303e2c3c2f342f303e2c3c2f352f303e2c3c2f362f303e2c3c2f372f303e2c3c2f33313032343e3b766572"
    "3d312e302c3c2f33313032342f31303e2c3c2f33313032342f31313e2c3c2f33313032342f31323e";

/* Wakaama: an update with a new list of objects and no content format. */
static const char wakaama_update[] =
    "440210f5f51052e0b272640435613366ff3c2f3e3b72743d226f6d612e6c776d326d223b63743d3131302c3c2f313e3b7665"
    "723d312e312c3c2f312f303e2c3c2f322f303e2c3c2f332f303e2c3c2f342f303e2c3c2f352f303e2c3c2f362f303e2c3c2f"
    "372f303e2c3c2f33313032343e3b7665723d312e302c3c2f33313032342f31313e2c3c2f33313032342f31323e";

static void receive_hex(struct scene *scene, const struct dialog_peer *from, const char *hex)
{
    uint8_t bytes[512];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    assert_true(size > 0);
    scene_receive(scene, from, span_of_bytes(bytes, (size_t)size));
}

static void onenet_module_registers(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    receive_hex(scene, &peer, onenet_register);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->code, COAP_CODE_CREATED);
    assert_int_equal(coap_message_segments(answer, COAP_OPTION_LOCATION_PATH), 2);
    assert_int_equal(scene_uplink(scene, UPLINK_PRESENCE)->device_id, 4);
    assert_true(lwm2m_server_is_registered(scene->server, 4, scene->now_ms + 59999));
    assert_false(lwm2m_server_is_registered(scene->server, 4, scene->now_ms + 60000));
    scene_free(scene);
}

static void newer_client_is_told_to_speak_an_older_version(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    receive_hex(scene, &peer, anjay_register);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_PRECONDITION_FAILED);
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_VERSION), 1);
    scene_free(scene);
}

static void send_of_a_clock_alone_is_taken(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    receive_hex(scene, &peer, onenet_register);
    scene->sent_count = 0;
    scene->uplink_count = 0;
    receive_hex(scene, &peer, anjay_send);
    assert_int_equal(scene->uplink_count, 1);
    if (scene->uplinks[0].kind != UPLINK_PRESENCE)
        scene_acknowledge(scene, true);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_CHANGED);
    scene_free(scene);
}

static void foreign_endpoints_and_handles_are_refused(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    receive_hex(scene, &peer, wakaama_register);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_BAD_REQUEST);
    receive_hex(scene, &peer, wakaama_update);
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    assert_int_equal(scene->uplink_count, 0);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onenet_module_registers),
        cmocka_unit_test(newer_client_is_told_to_speak_an_older_version),
        cmocka_unit_test(send_of_a_clock_alone_is_taken),
        cmocka_unit_test(foreign_endpoints_and_handles_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
