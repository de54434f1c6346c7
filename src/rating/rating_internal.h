/* Shared by the files of this room only. */
#ifndef RATING_RATING_INTERNAL_H
#define RATING_RATING_INTERNAL_H

#include "rating/rating_error.h"

#include <stdint.h>

/* Products before rounding: 1e-4 unit x 1e-8 x 1e-8 yuan = 1e-18 fen, times a common denominator of days and months. */
__extension__ typedef __int128 rating_exact;

#define RATING_EXACT_FEN ((rating_exact)INT64_C(1000000000000000000))

/* value / divisor, half up away from zero; divisor > 0.
 * returns  0; RATING_ERR_RANGE when the quotient is beyond int64 */
int rating_exact_round(rating_exact value, rating_exact divisor, int64_t *out);

/* 1e-4 unit x 1e-8 yuan to fen, half up away from zero.
 * returns  0; RATING_ERR_RANGE */
int rating_product_round(int64_t quantity_e4, rating_exact price_e8, int64_t *amount_fen);

/* Share `total` over `count` weights by largest remainder: the parts add up to the total, ties go to the lower index.
 * weights  not negative, not all zero
 * returns  0; RATING_ERR_RANGE */
int rating_largest_remainder(int64_t total, const rating_exact *weights, int32_t count, int64_t *parts);

#endif
