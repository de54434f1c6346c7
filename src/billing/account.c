#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "billing/case_store.h"

#include <string.h>

#define LEVEL_MAXIMUM_FEN 10000000
#define GRACE_MAXIMUM_H 2160
#define PERSONS_MAXIMUM 100
#define SETTLEMENT_DAY_MAXIMUM 28

static int within(int64_t value, int64_t minimum, int64_t maximum, int error)
{
    return value < minimum || value > maximum ? error : 0;
}

static int months_check(const struct billing_account *account)
{
    int32_t months = account->settlement_months;

    if (months < 1 || 12 % months != 0 || account->settlement_first_month < 1 || account->settlement_first_month > 12)
        return BILLING_ERR_MONTHS;
    return 0;
}

/* The first fault of an account's terms, whoever wrote them. */
static int terms_check(const struct billing_account *account)
{
    const int answers[] = {
        within(account->persons, 1, PERSONS_MAXIMUM, BILLING_ERR_PERSONS),
        within(account->settlement_day, 1, SETTLEMENT_DAY_MAXIMUM, BILLING_ERR_SETTLEMENT_DAY),
        months_check(account),
        within(account->low_balance_fen, 0, LEVEL_MAXIMUM_FEN, BILLING_ERR_LOW_BALANCE),
        within(account->overdraft_fen, 0, LEVEL_MAXIMUM_FEN, BILLING_ERR_OVERDRAFT),
        within(account->restore_fen, -account->overdraft_fen, LEVEL_MAXIMUM_FEN, BILLING_ERR_RESTORE),
        within(account->grace_h, 0, GRACE_MAXIMUM_H, BILLING_ERR_GRACE),
    };

    for (size_t index = 0; index < sizeof answers / sizeof answers[0]; index++) {
        if (answers[index] < 0)
            return answers[index];
    }
    return 0;
}

/* What the contract before has paid for is not charged again. */
static int contract_before_follow(struct billing *billing, uint32_t device_id, struct billing_account *account)
{
    const struct case_store *cases = billing->config.cases;
    int64_t day, total_value;
    int found = cases != NULL ? cases->device_left(cases->context, device_id, &day, &total_value) : 0;

    if (found == 1 && total_value >= account->settled_total_value) {
        account->settled_day = day;
        account->settled_total_value = total_value;
    }
    return found < 0 ? found : 0;
}

/* Place the account on a device: its area, and the register that settlement starts from. */
static int device_take(struct billing *billing, const struct billing_scope *scope, uint32_t device_id, int64_t now_s,
                       struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    struct billing_device device;
    int64_t other;
    int found = billing_device_read(billing, device_id, &device);

    if (found < 0)
        return found;
    if (found == 0 || !billing_scope_holds(scope, device.tenant_id, device.area_path))
        return BILLING_ERR_DEVICE;
    found = store->account_of_device(store->context, device_id, &other);
    if (found < 0)
        return found;
    if (found == 1 && other != account->account_id)
        return BILLING_ERR_DEVICE_TAKEN;
    account->device_id = device_id;
    account->area_id = device.area_id;
    account->settled_day = calendar_local_day(now_s, account->zone_offset_s);
    account->settled_total_value = device.start_total_value;
    if (device.newest_day > 0) {
        account->settled_day = device.newest_day;
        account->settled_total_value = device.newest_total_value;
    }
    return contract_before_follow(billing, device_id, account);
}

/* Charged by area, capacity or the month alone: nothing is measured, so the place is said. */
static int place_take(struct billing *billing, const struct billing_scope *scope, int64_t area_id, int64_t now_s,
                      struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff_version version;
    const struct tariff *tariff;
    int64_t today = calendar_local_day(now_s, account->zone_offset_s);
    int found = store->area_path_read(store->context, scope->tenant_id, area_id, account->area_path);

    if (found < 0)
        return found;
    if (found == 0 || !billing_scope_holds(scope, scope->tenant_id, account->area_path))
        return BILLING_ERR_AREA;
    found = billing_tariff_on(billing, account->tariff_id, today, &version, &tariff);
    if (found < 0)
        return found;
    if (account->mode != BILLING_POSTPAID || tariff->item_count > 0 || tariff->power_factor_adjusted)
        return BILLING_ERR_DEVICE;
    account->area_id = area_id;
    account->settled_day = today;
    account->settled_total_value = 0;
    return 0;
}

