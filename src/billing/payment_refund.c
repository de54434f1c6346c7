/* Refunds to the channel the money came through.
 *
 * wallet -> suspense "refunds" when asked, suspense -> channel when the channel has paid it out, suspense -> wallet when it
 * refused: the money is never in two places, and never free to be spent while it is on its way. */
#include "billing/payment_order.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "billing/billing_internal.h"

#define RETRY_S 30
#define RETRY_LONG_S 600

int billing_order_suspense_open(struct billing *billing, const struct payment_order *order, int64_t *ledger_account_id)
{
    return ledger_account_open(billing->config.ledger, order->tenant_id, LEDGER_SUSPENSE,
                               order->second_of != 0 ? "paid twice" : "closed accounts", ledger_account_id);
}

int billing_order_source(struct billing *billing, const struct payment_order *order, int64_t *ledger_account_id)
{
    struct billing_account account;
    int found;

    if (order->in_suspense)
        return billing_order_suspense_open(billing, order, ledger_account_id);
    found = billing->store->account_read(billing->store->context, order->account_id, &account);
    if (found == 1)
        *ledger_account_id = account.wallet_id;
    return found == 1 ? 0 : found < 0 ? found : BILLING_ERR_ACCOUNT;
}

/* LEG_AGAIN: what had come back leaves once more, because the channel paid it out after all. */
enum leg { LEG_ASKED, LEG_DONE, LEG_BACK, LEG_AGAIN };

static void refund_key(const struct payment_refund *refund, enum leg leg, char key[LEDGER_KEY_SIZE])
{
    static const char *const names[] = { "asked", "done", "back", "again" };

    (void)snprintf(key, LEDGER_KEY_SIZE, "refund/%s/%s", refund->refund_number, names[leg]);
}

static int leg_post(struct billing *billing, const struct payment_order *order, const struct payment_refund *refund,
                    enum leg leg, int64_t now_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .amount_fen = refund->amount_fen, .reference = refund->payment_refund_id,
                                        .at_s = now_s, .tenant_id = order->tenant_id, .kind = LEDGER_REFUND };
    int64_t source = 0;
    int64_t waiting = 0;
    int64_t channel = 0;
    bool leaves = leg == LEG_ASKED || leg == LEG_AGAIN;
    int error = billing_order_source(billing, order, &source);

    if (error == 0)
        error = ledger_account_open(ledger, order->tenant_id, LEDGER_SUSPENSE, "refunds", &waiting);
    if (error == 0)
        error = ledger_account_open(ledger, order->tenant_id, LEDGER_CHANNEL, order->channel, &channel);
    transfer.debit_account_id = leaves ? source : waiting;
    transfer.credit_account_id = leaves ? waiting : leg == LEG_DONE ? channel : source;
    refund_key(refund, leg, transfer.key);
    if (error == 0)
        error = ledger_post(ledger, &transfer);
    return error < 0 ? error : 0;
}

/* What is on its way elsewhere or reserved cannot go back. */
static int funds_check(struct billing *billing, const struct payment_order *order, int64_t amount_fen)
{
    const struct payment_order_store *orders = billing->config.orders;
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account account;
    int64_t refunded_fen = 0;
    int64_t source = 0;
    int error = orders->refund_sum(orders->context, order->payment_order_id, &refunded_fen);
    int found;

    if (error == 0 && amount_fen > order->amount_fen - refunded_fen)
        error = BILLING_ERR_REFUND_AMOUNT;
    if (error == 0)
        error = billing_order_source(billing, order, &source);
    if (error < 0)
        return error;
    found = ledger->account_read(ledger->context, source, &account);
    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    return ledger_account_available(&account) < amount_fen ? BILLING_ERR_FUNDS : 0;
}

static int order_load(struct billing *billing, const struct billing_scope *scope, int64_t payment_order_id,
                      struct payment_order *order)
{
    int error = billing_order_load(billing, scope, payment_order_id, order);

    if (error < 0)
        return error;
    return order->state == PAYMENT_ORDER_PAID ? 0 : BILLING_ERR_ORDER_UNPAID;
}

/* 1 the same refund stands already; 0 new. */
static int repetition_find(struct billing *billing, const struct payment_refund_request *request, const char *key,
                           struct payment_refund *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_refund before;
    int found = orders->refund_find_key(orders->context, key, &before);

    if (found <= 0)
        return found;
    if (before.payment_order_id != request->payment_order_id || before.amount_fen != request->amount_fen)
        return BILLING_ERR_KEY_REUSED;
    *out = before;
    return 1;
}

