/* What a channel said about an order or a refund, and what follows from it. */
#include "billing/payment_order.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/cash_shift.h"

/* When an order is asked about again: after 10 s, 30 s, 2 min, then every 10 min. */
static int64_t delay_s(int32_t attempts)
{
    static const int64_t delays[] = { 10, 30, 120, 600 };
    int32_t last = (int32_t)(sizeof delays / sizeof delays[0]) - 1;

    return delays[attempts < last ? attempts : last];
}

static void step_set(struct payment_order *order, enum payment_step step, int64_t next_s)
{
    order->attempts = order->step == step ? order->attempts + 1 : 0;
    order->step = (uint8_t)step;
    order->next_s = next_s;
}

/* Asked about again, or closed when its time is over. */
static void order_wait(struct payment_order *order, int64_t wall_s)
{
    if (wall_s >= order->expires_s && order->step != PAYMENT_STEP_CLOSE)
        step_set(order, PAYMENT_STEP_CLOSE, wall_s);
    else if (order->step == PAYMENT_STEP_CLOSE)
        step_set(order, PAYMENT_STEP_CLOSE, wall_s + delay_s(order->attempts));
    else
        step_set(order, PAYMENT_STEP_QUERY, wall_s + delay_s(order->step == PAYMENT_STEP_QUERY ? order->attempts : 0));
}

static void order_end(struct payment_order *order, enum payment_order_state state, const char *problem)
{
    order->state = (uint8_t)state;
    order->step = PAYMENT_STEP_NONE;
    (void)snprintf(order->problem, sizeof order->problem, "%.63s", problem);
}

int billing_order_journal(struct billing *billing, const struct payment_order *order, const char *action, int64_t now_s)
{
    const struct billing_actions *actions = billing->config.actions;

    if (actions->journal == NULL)
        return 0;
    return actions->journal(actions->context, order->tenant_id, order->account_id, action, order->trade_number, now_s);
}

/* An account that was closed meanwhile, or a second payment: the money is ours to give back, not to use. */
static int suspense_book(struct billing *billing, struct payment_order *order, int64_t now_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .amount_fen = order->amount_fen, .reference = order->payment_order_id,
                                        .at_s = now_s, .tenant_id = order->tenant_id, .kind = LEDGER_PAYMENT };
    int error = ledger_account_open(ledger, order->tenant_id, LEDGER_CHANNEL, order->channel,
                                    &transfer.debit_account_id);

    if (error == 0)
        error = billing_order_suspense_open(billing, order, &transfer.credit_account_id);
    (void)snprintf(transfer.key, sizeof transfer.key, "pay/channel/%s", order->trade_number);
    if (error == 0)
        error = ledger_post(ledger, &transfer);
    order->in_suspense = true;
    order->transfer_id = transfer.transfer_id;
    return error < 0 ? error : 0;
}

/* How long ago the payer paid: as the channel says, between the order and now; without a word at the latest when the order's
 * time was over. */
static int64_t paid_ago(const struct payment_order *order, int64_t wall_s, int64_t paid_s)
{
    if (paid_s < order->created_s || paid_s > wall_s)
        paid_s = wall_s < order->expires_s ? wall_s : order->expires_s;
    return wall_s > paid_s ? wall_s - paid_s : 0;
}

static int wallet_book(struct billing *billing, struct payment_order *order, struct billing_account *account,
                       int64_t ago_s, int64_t now_s)
{
    struct billing_payment payment = { .account_id = order->account_id, .amount_fen = order->amount_fen, .at_s = now_s,
                                       .paid_s = ago_s > 0 ? now_s - ago_s : 0,
                                       .tenant_id = order->tenant_id, .cashier = order->created_by };
    struct billing_payment_result taken;
    int error;

    (void)snprintf(payment.key, sizeof payment.key, "channel/%s", order->trade_number);
    (void)snprintf(payment.method, sizeof payment.method, "%.15s", order->channel);
    error = cash_shift_of(billing, order->tenant_id, order->created_by, &payment.shift_id);
    if (error < 0)
        return error;
    error = billing_payment_book(billing, account, LEDGER_CHANNEL, order->channel, &payment, &taken);
    if (error < 0)
        return error;
    order->payment_id = taken.payment.payment_id;
    order->transfer_id = taken.payment.transfer_id;
    return 0;
}