/* Litres cannot be sold as kilowatt-hours. */
static int utility_check(struct billing *billing, const struct billing_scope *scope,
                         const struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    struct billing_device device;
    struct billing_tariff tariff;
    int found = store->tariff_read(store->context, scope->tenant_id, account->tariff_id, &tariff);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_TARIFF;
    if (account->device_id == 0)
        return 0;
    found = billing_device_read(billing, account->device_id, &device);
    if (found <= 0)
        return found;
    return strcmp(device.utility, tariff.utility) == 0 ? 0 : BILLING_ERR_TARIFF_UTILITY;
}

/* One owner holds the balance: this account's wallet, or its meter, which holds what its model holds. */
static int owner_decide(struct billing *billing, const char *wanted, struct billing_account *account)
{
    const struct billing_actions *actions = billing->config.actions;
    struct billing_holding holding = { .known = false };
    int error = 0;

    if (account->mode != BILLING_PREPAID_METER)
        return wanted[0] == '\0' ? 0 : BILLING_ERR_OWNER;
    if (actions->holding != NULL)
        error = actions->holding(actions->context, account->device_id, &holding);
    if (error < 0)
        return error;
    account->holds_units = wanted[0] == '\0' ? holding.known && holding.units : strcmp(wanted, "units") == 0;
    if (holding.known ? holding.none || holding.units != account->holds_units : account->holds_units)
        return BILLING_ERR_OWNER;
    if (account->holds_units && (billing->config.units == NULL || actions->request_units == NULL))
        return BILLING_ERR_OWNER;
    return account->holds_units ? billing_unit_tariff_check(billing, account, account->settled_day) : 0;
}

/* The tier cycle that the account enters, with nothing used. */
static int cycle_begin(struct billing *billing, struct billing_account *account)
{
    struct billing_tariff_version version;
    const struct tariff *tariff;
    int error = billing_tariff_on(billing, account->tariff_id, account->settled_day, &version, &tariff);

    if (error < 0)
        return error;
    account->cycle_start_day = tariff_cycle_start(tariff, account->settled_day);
    account->cycle_used_value = 0;
    return 0;
}

static int wallets_open(struct billing *billing, struct billing_account *account)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int error = ledger_account_add(ledger, account->tenant_id, LEDGER_WALLET, "", &account->wallet_id);

    if (error == 0 && account->mode == BILLING_PREPAID_METER)
        error = ledger_account_add(ledger, account->tenant_id, LEDGER_METER_CREDIT, "", &account->meter_credit_id);
    return error;
}

static int account_draft(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_account_terms *terms, struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    struct billing_customer customer;
    struct billing_policy policy;
    int found = store->customer_read(store->context, scope->tenant_id, terms->customer_id, &customer);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_CUSTOMER;
    found = billing_policy_read(billing, scope->tenant_id, &policy);
    if (found < 0)
        return found;
    *account = (struct billing_account){
        .customer_id = terms->customer_id,
        .low_balance_fen = terms->low_balance_fen,
        .overdraft_fen = terms->overdraft_fen,
        .restore_fen = terms->restore_fen,
        .opened_s = now_s,
        .look_s = now_s,
        .arrears = { .stage = ARREARS_GOOD, .stage_since_s = now_s },
        .tenant_id = scope->tenant_id,
        .persons = terms->persons == 0 ? 1 : terms->persons,
        .persons_before = 1,
        .settlement_day = terms->settlement_day == 0 ? 1 : terms->settlement_day,
        .settlement_months = terms->settlement_months == 0 ? 1 : terms->settlement_months,
        .settlement_first_month = terms->settlement_first_month == 0 ? 1 : terms->settlement_first_month,
        .grace_h = terms->grace_h,
        .mode = (uint8_t)billing_mode_of_name(terms->payment_mode),
        .zone_offset_s = policy.arrears.zone_offset_s,
    };
    return account->mode == 0 ? BILLING_ERR_MODE : terms_check(account);
}

int billing_account_open(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_account_terms *terms, int64_t *account_id)
{
    struct billing_account account;
    int error = account_draft(billing, scope, now_s, terms, &account);

    account.tariff_id = terms->tariff_id;
    if (error == 0)
        error = terms->device_id != 0 ? device_take(billing, scope, terms->device_id, now_s, &account)
                                      : place_take(billing, scope, terms->area_id, now_s, &account);
    if (error == 0)
        error = utility_check(billing, scope, &account);
    if (error == 0)
        error = owner_decide(billing, terms->meter_holds, &account);
    if (error == 0)
        error = cycle_begin(billing, &account);
    if (error == 0)
        error = wallets_open(billing, &account);
    if (error == 0)
        error = billing->store->account_insert(billing->store->context, &account);
    if (error == 0)
        *account_id = account.account_id;
    return error;
}

