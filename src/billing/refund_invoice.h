/* What follows for invoices when money goes back, or a bill is taken back. Internal to the room. */
#ifndef BILLING_REFUND_INVOICE_H
#define BILLING_REFUND_INVOICE_H

#include "billing/refund.h"

/* Which payments the rest of a refund of a balance is taken from, newest first: written, for invoices to be asked later.
 * All of these return 0 (or as said); negative of the store or of the room of invoices. */
int billing_refund_payments_write(struct billing *billing, const struct billing_refund *refund);

/* Into refund->invoices: those that stand for more than it leaves. */
int billing_refund_invoices_read(struct billing *billing, struct billing_refund *refund);

/* CASE_ERR_INVOICED when there are any and nobody has said that they shall be taken back. */
int billing_refund_invoices_admit(const struct billing_refund *refund);

/* Those that are issued are red-lettered, those that were never handed over are cancelled. What is being issued follows when
 * it is. */
int billing_refund_invoices_take_back(struct billing *billing, const struct billing_scope *scope,
                                      const struct billing_refund *refund);

/* CASE_ERR_INVOICED when an invoice stands for more of a payment than would be left without leaving_fen. */
int billing_payment_invoice_admit(struct billing *billing, int64_t payment_id, int64_t leaving_fen);

/* A bill that is taken back has no invoice. */
int billing_bill_invoice_take_back(struct billing *billing, int64_t bill_id);

#endif
