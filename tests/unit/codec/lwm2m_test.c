#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_execute.h"
#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_object.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/lwm2m/lwm2m_payload.h"
#include "codec/lwm2m/lwm2m_register.h"
#include "codec/lwm2m/lwm2m_tlv.h"

static void paths_are_read_and_written(void **state)
{
    (void)state;
    static const char *const texts[] = { "/", "/0", "/3/0/9", "/65534/65534/65534/65534", "/33424/0/10", "/10/20/30/40" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint8_t buffer[LWM2M_PATH_TEXT_LIMIT];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        struct lwm2m_path path;
        assert_int_equal(lwm2m_path_parse(span_of_text(texts[i]), &path), 0);
        lwm2m_path_write(path, &out);
        assert_true(span_equal_text(writer_span(&out), texts[i]));
    }
}

static void wrong_paths_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int error;
    } cases[] = { { "", CODEC_ERR_FORMAT },      { "3", CODEC_ERR_FORMAT },       { "/3/", CODEC_ERR_FORMAT },
                  { "//3", CODEC_ERR_FORMAT },   { "/03", CODEC_ERR_FORMAT },     { "/-1", CODEC_ERR_FORMAT },
                  { "/3/0x", CODEC_ERR_FORMAT }, { "/65535", CODEC_ERR_RANGE },   { "/99999999999", CODEC_ERR_RANGE },
                  { "/1/2/3/4/5", CODEC_ERR_DEPTH }, { "/rd", CODEC_ERR_FORMAT }, { " /3", CODEC_ERR_FORMAT } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lwm2m_path path = lwm2m_path_of_object(7);
        assert_int_equal(lwm2m_path_parse(span_of_text(cases[i].text), &path), cases[i].error);
        assert_int_equal(path.ids[0], 7);
    }
}

static void paths_lie_within_others(void **state)
{
    (void)state;
    struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 }, path = lwm2m_path_of_resource(3, 0, 9);
    assert_true(lwm2m_path_is_within(path, root));
    assert_true(lwm2m_path_is_within(path, lwm2m_path_of_object(3)));
    assert_true(lwm2m_path_is_within(path, path));
    assert_false(lwm2m_path_is_within(lwm2m_path_of_object(3), path));
    assert_false(lwm2m_path_is_within(path, lwm2m_path_of_instance(3, 1)));
    assert_false(lwm2m_path_equal(path, lwm2m_path_of_instance(3, 0)));
}

static int links_count(const char *text, bool lenient)
{
    struct lwm2m_link_iterator iterator = lwm2m_link_iterator(span_of_text(text), lenient);
    struct lwm2m_link link;
    int count = 0, result;
    while ((result = lwm2m_link_next(&iterator, &link)) > 0)
        count++;
    return result < 0 ? result : count;
}

static void blanks_pass_only_when_lenient(void **state)
{
    (void)state;
    assert_int_equal(links_count("</1/0>, </3/0> ,</4>", true), 3);
    assert_int_equal(links_count("</1/0>, </3/0> ,</4>", false), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("", false), 0);
    assert_int_equal(links_count("</1/0>,", true), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("</1/0></2>", true), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("</1/0>;ver=", false), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("</1/0>;ver=\"1.1\\", false), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("</3/0/6>;dim=256", false), CODEC_ERR_RANGE);
    assert_int_equal(links_count("</3/0/6>;dim=x", false), CODEC_ERR_FORMAT);
    assert_int_equal(links_count("<>", false), CODEC_ERR_FORMAT);
}

