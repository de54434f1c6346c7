#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/senml/senml_json.h"

static int json_walk(const char *text, struct senml_record *last)
{
    struct senml_json_reader reader = senml_json_reader(span_of_text(text));
    int count = 0, result;
    while ((result = senml_json_next(&reader, last)) > 0)
        count++;
    return result < 0 ? result : count;
}

static void base_fields_stay_in_force(void **state)
{
    (void)state;
    static const char pack[] = "[{\"bn\":\"/a\",\"bt\":100.5,\"bv\":10,\"n\":\"1\",\"v\":1,\"t\":-0.25},{\"n\":\"2\",\"v\":-3},"
                               "{\"bn\":\"/b\",\"bv\":0,\"n\":\"3\",\"v\":2e1,\"t\":1}]";
    struct senml_json_reader reader = senml_json_reader(span_of_text(pack));
    static const struct {
        const char *name;
        int64_t value, time_ms;
    } wanted[] = { { "/a1", 11, 100250 }, { "/a2", 7, 100500 }, { "/b3", 20, 101500 } };
    struct senml_record record;
    int64_t value;

    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(senml_json_next(&reader, &record), 1);
        assert_string_equal(record.name, wanted[i].name);
        assert_int_equal(senml_record_scaled(&record, 0, &value), 0);
        assert_int_equal(value, wanted[i].value);
        assert_true(record.has_time);
        assert_int_equal(record.time_ms, wanted[i].time_ms);
    }
    assert_int_equal(senml_json_next(&reader, &record), 0);
}

static void json_damage_has_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int error;
    } cases[] = {
        { "", CODEC_ERR_SHORT },
        { "{}", CODEC_ERR_FORMAT },
        { "[", CODEC_ERR_SHORT },
        { "[{\"n\":\"a\"}", CODEC_ERR_SHORT },
        { "[{\"n\":\"a\"},]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\"}{\"n\":\"b\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",}]", CODEC_ERR_FORMAT },
        { "[{\"n\" \"a\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\"}] x", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\"}] 1", CODEC_ERR_TRAILING },
        { "[{\"n\":\"a\",\"v\":\"1\"}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"v\":01}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"vb\":1}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"vs\":null}]", CODEC_ERR_TYPE },
        { "[{\"n\":\"a\",\"v\":1,\"vs\":\"b\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"n\":\"b\"}]", CODEC_ERR_DUPLICATE },
        { "[{\"n\":\"a\",\"must_\":1}]", CODEC_ERR_UNKNOWN },
        { "[{\"n\":\"a\",\"x\":[[[[[[[[[1]]]]]]]]]}]", CODEC_ERR_DEPTH },
        { "[{\"n\":\"a\",\"x\":[1 2]}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":{\"y\":}}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":[1}}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\",\"x\":[1,]}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\\q\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\\ud800\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"a\nb\"}]", CODEC_ERR_FORMAT },
        { "[{\"n\":\"\xff\"}]", CODEC_ERR_FORMAT },
        { "[1]", CODEC_ERR_TYPE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct senml_record record;
        assert_int_equal(json_walk(cases[i].text, &record), cases[i].error);
    }
}

static void escapes_are_undone(void **state)
{
    (void)state;
    struct senml_record record;
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    assert_int_equal(json_walk("[{\"n\":\"\\/3\\u002f0\",\"vs\":\"\\u6c34\\ud83d\\ude00\\t\\\"\"}]", &record), 1);
    assert_string_equal(record.name, "/3/0");
    assert_int_equal(senml_record_bytes(&record, &out), 0);
    assert_true(span_equal_text(writer_span(&out), "\xe6\xb0\xb4\xf0\x9f\x98\x80\t\""));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_fields_stay_in_force),
        cmocka_unit_test(json_damage_has_its_reason),
        cmocka_unit_test(escapes_are_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
