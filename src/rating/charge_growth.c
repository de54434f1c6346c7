/* What a day costs, for millions of accounts in a night: two sums and their difference, without the lines that explain a bill. */
#include "rating/charge_internal.h"

#include <string.h>

#define AMOUNT_LIMIT (INT64_MAX / 64)

/* Whether each item is rounded by itself and by nothing else than the quantity and its tiers. */
static bool tariff_is_direct(const struct tariff *tariff)
{
    return tariff->period_count == 0 && !tariff->composite && tariff->rounding == TARIFF_ROUND_ITEM &&
           tariff->allowance_e4 == 0;
}

static int tiers_cost(const struct tariff *tariff, const struct tariff_item *item, const rating_exact *tier,
                      rating_exact *sum)
{
    int error = 0;

    for (int32_t index = 0; error == 0 && index < tariff->tier_count; index++) {
        rating_exact amount = 0;

        error = charge_product_exact(tier[index], item->coefficient_e8, item->price_e8[index], &amount);
        *sum += amount;
    }
    return error;
}

static int item_cost(const struct charge_working *working, const struct tariff_item *item, rating_exact quantity,
                     const rating_exact *tier, int64_t *amount_fen)
{
    rating_exact sum = 0, flat = 0;
    int error = 0;

    if (item->tiered)
        error = tiers_cost(working->last, item, tier, &sum);
    if (error == 0 && item->flat)
        error = charge_product_exact(quantity, item->coefficient_e8, item->flat_price_e8, &flat);
    if (error == 0)
        error = rating_exact_round(sum + flat, RATING_EXACT_FEN * working->scale, amount_fen);
    if (error == 0 && (*amount_fen > AMOUNT_LIMIT || *amount_fen < -AMOUNT_LIMIT))
        error = RATING_ERR_RANGE;
    return error;
}

/* What a cycle's use costs, item by item. */
static int cycle_cost(const struct tariff *tariff, const struct charge_usage *like, int64_t used_e4, int64_t *amounts_fen)
{
    struct charge_segment segment = { .tariff = tariff, .usage = *like };
    struct charge_working working; /* of it only what the tiers are filled by */
    rating_exact tier[TARIFF_TIER_LIMIT];
    rating_exact quantity;
    int error;

    segment.usage.quantity_e4 = used_e4;
    segment.usage.used_e4 = 0;
    error = used_e4 < 0 ? RATING_ERR_QUANTITY : charge_usage_check(tariff, &segment.usage);
    if (error < 0)
        return error;
    working.last = tariff;
    working.days_whole = 1;
    working.scale = working.cycle_whole = like->cycle_whole > 0 ? like->cycle_whole : 1;
    quantity = used_e4 * working.cycle_whole;
    charge_tiers_fill(&working, &segment, 0, quantity, tier);
    for (int32_t index = 0; error == 0 && index < tariff->item_count; index++)
        error = item_cost(&working, &tariff->items[index], quantity, tier, &amounts_fen[index]);
    return error;
}

int charge_compute_growth_items(const struct tariff *tariff, const struct charge_usage *like, int64_t before_e4,
                                int64_t after_e4, struct charge *out)
{
    int64_t before_fen[TARIFF_ITEM_LIMIT], after_fen[TARIFF_ITEM_LIMIT];

    if (!tariff_is_direct(tariff) || cycle_cost(tariff, like, before_e4, before_fen) < 0 ||
        cycle_cost(tariff, like, after_e4, after_fen) < 0)
        return charge_compute_growth(tariff, like, before_e4, after_e4, out);
    out->item_count = tariff->item_count;
    out->total_fen = 0;
    out->period_count = out->line_count = 0;
    for (int32_t index = 0; index < tariff->item_count; index++) {
        struct charge_item *item = &out->items[index];

        memcpy(item->name, tariff->items[index].name, sizeof item->name);
        item->amount_fen = after_fen[index] - before_fen[index];
        item->tax_fen = 0;
        out->total_fen += item->amount_fen;
    }
    return 0;
}
