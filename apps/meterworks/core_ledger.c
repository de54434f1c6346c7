/* Calls about the ledger itself: money kept aside, and the end of a period. */
#include "apps/meterworks/core_internal.h"
#include "base/calendar.h"
#include "base/span.h"
#include "base/text.h"

/* result: of the room; 1 a repetition */
static int hold_answer(struct core *core, const struct core_request *head, int result, const char *action,
                       const struct ledger_hold *hold, struct core_reply *reply)
{
    if (result < 0)
        return result;
    reply->object_id = hold->hold_id;
    reply->repeated = result == 1;
    return core_audit(core, head, action, "hold", hold->hold_id, hold->key);
}

int core_hold_place(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_hold *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_hold_request wanted = { .account_id = ask->head.object_id, .amount_fen = ask->amount_fen,
                                           .duration_s = ask->duration_s };
    struct ledger_hold hold;
    int result;

    if (text_copy(span_of_text(ask->key), wanted.key, sizeof wanted.key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->item), wanted.item, sizeof wanted.item) < 0)
        return BILLING_ERR_ITEM;
    result = billing_hold_place(core->billing, &scope, core->now_s, &wanted, &hold);
    return hold_answer(core, &ask->head, result, "hold.place", &hold, reply);
}

int core_hold_settle(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_hold *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct ledger_hold hold;
    int result = billing_hold_settle(core->billing, &scope, core->now_s, ask->head.object_id, ask->amount_fen, &hold);

    return hold_answer(core, &ask->head, result, "hold.settle", &hold, reply);
}

int core_period_close(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_settlement *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    const struct tenant_record *tenant = registry_tenant_find(core->registry, ask->head.tenant_id);
    int32_t zone_offset_s = tenant != NULL ? tenant->zone_offset_s : 0;
    struct ledger_closing closing = { .until_s = calendar_midnight(ask->to_day, zone_offset_s),
                                      .closed_s = core->now_s,
                                      .tenant_id = ask->head.tenant_id,
                                      .closed_by = ask->head.person_id };
    int result = billing_scope_check_whole(&scope);

    if (result == 0)
        result = ledger_period_close(ledger_sql_store(core->ledger_sql), &closing);
    if (result < 0)
        return result;
    reply->object_id = ask->to_day;
    return core_audit(core, &ask->head, "period.close", "period", ask->to_day, "");
}
