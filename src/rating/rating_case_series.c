/* Several settlements of one cycle: prepaid days (rule 16), estimates made good (rule 13). */
#include "rating/rating_case_internal.h"

#define QUANTITY TARIFF_QUANTITY_SCALE

/* Days of platform prepayment: each costs cost(used up to it) - cost(used before it). */
int rating_case_prepaid_days(struct rating_case *rating_case)
{
    struct charge_usage usage = { .season = CHARGE_SEASON_NONE };
    int64_t days_e4[RATING_CASE_LIST_LIMIT], charges_fen[RATING_CASE_LIST_LIMIT];
    int64_t used_e4, total_fen = 0;
    struct tariff tariff;
    int32_t count = 0;
    int error = rating_case_terms(rating_case, &tariff, &usage);

    if (error == 0)
        error = rating_case_list(rating_case, "days_qty", QUANTITY, 0, days_e4, &count);
    used_e4 = usage.used_e4;
    for (int32_t day = 0; error == 0 && day < count; day++) {
        struct charge charge;

        if (days_e4[day] > TARIFF_QUANTITY_MAXIMUM - used_e4)
            return RATING_ERR_QUANTITY;
        error = charge_compute_growth(&tariff, &usage, used_e4, used_e4 + days_e4[day], &charge);
        if (error == 0)
            charges_fen[day] = charge.total_fen;
        if (error == 0)
            total_fen += charge.total_fen;
        used_e4 += days_e4[day];
    }
    if (error < 0)
        return error;
    rating_case_member_integers(rating_case, "charges_fen", charges_fen, count);
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    return 0;
}

/* One bill on top of what was used; moves the usage on. */
static int bill_next(const struct tariff *tariff, struct charge_usage *usage, int64_t quantity_e4, int64_t *amount_fen)
{
    struct charge charge;
    int error;

    usage->quantity_e4 = quantity_e4;
    error = charge_compute(tariff, usage, &charge);
    if (error < 0)
        return error;
    usage->used_e4 += quantity_e4;
    *amount_fen = charge.total_fen;
    return 0;
}

/* Estimated bills, then the reading: the whole stretch is rated anew and the difference, maybe a credit, is what is due. */
int rating_case_rerate(struct rating_case *rating_case)
{
    struct charge_usage start = { .season = CHARGE_SEASON_NONE }, usage;
    int64_t estimates_e4[RATING_CASE_LIST_LIMIT], bills_fen[RATING_CASE_LIST_LIMIT];
    int64_t actual_e4 = 0, rerated_fen = 0, billed_fen = 0;
    struct tariff tariff;
    int32_t count = 0;
    int error = rating_case_terms(rating_case, &tariff, &start);

    if (error == 0)
        error = rating_case_list(rating_case, "estimated", QUANTITY, 0, estimates_e4, &count);
    if (error == 0)
        error = rating_case_required(rating_case, "actual", QUANTITY, &actual_e4);
    usage = start;
    for (int32_t index = 0; error == 0 && index < count; index++) {
        error = bill_next(&tariff, &usage, estimates_e4[index], &bills_fen[index]);
        if (error == 0)
            billed_fen += bills_fen[index];
    }
    if (error == 0)
        error = bill_next(&tariff, &start, actual_e4, &rerated_fen);
    if (error < 0)
        return error;
    rating_case_member_integers(rating_case, "billed_fen", bills_fen, count);
    rating_case_member_integer(rating_case, "rerated_fen", rerated_fen);
    rating_case_member_integer(rating_case, "difference_fen", rerated_fen - billed_fen);
    return 0;
}
