#include "rating/late_fee.h"

#include "base/calendar.h"
#include "rating/rating_internal.h"

#include <stdbool.h>

static bool rate_holds(int64_t rate_e8)
{
    return rate_e8 >= 0 && rate_e8 <= LATE_FEE_RATE_ONE;
}

struct late_fee_days late_fee_days_count(const struct late_fee_rule *rule, int64_t due_day, int64_t until_day)
{
    int64_t late_from = due_day + rule->grace_days; /* the day before the first late one */
    int64_t year_end = calendar_year_start(calendar_year_start(due_day) + 366) - 1;
    int64_t same_until = until_day < year_end ? until_day : year_end;
    struct late_fee_days days = { .same_year = 0 };

    if (until_day <= late_from)
        return days;
    if (until_day - late_from > LATE_FEE_DAYS_MAXIMUM)
        until_day = late_from + LATE_FEE_DAYS_MAXIMUM;
    days.same_year = same_until > late_from ? (int32_t)(same_until - late_from) : 0;
    days.later_year = (int32_t)(until_day - late_from) - days.same_year;
    return days;
}

int late_fee_basis_add(struct late_fee_basis *basis, int64_t amount_fen, struct late_fee_days days)
{
    if (amount_fen < 0 || amount_fen > LATE_FEE_PRINCIPAL_MAXIMUM - basis->principal_fen)
        return RATING_ERR_RANGE;
    basis->principal_fen += amount_fen;
    basis->same_year_fen_days += amount_fen * days.same_year;
    basis->later_year_fen_days += amount_fen * days.later_year;
    return 0;
}

static int terms_check(const struct late_fee_rule *rule, const struct late_fee_basis *basis)
{
    if (!rate_holds(rule->rate_same_year_e8) || !rate_holds(rule->rate_later_year_e8) || rule->minimum_fen < 0 ||
        rule->cap_e8 < 0 || rule->cap_e8 > LATE_FEE_RATE_ONE)
        return RATING_ERR_RANGE;
    return basis->principal_fen < 0 || basis->principal_fen > LATE_FEE_PRINCIPAL_MAXIMUM ||
           basis->same_year_fen_days < 0 || basis->later_year_fen_days < 0 ? RATING_ERR_RANGE : 0;
}

static bool rule_charges(const struct late_fee_rule *rule)
{
    return rule->rate_same_year_e8 > 0 || rule->rate_later_year_e8 > 0;
}

int late_fee_compute(const struct late_fee_rule *rule, const struct late_fee_basis *basis, struct late_fee *out)
{
    struct late_fee fee = { .amount_fen = 0 };
    bool is_late = basis->same_year_fen_days > 0 || basis->later_year_fen_days > 0;
    int error = terms_check(rule, basis);

    if (error < 0)
        return error;
    error = rating_exact_round((rating_exact)basis->same_year_fen_days * rule->rate_same_year_e8 +
                                   (rating_exact)basis->later_year_fen_days * rule->rate_later_year_e8,
                               LATE_FEE_RATE_ONE, &fee.uncapped_fen);
    if (error < 0)
        return error;
    if (is_late && rule_charges(rule) && fee.uncapped_fen < rule->minimum_fen)
        fee.uncapped_fen = rule->minimum_fen;
    fee.amount_fen = fee.uncapped_fen;
    if (rule->cap_e8 > 0) {
        int64_t cap_fen = (int64_t)((rating_exact)basis->principal_fen * rule->cap_e8 / LATE_FEE_RATE_ONE);

        fee.amount_fen = fee.amount_fen > cap_fen ? cap_fen : fee.amount_fen;
    }
    *out = fee;
    return 0;
}
