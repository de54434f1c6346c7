#include "codec/q376/q376_format.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"

#define SIGN_BIT 0x80
#define FILLER 0xEE
#define CENTURY 2000
#define BINARY_SIZE_LIMIT 8

struct format;

typedef void (*read_function)(const struct format *format, struct span bytes, struct item *item);
typedef int (*write_function)(const struct format *format, const struct item *item, uint8_t *out, size_t size);

struct format {
    read_function read;
    write_function write;
    const char *parts; /* of times: the bytes in wire order, s m h d M y, W weekday and month */
    uint8_t size;      /* 0: the field says */
    int8_t exponent;
    uint8_t has_sign;   /* top bit of the last byte */
    uint8_t time_parts; /* enum item_time_part */
};

/* Digits of a copy without its mark bits.
 * marks    bits of the last byte that are no digits */
static int64_t digits_read(struct span bytes, unsigned marks)
{
    uint8_t copy[Q376_FORMAT_SIZE_LIMIT];

    memcpy(copy, bytes.bytes, bytes.size);
    copy[bytes.size - 1] = (uint8_t)(copy[bytes.size - 1] & ~marks);
    return bcd_read(span_of_bytes(copy, bytes.size));
}

static void value_set(struct item *item, int64_t digits, bool is_negative)
{
    item->kind = ITEM_KIND_NUMBER;
    if (digits < 0)
        item->quality = ITEM_INVALID;
    else
        item->value = is_negative ? -digits : digits;
}

static void decimal_read(const struct format *format, struct span bytes, struct item *item)
{
    unsigned sign = format->has_sign ? bytes.bytes[bytes.size - 1] & SIGN_BIT : 0u;

    value_set(item, digits_read(bytes, sign), sign != 0);
    item->exponent = format->exponent;
}

static int decimal_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    uint8_t bytes[Q376_FORMAT_SIZE_LIMIT];
    int64_t value;

    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    if (item_value_scale(item, format->exponent, &value) < 0)
        return CODEC_ERR_RANGE;
    bool is_negative = value < 0;
    if ((is_negative && !format->has_sign) || bcd_write(is_negative ? -value : value, bytes, size) < 0)
        return CODEC_ERR_RANGE;
    if (format->has_sign && (bytes[size - 1] & SIGN_BIT) != 0)
        return CODEC_ERR_RANGE;
    if (is_negative)
        bytes[size - 1] |= SIGN_BIT;
    memcpy(out, bytes, size);
    return 0;
}

/* A.2: G in bits 7 to 5 of the last byte counts down from 10^4. */
static void power_of_ten_read(const struct format *format, struct span bytes, struct item *item)
{
    unsigned last = bytes.bytes[1];

    (void)format;
    value_set(item, digits_read(bytes, 0xF0), (last & 0x10) != 0);
    item->exponent = (int8_t)(4 - (int)(last >> 5));
}

static int power_of_ten_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    uint8_t bytes[2];

    (void)format;
    (void)size;
    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    int start = item->exponent < -3 ? -3 : item->exponent > 4 ? 4 : item->exponent;
    for (int exponent = start; exponent <= 4; exponent++) {
        int64_t value;
        if (item_value_scale(item, exponent, &value) < 0)
            break;
        if (value > 999 || value < -999)
            continue;
        if (bcd_write(value < 0 ? -value : value, bytes, sizeof bytes) < 0)
            return CODEC_ERR_RANGE;
        out[0] = bytes[0];
        out[1] = (uint8_t)(bytes[1] | (unsigned)(4 - exponent) << 5 | (value < 0 ? 0x10u : 0u));
        return 0;
    }
    return CODEC_ERR_RANGE;
}

/* A.3: bit 6 of the last byte is the unit (1 or 1000 of the small one), bit 4 the sign. */
static void energy_read(const struct format *format, struct span bytes, struct item *item)
{
    unsigned last = bytes.bytes[3];

    (void)format;
    value_set(item, digits_read(bytes, 0xF0), (last & 0x10) != 0);
    item->exponent = (last & 0x40) != 0 ? 3 : 0;
}

