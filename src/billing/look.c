/* Due work, one account at a time, in bounded slices. */
#include "base/calendar.h"
#include "billing/bank_import.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When settlement wants the account again: its settlement date for bills. Days are settled when their midnight arrives, or
 * by the walk of each night. */
static int settlement_next(struct billing_look *look, int64_t *next_s)
{
    const struct billing_account *account = look->account;
    int64_t tomorrow = look->settle_day + 1;
    int64_t due_day;
    int found = 0;

    *next_s = ARREARS_NEVER_S;
    if (account->mode != BILLING_POSTPAID)
        return 0;
    *next_s = calendar_midnight(tomorrow, account->zone_offset_s) + BILLING_SETTLE_SECOND;
    if (account->held_error != 0)
        return 0;
    found = billing_bill_oldest(look->billing, account, &due_day);
    if (found == 0 && billing_bill_day_next(account) > tomorrow)
        *next_s = calendar_midnight(billing_bill_day_next(account), account->zone_offset_s) + BILLING_SETTLE_SECOND;
    return found < 0 ? found : 0;
}

static bool arrears_same(const struct arrears_state *a, const struct arrears_state *b)
{
    return a->stage == b->stage && a->stage_since_s == b->stage_since_s && a->final_notice_s == b->final_notice_s;
}

/* Most looks move the settlement and nothing else. */
static int account_store(const struct billing_look *look)
{
    const struct billing_store *store = look->billing->store;
    const struct billing_account *account = look->account;
    bool same = look->unchanged && account->held_error == look->held_before && account->look_s == look->look_before_s &&
                account->valve_pending == look->valve_before && arrears_same(&account->arrears, &look->arrears_before);

    if (!same)
        return store->account_update(store->context, account);
    return account->settled_day == look->settled_before_day ? 0 : store->account_advance(store->context, account);
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
    error = account_store(look);
    return error < 0 ? error : billing_group_main_look(look);
}

/* A day is found wrong before anything of it is written, so it needs no step; the days before it stand. */
static int days_settle(struct billing_look *look)
{
    int error = billing_days_settle(look);

    if (error >= 0 || billing_error_of_store(error))
        return error;
    look->account->held_error = error;
    look->more = false;
    return 0;
}

static int account_settle(struct billing_look *look)
{
    return look->account->mode == BILLING_POSTPAID ? billing_bills_settle(look) : days_settle(look);
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

/* account: as the store has it now; accounts are moved on in place */
static int account_look(struct billing *billing, struct billing_account *account, int64_t now_s)
{
    struct billing_look look;
    int error;

    if (billing_account_rests(account)) {
        account->look_s = ARREARS_NEVER_S;
        return billing->store->account_update(billing->store->context, account);
    }
    error = billing_look_begin(billing, account, now_s, &look);
    if (error < 0)
        return error;
    look.unchanged = true;
    billing->policy_tenant_id = account->tenant_id;
    error = account_settle(&look);
    if (error == 0 && account->held_error != 0 && account->held_error != look.held_before)
        error = billing_journal(billing, account, "settlement_held", held_text(account->held_error), now_s);
    if (error == 0)
        error = billing_wallet_push(&look);
    return error < 0 ? error : billing_look_finish(&look);
}

/* Accounts whose meters reported. returns how many were looked at */
static int news_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int32_t done = 0;

    while (billing->news_count > 0 && done < limit) {
        uint32_t device_id = billing->news[billing->news_count - 1].device_id;
        struct billing_account account;
        int result = store->account_read_of_device(store->context, device_id, &account);

        if (result == 1)
            result = account_look(billing, &account, now_s);
        if (result < 0)
            return result;
        billing->news_count--;
        done++;
    }
    return done;
}

/* A look at the main account of a group moves its members: what was read of them before is old. */
int billing_row_look(struct billing *billing, struct billing_account *account, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    int found = 1;

    if (account->main_account_id != 0)
        found = store->account_read(store->context, account->account_id, account);
    return found <= 0 ? found : account_look(billing, account, now_s);
}

/* One query's accounts that have come due. returns how many were looked at */
static int due_slice(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct billing_store *store = billing->store;
    int32_t wanted = limit < BILLING_DUE_LIMIT ? limit : BILLING_DUE_LIMIT;
    int count = store->accounts_due(store->context, now_s, wanted, billing->due);

    for (int index = 0; index < count; index++) {
        int error = billing_row_look(billing, &billing->due[index], now_s);

        if (error < 0)
            return error;
    }
    return count;
}

static int due_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    int32_t done = 0;
    int count = 1;

    while (done < limit && count > 0) {
        count = due_slice(billing, now_s, limit - done);
        if (count < 0)
            return count;
        done += count;
    }
    return done;
}

static int accounts_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    int32_t done = news_work(billing, now_s, limit);
    int result = done < 0 ? done : due_work(billing, now_s, limit - done);

    if (result < 0)
        return result;
    done += result;
    result = done < limit ? billing_walk_go(billing, now_s, limit - done) : 0;
    if (result < 0)
        return result;
    done += result;
    result = done < limit ? billing_bills_tell(billing, now_s, limit - done) : 0;
    return result < 0 ? result : done + result;
}

/* What comes before single accounts. returns 1 nothing else should be done now; 0 go on */
static int larger_work(struct billing *billing, int64_t now_s, int32_t limit, bool *trying)
{
    int result = ledger_holds_expire(billing->config.ledger, now_s, limit);

    if (result >= 0 && billing->config.cases != NULL)
        result = billing_approvals_lapse(billing, now_s, limit);
    if (result < 0)
        return result;
    result = billing_run_continue(billing, 0, now_s, limit);
    if (result != 0)
        return result;
    result = billing_dry_run_continue(billing, now_s, limit);
    *trying = result == 1;
    if (result >= 0)
        result = bank_import_continue(billing, now_s, BANK_BOOKING_SLICE);
    return result < 0 ? result : result == BANK_BOOKING_SLICE;
}

int billing_news_settle(struct billing *billing, int64_t now_s)
{
    int result;

    if (billing->news_count == 0)
        return 0;
    billing->policy_tenant_id = 0;
    billing_batch_begin(billing);
    result = billing_batch_end(billing, news_work(billing, now_s, BILLING_NEWS_LIMIT));
    billing->policy_tenant_id = 0;
    return result;
}

int billing_tick(struct billing *billing, int64_t now_s, int32_t limit)
{
    bool trying = false;
    int result;

    billing->policy_tenant_id = 0;
    result = larger_work(billing, now_s, limit, &trying);
    if (result != 0)
        return result < 0 ? result : limit;
    billing_batch_begin(billing);
    result = billing_batch_end(billing, accounts_work(billing, now_s, limit));
    billing->policy_tenant_id = 0;
    return result >= 0 && trying ? limit : result;
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
