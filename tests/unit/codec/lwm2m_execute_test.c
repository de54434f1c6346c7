#include "tests/unit/unit_test.h"

#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_execute.h"

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
    static const char *const texts[] = { ",", "0,", "a", "0='", "0='a", "0=a", "0=ab'", "0=", "0='a'1='b'", "0='a' ", "0='a\"'",
                                         "10='a'", "0='a b'", "0 ='a'", "0==''" };
    struct lwm2m_argument argument;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(lwm2m_argument_find(span_of_text(texts[i]), 0, &argument), CODEC_ERR_FORMAT);
    assert_int_equal(lwm2m_argument_find(span_of_text("0,0"), 0, &argument), CODEC_ERR_DUPLICATE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_walked_and_found),
        cmocka_unit_test(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
