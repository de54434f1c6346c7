#include "codec/mbus/mbus_time.h"

#include "codec/codec_error.h"

#define YEAR_EVERY 127
#define MONTH_EVERY 15
#define YEAR_LAST_2000 80 /* 81 to 99 are of the last century */
#define INVALID_BIT 0x80u

/* Day and low year bits in the first byte, month and high year bits in the second: the same in types F, G and I. */
static unsigned date_take(const uint8_t *bytes, struct item_time *time)
{
    time->day = bytes[0] & 0x1fu;
    time->month = bytes[1] & 0x0fu;
    return (unsigned)(bytes[0] >> 5 | (bytes[1] >> 4) << 3);
}

static uint16_t year_of(unsigned two_digits, unsigned century)
{
    if (century == 0 && two_digits <= YEAR_LAST_2000)
        century = 1;
    return (uint16_t)(1900 + 100 * century + two_digits);
}

/* Year and parts; "every year" states none, "every year and month" neither. */
static void year_put(struct item_time *time, unsigned two_digits, unsigned century, enum item_time_part parts)
{
    time->parts = (uint8_t)parts;
    if (two_digits != YEAR_EVERY) {
        time->year = year_of(two_digits, century);
        return;
    }
    time->parts = time->month == MONTH_EVERY ? ITEM_TIME_OF_MONTH : ITEM_TIME_OF_YEAR;
    if (time->month == MONTH_EVERY)
        time->month = 0;
}

static enum item_quality time_judge(const struct item_time *time, unsigned two_digits, bool is_doubted)
{
    if (two_digits > 99 && two_digits != YEAR_EVERY)
        return ITEM_INVALID;
    if (item_time_check(time) < 0)
        return ITEM_INVALID;
    return is_doubted ? ITEM_DOUBTED : ITEM_GOOD;
}

/* Type G (CP16). */
static enum item_quality date_decode(const uint8_t *bytes, struct item_time *time)
{
    unsigned both = (unsigned)(bytes[0] | bytes[1] << 8);
    unsigned two_digits = date_take(bytes, time);

    if (both == 0 || both == 0xffff)
        return ITEM_MISSING;
    year_put(time, two_digits, 0, time->day == 0 ? ITEM_TIME_MONTH : ITEM_TIME_DAY);
    return time_judge(time, two_digits, false);
}

static bool is_all(const uint8_t *bytes, size_t size, uint8_t byte)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != byte)
            return false;
    return true;
}

/* Type J (CP24). Zeros are midnight. */
static enum item_quality time_of_day_decode(const uint8_t *bytes, struct item_time *time)
{
    if (is_all(bytes, 3, 0xff))
        return ITEM_MISSING;
    time->second = bytes[0] & 0x3fu;
    time->minute = bytes[1] & 0x3fu;
    time->hour = bytes[2] & 0x1fu;
    time->parts = ITEM_TIME_OF_DAY;
    return time_judge(time, 0, false);
}

/* Type F (CP32). */
static enum item_quality date_time_decode(const uint8_t *bytes, struct item_time *time)
{
    unsigned two_digits = date_take(bytes + 2, time);

    if (is_all(bytes, 4, 0) || is_all(bytes, 4, 0xff))
        return ITEM_MISSING;
    time->minute = bytes[0] & 0x3fu;
    time->hour = bytes[1] & 0x1fu;
    time->is_summer = bytes[1] >> 7;
    year_put(time, two_digits, bytes[1] >> 5 & 3u, ITEM_TIME_MINUTE);
    return time_judge(time, two_digits, (bytes[0] & INVALID_BIT) != 0);
}

/* Type I (CP48). */
static enum item_quality date_time_second_decode(const uint8_t *bytes, struct item_time *time)
{
    unsigned two_digits = date_take(bytes + 3, time);

    if (is_all(bytes, 6, 0) || is_all(bytes, 6, 0xff))
        return ITEM_MISSING;
    time->second = bytes[0] & 0x3fu;
    time->minute = bytes[1] & 0x3fu;
    time->hour = bytes[2] & 0x1fu;
    time->is_summer = bytes[0] >> 6 & 1u;
    year_put(time, two_digits, 0, ITEM_TIME_SECOND);
    return time_judge(time, two_digits, (bytes[1] & INVALID_BIT) != 0);
}

enum item_quality mbus_time_decode(struct span data, struct item_time *out)
{
    static const struct item_time none;
    struct item_time time = none;
    enum item_quality quality = ITEM_INVALID;

    if (data.size == 2)
        quality = date_decode(data.bytes, &time);
    else if (data.size == 3)
        quality = time_of_day_decode(data.bytes, &time);
    else if (data.size == 4)
        quality = date_time_decode(data.bytes, &time);
    else if (data.size == 6)
        quality = date_time_second_decode(data.bytes, &time);
    *out = quality == ITEM_GOOD || quality == ITEM_DOUBTED ? time : none;
    return quality;
}

static void date_put(const struct item_time *time, unsigned two_digits, uint8_t *out)
{
    out[0] = (uint8_t)(time->day | (two_digits & 7u) << 5);
    out[1] = (uint8_t)(time->month | (two_digits >> 3) << 4);
}

static void date_time_put(const struct item_time *time, uint8_t *out)
{
    unsigned century = (unsigned)(time->year - 1900) / 100;

    out[0] = time->minute;
    out[1] = (uint8_t)(time->hour | century << 5 | (time->is_summer ? 0x80u : 0));
    date_put(time, (unsigned)(time->year - 1900) % 100, out + 2);
}

static void date_time_second_put(const struct item_time *time, uint8_t *out)
{
    out[0] = (uint8_t)(time->second | (time->is_summer ? 0x40u : 0));
    out[1] = time->minute;
    out[2] = time->hour;
    date_put(time, time->year % 100u, out + 3);
    out[5] = 0;
}

int mbus_time_encode(const struct item_time *time, uint8_t *out)
{
    bool has_century = time->parts == ITEM_TIME_MINUTE &&
                       year_of((time->year - 1900u) % 100, (time->year - 1900u) / 100) == time->year;
    bool is_plain_year = time->year >= 1900 + YEAR_LAST_2000 + 1 && time->year <= 2000 + YEAR_LAST_2000;

    if (item_time_check(time) < 0)
        return CODEC_ERR_RANGE;
    switch ((enum item_time_part)time->parts) {
    case ITEM_TIME_DAY:
        if (!is_plain_year)
            return CODEC_ERR_RANGE;
        date_put(time, time->year % 100u, out);
        return 2;
    case ITEM_TIME_OF_DAY:
        out[0] = time->second;
        out[1] = time->minute;
        out[2] = time->hour;
        return 3;
    case ITEM_TIME_MINUTE:
        if (!has_century)
            return CODEC_ERR_RANGE;
        date_time_put(time, out);
        return 4;
    case ITEM_TIME_SECOND:
        if (!is_plain_year)
            return CODEC_ERR_RANGE;
        date_time_second_put(time, out);
        return 6;
    case ITEM_TIME_NONE:
    case ITEM_TIME_YEAR:
    case ITEM_TIME_MONTH:
    case ITEM_TIME_HOUR:
    case ITEM_TIME_OF_YEAR:
    case ITEM_TIME_OF_MONTH:
        break;
    }
    return CODEC_ERR_UNSUPPORTED;
}
