/* Power-factor adjustment (力率调整) of a bill: rule 11. Steps of one rate on each side of a standard, or a table. */
#ifndef RATING_POWER_FACTOR_H
#define RATING_POWER_FACTOR_H

#include "rating/rating_error.h"

#include <stdint.h>

#define POWER_FACTOR_ONE INT64_C(100000000)
#define POWER_FACTOR_ROW_LIMIT 64

/* From this power factor on, this share of the base is added; negative: given back. */
struct power_factor_row {
    int64_t factor_e8;
    int64_t rate_e8;
};

/* The power factor is first rounded to the step, half up, as meters of the trade are read to the hundredth. */
struct power_factor_terms {
    int64_t step_e8; /* 0.01 is 1,000,000; above 0 */
    int64_t standard_e8;
    int64_t rate_below_e8;                                /* added for each step below the standard */
    int64_t rate_above_e8;                                /* given back for each step above it */
    int64_t reward_maximum_e8;                            /* given back at most */
    int32_t row_count;                                    /* > 0: the table stands instead of standard and rates */
    struct power_factor_row rows[POWER_FACTOR_ROW_LIMIT]; /* factors rising; below the first row its rate */
};

/* Fen to add to a bill whose base is base_fen, half up away from zero.
 * factor_e8   0 to POWER_FACTOR_ONE
 * returns     0; RATING_ERR_RANGE */
int power_factor_adjust(const struct power_factor_terms *terms, int64_t factor_e8, int64_t base_fen,
                        int64_t *adjust_fen);

/* active / sqrt(active^2 + reactive^2), 1e-8, of energies in one unit: above 0, at most POWER_FACTOR_ONE.
 * returns  -1 when nothing flowed; 0 when one of them is negative or beyond 2^62 */
int64_t power_factor_of_energy(int64_t active, int64_t reactive);

#endif
