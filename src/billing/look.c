/* Due work, one account at a time, in bounded slices. */
#include "base/calendar.h"
#include "billing/bank_import.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When settlement wants the account again: the next 00:30 for days, the settlement date for bills. */
static int settlement_next(struct billing_look *look, int64_t *next_s)
{
    const struct billing_store *store = look->billing->store;
    const struct billing_account *account = look->account;
    int64_t tomorrow = look->settle_day + 1;
    struct billing_bill bill;
    int found = 0;

    *next_s = calendar_midnight(tomorrow, account->zone_offset_s) + BILLING_SETTLE_SECOND;
    if (account->mode != BILLING_POSTPAID || account->held_error != 0)
        return 0;
    found = store->bill_unpaid_next(store->context, account->account_id, INT64_MIN, &bill);
    if (found == 0 && billing_bill_day_next(account) > tomorrow)
        *next_s = calendar_midnight(billing_bill_day_next(account), account->zone_offset_s) + BILLING_SETTLE_SECOND;
    return found < 0 ? found : 0;
}

int billing_look_finish(struct billing_look *look)
{
    struct billing_account *account = look->account;
    int64_t settlement_s = ARREARS_NEVER_S, arrears_s = ARREARS_NEVER_S;
    int error;

    if (billing_account_rests(account)) {
        account->look_s = ARREARS_NEVER_S;
        return look->billing->store->account_update(look->billing->store->context, account);
    }
    error = billing_public_share(look);
    if (error == 0 && !look->more && !account->is_public)
        error = billing_arrears_walk(look);
    if (error == 0)
        error = settlement_next(look, &settlement_s);
    if (error == 0 && !account->is_public)
        error = billing_arrears_next(look, &arrears_s);
    if (error < 0)
        return error;
    account->look_s = earlier(settlement_s, arrears_s);
    if (look->more)
        account->look_s = look->now_s;
    else if (look->retry)
        account->look_s = earlier(account->look_s, look->now_s + BILLING_RETRY_S);
    error = look->billing->store->account_update(look->billing->store->context, account);
    return error < 0 ? error : billing_group_main_look(look);
}

/* Settle days or bills as one step. What is wrong with this account alone (an absurd amount, a name that is too long for
 * a key) is taken back and makes it wait with that reason; other accounts and the rest of the transaction go on. */
static int account_settle(struct billing_look *look)
{
    const struct billing_store *store = look->billing->store;
    struct billing_account before = *look->account;
    int error = store->step_begin(store->context);
    int ended;

    if (error < 0)
        return error;
    error = look->account->mode == BILLING_POSTPAID ? billing_bills_settle(look) : billing_days_settle(look);
    if (billing_error_of_store(error))
        return error;
    ended = error < 0 ? store->step_revert(store->context) : store->step_keep(store->context);
    if (error < 0) {
        *look->account = before;
        look->account->held_error = error;
        look->more = false;
    }
    return ended;
}

static const struct error_info *held_info(int error)
{
    const struct error_info *info = billing_error_info(error);

    if (info == NULL)
        info = rating_error_info(error);
    return info != NULL ? info : ledger_error_info(error);
}

const char *billing_held_name(int error)
{
    const struct error_info *info = held_info(error);

    return info != NULL ? info->code : NULL;
}

static const char *held_text(int error)
{
    const struct error_info *info = held_info(error);

    return info != NULL ? info->text_en : "";
}

static int account_look(struct billing *billing, int64_t account_id, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    struct billing_look look;
    int32_t held_before;
    int found = store->account_read(store->context, account_id, &account);
    int error;

    if (found <= 0)
        return found;
    if (billing_account_rests(&account)) {
        account.look_s = ARREARS_NEVER_S;
        return store->account_update(store->context, &account);
    }
    error = billing_look_begin(billing, &account, now_s, &look);
    if (error < 0)
        return error;
    billing->policy_tenant_id = account.tenant_id;
    held_before = account.held_error;
    error = account_settle(&look);
    if (error == 0 && account.held_error != 0 && account.held_error != held_before)
        error = billing_journal(billing, &account, "settlement_held", held_text(account.held_error), now_s);
    if (error == 0)
        error = billing_wallet_push(&look);
    return error < 0 ? error : billing_look_finish(&look);
}

/* Accounts whose meters reported. returns how many were looked at */
static int news_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int32_t done = 0;

    if (billing->news_lost) {
        int marked = store->accounts_behind_look(store->context, now_s);

        if (marked < 0)
            return marked;
        billing->news_lost = false;
    }
    while (billing->news_count > 0 && done < limit) {
        uint32_t device_id = billing->news[billing->news_count - 1].device_id;
        int64_t account_id;
        int result = store->account_of_device(store->context, device_id, &account_id);

        if (result == 1)
            result = account_look(billing, account_id, now_s);
        if (result < 0) {
            billing->news_lost = true;
            return result;
        }
        billing->news_count--;
        done++;
    }
    return done;
}

static int due_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int32_t done = 0;

    for (; done < limit; done++) {
        int64_t account_id;
        int result = store->account_due(store->context, now_s, &account_id);

        if (result <= 0)
            return result < 0 ? result : done;
        result = account_look(billing, account_id, now_s);
        if (result < 0)
            return result;
    }
    return done;
}

int billing_tick(struct billing *billing, int64_t now_s, int32_t limit)
{
    int32_t done = 0;
    int result, trying;

    billing->policy_tenant_id = 0;
    result = ledger_holds_expire(billing->config.ledger, now_s, limit);
    if (result < 0)
        return result;
    result = billing->config.cases != NULL ? billing_approvals_lapse(billing, now_s, limit) : 0;
    if (result < 0)
        return result;
    result = billing_run_continue(billing, 0, now_s, limit);
    if (result < 0)
        return result;
    if (result == 1)
        return limit;
    trying = billing_dry_run_continue(billing, now_s, limit);
    if (trying < 0)
        return trying;
    result = bank_import_continue(billing, now_s, BANK_BOOKING_SLICE);
    if (result < 0)
        return result;
    if (result == BANK_BOOKING_SLICE)
        return limit;
    result = news_work(billing, now_s, limit);
    if (result >= 0) {
        done = result;
        result = due_work(billing, now_s, limit - done);
    }
    billing->policy_tenant_id = 0;
    if (result < 0)
        return result;
    return trying == 1 ? limit : done + result;
}

int billing_reading_corrected(struct billing *billing, uint32_t device_id, int64_t day, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    int64_t account_id;
    int result = store->account_of_device(store->context, device_id, &account_id);

    if (result == 1)
        result = store->account_read(store->context, account_id, &account);
    if (result <= 0)
        return result;
    if (account.mode != BILLING_POSTPAID && day <= account.settled_day)
        result = billing_day_correct(billing, &account, day, now_s);
    else
        result = 0;
    if (result < 0)
        return result;
    account.look_s = now_s;
    return store->account_update(store->context, &account);
}
