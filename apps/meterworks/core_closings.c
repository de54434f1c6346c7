/* Calls about contracts that end, security deposits and payments on the wrong account. */
#include <stdio.h>
#include <string.h>

#include "api/case_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "billing/late_fee_waiver.h"
#include "billing/money_carry.h"

/* What the dial shows becomes the total that is charged by. */
static int reading_fill(struct core *core, const struct core_closing *ask, struct billing_closing_request *request)
{
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_account account;
    int64_t balance_fen;
    int error;

    if (request->reading != CLOSING_READ_TYPED)
        return 0;
    error = billing_account_read(core->billing, &scope, request->account_id, &account, &balance_fen);
    if (error < 0 || account.device_id == 0) /* there is nothing to read */
        return error;
    return reading_exchange_total(core->reading, account.device_id, ask->register_value, core->now_s,
                                                      &request->total_value);
}

static int closing_fill(struct core *core, const struct core_closing *ask, struct billing_closing_request *request)
{
    *request = (struct billing_closing_request){
        .account_id = ask->head.object_id, .new_customer_id = ask->new_customer_id, .new_tariff_id = ask->new_tariff_id,
        .wall_s = ask->head.wall_s, .kind = (uint8_t)closing_kind_of_name(ask->kind),
        .reading = (uint8_t)closing_reading_of_name(ask->reading), .rest = (uint8_t)refund_route_of_name(ask->rest),
        .close_valve = ask->close_valve, .move_balance = ask->move_balance, .leave_meter = ask->leave_meter,
    };
    if (text_copy(span_of_text(ask->key), request->key, sizeof request->key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->reason), request->reason, sizeof request->reason) < 0)
        return BILLING_ERR_REASON;
    if (text_copy(span_of_text(ask->new_mode), request->new_mode, sizeof request->new_mode) < 0 ||
        text_copy(span_of_text(ask->new_holds), request->new_holds, sizeof request->new_holds) < 0)
        return BILLING_ERR_OWNER;
    if (text_copy(span_of_text(ask->payee), request->payee, sizeof request->payee) < 0 ||
        text_copy(span_of_text(ask->bank), request->bank, sizeof request->bank) < 0 ||
        text_copy(span_of_text(ask->bank_account), request->bank_account, sizeof request->bank_account) < 0)
        return CASE_ERR_PAYEE;
    return reading_fill(core, ask, request);
}

int core_closing_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_closing *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_closing_request wanted;
    int result = closing_fill(core, ask, &wanted);

    if (result < 0)
        return result;
    if (ask->preview)
        return billing_closing_preview(core->billing, &scope, core->now_s, &wanted, ask->out);
    result = billing_closing_ask(core->billing, &scope, core->now_s, &wanted, ask->out);
    if (result < 0)
        return result;
    reply->object_id = ask->out->row.closing_id;
    reply->repeated = ask->out->repeated;
    return reply->repeated ? 0 : core_audit(core, &ask->head, "closing.ask", "account", wanted.account_id, wanted.reason);
}

int core_deposit_keep(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_deposit *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    char detail[32];
    int result = billing_deposit_take(core->billing, &scope, core->now_s, ask->head.object_id, ask->amount_fen, ask->key,
                                      &reply->amount_fen);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    (void)snprintf(detail, sizeof detail, "%lld", (long long)ask->amount_fen);
    return core_audit(core, &ask->head, "deposit.keep", "account", ask->head.object_id, detail);
}

int core_payment_move_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_payment_move *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_move_request wanted = { .to_account_id = ask->to_account_id, .amount_fen = ask->amount_fen,
                                           .into_debt = ask->into_debt };
    int result;

    if (ask->of_order)
        wanted.payment_order_id = ask->head.object_id;
    else
        wanted.payment_id = ask->head.object_id;
    if (text_copy(span_of_text(ask->key), wanted.key, sizeof wanted.key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->reason), wanted.reason, sizeof wanted.reason) < 0)
        return BILLING_ERR_REASON;
    result = billing_move_ask(core->billing, &scope, core->now_s, &wanted, ask->out);
    if (result < 0)
        return result;
    reply->object_id = ask->out->row.payment_move_id;
    reply->repeated = ask->out->repeated;
    return reply->repeated ? 0 : core_audit(core, &ask->head, "payment.move", "account", ask->out->row.from_account_id,
                                            wanted.reason);
}

int core_meter_carry_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_meter_carry *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int64_t approval_id = 0;
    int result = billing_money_carry_ask(core->billing, &scope, core->now_s, ask->head.object_id, ask->amount_fen, ask->reason,
                                         &approval_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "meter_carry.ask", "money_carry", ask->head.object_id, ask->reason);
}

int core_late_fee_waive(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_late_fee_waiver *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int64_t approval_id = 0;
    int result = billing_late_fee_waive(core->billing, &scope, core->now_s, ask->head.object_id, ask->amount_fen, ask->reason,
                                        &approval_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "late_fee.waive_ask", "bill", ask->head.object_id, ask->reason);
}
