/* Kinds of worked bills, one file for each family; and what they share. */
#ifndef RATING_RATING_CASE_INTERNAL_H
#define RATING_RATING_CASE_INTERNAL_H

#include "rating/charge.h"
#include "rating/rating_case.h"

#define RATING_CASE_LIST_LIMIT 1000

/* The tariff of a case: `value` is a document, or the name of a published price table, maybe followed by a season.
 * season   of the name, CHARGE_SEASON_NONE without one */
int rating_case_tariff(struct rating_case *rating_case, const json_t *value, struct tariff *tariff, int32_t *season);

/* Does the object itself hold the prices of one item, instead of "items"? */
bool rating_case_is_single(const json_t *object);

/* The tariff of such an object. `document` is changed and its reference given up. */
int rating_case_single(struct rating_case *rating_case, json_t *document, struct tariff *tariff, int32_t *season);

/* The tariff that a case names in "tariff" (of the input or beside it), or holds in the input itself: "items", or the
 * limits and prices of its only item; and the use as rating_case_usage. */
int rating_case_terms(struct rating_case *rating_case, struct tariff *tariff, struct charge_usage *usage);

/* ytd, persons, months, season and the like from the input; the quantity stays 0. */
int rating_case_usage(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage);

/* Quantities by period of the day, checked against the tariff's periods; quantity_e4 is their sum. */
int rating_case_periods(struct rating_case *rating_case, const struct tariff *tariff, const json_t *periods,
                        struct charge_usage *usage);

/* Charge a use between the readings "prev_read" and "cur_read", if the case has them and names no season.
 * returns  as charge_compute; RATING_ERR_DATES, _SEGMENTS */
int rating_case_charge(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage,
                       struct charge *charge);

/* A member of the input that is at least 0 and within what the engine computes with; it must be there. */
int rating_case_required(struct rating_case *rating_case, const char *name, int scale, int64_t *out);
/* The same, `otherwise` when it is missing. */
int rating_case_optional(struct rating_case *rating_case, const char *name, int scale, int64_t otherwise, int64_t *out);

/* amount = quantity x price of two members of the input, rounded to the fen. */
int rating_case_product(struct rating_case *rating_case, const char *quantity, const char *price, int64_t *amount_fen);

/* items_fen and total_fen; tax_fen when the tariff names tax rates. */
void rating_case_member_amounts(struct rating_case *rating_case, const struct tariff *tariff,
                                const struct charge *charge);
/* A list of the input, at most RATING_CASE_LIST_LIMIT entries; its entries as decimals of a scale.
 * lowest   none may be below */
int rating_case_list(struct rating_case *rating_case, const char *name, int scale, int64_t lowest, int64_t *out,
                     int32_t *count);

/* Document of a published price table ("W-SZ"); NULL when there is none. Static lifetime. */
const char *price_table_find(const char *name);

int rating_case_tiered(struct rating_case *rating_case);
int rating_case_intervals(struct rating_case *rating_case);
int rating_case_price_change(struct rating_case *rating_case);
int rating_case_meter_replace(struct rating_case *rating_case);
int rating_case_rollover(struct rating_case *rating_case);
int rating_case_multiplier(struct rating_case *rating_case);
int rating_case_public_meter(struct rating_case *rating_case);
int rating_case_prepaid_days(struct rating_case *rating_case);
int rating_case_rerate(struct rating_case *rating_case);
int rating_case_heat_area(struct rating_case *rating_case);
int rating_case_heat_metered(struct rating_case *rating_case);
int rating_case_minimum_volume(struct rating_case *rating_case);
int rating_case_minimum_charge(struct rating_case *rating_case);
int rating_case_late_fee(struct rating_case *rating_case);
int rating_case_apportion(struct rating_case *rating_case);
int rating_case_tax_split(struct rating_case *rating_case);
int rating_case_unit_purchase(struct rating_case *rating_case);
int rating_case_close_account(struct rating_case *rating_case);
int rating_case_hot_water(struct rating_case *rating_case);
int rating_case_two_part(struct rating_case *rating_case);
int rating_case_power_factor(struct rating_case *rating_case);

#endif
