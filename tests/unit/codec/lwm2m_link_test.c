#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_link.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_pass_only_when_lenient),
        cmocka_unit_test(versions_are_found_quoted_and_bare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
