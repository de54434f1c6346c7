#include "store/cut_text.h"

#include <stdlib.h>

#include "tests/unit/unit_test.h"

static void choice_check(const char *text, const char *cut, const char *whole)
{
    char *made = cut_text_choose(text, true);

    assert_string_equal(made, cut);
    free(made);
    made = cut_text_choose(text, false);
    assert_string_equal(made, whole);
    free(made);
}

static void test_one_of_two_ways_stands(void **state)
{
    (void)state;
    choice_check("SELECT 1", "SELECT 1", "SELECT 1");
    choice_check("", "", "");
    choice_check("SELECT " CUT_OR_WHOLE("f(?1)", "(SELECT x FROM t WHERE y = ?1)") " FROM a", "SELECT f(?1) FROM a",
        "SELECT (SELECT x FROM t WHERE y = ?1) FROM a");
    choice_check(CUT_OR_WHOLE("a", "b") CUT_OR_WHOLE("", "c") " 2 * 3 " CUT_OR_WHOLE("d", ""), "a 2 * 3 d", "bc 2 * 3 ");
}

static void test_a_choice_that_does_not_end_stays(void **state)
{
    (void)state;
    choice_check("SELECT /*cut a", "SELECT /*cut a", "SELECT /*cut a");
    choice_check("SELECT /*cut a*//*whole*/b", "SELECT /*cut a*//*whole*/b", "SELECT /*cut a*//*whole*/b");
    choice_check("SELECT /* cut */ 1 /*end*/", "SELECT /* cut */ 1 /*end*/", "SELECT /* cut */ 1 /*end*/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_of_two_ways_stands),
        cmocka_unit_test(test_a_choice_that_does_not_end_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
