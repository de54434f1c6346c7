#include "codec/wmbus/wmbus_block.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define A_FIRST_SIZE 10
#define A_NEXT_SIZE 16
#define B_SIZE 126

/* Telegram bytes of the block that begins at `start`. */
static size_t size_of(enum wmbus_format format, size_t telegram_size, size_t start)
{
    size_t limit = B_SIZE;

    if (format == WMBUS_FORMAT_A)
        limit = start == 0 ? A_FIRST_SIZE : A_NEXT_SIZE;
    return telegram_size - start < limit ? telegram_size - start : limit;
}

size_t wmbus_block_air_offset(enum wmbus_format format, size_t offset)
{
    switch (format) {
    case WMBUS_FORMAT_A:
        return offset < A_FIRST_SIZE ? offset : offset + WMBUS_CRC_SIZE * (1 + (offset - A_FIRST_SIZE) / A_NEXT_SIZE);
    case WMBUS_FORMAT_B:
        return offset + WMBUS_CRC_SIZE * (offset / B_SIZE);
    case WMBUS_FORMAT_STRIPPED:
        break;
    }
    return offset;
}

size_t wmbus_block_air_size(enum wmbus_format format, size_t telegram_size)
{
    if (format == WMBUS_FORMAT_STRIPPED || telegram_size == 0)
        return telegram_size;
    return wmbus_block_air_offset(format, telegram_size - 1) + 1 + WMBUS_CRC_SIZE;
}

size_t wmbus_block_telegram_size_b(size_t air_size)
{
    if (air_size <= B_SIZE + WMBUS_CRC_SIZE)
        return air_size > WMBUS_CRC_SIZE ? air_size - WMBUS_CRC_SIZE : 0;
    return air_size > B_SIZE + 2 * WMBUS_CRC_SIZE && air_size <= WMBUS_TELEGRAM_LIMIT ? air_size - 2 * WMBUS_CRC_SIZE
                                                                                      : 0;
}

struct wmbus_block wmbus_block_at(enum wmbus_format format, struct span air, size_t telegram_size, size_t start)
{
    struct wmbus_block block;
    const uint8_t *bytes = air.bytes + wmbus_block_air_offset(format, start);
    size_t size = size_of(format, telegram_size, start);

    block.bytes = span_of_bytes(bytes, size);
    block.crc = span_of_bytes(bytes + size, WMBUS_CRC_SIZE);
    block.next = start + size;
    block.is_right = checksum_crc16_en13757(block.bytes) == (block.crc.bytes[0] << 8 | block.crc.bytes[1]);
    return block;
}

size_t wmbus_block_wrong_count(enum wmbus_format format, struct span air, size_t telegram_size, size_t *error_offset)
{
    size_t wrong = 0;

    for (size_t start = 0; start < telegram_size;) {
        struct wmbus_block block = wmbus_block_at(format, air, telegram_size, start);
        if (!block.is_right && wrong++ == 0)
            *error_offset = (size_t)(block.crc.bytes - air.bytes);
        start = block.next;
    }
    return wrong;
}

void wmbus_block_strip(enum wmbus_format format, struct span air, size_t telegram_size, uint8_t *out)
{
    if (format == WMBUS_FORMAT_STRIPPED) {
        memcpy(out, air.bytes, telegram_size);
        return;
    }
    for (size_t start = 0; start < telegram_size;) {
        size_t size = size_of(format, telegram_size, start);
        memcpy(out + start, air.bytes + wmbus_block_air_offset(format, start), size);
        start += size;
    }
    out[0] = (uint8_t)(telegram_size - 1);
}

static void block_put(struct span block, struct writer *out)
{
    writer_put_span(out, block);
    writer_put_u16be(out, checksum_crc16_en13757(block));
}

int wmbus_block_write(enum wmbus_format format, struct span telegram, struct writer *out)
{
    uint8_t copy[WMBUS_TELEGRAM_LIMIT];

    if (telegram.size == 0 || telegram.size != telegram.bytes[0] + (size_t)1)
        return CODEC_ERR_FORMAT;
    if (format == WMBUS_FORMAT_B && telegram.size > WMBUS_TELEGRAM_LIMIT_B)
        return CODEC_ERR_TOO_LONG;
    if (format == WMBUS_FORMAT_STRIPPED) {
        writer_put_span(out, telegram);
        return 0;
    }
    memcpy(copy, telegram.bytes, telegram.size);
    if (format == WMBUS_FORMAT_B)
        copy[0] = (uint8_t)(wmbus_block_air_size(format, telegram.size) - 1);
    for (size_t start = 0; start < telegram.size;) {
        size_t size = size_of(format, telegram.size, start);
        block_put(span_of_bytes(copy + start, size), out);
        start += size;
    }
    return 0;
}
