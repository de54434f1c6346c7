/* Sharing an amount over accounts by largest remainder (rule 14): the parts always add up to the fen. */
#ifndef RATING_SHARE_SPLIT_H
#define RATING_SHARE_SPLIT_H

#include "rating/rating_error.h"

#include <stdint.h>

#define SHARE_SPLIT_LIMIT 1000

/* Share total_fen, which may be negative, in proportion to weights (use, area, persons, ratios; 1 each for equal shares).
 * weights  of any common scale, not negative, not all 0 unless there is nothing to share
 * count    1 .. SHARE_SPLIT_LIMIT
 * parts    written on success only; a fen that is left over goes to the largest remainder, on a tie to the lower index
 * returns  0; RATING_ERR_RANGE */
int share_split(int64_t total_fen, const int64_t *weights, int32_t count, int64_t *parts_fen);

#endif
