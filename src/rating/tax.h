/* The tax inside an amount, and how a bill's tax is shared over its lines so that everything adds up. */
#ifndef RATING_TAX_H
#define RATING_TAX_H

#include "rating/rating_error.h"

#include <stdint.h>

#define TAX_RATE_ONE INT64_C(100000000)
#define TAX_LINE_LIMIT 1000

/* Tax contained in an amount that includes it: amount x rate / (1 + rate), rounded half up. The net amount is what is
 * left, so net + tax is always the amount.
 * rate_e8  0 to TAX_RATE_ONE; 0.09 is 9,000,000
 * returns  0; RATING_ERR_RANGE */
int tax_contained(int64_t amount_fen, int64_t rate_e8, int64_t *tax_fen);

/* Tax of a document of several lines at one rate: the tax of the sum, handed to the lines by largest remainder, so that
 * the lines' tax adds up to the document's. Amounts must all have the same sign.
 * count    1 .. TAX_LINE_LIMIT
 * returns  0; RATING_ERR_RANGE */
int tax_share(const int64_t *amounts_fen, int32_t count, int64_t rate_e8, int64_t *taxes_fen);

#endif
