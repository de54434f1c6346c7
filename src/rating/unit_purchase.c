#include "rating/unit_purchase.h"

#include "rating/charge_internal.h"

static int units_work(const struct tariff *tariff, const struct charge_usage *like, int64_t units,
                      struct charge_working *working)
{
    struct charge_segment segment = { .tariff = tariff, .usage = *like };

    segment.usage.quantity_e4 = units * TARIFF_QUANTITY_ONE;
    return charge_use_compute(working, &segment, 1);
}

int unit_purchase_charge(const struct tariff *tariff, const struct charge_usage *like, int64_t units, struct charge *out)
{
    struct charge_working working;
    int error = units < 0 || units > TARIFF_QUANTITY_MAXIMUM / TARIFF_QUANTITY_ONE ? RATING_ERR_QUANTITY : 0;

    if (error == 0)
        error = units_work(tariff, like, units, &working);
    if (error == 0)
        charge_copy(&working.charge, out);
    return error;
}

/* What `units` more cost, rounded as a bill; and whether the exact cost is within the money. */
static int units_cost(const struct tariff *tariff, const struct charge_usage *like, int64_t units, int64_t money_fen,
                      int64_t *cost_fen, bool *within)
{
    struct charge_working working;
    rating_exact limit;
    int error = units_work(tariff, like, units, &working);

    if (error < 0)
        return error;
    limit = RATING_EXACT_FEN * working.scale;
    *cost_fen = working.charge.total_fen;
    *within = charge_exact_sum(&working) / limit < money_fen ||
              (charge_exact_sum(&working) / limit == money_fen && charge_exact_sum(&working) % limit == 0);
    return 0;
}

int unit_purchase_compute(const struct tariff *tariff, const struct charge_usage *like, int64_t money_fen,
                          int64_t *units, int64_t *cost_fen)
{
    int64_t low = 0, low_cost_fen = 0;
    int64_t high = (TARIFF_QUANTITY_MAXIMUM - like->used_e4) / TARIFF_QUANTITY_ONE + 1;
    int64_t cost;
    bool within;
    int error;

    if (money_fen < 0)
        return RATING_ERR_RANGE;
    if (like->used_e4 < 0 || like->used_e4 > TARIFF_QUANTITY_MAXIMUM)
        return RATING_ERR_USAGE;
    error = units_cost(tariff, like, high - 1, money_fen, &cost, &within);
    if (error < 0)
        return error;
    if (within)
        return RATING_ERR_RANGE;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;

        error = units_cost(tariff, like, middle, money_fen, &cost, &within);
        if (error < 0)
            return error;
        if (within && cost <= money_fen) {
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