static int energy_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    uint8_t bytes[4];
    int64_t value;

    (void)format;
    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    bool is_large = item->exponent >= 3;
    if (item_value_scale(item, is_large ? 3 : 0, &value) < 0 || value > 9999999 || value < -9999999 ||
        bcd_write(value < 0 ? -value : value, bytes, size) < 0)
        return CODEC_ERR_RANGE;
    bytes[3] = (uint8_t)(bytes[3] | (is_large ? 0x40u : 0u) | (value < 0 ? 0x10u : 0u));
    memcpy(out, bytes, size);
    return 0;
}

static void address_read(const struct format *format, struct span bytes, struct item *item)
{
    decimal_read(format, bytes, item);
    item->kind = ITEM_KIND_DIGITS;
    item->digits = 12;
}

static int address_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    (void)format;
    if (item->kind != ITEM_KIND_DIGITS)
        return CODEC_ERR_TYPE;
    return bcd_write(item->value, out, size) < 0 ? CODEC_ERR_RANGE : 0;
}

/* One byte of a time into its part. */
static int time_part_read(struct item *item, char part, uint8_t byte)
{
    struct item_time *time = &item->time;
    int value = bcd_byte_read(part == 'W' ? byte & 0x1F : byte);

    if (value < 0)
        return CODEC_ERR_FORMAT;
    switch (part) {
    case 's':
        time->second = (uint8_t)value;
        break;
    case 'm':
        time->minute = (uint8_t)value;
        break;
    case 'h':
        time->hour = (uint8_t)value;
        break;
    case 'd':
        time->day = (uint8_t)value;
        break;
    case 'y':
        time->year = (uint16_t)(CENTURY + value);
        break;
    default:
        time->month = (uint8_t)value;
        item->value = part == 'W' ? byte >> 5 : 0;
    }
    return 0;
}

static void time_read(const struct format *format, struct span bytes, struct item *item)
{
    static const struct item_time none;
    bool has_date = strchr(format->parts, 'd') != NULL || strchr(format->parts, 'y') != NULL;

    item->kind = ITEM_KIND_TIME;
    item->time = none;
    if (has_date && span_is_filled(bytes, 0)) {
        item->quality = ITEM_MISSING;
        return;
    }
    item->time.parts = format->time_parts;
    for (size_t i = 0; i < bytes.size; i++)
        if (time_part_read(item, format->parts[i], bytes.bytes[i]) < 0)
            item->quality = ITEM_INVALID;
    if (item->quality == ITEM_GOOD && item_time_check(&item->time) < 0)
        item->quality = ITEM_INVALID;
    if (item->quality != ITEM_GOOD)
        item->time = none;
}

static uint8_t time_part_write(const struct item *item, char part)
{
    const struct item_time *time = &item->time;

    switch (part) {
    case 's':
        return bcd_byte_write(time->second);
    case 'm':
        return bcd_byte_write(time->minute);
    case 'h':
        return bcd_byte_write(time->hour);
    case 'd':
        return bcd_byte_write(time->day);
    case 'y':
        return bcd_byte_write(time->year - CENTURY);
    case 'W':
        return (uint8_t)(bcd_byte_write(time->month) | (unsigned)item->value << 5);
    default:
        return bcd_byte_write(time->month);
    }
}

static int time_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    bool has_year = strchr(format->parts, 'y') != NULL, has_weekday = strchr(format->parts, 'W') != NULL;

    if (item->kind != ITEM_KIND_TIME)
        return CODEC_ERR_TYPE;
    if (item->time.parts != format->time_parts || item_time_check(&item->time) < 0)
        return CODEC_ERR_RANGE;
    if (has_year && (item->time.year < CENTURY || item->time.year >= CENTURY + 100))
        return CODEC_ERR_RANGE;
    if (has_weekday && (item->value < 0 || item->value > 7))
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < size; i++)
        out[i] = time_part_write(item, format->parts[i]);
    return 0;
}

static void binary_read(const struct format *format, struct span bytes, struct item *item)
{
    uint64_t value = 0;

    (void)format;
    item->kind = ITEM_KIND_NUMBER;
    for (size_t i = bytes.size; i > 0; i--)
        value = value << 8 | bytes.bytes[i - 1];
    item->value = (int64_t)value;
}

