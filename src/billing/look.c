/* Due work, one account at a time, in bounded slices. */
#include "base/calendar.h"
#include "billing/bank_import.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <stdlib.h>

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

const struct error_info *billing_held_info(int error)
{
    const struct error_info *info = billing_error_info(error);

    if (info == NULL)
        info = rating_error_info(error);
    return info != NULL ? info : ledger_error_info(error);
}

const char *billing_held_name(int error)
{
    const struct error_info *info = billing_held_info(error);

    return info != NULL ? info->code : error != 0 ? "refused" : NULL;
}

const char *billing_held_text(int error)
{
    const struct error_info *info = billing_held_info(error);

    return info != NULL ? info->text_en : "";
}

/* 0; negative of a room that refused, or of the store */
static int rest_walk(struct billing_look *look)
{
    struct billing_account *account = look->account;
    int64_t settlement_s = ARREARS_NEVER_S, arrears_s = ARREARS_NEVER_S;
    int error = billing_public_share(look);

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
    return 0;
}

/* Not at once, and not never. */
static int64_t held_next(const struct billing_look *look)
{
    int64_t next_s = look->now_s + BILLING_HELD_S;

    return look->account->look_s > look->now_s ? earlier(look->account->look_s, next_s) : next_s;
}

/* Told once, not at each look. */
static int held_tell(const struct billing_look *look)
{
    const struct billing_account *account = look->account;

    if (account->held_error == 0 || account->held_error == look->held_before || !(look->settles || look->refused))
        return 0;
    return billing_journal(look->billing, account, "settlement_held", billing_held_text(account->held_error), look->now_s);
}

