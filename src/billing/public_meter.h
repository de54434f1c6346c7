/* Public meters: the lamp in the stairs, the pump in the cellar. Their accounts are charged like any other, and what they
 * were charged is shared at once, by ratio and to the fen, over the accounts behind them (S1-022). */
#ifndef BILLING_PUBLIC_METER_H
#define BILLING_PUBLIC_METER_H

#include "billing/billing.h"

#define BILLING_SHARE_LIMIT 500          /* accounts behind one public meter */
#define BILLING_SHARE_WEIGHT_LIMIT 1000000

/* Let an account share in the cost of a public one, from the next charge on. Both prepay on the platform; a public account
 * is in no group, not cut off, and no part of another public one. An account that is closed shares no longer: the others
 * take its part.
 * weight   1 .. BILLING_SHARE_WEIGHT_LIMIT, of the sum of all; 0: it shares no longer
 * returns  0; BILLING_ERR_ACCOUNT, _SHARE, _SHARE_WEIGHT, _SHARE_FULL; negative of the store */
int billing_share_set(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                      int64_t public_account_id, int64_t weight);

/* What weighs the parts of a public account from the next charge on: their ratio, ratio times use, ratio times running time.
 * Use and time are evidence: the stretches of the members' own meters are kept with each cost that is shared.
 * returns  0; BILLING_ERR_ACCOUNT, _SHARE when nobody shares it */
int billing_share_basis_set(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            int64_t public_account_id, enum billing_share_basis basis);

#endif