static void flags_read(const struct format *format, struct span bytes, struct item *item)
{
    binary_read(format, bytes, item);
    item->kind = ITEM_KIND_FLAGS;
    item->digits = (uint8_t)(bytes.size * 2);
}

static int binary_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    uint64_t value = (uint64_t)item->value;

    (void)format;
    if (item->kind != ITEM_KIND_NUMBER && item->kind != ITEM_KIND_FLAGS)
        return CODEC_ERR_TYPE;
    if (size > BINARY_SIZE_LIMIT || item->exponent != 0 || (size < BINARY_SIZE_LIMIT && value >> (8 * size) != 0))
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(value >> (8 * i));
    return 0;
}

static void wait_read(const struct format *format, struct span bytes, struct item *item)
{
    unsigned byte = bytes.bytes[0];

    (void)format;
    item->kind = ITEM_KIND_NUMBER;
    item->value = (byte & 0x80) != 0 ? (int64_t)(byte & 0x7F) * 1000 : (int64_t)byte * 10;
}

static int wait_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    (void)format;
    (void)size;
    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    if (item->value >= 0 && item->value <= 1270 && item->value % 10 == 0)
        out[0] = (uint8_t)(item->value / 10);
    else if (item->value >= 0 && item->value <= 127000 && item->value % 1000 == 0)
        out[0] = (uint8_t)(item->value / 1000 | 0x80);
    else
        return CODEC_ERR_RANGE;
    return 0;
}

static void tens_read(const struct format *format, struct span bytes, struct item *item)
{
    (void)format;
    item->kind = ITEM_KIND_NUMBER;
    item->value = (int64_t)bytes.bytes[0] * 10;
}

static int tens_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    (void)format;
    (void)size;
    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    if (item->value < 0 || item->value > 2550 || item->value % 10 != 0)
        return CODEC_ERR_RANGE;
    out[0] = (uint8_t)(item->value / 10);
    return 0;
}

static void text_read(const struct format *format, struct span bytes, struct item *item)
{
    (void)format;
    (void)bytes;
    item->kind = ITEM_KIND_TEXT;
}

static void bytes_read(const struct format *format, struct span bytes, struct item *item)
{
    (void)format;
    (void)bytes;
    item->kind = ITEM_KIND_BYTES;
}

static int bytes_write(const struct format *format, const struct item *item, uint8_t *out, size_t size)
{
    (void)format;
    if ((item->kind != ITEM_KIND_BYTES && item->kind != ITEM_KIND_TEXT) || item->bytes.size != size)
        return CODEC_ERR_TYPE;
    memcpy(out, item->bytes.bytes, size);
    return 0;
}

