#include "tests/unit/unit_test.h"

#include "base/hex.h"
#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_payload.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tlv_paths_follow_the_request),
        cmocka_unit_test(tlv_out_of_place_is_refused),
        cmocka_unit_test(visitors_answer_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
