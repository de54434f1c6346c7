#include "api/json_writer.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void assert_written(struct json_writer *writer, const char *expected)
{
    assert_false(writer->failed);
    assert_true(span_equal_text(json_writer_span(writer), expected));
    json_writer_free(writer);
}

static void test_commas_and_nesting(void **state)
{
    struct json_writer writer = json_writer_make(1000);

    (void)state;
    json_object_begin(&writer);
    json_put_key_integer(&writer, "a", -7);
    json_put_key(&writer, "b");
    json_array_begin(&writer);
    json_put_null(&writer);
    json_put_boolean(&writer, true);
    json_object_begin(&writer);
    json_object_end(&writer);
    json_array_end(&writer);
    json_put_key_text(&writer, "c", "x");
    json_object_end(&writer);
    assert_written(&writer, "{\"a\":-7,\"b\":[null,true,{}],\"c\":\"x\"}");
}

static void test_texts_are_escaped(void **state)
{
    static const struct { const char *bytes; size_t size; const char *expected; } cases[] = {
        { "\"\\/", 3, "\"\\\"\\\\/\"" }, { "a\nb\x01", 4, "\"a\\u000ab\\u0001\"" }, { "陈佳怡", 9, "\"陈佳怡\"" },
        { "a\xff" "b\xe6\xa0", 5, "\"a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd\"" }, { "", 0, "\"\"" },
        { "\0", 1, "\"\\u0000\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_writer writer = json_writer_make(1000);
        json_put_text(&writer, span_of_bytes(cases[i].bytes, cases[i].size));
        assert_written(&writer, cases[i].expected);
    }
}

static void test_extremes(void **state)
{
    struct json_writer writer = json_writer_make(100);

    (void)state;
    json_array_begin(&writer);
    json_put_integer(&writer, INT64_MIN);
    json_put_integer(&writer, INT64_MAX);
    json_array_end(&writer);
    assert_written(&writer, "[-9223372036854775808,9223372036854775807]");
}

static void test_the_limit_holds(void **state)
{
    struct json_writer writer = json_writer_make(10);

    (void)state;
    json_put_text(&writer, span_of_text("12345678"));
    assert_false(writer.failed);
    json_put_integer(&writer, 1);
    assert_true(writer.failed);
    assert_true(writer.size <= 10);
    json_writer_reset(&writer);
    json_put_integer(&writer, 1);
    assert_written(&writer, "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_and_nesting),
        cmocka_unit_test(test_texts_are_escaped),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_the_limit_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
