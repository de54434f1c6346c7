/* Items as payload: the way back of cjt188_item.c. */
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_unit.h"
#include "codec/codec_error.h"

#define CENTURY 100
#define FIELD_SIZE_LIMIT 8

/* One payload being written. */
struct build {
    const struct cjt188_variant *variant;
    struct writer *out;
};

static void fill(struct writer *out, size_t size)
{
    while (size-- > 0)
        writer_put_u8(out, 0xff);
}

/* BCD of `size` bytes in the power of ten `exponent`; FF when the item has no value. */
static int digits_put(const struct build *build, const struct item *item, int exponent, size_t size)
{
    uint8_t bytes[FIELD_SIZE_LIMIT];
    int64_t value;

    if (item->quality == ITEM_MISSING) {
        fill(build->out, size);
        return 0;
    }
    if (item_value_scale(item, exponent, &value) < 0 || bcd_write(value, bytes, size) < 0)
        return CODEC_ERR_RANGE;
    writer_put_bytes(build->out, bytes, size);
    return 0;
}

/* The code of the item's unit, and the power of ten it gives to the value. A missing value may have no unit. */
static int unit_choose(const struct build *build, const struct item *item, uint8_t *code, int *exponent)
{
    int found = cjt188_unit_code(item->unit, item->exponent);

    if (found < 0 && item->quality != ITEM_MISSING)
        return CODEC_ERR_RANGE;
    *code = found < 0 ? 0xff : (uint8_t)found;
    *exponent = item->unit == ITEM_UNIT_LITRE ? build->variant->litre_exponent : cjt188_unit_exponent(*code);
    return 0;
}

static int value_unit_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    uint8_t code;
    int exponent;

    if (unit_choose(build, item, &code, &exponent) < 0 ||
        digits_put(build, item, exponent, (size_t)field->size - 1) < 0)
        return CODEC_ERR_RANGE;
    writer_put_u8(build->out, code);
    return 0;
}

static int unit_value_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    uint8_t code;
    int exponent;

    if (unit_choose(build, item, &code, &exponent) < 0)
        return CODEC_ERR_RANGE;
    writer_put_u8(build->out, code);
    return digits_put(build, item, exponent, (size_t)field->size - 1);
}

static int number_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    return digits_put(build, item, field->item.exponent, field->size);
}

static int binary_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    if (item->value < 0 || item->value >> 8 * field->size != 0)
        return CODEC_ERR_RANGE;
    for (unsigned i = 0; i < field->size; i++)
        writer_put_u8(build->out, (uint8_t)(item->value >> 8 * i));
    return 0;
}

static int bytes_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    if (field->size != 0 && item->bytes.size != field->size)
        return CODEC_ERR_RANGE;
    writer_put_span(build->out, item->bytes);
    return 0;
}

static int time_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    const struct item_time *time = &item->time;

    if (item->quality == ITEM_MISSING) {
        fill(build->out, field->size);
        return 0;
    }
    if (time->parts != ITEM_TIME_SECOND || item_time_check(time) < 0)
        return CODEC_ERR_RANGE;
    const int parts[] = { time->second, time->minute,         time->hour,          time->day,
                          time->month,  time->year % CENTURY, time->year / CENTURY };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        writer_put_u8(build->out, bcd_byte_write(parts[i]));
    return 0;
}

static int status_put(const struct build *build, const struct cjt188_field *field, const struct item *item)
{
    (void)field;
    if (item->value < 0 || item->value > 0xffff)
        return CODEC_ERR_RANGE;
    writer_put_u16be(build->out, (uint16_t)item->value);
    return 0;
}

/* By enum cjt188_format. */
static int (*const putters[])(const struct build *build, const struct cjt188_field *field, const struct item *item) = {
    [CJT188_VALUE_UNIT] = value_unit_put, [CJT188_UNIT_VALUE] = unit_value_put, [CJT188_NUMBER] = number_put,
    [CJT188_BINARY] = binary_put,         [CJT188_DIGITS] = number_put,         [CJT188_TIME] = time_put,
    [CJT188_STATUS] = status_put,         [CJT188_STATUS_HEAT] = status_put,    [CJT188_CODE] = binary_put,
    [CJT188_BYTES] = bytes_put,
};

/* The item of a field; NULL when there is none. */
static const struct item *item_of(const struct cjt188_field *field, const struct cjt188_type *type, unsigned storage,
                                  const struct item *items, size_t count)
{
    uint16_t quantity = cjt188_field_quantity(field, type);

    for (size_t i = 0; i < count; i++)
        if (items[i].quantity == quantity && items[i].tier == field->item.tier &&
            items[i].storage == storage + field->item.storage)
            return &items[i];
    return NULL;
}

bool cjt188_payload_is_complete(const struct cjt188_layout *layout, uint8_t meter_type, unsigned storage,
                                const struct item *items, size_t count)
{
    const struct cjt188_type *type = cjt188_type_find(meter_type);

    for (size_t i = 0; i < layout->count; i++)
        if (layout->fields[i].size > 0 && item_of(&layout->fields[i], type, storage, items, count) == NULL)
            return false;
    return true;
}

int cjt188_payload_encode(const struct cjt188_layout *layout, uint8_t meter_type, unsigned storage,
                          const struct cjt188_variant *variant, const struct item *items, size_t count,
                          struct writer *out)
{
    const struct cjt188_type *type = cjt188_type_find(meter_type);
    struct build build = { cjt188_variant_given(variant), out };

    for (size_t i = 0; i < layout->count; i++) {
        const struct cjt188_field *field = &layout->fields[i];
        const struct item *item = item_of(field, type, storage, items, count);
        if (item == NULL) {
            fill(out, field->size);
            continue;
        }
        if (item->quality == ITEM_INVALID || putters[field->format](&build, field, item) < 0)
            return CODEC_ERR_RANGE;
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}
