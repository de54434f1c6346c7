#include "base/calendar.h"

#include "base/error.h"
#include "base/writer.h"

#define DAYS_IN_ERA 146097   /* 400 years */
#define DAYS_TO_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */
#define DATE_TEXT_SIZE 10
#define TIME_TEXT_SIZE 19 /* without the zone */

static int64_t floor_divide(int64_t value, int64_t divisor)
{
    int64_t quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

static bool leap_year_is(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_days_in_month(int32_t year, int32_t month)
{
    static const int days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12)
        return 0;
    return days[month] + (month == 2 && leap_year_is(year) ? 1 : 0);
}

/* Years are counted from March, so that the leap day is the last of its year and months have a linear rule:
 * (153 * month + 2) / 5 is the day at which month 0 (March) to 11 (February) begins. */
static int64_t day_count(int32_t year, int32_t month, int32_t day_of_month)
{
    int64_t march_year = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = floor_divide(march_year, 400);
    int64_t year_of_era = march_year - era * 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day_of_month - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_IN_ERA + day_of_era - DAYS_TO_EPOCH;
}

int calendar_day_of_date(struct calendar_date date, int64_t *day)
{
    if (date.year < CALENDAR_YEAR_FIRST || date.year > CALENDAR_YEAR_LAST)
        return BASE_ERR_RANGE;
    if (date.day_of_month < 1 || date.day_of_month > calendar_days_in_month(date.year, date.month))
        return BASE_ERR_RANGE;
    *day = day_count(date.year, date.month, date.day_of_month);
    return 0;
}

struct calendar_date calendar_date_of_day(int64_t day)
{
    int64_t shifted = day + DAYS_TO_EPOCH;
    int64_t era = floor_divide(shifted, DAYS_IN_ERA);
    int64_t day_of_era = shifted - era * DAYS_IN_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    struct calendar_date date;
    date.day_of_month = (int32_t)(day_of_year - (153 * march_month + 2) / 5 + 1);
    date.month = (int32_t)(march_month < 10 ? march_month + 3 : march_month - 9);
    date.year = (int32_t)(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
    return date;
}

enum calendar_weekday calendar_weekday_of_day(int64_t day)
{
    /* 1970-01-01 was a Thursday. */
    int64_t since_monday = day + 3;
    return (enum calendar_weekday)(since_monday - 7 * floor_divide(since_monday, 7) + 1);
}

int64_t calendar_local_day(int64_t time_s, int32_t zone_offset_s)
{
    return floor_divide(time_s + zone_offset_s, CALENDAR_DAY_S);
}

int64_t calendar_midnight(int64_t day, int32_t zone_offset_s)
{
    return day * CALENDAR_DAY_S - zone_offset_s;
}

int32_t calendar_second_of_day(int64_t time_s, int32_t zone_offset_s)
{
    return (int32_t)(time_s - calendar_midnight(calendar_local_day(time_s, zone_offset_s), zone_offset_s));
}

int64_t calendar_month_start(int64_t day)
{
    return day - calendar_date_of_day(day).day_of_month + 1;
}

int64_t calendar_month_start_after(int64_t day, int32_t months)
{
    struct calendar_date date = calendar_date_of_day(day);
    int64_t month_count = (int64_t)date.year * 12 + date.month - 1 + months;
    int64_t year = floor_divide(month_count, 12);
    return day_count((int32_t)year, (int32_t)(month_count - year * 12 + 1), 1);
}

int64_t calendar_year_start(int64_t day)
{
    return day_count(calendar_date_of_day(day).year, 1, 1);
}

static bool year_is_writable(int64_t day)
{
    return day >= day_count(CALENDAR_YEAR_FIRST, 1, 1) && day <= day_count(CALENDAR_YEAR_LAST, 12, 31);
}

/* `value` in exactly `digits` digits. */
static void digits_put(struct writer *writer, int32_t value, int digits)
{
    int32_t divisor = 1;
    for (int i = 1; i < digits; i++)
        divisor *= 10;
    for (; divisor > 0; divisor /= 10)
        writer_put_u8(writer, (uint8_t)('0' + value / divisor % 10));
}

static void date_put(struct writer *writer, int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    digits_put(writer, date.year, 4);
    writer_put_u8(writer, '-');
    digits_put(writer, date.month, 2);
    writer_put_u8(writer, '-');
    digits_put(writer, date.day_of_month, 2);
}

static void zone_put(struct writer *writer, int32_t zone_offset_s)
{
    if (zone_offset_s == 0) {
        writer_put_u8(writer, 'Z');
        return;
    }
    int32_t minutes = (zone_offset_s < 0 ? -zone_offset_s : zone_offset_s) / 60;
    writer_put_u8(writer, zone_offset_s < 0 ? '-' : '+');
    digits_put(writer, minutes / 60, 2);
    writer_put_u8(writer, ':');
    digits_put(writer, minutes % 60, 2);
}

/* Hands over what was built, zero-terminated; `text` stays as it was when it is too small. */
static int text_deliver(const struct writer *built, char *text, size_t capacity)
{
    if (capacity < built->size + 1)
        return BASE_ERR_FULL;
    for (size_t i = 0; i < built->size; i++)
        text[i] = (char)built->bytes[i];
    text[built->size] = 0;
    return (int)built->size;
}

int calendar_format_date(int64_t day, char *text, size_t capacity)
{
    uint8_t buffer[CALENDAR_DATE_TEXT_LIMIT];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    if (!year_is_writable(day))
        return BASE_ERR_RANGE;
    date_put(&writer, day);
    return text_deliver(&writer, text, capacity);
}

int calendar_format_time(int64_t time_s, int32_t zone_offset_s, char *text, size_t capacity)
{
    uint8_t buffer[CALENDAR_TIME_TEXT_LIMIT];
    struct writer writer = writer_of_buffer(buffer, sizeof buffer);
    if (zone_offset_s % 60 != 0 || zone_offset_s <= -CALENDAR_DAY_S || zone_offset_s >= CALENDAR_DAY_S)
        return BASE_ERR_RANGE;
    if (!year_is_writable(floor_divide(time_s, CALENDAR_DAY_S)))
        return BASE_ERR_RANGE;
    int64_t day = calendar_local_day(time_s, zone_offset_s);
    if (!year_is_writable(day))
        return BASE_ERR_RANGE;
    int32_t second = calendar_second_of_day(time_s, zone_offset_s);
    date_put(&writer, day);
    writer_put_u8(&writer, 'T');
    digits_put(&writer, second / 3600, 2);
    writer_put_u8(&writer, ':');
    digits_put(&writer, second / 60 % 60, 2);
    writer_put_u8(&writer, ':');
    digits_put(&writer, second % 60, 2);
    zone_put(&writer, zone_offset_s);
    return text_deliver(&writer, text, capacity);
}

/* Does `text` follow the pattern, where '0' stands for any digit and other characters for themselves? */
static bool pattern_fits(struct span text, const char *pattern)
{
    struct span form = span_of_text(pattern);
    if (text.size != form.size)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.bytes[i] >= '0' && text.bytes[i] <= '9';
        if (form.bytes[i] == '0' ? !digit : text.bytes[i] != form.bytes[i])
            return false;
    }
    return true;
}

static int32_t digits_read(const uint8_t *digits, int count)
{
    int32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

int calendar_parse_date(struct span text, int64_t *day)
{
    if (!pattern_fits(text, "0000-00-00"))
        return BASE_ERR_SYNTAX;
    struct calendar_date date = { digits_read(text.bytes, 4), digits_read(text.bytes + 5, 2),
                                  digits_read(text.bytes + 8, 2) };
    return calendar_day_of_date(date, day);
}

static int zone_parse(struct span text, int32_t *zone_offset_s)
{
    if (span_equal_text(text, "Z")) {
        *zone_offset_s = 0;
        return 0;
    }
    if (!pattern_fits(text, "+00:00") && !pattern_fits(text, "-00:00"))
        return BASE_ERR_SYNTAX;
    int32_t hours = digits_read(text.bytes + 1, 2);
    int32_t minutes = digits_read(text.bytes + 4, 2);
    if (hours > 23 || minutes > 59)
        return BASE_ERR_RANGE;
    *zone_offset_s = (hours * 60 + minutes) * (text.bytes[0] == '-' ? -60 : 60);
    return 0;
}

static int clock_parse(const uint8_t *text, int32_t *second)
{
    int32_t hours = digits_read(text, 2);
    int32_t minutes = digits_read(text + 3, 2);
    int32_t seconds = digits_read(text + 6, 2);
    if (hours > 23 || minutes > 59 || seconds > 59)
        return BASE_ERR_RANGE;
    *second = (hours * 60 + minutes) * 60 + seconds;
    return 0;
}

int calendar_parse_time(struct span text, int64_t *time_s)
{
    if (text.size <= TIME_TEXT_SIZE)
        return BASE_ERR_SYNTAX;
    if (!pattern_fits(span_of_bytes(text.bytes, TIME_TEXT_SIZE), "0000-00-00T00:00:00"))
        return BASE_ERR_SYNTAX;
    int64_t day = 0;
    int32_t second = 0;
    int32_t zone_offset_s = 0;
    int result = zone_parse(span_of_bytes(text.bytes + TIME_TEXT_SIZE, text.size - TIME_TEXT_SIZE), &zone_offset_s);
    if (result == 0)
        result = calendar_parse_date(span_of_bytes(text.bytes, DATE_TEXT_SIZE), &day);
    if (result == 0)
        result = clock_parse(text.bytes + DATE_TEXT_SIZE + 1, &second);
    if (result < 0)
        return result;
    *time_s = calendar_midnight(day, zone_offset_s) + second;
    return 0;
}
