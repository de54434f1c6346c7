/* A bill taken back: its postings mirrored, the account where it stood before. */
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"
#include "billing/refund_invoice.h"

#include <stdio.h>

void billing_account_return(struct billing_account *account, const struct billing_bill *bill)
{
    account->settled_day = bill->from_day;
    account->settled_total_value = bill->from_total_value;
    account->cycle_start_day = bill->cycle_start_day;
    account->cycle_used_value = bill->cycle_used_value;
}

static void item_add(struct charge *items, const struct billing_bill_line *line)
{
    struct charge_item *item = &items->items[items->item_count++];

    (void)snprintf(item->name, sizeof item->name, "%s", line->item);
    item->amount_fen = line->amount_fen;
}

/* The items of a bill may stem from several versions: its own lines name them all. */
static int items_reverse(struct billing *billing, const struct billing_account *account,
                         const struct billing_bill *bill, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_bill_line line;
    struct charge items;
    struct billing_posted posted;
    char prefix[LEDGER_KEY_SIZE];
    int found;

    items.item_count = 0;
    (void)snprintf(prefix, sizeof prefix, "bill/%lld", (long long)bill->bill_id);
    for (int32_t number = 1; (found = store->bill_line_read(store->context, bill->bill_id, number, &line)) == 1;
         number++) {
        int error = 0;

        if (line.amount_fen == 0)
            continue;
        if (bill->transfer_id < 0)
            error = billing_item_reverse(billing, account, prefix, line.item, now_s);
        else if (items.item_count < CHARGE_ITEM_LIMIT)
            item_add(&items, &line);
        if (error < 0)
            return error;
    }
    if (found < 0 || bill->transfer_id < 0)
        return found;
    posted.transfer_id = bill->transfer_id;
    found = billing_items_name(billing, account, &items, posted.items);
    return found < 0 ? found
                     : billing_items_take_back(billing, account, &posted, &(struct billing_posting){
                           LEDGER_BILL, bill->bill_id, bill->to_day, now_s });
}

int billing_bill_reverse(struct billing *billing, struct billing_account *account, struct billing_bill *bill,
                         int64_t now_s)
{
    const struct billing_bill before = *bill;
    int error;

    if (account->settled_day != bill->to_day)
        return BILLING_ERR_NEWER_BILL;
    error = items_reverse(billing, account, bill, now_s);
    if (error == 0)
        error = billing_late_fee_return(billing, account, bill, bill->late_fee_fen, now_s);
    if (error < 0)
        return error;
    bill->state = BILLING_BILL_REVERSED;
    bill->paid_fen = 0;
    error = billing_bill_update(billing, &before, bill);
    if (error == 0)
        error = billing_bill_invoice_take_back(billing, bill->bill_id);
    if (error < 0)
        return error;
    billing_account_return(account, bill);
    account->look_s = now_s;
    return billing_bills_pay(billing, account, &(struct billing_paying){ now_s, now_s, 0, 0 });
}
