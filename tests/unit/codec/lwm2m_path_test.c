#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_path.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_read_and_written),
        cmocka_unit_test(wrong_paths_are_refused),
        cmocka_unit_test(paths_lie_within_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
