#include "codec/senml/cbor_reader.h"

#include "codec/codec_error.h"

#define MAJOR_SIMPLE 7
#define INDEFINITE 31

struct cbor_reader cbor_reader(struct span in)
{
    struct cbor_reader reader = { in, 0 };
    return reader;
}

/* The argument of an initial byte (RFC 8949 3); `size` is the number of bytes that followed it. */
static int argument_take(const struct cbor_reader *reader, unsigned information, uint64_t *argument, size_t *size)
{
    size_t at = reader->offset + 1;
    if (information < 24) {
        *argument = information;
        *size = 0;
        return 0;
    }
    if (information > 27)
        return CODEC_ERR_RESERVED;
    *size = (size_t)1 << (information - 24);
    if (reader->in.size - at < *size)
        return CODEC_ERR_SHORT;
    *argument = 0;
    for (size_t i = 0; i < *size; i++)
        *argument = *argument << 8 | reader->in.bytes[at + i];
    return 0;
}

/* Major type 7: simple values and floats (RFC 8949 3.3). */
static int simple_take(struct cbor_item *item, unsigned information)
{
    static const uint8_t kinds[] = { CBOR_BOOLEAN, CBOR_BOOLEAN, CBOR_NULL, CBOR_UNDEFINED };

    if (information >= 25) {
        item->kind = CBOR_FLOAT;
        item->width = (uint8_t)(1u << (information - 24));
        return 0;
    }
    if (information == 24 && item->argument < 32)
        return CODEC_ERR_RESERVED;
    item->kind = CBOR_SIMPLE;
    if (item->argument >= 20 && item->argument <= 23) {
        item->kind = kinds[item->argument - 20];
        item->argument = item->argument == 21 ? 1 : 0;
    }
    return 0;
}

static int indefinite_take(struct cbor_item *item, unsigned major)
{
    if (major == MAJOR_SIMPLE) {
        item->kind = CBOR_BREAK;
        return 0;
    }
    if (major < CBOR_BYTES || major > CBOR_MAP)
        return CODEC_ERR_RESERVED;
    item->kind = (uint8_t)major;
    item->indefinite = true;
    return 0;
}

int cbor_reader_next(struct cbor_reader *reader, struct cbor_item *out)
{
    struct cbor_item item = { 0, 0, false, 0, { NULL, 0 }, reader->offset };
    size_t argument_size = 0;
    int result;

    if (reader->offset >= reader->in.size)
        return CODEC_ERR_SHORT;
    unsigned major = reader->in.bytes[reader->offset] >> 5;
    unsigned information = reader->in.bytes[reader->offset] & 31u;
    if (information == INDEFINITE)
        result = indefinite_take(&item, major);
    else if ((result = argument_take(reader, information, &item.argument, &argument_size)) == 0) {
        item.kind = (uint8_t)major;
        result = major == MAJOR_SIMPLE ? simple_take(&item, information) : 0;
    }
    if (result < 0)
        return result;
    size_t next = reader->offset + 1 + argument_size;
    if ((item.kind == CBOR_BYTES || item.kind == CBOR_TEXT) && !item.indefinite) {
        if (reader->in.size - next < item.argument)
            return CODEC_ERR_SHORT;
        item.text = span_of_bytes(reader->in.bytes + next, (size_t)item.argument);
        next += (size_t)item.argument;
    }
    reader->offset = next;
    *out = item;
    return 0;
}

/* Number of items that the head announces inside; UINT64_MAX means: up to a break. */
static int children_of(const struct cbor_item *item, uint64_t *count)
{
    *count = 0;
    if (item->indefinite)
        *count = UINT64_MAX;
    else if (item->kind == CBOR_TAG)
        *count = 1;
    else if (item->kind == CBOR_ARRAY)
        *count = item->argument;
    else if (item->kind == CBOR_MAP) {
        if (item->argument > UINT32_MAX)
            return CODEC_ERR_SHORT;
        *count = item->argument * 2;
    }
    return 0;
}

int cbor_reader_skip(struct cbor_reader *reader)
{
    struct cbor_reader walk = *reader;
    uint64_t open[CBOR_DEPTH_LIMIT];
    unsigned depth = 0;
    int result;

    do {
        struct cbor_item item;
        uint64_t children;
        if ((result = cbor_reader_next(&walk, &item)) < 0 || (result = children_of(&item, &children)) < 0)
            return result;
        if (item.kind == CBOR_BREAK) {
            if (depth == 0 || open[depth - 1] != UINT64_MAX)
                return CODEC_ERR_FORMAT;
            open[depth - 1] = 0;
        } else if (depth > 0 && open[depth - 1] != UINT64_MAX)
            open[depth - 1]--;
        if (children > 0) {
            if (depth == CBOR_DEPTH_LIMIT)
                return CODEC_ERR_DEPTH;
            open[depth++] = children;
        }
        while (depth > 0 && open[depth - 1] == 0)
            depth--;
    } while (depth > 0);
    *reader = walk;
    return 0;
}

static int integer_of(const struct cbor_item *item, struct number *out)
{
    if (item->kind == CBOR_UNSIGNED) {
        *out = number_of_unsigned(item->argument);
        return 0;
    }
    if (item->kind != CBOR_NEGATIVE || item->argument == UINT64_MAX)
        return CODEC_ERR_TYPE;
    *out = number_of_unsigned(item->argument + 1);
    out->negative = true;
    return 0;
}

/* [exponent, mantissa] after tag 4 (base 10) or 5 (base 2), RFC 8949 3.4.4. */
static int fraction_take(struct cbor_reader *reader, uint64_t tag, struct number *out)
{
    struct cbor_reader walk = *reader;
    struct cbor_item array, exponent_item, mantissa_item;
    struct number exponent, mantissa;
    int64_t exponent_value;
    int result;

    if (tag != CBOR_TAG_DECIMAL_FRACTION && tag != CBOR_TAG_BIG_FLOAT)
        return CODEC_ERR_TYPE;
    if ((result = cbor_reader_next(&walk, &array)) < 0)
        return result;
    if (array.kind != CBOR_ARRAY || array.indefinite || array.argument != 2)
        return CODEC_ERR_TYPE;
    if ((result = cbor_reader_next(&walk, &exponent_item)) < 0 ||
        (result = cbor_reader_next(&walk, &mantissa_item)) < 0 || (result = integer_of(&exponent_item, &exponent)) < 0 ||
        (result = integer_of(&mantissa_item, &mantissa)) < 0)
        return result;
    if (number_scaled(exponent, 0, &exponent_value) < 0 || exponent_value < -10000 || exponent_value > 10000)
        return CODEC_ERR_RANGE;
    mantissa.exponent = (int32_t)exponent_value;
    mantissa.kind = tag == CBOR_TAG_BIG_FLOAT ? NUMBER_BINARY : NUMBER_DECIMAL;
    *reader = walk;
    *out = mantissa;
    return 0;
}

int cbor_reader_number(struct cbor_reader *reader, const struct cbor_item *item, struct number *out)
{
    if (item->kind == CBOR_FLOAT) {
        *out = number_of_float(item->argument, (enum float_width)item->width);
        return 0;
    }
    if (item->kind == CBOR_TAG)
        return fraction_take(reader, item->argument, out);
    return integer_of(item, out);
}
