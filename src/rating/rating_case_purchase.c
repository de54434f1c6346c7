/* Units sold to a meter that holds units (rule 17). */
#include "rating/rating_case_internal.h"
#include "rating/unit_purchase.h"

static int purchase_add(const struct tariff *tariff, struct charge_usage *usage, int64_t payment_fen,
                        int64_t *wallet_fen, int64_t *units)
{
    int64_t money_fen = *wallet_fen + payment_fen;
    int64_t cost_fen = 0;
    int error = 0;

    *units = 0;
    if (money_fen > 0)
        error = unit_purchase_compute(tariff, usage, money_fen, units, &cost_fen);
    if (error < 0)
        return error;
    *wallet_fen = money_fen - cost_fen;
    usage->used_e4 += *units * TARIFF_QUANTITY_ONE;
    return 0;
}

int rating_case_unit_purchase(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    int64_t payments_fen[RATING_CASE_LIST_LIMIT], units[RATING_CASE_LIST_LIMIT], wallets_fen[RATING_CASE_LIST_LIMIT];
    int64_t wallet_fen;
    struct tariff tariff;
    int32_t count = 0;
    int error =
        rating_case_within(rating_case, rating_case->input, "wallet_fen", 0, TARIFF_QUANTITY_MAXIMUM, &wallet_fen);

    if (error == 0)
        error = rating_case_terms(rating_case, &tariff, &usage);
    if (error == 0)
        error = rating_case_list(rating_case, "payments_fen", 0, 0, payments_fen, &count);
    for (int32_t index = 0; error == 0 && index < count; index++) {
        if (payments_fen[index] > TARIFF_QUANTITY_MAXIMUM)
            return RATING_ERR_RANGE;
        error = purchase_add(&tariff, &usage, payments_fen[index], &wallet_fen, &units[index]);
        wallets_fen[index] = wallet_fen;
    }
    if (error < 0)
        return error;
    rating_case_member_integers(rating_case, "units", units, count);
    rating_case_member_integers(rating_case, "wallet_after_fen", wallets_fen, count);
    return 0;
}
