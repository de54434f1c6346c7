#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/senml/json_reader.h"

static void tokens_come_one_by_one(void **state)
{
    (void)state;
    static const int kinds[] = { JSON_OBJECT_BEGIN, JSON_STRING, JSON_COLON, JSON_ARRAY_BEGIN, JSON_NUMBER, JSON_COMMA,
                                 JSON_TRUE, JSON_COMMA, JSON_FALSE, JSON_COMMA, JSON_NULL, JSON_ARRAY_END,
                                 JSON_OBJECT_END, JSON_END, JSON_END };
    struct json_reader reader = json_reader(span_of_text(" {\t\"a\\n\" :[-1.5e3, true,false\r\n,null]} "));
    struct json_token token;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        assert_int_equal(json_reader_next(&reader, &token), 0);
        assert_int_equal(token.kind, kinds[i]);
        if (token.kind == JSON_STRING)
            assert_true(span_equal_text(token.text, "a\\n"));
        if (token.kind == JSON_NUMBER)
            assert_true(span_equal_text(token.text, "-1.5e3"));
    }
}

static void wrong_tokens_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int error;
    } cases[] = { { "\"", CODEC_ERR_SHORT },        { "\"a\\", CODEC_ERR_SHORT },    { "\"\\x\"", CODEC_ERR_FORMAT },
                  { "\"\\u12", CODEC_ERR_SHORT },   { "\"\\u12g4\"", CODEC_ERR_FORMAT }, { "\"\x01\"", CODEC_ERR_FORMAT },
                  { "tru", CODEC_ERR_FORMAT },      { "'a'", CODEC_ERR_FORMAT },     { "\"\\udc00\"", CODEC_ERR_FORMAT },
                  { "\"\\ud800\\u0041\"", CODEC_ERR_FORMAT }, { "\"\xc0\x80\"", CODEC_ERR_FORMAT } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_reader reader = json_reader(span_of_text(cases[i].text));
        struct json_token token = { 99, { NULL, 0 }, 0 };
        assert_int_equal(json_reader_next(&reader, &token), cases[i].error);
        assert_int_equal(token.kind, 99);
        assert_int_equal(reader.offset, 0);
    }
}

static void whole_values_are_skipped(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
    } cases[] = { { "{\"a\":[1,{\"b\":[]},\"c\"],\"d\":{}} ,", 0 }, { "[] ,", 0 },
                  { "1 ,", 0 },                                   { "[[[[[[[[1]]]]]]]] ,", 0 },
                  { "[[[[[[[[[1]]]]]]]]]", CODEC_ERR_DEPTH },     { "[1,2", CODEC_ERR_SHORT },
                  { "{\"a\" 1}", CODEC_ERR_FORMAT },              { "{1:2}", CODEC_ERR_FORMAT },
                  { "[1}", CODEC_ERR_FORMAT },                    { "[,]", CODEC_ERR_FORMAT },
                  { "[1e]", CODEC_ERR_FORMAT },                   { "]", CODEC_ERR_FORMAT },
                  { ",", CODEC_ERR_FORMAT },                      { "{\"a\":1,}", CODEC_ERR_FORMAT } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_reader reader = json_reader(span_of_text(cases[i].text));
        struct json_token token;
        assert_int_equal(json_reader_next(&reader, &token), 0);
        assert_int_equal(json_reader_skip(&reader, &token), cases[i].result);
        if (cases[i].result < 0)
            continue;
        assert_int_equal(json_reader_next(&reader, &token), 0);
        assert_int_equal(token.kind, JSON_COMMA);
    }
}

static void strings_are_quoted_and_back(void **state)
{
    (void)state;
    uint8_t buffer[64], back[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer), again = writer_of_buffer(back, sizeof back);
    struct span text = span_of_text("a\"b\\c\x1f\n\xe6\xb0\xb4");
    struct json_token token;
    json_string_put(&out, text);
    struct json_reader reader = json_reader(writer_span(&out));
    assert_int_equal(json_reader_next(&reader, &token), 0);
    assert_int_equal(json_string_write(token.text, &again), 0);
    assert_true(span_equal(writer_span(&again), text));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_come_one_by_one),
        cmocka_unit_test(wrong_tokens_are_refused),
        cmocka_unit_test(whole_values_are_skipped),
        cmocka_unit_test(strings_are_quoted_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
