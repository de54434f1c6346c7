#include "rating/tax.h"

#include "base/wide.h"
#include "rating/rating_internal.h"

int tax_contained(int64_t amount_fen, int64_t rate_e8, int64_t *tax_fen)
{
    if (rate_e8 < 0 || rate_e8 > TAX_RATE_ONE)
        return RATING_ERR_RANGE;
    return rating_exact_round((rating_exact)amount_fen * rate_e8, (rating_exact)TAX_RATE_ONE + rate_e8, tax_fen);
}

int tax_share(const int64_t *amounts_fen, int32_t count, int64_t rate_e8, int64_t *taxes_fen)
{
    rating_exact weights[TAX_LINE_LIMIT];
    int64_t sum_fen = 0, tax_fen = 0;
    bool positive = false, negative = false;

    if (count < 1 || count > TAX_LINE_LIMIT)
        return RATING_ERR_RANGE;
    for (int32_t line = 0; line < count; line++) {
        if (wide_add(sum_fen, amounts_fen[line], &sum_fen) < 0)
            return RATING_ERR_RANGE;
        positive = positive || amounts_fen[line] > 0;
        negative = negative || amounts_fen[line] < 0;
        weights[line] = amounts_fen[line] < 0 ? -(rating_exact)amounts_fen[line] : amounts_fen[line];
    }
    if ((positive && negative) || tax_contained(sum_fen, rate_e8, &tax_fen) < 0)
        return RATING_ERR_RANGE;
    if (sum_fen == 0) {
        for (int32_t line = 0; line < count; line++)
            taxes_fen[line] = 0;
        return 0;
    }
    return rating_largest_remainder(tax_fen, weights, count, taxes_fen);
}
