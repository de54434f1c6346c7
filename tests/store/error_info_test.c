/* Every reason a room can give towards people: a number of its own, a status, and a sentence in both languages. */
#include "tests/unit/unit_test.h"

#include <stdbool.h>
#include <string.h>

#include "command/command_error.h"
#include "reading/reading_error.h"
#include "registry/registry_error.h"
#include "store/store_error.h"
#include "watch/watch_error.h"

static const struct error_info rows[] = {
    STORE_ERRORS(ERROR_INFO_ROW) REGISTRY_ERRORS(ERROR_INFO_ROW) READING_ERRORS(ERROR_INFO_ROW)
        COMMAND_ERRORS(ERROR_INFO_ROW) WATCH_ERRORS(ERROR_INFO_ROW)
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void numbers_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++)
        for (size_t k = i + 1; k < ROW_COUNT; k++)
            assert_int_not_equal(rows[i].error, rows[k].error);
}

static void texts_are_whole_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        bool chinese = false;
        assert_true(rows[i].error < 0);
        assert_true(rows[i].http_status >= 400 && rows[i].http_status < 600);
        assert_true(strlen(rows[i].code) > 0 && strlen(rows[i].code) < 40);
        assert_true(strlen(rows[i].text_en) > 0 && strlen(rows[i].text_en) < 256);
        for (const char *at = rows[i].text_zh; *at; at++)
            chinese = chinese || (unsigned char)*at >= 0xE4;
        assert_true(chinese);
    }
}

static void rooms_find_their_rows_and_no_others(void **state)
{
    (void)state;
    assert_string_equal(store_error_info(STORE_ERR_FULL)->code, "store_full");
    assert_string_equal(registry_error_info(REGISTRY_ERR_IMEI)->field, "imei");
    assert_string_equal(reading_error_info(READING_ERR_DECIDED)->code, "already_decided");
    assert_string_equal(command_error_info(COMMAND_ERR_UNDER_WAY)->code, "command_under_way");
    assert_int_equal(watch_error_info(WATCH_ERR_EVENT)->http_status, 404);
    assert_null(store_error_info(REGISTRY_ERR_IMEI));
    assert_null(registry_error_info(STORE_ERR_FULL));
    assert_null(reading_error_info(0));
    assert_null(command_error_info(1));
    assert_null(watch_error_info(-1));
    assert_string_equal(store_error_text(0), "unknown store error");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_unique),
        cmocka_unit_test(texts_are_whole_in_both_languages),
        cmocka_unit_test(rooms_find_their_rows_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
