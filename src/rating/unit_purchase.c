#include "rating/unit_purchase.h"

static int units_cost(const struct tariff *tariff, const struct charge_usage *like, int64_t units, int64_t *cost_fen)
{
    struct charge charge;
    int error = charge_compute_growth(tariff, like, like->used_e4, like->used_e4 + units * TARIFF_QUANTITY_ONE, &charge);

    if (error == 0)
        *cost_fen = charge.total_fen;
    return error;
}

int unit_purchase_compute(const struct tariff *tariff, const struct charge_usage *like, int64_t money_fen,
                          int64_t *units, int64_t *cost_fen)
{
    int64_t low = 0, low_cost_fen = 0;
    int64_t high = (TARIFF_QUANTITY_MAXIMUM - like->used_e4) / TARIFF_QUANTITY_ONE + 1;
    int64_t cost;
    int error;

    if (money_fen < 0)
        return RATING_ERR_RANGE;
    if (like->used_e4 < 0 || like->used_e4 > TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_USAGE;
    error = units_cost(tariff, like, high - 1, &cost);
    if (error < 0)
        return error;
    if (cost <= money_fen)
        return RATING_ERR_RANGE;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        error = units_cost(tariff, like, middle, &cost);
        if (error < 0)
            return error;
        if (cost <= money_fen) {
            low = middle;
            low_cost_fen = cost;
        } else {
            high = middle;
        }
    }
    *units = low;
    *cost_fen = low_cost_fen;
    return 0;
}
