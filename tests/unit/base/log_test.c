#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

struct taken_line {
    int count;
    enum log_category category;
    enum log_level level;
    char identity[80];
    char words[LOG_LINE_LIMIT];
};

static void line_take(void *context, enum log_category category, enum log_level level, const char *identity,
                      const char *words)
{
    struct taken_line *taken = context;
    taken->count++;
    taken->category = category;
    taken->level = level;
    snprintf(taken->identity, sizeof taken->identity, "%s", identity);
    snprintf(taken->words, sizeof taken->words, "%s", words);
}

static struct taken_line taken;

static int sink_prepare(void **state)
{
    (void)state;
    memset(&taken, 0, sizeof taken);
    log_sink_set(line_take, &taken);
    log_level_set(LOG_WIRE, LOG_INFO);
    return 0;
}

static int sink_remove(void **state)
{
    (void)state;
    log_sink_set(NULL, NULL);
    return 0;
}

static void line_carries_all_parts(void **state)
{
    (void)state;
    log_write(LOG_WIRE, LOG_WARNING, "device 42", "%d bytes dropped", 7);
    assert_int_equal(taken.count, 1);
    assert_int_equal(taken.category, LOG_WIRE);
    assert_int_equal(taken.level, LOG_WARNING);
    assert_string_equal(taken.identity, "device 42");
    assert_string_equal(taken.words, "7 bytes dropped");
}

static void levels_filter_by_category(void **state)
{
    (void)state;
    log_write(LOG_WIRE, LOG_DEBUG, "", "quiet");
    assert_int_equal(taken.count, 0);
    log_level_set(LOG_WIRE, LOG_DEBUG);
    log_write(LOG_WIRE, LOG_DEBUG, "", "heard");
    log_write(LOG_STORE, LOG_DEBUG, "", "another category keeps its level");
    assert_int_equal(taken.count, 1);
    log_level_set(LOG_WIRE, LOG_LEVEL_COUNT);
    log_write(LOG_WIRE, LOG_ERROR, "", "off");
    assert_int_equal(taken.count, 1);
}

static void no_input_forges_a_line(void **state)
{
    (void)state;
    log_write(LOG_WIRE, LOG_ERROR, "a\nb\x7F", "%s", "x\r\n2026 error\x1B[2J\xE6\xB0\xB4");
    assert_string_equal(taken.identity, "a?b?");
    assert_string_equal(taken.words, "x??2026 error?[2J\xE6\xB0\xB4");
}

static void long_words_are_cut(void **state)
{
    (void)state;
    char words[LOG_LINE_LIMIT * 2];
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = 0;
    log_write(LOG_WIRE, LOG_ERROR, words, "%s", words);
    assert_int_equal(strlen(taken.words), LOG_LINE_LIMIT - 1);
    assert_int_equal(strlen(taken.identity), 63);
}

static void without_sink_or_category_nothing_happens(void **state)
{
    (void)state;
    log_write((enum log_category)LOG_CATEGORY_COUNT, LOG_ERROR, "", "nowhere");
    log_level_set((enum log_category)99, LOG_DEBUG);
    log_write(LOG_WIRE, LOG_ERROR, NULL, "%s", "no identity");
    assert_int_equal(taken.count, 1);
    assert_string_equal(taken.identity, "");
    log_sink_set(NULL, NULL);
    log_write(LOG_WIRE, LOG_ERROR, "", "nobody listens");
    assert_int_equal(taken.count, 1);
    assert_false(log_enabled(LOG_WIRE, LOG_ERROR));
}

static void every_category_and_level_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < LOG_CATEGORY_COUNT; i++) {
        assert_true(strlen(log_category_name((enum log_category)i)) > 2);
        assert_true(strlen(log_category_description((enum log_category)i)) > 5);
    }
    assert_string_equal(log_category_name((enum log_category)99), "unknown");
    assert_string_equal(log_category_description((enum log_category)99), "");
    assert_string_equal(log_level_name(LOG_NOTICE), "notice");
    assert_string_equal(log_level_name((enum log_level)99), "unknown");
}

static void the_same_is_said_once_in_a_while(void **state)
{
    (void)state;
    struct log_repeat repeat = { 0 };

    assert_true(log_repeat_due(&repeat, 0, -5));
    assert_false(log_repeat_due(&repeat, 0, 1000));
    assert_true(log_repeat_due(&repeat, 1, 1001));
    assert_true(log_repeat_due(&repeat, 0, 1002));
    assert_false(log_repeat_due(&repeat, 0, 1001 + LOG_REPEAT_MS));
    assert_true(log_repeat_due(&repeat, 0, 1002 + LOG_REPEAT_MS));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(line_carries_all_parts, sink_prepare, sink_remove),
        cmocka_unit_test_setup_teardown(levels_filter_by_category, sink_prepare, sink_remove),
        cmocka_unit_test_setup_teardown(no_input_forges_a_line, sink_prepare, sink_remove),
        cmocka_unit_test_setup_teardown(long_words_are_cut, sink_prepare, sink_remove),
        cmocka_unit_test_setup_teardown(without_sink_or_category_nothing_happens, sink_prepare, sink_remove),
        cmocka_unit_test(every_category_and_level_has_a_name),
        cmocka_unit_test(the_same_is_said_once_in_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
