/* The night of those who are well: one more midnight is there, and what the day cost leaves the wallet above every share at
 * which somebody is reminded; or nothing has come that could be charged. Most nights of most accounts are like this; their rows
 * are written many at a time. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

/* What becomes of an account without a look. */
enum plain_night {
    NIGHT_IS_FOR_A_LOOK, /* and nothing of it is written */
    NIGHT_IS_CHARGED,
    NIGHT_IS_QUIET       /* a look would find nothing */
};

/* Whether a look could find anything but days to charge. What belongs to others - a group's wallet, a public meter - and what is
 * under way leaves the account to its look. */
static bool account_is_plain(const struct billing_account *account)
{
    return account->mode == BILLING_PREPAID_PLATFORM && account->device_id != 0 && account->main_account_id == 0 &&
           !account->is_public && !billing_account_rests(account) && account->held_error == 0 &&
           account->arrears.stage == ARREARS_GOOD && account->look_s == ARREARS_NEVER_S;
}

/* settle_day: the newest midnight that may be settled. Whether one midnight more is there, and no other is waited for. */
static bool night_is_plain(const struct billing_account *account, int64_t settle_day)
{
    return account->settled_day + 1 == settle_day && account->midnight_known && account->midnight_day == settle_day &&
           account->midnight_total_value >= account->settled_total_value;
}

/* The account stands at that midnight, or it is the only one that is missing, and is waited for. */
static bool night_is_quiet(const struct billing_account *account, int64_t settle_day)
{
    return account->settled_day >= settle_day || (account->settled_day + 1 == settle_day &&
                                                  account->midnight_day == settle_day && !account->midnight_known);
}

/* Whether the wallet is still well when so much has been taken from it: 1; 0; negative of the store. */
static int wallet_stays_well(struct billing *billing, const struct billing_account *account, int64_t amount_fen)
{
    int64_t balance_fen;
    int error = billing_balance(billing, account, &balance_fen);

    if (error < 0)
        return error;
    return arrears_level(balance_fen - amount_fen, account->low_balance_fen, account->overdraft_fen,
                         billing->policy.reminders.second_percent) == ARREARS_GOOD;
}

/* Rate and post the day. returns  a plain_night; negative: what was written of it must be taken back with the batch */
static int day_settle(struct billing *billing, struct billing_account *account, int64_t now_s,
                      struct billing_daily_charge *row)
{
    struct billing_stretch stretch = { .from_day = account->settled_day, .day = account->settled_day,
                                       .from_total_value = account->settled_total_value,
                                       .to_total_value = account->midnight_total_value };
    struct billing_day day;
    int result = billing_day_rate(billing, account, &stretch, &day);

    if (result >= 0)
        result = wallet_stays_well(billing, account, day.charge.total_fen);
    if (result <= 0)
        return billing_error_of_store(result) ? result : NIGHT_IS_FOR_A_LOOK;
    result = billing_day_post(billing, account, &day, now_s);
    if (result < 0)
        return result;
    *row = day.row;
    return NIGHT_IS_CHARGED;
}

/* returns as day_settle */
static int account_settle(struct billing *billing, struct billing_account *account, int64_t now_s,
                          struct billing_daily_charge *row)
{
    int64_t settle_day = calendar_local_day(now_s - BILLING_SETTLE_SECOND, account->zone_offset_s);
    bool quiet = night_is_quiet(account, settle_day);
    int result;

    /* When something was refused, each account is tried by itself. */
    if (billing->careful || !account_is_plain(account) || !(quiet || night_is_plain(account, settle_day)))
        return NIGHT_IS_FOR_A_LOOK;
    result = billing_policy_know(billing, account->tenant_id);
    if (result < 0)
        return result;
    billing->policy_tenant_id = account->tenant_id;
    if (!quiet)
        return day_settle(billing, account, now_s, row);
    result = wallet_stays_well(billing, account, 0);
    return result == 1 ? NIGHT_IS_QUIET : billing_error_of_store(result) ? result : NIGHT_IS_FOR_A_LOOK;
}

static struct billing_standing standing_of(const struct billing_account *account)
{
    return (struct billing_standing){ account->account_id, account->settled_day, account->settled_total_value,
                                      account->cycle_start_day, account->cycle_used_value };
}

int billing_plain_days_settle(struct billing *billing, struct billing_account *accounts, int count, int64_t now_s,
                              bool *settled)
{
    const struct billing_store *store = billing->store;
    struct billing_standing standings[BILLING_DUE_LIMIT];
    uint32_t days = 0;
    int error;

    for (int index = 0; index < count; index++) {
        int result = account_settle(billing, &accounts[index], now_s, &billing->plain[days]);

        if (result < 0)
            return result;
        settled[index] = result != NIGHT_IS_FOR_A_LOOK;
        if (result == NIGHT_IS_CHARGED)
            standings[days++] = standing_of(&accounts[index]);
    }
    if (days == 0)
        return 0;
    error = store->charges_insert(store->context, billing->plain, days);
    return error < 0 ? error : store->accounts_advance(store->context, standings, days);
}