/* Rule 6: another household counts for the periods that begin later; the same one may begin or end on other days. */
static int persons_apply(const struct billing_account_terms *terms, int64_t today, struct billing_account *account)
{
    bool same = terms->persons == account->persons;
    int64_t from_day = terms->persons_from_day, until_day = terms->persons_until_day;

    if (same && from_day == 0 && until_day == 0)
        return 0;
    if (from_day != 0 && from_day < today)
        return BILLING_ERR_PERSONS_DAYS;
    if (from_day == 0)
        from_day = same ? account->persons_from_day : calendar_month_start_after(today, 1);
    if (until_day != 0 && (until_day < from_day || until_day < today))
        return BILLING_ERR_PERSONS_DAYS;
    if (!same)
        account->persons_before = billing_persons_of(account, calendar_month_start(today));
    account->persons = terms->persons;
    account->persons_from_day = from_day;
    account->persons_until_day = until_day;
    return 0;
}

static void terms_apply(uint64_t fields, const struct billing_account_terms *terms, struct billing_account *account)
{
    if (fields & BILLING_ACCOUNT_SETTLEMENT_DAY)
        account->settlement_day = terms->settlement_day;
    if (fields & BILLING_ACCOUNT_MONTHS)
        account->settlement_months = terms->settlement_months;
    if (fields & BILLING_ACCOUNT_FIRST_MONTH)
        account->settlement_first_month = terms->settlement_first_month;
    if (fields & BILLING_ACCOUNT_LOW_BALANCE)
        account->low_balance_fen = terms->low_balance_fen;
    if (fields & BILLING_ACCOUNT_OVERDRAFT)
        account->overdraft_fen = terms->overdraft_fen;
    if (fields & BILLING_ACCOUNT_RESTORE)
        account->restore_fen = terms->restore_fen;
    if (fields & BILLING_ACCOUNT_GRACE)
        account->grace_h = terms->grace_h;
}

static int account_store(struct billing *billing, const struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    int error = store->account_place_set(store->context, account);

    return error < 0 ? error : store->account_update(store->context, account);
}

int billing_account_change(struct billing *billing, const struct billing_scope *scope, int64_t account_id,
                           uint64_t fields, int64_t now_s, const struct billing_account_terms *terms)
{
    struct billing_account account;
    int error = billing_account_load(billing, scope, account_id, &account);

    if (error < 0)
        return error;
    if (account.closed_s != 0)
        return BILLING_ERR_ACCOUNT_CLOSED;
    if (fields & BILLING_ACCOUNT_PERSONS)
        error = persons_apply(terms, calendar_local_day(now_s, account.zone_offset_s), &account);
    if (error < 0)
        return error;
    terms_apply(fields, terms, &account);
    error = terms_check(&account);
    if (fields & BILLING_ACCOUNT_TARIFF)
        account.tariff_id = terms->tariff_id;
    if (error == 0 && (fields & BILLING_ACCOUNT_DEVICE) && terms->device_id != account.device_id)
        error = device_take(billing, scope, terms->device_id, now_s, &account);
    if (error == 0 && (fields & (BILLING_ACCOUNT_TARIFF | BILLING_ACCOUNT_DEVICE)))
        error = utility_check(billing, scope, &account);
    if (error == 0 && (fields & (BILLING_ACCOUNT_TARIFF | BILLING_ACCOUNT_DEVICE)) && account.mode == BILLING_PREPAID_METER)
        error = owner_decide(billing, account.holds_units ? "units" : "money", &account);
    if (error < 0)
        return error;
    account.look_s = now_s;
    return account_store(billing, &account);
}

int billing_device_exchanged(struct billing *billing, const struct billing_scope *scope, uint32_t old_device_id,
                             uint32_t new_device_id, int64_t end_total_value, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    int64_t account_id;
    int found = store->account_of_device(store->context, old_device_id, &account_id);

    if (found == 1)
        found = store->account_read(store->context, account_id, &account);
    if (found <= 0)
        return found;
    found = billing_owed_settle(billing, &account, now_s);
    if (found < 0)
        return found;
    if (account.holds_units)
        found = billing_carry_begin(billing, &account, new_device_id, end_total_value, now_s);
    else if (account.mode == BILLING_PREPAID_METER)
        found = billing_money_carry_begin(billing, scope, &account, new_device_id, end_total_value, now_s);
    if (found < 0)
        return found;
    account.device_id = new_device_id;
    account.look_s = now_s;
    return account_store(billing, &account);
}
