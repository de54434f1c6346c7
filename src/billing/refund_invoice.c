/* Invoices and money that goes back: a payment of which less is left than its invoice says keeps no such invoice. */
#include "billing/case_internal.h"
#include "billing/refund_invoice.h"

#include "billing/billing_internal.h"

#define PAYMENTS_AT_MOST 200 /* that the rest of a refund is taken from; what lies before them was used long ago */

static const struct refund_part *rest_part(const struct billing_refund *refund)
{
    const struct refund_part *last = refund->count > 0 ? &refund->parts[refund->count - 1] : NULL;

    return last != NULL && last->route != REFUND_BY_CHANNEL ? last : NULL;
}

int billing_refund_payments_write(struct billing *billing, const struct billing_refund *refund)
{
    const struct billing_standing_store *standing = billing->config.standing;
    const struct refund_part *part = rest_part(refund);
    struct billing_account account;
    int64_t payment_id = INT64_MAX;
    int64_t open_fen, left_fen;
    int result;

    if (standing == NULL || part == NULL || refund->row.payment_id != 0 || refund->row.payment_order_id != 0)
        return 0;
    result = billing->store->account_read(billing->store->context, refund->row.account_id, &account);
    open_fen = part->amount_fen;
    for (int count = 0; result == 1 && open_fen > 0 && count < PAYMENTS_AT_MOST; count++) {
        result = standing->payment_left_next(standing->context, account.wallet_id, payment_id, &payment_id, &left_fen);
        if (result != 1)
            break;
        left_fen = left_fen < open_fen ? left_fen : open_fen;
        open_fen -= left_fen;
        result = standing->refund_of_insert(standing->context, refund->row.refund_id, part->part, payment_id, left_fen);
        result = result == 0 ? 1 : result;
    }
    return result < 0 ? result : 0;
}

int billing_refund_invoices_read(struct billing *billing, struct billing_refund *refund)
{
    const struct billing_standing_store *standing = billing->config.standing;
    int64_t after_id = 0;
    int found = standing == NULL ? 0 : 1;

    for (refund->invoice_count = 0; found == 1 && refund->invoice_count < REFUND_INVOICE_LIMIT;) {
        struct billing_invoice *invoice = &refund->invoices[refund->invoice_count];

        found = standing->of_refund(standing->context, refund->row.refund_id, after_id, invoice);
        after_id = invoice->invoice_id;
        refund->invoice_count += found == 1;
    }
    return found < 0 ? found : 0;
}

int billing_refund_invoices_admit(const struct billing_refund *refund)
{
    return refund->invoice_count > 0 && !refund->row.red_letter ? CASE_ERR_INVOICED : 0;
}

static int take_back(struct billing *billing, const struct billing_invoice *invoice, const char *reason, uint32_t person_id)
{
    const struct billing_actions *actions = billing->config.actions;

    return actions->invoice_take_back == NULL ? 0
           : actions->invoice_take_back(actions->context, invoice->invoice_id, reason, person_id);
}

int billing_refund_invoices_take_back(struct billing *billing, const struct billing_scope *scope,
                                      const struct billing_refund *refund)
{
    const struct billing_standing_store *standing = billing->config.standing;
    struct billing_invoice invoice = { .invoice_id = 0 };
    int result = standing == NULL ? 0 : 1;

    while (result == 1) {
        result = standing->of_refund(standing->context, refund->row.refund_id, invoice.invoice_id, &invoice);
        if (result == 1) {
            result = take_back(billing, &invoice, refund->row.reason, scope->person_id);
            result = result == 0 ? 1 : result;
        }
    }
    return result;
}

int billing_payment_invoice_admit(struct billing *billing, int64_t payment_id, int64_t leaving_fen)
{
    const struct billing_standing_store *standing = billing->config.standing;
    struct billing_invoice invoice;
    int found = standing == NULL ? 0 : standing->of_payment(standing->context, payment_id, &invoice);

    if (found <= 0)
        return found;
    return invoice.amount_fen > invoice.left_fen - leaving_fen ? CASE_ERR_INVOICED : 0;
}

int billing_bill_invoice_take_back(struct billing *billing, int64_t bill_id)
{
    const struct billing_standing_store *standing = billing->config.standing;
    struct billing_invoice invoice;
    int found = standing == NULL ? 0 : standing->of_bill(standing->context, bill_id, &invoice);

    return found == 1 ? take_back(billing, &invoice, "账单冲正", 0) : found;
}
