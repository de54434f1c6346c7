#include "rating/share_split.h"

#include "rating/rating_internal.h"

#include <string.h>

int share_split(int64_t total_fen, const int64_t *weights, int32_t count, int64_t *parts_fen)
{
    rating_exact wide[SHARE_SPLIT_LIMIT];

    if (count < 1 || count > SHARE_SPLIT_LIMIT)
        return RATING_ERR_RANGE;
    for (int32_t index = 0; index < count; index++) {
        if (weights[index] < 0)
            return RATING_ERR_RANGE;
        wide[index] = weights[index];
    }
    if (total_fen == 0) {
        memset(parts_fen, 0, (size_t)count * sizeof *parts_fen);
        return 0;
    }
    return rating_largest_remainder(total_fen, wide, count, parts_fen);
}
