#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/error.h"

static void every_error_has_its_own_text(void **state)
{
    (void)state;
#define ERROR_NUMBER(name, value, text) name,
    static const int errors[] = { BASE_ERRORS(ERROR_NUMBER) };
#undef ERROR_NUMBER
    size_t count = sizeof errors / sizeof errors[0];
    for (size_t i = 0; i < count; i++) {
        assert_true(errors[i] < 0);
        assert_string_not_equal(base_error_text(errors[i]), "unknown error");
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(errors[i], errors[k]);
            assert_string_not_equal(base_error_text(errors[i]), base_error_text(errors[k]));
        }
    }
    assert_string_equal(base_error_text(BASE_ERR_SHORT), "input ends too early");
}

static void other_numbers_are_unknown(void **state)
{
    (void)state;
    assert_string_equal(base_error_text(0), "unknown error");
    assert_string_equal(base_error_text(-9999), "unknown error");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_text),
        cmocka_unit_test(other_numbers_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
