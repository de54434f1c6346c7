/* A bill while it is being computed; shared by the files charge*.c only. */
#ifndef RATING_CHARGE_INTERNAL_H
#define RATING_CHARGE_INTERNAL_H

#include "rating/charge.h"
#include "rating/rating_internal.h"

/* Room for the sum of all lines of a bill without leaving 128 bits. */
#define CHARGE_EXACT_LIMIT (((rating_exact)1 << 126) / CHARGE_LINE_LIMIT)

/* What one bill is being computed from and into. Quantities inside are numerators over `scale`. */
struct charge_working {
    const struct charge_segment *segments;
    int32_t segment_count;
    const struct tariff *last; /* rounding, composite, fixed and minimum come from here */
    rating_exact days_whole;   /* common denominator of days */
    rating_exact cycle_whole;  /* common denominator of parts of the cycle */
    rating_exact scale;
    rating_exact row_divisor; /* 1: rows stay exact */
    rating_exact item_exact[CHARGE_ITEM_LIMIT];
    rating_exact composite_exact;
    rating_exact allowance_exact;
    rating_exact tier_numerator[TARIFF_TIER_LIMIT];
    struct charge charge; /* last, and its lines last in it: they are not cleared */
};

/* quantity x coefficient x price. returns 0; RATING_ERR_RANGE */
int charge_product_exact(rating_exact numerator, int64_t coefficient_e8, int64_t price_e8, rating_exact *out);

/* Months of a period; one when nobody says. */
int32_t charge_months(const struct charge_usage *usage);

/* Is the use within the bounds and of the shape that the tariff wants? As charge_compute. */
int charge_usage_check(const struct tariff *tariff, const struct charge_usage *usage);

/* Numerator over working->scale of one limit: its share by days (rule 9) and by the part of the cycle in use (rule 5). */
rating_exact charge_limit_numerator(const struct charge_working *working, const struct charge_segment *segment,
                                    int32_t tier);

/* Place `quantity` on top of `before` (rule 3); fills tier[] with numerators. */
void charge_tiers_fill(const struct charge_working *working, const struct charge_segment *segment, rating_exact before,
                       rating_exact quantity, rating_exact *tier);

/* Index of the item of this name, added when it is new; RATING_ERR_SEGMENTS when there is no room. */
int32_t charge_item_find_or_add(struct charge *charge, const char *name);

/* Charge the use alone, without fixed charges and minimum; `working` may be anything before. */
int charge_use_compute(struct charge_working *working, const struct charge_segment *segments, int32_t count);

/* What a computed use costs before rounding: numerator over RATING_EXACT_FEN * working->scale. */
rating_exact charge_exact_sum(const struct charge_working *working);

/* Copy what is written of a charge: its lines up to line_count. */
void charge_copy(const struct charge *charge, struct charge *out);

/* Turn the exact sums into fen, as the last tariff says, and add them up. */
int charge_working_round(struct charge_working *working);

/* Rule 11: fixed charges, and what is missing to the smallest bill. */
int charge_fixed_add(struct charge_working *working);

/* The tax inside each item. */
int charge_taxes_fill(struct charge_working *working);

#endif
