/* Calls of the cash desk: shifts, payments undone, cash brought to the bank. */
#include <stdio.h>

#include "api/cash_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "billing/cash_shift.h"

int core_cash_shift_open(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_cash_shift *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct cash_shift shift;
    int result = cash_shift_open(core->billing, &scope, core->now_s, ask->counted_fen, ask->notes, &shift);

    if (result < 0)
        return result;
    reply->object_id = shift.shift_id;
    return core_audit(core, &ask->head, "cash_shift.open", "cash_shift", shift.shift_id, shift.number);
}

int core_cash_shift_count(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_cash_shift *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    char detail[CORE_REASON_LIMIT];
    struct cash_shift shift;
    int result = cash_shift_count(core->billing, &scope, core->now_s, ask->head.object_id, ask->counted_fen, ask->notes,
                                  ask->reason, &shift);

    if (result < 0)
        return result;
    reply->object_id = shift.shift_id;
    (void)snprintf(detail, sizeof detail, "%s difference %lld fen %s", shift.number, (long long)shift.difference_fen,
                   shift.reason);
    return core_audit(core, &ask->head, "cash_shift.count", "cash_shift", shift.shift_id, detail);
}

int core_cash_shift_confirm(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = cash_shift_confirm(core->billing, &scope, core->now_s, ask->head.object_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "cash_shift.confirm", "cash_shift", reply->object_id, ask->reason);
}

int core_payment_undo_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct cash_undo undo;
    int result = cash_undo_ask(core->billing, &scope, core->now_s, ask->head.object_id, ask->reason, &undo);

    if (result < 0)
        return result;
    reply->object_id = undo.undo_id;
    return core_audit(core, &ask->head, "payment.undo_ask", "payment", ask->head.object_id, ask->reason);
}

static int undo_decide(struct core *core, const struct core_reason *ask, struct core_reply *reply, bool release)
{
    struct billing_scope scope = core_money_scope(&ask->head);
    struct cash_undo undo;
    int result = cash_undo_decide(core->billing, &scope, core->now_s, ask->head.object_id, release, &undo);

    if (result < 0)
        return result;
    reply->object_id = undo.undo_id;
    return core_audit(core, &ask->head, release ? "payment.undo" : "payment.undo_refuse", "payment", undo.payment_id,
                      release ? undo.reason : ask->reason);
}

int core_payment_undo_release(struct core *core, const void *request, struct core_reply *reply)
{
    return undo_decide(core, request, reply, true);
}

int core_payment_undo_refuse(struct core *core, const void *request, struct core_reply *reply)
{
    return undo_decide(core, request, reply, false);
}

int core_cash_deposit(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_cash_deposit *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct cash_deposit row = { .amount_fen = ask->amount_fen };
    int result;

    if (text_copy(span_of_text(ask->key), row.key, sizeof row.key) < 0)
        return BILLING_ERR_KEY;
    (void)text_copy(span_of_text(ask->source), row.source, sizeof row.source);
    (void)text_copy(span_of_text(ask->bank), row.bank, sizeof row.bank);
    (void)text_copy(span_of_text(ask->slip), row.slip, sizeof row.slip);
    result = cash_deposit_book(core->billing, &scope, core->now_s, &row);
    if (result < 0)
        return result;
    reply->object_id = row.deposit_id;
    reply->repeated = result == 1;
    return core_audit(core, &ask->head, "cash.deposit", "cash_deposit", row.deposit_id, row.slip);
}
