#include "base/calendar.h"
#include "codec/codec_error.h"
#include "codec/item/item.h"

static bool has_year(const struct item_time *time)
{
    return time->parts >= ITEM_TIME_YEAR && time->parts <= ITEM_TIME_SECOND;
}

static bool has_date(const struct item_time *time)
{
    return (time->parts >= ITEM_TIME_DAY && time->parts <= ITEM_TIME_SECOND) || time->parts == ITEM_TIME_OF_YEAR ||
           time->parts == ITEM_TIME_OF_MONTH;
}

/* A day of a year that is not stated may be 29 February, of a month that is not stated the 31st. */
static bool date_is_legal(const struct item_time *time)
{
    bool is_yearless = time->parts == ITEM_TIME_OF_YEAR || time->parts == ITEM_TIME_OF_MONTH;
    int32_t year = is_yearless ? 2000 : time->year;

    if (has_year(time) && (time->year < 1900 || time->year > 2299))
        return false;
    if (time->parts == ITEM_TIME_MONTH)
        return time->month >= 1 && time->month <= 12;
    int32_t month = time->parts == ITEM_TIME_OF_MONTH ? 1 : time->month;
    return !has_date(time) || (time->day >= 1 && time->day <= calendar_days_in_month(year, month));
}

int item_time_check(const struct item_time *time)
{
    bool is_clock_legal = time->hour <= 23 && time->minute <= 59 && time->second <= 59;
    return date_is_legal(time) && is_clock_legal ? 0 : CODEC_ERR_RANGE;
}

struct item_time item_time_of_unix(int64_t seconds)
{
    struct item_time time = { 0, 0, 0, 0, 0, 0, ITEM_TIME_SECOND, 1, 0 };
    struct calendar_date date = calendar_date_of_day(calendar_local_day(seconds, 0));
    int32_t second = calendar_second_of_day(seconds, 0);

    time.year = (uint16_t)date.year;
    time.month = (uint8_t)date.month;
    time.day = (uint8_t)date.day_of_month;
    time.hour = (uint8_t)(second / 3600);
    time.minute = (uint8_t)(second / 60 % 60);
    time.second = (uint8_t)(second % 60);
    return time;
}

static void date_write(const struct item_time *time, struct writer *out)
{
    if (has_year(time))
        writer_format(out, "%04u", time->year);
    if (time->parts >= ITEM_TIME_MONTH && time->parts <= ITEM_TIME_SECOND)
        writer_format(out, "-%02u", time->month);
    if (time->parts >= ITEM_TIME_DAY && time->parts <= ITEM_TIME_SECOND)
        writer_format(out, "-%02u", time->day);
}

void item_time_write(const struct item_time *time, struct writer *out)
{
    date_write(time, out);
    switch ((enum item_time_part)time->parts) {
    case ITEM_TIME_NONE:
    case ITEM_TIME_YEAR:
    case ITEM_TIME_MONTH:
    case ITEM_TIME_DAY:
        return;
    case ITEM_TIME_HOUR:
        writer_format(out, "T%02u", time->hour);
        break;
    case ITEM_TIME_MINUTE:
        writer_format(out, "T%02u:%02u", time->hour, time->minute);
        break;
    case ITEM_TIME_SECOND:
        writer_format(out, "T%02u:%02u:%02u", time->hour, time->minute, time->second);
        break;
    case ITEM_TIME_OF_DAY:
        writer_format(out, "%02u:%02u:%02u", time->hour, time->minute, time->second);
        break;
    case ITEM_TIME_OF_YEAR:
        writer_format(out, "%02u-%02u %02u:%02u", time->month, time->day, time->hour, time->minute);
        break;
    case ITEM_TIME_OF_MONTH:
        writer_format(out, "%02u %02u:%02u:%02u", time->day, time->hour, time->minute, time->second);
        break;
    }
    if (time->is_utc)
        writer_text(out, "Z");
}