static int order_book(struct billing *billing, struct payment_order *order, int64_t paid_s, int64_t wall_s, int64_t now_s)
{
    struct billing_account account;
    int found = billing->store->account_read(billing->store->context, order->account_id, &account);
    int error;

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_ACCOUNT;
    error = account.closed_s != 0 ? suspense_book(billing, order, now_s)
                                  : wallet_book(billing, order, &account, paid_ago(order, wall_s, paid_s), now_s);
    order_end(order, PAYMENT_ORDER_PAID, "");
    order->paid_s = wall_s;
    return error;
}

/* The same money must not pay two orders. 1 it would; 0. */
static int reference_taken(struct billing *billing, const struct payment_order *order,
                           const struct payment_order_outcome *outcome)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order other;
    int found = orders->order_find_reference(orders->context, order->channel, outcome->reference, &other);

    return found == 1 && other.payment_order_id == order->payment_order_id ? 0 : found;
}

static int order_dispute(struct billing *billing, struct payment_order *order, const char *problem, int64_t now_s)
{
    bool is_news = order->state != PAYMENT_ORDER_DISPUTED;

    order_end(order, PAYMENT_ORDER_DISPUTED, problem);
    return is_news ? billing_order_journal(billing, order, "payment_disputed", now_s) : 0;
}

/* FNV-1a: the same payment would have the same number, another almost surely another. */
static uint64_t reference_mix(const char *reference)
{
    uint64_t mix = UINT64_C(14695981039346656037);

    for (; *reference != '\0'; reference++)
        mix = (mix ^ (uint8_t)*reference) * UINT64_C(1099511628211);
    return mix;
}

static struct payment_order second_row(const struct payment_order *first, int64_t wall_s,
                                       const struct payment_order_outcome *outcome)
{
    struct payment_order row = { .account_id = first->account_id, .amount_fen = outcome->amount_fen,
                                 .created_s = wall_s, .expires_s = wall_s, .paid_s = wall_s,
                                 .second_of = first->payment_order_id, .tenant_id = first->tenant_id,
                                 .created_by = first->created_by, .state = PAYMENT_ORDER_PAID, .scene = first->scene };

    memcpy(row.channel, first->channel, sizeof row.channel);
    memcpy(row.description, first->description, sizeof row.description);
    (void)snprintf(row.problem, sizeof row.problem, "paid twice: %s", first->trade_number);
    billing_trade_number("MT", wall_s, reference_mix(outcome->reference), row.trade_number);
    (void)snprintf(row.key, sizeof row.key, "twice/%s", row.trade_number);
    return row;
}

/* Another payment of an order that is paid: booked too, once, so that the books hold what the channel holds. */
static int second_book(struct billing *billing, const struct payment_order *first, int64_t wall_s, int64_t now_s,
                       const struct payment_order_outcome *outcome)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order row = second_row(first, wall_s, outcome);
    struct payment_order other;
    int result = orders->order_find_reference(orders->context, first->channel, outcome->reference, &other);

    if (result != 0 || outcome->amount_fen < 1)
        return result < 0 ? result : 0;
    if (text_copy(span_of_text(outcome->reference), row.reference, sizeof row.reference) <= 0)
        return billing_order_journal(billing, first, "payment_twice", now_s);
    result = orders->order_insert(orders->context, &row);
    if (result == 0)
        result = suspense_book(billing, &row, now_s);
    if (result == 0)
        result = orders->order_update(orders->context, &row);
    return result < 0 ? result : billing_order_journal(billing, first, "payment_twice", now_s);
}

static int order_paid(struct billing *billing, struct payment_order *order, int64_t wall_s, int64_t now_s,
                      const struct payment_order_outcome *outcome)
{
    char problem[PAYMENT_ORDER_PROBLEM_SIZE];
    int taken;

    if (order->state == PAYMENT_ORDER_PAID)
        return strcmp(order->reference, outcome->reference) == 0
                   ? 0 : second_book(billing, order, wall_s, now_s, outcome);
    if (outcome->amount_fen != order->amount_fen) {
        (void)snprintf(problem, sizeof problem, "amount %lld", (long long)outcome->amount_fen);
        return order_dispute(billing, order, problem, now_s);
    }
    taken = reference_taken(billing, order, outcome);
    if (taken < 0)
        return taken;
    if (taken == 1)
        return order_dispute(billing, order, "reference", now_s);
    if (text_copy(span_of_text(outcome->reference), order->reference, sizeof order->reference) <= 0)
        return order_dispute(billing, order, "reference", now_s);
    return order_book(billing, order, outcome->paid_s, wall_s, now_s);
}

