/* Worked bills of heat: by area, two-part, stopped, settled against a prepayment. */
#include "rating/rating_case_internal.h"
#include "rating/rating_internal.h"

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE

/* Share added for a high ceiling, 1e-12: (height - over) x add a metre, at most the cap. */
static int ceiling_share(struct rating_case *rating_case, int64_t *share_e12)
{
    int64_t height_e4 = 0, over_e4 = 0, add_e8 = 0, cap_e8 = 0;
    int error = rating_case_optional(rating_case, "ceiling_m", QUANTITY, 0, &height_e4);

    if (error == 0)
        error = rating_case_optional(rating_case, "over_m", QUANTITY, TARIFF_QUANTITY_MAXIMUM, &over_e4);
    if (error == 0)
        error = rating_case_optional(rating_case, "add_per_m", PRICE, 0, &add_e8);
    if (error == 0)
        error = rating_case_optional(rating_case, "add_cap", PRICE, TARIFF_PRICE_ONE, &cap_e8);
    if (error < 0)
        return error;
    *share_e12 = 0;
    if (height_e4 > 1000 * TARIFF_QUANTITY_ONE || add_e8 < 0 || add_e8 > TARIFF_PRICE_ONE || cap_e8 < 0 ||
        cap_e8 > 10 * TARIFF_PRICE_ONE)
        return RATING_ERR_RANGE;
    if (height_e4 > over_e4)
        *share_e12 = (height_e4 - over_e4) * add_e8;
    if (*share_e12 > cap_e8 * TARIFF_QUANTITY_ONE)
        *share_e12 = cap_e8 * TARIFF_QUANTITY_ONE;
    return 0;
}

/* Heating stopped on request before the season: a share of the area price is still due. */
static int stopped_apply(struct rating_case *rating_case, int64_t *total_fen)
{
    int64_t share_e8;
    int error = rating_case_optional(rating_case, "stopped_share", PRICE, TARIFF_PRICE_ONE, &share_e8);

    if (error == 0 && share_e8 > TARIFF_PRICE_ONE)
        error = rating_case_refuse(rating_case, "stopped_share", "应为 0 到 1", "must be from 0 to 1");
    if (error < 0 || share_e8 == TARIFF_PRICE_ONE)
        return error;
    rating_case_member_integer(rating_case, "area_fen", *total_fen);
    return rating_exact_round((rating_exact)*total_fen * share_e8, TARIFF_PRICE_ONE, total_fen);
}

int rating_case_heat_area(struct rating_case *rating_case)
{
    const rating_exact one_e12 = (rating_exact)TARIFF_PRICE_ONE * TARIFF_QUANTITY_ONE;
    const rating_exact product_fen = INT64_C(10000000000) * one_e12; /* 1e-4 m2 x 1e-8 yuan x 1e-12 */
    int64_t area_e4, price_e8, share_e12, total_fen;
    int error = rating_case_required(rating_case, "area_m2", QUANTITY, &area_e4);

    if (error == 0)
        error = rating_case_required(rating_case, "price", PRICE, &price_e8);
    if (error == 0)
        error = ceiling_share(rating_case, &share_e12);
    if (error == 0 && (area_e4 > TARIFF_QUANTITY_MAXIMUM / 100 || price_e8 > TARIFF_PRICE_MAXIMUM))
        error = RATING_ERR_RANGE;
    if (error == 0)
        error = rating_exact_round((rating_exact)area_e4 * price_e8 * (one_e12 + share_e12), product_fen, &total_fen);
    if (error == 0)
        error = stopped_apply(rating_case, &total_fen);
    if (error == 0)
        rating_case_member_integer(rating_case, "total_fen", total_fen);
    return error;
}

/* A metered season is settled against what was paid in advance, and may be capped at the area price. */
static int season_settle(struct rating_case *rating_case, int64_t total_fen)
{
    const json_t *input = rating_case->input;
    int64_t cap_fen = INT64_MAX, prepaid_fen = 0;
    int error = 0;

    if (json_object_get(input, "cap_price") != NULL)
        error = rating_case_product(rating_case, "area_m2", "cap_price", &cap_fen);
    if (error == 0)
        error = rating_case_optional(rating_case, "prepaid_fen", 0, 0, &prepaid_fen);
    if (error < 0)
        return error;
    if (total_fen > cap_fen) {
        rating_case_member_integer(rating_case, "uncapped_fen", total_fen);
        total_fen = cap_fen;
    }
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    if (json_object_get(input, "prepaid_fen") != NULL) {
        rating_case_member_integer(rating_case, "refund_fen", prepaid_fen > total_fen ? prepaid_fen - total_fen : 0);
        rating_case_member_integer(rating_case, "due_fen", total_fen > prepaid_fen ? total_fen - prepaid_fen : 0);
    }
    return 0;
}

/* Two-part heat: an area share and the metered energy, in kWh or GJ as the tariff prices it. */
int rating_case_heat_metered(struct rating_case *rating_case)
{
    const char *quantity = json_object_get(rating_case->input, "gj") != NULL ? "gj" : "kwh";
    int64_t base_fen, energy_fen;
    int error = rating_case_product(rating_case, "area_m2", "base_price", &base_fen);

    if (error == 0)
        error = rating_case_product(rating_case, quantity, "energy_price", &energy_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "base_fen", base_fen);
    rating_case_member_integer(rating_case, "energy_fen", energy_fen);
    return season_settle(rating_case, base_fen + energy_fen);
}
