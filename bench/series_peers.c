#include "bench/series_peers.h"

#include <string.h>
#include <zlib.h>

#include "reading/series_bits.h"
#include "reading/series_block.h"

size_t series_peer_varint(const int64_t *values, size_t count, uint8_t *out)
{
    size_t size = 0;
    uint64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t difference = (int64_t)((uint64_t)values[i] - before);
        uint64_t number = (uint64_t)difference << 1 ^ (difference < 0 ? UINT64_MAX : 0);
        before = (uint64_t)values[i];
        for (; number >= 0x80; number >>= 7)
            out[size++] = (uint8_t)(number | 0x80);
        out[size++] = (uint8_t)number;
    }
    return size;
}

static void put_long(struct series_bit_writer *bits, uint64_t value, unsigned count)
{
    if (count > 32)
        series_put(bits, value >> 32, count - 32);
    series_put(bits, value, count > 32 ? 32 : count);
}

size_t series_peer_xor(const int64_t *values, size_t count, uint8_t *out)
{
    struct series_bit_writer bits = { .bytes = out, .capacity = count * 16 };
    uint64_t before = 0;
    unsigned leading = 64;
    unsigned trailing = 0;
    for (size_t i = 0; i < count; i++) {
        double number = (double)values[i];
        uint64_t word;
        memcpy(&word, &number, sizeof word);
        uint64_t change = word ^ before;
        before = word;
        if (change == 0) {
            series_put(&bits, 0, 1);
            continue;
        }
        unsigned high = (unsigned)__builtin_clzll(change);
        unsigned low = (unsigned)__builtin_ctzll(change);
        high = high > 31 ? 31 : high;
        if (leading < 64 && high >= leading && low >= trailing) {
            series_put(&bits, 2, 2);
        } else {
            leading = high;
            trailing = low;
            series_put(&bits, 3, 2);
            series_put(&bits, leading, 5);
            series_put(&bits, 64 - leading - trailing - 1, 6);
        }
        put_long(&bits, change >> trailing, 64 - leading - trailing);
    }
    series_put_end(&bits);
    return bits.size;
}

size_t series_peer_deflate(const int64_t *values, size_t count, uint8_t *out)
{
    static uint8_t varints[SERIES_BLOCK_VALUE_LIMIT * 10];
    size_t size = series_peer_varint(values, count, varints);
    uLongf packed = (uLongf)(count * 16 + 64);
    return compress2(out, &packed, varints, (uLong)size, 9) == Z_OK ? packed : size;
}
