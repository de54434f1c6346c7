/* The late fee of a bill (rule 12): what it comes to on any day follows from the terms of the price it was billed at, the parts
 * in which its principal was paid, and what is still unpaid. Nothing is written until money settles the principal; then what
 * the fee comes to is booked, in the same transaction, to the item of revenue CHARGE_LATE_FEE_ITEM.
 *
 * For the files of this room, and for whoever has to tell what is owed. */
#ifndef BILLING_BILL_LATE_FEE_H
#define BILLING_BILL_LATE_FEE_H

#include "billing/billing.h"
#include "billing/late_store.h"

/* What the fee of a bill comes to on a day and is not booked yet, less what was waived. 0 where the price has no terms.
 * returns  0; negative of rating or store */
int billing_late_fee_owed(struct billing *billing, const struct billing_bill *bill, int64_t day, int64_t *owed_fen);

/* The same of all open bills of an account. */
int billing_late_fees_owed(struct billing *billing, int64_t account_id, int64_t day, int64_t *owed_fen);

/* A part of the principal of an open bill was paid on a day: noted when that is late. */
int billing_late_part_note(struct billing *billing, const struct billing_bill *bill, int64_t paid_day, int64_t amount_fen);

/* A part of the principal is unpaid again: parts of `day` go first, then the newest. */
int billing_late_part_forget(struct billing *billing, const struct billing_bill *bill, int64_t day, int64_t amount_fen);

/* Book what the fee comes to on `day`. bill->late_fee_fen grows by it; the caller stores the bill.
 * returns  0; negative of ledger or store */
int billing_late_fee_book(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                          int64_t day, int64_t now_s);

/* The account ends: the fees of all its open bills come to what they are on `day`, and grow no more.
 * booked_fen  what was booked now */
int billing_late_fees_end(struct billing *billing, const struct billing_account *account, int64_t day, int64_t now_s,
                          int64_t *booked_fen);

/* Give back what was booked, as much as amount_fen: the bill is unpaid again, was reversed, or the fee was waived.
 * bill->late_fee_fen falls by it; the caller stores the bill. */
int billing_late_fee_return(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                            int64_t amount_fen, int64_t now_s);

#endif
