#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/downlink.h"
#include "command/command_internal.h"

/* Each row: from a state, the states it may lead to, by first letter: q s d e v f x(expired) c. */
static const char *const allowed[COMMAND_STATE_COUNT] = {
    [COMMAND_QUEUED] = "sdevfxc", [COMMAND_SENT] = "qsdevfxc", [COMMAND_DELIVERED] = "evfxc",
    [COMMAND_EXECUTED] = "vfxc",  [COMMAND_VERIFIED] = "",     [COMMAND_FAILED] = "v",
    [COMMAND_EXPIRED] = "v",      [COMMAND_CANCELLED] = "",
};

static void table_allows_what_the_drawing_shows(void **state)
{
    (void)state;
    static const char letters[] = "?qsdevfxc";
    for (int from = COMMAND_QUEUED; from < COMMAND_STATE_COUNT; from++)
        for (int to = COMMAND_QUEUED; to < COMMAND_STATE_COUNT; to++)
            assert_int_equal(command_move_allowed((enum command_state)from, (enum command_state)to),
                             strchr(allowed[from], letters[to]) != NULL);
}

static void ends_are_ends(void **state)
{
    (void)state;
    for (int from = COMMAND_QUEUED; from < COMMAND_STATE_COUNT; from++)
        assert_int_equal(command_state_final((enum command_state)from), from >= COMMAND_VERIFIED);
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (int i = COMMAND_QUEUED; i < COMMAND_STATE_COUNT; i++)
        assert_int_equal(command_state_of_name(command_state_name((enum command_state)i)), i);
    for (int i = 1; i < DOWNLINK_OPERATION_COUNT; i++)
        assert_int_equal(command_operation_of_name(command_operation_name(i)), i);
    for (int i = 1; i < PARAMETER_COUNT; i++)
        assert_int_equal(command_parameter_of_name(command_parameter_name(i)), i);
    assert_int_equal(command_operation_of_name("explode"), 0);
    assert_int_equal(command_parameter_of_name(NULL), 0);
    assert_string_equal(command_parameter_name(PARAMETER_COUNT), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_allows_what_the_drawing_shows),
        cmocka_unit_test(ends_are_ends),
        cmocka_unit_test(names_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
