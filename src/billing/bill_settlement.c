/* Post-paid: a bill for each period between two settlement dates, and what pays it. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

static int64_t cycle_used_after(const struct tariff *tariff, const struct billing_account *account,
                                const struct billing_bill *bill)
{
    bool same = tariff_cycle_start(tariff, bill->to_day - 1) == account->cycle_start_day;

    return (same ? account->cycle_used_value : 0) + bill->usage_value;
}

int billing_account_advance(struct billing *billing, struct billing_account *account, const struct billing_bill *bill)
{
    const struct tariff *tariff;
    int error = billing_tariff_load(billing, bill->tariff_version_id, &tariff);

    if (error < 0)
        return error;
    account->cycle_used_value = cycle_used_after(tariff, account, bill);
    account->cycle_start_day = tariff_cycle_start(tariff, bill->to_day - 1);
    account->settled_day = bill->to_day;
    account->settled_total_value = bill->to_total_value;
    return 0;
}

/* The posting names the bill, the bill the posting. */
static int bill_post(struct billing *billing, struct billing_account *account, const struct charge *charge,
                     struct billing_bill *bill)
{
    bool alone = account->bills_known && !account->bill_open;
    struct billing_posted posted;
    int error = billing_bill_number(billing, bill);

    if (error == 0)
        error = billing_items_post(billing, account, charge,
                                   &(struct billing_posting){ LEDGER_BILL, bill->bill_id, bill->to_day, bill->issued_s },
                                   &posted);
    if (error < 0)
        return error;
    bill->transfer_id = posted.transfer_id;
    if (alone)
        error = billing_bill_pay_alone(billing, account, bill);
    if (error == 0)
        error = billing_bill_insert(billing, bill, charge);
    return error < 0 || alone ? error
                              : billing_bills_pay(billing, account, &(struct billing_paying){ bill->issued_s, bill->issued_s, 0, 0 });
}

static int bill_issue(struct billing_look *look, const struct charge *charge, struct billing_bill *taken_back,
                      struct billing_bill *bill)
{
    struct billing *billing = look->billing;
    struct billing_account *account = look->account;
    int error = 0;

    if (taken_back->bill_id != 0)
        error = billing_bill_reverse(billing, account, taken_back, look->now_s);
    if (error < 0)
        return error;
    bill->run_id = look->run_id;
    bill->due_day = calendar_local_day(look->now_s, account->zone_offset_s) + look->policy.bill_due_days;
    error = bill_post(billing, account, charge, bill);
    return error < 0 ? error : billing_account_advance(billing, account, bill);
}

/* A bill that replaces another is a step of its own: when it cannot be posted, the other one stands. */
static int bill_replace(struct billing_look *look, const struct charge *charge, struct billing_bill *taken_back,
                        struct billing_bill *bill)
{
    struct billing_account before = *look->account;
    int error = billing_step_begin(look->billing);
    int ended;

    if (error < 0)
        return error;
    error = bill_issue(look, charge, taken_back, bill);
    if (billing_error_of_store(error))
        return error;
    ended = error < 0 ? billing_step_revert(look->billing) : billing_step_keep(look->billing);
    if (error < 0)
        *look->account = before;
    return ended < 0 ? ended : error;
}

int billing_bill_issue(struct billing_look *look, int64_t to_day, struct billing_bill *bill)
{
    struct charge charge;
    struct billing_account before = *look->account;
    struct billing_bill taken_back;
    int error = billing_bill_compute(look, &before, to_day, bill, &charge, &taken_back);

    if (error == 0 && look->allowed_by != NULL)
        error = billing_run_allows(look, look->allowed_by, bill->amount_fen);
    if (error < 0)
        return error;
    return taken_back.bill_id != 0 && !look->billing->step_open ? bill_replace(look, &charge, &taken_back, bill)
                                                                : bill_issue(look, &charge, &taken_back, bill);
}

int billing_bills_settle(struct billing_look *look)
{
    struct billing_account *account = look->account;
    int64_t to_day;

    account->held_error = 0;
    if (look->policy.bills_by_run != 0)
        return 0;
    while ((to_day = billing_bill_day_next(account)) <= look->settle_day) {
        struct billing_bill bill;
        int error = billing_bill_issue(look, to_day, &bill);

        /* Meters report some hours after midnight: until the day is over that is no reason to be told of. */
        if (error == BILLING_ERR_MIDNIGHT && to_day == look->settle_day)
            return 0;
        if (error < 0 && billing_error_of_store(error))
            return error;
        if (error < 0) {
            account->held_error = error;
            return 0;
        }
    }
    return 0;
}

int billing_bill_oldest(struct billing *billing, const struct billing_account *account, int64_t *due_day)
{
    struct billing_bill bill;
    int found;

    *due_day = account->bill_due_day;
    if (account->bills_known)
        return account->bill_open;
    found = billing->store->bill_unpaid_next(billing->store->context, account->account_id, INT64_MIN, &bill);
    if (found == 1)
        *due_day = bill.due_day;
    return found;
}
