/* What a refund would be: whose money, how much of it can go back, and by which ways. */
#include "billing/refund.h"

#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/refund_invoice.h"

#include <stdio.h>
#include <string.h>

#define AMOUNT_MAXIMUM_FEN 100000000
#define REASON_LIMIT 120
#define CHANNEL_TIME_S (REFUND_CHANNEL_DAYS * INT64_C(86400))

static int request_check(const struct billing_refund_request *request)
{
    size_t reason_size = strlen(request->reason);

    if (!billing_key_permitted(request->key))
        return BILLING_ERR_KEY;
    if (request->amount_fen < 1 || request->amount_fen > AMOUNT_MAXIMUM_FEN)
        return BILLING_ERR_AMOUNT;
    if (reason_size == 0 || reason_size > REASON_LIMIT)
        return BILLING_ERR_REASON;
    if (request->rest == REFUND_BY_CHANNEL || request->rest >= REFUND_ROUTE_COUNT)
        return CASE_ERR_REFUND_ROUTE;
    if (request->rest == REFUND_BY_BANK && (request->payee[0] == '\0' || request->bank_account[0] == '\0'))
        return CASE_ERR_PAYEE;
    return 0;
}

static void part_add(struct billing_refund *refund, enum refund_route route, int64_t amount_fen, int64_t payment_order_id)
{
    struct refund_part *part = &refund->parts[refund->count++];

    *part = (struct refund_part){ .part = refund->count, .route = (uint8_t)route, .state = REFUND_PART_WAITING,
                                  .amount_fen = amount_fen, .payment_order_id = payment_order_id };
}

/* What no channel takes. */
static int rest_add(struct billing_refund *refund, int64_t amount_fen)
{
    if (amount_fen == 0)
        return 0;
    if (refund->row.rest == REFUND_BY_NONE)
        return CASE_ERR_REFUND_ROUTE;
    part_add(refund, (enum refund_route)refund->row.rest, amount_fen, 0);
    return 0;
}

/* By the channel of the order, unless that is too long ago. */
static int order_plan(struct billing *billing, const struct billing_refund_request *request,
                      const struct payment_order *order, struct billing_refund *refund)
{
    const struct payment_order_store *orders = billing->config.orders;
    const struct case_store *cases = billing->config.cases;
    int64_t refunded_fen = 0, asked_fen = 0;
    int error = orders->refund_sum(orders->context, order->payment_order_id, &refunded_fen);

    if (error == 0)
        error = cases->order_asked_sum(cases->context, order->payment_order_id, &asked_fen);
    if (error < 0)
        return error;
    if (request->amount_fen > order->amount_fen - refunded_fen - asked_fen)
        return BILLING_ERR_REFUND_AMOUNT;
    if (request->wall_s - order->paid_s > CHANNEL_TIME_S)
        return rest_add(refund, request->amount_fen);
    part_add(refund, REFUND_BY_CHANNEL, request->amount_fen, order->payment_order_id);
    return 0;
}

/* Cash at the counter goes back over the counter, or by bank when that is wanted; what was paid there otherwise as `rest` says. */
static int payment_plan(struct billing *billing, const struct billing_refund_request *request,
                        const struct billing_payment *payment, struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    int64_t refunded_fen = 0, moved_fen = 0;
    int error = cases->payment_refunded_sum(cases->context, payment->payment_id, &refunded_fen);

    if (error == 0)
        error = cases->moved_sum(cases->context, payment->payment_id, 0, &moved_fen);
    if (error < 0)
        return error;
    if (request->amount_fen > payment->amount_fen - refunded_fen - moved_fen)
        return BILLING_ERR_REFUND_AMOUNT;
    if (request->rest == REFUND_BY_NONE && strcmp(payment->method, "cash") == 0)
        refund->row.rest = REFUND_BY_CASH;
    return rest_add(refund, request->amount_fen);
}

