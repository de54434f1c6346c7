#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/downlink.h"
#include "command/command_internal.h"

/* Each row: from a state, the states it may lead to, by first letter: q s d e v f x(expired) c. */
static const char *const allowed[COMMAND_STATE_COUNT] = {
    [COMMAND_QUEUED] = "sdevfxc", [COMMAND_SENT] = "qsdevfxc", [COMMAND_DELIVERED] = "evfxc",
    [COMMAND_EXECUTED] = "vfxc",  [COMMAND_VERIFIED] = "",     [COMMAND_FAILED] = "v",
    [COMMAND_EXPIRED] = "vf",     [COMMAND_CANCELLED] = "",
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

static void tables_go_both_ways(void **state)
{
    struct downlink_table table = { .number = 2, .count = 3, .from = { 0, 450, UINT32_MAX }, .value = { 3, 1, 0 } };
    struct downlink_table read = { .count = 9 };
    char text[COMMAND_TABLE_TEXT_LIMIT];
    static const char *const wrong[] = { "2", "2: ", "2: 0", "2: 0 3,", "2: 0 3, ", "300: 0 3", "2: 0 4294967296", "2: 0 3x",
                                         "x: 0 3", "2: -1 3" };

    (void)state;
    command_table_write(&table, text);
    assert_string_equal(text, "2: 0 3, 450 1, 4294967295 0");
    assert_int_equal(command_table_read(text, &read), 0);
    assert_memory_equal(&read, &table, sizeof table);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(command_table_read(wrong[i], &read), -1);
    assert_int_equal(read.count, 3); /* untouched */
    table.count = DOWNLINK_TABLE_LIMIT;
    for (unsigned i = 0; i < DOWNLINK_TABLE_LIMIT; i++)
        table.from[i] = table.value[i] = UINT32_MAX;
    command_table_write(&table, text);
    assert_int_equal(command_table_read(text, &read), 0);
    assert_memory_equal(&read, &table, sizeof table);
    assert_int_equal(command_table_read("", &read), 0);
    assert_int_equal(read.count, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_allows_what_the_drawing_shows),
        cmocka_unit_test(ends_are_ends),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(tables_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
