/* Calls about payments through channels, from the api and from whoever speaks with the channels. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "billing/cash_shift.h"
#include "billing/payment_reconciliation.h"
#include "payment/payment_channel.h"
#include "security/secret.h"
#include "security/security_error.h"

static int chance_fill(uint64_t *chance)
{
    struct secret_source source = secret_source_system();

    return source.fill(source.context, (uint8_t *)chance, sizeof *chance);
}

static int order_fill(const struct core_payment_order *ask, struct payment_order_request *request)
{
    request->account_id = ask->account_id;
    request->amount_fen = ask->amount_fen;
    request->scene = (uint8_t)payment_scene_of_name(ask->scene);
    if (text_copy(span_of_text(ask->channel), request->channel, sizeof request->channel) < 0)
        return BILLING_ERR_CHANNEL;
    if (text_copy(span_of_text(ask->key), request->key, sizeof request->key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->description), request->description, sizeof request->description) < 0 ||
        text_copy(span_of_text(ask->payer_id), request->payer_id, sizeof request->payer_id) < 0 ||
        text_copy(span_of_text(ask->client_ip), request->client_ip, sizeof request->client_ip) < 0)
        return BILLING_ERR_NAME;
    return chance_fill(&request->chance);
}

int core_payment_order_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_payment_order *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct payment_order_request wanted = { .account_id = 0 };
    struct payment_order order;
    int result = order_fill(ask, &wanted);

    if (result >= 0)
        result = payment_order_create(core->billing, &scope, ask->head.wall_s, &wanted, &order);
    if (result < 0)
        return result;
    reply->object_id = order.payment_order_id;
    reply->repeated = result == 1;
    (void)text_copy(span_of_text(order.trade_number), reply->receipt, sizeof reply->receipt);
    return core_audit(core, &ask->head, "payment_order.create", "payment_order", reply->object_id, order.trade_number);
}

int core_payment_order_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct payment_order order;
    int result = payment_order_cancel(core->billing, &scope, ask->head.wall_s, ask->head.object_id, &order);

    if (result < 0)
        return result;
    reply->object_id = order.payment_order_id;
    return core_audit(core, &ask->head, "payment_order.cancel", "payment_order", reply->object_id, order.trade_number);
}

int core_payment_refund_resolve(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_difference *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    char detail[CORE_REASON_LIMIT + sizeof ask->action + 2];
    struct payment_refund refund;
    int result = payment_refund_resolve(core->billing, &scope, core->now_s, ask->head.object_id,
                                        strcmp(ask->action, "paid_out") == 0, &refund);

    if (result < 0)
        return result;
    reply->object_id = refund.payment_refund_id;
    (void)snprintf(detail, sizeof detail, "%s: %s", ask->action, ask->reason);
    return core_audit(core, &ask->head, "payment_refund.resolve", "payment_refund", reply->object_id, detail);
}

int core_payment_work_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_payment_work *ask = request;
    int result = payment_order_work_take(core->billing, ask->head.wall_s, ask->channel, ask->work);

    if (result < 0)
        return result;
    reply->count = result;
    return 0;
}

int core_payment_outcome_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_payment_outcome *ask = request;
    struct payment_order order;
    int result = payment_order_outcome_take(core->billing, ask->head.wall_s, core->now_s, &ask->outcome, &order);

    if (result < 0)
        return result;
    reply->object_id = order.payment_order_id;
    if (ask->outcome.word == PAYMENT_WORD_PAID && !ask->outcome.is_refund && order.state == PAYMENT_ORDER_PAID)
        core_live_add(core, order.tenant_id, 0, LIVE_PAYMENT,
                      "{\"payment_order_id\":%lld,\"account_id\":%lld,\"amount_fen\":%lld}",
                      (long long)order.payment_order_id, (long long)order.account_id, (long long)order.amount_fen);
    return 0;
}

int core_reconciliation_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reconciliation *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct payment_bill_run run;
    int result = strcmp(ask->channel, "cash") == 0
        ? cash_reconciliation_ask(core->billing, &scope, core->now_s, ask->day, &run)
        : payment_reconciliation_ask(core->billing, &scope, ask->head.wall_s, ask->channel, ask->day, &run);

    if (result < 0)
        return result;
    reply->object_id = run.run_id;
    return core_audit(core, &ask->head, "payment_reconciliation.ask", "payment_reconciliation", run.run_id, ask->channel);
}

int core_reconciliation_due(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reconciliation *ask = request;

    (void)reply;
    return payment_reconciliation_due(core->billing, ask->head.wall_s, ask->channel, ask->day);
}

int core_reconciliation_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_bill *ask = request;

    (void)reply;
    return payment_reconciliation_take(core->billing, ask->head.wall_s, ask->head.object_id, ask->entries, ask->count,
                                       ask->problem);
}

int core_difference_resolve(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_difference *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = payment_difference_resolve(core->billing, &scope, ask->head.wall_s, core->now_s, ask->head.object_id,
                                            ask->action, ask->reason);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "payment_difference.resolve", "payment_difference", reply->object_id, ask->action);
}
