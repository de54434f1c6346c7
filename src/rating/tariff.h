/* A price list as it is published: tiers, items, household size, rounding. Plain data, no pointers.
 *
 * Quantities are 1e-4 unit (m3, kWh), prices 1e-8 yuan a unit, coefficients 1e-8. All arrays are bounded; tariff_json.h
 * fills the struct from the JSON document and refuses what does not fit. */
#ifndef RATING_TARIFF_H
#define RATING_TARIFF_H

#include "rating/late_fee.h"
#include "rating/power_factor.h"

#include <stdbool.h>
#include <stdint.h>

#define TARIFF_TIER_LIMIT 8
#define TARIFF_ITEM_LIMIT 8
#define TARIFF_SEASON_LIMIT 4
#define TARIFF_PERIOD_LIMIT 8
#define TARIFF_FIXED_LIMIT 4
#define TARIFF_SCHEDULE_LIMIT 48
#define TARIFF_NAME_SIZE 48
#define TARIFF_REGISTER_MAXIMUM 63 /* tariff registers 1 to 63 (DL/T 645-2007 table A.1) */

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

/* How limits grow with the household, after they were replaced (replaced_persons). */
enum tariff_household {
    TARIFF_HOUSEHOLD_NONE = 0,
    TARIFF_HOUSEHOLD_PER_PERSON, /* each person above `persons` adds add_e4[tier] */
    TARIFF_HOUSEHOLD_FLAT        /* from `persons` on, add_e4[tier] once */
};

/* Which season a period belongs to when it touches two. */
enum tariff_season_rule {
    TARIFF_SEASON_READING_DATE = 0, /* the one of its last day */
    TARIFF_SEASON_BY_DAY            /* both, quantity and limits split by days */
};

/* What a charge that does not come from the quantity is counted by. */
enum tariff_measure {
    TARIFF_MEASURE_ONE = 0,  /* once */
    TARIFF_MEASURE_AREA,     /* m2 that are heated or served */
    TARIFF_MEASURE_CAPACITY, /* kVA of the transformer */
    TARIFF_MEASURE_DEMAND,   /* kW, the largest mean over 15 minutes, or the contracted ones when they are more; of a
                              * bill of several months the sum of theirs */
    TARIFF_MEASURE_COUNT
};

struct tariff_item {
    char name[TARIFF_NAME_SIZE];
    int64_t coefficient_e8;       /* share of the quantity that is charged */
    bool flat, tiered, by_period; /* which prices it has; several are added before the one rounding */
    int64_t flat_price_e8;
    int64_t price_e8[TARIFF_TIER_LIMIT];          /* by tier */
    int64_t period_price_e8[TARIFF_PERIOD_LIMIT]; /* by tariff.period_name; 0 for periods it does not name */
    int64_t tax_rate_e8;                          /* contained in the amount; 0: none shown */
};

struct tariff_season {
    char name[TARIFF_NAME_SIZE];
    uint16_t months; /* bit 1 January ... bit 12 December; 0 for all seasons: nobody said */
    int64_t limit_e4[TARIFF_TIER_LIMIT];
};

struct tariff_fixed {
    char name[TARIFF_NAME_SIZE];
    int64_t price_e8; /* yuan, for one of the measure */
    enum tariff_measure measure;
    bool once; /* once a bill, not once a month */
};

/* When a period of the day holds, by the local time of each minute. */
struct tariff_schedule_row {
    uint16_t months;           /* bit 1 January ... bit 12 December */
    uint8_t weekdays;          /* bit 1 Monday ... bit 7 Sunday */
    bool on_holidays, on_other_days;
    int16_t from_min, to_min;  /* after midnight, [from, to); to before from goes on after midnight */
    uint8_t period;            /* index in period_name */
};

struct tariff {
    char utility[TARIFF_NAME_SIZE];
    char unit[TARIFF_NAME_SIZE];
    enum tariff_cycle cycle;
    int32_t anchor_month, anchor_day; /* of TARIFF_CYCLE_ANCHOR_YEAR */
    enum tariff_rounding rounding;
    enum tariff_prorate prorate;
    enum tariff_price_change price_change;

    int32_t tier_count;                  /* 1 .. TARIFF_TIER_LIMIT; the last has no limit */
    bool limits_given;                   /* limit_e4 stands, with or without seasons */
    int64_t limit_e4[TARIFF_TIER_LIMIT]; /* tier_count - 1 of them, rising; a limit belongs to the lower tier */
    bool limits_monthly;                 /* limits are for one month, whatever the cycle */
    int32_t season_count;                /* > 0: a season's limits stand instead of limit_e4 */
    struct tariff_season seasons[TARIFF_SEASON_LIMIT];
    enum tariff_season_rule season_rule;

    int32_t replaced_persons; /* > 0: from so many on, replaced_e4 stands instead of the limits */
    bool replaced_monthly;    /* replaced_e4 is for one month though the limits are not */
    int64_t replaced_e4[TARIFF_TIER_LIMIT];
    enum tariff_household household;
    int32_t persons; /* base or threshold, see enum tariff_household */
    int64_t add_e4[TARIFF_TIER_LIMIT];

    int32_t period_count; /* periods of the day, across all items */
    char period_name[TARIFF_PERIOD_LIMIT][TARIFF_NAME_SIZE];
    uint8_t period_register[TARIFF_PERIOD_LIMIT]; /* the meter's register of the period, from 1; 0: nobody said */

    int32_t schedule_count;                 /* 0: registers by period come from the meter */
    struct tariff_schedule_row schedule[TARIFF_SCHEDULE_LIMIT]; /* the first row that fits holds */

    int32_t item_count;
    struct tariff_item items[TARIFF_ITEM_LIMIT];

    bool composite; /* the total comes from composite_e8, one item is what is left */
    int64_t composite_e8[TARIFF_TIER_LIMIT];
    int32_t remainder_item;

    int32_t fixed_count;
    struct tariff_fixed fixed[TARIFF_FIXED_LIMIT];
    int64_t minimum_quantity_e4; /* billed at least, in one bill */
    int64_t minimum_charge_fen;  /* a bill is at least this */
    bool power_factor_adjusted;
    bool power_factor_on_standing; /* charges by capacity and demand count for it, not the energy alone */
    struct power_factor_terms power_factor;
    int64_t allowance_e4;        /* of a month, free of charge; they still fill the tiers */
    char allowance_name[TARIFF_NAME_SIZE];
    struct late_fee_rule late_fee; /* without a rate: none */
};

/* Do the tiers begin anew with each month, so that limits are multiplied by months and split by days? */
bool tariff_tiers_monthly(const struct tariff *tariff);

/* Index of the period of the day at a minute of a local day (days since 1970, minutes after midnight): rule 8.
 * returns  -1 when the tariff has no schedule or no row of it fits */
int32_t tariff_period_at(const struct tariff *tariff, int64_t day, bool holiday, int32_t minute);

/* Index of the season that `day` (since 1970) lies in; -1 when the tariff has no seasons or does not say when they are. */
int32_t tariff_season_on(const struct tariff *tariff, int64_t day);

/* First day (days since 1970) of the tier cycle that `day` lies in. */
int64_t tariff_cycle_start(const struct tariff *tariff, int64_t day);

#endif
