/* What a settlement would issue, without issuing it. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

static int preview_account(struct billing *billing, int64_t account_id, int64_t to_day, int64_t now_s,
                           struct billing_settlement_preview *preview)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    struct billing_bill bill;
    struct charge charge;
    int result = store->account_read(store->context, account_id, &account);

    if (result <= 0)
        return result;
    result = billing_bill_preview(billing, &account, to_day, now_s, &bill, &charge);
    if (result == 0) {
        preview->ready++;
        preview->amount_fen += bill.amount_fen;
        return 0;
    }
    if (result == BILLING_ERR_SETTLED)
        return 0;
    preview->held += billing_error_holds(result);
    return billing_error_holds(result) ? 0 : result;
}

int billing_settlement_preview(struct billing *billing, const struct billing_scope *scope, int64_t to_day,
                               int64_t now_s, int32_t limit, struct billing_settlement_preview *out)
{
    const struct billing_store *store = billing->store;
    struct billing_settlement_preview preview = { 0 };
    struct billing_policy policy;
    int64_t account_id = 0;
    int result = billing_policy_read(billing, scope->tenant_id, &policy);

    if (result < 0)
        return result;
    if (to_day > calendar_local_day(now_s, policy.arrears.zone_offset_s))
        return BILLING_ERR_TO_DAY;
    for (int32_t done = 0; result >= 0; done++, account_id++) {
        result = store->account_postpaid_next(store->context, scope->tenant_id, account_id, &account_id);
        preview.complete = result == 0;
        if (result <= 0 || done == limit)
            break;
        result = preview_account(billing, account_id, to_day, now_s, &preview);
    }
    if (result >= 0)
        *out = preview;
    return result < 0 ? result : 0;
}
