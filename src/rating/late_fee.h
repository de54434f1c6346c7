/* Late fee (违约金) on an unpaid bill: rule 12. */
#ifndef RATING_LATE_FEE_H
#define RATING_LATE_FEE_H

#include "rating/rating_error.h"

#include <stdbool.h>
#include <stdint.h>

struct late_fee_terms {
    int64_t principal_fen;      /* 0 to 1e13 */
    int64_t due_day, paid_day;  /* days since 1970; the first late day is the one after due_day, paid_day included */
    int64_t rate_same_year_e8;  /* a day, 0.001 is 100,000; until 31 December of the due day's year */
    int64_t rate_later_year_e8; /* from then on */
    int64_t minimum_fen;        /* a fee below it becomes this, when there is a late day at all */
    bool capped;                /* never more than the principal */
};

struct late_fee {
    int32_t days_same_year, days_later_year;
    int64_t uncapped_fen; /* after the minimum */
    int64_t amount_fen;
};

/* out      written on success only
 * returns  0; RATING_ERR_DATES when more than 100 years late; RATING_ERR_RANGE */
int late_fee_compute(const struct late_fee_terms *terms, struct late_fee *out);

#endif
