#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "base/error.h"

#define CHINA 28800

static int64_t day_of(int32_t year, int32_t month, int32_t day_of_month)
{
    struct calendar_date date = { year, month, day_of_month };
    int64_t day = INT64_MIN;
    assert_int_equal(calendar_day_of_date(date, &day), 0);
    return day;
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(1969, 12, 31), -1);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2026, 11, 21), 20778);
    assert_int_equal(day_of(1, 1, 1), -719162);
    assert_int_equal(day_of(9999, 12, 31), 2932896);
}

/* Walks every day of the whole range by the rules everybody knows, and compares. */
static void every_day_there_and_back(void **state)
{
    (void)state;
    struct calendar_date date = { CALENDAR_YEAR_FIRST, 1, 1 };
    int64_t day = day_of(1, 1, 1);
    int weekday = CALENDAR_MONDAY; /* 0001-01-01 in the Gregorian calendar carried back */
    while (date.year <= CALENDAR_YEAR_LAST) {
        struct calendar_date back = calendar_date_of_day(day);
        int64_t forth;
        assert_int_equal(calendar_day_of_date(date, &forth), 0);
        assert_true(forth == day && back.year == date.year && back.month == date.month &&
                    back.day_of_month == date.day_of_month);
        assert_true((int)calendar_weekday_of_day(day) == weekday);
        day++;
        weekday = weekday % 7 + 1;
        if (++date.day_of_month > calendar_days_in_month(date.year, date.month)) {
            date.day_of_month = 1;
            if (++date.month > 12) {
                date.month = 1;
                date.year++;
            }
        }
    }
}

static void dates_that_do_not_exist(void **state)
{
    (void)state;
    static const struct calendar_date wrong[] = {
        { 2026, 2, 29 }, { 1900, 2, 29 }, { 2026, 4, 31 }, { 2026, 13, 1 }, { 2026, 0, 1 }, { 2026, 1, 0 },
        { 2026, 1, 32 }, { 0, 1, 1 },     { 10000, 1, 1 }, { 2026, -1, 1 }, { INT32_MAX, INT32_MAX, INT32_MAX },
    };
    int64_t day = 77;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(calendar_day_of_date(wrong[i], &day), BASE_ERR_RANGE);
    assert_int_equal(day, 77);
    assert_int_equal(day_of(2000, 2, 29) + 1, day_of(2000, 3, 1));
}

static void weekdays(void **state)
{
    (void)state;
    assert_int_equal(calendar_weekday_of_day(0), CALENDAR_THURSDAY);
    assert_int_equal(calendar_weekday_of_day(-1), CALENDAR_WEDNESDAY);
    assert_int_equal(calendar_weekday_of_day(day_of(2026, 11, 21)), CALENDAR_SATURDAY);
}

static void local_days_begin_at_local_midnight(void **state)
{
    (void)state;
    int64_t midnight = calendar_midnight(20778, CHINA);
    assert_true(midnight == INT64_C(20778) * 86400 - 28800);
    assert_int_equal(calendar_local_day(midnight, CHINA), 20778);
    assert_int_equal(calendar_local_day(midnight - 1, CHINA), 20777);
    assert_int_equal(calendar_second_of_day(midnight, CHINA), 0);
    assert_int_equal(calendar_second_of_day(midnight - 1, CHINA), 86399);
    assert_int_equal(calendar_local_day(-1, 0), -1);
    assert_int_equal(calendar_local_day(0, -3600), -1);
    assert_int_equal(calendar_second_of_day(0, -3600), 82800);
}

static void months_and_years_begin(void **state)
{
    (void)state;
    int64_t day = day_of(2026, 11, 21);
    assert_int_equal(calendar_month_start(day), day_of(2026, 11, 1));
    assert_int_equal(calendar_month_start_after(day, 0), day_of(2026, 11, 1));
    assert_int_equal(calendar_month_start_after(day, 1), day_of(2026, 12, 1));
    assert_int_equal(calendar_month_start_after(day, 2), day_of(2027, 1, 1));
    assert_int_equal(calendar_month_start_after(day, -11), day_of(2025, 12, 1));
    assert_int_equal(calendar_month_start_after(day_of(2026, 1, 31), -1), day_of(2025, 12, 1));
    assert_int_equal(calendar_year_start(day), day_of(2026, 1, 1));
}

