#include "base/reader.h"

#include "base/error.h"

struct reader reader_of_span(struct span in)
{
    struct reader reader = { in, 0 };
    return reader;
}

size_t reader_remaining(const struct reader *reader)
{
    return reader->in.size - reader->offset;
}

int reader_peek_u8(const struct reader *reader, uint8_t *out)
{
    if (reader_remaining(reader) < 1)
        return BASE_ERR_SHORT;
    *out = reader->in.bytes[reader->offset];
    return 0;
}

int reader_take_span(struct reader *reader, size_t size, struct span *out)
{
    if (size > reader_remaining(reader))
        return BASE_ERR_SHORT;
    int result = span_slice(reader->in, reader->offset, size, out);
    if (result == 0)
        reader->offset += size;
    return result;
}

int reader_take_unsigned_be(struct reader *reader, size_t size, uint64_t *out)
{
    struct span taken;
    if (size > 8)
        return BASE_ERR_RANGE;
    int result = reader_take_span(reader, size, &taken);
    if (result < 0)
        return result;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | taken.bytes[i];
    *out = value;
    return 0;
}

static int unsigned_le_take(struct reader *reader, size_t size, uint64_t *out)
{
    struct span taken;
    int result = reader_take_span(reader, size, &taken);
    if (result < 0)
        return result;
    uint64_t value = 0;
    for (size_t i = size; i > 0; i--)
        value = value << 8 | taken.bytes[i - 1];
    *out = value;
    return 0;
}

int reader_take_u8(struct reader *reader, uint8_t *out)
{
    int result = reader_peek_u8(reader, out);
    if (result == 0)
        reader->offset++;
    return result;
}

int reader_take_u16be(struct reader *reader, uint16_t *out)
{
    uint64_t value;
    int result = reader_take_unsigned_be(reader, 2, &value);
    if (result == 0)
        *out = (uint16_t)value;
    return result;
}

int reader_take_u32be(struct reader *reader, uint32_t *out)
{
    uint64_t value;
    int result = reader_take_unsigned_be(reader, 4, &value);
    if (result == 0)
        *out = (uint32_t)value;
    return result;
}

int reader_take_u64be(struct reader *reader, uint64_t *out)
{
    return reader_take_unsigned_be(reader, 8, out);
}

int reader_take_u16le(struct reader *reader, uint16_t *out)
{
    uint64_t value;
    int result = unsigned_le_take(reader, 2, &value);
    if (result == 0)
        *out = (uint16_t)value;
    return result;
}

int reader_take_u32le(struct reader *reader, uint32_t *out)
{
    uint64_t value;
    int result = unsigned_le_take(reader, 4, &value);
    if (result == 0)
        *out = (uint32_t)value;
    return result;
}

int reader_take_u64le(struct reader *reader, uint64_t *out)
{
    return unsigned_le_take(reader, 8, out);
}
