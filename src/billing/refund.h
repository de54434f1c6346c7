/* Money back to a customer: of one payment, or of what a wallet holds (S1-015).
 *
 *   waiting -> released    another person approved it, or it was small enough; each part then goes its own way
 *   waiting -> refused     or lapsed: what was reserved is free again
 *
 * It goes back by the channel it came through, newest payment first; what no channel takes back goes the way that `rest`
 * names: out of the cashier's drawer, or by bank. Money that waits is reserved on its wallet. */
#ifndef BILLING_REFUND_H
#define BILLING_REFUND_H

#include "billing/approval.h"
#include "billing/standing_store.h"

#define REFUND_PART_LIMIT 16
#define REFUND_INVOICE_LIMIT 16 /* that are told; all are taken back */
#define REFUND_CHANNEL_DAYS 365 /* channels take back what is not older */

struct billing_refund_request {
    int64_t account_id;       /* 0: of the payment or order */
    int64_t payment_id;       /* of this payment only; 0: of the balance, or of payment_order_id */
    int64_t payment_order_id; /* of this order only, whose money may also lie in suspense; 0 */
    int64_t amount_fen;       /* 1 to 100,000,000 */
    int64_t closing_id;       /* the closing that pays it out; 0 none */
    int64_t wall_s;           /* real time */
    uint64_t chance;          /* random: part of the refund numbers of channels */
    bool red_letter;          /* invoices that stand for the money are taken back; else such a refund is refused */
    uint8_t rest;             /* enum refund_route: NONE refuses what no channel takes back */
    char key[BILLING_KEY_SIZE]; /* chosen by the caller: the same key twice is one refund */
    char payee[BILLING_NAME_SIZE]; /* of bank: needed */
    char bank[CASE_BANK_SIZE];
    char bank_account[CASE_BANK_SIZE];
    char reason[CASE_REASON_SIZE];
};

/* A refund and where its money goes. */
struct billing_refund {
    struct refund row;
    struct refund_part parts[REFUND_PART_LIMIT];
    int32_t count;
    struct billing_invoice invoices[REFUND_INVOICE_LIMIT]; /* that stand for more than it leaves */
    int32_t invoice_count;
    int64_t available_fen;    /* of the wallet (or suspense) before it */
    int64_t approval_id;      /* 0: none was needed */
    bool needs_approval;
    bool repeated;
};

/* What billing_refund_ask would do, and which invoices stand for the money; nothing changes.
 * returns  as billing_refund_ask, but never CASE_ERR_INVOICED */
int billing_refund_preview(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct billing_refund_request *request, struct billing_refund *out);

/* Above the tenant's refund_release_above_fen it waits for a second person, else it leaves at once.
 * returns  0; BILLING_ERR_KEY, _KEY_REUSED, _AMOUNT, _REASON, _ACCOUNT, _PAYMENT, _ORDER, _ORDER_UNPAID,
 *          _REFUND_AMOUNT more than was paid, _FUNDS more than there is; CASE_ERR_REFUND_ROUTE no way for the rest, _PAYEE, _MEMBER,
 *          _INVOICED an invoice stands for the money;
 *          LEDGER_ERR_* */
int billing_refund_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct billing_refund_request *request, struct billing_refund *out);

/* A bank has paid a part out, or returned it.
 * reference  the bank's own number
 * returns    0; BILLING_ERR_REFUND_UNKNOWN, _REFUND_STATE; LEDGER_ERR_* */
int billing_refund_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t refund_id,
                          bool paid, const char *reference);

#endif
