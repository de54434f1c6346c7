/* Calls about supply cut off for arrears, and about accounts that are paid and cut off together. */
#include <stdio.h>

#include "apps/meterworks/core_internal.h"
#include "billing/public_meter.h"
#include "base/span.h"
#include "base/text.h"

int core_batch_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_batch *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_batch batch = { .closings = ask->closings };
    int result;

    if (text_copy(span_of_text(ask->reason), batch.reason, sizeof batch.reason) < 0)
        return BILLING_ERR_REASON;
    result = billing_scope_check_whole(&scope);
    if (result == 0)
        result = billing_batch_ask(core->billing, &scope, core->now_s, &batch);
    if (result < 0)
        return result;
    reply->object_id = batch.batch_id;
    return core_audit(core, &ask->head, "cut_off.ask", "cut_off_batch", batch.batch_id, batch.reason);
}

int core_batch_release(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = billing_scope_check_whole(&scope);

    if (result == 0)
        result = billing_batch_release(core->billing, &scope, core->now_s, ask->head.object_id);
    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "cut_off.release", "cut_off_batch", ask->head.object_id, ask->reason);
}

int core_share_set(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_share *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    char detail[64];
    int result = billing_share_set(core->billing, &scope, core->now_s, ask->head.object_id, ask->public_account_id,
                                   ask->weight);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    (void)snprintf(detail, sizeof detail, "%lld: %lld", (long long)ask->public_account_id, (long long)ask->weight);
    return core_audit(core, &ask->head, "share.set", "account", ask->head.object_id, detail);
}

int core_share_basis_set(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_share_basis *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int basis = billing_share_basis_of_name(ask->basis);
    int result = basis < 0 ? BILLING_ERR_SHARE
                           : billing_share_basis_set(core->billing, &scope, core->now_s, ask->head.object_id,
                                                     (enum billing_share_basis)basis);

    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "share.basis", "account", reply->object_id, ask->basis);
}

int core_batch_stop(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = billing_scope_check_whole(&scope);

    if (result == 0)
        result = billing_batch_stop(core->billing, &scope, core->now_s, ask->head.object_id);
    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "cut_off.stop", "cut_off_batch", ask->head.object_id, ask->reason);
}

int core_group_join(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_group *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    int result = billing_group_join(core->billing, &scope, core->now_s, ask->head.object_id, ask->main_account_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, ask->main_account_id != 0 ? "group.join" : "group.leave", "account",
                      ask->head.object_id, "");
}
