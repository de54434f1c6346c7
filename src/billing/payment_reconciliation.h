/* Each day's comparison of payments through a channel with the channel's own bill.
 *
 * A difference is one of four kinds: we lack what they took, they lack what we booked, the amount differs, or the state
 * does. Asking for a day again compares anew; what a person resolved stays. */
#ifndef BILLING_PAYMENT_RECONCILIATION_H
#define BILLING_PAYMENT_RECONCILIATION_H

#include "billing/payment_order.h"

#define PAYMENT_BILL_ROW_LIMIT 1000000 /* rows of one bill */
#define PAYMENT_BILL_ATTEMPTS 48       /* a bill that cannot be had so often is given up */

/* One row of a bill, as the channel says. */
struct payment_bill_entry {
    bool is_refund;
    int64_t amount_fen;
    char number[PAYMENT_ORDER_NUMBER_SIZE]; /* trade number; of a refund its number */
    char reference[PAYMENT_ORDER_REFERENCE_SIZE];
};

/* Ask for the comparison of a day of a channel.
 * returns  0 and *out; BILLING_ERR_CHANNEL, BILLING_ERR_TO_DAY for a day that has not ended by the channels' clock */
int payment_reconciliation_ask(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                               const char *channel, int64_t day, struct payment_bill_run *out);

/* Ask for it on behalf of every tenant that has orders of the channel and has not asked. returns 0; negative */
int payment_reconciliation_due(struct billing *billing, int64_t wall_s, const char *channel, int64_t day);

/* The bill is here.
 * entries  `count`, sorted here by number; NULL with `problem`: it could not be had, another attempt follows
 * returns  0; negative of the store */
int payment_reconciliation_take(struct billing *billing, int64_t wall_s, int64_t run_id,
                                struct payment_bill_entry *entries, size_t count, const char *problem);

/* Resolve a difference.
 * action   "book": money that the channel took and we have not booked becomes the customer's, if order and amount are
 *          known; a refund of ours that it has paid out is done, whatever it said before; "accept": a person says why it is right as it is
 * returns  0; BILLING_ERR_DIFFERENCE, _DIFFERENCE_RESOLVED, _DIFFERENCE_BOOK; as payment_order_outcome_take */
int payment_difference_resolve(struct billing *billing, const struct billing_scope *scope, int64_t wall_s, int64_t now_s,
                               int64_t difference_id, const char *action, const char *reason);

#endif
