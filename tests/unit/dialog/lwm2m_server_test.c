#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/dialog/scene.h"

static const struct span nothing = { NULL, 0 };

static void ping_is_reset(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    scene_receive(scene, &peer, span_of_bytes("\x40\x00\x12\x34", 4));
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_RESET);
    assert_int_equal(answer->message_id, 0x1234);
    assert_int_equal(scene_counted(scene, LWM2M_PING), 1);
    scene_free(scene);
}

static void damaged_messages_get_a_reset_or_silence(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        bool reset;
    } cases[] = {
        { "", 0, false },
        { "\x40\x01\x00", 3, false },            /* shorter than a header */
        { "\x80\x01\x00\x01", 4, false },        /* version 2 */
        { "\x49\x01\x00\x01", 4, true },         /* token of nine bytes */
        { "\x59\x01\x00\x01", 4, false },        /* the same, not confirmable */
        { "\x40\x01\x00\x01\xff", 5, true },     /* marker without payload */
        { "\x40\x01\x00\x01\xf0", 5, true },     /* reserved nibble */
        { "\x40\x01\x00\x01\xb5" "ab", 7, true }, /* option longer than the message */
        { "\x40\x21\x00\x01", 4, true },         /* code of class 1 */
        { "\x41\x00\x00\x01\x00", 5, true },     /* empty message with a token */
        { "\x60\x21\x00\x01", 4, false },        /* the same class as acknowledgement */
    };
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene_receive(scene, &peer, span_of_bytes(cases[i].bytes, cases[i].size));
        assert_int_equal(scene->sent_count, cases[i].reset);
        if (cases[i].reset)
            assert_int_equal(scene_answer(scene, &peer)->type, COAP_RESET);
    }
    assert_int_equal(scene_counted(scene, LWM2M_MALFORMED), sizeof cases / sizeof cases[0]);
    assert_int_equal(scene->uplink_count, 0);
    scene_free(scene);
}

static void well_known_core_lists_what_we_serve(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    scene_request(scene, &peer, COAP_CONFIRMABLE, COAP_CODE_GET, "/.well-known/core", NULL, -1, nothing);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_ACKNOWLEDGEMENT);
    assert_int_equal(answer->code, COAP_CODE_CONTENT);
    assert_int_equal(coap_message_format(answer, COAP_OPTION_CONTENT_FORMAT), COAP_FORMAT_LINK);
    assert_true(span_equal_text(answer->payload, "</rd>;rt=\"core.rd\",</dp>"));
    assert_true(span_equal_text(answer->token, "tk"));
    scene_free(scene);
}

static void unknown_paths_and_methods_are_named(void **state)
{
    (void)state;
    static const struct {
        uint8_t method;
        const char *path;
        uint8_t answer;
    } cases[] = {
        { COAP_CODE_GET, "/", COAP_CODE_NOT_FOUND },
        { COAP_CODE_POST, "/bs", COAP_CODE_NOT_FOUND },
        { COAP_CODE_POST, "/rd/abcd/x", COAP_CODE_NOT_FOUND },
        { COAP_CODE_GET, "/rd", COAP_CODE_METHOD_NOT_ALLOWED },
        { COAP_CODE_PUT, "/rd/abcd", COAP_CODE_METHOD_NOT_ALLOWED },
        { COAP_CODE_FETCH, "/dp", COAP_CODE_METHOD_NOT_ALLOWED },
        { COAP_CODE(0, 30), "/dp", COAP_CODE_METHOD_NOT_ALLOWED },
        { COAP_CODE_POST, "/.well-known/core", COAP_CODE_METHOD_NOT_ALLOWED },
    };
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene_request(scene, &peer, COAP_CONFIRMABLE, cases[i].method, cases[i].path, NULL, -1, nothing);
        assert_int_equal(scene_answer(scene, &peer)->code, cases[i].answer);
    }
    scene_free(scene);
}

static void non_confirmable_request_gets_a_message_of_its_own(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    scene_request(scene, &peer, COAP_NON_CONFIRMABLE, COAP_CODE_GET, "/nowhere", NULL, -1, nothing);
    const struct coap_message *answer = scene_answer(scene, &peer);
    assert_int_equal(answer->type, COAP_NON_CONFIRMABLE);
    assert_int_equal(answer->code, COAP_CODE_NOT_FOUND);
    assert_true(span_equal_text(answer->token, "tk"));
    scene_free(scene);
}

