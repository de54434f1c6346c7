#include "security/mask.h"

#include "base/error.h"
#include "tests/unit/unit_test.h"

static void test_names(void **state)
{
    static const struct { const char *name; const char *masked; } cases[] = {
        { "陈佳怡", "陈*怡" }, { "王静", "王*" }, { "李", "李" }, { "", "" }, { "欧阳修远", "欧**远" },
        { "Maximilian Mustermann", "M***n" }, { "㛃䶮", "㛃*" },
    };
    char masked[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(mask_name(span_of_text(cases[i].name), masked, sizeof masked) >= 0);
        assert_string_equal(masked, cases[i].masked);
    }
}

static void test_phones(void **state)
{
    static const struct { const char *phones; const char *masked; } cases[] = {
        { "13800000417", "138****0417" }, { "13800000417,13800000418", "138****0417,138****0418" },
        { "88880000", "888****0000" }, { "12345", "****45" }, { "1", "****" }, { "1234", "****" }, { "", "" },
    };
    char masked[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(mask_phones(span_of_text(cases[i].phones), masked, sizeof masked) >= 0);
        assert_string_equal(masked, cases[i].masked);
    }
}

static void test_bad_input_and_small_buffers(void **state)
{
    char masked[4];

    (void)state;
    assert_int_equal(mask_name(span_of_bytes("\xff\xfe", 2), masked, sizeof masked), BASE_ERR_UTF8);
    assert_int_equal(mask_name(span_of_text("陈佳怡"), masked, sizeof masked), BASE_ERR_FULL);
    assert_int_equal(mask_phones(span_of_text("13800000417"), masked, sizeof masked), BASE_ERR_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_phones),
        cmocka_unit_test(test_bad_input_and_small_buffers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
