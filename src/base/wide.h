/* Products that outgrow 64 bits, with the rounding of bills. Not for the meter: needs the compiler's 128-bit integers. */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

/* out = a * b / divisor, the product exact in 128 bits, the quotient rounded half up away from zero
 * (0.5 becomes 1, -0.5 becomes -1).
 * divisor  positive
 * returns  0; BASE_ERR_DIVISOR for a divisor <= 0; BASE_ERR_RANGE when the quotient is not an int64 */
int wide_multiply_divide_round(int64_t a, int64_t b, int64_t divisor, int64_t *out);

/* The same, but the quotient is cut towards zero. */
int wide_multiply_divide_truncate(int64_t a, int64_t b, int64_t divisor, int64_t *out);

/* Does divisor (positive) divide a * b without a rest? */
bool wide_divides(int64_t a, int64_t b, int64_t divisor);

/* out = a + b, a - b; BASE_ERR_RANGE when the result is not an int64. */
int wide_add(int64_t a, int64_t b, int64_t *out);
int wide_subtract(int64_t a, int64_t b, int64_t *out);

#endif