static void text_is_written(void **state)
{
    (void)state;
    char text[CALENDAR_TIME_TEXT_LIMIT];
    assert_int_equal(calendar_format_date(day_of(2026, 1, 2), text, sizeof text), 10);
    assert_string_equal(text, "2026-01-02");
    assert_int_equal(calendar_format_date(day_of(1, 1, 1), text, CALENDAR_DATE_TEXT_LIMIT), 10);
    assert_string_equal(text, "0001-01-01");
    assert_int_equal(calendar_format_time(1795219200, CHINA, text, sizeof text), 25);
    assert_string_equal(text, "2026-11-21T08:00:00+08:00");
    assert_int_equal(calendar_format_time(1795219199, 0, text, sizeof text), 20);
    assert_string_equal(text, "2026-11-20T23:59:59Z");
    assert_int_equal(calendar_format_time(0, -12600, text, sizeof text), 25);
    assert_string_equal(text, "1969-12-31T20:30:00-03:30");
}

static void text_that_cannot_be_written(void **state)
{
    (void)state;
    char text[CALENDAR_TIME_TEXT_LIMIT] = "keep";
    assert_int_equal(calendar_format_date(0, text, 10), BASE_ERR_FULL);
    assert_int_equal(calendar_format_date(day_of(9999, 12, 31) + 1, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_date(INT64_MAX / 2, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_date(INT64_MIN, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_time(0, CHINA, text, 25), BASE_ERR_FULL);
    assert_int_equal(calendar_format_time(0, 86400, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_time(0, 61, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_time(INT64_MAX, CHINA, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_time(INT64_MIN, -60, text, sizeof text), BASE_ERR_RANGE);
    assert_int_equal(calendar_format_time((day_of(9999, 12, 31) + 1) * 86400 - 1, 60, text, sizeof text),
                     BASE_ERR_RANGE);
    assert_string_equal(text, "keep");
}

static void text_is_read(void **state)
{
    (void)state;
    int64_t day = 0, time_s = 0;
    assert_int_equal(calendar_parse_date(span_of_text("2024-02-29"), &day), 0);
    assert_int_equal(day, day_of(2024, 2, 29));
    assert_int_equal(calendar_parse_time(span_of_text("2026-11-21T08:00:00+08:00"), &time_s), 0);
    assert_true(time_s == 1795219200);
    assert_int_equal(calendar_parse_time(span_of_text("2026-11-21T00:00:00Z"), &time_s), 0);
    assert_true(time_s == 1795219200);
    assert_int_equal(calendar_parse_time(span_of_text("1969-12-31T20:30:00-03:30"), &time_s), 0);
    assert_true(time_s == 0);
}

struct refused_text {
    const char *text;
    int result;
};

static void text_that_is_refused(void **state)
{
    (void)state;
    static const struct refused_text dates[] = {
        { "2026-2-29", BASE_ERR_SYNTAX },  { "2026-02-29", BASE_ERR_RANGE }, { "20260229", BASE_ERR_SYNTAX },
        { "2026-02-1x", BASE_ERR_SYNTAX }, { "", BASE_ERR_SYNTAX },          { "0000-01-01", BASE_ERR_RANGE },
        { "2026-01-01 ", BASE_ERR_SYNTAX },
    };
    static const struct refused_text times[] = {
        { "2026-11-21T08:00:00", BASE_ERR_SYNTAX },       { "2026-11-21 08:00:00Z", BASE_ERR_SYNTAX },
        { "2026-11-21T24:00:00Z", BASE_ERR_RANGE },       { "2026-11-21T23:60:00Z", BASE_ERR_RANGE },
        { "2026-11-21T23:59:60Z", BASE_ERR_RANGE },       { "2026-11-31T08:00:00Z", BASE_ERR_RANGE },
        { "2026-11-21T08:00:00+24:00", BASE_ERR_RANGE },  { "2026-11-21T08:00:00+08:60", BASE_ERR_RANGE },
        { "2026-11-21T08:00:00+0800", BASE_ERR_SYNTAX },  { "2026-11-21T08:00:00.5Z", BASE_ERR_SYNTAX },
        { "", BASE_ERR_SYNTAX },
    };
    int64_t out = 77;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
        assert_int_equal(calendar_parse_date(span_of_text(dates[i].text), &out), dates[i].result);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        assert_int_equal(calendar_parse_time(span_of_text(times[i].text), &out), times[i].result);
    assert_int_equal(out, 77);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(every_day_there_and_back),
        cmocka_unit_test(dates_that_do_not_exist),
        cmocka_unit_test(weekdays),
        cmocka_unit_test(local_days_begin_at_local_midnight),
        cmocka_unit_test(months_and_years_begin),
        cmocka_unit_test(text_is_written),
        cmocka_unit_test(text_that_cannot_be_written),
        cmocka_unit_test(text_is_read),
        cmocka_unit_test(text_that_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