int payment_refund_ask(struct billing *billing, const struct billing_scope *scope, int64_t wall_s, int64_t now_s,
                       const struct payment_refund_request *request, struct payment_refund *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_refund row = { .payment_order_id = request->payment_order_id, .amount_fen = request->amount_fen,
                                  .created_s = wall_s, .next_s = wall_s, .tenant_id = scope->tenant_id,
                                  .created_by = scope->person_id, .state = PAYMENT_REFUND_ROW_PENDING,
                                  .step = PAYMENT_STEP_REFUND };
    struct payment_order order;
    int result = billing_key_permitted(request->key) ? 0 : BILLING_ERR_KEY;

    if (result == 0 && request->amount_fen < 1)
        result = BILLING_ERR_AMOUNT;
    if (result == 0)
        result = order_load(billing, scope, request->payment_order_id, &order);
    if (result < 0)
        return result;
    (void)snprintf(row.key, sizeof row.key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    result = repetition_find(billing, request, row.key, out);
    if (result == 0)
        result = funds_check(billing, &order, request->amount_fen);
    if (result != 0)
        return result;
    billing_trade_number("RF", wall_s, request->chance, row.refund_number);
    (void)text_copy(span_of_text(request->reason), row.reason, sizeof row.reason);
    result = orders->refund_insert(orders->context, &row);
    if (result == 0)
        result = leg_post(billing, &order, &row, LEG_ASKED, now_s);
    if (result == 0)
        *out = row;
    return result;
}

static void refund_step(struct payment_refund *refund, enum payment_step step, int64_t wall_s)
{
    refund->attempts = refund->step == step ? refund->attempts + 1 : 0;
    refund->step = (uint8_t)step;
    refund->next_s = wall_s + (refund->attempts < 5 ? RETRY_S : RETRY_LONG_S);
}

static int refund_end(struct billing *billing, const struct payment_order *order, struct payment_refund *refund,
                      bool is_done, int64_t now_s)
{
    int error;

    refund->state = is_done ? PAYMENT_REFUND_ROW_DONE : PAYMENT_REFUND_ROW_FAILED;
    refund->step = PAYMENT_STEP_NONE;
    error = leg_post(billing, order, refund, is_done ? LEG_DONE : LEG_BACK, now_s);
    if (error < 0 || !is_done)
        return error;
    return billing_money_tell(billing, &(struct billing_money){
        .tenant_id = order->tenant_id, .account_id = order->account_id, .kind = BILLING_MONEY_REFUNDED,
        .subject_id = 0, .amount_fen = refund->amount_fen, .method = order->channel,
        .reference = refund->refund_number });
}

/* 1 the money of a refund has gone back to where it came from; 0 it still waits. */
static int refund_is_back(struct billing *billing, const struct payment_refund *refund)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer;
    char key[LEDGER_KEY_SIZE];

    refund_key(refund, LEG_BACK, key);
    return ledger->transfer_find_key(ledger->context, key, &transfer);
}

int payment_refund_resolve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           int64_t payment_refund_id, bool paid_out, struct payment_refund *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_refund refund;
    struct payment_order order;
    int result = orders->refund_read(orders->context, payment_refund_id, &refund);

    if (result == 1)
        result = order_load(billing, scope, refund.payment_order_id, &order);
    else if (result == 0)
        result = BILLING_ERR_REFUND_UNKNOWN;
    if (result < 0)
        return billing_error_of_store(result) ? result : BILLING_ERR_REFUND_UNKNOWN;
    if (refund.state != PAYMENT_REFUND_ROW_DISPUTED)
        return BILLING_ERR_REFUND_SETTLED;
    result = refund_is_back(billing, &refund);
    if (result == 1 && paid_out)
        result = leg_post(billing, &order, &refund, LEG_AGAIN, now_s);
    if (result >= 0)
        result = refund_end(billing, &order, &refund, paid_out, now_s);
    if (result >= 0)
        result = orders->refund_update(orders->context, &refund);
    if (result == 0)
        *out = refund;
    return result;
}

static void refund_problem(struct payment_refund *refund, const char *problem)
{
    (void)snprintf(refund->problem, sizeof refund->problem, "%.63s", problem);
}

static int refund_dispute(struct billing *billing, const struct payment_order *order, struct payment_refund *refund,
                          const char *problem, int64_t now_s)
{
    refund->state = PAYMENT_REFUND_ROW_DISPUTED;
    refund->step = PAYMENT_STEP_NONE;
    refund_problem(refund, problem);
    return billing_order_journal(billing, order, "refund_disputed", now_s);
}

/* A no to a request that was sent more than once may be an answer to the second sending alone: only a query ends it. */
static int refund_apply(struct billing *billing, const struct payment_order *order, struct payment_refund *refund,
                        int64_t wall_s, int64_t now_s, const struct payment_order_outcome *outcome)
{
    if (refund->state == PAYMENT_REFUND_ROW_FAILED && outcome->word == PAYMENT_WORD_PAID)
        return refund_dispute(billing, order, refund, "paid out after it had failed", now_s);
    if (refund->state != PAYMENT_REFUND_ROW_PENDING)
        return 0;
    if (outcome->word == PAYMENT_WORD_PAID && outcome->amount_fen != refund->amount_fen)
        return refund_dispute(billing, order, refund, "amount", now_s);
    if (outcome->word == PAYMENT_WORD_PAID || outcome->word == PAYMENT_WORD_CLOSED) {
        refund_problem(refund, outcome->word == PAYMENT_WORD_PAID ? "" : outcome->code);
        return refund_end(billing, order, refund, outcome->word == PAYMENT_WORD_PAID, now_s);
    }
    if (outcome->word == PAYMENT_WORD_ABSENT && refund->problem[0] != '\0')
        return refund_end(billing, order, refund, false, now_s);
    if (outcome->word == PAYMENT_WORD_REFUSED && outcome->step == PAYMENT_STEP_REFUND)
        refund_problem(refund, outcome->code[0] != '\0' ? outcome->code : "refused");
    refund_step(refund, outcome->word == PAYMENT_WORD_ABSENT ? PAYMENT_STEP_REFUND : PAYMENT_STEP_REFUND_QUERY, wall_s);
    return 0;
}

int billing_refund_outcome(struct billing *billing, int64_t wall_s, int64_t now_s,
                           const struct payment_order_outcome *outcome, struct payment_order *order)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_refund refund;
    int result = orders->refund_find(orders->context, outcome->channel, outcome->number, &refund);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_REFUND_UNKNOWN;
    result = orders->order_read(orders->context, refund.payment_order_id, order);
    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ORDER;
    result = refund_apply(billing, order, &refund, wall_s, now_s, outcome);
    return result < 0 ? result : orders->refund_update(orders->context, &refund);
}
