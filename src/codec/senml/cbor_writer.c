#include "codec/senml/cbor_writer.h"

#include "codec/codec_error.h"
#include "codec/number/number.h"

enum major_type { MAJOR_UNSIGNED, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP };

#define SIMPLE_FALSE 0xf4
#define SIMPLE_TRUE 0xf5
#define FLOAT_HALF_HEAD 0xf9
#define FLOAT_SINGLE_HEAD 0xfa
#define FLOAT_DOUBLE_HEAD 0xfb

static void head_put(struct writer *out, enum major_type major, uint64_t argument)
{
    uint8_t type = (uint8_t)(major << 5);
    if (argument < 24) {
        writer_put_u8(out, (uint8_t)(type | argument));
        return;
    }
    unsigned power = argument <= UINT8_MAX ? 0 : argument <= UINT16_MAX ? 1 : argument <= UINT32_MAX ? 2 : 3;
    writer_put_u8(out, (uint8_t)(type | (24 + power)));
    writer_put_unsigned_be(out, argument, (size_t)1 << power);
}

void cbor_put_unsigned(struct writer *out, uint64_t value)
{
    head_put(out, MAJOR_UNSIGNED, value);
}

void cbor_put_integer(struct writer *out, int64_t value)
{
    if (value >= 0)
        head_put(out, MAJOR_UNSIGNED, (uint64_t)value);
    else
        head_put(out, MAJOR_NEGATIVE, (uint64_t)(-(value + 1)));
}

void cbor_put_bytes(struct writer *out, struct span bytes)
{
    head_put(out, MAJOR_BYTES, bytes.size);
    writer_put_span(out, bytes);
}

void cbor_put_text(struct writer *out, struct span text)
{
    head_put(out, MAJOR_TEXT, text.size);
    writer_put_span(out, text);
}

void cbor_put_boolean(struct writer *out, bool value)
{
    writer_put_u8(out, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void cbor_put_array(struct writer *out, uint64_t count)
{
    head_put(out, MAJOR_ARRAY, count);
}

void cbor_put_map(struct writer *out, uint64_t pairs)
{
    head_put(out, MAJOR_MAP, pairs);
}

int cbor_put_decimal(struct writer *out, int64_t value, int scale)
{
    enum float_width width;
    uint64_t bits;
    int64_t whole = value;

    if (scale < 0 || scale > NUMBER_SCALE_LIMIT)
        return CODEC_ERR_RANGE;
    int rest = scale;
    for (; rest > 0 && whole % 10 == 0; rest--)
        whole /= 10;
    if (rest == 0) {
        cbor_put_integer(out, whole);
        return 0;
    }
    int result = number_float_shortest(value, scale, &width, &bits);
    if (result < 0)
        return result;
    writer_put_u8(out, width == FLOAT_HALF     ? FLOAT_HALF_HEAD
                       : width == FLOAT_SINGLE ? FLOAT_SINGLE_HEAD
                                               : FLOAT_DOUBLE_HEAD);
    writer_put_unsigned_be(out, bits, (size_t)width);
    return 0;
}
