#include "codec/dlt645/dlt645_field.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"

#define FIELD_SIZE_LIMIT 64
#define SIGN 0x80
#define CENTURY 2000

static int number_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    item->kind = ITEM_KIND_NUMBER;
    item->exponent = field->exponent;
    item->value = bcd_read(bytes);
    return item->value < 0 ? CODEC_ERR_FORMAT : 0;
}

static int signed_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    uint8_t copy[BCD_SIZE_LIMIT];
    uint8_t top = bytes.bytes[bytes.size - 1];

    if ((top & SIGN) == 0)
        return number_decode(field, bytes, item);
    memcpy(copy, bytes.bytes, bytes.size);
    copy[bytes.size - 1] = (uint8_t)(top & ~SIGN);
    int result = number_decode(field, span_of_bytes(copy, bytes.size), item);
    item->value = -item->value;
    return result;
}

static int digits_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    item->kind = ITEM_KIND_DIGITS;
    item->digits = (uint8_t)(2 * field->size);
    item->value = bcd_read(bytes);
    return item->value < 0 ? CODEC_ERR_FORMAT : 0;
}

static int64_t binary_of(struct span bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes.size; i-- > 0;)
        value = value << 8 | bytes.bytes[i];
    return (int64_t)value;
}

static int binary_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    item->kind = ITEM_KIND_NUMBER;
    item->exponent = field->exponent;
    item->value = binary_of(bytes);
    return 0;
}

static int flags_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    item->kind = ITEM_KIND_FLAGS;
    item->digits = (uint8_t)(2 * field->size);
    item->value = binary_of(bytes);
    return 0;
}

static int text_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    (void)field;
    (void)bytes;
    item->kind = ITEM_KIND_TEXT;
    item->is_reversed = 1;
    return 0;
}

static int bytes_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    (void)field;
    (void)bytes;
    item->kind = ITEM_KIND_BYTES;
    return 0;
}

/* The parts of a time from the lowest byte up; `parts[i]` is where byte i goes. */
static int time_parts_read(const uint8_t *bytes, size_t size, uint8_t *const parts[])
{
    for (size_t i = 0; i < size; i++) {
        int value = bcd_byte_read(bytes[i]);
        if (value < 0)
            return CODEC_ERR_RANGE;
        *parts[i] = (uint8_t)value;
    }
    return 0;
}

/* What a time of 4, 5 or 6 bytes holds of second, minute, hour, day, month and year. */
struct time_shape {
    uint8_t first; /* of the six */
    uint8_t parts; /* enum item_time_part */
    bool has_year;
};

#define TIME_SIZE_MIN 4

/* NULL for other sizes. */
static const struct time_shape *time_shape_of(size_t size)
{
    static const struct time_shape shapes[] = {
        { 1, ITEM_TIME_OF_YEAR, false },
        { 1, ITEM_TIME_MINUTE, true },
        { 0, ITEM_TIME_SECOND, true },
    };
    static const size_t count = sizeof shapes / sizeof shapes[0];
    return size >= TIME_SIZE_MIN && size < TIME_SIZE_MIN + count ? &shapes[size - TIME_SIZE_MIN] : NULL;
}

int dlt645_time_read(struct span bytes, struct item_time *out)
{
    struct item_time time = { 0 };
    uint8_t year = 0;
    uint8_t *const parts[] = { &time.second, &time.minute, &time.hour, &time.day, &time.month, &year };
    const struct time_shape *shape = time_shape_of(bytes.size);

    if (shape == NULL || time_parts_read(bytes.bytes, bytes.size, parts + shape->first) < 0)
        return CODEC_ERR_RANGE;
    time.year = shape->has_year ? (uint16_t)(CENTURY + year) : 0;
    time.parts = shape->parts;
    if (item_time_check(&time) < 0)
        return CODEC_ERR_RANGE;
    *out = time;
    return 0;
}

int dlt645_time_write(const struct item_time *time, size_t size, uint8_t *out)
{
    const uint8_t parts[] = { time->second, time->minute, time->hour,
                              time->day,    time->month,  (uint8_t)(time->year % 100) };
    const struct time_shape *shape = time_shape_of(size);
    struct item_time whole = *time;

    if (shape == NULL || (shape->has_year && (time->year < CENTURY || time->year >= CENTURY + 100)))
        return CODEC_ERR_RANGE;
    whole.parts = shape->parts;
    if (item_time_check(&whole) < 0)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < size; i++)
        out[i] = bcd_byte_write(parts[shape->first + i]);
    return 0;
}

