#include "billing/payment_move.h"

#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/refund_invoice.h"

#include <stdio.h>
#include <string.h>

#define REASON_LIMIT 120

/* What is to be moved, and between whom. */
struct moving {
    struct billing_account from;
    struct billing_account to;
    struct payment_order order; /* payment_order_id 0: at the counter */
    int64_t source_id;        /* ledger account that the money leaves */
    int64_t paid_fen;
};

static int order_find(struct billing *billing, int64_t payment_order_id, struct moving *moving)
{
    const struct payment_order_store *orders = billing->config.orders;
    int found = orders->order_read(orders->context, payment_order_id, &moving->order);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_ORDER;
    return billing_order_source(billing, &moving->order, &moving->source_id);
}

static int payment_find(struct billing *billing, const struct payment_move *row, struct moving *moving, int64_t *from_id)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_payment payment;
    int64_t payment_order_id = 0;
    int found = cases->payment_read(cases->context, row->payment_id, &payment);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_PAYMENT;
    moving->paid_fen = payment.amount_fen;
    *from_id = payment.account_id;
    found = cases->payment_order_of(cases->context, row->payment_id, &payment_order_id);
    if (found == 1)
        found = order_find(billing, payment_order_id, moving);
    if (found == 0 && moving->order.payment_order_id != 0)
        *from_id = moving->order.account_id;
    return found < 0 ? found : 0;
}

/* Money in suspense is nobody's wallet's: it is asked for by the order that brought it. */
static int suspense_find(struct billing *billing, const struct payment_move *row, struct moving *moving, int64_t *from_id)
{
    int error = order_find(billing, row->payment_order_id, moving);

    if (error < 0)
        return error;
    if (!moving->order.in_suspense || moving->order.state != PAYMENT_ORDER_PAID)
        return BILLING_ERR_ORDER;
    moving->paid_fen = moving->order.amount_fen;
    *from_id = moving->order.account_id;
    return 0;
}

static int accounts_load(struct billing *billing, const struct billing_scope *scope, const struct payment_move *row,
                         int64_t from_id, struct moving *moving)
{
    int error = billing_account_load(billing, scope, from_id, &moving->from);

    if (error == BILLING_ERR_ACCOUNT)
        return row->payment_id != 0 ? BILLING_ERR_PAYMENT : BILLING_ERR_ORDER;
    if (error == 0)
        error = billing_account_load(billing, scope, row->to_account_id, &moving->to);
    if (error < 0)
        return error;
    if (billing_account_rests(&moving->to))
        return BILLING_ERR_ACCOUNT_CLOSED;
    if (moving->source_id == 0)
        moving->source_id = moving->from.wallet_id;
    return moving->source_id == moving->to.wallet_id ? CASE_ERR_MOVE_SAME : 0;
}

static int moving_load(struct billing *billing, const struct billing_scope *scope, const struct payment_move *row,
                       struct moving *moving)
{
    int64_t from_id = 0;
    int error;

    memset(moving, 0, sizeof *moving);
    error = row->payment_id != 0 ? payment_find(billing, row, moving, &from_id)
                                 : suspense_find(billing, row, moving, &from_id);
    return error < 0 ? error : accounts_load(billing, scope, row, from_id, moving);
}

/* What of the payment has gone another way already. */
static int gone_sum(struct billing *billing, const struct payment_move *row, const struct moving *moving, int64_t *gone_fen)
{
    const struct payment_order_store *orders = billing->config.orders;
    const struct case_store *cases = billing->config.cases;
    int64_t refunded_fen = 0, asked_fen = 0;
    int error = cases->moved_sum(cases->context, row->payment_id, row->payment_order_id, gone_fen);

    if (error == 0 && moving->order.payment_order_id != 0) {
        error = orders->refund_sum(orders->context, moving->order.payment_order_id, &refunded_fen);
        if (error == 0)
            error = cases->order_asked_sum(cases->context, moving->order.payment_order_id, &asked_fen);
    } else if (error == 0) {
        error = cases->payment_refunded_sum(cases->context, row->payment_id, &refunded_fen);
    }
    *gone_fen += refunded_fen + asked_fen;
    return error;
}

static int available_read(struct billing *billing, const struct moving *moving, int64_t *available_fen)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account source;
    int found = ledger->account_read(ledger->context, moving->source_id, &source);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    *available_fen = ledger_account_available(&source);
    return 0;
}

