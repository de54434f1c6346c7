#include "tests/unit/unit_test.h"

#include "command/command_text.h"

static void notes_are_read_in_both_languages(void **state)
{
    (void)state;
    char text[COMMAND_TEXT_LIMIT];
    command_note_text("refused 4.05", false, text, sizeof text);
    assert_string_equal(text, "the meter refused it (4.05)");
    command_note_text("refused 4.05", true, text, sizeof text);
    assert_string_equal(text, "表计拒绝执行（4.05）");
    command_note_text("cancelled_because 用户已缴费", true, text, sizeof text);
    assert_string_equal(text, "已取消：用户已缴费");
    command_note_text("device_did_it", false, text, sizeof text);
    assert_string_equal(text, "the meter says it is done");
}

static void unknown_notes_stay_as_they_are(void **state)
{
    (void)state;
    char text[COMMAND_TEXT_LIMIT];
    command_note_text("refuse 4.05", false, text, sizeof text);
    assert_string_equal(text, "refuse 4.05");
    command_note_text("", true, text, sizeof text);
    assert_string_equal(text, "");
}

static void short_buffers_keep_characters_whole(void **state)
{
    (void)state;
    char text[8];
    command_note_text("device_has_it", true, text, sizeof text);
    assert_string_equal(text, "表计");
    command_note_text("device_has_it", true, text, 0);
    assert_string_equal(text, "表计");
}

static void window_is_told_in_local_time(void **state)
{
    (void)state;
    char text[COMMAND_TEXT_LIMIT];
    int64_t window_s = INT64_C(1728000000) + 2 * 3600 + 600 - 28800 - INT64_C(1728000000) % 86400;
    command_window_text(false, window_s, 28800, false, text, sizeof text);
    assert_string_equal(text, "meter asleep, next window about 02:10");
    command_window_text(false, window_s, 28800, true, text, sizeof text);
    assert_string_equal(text, "表计休眠，下一窗口约 02:10");
    command_window_text(true, window_s, 28800, false, text, sizeof text);
    assert_string_equal(text, "meter awake, sending now");
}

static void a_difference_says_which_part_of_a_table(void **state)
{
    char text[COMMAND_TEXT_LIMIT];

    (void)state;
    command_note_text("reads_back_otherwise 04060102", false, text, sizeof text);
    assert_string_equal(text, "written, but it reads back otherwise: step price 2 (04060102)");
    command_note_text("reads_back_otherwise 04000207", true, text, sizeof text);
    assert_string_equal(text, "已写入，但回读不一致：阶梯数 (04000207)");
    command_note_text("reads_back_otherwise 04990102", false, text, sizeof text);
    assert_string_equal(text, "written, but it reads back otherwise: 04990102");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_are_read_in_both_languages),
        cmocka_unit_test(unknown_notes_stay_as_they_are),
        cmocka_unit_test(short_buffers_keep_characters_whole),
        cmocka_unit_test(window_is_told_in_local_time),
        cmocka_unit_test(a_difference_says_which_part_of_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
