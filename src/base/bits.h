/* Turning of 64-bit words, for hashes and generators. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdint.h>

/* `value` turned left by `count`, 1 to 63. */
static inline uint64_t bits_rotate_left(uint64_t value, int count)
{
    return value << count | value >> (64 - count);
}

#endif