/* A.1 to A.27, then the plain forms. */
static const struct format formats[Q376_FORMAT_COUNT] = {
    [Q376_FORMAT_01] = { time_read, time_write, "smhdWy", 6, 0, 0, ITEM_TIME_SECOND },
    [Q376_FORMAT_02] = { power_of_ten_read, power_of_ten_write, NULL, 2, 0, 1, 0 },
    [Q376_FORMAT_03] = { energy_read, energy_write, NULL, 4, 0, 1, 0 },
    [Q376_FORMAT_04] = { decimal_read, decimal_write, NULL, 1, 0, 1, 0 },
    [Q376_FORMAT_05] = { decimal_read, decimal_write, NULL, 2, -1, 1, 0 },
    [Q376_FORMAT_06] = { decimal_read, decimal_write, NULL, 2, -2, 1, 0 },
    [Q376_FORMAT_07] = { decimal_read, decimal_write, NULL, 2, -1, 0, 0 },
    [Q376_FORMAT_08] = { decimal_read, decimal_write, NULL, 2, 0, 0, 0 },
    [Q376_FORMAT_09] = { decimal_read, decimal_write, NULL, 3, -4, 1, 0 },
    [Q376_FORMAT_10] = { decimal_read, decimal_write, NULL, 3, 0, 0, 0 },
    [Q376_FORMAT_11] = { decimal_read, decimal_write, NULL, 4, -2, 0, 0 },
    [Q376_FORMAT_12] = { address_read, address_write, NULL, 6, 0, 0, 0 },
    [Q376_FORMAT_13] = { decimal_read, decimal_write, NULL, 4, -4, 0, 0 },
    [Q376_FORMAT_14] = { decimal_read, decimal_write, NULL, 5, -4, 0, 0 },
    [Q376_FORMAT_15] = { time_read, time_write, "mhdMy", 5, 0, 0, ITEM_TIME_MINUTE },
    [Q376_FORMAT_16] = { time_read, time_write, "smhd", 4, 0, 0, ITEM_TIME_OF_MONTH },
    [Q376_FORMAT_17] = { time_read, time_write, "mhdM", 4, 0, 0, ITEM_TIME_OF_YEAR },
    [Q376_FORMAT_18] = { time_read, time_write, "mhd", 3, 0, 0, ITEM_TIME_OF_MONTH },
    [Q376_FORMAT_19] = { time_read, time_write, "mh", 2, 0, 0, ITEM_TIME_OF_DAY },
    [Q376_FORMAT_20] = { time_read, time_write, "dMy", 3, 0, 0, ITEM_TIME_DAY },
    [Q376_FORMAT_21] = { time_read, time_write, "My", 2, 0, 0, ITEM_TIME_MONTH },
    [Q376_FORMAT_22] = { decimal_read, decimal_write, NULL, 1, -1, 0, 0 },
    [Q376_FORMAT_23] = { decimal_read, decimal_write, NULL, 3, -4, 0, 0 },
    [Q376_FORMAT_24] = { time_read, time_write, "dh", 2, 0, 0, ITEM_TIME_OF_MONTH },
    [Q376_FORMAT_25] = { decimal_read, decimal_write, NULL, 3, -3, 1, 0 },
    [Q376_FORMAT_26] = { decimal_read, decimal_write, NULL, 2, -3, 0, 0 },
    [Q376_FORMAT_27] = { decimal_read, decimal_write, NULL, 4, 0, 0, 0 },
    [Q376_FORMAT_NUMBER] = { binary_read, binary_write, NULL, 0, 0, 0, 0 },
    [Q376_FORMAT_FLAGS] = { flags_read, binary_write, NULL, 0, 0, 0, 0 },
    [Q376_FORMAT_WAIT] = { wait_read, wait_write, NULL, 1, 0, 0, 0 },
    [Q376_FORMAT_TENS_MS] = { tens_read, tens_write, NULL, 1, 0, 0, 0 },
    [Q376_FORMAT_TEXT] = { text_read, bytes_write, NULL, 0, 0, 0, 0 },
    [Q376_FORMAT_BYTES] = { bytes_read, bytes_write, NULL, 0, 0, 0, 0 },
};

static bool is_standard(enum q376_format format)
{
    return format >= Q376_FORMAT_01 && format <= Q376_FORMAT_27;
}

size_t q376_format_size(enum q376_format format)
{
    return format > Q376_FORMAT_NONE && format < Q376_FORMAT_COUNT ? formats[format].size : 0;
}

/* What terminals send when they have no value: EE by the standard, EF and FF as well in the field. */
static bool is_missing(struct span bytes)
{
    return span_is_filled(bytes, 0xEE) || span_is_filled(bytes, 0xEF) || span_is_filled(bytes, 0xFF);
}

void q376_format_read(enum q376_format format, struct span bytes, struct item *item)
{
    item->bytes = bytes;
    formats[format].read(&formats[format], bytes, item);
    if (is_standard(format) && is_missing(bytes)) {
        item->quality = ITEM_MISSING;
        item->value = 0;
    }
}

int q376_format_write(enum q376_format format, const struct item *item, uint8_t *out, size_t size)
{
    if (formats[format].size != 0 && formats[format].size != size)
        return CODEC_ERR_TYPE;
    if (item->quality == ITEM_GOOD || item->quality == ITEM_DOUBTED)
        return formats[format].write(&formats[format], item, out, size);
    if (item->bytes.size == size)
        memcpy(out, item->bytes.bytes, size);
    else
        memset(out, FILLER, size);
    return 0;
}
