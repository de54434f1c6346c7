#include <limits.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_repeat.h"

#define VALUE_SIZE_LIMIT 8 /* bytes of a value that is no text and no bytes */

/* Where a walk that writes stands: items are taken in the order in which they are decoded. */
struct encoder {
    const struct q376_layout *layout;
    const struct item *items;
    size_t count;
    size_t used;
    unsigned counters[Q376_COUNTER_COUNT];
    uint32_t word; /* bits written so far of a word that several rows share */
    struct writer *out;
    size_t limit; /* bytes of `out` that a record may fill */
};

static int fields_encode(struct encoder *encoder, const struct q376_field *rows, size_t count);

static const struct item *item_take(struct encoder *encoder)
{
    return encoder->used < encoder->count ? &encoder->items[encoder->used++] : NULL;
}

/* A field that does not fit what is left of a record ends it, as it does when it is read. */
static int room_check(const struct encoder *encoder, size_t size)
{
    return size > encoder->limit - encoder->out->size ? CODEC_ERR_SHORT : 0;
}

static size_t size_of(const struct encoder *encoder, const struct q376_field *field, enum q376_format format)
{
    if (field->repeat == Q376_COUNTER_LENGTH)
        return encoder->counters[Q376_COUNTER_LENGTH];
    size_t size = q376_format_size(format);
    return size != 0 ? size : field->size;
}

static void counter_keep(struct encoder *encoder, const struct q376_field *field, const struct item *item)
{
    if (field->counter != Q376_COUNTER_NONE)
        encoder->counters[field->counter] = (unsigned)item->value;
}

/* Bytes go out as they are; everything else is small. */
static int bytes_encode(struct encoder *encoder, const struct item *item, size_t size)
{
    if ((item->kind != ITEM_KIND_BYTES && item->kind != ITEM_KIND_TEXT) || item->bytes.size != size)
        return CODEC_ERR_TYPE;
    writer_put_span(encoder->out, item->bytes);
    return 0;
}

static int value_encode(struct encoder *encoder, const struct q376_field *field)
{
    enum q376_format format =
        (enum q376_format)(field->kind == Q376_KIND_OWN ? encoder->layout->format : field->format);
    size_t size = size_of(encoder, field, format);
    uint8_t buffer[VALUE_SIZE_LIMIT];

    if (room_check(encoder, size) < 0)
        return CODEC_ERR_SHORT;
    const struct item *item = item_take(encoder);
    if (item == NULL)
        return CODEC_ERR_MISSING;
    counter_keep(encoder, field, item);
    if (format == Q376_FORMAT_BYTES || format == Q376_FORMAT_TEXT)
        return bytes_encode(encoder, item, size);
    if (size > sizeof buffer)
        return CODEC_ERR_RANGE;
    struct item plain = *item;
    plain.exponent = (int8_t)(plain.exponent - (plain.kind == ITEM_KIND_NUMBER ? field->exponent : 0));
    int result = q376_format_write(format, &plain, buffer, size);
    if (result == 0)
        writer_put_bytes(encoder->out, buffer, size);
    return result;
}

/* The bits that stand for a value.
 * returns  them; CODEC_ERR_RANGE */
static int bits_of(const struct q376_field *field, const struct item *item)
{
    int limit = 1 << field->width;

    for (int bits = 0; field->numbers != NULL && bits < limit; bits++)
        if (field->numbers[bits] == item->value)
            return bits;
    if (field->numbers != NULL || item->value < field->add || item->value - field->add >= limit)
        return CODEC_ERR_RANGE;
    return (int)item->value - field->add;
}

static int bits_encode(struct encoder *encoder, const struct q376_field *field)
{
    if (room_check(encoder, field->size) < 0)
        return CODEC_ERR_SHORT;
    const struct item *item = item_take(encoder);
    if (item == NULL)
        return CODEC_ERR_MISSING;
    if (item->kind != ITEM_KIND_NUMBER)
        return CODEC_ERR_TYPE;
    int bits = bits_of(field, item);
    if (bits < 0)
        return bits;
    counter_keep(encoder, field, item);
    encoder->word |= (uint32_t)bits << field->shift;
    if (field->stays)
        return 0;
    for (unsigned i = 0; i < field->size; i++)
        writer_put_u8(encoder->out, (uint8_t)(encoder->word >> (8 * i)));
    encoder->word = 0;
    return 0;
}

/* ERC and Le are the first two items of a record; what Le promises and the layout does not know is one item of
 * bytes. */
static int record_encode(struct encoder *encoder)
{
    size_t start = encoder->out->size, limit = encoder->limit;

    if (encoder->count - encoder->used < 2)
        return CODEC_ERR_MISSING;
    int64_t event = encoder->items[encoder->used].value, size = encoder->items[encoder->used + 1].value;
    if (event < 0 || event > 0xFF || size < 0 || size > 0xFF)
        return CODEC_ERR_RANGE;
    const struct q376_fields *fields = q376_layout_record((uint8_t)event)->up;
    encoder->limit = start + 2 + (size_t)size;
    int result = fields_encode(encoder, fields->rows, fields->count);
    if (result == CODEC_ERR_SHORT)
        result = 0;
    size_t left = encoder->limit - encoder->out->size;
    encoder->limit = limit;
    if (result < 0 || left == 0 || encoder->out->overflow)
        return result;
    const struct item *rest = item_take(encoder);
    return rest == NULL ? CODEC_ERR_MISSING : bytes_encode(encoder, rest, left);
}

static int field_encode_once(struct encoder *encoder, const struct q376_field *field)
{
    switch ((enum q376_kind)field->kind) {
    case Q376_KIND_BITS:
        return bits_encode(encoder, field);
    case Q376_KIND_GROUP:
        return fields_encode(encoder, field + 1, field->size);
    case Q376_KIND_EVENTS:
        return record_encode(encoder);
    case Q376_KIND_VALUE:
    case Q376_KIND_OWN:
    case Q376_KIND_UNIT:
    case Q376_KIND_FRAME:
        break;
    }
    return value_encode(encoder, field);
}

static bool is_at_end(const struct encoder *encoder)
{
    return encoder->limit == encoder->out->size || (encoder->limit == SIZE_MAX && encoder->used == encoder->count);
}

static int field_encode(struct encoder *encoder, const struct q376_field *field)
{
    unsigned count = q376_repetitions(encoder->counters, field);
    int result = 0;

    for (unsigned i = 0; i < count && result == 0; i++) {
        if (count == UINT_MAX && is_at_end(encoder))
            break;
        result = field_encode_once(encoder, field);
    }
    return result;
}

static int fields_encode(struct encoder *encoder, const struct q376_field *rows, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        result = field_encode(encoder, &rows[i]);
        if (rows[i].kind == Q376_KIND_GROUP)
            i += rows[i].size;
    }
    return result;
}

int q376_data_encode(uint8_t afn, bool is_uplink, uint16_t function, const struct item *items, size_t count,
                     size_t *used, struct writer *out)
{
    struct encoder encoder;
    const struct q376_layout *layout;
    const struct q376_fields *fields = q376_layout_fields(afn, is_uplink, function, 0, &layout);

    if (fields == NULL)
        return CODEC_ERR_UNKNOWN;
    memset(&encoder, 0, sizeof encoder);
    encoder.layout = layout;
    encoder.items = items;
    encoder.count = count;
    encoder.out = out;
    encoder.limit = SIZE_MAX;
    int result = fields_encode(&encoder, fields->rows, fields->count);
    if (result == 0 && out->overflow)
        result = CODEC_ERR_FULL;
    if (result == 0)
        *used = encoder.used;
    return result;
}
