/* (usage, tariff, history) to charge lines: the arithmetic of a bill, exact until the one rounding.
 *
 * Rules by number: reference of the tariff rules in docs/tariffs.md. Pure: the same input gives the same bill. */
#ifndef RATING_CHARGE_H
#define RATING_CHARGE_H

#include "rating/rating_error.h"
#include "rating/tariff.h"

#define CHARGE_SEGMENT_LIMIT 12
#define CHARGE_LINE_LIMIT 192
#define CHARGE_ITEM_LIMIT (TARIFF_ITEM_LIMIT * 2 + TARIFF_FIXED_LIMIT + 3)
#define CHARGE_SEASON_NONE (-1)
/* Items that no tariff may name itself. */
#define CHARGE_MINIMUM_ITEM "minimum_charge"
#define CHARGE_POWER_FACTOR_ITEM "power_factor"
#define CHARGE_LATE_FEE_ITEM "late_fee" /* an item of revenue; on no bill when it is issued */

struct charge_usage {
    int64_t quantity_e4;             /* used now; may be negative for a correction (credit) */
    int64_t used_e4;                 /* already billed in the cycle (ytd), placed under quantity_e4 */
    int32_t persons;                 /* in the household, >= 0 */
    int32_t months;                  /* in the period, for monthly limits and fixed charges; 0 counts as 1 */
    int32_t season;                  /* index in tariff.seasons, or CHARGE_SEASON_NONE */
    int32_t cycle_part, cycle_whole; /* part of the cycle in use (5 of 12 months); 0, 0: all of it */
    int32_t period_count;            /* 0, or tariff.period_count */
    int64_t period_quantity_e4[TARIFF_PERIOD_LIMIT]; /* by tariff.period_name; their sum is quantity_e4 */
    int64_t measure_e4[TARIFF_MEASURE_COUNT];        /* m2, kVA, kW that fixed charges are counted by; 0: none */
    int64_t power_factor_e8; /* of the bill, for tariffs that adjust by it; 0: unknown; below 0: nothing flowed */
};

/* A stretch of the period at one price. */
struct charge_segment {
    const struct tariff *tariff; /* owned by the caller during the call */
    struct charge_usage usage;
    int32_t days, total_days; /* of the period; monthly limits are split by them; 0, 0: the whole period */
    bool quantity_by_days;    /* usage.quantity_e4 is the whole period's: its share by days is meant */
    int32_t days_before;      /* then also: days whose share fills the tiers below this segment (yearly tiers) */
};

/* One explained product: quantity x coefficient x price. Of a fixed charge: measure x months x price. */
struct charge_line {
    uint8_t item;        /* index in charge.items */
    uint8_t tier;        /* 1.., 0: no tiers */
    uint8_t period;      /* 1.. of charge.period_name, 0: none */
    uint8_t segment;     /* index of the price segment */
    int64_t quantity_e4; /* rounded to 1e-4 when a share by days has more digits; the amount stays exact */
    int64_t coefficient_e8;
    int64_t price_e8;
};

struct charge_item {
    char name[TARIFF_NAME_SIZE];
    int64_t amount_fen;
    int64_t tax_fen; /* contained in amount_fen, by the item's tax rate */
};

struct charge {
    int64_t billed_e4;                   /* quantity after a minimum */
    int32_t tier_count;                  /* of the last segment */
    int64_t limit_e4[TARIFF_TIER_LIMIT]; /* after seasons, household and months; of the last segment */
    int64_t tier_quantity_e4[TARIFF_TIER_LIMIT];
    int32_t item_count;
    struct charge_item items[CHARGE_ITEM_LIMIT];
    int64_t total_fen; /* always the sum of the items */
    int32_t period_count;
    char period_name[TARIFF_PERIOD_LIMIT][TARIFF_NAME_SIZE]; /* periods of the day that its lines speak of */
    int32_t line_count;
    struct charge_line lines[CHARGE_LINE_LIMIT]; /* line_count of them are written, none is cleared */
};

/* Charge one quantity at one price.
 * out      written on success only
 * returns  0; RATING_ERR_QUANTITY, _SEASON, _PERIOD, _USAGE, _MEASURE, _RANGE */
int charge_compute(const struct tariff *tariff, const struct charge_usage *usage, struct charge *out);

/* Charge a period of several prices (rule 9): items of the same name are added exactly over all segments, then rounded
 * once. Rounding, minimum and fixed charges are those of the last segment's tariff.
 * segments  1 .. CHARGE_SEGMENT_LIMIT, in order of time
 * returns   as charge_compute; RATING_ERR_SEGMENTS */
int charge_compute_segments(const struct charge_segment *segments, int32_t count, struct charge *out);

/* What a growth of the cycle's use costs on top of what was already charged (rule 16): cost(after) - cost(before), item
 * by item, so that a year settled day by day gives the same fen as the year settled once. Amounts may be negative when
 * `after` is below `before`. No fixed charge and no minimum.
 * before_e4, after_e4  used in the cycle, >= 0
 * like                 persons, season, months of the cycle; its quantities are ignored
 * returns              as charge_compute */
int charge_compute_growth(const struct tariff *tariff, const struct charge_usage *like, int64_t before_e4,
                          int64_t after_e4, struct charge *out);

/* The same by items alone: of `out` item_count, items without tax, total_fen, period_count and line_count are written, no
 * lines, tiers or limits. For accounts by the million. */
int charge_compute_growth_items(const struct tariff *tariff, const struct charge_usage *like, int64_t before_e4,
                                int64_t after_e4, struct charge *out);

/* The same between two uses of the cycle, for tariffs with periods of the day: quantity_e4 and the quantities by period are
 * what was used in the cycle, used_e4 is ignored. */
int charge_compute_growth_between(const struct tariff *tariff, const struct charge_usage *before,
                                  const struct charge_usage *after, struct charge *out);

/* A fixed charge for so many months. measure_e4: of the account, ignored when the charge is counted once; a demand is the
 * sum of the months' already.
 * returns  0; RATING_ERR_MEASURE when the account has no such measure; RATING_ERR_RANGE */
int tariff_fixed_fen(const struct tariff_fixed *fixed, int64_t measure_e4, int32_t months, int64_t *amount_fen);

#endif