static void versions_are_found_quoted_and_bare(void **state)
{
    (void)state;
    struct lwm2m_link_iterator iterator =
        lwm2m_link_iterator(span_of_text("</>;rt=\"oma.lwm2m\";ct=110,</10>;ver=\"1.1\",</33424>;ver=1.0;obs"), false);
    struct lwm2m_link link;
    struct span value;
    assert_int_equal(lwm2m_link_next(&iterator, &link), 1);
    assert_true(lwm2m_link_attribute(&link, "rt", &value));
    assert_true(span_equal_text(value, "oma.lwm2m"));
    assert_int_equal(lwm2m_link_next(&iterator, &link), 1);
    assert_true(lwm2m_link_attribute(&link, "ver", &value));
    assert_true(span_equal_text(value, "1.1"));
    assert_int_equal(lwm2m_link_next(&iterator, &link), 1);
    assert_true(lwm2m_link_attribute(&link, "ver", &value));
    assert_true(span_equal_text(value, "1.0"));
    assert_true(lwm2m_link_attribute(&link, "obs", &value));
    assert_int_equal(value.size, 0);
    assert_false(lwm2m_link_attribute(&link, "ct", &value));
    assert_int_equal(lwm2m_link_next(&iterator, &link), 0);
}

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

static void arguments_are_walked_and_found(void **state)
{
    (void)state;
    struct lwm2m_argument argument;
    struct span payload = span_of_text("0='open',1='7',5");
    assert_int_equal(lwm2m_argument_find(payload, 1, &argument), 1);
    assert_true(span_equal_text(argument.value, "7"));
    assert_int_equal(lwm2m_argument_find(payload, 5, &argument), 1);
    assert_false(argument.has_value);
    assert_int_equal(lwm2m_argument_find(payload, 3, &argument), 0);
    assert_int_equal(lwm2m_argument_find(span_of_text(""), 0, &argument), 0);
    assert_int_equal(lwm2m_argument_find(span_of_text("0=''"), 0, &argument), 1);
    assert_int_equal(argument.value.size, 0);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { ",", "0,", "a", "0='", "0='a", "0=a", "0='a'1='b'", "0='a' ", "0='a\"'",
                                         "10='a'", "0='a b'", "0 ='a'", "0==''" };
    struct lwm2m_argument argument;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(lwm2m_argument_find(span_of_text(texts[i]), 0, &argument), CODEC_ERR_FORMAT);
    assert_int_equal(lwm2m_argument_find(span_of_text("0,0"), 0, &argument), CODEC_ERR_DUPLICATE);
}

/* One and the same value under every legal width of identifier and length. */
static void tlv_widths_are_all_legal(void **state)
{
    (void)state;
    static const char *const forms[] = { "c2050102", "e200050102", "c805020102", "e80005020102", "d00500020102",
                                         "f0000500020102", "d8050000020102", "f80005000002 0102" };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        uint8_t bytes[16];
        int size = hex_decode(span_of_text(forms[i]), bytes, sizeof bytes);
        struct lwm2m_tlv entry;
        size_t offset = 0;
        assert_int_equal(lwm2m_tlv_next(span_of_bytes(bytes, (size_t)size), &offset, &entry), 1);
        assert_int_equal(entry.kind, LWM2M_TLV_RESOURCE);
        assert_int_equal(entry.id, 5);
        assert_int_equal(entry.value.size, 2);
        assert_int_equal(offset, size);
        for (size_t cut = 1; cut < (size_t)size; cut++) {
            offset = 0;
            assert_int_equal(lwm2m_tlv_next(span_of_bytes(bytes, cut), &offset, &entry), CODEC_ERR_SHORT);
            assert_int_equal(offset, 0);
        }
    }
}

static void tlv_values_are_typed_by_width(void **state)
{
    (void)state;
    int64_t integer = 0;
    struct number number;
    bool boolean;
    uint16_t object, instance;
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\xff\xff\xff\xfe", 4), &integer), 0);
    assert_int_equal(integer, -2);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\x80\0\0\0\0\0\0\0", 8), &integer), 0);
    assert_int_equal(integer, INT64_MIN);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("\0\0\1", 3), &integer), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_integer(span_of_bytes("", 0), &integer), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_float(span_of_bytes("\x3f\x80", 2), &number), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_float(span_of_bytes("\x3f\x80\0\0", 4), &number), 0);
    assert_int_equal(number_integer(number, &integer), 0);
    assert_int_equal(integer, 1);
    assert_int_equal(lwm2m_tlv_boolean(span_of_bytes("\2", 1), &boolean), CODEC_ERR_RANGE);
    assert_int_equal(lwm2m_tlv_boolean(span_of_bytes("\0\1", 2), &boolean), CODEC_ERR_TYPE);
    assert_int_equal(lwm2m_tlv_link(span_of_bytes("\0\1\0", 3), &object, &instance), CODEC_ERR_TYPE);
}

