#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_register.h"

static int register_decode(const char *query, struct lwm2m_register *out)
{
    static uint8_t buffer[256];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;
    struct coap_message message;

    coap_encoder_begin(&encoder, &writer, COAP_CONFIRMABLE, COAP_CODE_POST, 1, span_of_text(""));
    coap_encoder_put_text(&encoder, COAP_OPTION_URI_PATH, "rd");
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_QUERY, span_of_text(query), '&');
    assert_true(coap_encoder_end(&encoder) > 0);
    assert_int_equal(coap_message_decode(writer_span(&writer), &message, NULL), 0);
    return lwm2m_register_decode(&message, out);
}

static void registrations_of_every_client_are_read(void **state)
{
    (void)state;
    struct lwm2m_register found;
    assert_int_equal(register_decode("lwm2m=1.2&ep=urn:imei:861234567890123&lt=86400&b=U&Q", &found), 0);
    assert_int_equal(found.version, LWM2M_VERSION(1, 2));
    assert_int_equal(found.lifetime_s, 86400);
    assert_int_equal(found.binding, LWM2M_BINDING_U);
    assert_true(found.queue_mode);
    assert_true(span_equal_text(found.endpoint, "urn:imei:861234567890123"));
    /* OneNET's SDK names no version; the queue hides in the binding. */
    assert_int_equal(register_decode("ep=861234567890123;460041234567890&b=UQ&lt=300&x=y", &found), 0);
    assert_int_equal(found.version, LWM2M_VERSION(1, 0));
    assert_false(found.has_version);
    assert_true(found.queue_mode);
    assert_int_equal(register_decode("lt=600", &found), 0);
    assert_int_equal(found.endpoint.size, 0);
    assert_true(found.has_lifetime);
    assert_false(found.has_binding);
    assert_int_equal(register_decode("b=UTSN", &found), 0);
    assert_int_equal(found.binding, 15);
}

static void wrong_registrations_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        int error;
    } cases[] = { { "ep=a&ep=b", CODEC_ERR_DUPLICATE }, { "lt=1&lt=1", CODEC_ERR_DUPLICATE },
                  { "ep=", CODEC_ERR_FORMAT },          { "lt=", CODEC_ERR_FORMAT },
                  { "lt=-1", CODEC_ERR_FORMAT },        { "lt=1.5", CODEC_ERR_FORMAT },
                  { "lt=4294967296", CODEC_ERR_RANGE }, { "lt=99999999999999999999999", CODEC_ERR_RANGE },
                  { "lwm2m=1", CODEC_ERR_FORMAT },      { "lwm2m=1.1.1", CODEC_ERR_FORMAT },
                  { "b=X", CODEC_ERR_FORMAT },          { "b=", CODEC_ERR_FORMAT },
                  { "b=Q", CODEC_ERR_FORMAT },          { "Q=1", CODEC_ERR_FORMAT } };
    struct lwm2m_register found, untouched;
    memset(&found, 0x5a, sizeof found);
    memset(&untouched, 0x5a, sizeof untouched);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(register_decode(cases[i].query, &found), cases[i].error);
        assert_memory_equal(&found, &untouched, sizeof found);
    }
}

static void endpoints_of_four_forms_name_the_imei(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum lwm2m_endpoint_form form;
        const char *imsi;
    } cases[] = {
        { "urn:imei:861234567890123", LWM2M_ENDPOINT_URN_IMEI, "" },
        { "URN:IMEI:861234567890123", LWM2M_ENDPOINT_URN_IMEI, "" },
        { "861234567890123", LWM2M_ENDPOINT_IMEI, "" },
        { "861234567890123;460041234567890", LWM2M_ENDPOINT_IMEI_IMSI, "460041234567890" },
        { "urn:imei-imsi:861234567890123-460041234567890", LWM2M_ENDPOINT_URN_IMEI_IMSI, "460041234567890" },
    };
    static const char *const wrong[] = { "",
                                         "86123456789012",
                                         "8612345678901234",
                                         "urn:imei:86123456789012x",
                                         "urn:imei:",
                                         "urn:imei:861234567890123 ",
                                         "861234567890123;",
                                         "861234567890123;12345",
                                         "861234567890123;4600412345678901",
                                         "urn:imei-imsi:861234567890123",
                                         "urn:dev:861234567890123",
                                         "meter" };
    struct lwm2m_endpoint endpoint;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(lwm2m_endpoint_parse(span_of_text(cases[i].text), &endpoint), 0);
        assert_int_equal(endpoint.form, cases[i].form);
        assert_int_equal(endpoint.imei, UINT64_C(861234567890123));
        assert_string_equal(endpoint.imei_text, "861234567890123");
        assert_true(span_equal_text(endpoint.imsi, cases[i].imsi));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(lwm2m_endpoint_parse(span_of_text(wrong[i]), &endpoint), CODEC_ERR_FORMAT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(registrations_of_every_client_are_read),
        cmocka_unit_test(wrong_registrations_are_refused),
        cmocka_unit_test(endpoints_of_four_forms_name_the_imei),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
