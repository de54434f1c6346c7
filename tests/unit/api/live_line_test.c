#include "tests/unit/unit_test.h"

#include <string.h>

#include "api/live_line.h"
#include "base/error.h"

static void test_every_kind_comes_back(void **state)
{
    static const struct live_line lines[] = {
        { LIVE_LINE_EVENT, 0, { 57, 4, LIVE_COMMAND, "/1/7/23/", "{\"command_id\": 9, \"state\": \"sent\"}" } },
        { LIVE_LINE_EVENT, 0, { INT64_MAX, UINT32_MAX, LIVE_TICK, "", "{}" } },
        { LIVE_LINE_RESTART, 15, { .sequence = 12 } },
        { LIVE_LINE_PULSE, 0, { .sequence = 0 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[LIVE_LINE_LIMIT];
        struct live_line back = { .kind = LIVE_LINE_PULSE };
        int size = live_line_write(&lines[i], text, sizeof text);

        assert_true(size > 1 && text[size - 1] == '\n');
        assert_int_equal(live_line_read(span_of_bytes(text, (size_t)size - 1), &back), 0);
        assert_int_equal(back.kind, lines[i].kind);
        assert_int_equal(back.shard, lines[i].shard);
        assert_true(back.item.sequence == lines[i].item.sequence);
        assert_int_equal(back.item.tenant_id, lines[i].item.tenant_id);
        assert_int_equal(back.item.kind, lines[i].item.kind);
        assert_string_equal(back.item.path, lines[i].item.path);
        assert_string_equal(back.item.json, lines[i].item.json);
    }
}

static void test_the_longest_event_fits(void **state)
{
    struct live_line line = { LIVE_LINE_EVENT, 0, { INT64_MAX, UINT32_MAX, LIVE_TICK, "", "" } };
    char text[LIVE_LINE_LIMIT];

    (void)state;
    memset(line.item.path, '/', sizeof line.item.path - 1);
    memset(line.item.json, 'x', sizeof line.item.json - 1);
    assert_true(live_line_write(&line, text, sizeof text) > 0);
    assert_int_equal(live_line_write(&line, text, 64), BASE_ERR_FULL);
}

static void test_other_lines_are_none(void **state)
{
    static const char *const wrong[] = { "", "P ", "PP", "R", "R x", "R 1", "R 1 2 3", "R -1 2", "R 1 -2", "R 1 4294967296", "E", "E 1 2 4 /1/", "E 1 2 4 /1/ ",
                                         "E 1 2 0 /1/ {}", "E 1 2 9 /1/ {}", "E 1 4294967296 4 /1/ {}", "E x 2 4 /1/ {}",
                                         "X 1", "E  1 2 4 /1/ {}" };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct live_line out = { .item.sequence = 99 };
        assert_int_equal(live_line_read(span_of_text(wrong[i]), &out), BASE_ERR_SYNTAX);
        assert_int_equal(out.item.sequence, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind_comes_back),
        cmocka_unit_test(test_the_longest_event_fits),
        cmocka_unit_test(test_other_lines_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
