/* The calendar, and times in the data formats of Q/GDW 376.1, appendix A. */
#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define CLOCK_SMALLEST_S INT64_C(1577836800) /* 2020: an earlier clock was never set */
#define CLOCK_LARGEST_S INT64_C(4102444800)  /* 2100: two digits of a year end there */
#define CENTURY 2000
#define MINUTE_S 60
#define HOUR_S 3600

int64_t clock_now_s(const struct concentrator *concentrator)
{
    int64_t now_s = concentrator->hal->clock_read_s(concentrator->hal->context);
    return now_s >= CLOCK_SMALLEST_S && now_s < CLOCK_LARGEST_S ? now_s : 0;
}

uint32_t steady_s(const struct concentrator *concentrator)
{
    return (uint32_t)(concentrator->now_ms / 1000);
}

int32_t clock_day(const struct concentrator *concentrator, int64_t clock_s)
{
    return (int32_t)calendar_local_day(clock_s, concentrator->config.zone_offset_s);
}

int32_t clock_second(const struct concentrator *concentrator, int64_t clock_s)
{
    return calendar_second_of_day(clock_s, concentrator->config.zone_offset_s);
}

int64_t clock_midnight(const struct concentrator *concentrator, int32_t day)
{
    return calendar_midnight(day, concentrator->config.zone_offset_s);
}

void missing_put(size_t size, struct writer *out)
{
    for (size_t i = 0; i < size; i++)
        writer_put_u8(out, MISSING_BYTE);
}

static void digits_put(int value, struct writer *out)
{
    writer_put_u8(out, bcd_byte_write(value % 100));
}

void clock_put_minute(const struct concentrator *concentrator, int64_t clock_s, struct writer *out)
{
    if (clock_s == 0) {
        missing_put(5, out);
        return;
    }
    int32_t second = clock_second(concentrator, clock_s);
    digits_put(second % HOUR_S / MINUTE_S, out);
    digits_put(second / HOUR_S, out);
    clock_put_day(clock_day(concentrator, clock_s), out);
}

void clock_put_second(const struct concentrator *concentrator, int64_t clock_s, struct writer *out)
{
    if (clock_s == 0) {
        missing_put(6, out);
        return;
    }
    int32_t second = clock_second(concentrator, clock_s), day = clock_day(concentrator, clock_s);
    struct calendar_date date = calendar_date_of_day(day);
    digits_put(second % MINUTE_S, out);
    digits_put(second % HOUR_S / MINUTE_S, out);
    digits_put(second / HOUR_S, out);
    digits_put(date.day_of_month, out);
    /* The weekday stands in the upper three bits of the month. */
    writer_put_u8(out, (uint8_t)((unsigned)calendar_weekday_of_day(day) << 5 | bcd_byte_write(date.month)));
    digits_put(date.year, out);
}

void clock_put_day(int32_t day, struct writer *out)
{
    struct calendar_date date = calendar_date_of_day(day);
    digits_put(date.day_of_month, out);
    digits_put(date.month, out);
    digits_put(date.year, out);
}

void clock_put_month(int32_t day, struct writer *out)
{
    struct calendar_date date = calendar_date_of_day(day);
    digits_put(date.month, out);
    digits_put(date.year, out);
}

static int32_t day_of(int day_of_month, int month, int year)
{
    struct calendar_date date = { CENTURY + year, month, day_of_month };
    int64_t day;

    if (year < 0 || calendar_day_of_date(date, &day) < 0)
        return DAY_NONE;
    return (int32_t)day;
}

int32_t clock_take_day(const uint8_t *bytes)
{
    return day_of(bcd_byte_read(bytes[0]), bcd_byte_read(bytes[1]), bcd_byte_read(bytes[2]));
}

int32_t clock_take_month(const uint8_t *bytes)
{
    int32_t first = day_of(1, bcd_byte_read(bytes[0]), bcd_byte_read(bytes[1]));
    return first == DAY_NONE ? DAY_NONE : month_last_day(first);
}

static int64_t clock_of(const struct concentrator *concentrator, int32_t day, int hour, int minute, int second)
{
    bool is_legal =
        day != DAY_NONE && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    return is_legal ? clock_midnight(concentrator, day) + hour * HOUR_S + minute * MINUTE_S + second : 0;
}

int64_t clock_take_second(const struct concentrator *concentrator, const uint8_t *bytes)
{
    int32_t day = day_of(bcd_byte_read(bytes[3]), bcd_byte_read(bytes[4] & 0x1f), bcd_byte_read(bytes[5]));
    return clock_of(concentrator, day, bcd_byte_read(bytes[2]), bcd_byte_read(bytes[1]), bcd_byte_read(bytes[0]));
}

int64_t clock_take_minute(const struct concentrator *concentrator, const uint8_t *bytes)
{
    return clock_of(concentrator, clock_take_day(bytes + 2), bcd_byte_read(bytes[1]), bcd_byte_read(bytes[0]), 0);
}

int32_t month_last_day(int32_t day)
{
    return (int32_t)calendar_month_start_after(day, 1) - 1;
}

int32_t month_number(int32_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return date.year * 12 + date.month - 1;
}