static void critical_options_must_be_known(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    /* CON GET, If-Match "x"; then option 2049 (critical, private); then 2050 (elective) with path /nowhere. */
    scene_receive(scene, &peer, span_of_bytes("\x40\x01\x00\x01\x11x", 6));
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_BAD_OPTION);
    scene_receive(scene, &peer, span_of_bytes("\x40\x01\x00\x02\xe0\x06\xf4", 7));
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_BAD_OPTION);
    scene_receive(scene, &peer, span_of_bytes("\x50\x01\x00\x03\xe0\x06\xf4", 7));
    scene_expect_silence(scene);
    scene_receive(scene, &peer, span_of_bytes("\x40\x01\x00\x04\xe0\x06\xf5", 7));
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND);
    assert_int_equal(scene_counted(scene, LWM2M_REFUSED_BAD_OPTION), 3);
    scene_free(scene);
}

static void body_in_blocks_is_too_large(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    /* CON POST /dp, Block1 0/more/64, then 0/last/64. */
    scene_receive(scene, &peer, span_of_bytes("\x40\x02\x00\x01\xb2" "dp\xd1\x03\x0a\xffx", 12));
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_ENTITY_TOO_LARGE);
    scene_receive(scene, &peer, span_of_bytes("\x40\x02\x00\x02\xb2" "dp\xd1\x03\x02\xffx", 12));
    assert_int_equal(scene_answer(scene, &peer)->code, COAP_CODE_NOT_FOUND); /* whole, but nobody registered */
    scene_free(scene);
}

static void stray_answers_are_counted_and_left_alone(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    scene_receive(scene, &peer, span_of_bytes("\x60\x00\x00\x01", 4)); /* acknowledgement */
    scene_receive(scene, &peer, span_of_bytes("\x70\x00\x00\x02", 4)); /* reset */
    scene_receive(scene, &peer, span_of_bytes("\x60\x45\x00\x03", 4)); /* piggybacked response */
    scene_receive(scene, &peer, span_of_bytes("\x60\x01\x00\x04", 4)); /* a request in an acknowledgement */
    scene_receive(scene, &peer, span_of_bytes("\x50\x00\x00\x05", 4)); /* empty, not confirmable */
    scene_expect_silence(scene);
    assert_int_equal(scene_counted(scene, LWM2M_RESPONSE_UNKNOWN), 4);
    scene_receive(scene, &peer, span_of_bytes("\x40\x45\x00\x06", 4)); /* confirmable response to nothing */
    assert_int_equal(scene_answer(scene, &peer)->type, COAP_RESET);
    scene_free(scene);
}

static void limits_outside_the_range_are_refused(void **state)
{
    (void)state;
    struct lwm2m_server *server = NULL;
    struct lwm2m_server_ports ports = { 0 };
    struct lwm2m_server_config config = { .device_limit = 16777217 };
    assert_int_equal(lwm2m_server_open(&config, &ports, &server), LWM2M_SERVER_ERR_RANGE);
    config = (struct lwm2m_server_config){ .downlink_limit = 65537 };
    assert_int_equal(lwm2m_server_open(&config, &ports, &server), LWM2M_SERVER_ERR_RANGE);
    assert_null(server);
    assert_true(strlen(lwm2m_server_error_text(LWM2M_SERVER_ERR_RANGE)) > 0);
}

static void any_bytes_are_survived(void **state)
{
    (void)state;
    struct scene *scene = scene_make(NULL);
    struct dialog_peer peer = scene_plain(4000);
    char path[16];
    uint8_t valid[300] = "\x40\x02\x00\x01\xb2" "dp\x12\x2d\x16\xff"; /* CON POST /dp, format 11542 */
    struct span payload = scene_report_payload(valid + 11, sizeof valid - 11, 7817000);
    size_t size = 11 + payload.size;
    scene_register(scene, &peer, "urn:imei:352000000000017", path);
    for (size_t cut = 0; cut < size; cut++) {
        valid[3] = (uint8_t)cut;
        scene_receive(scene, &peer, span_of_bytes(valid, cut));
        scene->sent_count = 0;
        scene->uplink_count = 0;
    }
    uint64_t random = 1;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (uint8_t)(random >> 56);
        }
        bytes[0] = (uint8_t)(0x40 | (bytes[0] & 0x3f)); /* version 1, so that more than the header is read */
        scene_receive(scene, &peer, span_of_bytes(bytes, bytes[63] % sizeof bytes));
        scene->sent_count = 0;
        scene->uplink_count = 0;
    }
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ping_is_reset),
        cmocka_unit_test(damaged_messages_get_a_reset_or_silence),
        cmocka_unit_test(well_known_core_lists_what_we_serve),
        cmocka_unit_test(unknown_paths_and_methods_are_named),
        cmocka_unit_test(non_confirmable_request_gets_a_message_of_its_own),
        cmocka_unit_test(critical_options_must_be_known),
        cmocka_unit_test(body_in_blocks_is_too_large),
        cmocka_unit_test(stray_answers_are_counted_and_left_alone),
        cmocka_unit_test(limits_outside_the_range_are_refused),
        cmocka_unit_test(any_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
