/* What writing and reading of series blocks share. */
#ifndef READING_SERIES_BLOCK_INTERNAL_H
#define READING_SERIES_BLOCK_INTERNAL_H

#include "reading/series_bits.h"
#include "reading/series_block.h"

#define SERIES_VERSION 1u
#define SERIES_STATES_FLAG 0x20u
#define SERIES_RUN_PARAMETER 2u   /* first k of the runs of zeros */
#define SERIES_VALUE_PARAMETER_BITS 6u
#define SERIES_STATE_BITS 8u

enum series_order { SERIES_RISING = 0, SERIES_SWINGING = 1, SERIES_EVEN = 2, SERIES_ORDER_COUNT };

static inline uint64_t series_zigzag(uint64_t difference)
{
    return difference << 1 ^ (difference >> 63 ? UINT64_MAX : 0);
}

static inline uint64_t series_unzigzag(uint64_t number)
{
    return number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
}

#endif
