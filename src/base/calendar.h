/* The civil (Gregorian) calendar in integers: days, local days, months, ISO 8601 text.
 *
 * Times are int64 seconds since 1970-01-01T00:00:00Z without leap seconds; days are int64 days since 1970-01-01.
 * A zone is a fixed offset in seconds east of UTC (China: 28,800), passed in by the caller. Years run from
 * CALENDAR_YEAR_FIRST to CALENDAR_YEAR_LAST; functions that cannot answer with an error want days of that range. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/span.h"

#define CALENDAR_DAY_S 86400
#define CALENDAR_YEAR_FIRST 1
#define CALENDAR_YEAR_LAST 9999
#define CALENDAR_DATE_TEXT_LIMIT 11 /* "2026-11-21" and its zero */
#define CALENDAR_TIME_TEXT_LIMIT 26 /* "2026-11-21T08:00:00+08:00" and its zero */

struct calendar_date {
    int32_t year;
    int32_t month;        /* 1 to 12 */
    int32_t day_of_month; /* 1 to 31 */
};

enum calendar_weekday {
    CALENDAR_MONDAY = 1, /* ISO 8601 numbers */
    CALENDAR_TUESDAY,
    CALENDAR_WEDNESDAY,
    CALENDAR_THURSDAY,
    CALENDAR_FRIDAY,
    CALENDAR_SATURDAY,
    CALENDAR_SUNDAY
};

/* 28 to 31; 0 for a month outside 1 to 12. */
int calendar_days_in_month(int32_t year, int32_t month);

/* Day of a date.
 * returns  0; BASE_ERR_RANGE for a date that does not exist or a year outside the range */
int calendar_day_of_date(struct calendar_date date, int64_t *day);

/* Date of a day; any day from CALENDAR_YEAR_FIRST-01-01 on. */
struct calendar_date calendar_date_of_day(int64_t day);

enum calendar_weekday calendar_weekday_of_day(int64_t day);

/* The local day that holds `time_s`. */
int64_t calendar_local_day(int64_t time_s, int32_t zone_offset_s);

/* The instant at which local `day` begins. */
int64_t calendar_midnight(int64_t day, int32_t zone_offset_s);

/* Seconds since local midnight, 0 to 86,399. */
int32_t calendar_second_of_day(int64_t time_s, int32_t zone_offset_s);

/* First day of the month that holds `day`. */
int64_t calendar_month_start(int64_t day);

/* First day of the month `months` after (or, negative, before) the one that holds `day`. */
int64_t calendar_month_start_after(int64_t day, int32_t months);

/* First day of the year that holds `day`. */
int64_t calendar_year_start(int64_t day);

/* "2026-11-21", zero-terminated.
 * returns  10; BASE_ERR_FULL; BASE_ERR_RANGE for a year outside the range */
int calendar_format_date(int64_t day, char *text, size_t capacity);

/* "2026-11-21T08:00:00+08:00", or "...Z" for offset 0.
 * zone_offset_s  a whole number of minutes, less than a day
 * returns        characters without the zero; BASE_ERR_FULL; BASE_ERR_RANGE */
int calendar_format_time(int64_t time_s, int32_t zone_offset_s, char *text, size_t capacity);

/* Exactly "YYYY-MM-DD".
 * returns  0; BASE_ERR_SYNTAX; BASE_ERR_RANGE for a date that does not exist */
int calendar_parse_date(struct span text, int64_t *day);

/* Exactly "YYYY-MM-DDThh:mm:ss" followed by "Z" or "+hh:mm" or "-hh:mm" (ISO 8601, RFC 3339 without fractions).
 * Second 60 is refused.
 * returns  0; BASE_ERR_SYNTAX; BASE_ERR_RANGE */
int calendar_parse_time(struct span text, int64_t *time_s);

#endif