static void tlv_numbers_come_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(743);
    for (int round = 0; round < 20000; round++) {
        uint8_t buffer[32];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        int64_t value = (int64_t)(random_next(&random) >> random_below(&random, 64)), back, decimal;
        int scale = (int)random_below(&random, 4);
        uint16_t id = (uint16_t)random_below(&random, 65535);
        struct lwm2m_tlv entry;
        struct number number;
        size_t offset = 0;
        if (random_chance(&random, 1, 2))
            value = -(value >> 1);
        assert_int_equal(lwm2m_tlv_put_integer(&out, LWM2M_TLV_RESOURCE, id, value), 0);
        decimal = value / 4096;
        assert_int_equal(lwm2m_tlv_put_decimal(&out, LWM2M_TLV_RESOURCE_INSTANCE, id, decimal, scale), 0);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 1);
        assert_int_equal(entry.id, id);
        assert_int_equal(lwm2m_tlv_integer(entry.value, &back), 0);
        assert_int_equal(back, value);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 1);
        assert_int_equal(lwm2m_tlv_float(entry.value, &number), 0);
        assert_int_equal(number_scaled(number, scale, &back), 0);
        assert_int_equal(back, decimal);
        assert_int_equal(lwm2m_tlv_next(writer_span(&out), &offset, &entry), 0);
    }
}

struct seen {
    struct lwm2m_path paths[8];
    int64_t values[8];
    int count;
};

static int value_note(void *context, const struct lwm2m_value *value)
{
    struct seen *seen = context;
    seen->paths[seen->count] = value->path;
    if (lwm2m_value_scaled(value, LWM2M_TYPE_INTEGER, 0, &seen->values[seen->count]) < 0)
        seen->values[seen->count] = -1;
    seen->count++;
    return 0;
}

static int tlv_read(struct lwm2m_path base, const char *hex, struct seen *seen)
{
    uint8_t bytes[64];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);
    assert_true(size >= 0);
    seen->count = 0;
    return lwm2m_payload_read(COAP_FORMAT_TLV, base, span_of_bytes(bytes, (size_t)size), value_note, seen, NULL);
}

static void tlv_paths_follow_the_request(void **state)
{
    (void)state;
    struct seen seen;
    /* object asked: instance 2 with resource 9 and resource 7 of two instances */
    assert_int_equal(tlv_read(lwm2m_path_of_object(3), "08020e c10964 880708 42000bb8 42010bb9", &seen), 3);
    assert_true(lwm2m_path_equal(seen.paths[0], lwm2m_path_of_resource(3, 2, 9)));
    assert_int_equal(seen.values[0], 100);
    assert_int_equal(seen.paths[2].depth, 4);
    assert_int_equal(seen.paths[2].ids[3], 1);
    assert_int_equal(seen.values[2], 3001);
    /* the only instance may be left out, or repeated below its own path */
    assert_int_equal(tlv_read(lwm2m_path_of_object(3), "c10964", &seen), 1);
    assert_true(lwm2m_path_equal(seen.paths[0], lwm2m_path_of_resource(3, 0, 9)));
    assert_int_equal(tlv_read(lwm2m_path_of_instance(3, 0), "0300c10964", &seen), 1);
    assert_int_equal(tlv_read(lwm2m_path_of_resource(3, 0, 9), "c10964", &seen), 1);
    assert_int_equal(tlv_read(lwm2m_path_of_resource(3, 0, 7), "86074200 0bb8 4101 05", &seen), CODEC_ERR_SHORT);
    assert_int_equal(tlv_read(lwm2m_path_of_resource(3, 0, 7), "8707 42000bb8 410105", &seen), 2);
    assert_int_equal(tlv_read(lwm2m_path_of_instance(3, 0), "", &seen), 0);
}

