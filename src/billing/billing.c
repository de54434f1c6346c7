#include "billing/billing_internal.h"

#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>

static const char *const mode_names[BILLING_MODE_COUNT] = {
    [BILLING_POSTPAID] = "postpaid",
    [BILLING_PREPAID_PLATFORM] = "prepaid_platform",
    [BILLING_PREPAID_METER] = "prepaid_meter",
};

static const char *const run_states[BILLING_RUN_STATE_COUNT] = {
    [BILLING_RUN_DRAFTING] = "drafting",   [BILLING_RUN_READY] = "ready",         [BILLING_RUN_ISSUING] = "issuing",
    [BILLING_RUN_ISSUED] = "issued",       [BILLING_RUN_CANCELLED] = "cancelled", [BILLING_RUN_REVERSING] = "reversing",
    [BILLING_RUN_REVERSED] = "reversed",
};

const char *billing_run_state_name(int state)
{
    return state > 0 && state < BILLING_RUN_STATE_COUNT ? run_states[state] : "unknown";
}

int billing_run_state_of_name(const char *name)
{
    for (int state = 1; state < BILLING_RUN_STATE_COUNT; state++) {
        if (strcmp(run_states[state], name) == 0)
            return state;
    }
    return 0;
}

const char *billing_mode_name(int mode)
{
    return mode > 0 && mode < BILLING_MODE_COUNT ? mode_names[mode] : "unknown";
}

int billing_mode_of_name(const char *name)
{
    for (int mode = 1; mode < BILLING_MODE_COUNT; mode++) {
        if (strcmp(mode_names[mode], name) == 0)
            return mode;
    }
    return 0;
}

int billing_open(const struct billing_config *config, struct billing **out)
{
    struct billing *billing = calloc(1, sizeof *billing);

    if (billing == NULL)
        return BILLING_ERR_MEMORY;
    billing->ledger_cache = ledger_cache_open(config->ledger);
    billing->due = calloc(BILLING_DUE_LIMIT, sizeof *billing->due);
    billing->plain = calloc(BILLING_DUE_LIMIT, sizeof *billing->plain);
    billing->owed.taken = calloc(BILLING_OWED_TAKEN_LIMIT, sizeof *billing->owed.taken);
    if (billing->ledger_cache == NULL || billing->due == NULL || billing->plain == NULL ||
        billing->owed.taken == NULL) {
        billing_close(billing);
        return BILLING_ERR_MEMORY;
    }
    billing->config = *config;
    if (billing->config.storm_least == 0)
        billing->config.storm_least = BILLING_STORM_LEAST;
    billing->store = config->store;
    billing->ledger_behind = config->ledger;
    *out = billing;
    return 0;
}

void billing_close(struct billing *billing)
{
    if (billing == NULL)
        return;
    ledger_cache_close(billing->ledger_cache);
    free(billing->due);
    free(billing->plain);
    free(billing->owed.words);
    free(billing->owed.taken);
    free(billing);
}

bool billing_scope_holds(const struct billing_scope *scope, uint32_t tenant_id, const char *area_path)
{
    if (scope->tenant_id != tenant_id)
        return false;
    return scope->path == NULL || strncmp(area_path, scope->path, strlen(scope->path)) == 0;
}

int billing_scope_check_whole(const struct billing_scope *scope)
{
    const char *below_root = scope->path != NULL && scope->path[0] == '/' ? strchr(scope->path + 1, '/') : NULL;

    return below_root != NULL && below_root[1] != '\0' ? BILLING_ERR_WHOLE : 0;
}

int billing_account_load(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                         struct billing_account *out)
{
    struct billing_account account;
    int found = billing->store->account_read(billing->store->context, account_id, &account);

    if (found < 0)
        return found;
    if (found == 0 || !billing_scope_holds(scope, account.tenant_id, account.area_path))
        return BILLING_ERR_ACCOUNT;
    found = billing_owed_settle(billing, &account, billing->owed.now_s);
    if (found < 0)
        return found;
    *out = account;
    return 0;
}

struct billing_policy billing_policy_default(void)
{
    return (struct billing_policy){
        .arrears = { .zone_offset_s = 28800,
                     .notice_from_min = 480,
                     .notice_to_min = 1260,
                     .cut_from_min = 510,
                     .cut_to_min = 960,
                     .cut_weekdays = 1 << CALENDAR_MONDAY | 1 << CALENDAR_TUESDAY | 1 << CALENDAR_WEDNESDAY |
                                     1 << CALENDAR_THURSDAY | 1 << CALENDAR_FRIDAY },
        .reminders = { .second_percent = ARREARS_SECOND_PERCENT, .third_percent = 20, .daily_min = 540 },
        .cut_limit = 100,
        .cut_release_above = 20,
        .bill_due_days = 15,
        .cash_difference_limit_fen = 1000,
        .approval_hours = 24,
        .cut_approval_min = 30,
    };
}

int billing_policy_read(struct billing *billing, uint32_t tenant_id, struct billing_policy *out)
{
    *out = billing_policy_default();
    return billing->store->policy_read(billing->store->context, tenant_id, out);
}

int billing_policy_know(struct billing *billing, uint32_t tenant_id)
{
    return billing->policy_tenant_id == tenant_id ? 0 : billing_policy_read(billing, tenant_id, &billing->policy);
}

