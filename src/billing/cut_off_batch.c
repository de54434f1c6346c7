/* Closings that two people answer for. */
#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <string.h>

#define CLOSINGS_MAXIMUM 10000
#define REASON_LIMIT 120

static int today_read(struct billing *billing, uint32_t tenant_id, int64_t now_s, int64_t *today)
{
    struct billing_policy policy;
    int error = billing_policy_read(billing, tenant_id, &policy);

    if (error == 0)
        *today = calendar_local_day(now_s, policy.arrears.zone_offset_s);
    return error;
}

/* Who is to be cut off changes by the minute: a batch does not wait long, and never past its local day. */
static int approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct billing_batch *batch)
{
    struct approval approval = { .kind = APPROVAL_CUT_OFF_BATCH, .object_id = batch->batch_id, .needs_other = true };
    struct billing_policy policy;
    int error = billing_policy_read(billing, scope->tenant_id, &policy);

    approval.expires_s = calendar_midnight(batch->day + 1, policy.arrears.zone_offset_s);
    if (approval.expires_s > now_s + (int64_t)policy.cut_approval_min * 60)
        approval.expires_s = now_s + (int64_t)policy.cut_approval_min * 60;
    memcpy(approval.reason, batch->reason, sizeof approval.reason);
    return error < 0 ? error : billing_approval_ask(billing, scope, now_s, &approval);
}

int billing_batch_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                      struct billing_batch *batch)
{
    int error;

    if (batch->closings < 1 || batch->closings > CLOSINGS_MAXIMUM)
        return BILLING_ERR_CLOSINGS;
    if (batch->reason[0] == '\0' || strlen(batch->reason) > REASON_LIMIT)
        return BILLING_ERR_REASON;
    batch->tenant_id = scope->tenant_id;
    batch->asked_by = scope->person_id;
    batch->asked_s = now_s;
    batch->released_s = 0;
    error = today_read(billing, scope->tenant_id, now_s, &batch->day);
    if (error == 0)
        error = billing->store->batch_insert(billing->store->context, batch);
    return error < 0 ? error : approval_ask(billing, scope, now_s, batch);
}

static int batch_load(struct billing *billing, uint32_t tenant_id, int64_t batch_id, struct billing_batch *batch)
{
    int found = billing->store->batch_read(billing->store->context, batch_id, batch);

    if (found < 0)
        return found;
    return found == 0 || batch->tenant_id != tenant_id ? BILLING_ERR_BATCH : 0;
}

int billing_batch_release(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t batch_id)
{
    struct billing_batch batch;
    int error = batch_load(billing, scope->tenant_id, batch_id, &batch);

    return error < 0 ? error : billing_approval_decide_object(billing, scope, now_s, APPROVAL_CUT_OFF_BATCH, batch_id, true,
                                                              BILLING_ERR_BATCH_SETTLED);
}

int billing_batch_figures(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out)
{
    struct billing_batch batch;
    int32_t closed = 0;
    int error = batch_load(billing, row->tenant_id, row->object_id, &batch);

    (void)now_s;
    if (error == 0)
        error = billing->store->closings_read(billing->store->context, row->tenant_id, batch.day, &closed);
    if (error < 0)
        return error;
    approval_figure_add(out, "closings", batch.closings);
    approval_figure_add(out, "closed_that_day", closed);
    return 0;
}

int billing_batch_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          const struct billing_decision *decision, const struct approval *row)
{
    const struct billing_store *store = billing->store;
    struct billing_batch batch;
    int result = batch_load(billing, row->tenant_id, row->object_id, &batch);

    (void)decision;
    if (result < 0)
        return result;
    if (batch.stopped_s != 0)
        return BILLING_ERR_BATCH_SETTLED;
    batch.released_by = scope->person_id;
    batch.released_s = now_s;
    result = store->batch_update(store->context, &batch);
    if (result < 0)
        return result;
    return store->accounts_stage_look(store->context, scope->tenant_id, ARREARS_FINAL_NOTICE, now_s);
}

int billing_batch_stop(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t batch_id)
{
    struct billing_batch batch;
    int error = batch_load(billing, scope->tenant_id, batch_id, &batch);

    if (error < 0)
        return error;
    if (batch.stopped_s != 0)
        return BILLING_ERR_BATCH_SETTLED;
    batch.stopped_by = scope->person_id;
    batch.stopped_s = now_s;
    return billing->store->batch_update(billing->store->context, &batch);
}

int billing_cut_rules_changed(struct billing *billing, uint32_t tenant_id, int64_t now_s)
{
    return billing->store->accounts_stage_look(billing->store->context, tenant_id, ARREARS_FINAL_NOTICE, now_s);
}
