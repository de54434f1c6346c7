/* Selling whole units to a meter that holds units instead of money: rule 17. */
#ifndef RATING_UNIT_PURCHASE_H
#define RATING_UNIT_PURCHASE_H

#include "rating/charge.h"

/* How many whole units `money_fen` buys on top of like->used_e4, walking the tiers.
 * like      persons, season, months, used_e4; its quantity is ignored
 * units     the most whose exact cost, and cost rounded as a bill, is within the money; the rest stays in the wallet
 * cost_fen  of those units, rounded as a bill
 * returns   0; RATING_ERR_RANGE for money below 0 or a price of 0; as charge_compute */
int unit_purchase_compute(const struct tariff *tariff, const struct charge_usage *like, int64_t money_fen,
                          int64_t *units, int64_t *cost_fen);

/* What so many units cost on top of like->used_e4, explained: its total is the cost_fen of unit_purchase_compute. Fixed
 * charges and minima are no part of it.
 * out      written on success only
 * returns  as charge_compute */
int unit_purchase_charge(const struct tariff *tariff, const struct charge_usage *like, int64_t units, struct charge *out);

#endif