int billing_look_finish(struct billing_look *look)
{
    struct billing_account *account = look->account;
    int error;

    if (billing_account_rests(account)) {
        account->look_s = ARREARS_NEVER_S;
        return look->billing->store->account_update(look->billing->store->context, account);
    }
    error = billing_part_try(look, rest_walk);
    if (error == 0 && look->refused)
        account->look_s = held_next(look);
    if (error == 0)
        error = held_tell(look);
    if (error == 0)
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
    if (error == 0)
        error = billing_devices_settle(billing, &account->device_id, 1);
    if (error < 0)
        return error;
    look.unchanged = true;
    billing->policy_tenant_id = account->tenant_id;
    look.settles = true;
    error = billing_part_try(&look, billing_purchases_settle);
    if (error == 0)
        error = billing_part_try(&look, account_settle);
    if (error == 0)
        error = billing_part_try(&look, billing_wallet_push);
    return error < 0 ? error : billing_look_finish(&look);
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

/* Of accounts that were read together, those whose look finds nothing but a day go together; what they pay with is read
 * together, too. */
int billing_rows_look(struct billing *billing, struct billing_account *accounts, int count, int64_t now_s)
{
    int64_t wallet_ids[BILLING_DUE_LIMIT];
    bool settled[BILLING_DUE_LIMIT];
    int error = 0;

    for (int index = 0; index < count; index++)
        wallet_ids[index] = accounts[index].wallet_id;
    if (billing->batch_open)
        error = ledger_cache_prime(billing->ledger_cache, wallet_ids, (uint32_t)count);
    if (error >= 0)
        error = billing_plain_days_settle(billing, accounts, count, now_s, settled);
    for (int index = 0; error >= 0 && index < count; index++) {
        if (!settled[index])
            error = billing_row_look(billing, &accounts[index], now_s);
    }
    return error < 0 ? error : 0;
}

static int device_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Devices in their order, each once: rows of neighbours lie together. */
static void news_sort(struct billing *billing)
{
    uint32_t *news = billing->news;
    uint32_t kept = 0;

    if (billing->news_count > 1)
        qsort(news, billing->news_count, sizeof *news, device_compare);
    for (uint32_t index = 0; index < billing->news_count; index++) {
        if (kept == 0 || news[kept - 1] != news[index])
            news[kept++] = news[index];
    }
    billing->news_count = kept;
}

/* To an account whose next bill is not due yet a midnight more is no news. */
static bool reading_is_news(const struct billing_account *account, int64_t now_s)
{
    return account->mode != BILLING_POSTPAID || account->held_error != 0 || account->look_s <= now_s ||
           account->main_account_id != 0 || account->is_public ||
           billing_bill_day_next(account) <= calendar_local_day(now_s - BILLING_SETTLE_SECOND, account->zone_offset_s);
}

/* returns  how many accounts stand at the front of billing->due; negative of the store */
static int news_read(struct billing *billing, const uint32_t *device_ids, uint32_t count, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    int found = store->accounts_of_devices(store->context, device_ids, count, billing->due);
    int kept = 0;

    for (int index = 0; index < found; index++) {
        if (!reading_is_news(&billing->due[index], now_s))
            continue;
        if (kept != index)
            billing->due[kept] = billing->due[index];
        kept++;
    }
    return found < 0 ? found : kept;
}

int billing_devices_look(struct billing *billing, const uint32_t *device_ids, uint32_t count, int64_t now_s)
{
    int found = billing_devices_settle(billing, device_ids, count);

    if (found == 0)
        found = news_read(billing, device_ids, count, now_s);
    return found > 0 ? billing_rows_look(billing, billing->due, found, now_s) : found;
}

/* Accounts whose meters reported. returns how many meters were looked after */
static int news_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    int32_t done = 0;

    news_sort(billing);
    while (billing->news_count > 0 && done < limit) {
        uint32_t room = (uint32_t)(limit - done) < BILLING_DUE_LIMIT ? (uint32_t)(limit - done) : BILLING_DUE_LIMIT;
        uint32_t count = billing->news_count < room ? billing->news_count : room;
        int result = billing_devices_look(billing, &billing->news[billing->news_count - count], count, now_s);

        if (result < 0)
            return result;
        billing->news_count -= count;
        done += (int32_t)count;
    }
    return done;
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

static int approvals_lapse(struct billing *billing, int64_t now_s, int32_t limit)
{
    return billing->config.cases != NULL ? billing_approvals_lapse(billing, now_s, limit) : 0;
}

static int holds_expire(struct billing *billing, int64_t now_s, int32_t limit)
{
    return ledger_holds_expire(billing->config.ledger, now_s, limit);
}

static int run_continue(struct billing *billing, int64_t now_s, int32_t limit)
{
    return billing_run_continue(billing, 0, now_s, limit);
}

/* What comes before single accounts. returns 1 nothing else should be done now; 0 go on */
static int larger_work(struct billing *billing, int64_t now_s, int32_t limit, bool *trying)
{
    int result = billing_work_do(billing, BILLING_WORK_HOLDS, now_s, limit, holds_expire);

    if (result >= 0)
        result = billing_work_do(billing, BILLING_WORK_APPROVALS, now_s, limit, approvals_lapse);
    if (result >= 0)
        result = billing_work_do(billing, BILLING_WORK_RUN, now_s, limit, run_continue);
    if (result != 0)
        return result;
    result = billing_work_do(billing, BILLING_WORK_DRY_RUN, now_s, limit, billing_dry_run_continue);
    *trying = result == 1;
    if (result >= 0)
        result = billing_work_do(billing, BILLING_WORK_BANK, now_s, BANK_BOOKING_SLICE, bank_import_continue);
    return result < 0 ? result : result == BANK_BOOKING_SLICE;
}

static int news_batch(struct billing *billing, int64_t now_s, int32_t limit)
{
    billing_batch_begin(billing);
    return billing_batch_end(billing, news_work(billing, now_s, limit));
}

static int accounts_batch(struct billing *billing, int64_t now_s, int32_t limit)
{
    billing_batch_begin(billing);
    return billing_batch_end(billing, accounts_work(billing, now_s, limit));
}

int billing_news_settle(struct billing *billing, int64_t now_s)
{
    int result;

    if (billing->news_count == 0)
        return 0;
    if (billing->news_count >= billing->config.storm_least) {
        billing_owed_note(billing, now_s);
        return 0;
    }
    billing->policy_tenant_id = 0;
    result = billing_work_do(billing, BILLING_WORK_NEWS, now_s, BILLING_NEWS_LIMIT, news_batch);
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
    result = billing_work_do(billing, BILLING_WORK_ACCOUNTS, now_s, limit, accounts_batch);
    billing->policy_tenant_id = 0;
    return result >= 0 && trying ? limit : result;
}

static int correction_book(struct billing *billing, struct billing_account *account, int64_t day, int64_t now_s)
{
    int error = account->mode != BILLING_POSTPAID && day <= account->settled_day
                    ? billing_day_correct(billing, account, day, now_s) : 0;

    account->look_s = now_s;
    return error < 0 ? error : billing->store->account_update(billing->store->context, account);
}

int billing_reading_corrected(struct billing *billing, uint32_t device_id, int64_t day, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account, before;
    int64_t account_id;
    bool stepped;
    int result = store->account_of_device(store->context, device_id, &account_id);

    if (result == 1)
        result = store->account_read(store->context, account_id, &account);
    if (result <= 0)
        return result;
    before = account;
    result = billing_event_begin(billing, &stepped);
    if (result == 0)
        result = correction_book(billing, &account, day, now_s);
    return billing_event_end(billing, &before, stepped, result, now_s);
}
