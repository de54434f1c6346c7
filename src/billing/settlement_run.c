/* A settlement of a whole tenant: resumable, idempotent, and reversible by correcting transfers. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

#include <stdio.h>

/* Bill one account up to the run's midnight; what holds it back is counted and remembered. */
static int run_account(struct billing *billing, struct billing_run *run, int64_t account_id, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    struct billing_look look;
    struct billing_bill bill;
    int error = store->account_read(store->context, account_id, &account);

    if (error <= 0)
        return error;
    error = billing_look_begin(billing, &account, now_s, &look);
    if (error < 0)
        return error;
    error = billing_bill_issue(&look, run->to_day, &bill);
    if (error == BILLING_ERR_SETTLED)
        return 0;
    if (error == 0) {
        run->issued++;
        run->amount_fen += bill.amount_fen;
        account.held_error = 0;
        error = billing_notice_post(&look, "bill", calendar_midnight(bill.due_day, account.zone_offset_s));
    } else if (billing_error_holds(error)) {
        run->held++;
        account.held_error = error;
        error = 0;
    }
    return error < 0 ? error : billing_look_finish(&look);
}

static int run_slice(struct billing *billing, struct billing_run *run, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int found = 1;

    for (int32_t done = 0; done < limit; done++) {
        int64_t account_id;
        int error;

        found = store->account_postpaid_next(store->context, run->tenant_id, run->next_account_id, &account_id);
        if (found <= 0)
            break;
        error = run_account(billing, run, account_id, now_s);
        if (error < 0)
            return error;
        run->next_account_id = account_id + 1;
    }
    if (found < 0)
        return found;
    if (found == 0)
        run->finished_s = now_s;
    return store->run_update(store->context, run);
}

int billing_run_continue(struct billing *billing, uint32_t tenant_id, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    struct billing_run run;
    int found = store->run_open(store->context, tenant_id, &run);
    int error;

    if (found <= 0)
        return found;
    error = run_slice(billing, &run, now_s, limit);
    return error < 0 ? error : 1;
}

int billing_settlement_run(struct billing *billing, const struct billing_scope *scope, int64_t to_day, int64_t now_s,
                           struct billing_settlement *out)
{
    const struct billing_store *store = billing->store;
    struct billing_run run = { .to_day = to_day, .started_s = now_s, .tenant_id = scope->tenant_id,
                               .started_by = scope->person_id };
    struct billing_policy policy;
    int result = billing_policy_read(billing, scope->tenant_id, &policy);

    if (result < 0)
        return result;
    if (to_day > calendar_local_day(now_s, policy.arrears.zone_offset_s))
        return BILLING_ERR_TO_DAY;
    result = store->run_open(store->context, scope->tenant_id, &run);
    if (result == 1)
        result = run.to_day == to_day ? 0 : BILLING_ERR_RUNNING;
    else if (result == 0)
        result = store->run_insert(store->context, &run);
    if (result == 0)
        result = run_slice(billing, &run, now_s, BILLING_RUN_SLICE);
    if (result == 0)
        *out = (struct billing_settlement){ run.issued, run.held, run.amount_fen, run.finished_s != 0 };
    return result;
}

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

/* Put the account back to where it stood before the bill. */
static void account_return(struct billing_account *account, const struct billing_bill *bill)
{
    account->settled_day = bill->from_day;
    account->settled_total_value = bill->from_total_value;
    account->cycle_start_day = bill->cycle_start_day;
    account->cycle_used_value = bill->cycle_used_value;
}

/* The items of a bill may stem from several versions: its own lines name them all. */
static int items_reverse(struct billing *billing, const struct billing_account *account,
                         const struct billing_bill *bill, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_bill_line line;
    char prefix[LEDGER_KEY_SIZE];
    int found;

    (void)snprintf(prefix, sizeof prefix, "bill/%lld", (long long)bill->bill_id);
    for (int32_t number = 1; (found = store->bill_line_read(store->context, bill->bill_id, number, &line)) == 1;
         number++) {
        int error = line.amount_fen != 0 ? billing_item_reverse(billing, account, prefix, line.item, now_s) : 0;

        if (error < 0)
            return error;
    }
    return found;
}

static int bill_reverse(struct billing *billing, struct billing_bill *bill, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    int error = store->account_read(store->context, bill->account_id, &account);

    if (error <= 0)
        return error < 0 ? error : BILLING_ERR_ACCOUNT;
    if (account.settled_day != bill->to_day)
        return BILLING_ERR_NEWER_BILL;
    error = items_reverse(billing, &account, bill, now_s);
    if (error < 0)
        return error;
    bill->state = BILLING_BILL_REVERSED;
    bill->paid_fen = 0;
    error = store->bill_update(store->context, bill);
    if (error < 0)
        return error;
    account_return(&account, bill);
    account.look_s = now_s;
    error = billing_bills_pay(billing, &account);
    return error < 0 ? error : store->account_update(store->context, &account);
}

int billing_settlement_reverse(struct billing *billing, const struct billing_scope *scope, int64_t to_day,
                               int64_t now_s, int32_t *count)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill = { .bill_id = 0 };
    int32_t reversed = 0;
    int found;

    while ((found = store->bill_of_day_next(store->context, scope->tenant_id, to_day, bill.bill_id, &bill)) == 1) {
        int error = bill_reverse(billing, &bill, now_s);

        if (error < 0)
            return error;
        reversed++;
    }
    if (found == 0)
        *count = reversed;
    return found;
}
