#include "rating/late_fee.h"

#include "base/calendar.h"
#include "rating/rating_internal.h"

#define LATE_DAYS_LIMIT 36600
#define LATE_PRINCIPAL_LIMIT INT64_C(10000000000000)
#define LATE_RATE_ONE INT64_C(100000000)

static int terms_check(const struct late_fee_terms *terms)
{
    if (terms->principal_fen < 0 || terms->principal_fen > LATE_PRINCIPAL_LIMIT || terms->minimum_fen < 0 ||
        terms->rate_same_year_e8 < 0 || terms->rate_same_year_e8 > LATE_RATE_ONE || terms->rate_later_year_e8 < 0 ||
        terms->rate_later_year_e8 > LATE_RATE_ONE)
        return RATING_ERR_RANGE;
    return terms->paid_day - terms->due_day > LATE_DAYS_LIMIT ? RATING_ERR_DATES : 0;
}

int late_fee_compute(const struct late_fee_terms *terms, struct late_fee *out)
{
    struct late_fee fee = { .days_same_year = 0 };
    int error = terms_check(terms);
    int64_t year_end, days;

    if (error < 0)
        return error;
    days = terms->paid_day > terms->due_day ? terms->paid_day - terms->due_day : 0;
    year_end = calendar_year_start(calendar_year_start(terms->due_day) + 366) - 1;
    fee.days_same_year = (int32_t)(terms->paid_day > year_end ? year_end - terms->due_day : days);
    fee.days_later_year = (int32_t)days - fee.days_same_year;
    error = rating_exact_round((rating_exact)terms->principal_fen * fee.days_same_year * terms->rate_same_year_e8 +
                                   (rating_exact)terms->principal_fen * fee.days_later_year * terms->rate_later_year_e8,
                               LATE_RATE_ONE, &fee.uncapped_fen);
    if (error < 0)
        return error;
    if (days > 0 && terms->principal_fen > 0 && fee.uncapped_fen < terms->minimum_fen)
        fee.uncapped_fen = terms->minimum_fen;
    fee.amount_fen = fee.uncapped_fen;
    if (terms->capped && fee.amount_fen > terms->principal_fen)
        fee.amount_fen = terms->principal_fen;
    *out = fee;
    return 0;
}
