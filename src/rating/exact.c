#include "rating/rating_internal.h"

#include <stdbool.h>
#include <string.h>

#define REMAINDER_COUNT_LIMIT 1024
#define REMAINDER_WEIGHT_LIMIT ((rating_exact)1 << 120)

int rating_exact_round(rating_exact value, rating_exact divisor, int64_t *out)
{
    bool negative = value < 0;
    rating_exact magnitude = negative ? -value : value;
    rating_exact quotient = magnitude / divisor;
    rating_exact remainder = magnitude % divisor;

    if (remainder >= divisor - remainder)
        quotient++;
    if (quotient > INT64_MAX)
        return RATING_ERR_RANGE;
    *out = negative ? -(int64_t)quotient : (int64_t)quotient;
    return 0;
}

int rating_product_round(int64_t quantity_e4, rating_exact price_e8, int64_t *amount_fen)
{
    const rating_exact product_fen = INT64_C(10000000000); /* 1e-4 unit x 1e-8 yuan = 1e-10 fen */

    return rating_exact_round(quantity_e4 * price_e8, product_fen, amount_fen);
}

/* The index whose remainder is largest and not yet served; the lower index on a tie. */
static int32_t remainder_largest(const rating_exact *remainders, const bool *served, int32_t count)
{
    int32_t best = -1;

    for (int32_t index = 0; index < count; index++) {
        if (!served[index] && (best < 0 || remainders[index] > remainders[best]))
            best = index;
    }
    return best;
}

static int weights_sum(const rating_exact *weights, int32_t count, rating_exact *out)
{
    rating_exact sum = 0;

    for (int32_t index = 0; index < count; index++) {
        if (weights[index] < 0 || weights[index] > REMAINDER_WEIGHT_LIMIT)
            return RATING_ERR_RANGE;
        sum += weights[index];
        if (sum > REMAINDER_WEIGHT_LIMIT)
            return RATING_ERR_RANGE;
    }
    *out = sum;
    return sum > 0 ? 0 : RATING_ERR_RANGE;
}

int rating_largest_remainder(int64_t total, const rating_exact *weights, int32_t count, int64_t *parts)
{
    rating_exact remainders[REMAINDER_COUNT_LIMIT];
    bool served[REMAINDER_COUNT_LIMIT] = { false };
    bool negative = total < 0;
    int64_t magnitude;
    int64_t given = 0;
    rating_exact sum;

    if (count < 1 || count > REMAINDER_COUNT_LIMIT || total == INT64_MIN || weights_sum(weights, count, &sum) < 0)
        return RATING_ERR_RANGE;
    magnitude = negative ? -total : total;
    for (int32_t index = 0; index < count; index++) {
        if (magnitude > 0 && weights[index] > (REMAINDER_WEIGHT_LIMIT << 6) / magnitude)
            return RATING_ERR_RANGE;
    }
    for (int32_t index = 0; index < count; index++) {
        parts[index] = (int64_t)(weights[index] * magnitude / sum);
        remainders[index] = weights[index] * magnitude % sum;
        given += parts[index];
    }
    for (; given < magnitude; given++) {
        int32_t index = remainder_largest(remainders, served, count);

        served[index] = true;
        parts[index]++;
    }
    for (int32_t index = 0; index < count; index++)
        parts[index] = negative ? -parts[index] : parts[index];
    return 0;
}
