/* Shared by the files about cases only. */
#ifndef BILLING_CASE_INTERNAL_H
#define BILLING_CASE_INTERNAL_H

#include "billing/approval.h"
#include "billing/bank_store.h"
#include "billing/closing.h"
#include "billing/payment_move.h"

/* approval.c: what was written waits for a decision. row: kind, object_id, account_id, amount_fen, reason, needs_other and, if
 * it is not the tenant's usual one, expires_s; of no account, area_path; the rest is filled in.
 * returns 0; negative of the store */
int billing_approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, struct approval *row);
/* approval.c: what waits about an object, if anything does, waits no longer; nothing follows from it. 0; negative of the store. */
int billing_approval_withdraw(struct billing *billing, int64_t now_s, int kind, int64_t object_id);
/* approval.c: what nobody has decided in time, at most `limit`. 0; negative of the store. */
int billing_approvals_lapse(struct billing *billing, int64_t now_s, int32_t limit);

/* refund_case.c: the parts of refund->row. 0; negative of the store. */
int billing_refund_parts_read(struct billing *billing, struct billing_refund *refund);
/* refund_case.c: write a planned refund, and tell the invoices that stand for its money. 0; negative of the store. */
int billing_refund_write(struct billing *billing, struct billing_refund *refund);
/* refund_case.c: write a planned refund; its money is reserved on `source_id` until a second person decides. */
int billing_refund_wait(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t source_id,
                        struct billing_refund *refund);
/* refund_case.c: write it, and its money leaves now. Of the request wall_s and chance count. */
int billing_refund_send(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_refund_request *request, struct billing_refund *refund);

/* refund.c: what a closing pays out, planned like any refund of a balance; it needs no approval of its own.
 * sent  false: written, but the money stays: the caller takes it back */
int billing_refund_payout(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct billing_refund_request *request, bool sent, struct billing_refund *out);

/* closing_settlement.c: the last reading by row->reading, into the row. 0; as billing_closing_ask */
int billing_closing_read(struct billing *billing, const struct billing_account *account, int64_t now_s,
                         struct closing *row);
/* closing_settlement.c: end the contract, part by part, and say what each part came to; the caller may take it all back.
 * sent  pay out what is left, and name the refund in the row */
int billing_closing_compute(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_refund_request *ways, bool sent, struct closing *row,
                            struct approval_figures *figures);

/* What a kind does, for the table in approval.c; some have nothing to do when they are refused. */
#define APPROVAL_KIND_FUNCTIONS(name) \
    int billing_##name##_figures(struct billing *billing, const struct approval *row, int64_t now_s, \
                                 struct approval_figures *out); \
    int billing_##name##_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s, \
                                 const struct billing_decision *decision, const struct approval *row)
#define APPROVAL_REFUSE_FUNCTION(name) \
    int billing_##name##_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s, \
                                const struct approval *row)

APPROVAL_KIND_FUNCTIONS(refund);
APPROVAL_REFUSE_FUNCTION(refund);
APPROVAL_KIND_FUNCTIONS(batch);
APPROVAL_KIND_FUNCTIONS(run);
APPROVAL_REFUSE_FUNCTION(run);
APPROVAL_KIND_FUNCTIONS(closing);
APPROVAL_REFUSE_FUNCTION(closing);
APPROVAL_KIND_FUNCTIONS(move);
APPROVAL_REFUSE_FUNCTION(move);
APPROVAL_KIND_FUNCTIONS(undo);
APPROVAL_REFUSE_FUNCTION(undo);
APPROVAL_KIND_FUNCTIONS(tariff);
APPROVAL_REFUSE_FUNCTION(tariff);
APPROVAL_KIND_FUNCTIONS(difference);
APPROVAL_KIND_FUNCTIONS(bank_return);
APPROVAL_KIND_FUNCTIONS(late_fee);
APPROVAL_KIND_FUNCTIONS(meter_carry);
APPROVAL_REFUSE_FUNCTION(meter_carry);

/* cash_difference.c: a counted shift waits for a second person. 0; negative of the store. */
int billing_difference_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct cash_shift *shift);
/* cash_shift.c: its difference is booked, its takings go to the safe, the shift is closed. 0; LEDGER_ERR_* */
int billing_shift_close(struct billing *billing, struct cash_shift *shift, int64_t now_s);
/* bank_import.c: the ledger accounts behind a line: the bank's, and the one of what is nobody's yet. */
int billing_bank_account_open(struct billing *billing, const struct bank_line *line, int64_t *ledger_account_id);
int billing_bank_suspense_open(struct billing *billing, const struct bank_line *line, int64_t *ledger_account_id);

#endif
