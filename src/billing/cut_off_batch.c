/* Closings that two people answer for. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

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
    return error < 0 ? error : billing->store->batch_insert(billing->store->context, batch);
}

int billing_batch_release(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t batch_id)
{
    const struct billing_store *store = billing->store;
    struct billing_batch batch;
    int64_t today = 0;
    int result = store->batch_read(store->context, batch_id, &batch);

    if (result < 0)
        return result;
    if (result == 0 || batch.tenant_id != scope->tenant_id)
        return BILLING_ERR_BATCH;
    result = today_read(billing, scope->tenant_id, now_s, &today);
    if (result < 0)
        return result;
    if (batch.released_s != 0 || batch.day != today)
        return BILLING_ERR_BATCH_SETTLED;
    if (batch.asked_by == scope->person_id)
        return BILLING_ERR_SAME_PERSON;
    batch.released_by = scope->person_id;
    batch.released_s = now_s;
    result = store->batch_update(store->context, &batch);
    if (result < 0)
        return result;
    return store->accounts_stage_look(store->context, scope->tenant_id, ARREARS_FINAL_NOTICE, now_s);
}
