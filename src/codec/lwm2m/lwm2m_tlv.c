#include "codec/lwm2m/lwm2m_tlv.h"

#include "codec/codec_error.h"

#define TYPE_KIND_SHIFT 6
#define TYPE_WIDE_ID 0x20u
#define TYPE_LENGTH_SHIFT 3

static uint64_t unsigned_be(struct span bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.bytes[i];
    return value;
}

int lwm2m_tlv_next(struct span in, size_t *offset, struct lwm2m_tlv *out)
{
    struct lwm2m_tlv entry;
    size_t at = *offset;

    if (at >= in.size)
        return 0;
    unsigned type = in.bytes[at];
    size_t id_size = (type & TYPE_WIDE_ID) != 0 ? 2 : 1;
    size_t length_size = type >> TYPE_LENGTH_SHIFT & 3u;
    entry.offset = at++;
    if (in.size - at < id_size + length_size)
        return CODEC_ERR_SHORT;
    entry.kind = (uint8_t)(type >> TYPE_KIND_SHIFT);
    entry.id = (uint16_t)unsigned_be(span_of_bytes(in.bytes + at, id_size));
    at += id_size;
    size_t length = length_size == 0 ? type & 7u : (size_t)unsigned_be(span_of_bytes(in.bytes + at, length_size));
    at += length_size;
    if (in.size - at < length)
        return CODEC_ERR_SHORT;
    entry.value = span_of_bytes(in.bytes + at, length);
    entry.value_offset = at;
    *offset = at + length;
    *out = entry;
    return 1;
}

int lwm2m_tlv_integer(struct span value, int64_t *out)
{
    if (value.size != 1 && value.size != 2 && value.size != 4 && value.size != 8)
        return CODEC_ERR_TYPE;
    uint64_t bits = unsigned_be(value);
    uint64_t sign = (uint64_t)1 << (8 * value.size - 1);
    if ((bits & sign) == 0)
        *out = (int64_t)bits;
    else
        *out = -(int64_t)(sign - 1 - (bits & (sign - 1))) - 1;
    return 0;
}

int lwm2m_tlv_float(struct span value, struct number *out)
{
    if (value.size != FLOAT_SINGLE && value.size != FLOAT_DOUBLE)
        return CODEC_ERR_TYPE;
    *out = number_of_float(unsigned_be(value), value.size == FLOAT_SINGLE ? FLOAT_SINGLE : FLOAT_DOUBLE);
    return 0;
}

int lwm2m_tlv_boolean(struct span value, bool *out)
{
    if (value.size != 1)
        return CODEC_ERR_TYPE;
    if (value.bytes[0] > 1)
        return CODEC_ERR_RANGE;
    *out = value.bytes[0] == 1;
    return 0;
}

int lwm2m_tlv_link(struct span value, uint16_t *object, uint16_t *instance)
{
    if (value.size != 4)
        return CODEC_ERR_TYPE;
    *object = (uint16_t)(value.bytes[0] << 8 | value.bytes[1]);
    *instance = (uint16_t)(value.bytes[2] << 8 | value.bytes[3]);
    return 0;
}

int lwm2m_tlv_put(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, struct span value)
{
    size_t length_size = value.size < 8 ? 0 : value.size <= 0xff ? 1 : value.size <= 0xffff ? 2 : 3;
    size_t id_size = id > 0xff ? 2 : 1;

    if (value.size > 0xffffff)
        return CODEC_ERR_RANGE;
    writer_put_u8(out, (uint8_t)((unsigned)kind << TYPE_KIND_SHIFT | (id_size == 2 ? TYPE_WIDE_ID : 0) |
                                 (unsigned)length_size << TYPE_LENGTH_SHIFT |
                                 (length_size == 0 ? (unsigned)value.size : 0)));
    writer_put_unsigned_be(out, id, id_size);
    writer_put_unsigned_be(out, value.size, length_size);
    writer_put_span(out, value);
    return out->overflow ? CODEC_ERR_FULL : 0;
}

static int bits_put(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, uint64_t bits, size_t size)
{
    uint8_t bytes[8];
    struct writer value = writer_of_buffer(bytes, sizeof bytes);
    writer_put_unsigned_be(&value, bits, size);
    return lwm2m_tlv_put(out, kind, id, writer_span(&value));
}

int lwm2m_tlv_put_integer(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, int64_t value)
{
    size_t size = value >= INT8_MIN && value <= INT8_MAX     ? 1
                  : value >= INT16_MIN && value <= INT16_MAX ? 2
                  : value >= INT32_MIN && value <= INT32_MAX ? 4
                                                             : 8;
    uint64_t bits = (uint64_t)value;
    if (size < 8)
        bits &= ((uint64_t)1 << (8 * size)) - 1;
    return bits_put(out, kind, id, bits, size);
}

int lwm2m_tlv_put_decimal(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, int64_t value, int scale)
{
    enum float_width width;
    uint64_t bits;
    int result = number_float_shortest(value, scale, &width, &bits);
    if (result == 0 && width == FLOAT_HALF) {
        width = FLOAT_SINGLE;
        result = number_float_bits(value, scale, FLOAT_SINGLE, &bits);
    }
    return result < 0 ? result : bits_put(out, kind, id, bits, (size_t)width);
}
