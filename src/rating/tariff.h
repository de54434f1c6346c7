/* A price list as it is published: tiers, items, household size, rounding. Plain data, no pointers.
 *
 * Quantities are 1e-4 unit (m3, kWh), prices 1e-8 yuan a unit, coefficients 1e-8. All arrays are bounded; tariff_json.h
 * fills the struct from the JSON document and refuses what does not fit. */
#ifndef RATING_TARIFF_H
#define RATING_TARIFF_H

#include <stdbool.h>
#include <stdint.h>

#define TARIFF_TIER_LIMIT 8
#define TARIFF_ITEM_LIMIT 8
#define TARIFF_SEASON_LIMIT 4
#define TARIFF_PERIOD_LIMIT 8
#define TARIFF_FIXED_LIMIT 4
#define TARIFF_NAME_SIZE 48

#define TARIFF_QUANTITY_SCALE 4
#define TARIFF_PRICE_SCALE 8
#define TARIFF_QUANTITY_ONE INT64_C(10000)
#define TARIFF_PRICE_ONE INT64_C(100000000)

/* Largest values the engine computes with exactly (128-bit products). */
#define TARIFF_QUANTITY_MAXIMUM (INT64_C(1000000000) * TARIFF_QUANTITY_ONE)
#define TARIFF_PRICE_MAXIMUM (INT64_C(10000) * TARIFF_PRICE_ONE)
#define TARIFF_COEFFICIENT_MAXIMUM (INT64_C(10) * TARIFF_PRICE_ONE)

/* How long the volume used counts towards the tiers. */
enum tariff_cycle {
    TARIFF_CYCLE_MONTH = 0,
    TARIFF_CYCLE_CALENDAR_YEAR,
    TARIFF_CYCLE_ANCHOR_YEAR /* a year from anchor_month, anchor_day; a heating season as well */
};

/* Where half a fen is decided; always half up, away from zero. */
enum tariff_rounding { TARIFF_ROUND_ITEM = 0, TARIFF_ROUND_ROW, TARIFF_ROUND_BILL };

/* What part of the year's limits a part of a year gets. */
enum tariff_prorate { TARIFF_PRORATE_NONE = 0, TARIFF_PRORATE_WHOLE_MONTHS, TARIFF_PRORATE_DAYS };

/* What happens to a period in which the price changes. */
enum tariff_price_change {
    TARIFF_CHANGE_SNAPSHOT = 0,   /* the register was frozen at the change: exact */
    TARIFF_CHANGE_BY_DAY,         /* quantity and monthly limits are split by days */
    TARIFF_CHANGE_BY_READING_DATE /* everything at the price of the reading date */
};

/* How limits grow with the household. */
enum tariff_household {
    TARIFF_HOUSEHOLD_NONE = 0,
    TARIFF_HOUSEHOLD_PER_PERSON, /* each person above `persons` adds add_e4[tier] */
    TARIFF_HOUSEHOLD_FLAT,       /* from `persons` on, add_e4[tier] once */
    TARIFF_HOUSEHOLD_REPLACED    /* from `persons` on, limits are add_e4[tier] */
};

struct tariff_item {
    char name[TARIFF_NAME_SIZE];
    int64_t coefficient_e8;                      /* share of the quantity that is charged */
    int32_t price_count;                         /* 1: flat; tier_count: by tier; 0: by period of the day */
    int64_t price_e8[TARIFF_TIER_LIMIT];
    int64_t period_price_e8[TARIFF_PERIOD_LIMIT]; /* by tariff.period_name, when price_count is 0 */
};

struct tariff_season {
    char name[TARIFF_NAME_SIZE];
    int64_t limit_e4[TARIFF_TIER_LIMIT];
};

struct tariff_fixed {
    char name[TARIFF_NAME_SIZE];
    int64_t amount_fen; /* a month */
};

struct tariff {
    char utility[TARIFF_NAME_SIZE];
    char unit[TARIFF_NAME_SIZE];
    enum tariff_cycle cycle;
    int32_t anchor_month, anchor_day; /* of TARIFF_CYCLE_ANCHOR_YEAR */
    enum tariff_rounding rounding;
    enum tariff_prorate prorate;
    enum tariff_price_change price_change;

    int32_t tier_count;                     /* 1 .. TARIFF_TIER_LIMIT; the last has no limit */
    int64_t limit_e4[TARIFF_TIER_LIMIT];    /* tier_count - 1 of them, rising; a limit belongs to the lower tier */
    bool limits_monthly;                    /* limits are for one month, whatever the cycle */
    int32_t season_count;                   /* > 0: limits come from the season instead */
    struct tariff_season seasons[TARIFF_SEASON_LIMIT];

    enum tariff_household household;
    int32_t persons;                        /* base or threshold, see enum tariff_household */
    int64_t add_e4[TARIFF_TIER_LIMIT];

    int32_t period_count;                   /* periods of the day, across all items */
    char period_name[TARIFF_PERIOD_LIMIT][TARIFF_NAME_SIZE];

    int32_t item_count;
    struct tariff_item items[TARIFF_ITEM_LIMIT];

    bool composite;                         /* the total comes from composite_e8, one item is what is left */
    int64_t composite_e8[TARIFF_TIER_LIMIT];
    int32_t remainder_item;

    int32_t fixed_count;
    struct tariff_fixed fixed[TARIFF_FIXED_LIMIT];
    int64_t minimum_quantity_e4;            /* billed at least, in one bill */
    int64_t minimum_charge_fen;             /* a bill is at least this */
};

/* First day (days since 1970) of the tier cycle that `day` lies in. */
int64_t tariff_cycle_start(const struct tariff *tariff, int64_t day);

#endif
