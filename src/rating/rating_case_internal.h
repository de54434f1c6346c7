/* Kinds of worked bills, one file for each family; and what they share. */
#ifndef RATING_RATING_CASE_INTERNAL_H
#define RATING_RATING_CASE_INTERNAL_H

#include "rating/charge.h"
#include "rating/rating_case.h"

/* The tariff of a case: `value` is a document, or the name of a published price table, maybe followed by a season.
 * season   of the name, CHARGE_SEASON_NONE without one */
int rating_case_tariff(struct rating_case *rating_case, const json_t *value, struct tariff *tariff, int32_t *season);

/* ytd, persons, months, season and the like from the input; the quantity stays 0. */
int rating_case_usage(struct rating_case *rating_case, const struct tariff *tariff, struct charge_usage *usage);

/* items_fen and total_fen. */
void rating_case_member_amounts(struct rating_case *rating_case, const struct charge *charge);

/* Document of a published price table ("W-SZ"); NULL when there is none. Static lifetime. */
const char *price_table_find(const char *name);

int rating_case_tiered(struct rating_case *rating_case);
int rating_case_price_change(struct rating_case *rating_case);
int rating_case_meter_replace(struct rating_case *rating_case);
int rating_case_rollover(struct rating_case *rating_case);
int rating_case_multiplier(struct rating_case *rating_case);
int rating_case_heat_area(struct rating_case *rating_case);
int rating_case_heat_metered(struct rating_case *rating_case);
int rating_case_heat_metered_gj(struct rating_case *rating_case);
int rating_case_minimum_volume(struct rating_case *rating_case);
int rating_case_late_fee(struct rating_case *rating_case);
int rating_case_apportion(struct rating_case *rating_case);
int rating_case_unit_purchase(struct rating_case *rating_case);
int rating_case_close_account(struct rating_case *rating_case);
int rating_case_hot_water(struct rating_case *rating_case);
int rating_case_two_part(struct rating_case *rating_case);

#endif
