/* Late fee (违约金) on an unpaid bill: rule 12. Every fen of principal costs its rate for each day until it is paid, whatever
 * else is paid meanwhile: fen times days add up, in any order, and are rounded once. */
#ifndef RATING_LATE_FEE_H
#define RATING_LATE_FEE_H

#include "rating/rating_error.h"

#include <stdint.h>

#define LATE_FEE_RATE_ONE INT64_C(100000000)
#define LATE_FEE_PRINCIPAL_MAXIMUM INT64_C(10000000000000)
#define LATE_FEE_DAYS_MAXIMUM 36600 /* 100 years; more days are not counted */

/* Terms of a price. No rate: no late fee. */
struct late_fee_rule {
    int64_t rate_same_year_e8;  /* a day, 0.001 is 100,000; until 31 December of the due day's year */
    int64_t rate_later_year_e8; /* from then on */
    int64_t minimum_fen;        /* a fee below it becomes this, when there is a late day at all */
    int64_t cap_e8;             /* never more than this share of the late principal, LATE_FEE_RATE_ONE all of it; 0: no cap */
    int32_t grace_days;         /* the first late day is due_day + grace_days + 1 */
};

struct late_fee_days {
    int32_t same_year, later_year;
};

/* Late days up to until_day, which is one of them. Days since 1970. */
struct late_fee_days late_fee_days_count(const struct late_fee_rule *rule, int64_t due_day, int64_t until_day);

/* What a fee is computed from: sums over the parts in which the principal was paid late, and what is still unpaid. */
struct late_fee_basis {
    int64_t principal_fen;
    int64_t same_year_fen_days, later_year_fen_days;
};

/* Add a part of the principal that was late for these days.
 * basis    untouched on failure
 * returns  0; RATING_ERR_RANGE beyond LATE_FEE_PRINCIPAL_MAXIMUM, or when amount_fen is negative */
int late_fee_basis_add(struct late_fee_basis *basis, int64_t amount_fen, struct late_fee_days days);

/* out      written on success only
 * returns  0; RATING_ERR_RANGE when the rule or the basis is outside its bounds */
struct late_fee {
    int64_t uncapped_fen; /* after the minimum */
    int64_t amount_fen;
};
int late_fee_compute(const struct late_fee_rule *rule, const struct late_fee_basis *basis, struct late_fee *out);

#endif