static int row_make(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                    const struct billing_move_request *request, struct moving *moving, struct billing_move *out)
{
    struct payment_move *row = &out->row;
    int64_t gone_fen = 0;
    int error;

    *row = (struct payment_move){ .payment_id = request->payment_id, .payment_order_id = request->payment_order_id,
                                  .to_account_id = request->to_account_id, .amount_fen = request->amount_fen,
                                  .asked_s = now_s, .tenant_id = scope->tenant_id, .asked_by = scope->person_id,
                                  .state = PAYMENT_MOVE_WAITING, .into_debt = request->into_debt };
    (void)snprintf(row->key, sizeof row->key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    memcpy(row->reason, request->reason, sizeof row->reason);
    error = moving_load(billing, scope, row, moving);
    if (error == 0)
        error = gone_sum(billing, row, moving, &gone_fen);
    if (error == 0)
        error = available_read(billing, moving, &out->available_fen);
    if (error < 0)
        return error;
    row->payment_order_id = moving->order.payment_order_id;
    row->from_account_id = moving->from.account_id;
    if (row->amount_fen == 0)
        row->amount_fen = moving->paid_fen - gone_fen;
    if (row->amount_fen < 1 || row->amount_fen > moving->paid_fen - gone_fen)
        return CASE_ERR_MOVE_AMOUNT;
    return out->available_fen < row->amount_fen && !row->into_debt ? CASE_ERR_SPENT : 0;
}

static int money_reserve(struct billing *billing, const struct moving *moving, int64_t until_s, struct payment_move *row)
{
    const struct case_store *cases = billing->config.cases;
    struct ledger_hold hold = { .debit_account_id = moving->source_id, .credit_account_id = moving->to.wallet_id,
                                .amount_fen = row->amount_fen, .reference = row->from_account_id, .at_s = row->asked_s,
                                .expires_s = until_s, .tenant_id = row->tenant_id, .kind = LEDGER_MOVE };
    int error;

    (void)snprintf(hold.key, sizeof hold.key, "move/%lld", (long long)row->payment_move_id);
    error = ledger_hold(billing->config.ledger, &hold);
    row->hold_id = hold.hold_id;
    return error < 0 ? error : cases->move_update(cases->context, row);
}

static int move_wait(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                     const struct moving *moving, struct billing_move *out)
{
    const struct case_store *cases = billing->config.cases;
    struct approval approval = { .kind = APPROVAL_PAYMENT_MOVE, .account_id = out->row.from_account_id,
                                 .amount_fen = out->row.amount_fen, .needs_other = true };
    struct billing_policy policy;
    int error = billing_policy_read(billing, scope->tenant_id, &policy);

    if (error == 0)
        error = cases->move_insert(cases->context, &out->row);
    if (error == 0 && out->row.payment_id != 0)
        error = billing_payment_invoice_admit(billing, out->row.payment_id, 0);
    if (error < 0)
        return error;
    approval.object_id = out->row.payment_move_id;
    approval.expires_s = now_s + (int64_t)policy.approval_hours * 3600;
    memcpy(approval.reason, out->row.reason, sizeof approval.reason);
    error = money_reserve(billing, moving, approval.expires_s, &out->row);
    if (error == 0)
        error = billing_approval_ask(billing, scope, now_s, &approval);
    out->approval_id = approval.approval_id;
    return error;
}

static int request_check(const struct billing_move_request *request)
{
    size_t reason_size = strlen(request->reason);

    if (!billing_key_permitted(request->key))
        return BILLING_ERR_KEY;
    return reason_size == 0 || reason_size > REASON_LIMIT ? BILLING_ERR_REASON : 0;
}

/* returns 0 with *move to be given back; CASE_ERR_SPENT with move->available_fen */
static int move_begin(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      const struct billing_move_request *request, struct billing_move *move)
{
    const struct case_store *cases = billing->config.cases;
    char key[BILLING_KEY_SIZE];
    struct moving moving;
    int result = request_check(request);

    (void)snprintf(key, sizeof key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    if (result == 0)
        result = cases->move_find_key(cases->context, key, &move->row);
    move->repeated = result == 1;
    if (result == 1)
        return move->row.to_account_id == request->to_account_id && move->row.payment_id == request->payment_id
                   ? 0 : BILLING_ERR_KEY_REUSED;
    if (result == 0)
        result = row_make(billing, scope, now_s, request, &moving, move);
    return result < 0 ? result : move_wait(billing, scope, now_s, &moving, move);
}

int billing_move_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                     const struct billing_move_request *request, struct billing_move *out)
{
    struct billing_move move = { .approval_id = 0 };
    int error = move_begin(billing, scope, now_s, request, &move);

    if (error == 0 || error == CASE_ERR_SPENT)
        *out = move;
    return error;
}

static int row_load(struct billing *billing, uint32_t tenant_id, int64_t payment_move_id, struct payment_move *row,
                    struct moving *moving)
{
    const struct case_store *cases = billing->config.cases;
    struct billing_scope whole = { .tenant_id = tenant_id };
    int found = cases->move_read(cases->context, payment_move_id, row);

    if (found <= 0)
        return found < 0 ? found : CASE_ERR_APPROVAL;
    return moving_load(billing, &whole, row, moving);
}

int billing_move_figures(struct billing *billing, const struct approval *approval, int64_t now_s,
                         struct approval_figures *out)
{
    struct payment_move row;
    struct moving moving;
    int64_t available_fen = 0, target_fen = 0;
    int error = row_load(billing, approval->tenant_id, approval->object_id, &row, &moving);

    (void)now_s;
    if (error == 0)
        error = available_read(billing, &moving, &available_fen);
    if (error == 0)
        error = ledger_balance_read(billing->config.ledger, moving.to.wallet_id, &target_fen);
    if (error < 0)
        return error;
    available_fen += row.amount_fen; /* its own reservation */
    approval_figure_add(out, "source_balance", available_fen);
    approval_figure_add(out, "moved", -row.amount_fen);
    approval_figure_add(out, "source_after", available_fen - row.amount_fen);
    approval_figure_add(out, "target_after", target_fen + row.amount_fen);
    return available_fen < row.amount_fen && !row.into_debt ? CASE_ERR_SPENT : 0;
}

static int leg_post(struct billing *billing, const struct payment_move *row, const char *leg, int64_t debit_id,
                    int64_t credit_id, int64_t account_id, int64_t now_s)
{
    struct ledger_transfer transfer = { .debit_account_id = debit_id, .credit_account_id = credit_id,
                                        .amount_fen = row->amount_fen, .reference = account_id, .at_s = now_s,
                                        .tenant_id = row->tenant_id, .kind = LEDGER_MOVE };
    int result;

    (void)snprintf(transfer.key, sizeof transfer.key, "move/%lld/%s", (long long)row->payment_move_id, leg);
    result = ledger_post(billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

/* Out of the one, over suspense, into the other: each posting names the account it belongs to. */
static int money_post(struct billing *billing, const struct payment_move *row, const struct moving *moving, int64_t now_s)
{
    int64_t between_id = 0;
    int error;

    if (row->payment_id == 0)
        return leg_post(billing, row, "in", moving->source_id, moving->to.wallet_id, row->to_account_id, now_s);
    error = ledger_account_open(billing->config.ledger, row->tenant_id, LEDGER_SUSPENSE, "moved payments", &between_id);
    if (error == 0)
        error = leg_post(billing, row, "out", moving->source_id, between_id, row->from_account_id, now_s);
    return error < 0 ? error : leg_post(billing, row, "in", between_id, moving->to.wallet_id, row->to_account_id, now_s);
}

/* Where the money is now it pays bills, goes on to the meter and opens the valve, as any payment does. */
static int target_use(struct billing *billing, const struct payment_move *row, struct moving *moving, int64_t now_s)
{
    struct billing_look look;
    int error = billing_look_begin(billing, &moving->to, now_s, &look);

    look.paid_fen = row->amount_fen;
    if (error == 0)
        error = billing_bills_pay(billing, &moving->to, &(struct billing_paying){ now_s, now_s, 0, 0 });
    if (error == 0)
        error = billing_wallet_push(&look);
    return error < 0 ? error : billing_look_finish(&look);
}

int billing_move_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_decision *decision, const struct approval *approval)
{
    const struct case_store *cases = billing->config.cases;
    struct payment_move row;
    struct moving moving;
    int result = row_load(billing, scope->tenant_id, approval->object_id, &row, &moving);

    (void)decision;
    if (result == 0)
        result = ledger_hold_void(billing->config.ledger, row.tenant_id, row.hold_id, now_s, NULL);
    if (result >= 0)
        result = money_post(billing, &row, &moving, now_s);
    if (result == 0 && moving.order.payment_order_id != 0 && row.amount_fen == moving.paid_fen)
        result = cases->order_account_set(cases->context, moving.order.payment_order_id, row.to_account_id);
    row.state = PAYMENT_MOVE_DONE;
    if (result == 0)
        result = cases->move_update(cases->context, &row);
    if (result == 0)
        result = target_use(billing, &row, &moving, now_s);
    return result < 0 ? result : billing->store->account_look(billing->store->context, row.from_account_id, now_s);
}

int billing_move_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct approval *approval)
{
    const struct case_store *cases = billing->config.cases;
    struct payment_move row;
    int result = cases->move_read(cases->context, approval->object_id, &row);

    (void)scope;
    if (result == 1)
        result = ledger_hold_void(billing->config.ledger, row.tenant_id, row.hold_id, now_s, NULL);
    row.state = PAYMENT_MOVE_REFUSED;
    return result < 0 ? result : cases->move_update(cases->context, &row);
}
