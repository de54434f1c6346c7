#include "billing/payment_order.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "base/writer.h"
#include "billing/billing_internal.h"

#define AMOUNT_MAXIMUM_FEN 100000000
#define PAYMENT_BILL_LEASE_S 300 /* a bill is larger than an answer */
#define TRADE_ZONE_S 28800 /* trade numbers carry the channels' local time */

static const char *const order_states[] = {
    [PAYMENT_ORDER_CREATED] = "created", [PAYMENT_ORDER_PENDING] = "pending",   [PAYMENT_ORDER_PAID] = "paid",
    [PAYMENT_ORDER_CLOSED] = "closed",   [PAYMENT_ORDER_DISPUTED] = "disputed",
};
static const char *const refund_states[] = {
    [PAYMENT_REFUND_ROW_PENDING] = "pending", [PAYMENT_REFUND_ROW_DONE] = "done",
    [PAYMENT_REFUND_ROW_FAILED] = "failed",   [PAYMENT_REFUND_ROW_DISPUTED] = "disputed",
};

static const char *name_at(const char *const names[], int count, int index)
{
    return index > 0 && index < count ? names[index] : "unknown";
}

static int index_of(const char *const names[], int count, const char *name)
{
    for (int index = 1; index < count; index++)
        if (strcmp(names[index], name) == 0)
            return index;
    return 0;
}

#define COUNT(list) ((int)(sizeof (list) / sizeof (list)[0]))

const char *payment_order_state_name(int state)
{
    return name_at(order_states, COUNT(order_states), state);
}

int payment_order_state_of_name(const char *name)
{
    return index_of(order_states, COUNT(order_states), name);
}

const char *payment_refund_row_state_name(int state)
{
    return name_at(refund_states, COUNT(refund_states), state);
}

int payment_refund_row_state_of_name(const char *name)
{
    return index_of(refund_states, COUNT(refund_states), name);
}

static bool channel_permitted(const char *channel)
{
    size_t size = strlen(channel);

    return size > 0 && size < PAYMENT_ORDER_CHANNEL_SIZE &&
           strspn(channel, "0123456789abcdefghijklmnopqrstuvwxyz_-") == size;
}

static int request_check(const struct payment_order_request *request)
{
    if (!billing_key_permitted(request->key))
        return BILLING_ERR_KEY;
    if (request->amount_fen < 1 || request->amount_fen > AMOUNT_MAXIMUM_FEN)
        return BILLING_ERR_AMOUNT;
    if (!channel_permitted(request->channel))
        return BILLING_ERR_CHANNEL;
    return request->description[0] == '\0' || text_utf8_check(span_of_text(request->description)) < 0 ? BILLING_ERR_NAME
                                                                                                      : 0;
}

void billing_trade_number(const char *prefix, int64_t wall_s, uint64_t chance, char out[PAYMENT_ORDER_NUMBER_SIZE])
{
    int64_t local_s = wall_s + TRADE_ZONE_S;
    struct calendar_date date = calendar_date_of_day(local_s / 86400);
    int second = (int)(local_s % 86400);

    struct writer writer = writer_of_buffer(out, PAYMENT_ORDER_NUMBER_SIZE);

    writer_format(&writer, "%.2s%04d%02d%02d", prefix, (int)date.year, (int)date.month, (int)date.day_of_month);
    writer_format(&writer, "%02d%02d%02d", second / 3600, second / 60 % 60, second % 60);
    writer_format(&writer, "%016llx", (unsigned long long)chance);
    (void)writer_terminate(&writer);
}

/* 1 the same order stands already; 0 new. */
static int repetition_find(struct billing *billing, const struct payment_order_request *request, const char *key,
                           struct payment_order *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order before;
    int found = orders->order_find_key(orders->context, key, &before);

    if (found <= 0)
        return found;
    if (before.account_id != request->account_id || before.amount_fen != request->amount_fen ||
        strcmp(before.channel, request->channel) != 0 || before.scene != request->scene)
        return BILLING_ERR_KEY_REUSED;
    *out = before;
    return 1;
}

static struct payment_order row_of(const struct billing_scope *scope, int64_t wall_s,
                                   const struct payment_order_request *request)
{
    struct payment_order row = { .account_id = request->account_id, .amount_fen = request->amount_fen,
                                 .created_s = wall_s, .expires_s = wall_s + PAYMENT_ORDER_TIME_S, .next_s = wall_s,
                                 .tenant_id = scope->tenant_id, .created_by = scope->person_id,
                                 .state = PAYMENT_ORDER_CREATED, .step = PAYMENT_STEP_ORDER, .scene = request->scene };

    (void)text_copy(span_of_text(request->channel), row.channel, sizeof row.channel);
    (void)text_copy(span_of_text(request->description), row.description, sizeof row.description);
    (void)text_copy(span_of_text(request->payer_id), row.payer_id, sizeof row.payer_id);
    (void)text_copy(span_of_text(request->client_ip), row.client_ip, sizeof row.client_ip);
    billing_trade_number("MW", wall_s, request->chance, row.trade_number);
    return row;
}

