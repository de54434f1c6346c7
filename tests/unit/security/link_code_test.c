#include "security/link_code.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void test_a_code_is_of_its_subject_and_its_installation(void **state)
{
    static const uint8_t master[KEY_HOLDER_MASTER_SIZE] = { 1 };
    static const uint8_t other[KEY_HOLDER_MASTER_SIZE] = { 2 };
    struct key_holder *holder = key_holder_of_key(master);
    struct key_holder *stranger = key_holder_of_key(other);
    char code[LINK_CODE_SIZE];
    char again[LINK_CODE_SIZE];

    (void)state;
    assert_non_null(holder);
    assert_non_null(stranger);
    assert_int_equal(link_code_make(holder, span_of_text("bill 17"), code), 0);
    assert_int_equal(strlen(code), LINK_CODE_SIZE - 1);
    assert_int_equal(strspn(code, "0123456789abcdef"), LINK_CODE_SIZE - 1);
    assert_int_equal(link_code_make(holder, span_of_text("bill 17"), again), 0);
    assert_string_equal(code, again);
    assert_int_equal(link_code_make(holder, span_of_text("bill 18"), again), 0);
    assert_string_not_equal(code, again);
    assert_int_equal(link_code_make(stranger, span_of_text("bill 17"), again), 0);
    assert_string_not_equal(code, again);
    key_holder_close(holder);
    key_holder_close(stranger);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_code_is_of_its_subject_and_its_installation) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
