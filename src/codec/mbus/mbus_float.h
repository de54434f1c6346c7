/* The real number of EN 13757-3 (data field 5, an IEEE 754 single) as decimal number, without floating point. */
#ifndef CODEC_MBUS_FLOAT_H
#define CODEC_MBUS_FLOAT_H

#include <stdbool.h>
#include <stdint.h>

/* value * 10^exponent */
struct mbus_decimal {
    int64_t value;
    int exponent;
};

enum { MBUS_FLOAT_INFINITE = 1, MBUS_FLOAT_NAN = 2 };

/* The decimal number with the fewest digits that reads back as the same single, the nearest one among those: what the
 * meter's maker meant (0.996, not 0.995999991894). At most nine digits, exponent -45 to 38.
 * returns  0 and *out; MBUS_FLOAT_INFINITE, MBUS_FLOAT_NAN */
int mbus_float_decimal(uint32_t bits, struct mbus_decimal *out);

#endif