static void tlv_out_of_place_is_refused(void **state)
{
    (void)state;
    struct seen seen;
    struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    assert_int_equal(tlv_read(lwm2m_path_of_instance(3, 1), "0300c10964", &seen), CODEC_ERR_FORMAT);
    assert_int_equal(tlv_read(lwm2m_path_of_resource(3, 0, 9), "c10864", &seen), CODEC_ERR_FORMAT);
    assert_int_equal(tlv_read(lwm2m_path_of_instance(3, 0), "410964", &seen), CODEC_ERR_FORMAT);
    assert_int_equal(tlv_read(lwm2m_path_of_instance(3, 0), "8307c10964", &seen), CODEC_ERR_FORMAT);
    assert_int_equal(tlv_read(lwm2m_path_of_object(3), "03000100", &seen), CODEC_ERR_SHORT);
    assert_int_equal(tlv_read(lwm2m_path_of_object(3), "0500 0300c10964", &seen), CODEC_ERR_FORMAT);
    assert_int_equal(tlv_read(root, "c10964", &seen), CODEC_ERR_UNSUPPORTED);
}

static int visitor_refuse(void *context, const struct lwm2m_value *value)
{
    (void)context;
    return value->path.ids[2] == 9 ? CODEC_ERR_TYPE : 0;
}

static void visitors_answer_is_handed_on(void **state)
{
    (void)state;
    struct span pack = span_of_text("[{\"n\":\"/3/0/7\",\"v\":1},{\"n\":\"/3/0/9\",\"v\":1},{\"n\":\"/3/0/8\"}]");
    struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    size_t offset = 0;
    assert_int_equal(lwm2m_payload_read(COAP_FORMAT_SENML_JSON, root, pack, visitor_refuse, NULL, &offset),
                     CODEC_ERR_TYPE);
    assert_int_equal(offset, 22);
}

static void resources_have_names_once(void **state)
{
    (void)state;
    int count = 0;
    for (unsigned object = 0; object < 40000; object++) {
        if (lwm2m_object_info((uint16_t)object) == NULL)
            continue;
        for (unsigned resource = 0; resource < 6000; resource++)
            count += lwm2m_resource_info((uint16_t)object, (uint16_t)resource) != NULL;
    }
    assert_int_equal(count, 147);
    assert_string_equal(lwm2m_resource_info(33424, 6)->name, "Recharge");
    assert_int_equal(lwm2m_resource_info(33424, 6)->operations, LWM2M_EXECUTE);
    assert_string_equal(lwm2m_path_info(lwm2m_path_of_resource(3424, 0, 1))->unit, "m3");
    assert_null(lwm2m_path_info(lwm2m_path_of_instance(3424, 0)));
    assert_string_equal(lwm2m_type_name(LWM2M_TYPE_OPAQUE), "opaque");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_read_and_written),
        cmocka_unit_test(wrong_paths_are_refused),
        cmocka_unit_test(paths_lie_within_others),
        cmocka_unit_test(blanks_pass_only_when_lenient),
        cmocka_unit_test(versions_are_found_quoted_and_bare),
        cmocka_unit_test(registrations_of_every_client_are_read),
        cmocka_unit_test(wrong_registrations_are_refused),
        cmocka_unit_test(endpoints_of_four_forms_name_the_imei),
        cmocka_unit_test(arguments_are_walked_and_found),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(tlv_widths_are_all_legal),
        cmocka_unit_test(tlv_values_are_typed_by_width),
        cmocka_unit_test(tlv_numbers_come_back),
        cmocka_unit_test(tlv_paths_follow_the_request),
        cmocka_unit_test(tlv_out_of_place_is_refused),
        cmocka_unit_test(visitors_answer_is_handed_on),
        cmocka_unit_test(resources_have_names_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
