/* Bills as news: told after they were issued, in their order, so that a settlement of many is not held up by its messages. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

/* Money of an account that rests is told by its closing. */
static int customer_tell(struct billing *billing, struct billing_account *account, const struct billing_bill *bill,
                         int64_t now_s)
{
    struct billing_look look;
    int error;

    if (bill->state != BILLING_BILL_ISSUED || billing_account_rests(account))
        return 0;
    error = billing_look_begin(billing, account, now_s, &look);
    if (error < 0)
        return error;
    billing->policy_tenant_id = account->tenant_id;
    return billing_notice_post(&look, "bill", calendar_midnight(bill->due_day, account->zone_offset_s));
}

static int bill_tell(struct billing *billing, const struct billing_bill *bill, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    int found;

    if (bill->state == BILLING_BILL_REVERSED)
        return 0;
    found = billing_money_tell(billing, &(struct billing_money){
        .tenant_id = bill->tenant_id, .account_id = bill->account_id, .kind = BILLING_MONEY_BILLED,
        .subject_id = bill->bill_id, .amount_fen = bill->amount_fen, .method = "", .reference = bill->number });
    if (found == 0)
        found = store->account_read(store->context, bill->account_id, &account);
    return found <= 0 ? found : customer_tell(billing, &account, bill, now_s);
}

/* A run of millions is told as fast as its messages leave: none is given up because the outbox is full. */
static int room_find(struct billing *billing, const struct billing_bill *bill)
{
    const struct billing_actions *actions = billing->config.actions;

    return actions->notices_room == NULL ? 1 : actions->notices_room(actions->context, bill->tenant_id);
}

int billing_bills_tell(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill;
    int64_t told_id;
    int32_t told = 0;
    int found = store->told_read(store->context, &told_id);

    while (found >= 0 && told < limit && (found = store->bill_next(store->context, told_id, &bill)) == 1) {
        int error = room_find(billing, &bill);

        if (error == 0)
            break;
        if (error > 0)
            error = bill_tell(billing, &bill, now_s);
        if (error < 0)
            return error;
        told_id = bill.bill_id;
        told++;
    }
    if (found >= 0 && told > 0)
        found = store->told_write(store->context, told_id);
    return found < 0 ? found : told;
}
