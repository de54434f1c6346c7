/* A signed number as its size and its sign, and back, without overflow at either end of int64. */
#ifndef BASE_MAGNITUDE_H
#define BASE_MAGNITUDE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* How far `value` is from zero; 2^63 for INT64_MIN. */
static inline uint64_t magnitude_of(int64_t value)
{
    return value < 0 ? (uint64_t)(-(value + 1)) + 1 : (uint64_t)value;
}

/* The number of that size and sign; a negative zero is zero.
 * returns  0; BASE_ERR_RANGE when it is not an int64 */
static inline int magnitude_sign(uint64_t magnitude, bool negative, int64_t *out)
{
    if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return BASE_ERR_RANGE;
    if (negative && magnitude > 0)
        *out = -(int64_t)(magnitude - 1) - 1;
    else
        *out = (int64_t)magnitude;
    return 0;
}

#endif
