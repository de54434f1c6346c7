/* Numbers as protocols carry them (integers, IEEE floats, decimal fractions), exactly and without floating point.
 *
 * A number is sign * mantissa * base^exponent. The program wants int64 at a scale: value * 10^scale. Both ways are
 * integer arithmetic, so that a meter without a floating point unit agrees with the server to the last digit. */
#ifndef CODEC_NUMBER_H
#define CODEC_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define NUMBER_SCALE_LIMIT 18

enum number_kind {
    NUMBER_DECIMAL,  /* mantissa * 10^exponent; integers have exponent 0 */
    NUMBER_BINARY,   /* mantissa * 2^exponent */
    NUMBER_INFINITE, /* only the sign matters */
    NUMBER_NAN
};

struct number {
    uint64_t mantissa;
    int32_t exponent; /* -100,000 to 100,000 */
    uint8_t kind;     /* enum number_kind */
    bool negative;
};

enum float_width { FLOAT_HALF = 2, FLOAT_SINGLE = 4, FLOAT_DOUBLE = 8 };

struct number number_of_integer(int64_t value);
struct number number_of_unsigned(uint64_t value);

/* What the bits of an IEEE 754 half, single or double mean. */
struct number number_of_float(uint64_t bits, enum float_width width);

/* JSON's number grammar (RFC 8259 6): -12.5e-3. Digits beyond the 19th significant one are dropped.
 * returns  0 and *out; CODEC_ERR_FORMAT */
int number_parse(struct span text, struct number *out);

/* value * 10^scale, rounded to nearest, halves away from zero.
 * scale    0 to NUMBER_SCALE_LIMIT
 * out      written on success only
 * returns  0; CODEC_ERR_RANGE beyond int64 or for infinities; CODEC_ERR_TYPE for NaN */
int number_scaled(struct number number, int scale, int64_t *out);

/* As number_scaled at scale 0, but CODEC_ERR_TYPE when the value is not whole. */
int number_integer(struct number number, int64_t *out);

/* The IEEE bits nearest to value / 10^scale, ties to even.
 * scale    0 to NUMBER_SCALE_LIMIT
 * returns  0; CODEC_ERR_RANGE when the width cannot hold it as a normal number */
int number_float_bits(int64_t value, int scale, enum float_width width, uint64_t *bits);

/* The smallest width whose nearest float reads back as `value` at `scale` by number_scaled; a half only when it is
 * exact, because others read 12.34375 where 12.34 was meant.
 * returns  0; CODEC_ERR_RANGE when not even a double does (more than 15 digits) */
int number_float_shortest(int64_t value, int scale, enum float_width *width, uint64_t *bits);

#endif
