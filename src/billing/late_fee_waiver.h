/* A late fee waived: asked by one person with a reason, approved by another. */
#ifndef BILLING_LATE_FEE_WAIVER_H
#define BILLING_LATE_FEE_WAIVER_H

#include "billing/billing.h"

/* Ask for so much of the fee of a bill, as it is today, to be waived. Days to come are not part of it.
 * returns  0 and *approval_id; CASE_ERR_BILL: there is none in the scope; CASE_ERR_WAIVER_AMOUNT: more than the fee;
 *          CASE_ERR_WAIVER_ASKED: another waits; BILLING_ERR_REASON; negative of rating or store */
int billing_late_fee_waive(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t bill_id,
                           int64_t amount_fen, const char *reason, int64_t *approval_id);

#endif
