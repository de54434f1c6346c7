/* The cash desk: shifts, the count at their end, payments undone, cash brought to the bank.
 *
 * Where cash is, is in the ledger: "cash: counter" holds what is in open drawers, "cash: safe" what was handed over, and
 * "channel: bank ..." what was brought to the bank. The float of a drawer is the house's own money and in none of them.
 * A count that differs moves the difference to "adjustment: cash over and short"; nothing of a shift is ever deleted. */
#ifndef BILLING_CASH_SHIFT_H
#define BILLING_CASH_SHIFT_H

#include "billing/billing.h"
#include "billing/cash_error.h"
#include "billing/cash_store.h"
#include "billing/payment_order_store.h"

#define CASH_FLOAT_LIMIT_FEN 10000000   /* 100,000 yuan */
#define CASH_COUNT_LIMIT_FEN 10000000000

/* Begin a shift of scope->person_id.
 * float_fen  counted into the drawer, 0 to CASH_FLOAT_LIMIT_FEN
 * notes      of which notes and coins, JSON as the caller checked it; "" not told
 * returns    0 and *out; CASH_ERR_SHIFT_OPEN, _FLOAT */
int cash_shift_open(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t float_fen,
                    const char *notes, struct cash_shift *out);

/* The drawer was counted: close the shift, or, with a difference above the tenant's limit, leave it to a second person.
 * Counting again before that person has looked replaces the count.
 * counted_fen  0 to CASH_COUNT_LIMIT_FEN, the float with it
 * reason       needed for a difference, at most 120 bytes
 * returns      0 and *out; CASH_ERR_SHIFT outside the scope, _SHIFT_CLOSED, _COUNT, _REASON; LEDGER_ERR_* */
int cash_shift_count(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t shift_id,
                     int64_t counted_fen, const char *notes, const char *reason, struct cash_shift *out);

/* A second person has seen the difference: it is booked, and the shift closed.
 * returns  0; CASH_ERR_SHIFT, _SHIFT_STATE unless it waits for that, _SAME_PERSON for its cashier and who counted */
int cash_shift_confirm(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t shift_id);

/* The shift a payment of this person belongs to now: 0 and *shift_id, 0 when none is open; negative of the store. */
int cash_shift_of(struct billing *billing, uint32_t tenant_id, uint32_t person_id, int64_t *shift_id);

/* Ask for a payment of an open shift to be undone, on its own local day.
 * reason   1 to 120 bytes
 * returns  0 and *out; CASH_ERR_PAYMENT, _UNDO_SHIFT when its shift is not open, _UNDO_DAY, _UNDONE, _UNDO_ASKED,
 *          _UNDO_METER when the money has gone on to the meter, _REASON */
int cash_undo_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t payment_id,
                  const char *reason, struct cash_undo *out);

/* As another person than the one who asked and the one who took it: mirror the payment by a correcting transfer, and what
 * it paid is open again; or refuse.
 * The request also stands among the approvals (approval.h), where deciding is the same; undecided it lapses with its day.
 * returns  0 and *out; CASH_ERR_UNDO, _UNDO_DECIDED, _SAME_PERSON, BILLING_ERR_SAME_PERSON, and as cash_undo_ask */
int cash_undo_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t undo_id,
                     bool release, struct cash_undo *out);

/* Cash is brought to the bank.
 * row      source "safe" or "counter", bank, slip, amount_fen, key; the rest is filled in
 * returns  0; 1 the key came before, *row is the first answer; BILLING_ERR_KEY, _KEY_REUSED; CASH_ERR_DEPOSIT_AMOUNT: at
 *          most what the ledger has there, CASH_ERR_SOURCE, CASH_ERR_BANK; BILLING_ERR_WHOLE */
int cash_deposit_book(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      struct cash_deposit *row);

/* The daily close of cash: compare the ledger, the payments and the drawers of a local day, again if it was before. What it
 * finds stands among the differences of payment_reconciliation.h, under channel "cash": their side is the drawers'.
 * returns  0 and *out; BILLING_ERR_WHOLE, BILLING_ERR_TO_DAY for a day that has not begun */
int cash_reconciliation_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t day,
                            struct payment_bill_run *out);

#endif