/* We give back what is booked alone: somebody has done it at the channel, and all or a part of the money is not there. */
static int order_returned(struct billing *billing, struct payment_order *order, int64_t now_s)
{
    return order->state == PAYMENT_ORDER_PAID ? 0 : order_dispute(billing, order, "refunded", now_s);
}

static int order_pending(struct billing *billing, struct payment_order *order, int64_t wall_s,
                         const struct payment_order_outcome *outcome)
{
    const struct payment_order_store *orders = billing->config.orders;

    order->state = PAYMENT_ORDER_PENDING;
    order_wait(order, wall_s);
    if (outcome->invitation_kind == NULL || outcome->invitation_kind[0] == '\0')
        return 0;
    return orders->invitation_write(orders->context, order->payment_order_id, outcome->invitation_kind,
                                    outcome->invitation);
}

/* The channel has never heard of it: told again while there is time; afterwards nobody can pay it. */
static void order_absent(struct payment_order *order, int64_t wall_s)
{
    if (wall_s >= order->expires_s)
        order_end(order, PAYMENT_ORDER_CLOSED, "");
    else if (order->state == PAYMENT_ORDER_CREATED)
        step_set(order, PAYMENT_STEP_ORDER, wall_s + delay_s(order->attempts));
    else
        order_wait(order, wall_s);
}

/* A channel that does not answer may have taken the order: it is told again under the same number. */
static void order_unknown(struct payment_order *order, int64_t wall_s)
{
    if (order->state == PAYMENT_ORDER_CREATED && order->step == PAYMENT_STEP_ORDER && wall_s < order->expires_s)
        step_set(order, PAYMENT_STEP_ORDER, wall_s + delay_s(order->attempts));
    else
        order_wait(order, wall_s);
}

/* A no to an order that was sent before may be an answer to the second sending alone, because the customer has paid. */
static void order_refused(struct payment_order *order, int64_t wall_s, const struct payment_order_outcome *outcome)
{
    bool is_new = outcome->step == PAYMENT_STEP_ORDER && order->state == PAYMENT_ORDER_CREATED;

    if (is_new && order->attempts == 0)
        order_end(order, PAYMENT_ORDER_CLOSED, outcome->code);
    else if (is_new || outcome->step == PAYMENT_STEP_CLOSE)
        step_set(order, PAYMENT_STEP_QUERY, wall_s + 1); /* it may be paid: ask */
    else
        order_wait(order, wall_s);
}

static int order_apply(struct billing *billing, struct payment_order *order, int64_t wall_s, int64_t now_s,
                       const struct payment_order_outcome *outcome)
{
    bool is_open = order->state == PAYMENT_ORDER_CREATED || order->state == PAYMENT_ORDER_PENDING;

    if (outcome->word == PAYMENT_WORD_PAID)
        return order_paid(billing, order, wall_s, now_s, outcome);
    if (outcome->word == PAYMENT_WORD_RETURNED)
        return order_returned(billing, order, now_s);
    if (!is_open)
        return 0; /* an old word about an order that has come further */
    if (outcome->word == PAYMENT_WORD_PENDING)
        return order_pending(billing, order, wall_s, outcome);
    if (outcome->word == PAYMENT_WORD_CLOSED)
        order_end(order, PAYMENT_ORDER_CLOSED, outcome->code);
    else if (outcome->word == PAYMENT_WORD_ABSENT)
        order_absent(order, wall_s);
    else if (outcome->word == PAYMENT_WORD_REFUSED)
        order_refused(order, wall_s, outcome);
    else
        order_unknown(order, wall_s);
    return 0;
}

static int order_outcome(struct billing *billing, int64_t wall_s, int64_t now_s,
                         const struct payment_order_outcome *outcome, struct payment_order *order)
{
    const struct payment_order_store *orders = billing->config.orders;
    int result = orders->order_find(orders->context, outcome->channel, outcome->number, order);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ORDER;
    result = order_apply(billing, order, wall_s, now_s, outcome);
    return result < 0 ? result : orders->order_update(orders->context, order);
}

int payment_order_outcome_take(struct billing *billing, int64_t wall_s, int64_t now_s,
                               const struct payment_order_outcome *outcome, struct payment_order *out)
{
    struct payment_order order = { .payment_order_id = 0 };
    int error = outcome->is_refund ? billing_refund_outcome(billing, wall_s, now_s, outcome, &order)
                                   : order_outcome(billing, wall_s, now_s, outcome, &order);

    if (error == 0 && out != NULL)
        *out = order;
    return error;
}
