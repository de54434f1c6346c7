#include "link/shard_number.h"

#define SHARD_BITS 4

static const uint8_t reversed[SHARD_LIMIT] = { 0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15 };

unsigned shard_number_width(uint32_t highest_shard)
{
    unsigned width = 0;

    while (highest_shard >> width != 0)
        width++;
    return width;
}

uint32_t shard_number_base(uint32_t shard)
{
    return (uint32_t)reversed[shard] << (SHARD_NUMBER_BITS - SHARD_BITS);
}

uint32_t shard_number_make(unsigned width, uint32_t shard, uint32_t device_id)
{
    return device_id == 0 || device_id >= SHARD_NUMBER_LIMIT >> width ? 0 : shard_number_base(shard) | device_id;
}

uint32_t shard_number_shard(unsigned width, uint32_t number)
{
    return reversed[number >> (SHARD_NUMBER_BITS - width) << (SHARD_BITS - width)];
}