int payment_order_create(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                         const struct payment_order_request *request, struct payment_order *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct billing_account account;
    struct payment_order row = row_of(scope, wall_s, request);
    int result = request_check(request);

    if (result == 0)
        result = billing_account_load(billing, scope, request->account_id, &account);
    if (result < 0)
        return result;
    (void)snprintf(row.key, sizeof row.key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    result = repetition_find(billing, request, row.key, out);
    if (result != 0)
        return result;
    if (account.closed_s != 0)
        return BILLING_ERR_ACCOUNT_CLOSED;
    result = orders->order_insert(orders->context, &row);
    if (result == 0)
        *out = row;
    return result;
}

int billing_order_load(struct billing *billing, const struct billing_scope *scope, int64_t payment_order_id,
                       struct payment_order *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct billing_account account;
    int found = orders->order_read(orders->context, payment_order_id, out);
    int error;

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_ORDER;
    if (out->tenant_id != scope->tenant_id)
        return BILLING_ERR_ORDER;
    error = billing_account_load(billing, scope, out->account_id, &account);
    return error == BILLING_ERR_ACCOUNT ? BILLING_ERR_ORDER : error;
}

int payment_order_cancel(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                         int64_t payment_order_id, struct payment_order *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order order;
    int error = billing_order_load(billing, scope, payment_order_id, &order);

    if (error < 0)
        return error;
    if (order.state == PAYMENT_ORDER_PAID || order.state == PAYMENT_ORDER_DISPUTED)
        return BILLING_ERR_ORDER_ENDED;
    if (order.state != PAYMENT_ORDER_CLOSED && order.expires_s > wall_s) {
        order.expires_s = wall_s;
        order.next_s = wall_s;
        order.step = PAYMENT_STEP_CLOSE;
        order.attempts = 0;
        error = orders->order_update(orders->context, &order);
    }
    if (error == 0)
        *out = order;
    return error;
}

/* Lent: whoever took it may die; then it is lent again. */
static int order_lend(struct billing *billing, int64_t wall_s, const char *channel, struct payment_order_work *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    int result = orders->order_due(orders->context, channel, wall_s, &out->order);

    if (result != 1)
        return result;
    out->step = (enum payment_step)out->order.step;
    out->order.next_s = wall_s + PAYMENT_ORDER_LEASE_S;
    result = orders->order_update(orders->context, &out->order);
    return result < 0 ? result : 1;
}

/* The channel knows a second payment by the number of the order it was made for. */
static int first_number_take(const struct payment_order_store *orders, struct payment_order *order)
{
    struct payment_order first;
    int found = order->second_of != 0 ? orders->order_read(orders->context, order->second_of, &first) : 1;

    if (found != 1 || order->second_of == 0)
        return found;
    memcpy(order->trade_number, first.trade_number, sizeof order->trade_number);
    order->created_s = first.created_s;
    return 1;
}

static int refund_lend(struct billing *billing, int64_t wall_s, const char *channel, struct payment_order_work *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    int result = orders->refund_due(orders->context, channel, wall_s, &out->refund);

    if (result != 1)
        return result;
    out->step = (enum payment_step)out->refund.step;
    out->refund.next_s = wall_s + PAYMENT_ORDER_LEASE_S;
    result = orders->refund_update(orders->context, &out->refund);
    if (result == 0)
        result = orders->order_read(orders->context, out->refund.payment_order_id, &out->order);
    if (result == 1)
        result = first_number_take(orders, &out->order);
    return result == 0 ? BILLING_ERR_ORDER : result;
}

static int bill_lend(struct billing *billing, int64_t wall_s, const char *channel, struct payment_order_work *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    int result = orders->run_due(orders->context, channel, wall_s, &out->run);

    if (result != 1)
        return result;
    out->step = PAYMENT_STEP_BILL;
    out->run.next_s = wall_s + PAYMENT_BILL_LEASE_S;
    memcpy(out->order.channel, out->run.channel, sizeof out->order.channel);
    result = orders->run_update(orders->context, &out->run);
    return result < 0 ? result : 1;
}

int payment_order_work_take(struct billing *billing, int64_t wall_s, const char *channel, struct payment_order_work *out)
{
    struct payment_order_work work = { .step = PAYMENT_STEP_NONE };
    int result = order_lend(billing, wall_s, channel, &work);

    if (result == 0)
        result = refund_lend(billing, wall_s, channel, &work);
    if (result == 0)
        result = bill_lend(billing, wall_s, channel, &work);
    if (result == 1)
        *out = work;
    return result;
}