static int moment_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    (void)field;
    item->kind = ITEM_KIND_TIME;
    if (span_is_filled(bytes, 0)) {
        item->quality = ITEM_MISSING;
        return 0;
    }
    return dlt645_time_read(bytes, &item->time);
}

/* WW DD MM YY. The weekday is the meter's own opinion; it only has to be one. */
static int date_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    struct item_time time = { 0 };
    uint8_t year = 0, weekday = 0;
    uint8_t *const parts[] = { &weekday, &time.day, &time.month, &year };

    (void)field;
    item->kind = ITEM_KIND_TIME;
    if (span_is_filled(bytes, 0)) {
        item->quality = ITEM_MISSING;
        return 0;
    }
    if (time_parts_read(bytes.bytes, 4, parts) < 0 || weekday > 7)
        return CODEC_ERR_RANGE;
    time.year = (uint16_t)(CENTURY + year);
    time.parts = ITEM_TIME_DAY;
    if (item_time_check(&time) < 0)
        return CODEC_ERR_RANGE;
    item->time = time;
    return 0;
}

static int clock_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    struct item_time time = { 0 };
    uint8_t *const parts[] = { &time.second, &time.minute, &time.hour };

    (void)field;
    item->kind = ITEM_KIND_TIME;
    time.parts = ITEM_TIME_OF_DAY;
    if (time_parts_read(bytes.bytes, 3, parts) < 0 || item_time_check(&time) < 0)
        return CODEC_ERR_RANGE;
    item->time = time;
    return 0;
}

/* NN mm hh: the time of day from which tariff NN counts. */
static int switch_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    struct item_time time = { 0 };
    uint8_t tariff = 0;
    uint8_t *const parts[] = { &tariff, &time.minute, &time.hour };

    (void)field;
    item->kind = ITEM_KIND_TIME;
    time.parts = ITEM_TIME_OF_DAY;
    if (time_parts_read(bytes.bytes, 3, parts) < 0 || item_time_check(&time) < 0)
        return CODEC_ERR_RANGE;
    item->time = time;
    item->tariff = tariff;
    return 0;
}

static int number_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    return bcd_write(item->value, out, field->size);
}

static int signed_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    int result = bcd_write(item->value < 0 ? -item->value : item->value, out, field->size);
    if (result < 0 || (out[field->size - 1] & SIGN) != 0)
        return CODEC_ERR_RANGE;
    if (item->value < 0)
        out[field->size - 1] |= SIGN;
    return 0;
}

static int binary_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    uint64_t value = (uint64_t)item->value;

    if (item->value < 0 || (field->size < 8 && value >> (8 * field->size) != 0))
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < field->size; i++)
        out[i] = i < 8 ? (uint8_t)(value >> (8 * i)) : 0;
    return 0;
}

static int text_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    size_t size = item->bytes.size;

    if (size > field->size)
        return CODEC_ERR_RANGE;
    memset(out, 0, field->size);
    for (size_t i = 0; i < size; i++)
        out[field->size - 1 - i] = item->bytes.bytes[item->is_reversed ? size - 1 - i : i];
    return 0;
}

static int bytes_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    if (item->bytes.size != field->size)
        return CODEC_ERR_RANGE;
    memcpy(out, item->bytes.bytes, field->size);
    return 0;
}

static int moment_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    return dlt645_time_write(&item->time, field->size, out);
}

static int date_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    struct calendar_date date = { item->time.year, item->time.month, item->time.day };
    int64_t day;

    (void)field;
    if (date.year < CENTURY || date.year >= CENTURY + 100 || calendar_day_of_date(date, &day) < 0)
        return CODEC_ERR_RANGE;
    out[0] = (uint8_t)(calendar_weekday_of_day(day) % 7); /* Sunday is 0 on the wire */
    out[1] = bcd_byte_write(date.day_of_month);
    out[2] = bcd_byte_write(date.month);
    out[3] = bcd_byte_write(date.year % 100);
    return 0;
}

