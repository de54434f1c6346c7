/* A run of values of one register at a fixed period in few bytes (曲线数据块): how readings rest.
 *
 * Pure: no allocation, no clock, whole numbers only. What goes in comes out exactly: any int64 values, rising or swinging,
 * gaps, one state byte a value. A day of 96 quarter-hours is a small block; decode blocks of days into one array and encode
 * that to have the block of a month.
 *
 * Slots. A block says at which slot it begins; slot 0 is 1970-01-01T00:00:00Z for periods up to an hour (slot = time_s /
 * seconds of the period), local day 0 for days, January 1970 for months. 97 values bound a day at both midnights: the last
 * one is the first slot of the next day.
 *
 * Bytes, version 1 (numbers "varint": 7 bits a byte, lowest first, bit 7 set when another follows, as in Protocol Buffers;
 * "zigzag": n >= 0 as 2n, n < 0 as -2n - 1):
 *
 *   byte 0   bits 7-6 version 1; bit 5 set: states follow; bits 4-3 order (below); bits 2-0 period
 *   varint   first slot, zigzag
 *   varint   count of slots, 1 to SERIES_BLOCK_VALUE_LIMIT
 *   varint   divisor, from 1: every difference of neighbours is a multiple of it
 *   varint   first value, zigzag; 0 when every slot is a gap
 *   bits     highest first, zeros up to the last byte's end: the states when bit 5 is set, then the values
 *
 * States: 8 bits state of the first slots; then runs: Elias gamma code of the length of a run, and unless it ends the block a
 * bit 0 (the state before this one comes again) or 1 and 8 bits of the next state. "The state before" of the first run is 255.
 * Without bit 5 every slot has state 0.
 *
 * Values: gaps have none, and the first value stands above. Differences of neighbours divided by the divisor, all modulo
 * 2^64, become numbers: order 0 (rising) the difference itself; order 1 (swinging) its zigzag; order 2 (even use) the zigzag of
 * its difference to the one before, which is 0 at first. 6 bits: the first parameter k. Then Rice codes (series_bits.h), each
 * number moving the parameter of the next:
 *   mean16 starts at 12 << k; after each number n: mean16 += min(n, 2^52) - mean16 / 16; k = bits needed for (mean16 * 3 / 4) / 16
 * A number 0 is followed by how many more numbers are 0, a Rice code with a parameter of its own (first k: 2); the number
 * after those, when there is one, is not 0 and is written less 1. Too large for Rice, or falling in order 0: the escape, with the zigzag
 * of the difference (order 2: the zigzag of the difference of differences) raw; a rising mean learns the number as if
 * written, a fall in order 0 counts as 0.
 *
 * Golden bytes (tests/unit/reading/series_block_test.c holds each block against them):
 *
 *   quarter-hours from slot 1,963,584 (2026-01-01T00:00Z), mWh 123450000 123470000 123470000 123470000 123500000 123510000
 *   125510000 125500000, all of state 0: rising, divisor 10000, numbers 2 0 (one more) 3 1 200 and a fall of 1
 *     4a 80d9ef01 08 904e a0cadd75 0a0195ffffe46401
 *   hours from slot -3: 2300 2311 gap gap 2297 (state 1) 2305: swinging, divisor 1, states in runs of 2 2 1 1
 *     6c 05 06 01 f823 004501c022acda00
 *   days from 20,454 (2026-01-01): 0 500 1000 1501 2001 2500: even, numbers 1000 0 (none more) 2 1 1
 *     55 ccbf02 06 01 00 0bffffc9fa0000204080
 *   months from 672 (January 2026): two gaps
 *     66 c00a 02 01 00 ff4000 */
#ifndef READING_SERIES_BLOCK_H
#define READING_SERIES_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"

#define SERIES_BLOCK_VALUE_LIMIT 4096 /* a month of quarter-hours, eleven years of days, a day of minutes and more */
#define SERIES_STATE_GAP 255          /* the state of a slot without a value */

enum series_period {
    SERIES_MINUTE = 0,
    SERIES_FIVE_MINUTES = 1,
    SERIES_QUARTER_HOUR = 2,
    SERIES_HALF_HOUR = 3,
    SERIES_HOUR = 4,
    SERIES_DAY = 5,
    SERIES_MONTH = 6,
    SERIES_PERIOD_COUNT
};

struct series_stretch {
    enum series_period period;
    int64_t first_slot;
    size_t count;
    const int64_t *values; /* of a gap: ignored */
    const uint8_t *states; /* NULL: every slot has a value, of state 0 */
};

struct series_head {
    enum series_period period;
    int64_t first_slot;
    size_t count;
};

/* Seconds of a period; 0 for months and numbers outside the list. A day counts 86,400. */
int64_t series_period_s(enum series_period period);

/* Bytes that no block of `count` slots exceeds. */
size_t series_block_bound(size_t count);

/* Write a block.
 * out      may be NULL with capacity 0: only the size is wanted
 * returns  bytes; BASE_ERR_RANGE for a count outside 1 to SERIES_BLOCK_VALUE_LIMIT or a period outside the list;
 *          BASE_ERR_FULL when it needs more than `capacity` (never of series_block_bound; `out` may hold anything then) */
int series_block_encode(const struct series_stretch *stretch, uint8_t *out, size_t capacity);

/* What a block says of itself.
 * returns  0; BASE_ERR_SHORT, BASE_ERR_SYNTAX, BASE_ERR_RANGE */
int series_block_head(struct span block, struct series_head *out);

/* The slots `first_slot` to `first_slot + count - 1`, those outside the block as gaps. The whole block is checked when its
 * last slot is among them; else it is read no further than asked.
 * values   `count` of them; 0 at gaps; written also when the answer is negative
 * states   `count` of them, likewise
 * returns  how many are not gaps; BASE_ERR_SHORT, BASE_ERR_SYNTAX, BASE_ERR_RANGE: the bytes are no block */
int series_block_decode(struct span block, int64_t first_slot, size_t count, int64_t *values, uint8_t *states);

#endif