/* The channels the wallet's money came through, newest payment first, then the way of the rest. */
static int wallet_plan(struct billing *billing, const struct billing_refund_request *request, int64_t wallet_id,
                       struct billing_refund *refund)
{
    const struct case_store *cases = billing->config.cases;
    struct refund_source source = { .payment_order_id = INT64_MAX };
    int64_t open_fen = request->amount_fen;

    while (open_fen > 0 && refund->count < REFUND_PART_LIMIT - 1) {
        int64_t part_fen;
        int found = cases->source_next(cases->context, wallet_id, request->wall_s - CHANNEL_TIME_S,
                                       source.payment_order_id, &source);

        if (found < 0)
            return found;
        if (found == 0)
            break;
        part_fen = source.refundable_fen < open_fen ? source.refundable_fen : open_fen;
        part_add(refund, REFUND_BY_CHANNEL, part_fen, source.payment_order_id);
        open_fen -= part_fen;
    }
    return rest_add(refund, open_fen);
}

/* Whose money it is, and which payment it is about. order->payment_order_id 0: none. */
struct target {
    struct billing_account account;
    struct billing_payment payment;
    struct payment_order order;
    int64_t source_id;        /* ledger account that the money leaves */
};

static int order_target(struct billing *billing, int64_t payment_order_id, struct target *target)
{
    const struct payment_order_store *orders = billing->config.orders;
    int found = orders->order_read(orders->context, payment_order_id, &target->order);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_ORDER;
    return target->order.state == PAYMENT_ORDER_PAID ? 0 : BILLING_ERR_ORDER_UNPAID;
}

static int payment_target(struct billing *billing, int64_t payment_id, struct target *target)
{
    const struct case_store *cases = billing->config.cases;
    int64_t payment_order_id = 0;
    int found = cases->payment_read(cases->context, payment_id, &target->payment);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_PAYMENT;
    found = cases->payment_order_of(cases->context, payment_id, &payment_order_id);
    if (found <= 0)
        return found;
    return order_target(billing, payment_order_id, target);
}

/* A wallet that several accounts use is refunded as a whole only from the account it belongs to. */
static int target_find(struct billing *billing, const struct billing_scope *scope,
                       const struct billing_refund_request *request, struct target *target)
{
    int64_t account_id = request->account_id;
    int error = 0;

    target->order.payment_order_id = target->payment.payment_id = 0;
    if (request->payment_id != 0)
        error = payment_target(billing, request->payment_id, target);
    else if (request->payment_order_id != 0)
        error = order_target(billing, request->payment_order_id, target);
    if (error < 0)
        return error;
    if (request->payment_id != 0)
        account_id = target->payment.account_id;
    if (target->order.payment_order_id != 0)
        account_id = target->order.account_id;
    error = billing_account_load(billing, scope, account_id, &target->account);
    if (error == BILLING_ERR_ACCOUNT && request->payment_id != 0)
        return BILLING_ERR_PAYMENT;
    if (error == BILLING_ERR_ACCOUNT && request->payment_order_id != 0)
        return BILLING_ERR_ORDER;
    target->source_id = target->account.wallet_id;
    if (error == 0 && target->order.payment_order_id != 0)
        return billing_order_source(billing, &target->order, &target->source_id);
    if (error == 0 && request->payment_id == 0 && target->account.main_account_id != 0)
        return CASE_ERR_MEMBER;
    return error;
}

static int plan_make(struct billing *billing, const struct billing_refund_request *request, const struct target *target,
                     struct billing_refund *refund)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account source;
    int result;

    if (target->order.payment_order_id != 0)
        result = order_plan(billing, request, &target->order, refund);
    else if (request->payment_id != 0)
        result = payment_plan(billing, request, &target->payment, refund);
    else
        result = wallet_plan(billing, request, target->source_id, refund);
    if (result < 0)
        return result;
    result = ledger->account_read(ledger->context, target->source_id, &source);
    if (result <= 0)
        return result < 0 ? result : LEDGER_ERR_DEBIT_ACCOUNT;
    refund->available_fen = ledger_account_available(&source);
    return refund->available_fen < request->amount_fen ? BILLING_ERR_FUNDS : 0;
}