static int clock_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    bool is_switch = field->form == DLT645_FORM_SWITCH;

    if (item_time_check(&item->time) < 0 || (is_switch && item->tariff > 99))
        return CODEC_ERR_RANGE;
    out[0] = bcd_byte_write(is_switch ? item->tariff : item->time.second);
    out[1] = bcd_byte_write(item->time.minute);
    out[2] = bcd_byte_write(item->time.hour);
    return 0;
}

/* How each form is read and written. `kind` is what the item is; FF in all bytes is no value where `has_missing`. */
static const struct {
    int (*decode)(const struct dlt645_field *field, struct span bytes, struct item *item);
    int (*encode)(const struct dlt645_field *field, const struct item *item, uint8_t *out);
    uint8_t kind;
    bool has_missing;
} forms[DLT645_FORM_COUNT] = {
    [DLT645_FORM_BCD] = { number_decode, number_encode, ITEM_KIND_NUMBER, true },
    [DLT645_FORM_SIGNED] = { signed_decode, signed_encode, ITEM_KIND_NUMBER, true },
    [DLT645_FORM_DIGITS] = { digits_decode, number_encode, ITEM_KIND_DIGITS, true },
    [DLT645_FORM_BINARY] = { binary_decode, binary_encode, ITEM_KIND_NUMBER, true },
    [DLT645_FORM_FLAGS] = { flags_decode, binary_encode, ITEM_KIND_FLAGS, false },
    [DLT645_FORM_TEXT] = { text_decode, text_encode, ITEM_KIND_TEXT, true },
    [DLT645_FORM_BYTES] = { bytes_decode, bytes_encode, ITEM_KIND_BYTES, false },
    [DLT645_FORM_SECOND] = { moment_decode, moment_encode, ITEM_KIND_TIME, true },
    [DLT645_FORM_MINUTE] = { moment_decode, moment_encode, ITEM_KIND_TIME, true },
    [DLT645_FORM_DATE] = { date_decode, date_encode, ITEM_KIND_TIME, true },
    [DLT645_FORM_CLOCK] = { clock_decode, clock_encode, ITEM_KIND_TIME, true },
    [DLT645_FORM_OF_YEAR] = { moment_decode, moment_encode, ITEM_KIND_TIME, true },
    [DLT645_FORM_SWITCH] = { switch_decode, clock_encode, ITEM_KIND_TIME, true },
};

void dlt645_field_decode(const struct dlt645_field *field, struct span bytes, struct item *item)
{
    struct span value = span_of_bytes(bytes.bytes, field->size);
    struct span moment = span_of_bytes(bytes.bytes + field->size, field->moment_size);

    item->quantity = field->quantity;
    item->unit = field->unit;
    item->phase = field->phase;
    item->bytes = bytes;
    if (forms[field->form].has_missing && span_is_filled(value, 0xff)) {
        item->kind = forms[field->form].kind;
        item->quality = ITEM_MISSING;
        return;
    }
    if (forms[field->form].decode(field, value, item) < 0) {
        item->quality = ITEM_INVALID;
        item->value = 0;
    }
    if (moment.size == 0 || span_is_filled(moment, 0) || span_is_filled(moment, 0xff))
        return;
    if (dlt645_time_read(moment, &item->time) < 0)
        item->quality = ITEM_INVALID;
}

static int value_encode(const struct dlt645_field *field, const struct item *item, uint8_t *out)
{
    struct item scaled = *item;

    if (item->kind != forms[field->form].kind || item->quality == ITEM_INVALID)
        return CODEC_ERR_TYPE;
    if (item->quality == ITEM_MISSING) {
        memset(out, 0xff, field->size);
        return 0;
    }
    if (item->kind == ITEM_KIND_NUMBER && item_value_scale(item, field->exponent, &scaled.value) < 0)
        return CODEC_ERR_RANGE;
    return forms[field->form].encode(field, &scaled, out);
}

int dlt645_field_encode(const struct dlt645_field *field, const struct item *item, struct writer *out)
{
    uint8_t bytes[FIELD_SIZE_LIMIT] = { 0 };
    int result = value_encode(field, item, bytes);

    if (result < 0)
        return result;
    if (field->moment_size != 0 && item->time.parts != ITEM_TIME_NONE &&
        dlt645_time_write(&item->time, field->moment_size, bytes + field->size) < 0)
        return CODEC_ERR_RANGE;
    writer_put_bytes(out, bytes, dlt645_field_size(field));
    return out->overflow ? CODEC_ERR_FULL : 0;
}
