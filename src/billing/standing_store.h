/* Invoices that stand for payments and bills: money that goes back must not stay invoiced. invoice_standing_sql.h implements
 * it; rules as billing_store.h.
 *
 * An invoice stands while it is asked for, being issued or issued. What is left of a payment is what was paid, less what went
 * back or elsewhere of it, or is asked to. */
#ifndef BILLING_STANDING_STORE_H
#define BILLING_STANDING_STORE_H

#include <stdint.h>

struct billing_invoice {
    int64_t invoice_id;
    int64_t amount_fen;
    int64_t left_fen;         /* of the payment it stands for; of a bill, 0 */
    char state[16];           /* asked, sent, issued */
    char number[24];          /* "" before it is issued */
};

struct billing_standing_store {
    void *context;
    /* The newest payment below `before` into a wallet of which something is left: 1; 0 none. */
    int (*payment_left_next)(void *context, int64_t wallet_id, int64_t before, int64_t *payment_id, int64_t *left_fen);
    /* A part of a refund of a balance takes so much from this payment. */
    int (*refund_of_insert)(void *context, int64_t refund_id, int32_t part, int64_t payment_id, int64_t amount_fen);
    /* Of the payments that a refund takes from: the invoice after after_id that stands for more than is left: 1; 0 none. */
    int (*of_refund)(void *context, int64_t refund_id, int64_t after_id, struct billing_invoice *out);
    /* The one that stands for a payment, for a bill: 1; 0 none. */
    int (*of_payment)(void *context, int64_t payment_id, struct billing_invoice *out);
    int (*of_bill)(void *context, int64_t bill_id, struct billing_invoice *out);
};

#endif