static void row_fill(const struct billing_scope *scope, int64_t now_s, const struct billing_refund_request *request,
                     const struct target *target, struct refund *row)
{
    *row = (struct refund){ .account_id = target->account.account_id, .payment_id = request->payment_id,
                            .payment_order_id = target->order.payment_order_id, .closing_id = request->closing_id,
                            .amount_fen = request->amount_fen,
                            .asked_s = now_s, .tenant_id = scope->tenant_id, .asked_by = scope->person_id,
                            .rest = request->rest, .state = REFUND_WAITING, .red_letter = request->red_letter };
    (void)snprintf(row->key, sizeof row->key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    memcpy(row->payee, request->payee, sizeof row->payee);
    memcpy(row->bank, request->bank, sizeof row->bank);
    memcpy(row->bank_account, request->bank_account, sizeof row->bank_account);
    memcpy(row->reason, request->reason, sizeof row->reason);
}

static int refund_plan(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct billing_refund_request *request, struct billing_refund *out, int64_t *source_id)
{
    struct billing_policy policy;
    struct target target;
    int error = request_check(request);

    if (error == 0)
        error = target_find(billing, scope, request, &target);
    if (error < 0)
        return error;
    out->count = out->invoice_count = 0;
    out->approval_id = 0;
    out->repeated = false;
    row_fill(scope, now_s, request, &target, &out->row);
    *source_id = target.source_id;
    error = plan_make(billing, request, &target, out);
    if (error == 0)
        error = billing_policy_read(billing, scope->tenant_id, &policy);
    out->needs_approval = error == 0 && request->amount_fen > policy.refund_release_above_fen;
    return error;
}

int billing_refund_preview(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct billing_refund_request *request, struct billing_refund *out)
{
    int64_t source_id;
    int error = refund_plan(billing, scope, now_s, request, out, &source_id);
    int ended;

    if (error == 0)
        error = billing_step_begin(billing);
    if (error < 0)
        return error;
    error = billing_refund_write(billing, out);
    if (billing_error_of_store(error))
        return error;
    ended = billing_step_revert(billing);
    return ended < 0 ? ended : error;
}

/* 1 the same refund stands already, *out as it does; 0 new. */
static int repetition_find(struct billing *billing, const struct billing_scope *scope,
                           const struct billing_refund_request *request, struct billing_refund *out)
{
    const struct case_store *cases = billing->config.cases;
    char key[BILLING_KEY_SIZE];
    int found;

    (void)snprintf(key, sizeof key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    found = cases->refund_find_key(cases->context, key, &out->row);
    if (found <= 0)
        return found;
    if ((request->account_id != 0 && out->row.account_id != request->account_id) ||
        out->row.amount_fen != request->amount_fen || out->row.payment_id != request->payment_id ||
        (request->payment_order_id != 0 && out->row.payment_order_id != request->payment_order_id))
        return BILLING_ERR_KEY_REUSED;
    out->repeated = true;
    found = billing_refund_parts_read(billing, out);
    return found < 0 ? found : 1;
}

int billing_refund_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct billing_refund_request *request, struct billing_refund *out)
{
    struct billing_refund refund = { .count = 0 };
    int64_t source_id = 0;
    int result = request_check(request);

    if (result == 0)
        result = repetition_find(billing, scope, request, &refund);
    if (result == 0)
        result = refund_plan(billing, scope, now_s, request, &refund, &source_id);
    if (result == 0)
        result = refund.needs_approval ? billing_refund_wait(billing, scope, now_s, source_id, &refund)
                                       : billing_refund_send(billing, scope, now_s, request, &refund);
    if (result < 0)
        return result;
    *out = refund;
    return 0;
}

int billing_refund_payout(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct billing_refund_request *request, bool sent, struct billing_refund *out)
{
    int64_t source_id;
    int error = refund_plan(billing, scope, now_s, request, out, &source_id);

    if (error == 0 && sent)
        return billing_refund_send(billing, scope, now_s, request, out);
    if (error == 0)
        error = billing_refund_write(billing, out);
    return error < 0 ? error : billing_refund_invoices_admit(out);
}