int billing_look_begin(struct billing *billing, struct billing_account *account, int64_t now_s,
                       struct billing_look *look)
{
    int error;

    *look = (struct billing_look){ .billing = billing, .account = account, .now_s = now_s,
                                   .arrears_before = account->arrears, .held_before = account->held_error,
                                   .valve_before = account->valve_pending, .look_before_s = account->look_s,
                                   .settled_before_day = account->settled_day };
    look->settle_day = calendar_local_day(now_s - BILLING_SETTLE_SECOND, account->zone_offset_s);
    error = billing_policy_know(billing, account->tenant_id);
    if (error == 0)
        look->policy = billing->policy;
    return error;
}

int billing_account_place(struct billing *billing, struct billing_account *account)
{
    struct billing_account whole;
    int found;

    if (account->placed)
        return 0;
    found = billing->store->account_read(billing->store->context, account->account_id, &whole);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_ACCOUNT;
    account->protected_until_s = whole.protected_until_s;
    memcpy(account->area_path, whole.area_path, sizeof account->area_path);
    memcpy(account->area_name, whole.area_name, sizeof account->area_name);
    memcpy(account->room, whole.room, sizeof account->room);
    memcpy(account->phones, whole.phones, sizeof account->phones);
    account->placed = true;
    return 0;
}

int billing_midnight_read(struct billing *billing, const struct billing_account *account, int64_t day,
                          int64_t *total_value)
{
    const struct billing_store *store = billing->store;

    if (!account->midnight_known || day != account->midnight_day)
        return store->midnight_read(store->context, account->device_id, day, total_value);
    *total_value = account->midnight_total_value;
    return 1;
}

int64_t billing_charged_account(const struct billing_account *account)
{
    return account->mode == BILLING_PREPAID_METER ? account->meter_credit_id : account->wallet_id;
}

int billing_balance(struct billing *billing, const struct billing_account *account, int64_t *balance_fen)
{
    return ledger_balance_read(billing->config.ledger, billing_charged_account(account), balance_fen);
}

bool billing_error_holds(int error)
{
    return error == BILLING_ERR_MIDNIGHT || error == BILLING_ERR_BACKWARD || error == BILLING_ERR_NO_DEVICE ||
           error == BILLING_ERR_TARIFF_VERSION || error == BILLING_ERR_REGISTERS || error == BILLING_ERR_DEMAND || error == BILLING_ERR_POSTPAID_TARIFF ||
           rating_error_info(error) != NULL;
}

bool billing_account_rests(const struct billing_account *account)
{
    return account->closing_id != 0 || account->closed_s != 0;
}

bool billing_error_of_store(int error)
{
    return error <= -1001 && error > -1100;
}

int billing_money_tell(struct billing *billing, const struct billing_money *money)
{
    const struct billing_actions *actions = billing->config.actions;
    int error = actions->money != NULL ? actions->money(actions->context, money) : 0;

    return error < 0 ? error : 0;
}

int billing_journal(struct billing *billing, const struct billing_account *account, const char *action,
                    const char *detail, int64_t now_s)
{
    const struct billing_actions *actions = billing->config.actions;

    if (actions->journal == NULL)
        return 0;
    return actions->journal(actions->context, account->tenant_id, account->account_id, action, detail, now_s);
}

int billing_account_read(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                         struct billing_account *account, int64_t *balance_fen)
{
    struct billing_account found;
    int error = billing_account_load(billing, scope, account_id, &found);

    if (error == 0)
        error = billing_balance(billing, &found, balance_fen);
    if (error == 0)
        *account = found;
    return error;
}

int billing_devices_settle(struct billing *billing, const uint32_t *device_ids, uint32_t count)
{
    const struct billing_actions *actions = billing->config.actions;
    int error = actions->devices_settle != NULL ? actions->devices_settle(actions->context, device_ids, count) : 0;

    return error < 0 ? error : 0;
}

int billing_device_read(struct billing *billing, uint32_t device_id, struct billing_device *out)
{
    int error = billing_devices_settle(billing, &device_id, 1);

    return error < 0 ? error : billing->store->device_read(billing->store->context, device_id, out);
}

int billing_drift_read(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                       struct billing_drift *out)
{
    struct billing_drift drift = { .report_s = 0 };
    struct billing_account account;
    struct billing_device device;
    int error = billing_account_read(billing, scope, account_id, &account, &drift.ledger_fen);
    int found;

    if (error < 0)
        return error;
    found = billing_device_read(billing, account.device_id, &device);
    if (found < 0)
        return found;
    if (found == 1) {
        drift.meter_fen = device.balance_fen;
        drift.pending_fen = device.pending_fen;
        drift.report_s = device.report_s;
    }
    *out = drift;
    return 0;
}

void billing_reading_arrived(struct billing *billing, uint32_t device_id, int64_t day)
{
    (void)day;
    if (billing->news_count > 0 && billing->news[billing->news_count - 1] == device_id)
        return;
    if (billing->news_count == BILLING_NEWS_LIMIT) {
        billing_walk_again(billing);
        return;
    }
    billing->news[billing->news_count++] = device_id;
}

void billing_rolled_back(struct billing *billing)
{
    billing->step_open = false;
    billing_owed_return(billing);
    billing_walk_again(billing);
}
