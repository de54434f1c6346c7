#include "billing/public_meter.h"

#include <stdio.h>

#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "rating/share_split.h"

static bool prepays(const struct billing_account *account)
{
    return account->closed_s == 0 && account->mode == BILLING_PREPAID_PLATFORM;
}

/* May `account` share in what `public_account` costs? 0; BILLING_ERR_SHARE, _SHARE_FULL; negative of the store */
static int pair_check(struct billing *billing, const struct billing_account *account,
                      const struct billing_account *public_account)
{
    const struct billing_share_store *shares = billing->config.shares;
    const struct billing_store *store = billing->store;
    struct billing_share rows[BILLING_SHARE_LIMIT];
    int64_t member_id;
    int result;

    if (account->account_id == public_account->account_id || account->tenant_id != public_account->tenant_id ||
        !prepays(account) || !prepays(public_account) || account->is_public || public_account->main_account_id != 0 ||
        public_account->arrears.stage == ARREARS_CUT)
        return BILLING_ERR_SHARE;
    result = store->account_member_next(store->context, public_account->account_id, 0, &member_id);
    if (result == 0)
        result = shares->shares_in(shares->context, public_account->account_id);
    if (result != 0)
        return result < 0 ? result : BILLING_ERR_SHARE;
    result = shares->shares_read(shares->context, public_account->account_id, rows, BILLING_SHARE_LIMIT);
    if (result < 0)
        return result;
    for (int i = 0; i < result; i++)
        if (rows[i].account_id == account->account_id)
            return 0;
    return result < BILLING_SHARE_LIMIT ? 0 : BILLING_ERR_SHARE_FULL;
}

int billing_share_set(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                      int64_t public_account_id, int64_t weight)
{
    const struct billing_share_store *shares = billing->config.shares;
    struct billing_account account, public_account;
    int error = weight < 0 || weight > BILLING_SHARE_WEIGHT_LIMIT ? BILLING_ERR_SHARE_WEIGHT : 0;

    if (error == 0)
        error = billing_account_load(billing, scope, account_id, &account);
    if (error == 0)
        error = billing_account_load(billing, scope, public_account_id, &public_account);
    if (error == 0 && weight > 0)
        error = pair_check(billing, &account, &public_account);
    if (error == 0)
        error = shares->share_write(shares->context, public_account_id, account_id, weight);
    return error < 0 ? error : billing->store->account_look(billing->store->context, public_account_id, now_s);
}

/* Sums of an account only grow, so "the public wallet at these sums" names one sharing and no other. */
static int share_post(struct billing_look *look, const struct ledger_account *wallet, const struct billing_share *share,
                      int64_t amount_fen)
{
    const struct billing_store *store = look->billing->store;
    bool costs = amount_fen < 0;
    struct ledger_transfer transfer = { .debit_account_id = costs ? share->wallet_id : wallet->ledger_account_id,
                                        .credit_account_id = costs ? wallet->ledger_account_id : share->wallet_id,
                                        .amount_fen = costs ? -amount_fen : amount_fen,
                                        .reference = look->account->account_id,
                                        .at_s = look->now_s,
                                        .tenant_id = look->account->tenant_id,
                                        .kind = LEDGER_SHARE };
    int error;

    (void)snprintf(transfer.key, sizeof transfer.key, "share/%lld/%lld/%lld/%lld", (long long)wallet->ledger_account_id,
                   (long long)wallet->debits_fen, (long long)wallet->credits_fen, (long long)share->account_id);
    error = ledger_post(look->billing->config.ledger, &transfer);
    return error < 0 ? error : store->account_look(store->context, share->account_id, look->now_s);
}

int billing_share_basis_set(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            int64_t public_account_id, enum billing_share_basis basis)
{
    const struct billing_share_store *shares = billing->config.shares;
    struct billing_account account;
    int error = billing_account_load(billing, scope, public_account_id, &account);

    if (error == 0 && !account.is_public)
        error = BILLING_ERR_SHARE;
    if (error == 0)
        error = shares->basis_write(shares->context, public_account_id, basis);
    return error < 0 ? error : billing->store->account_look(billing->store->context, public_account_id, now_s);
}

/* What the public meter counted since the last time. */
static int run_begin(struct billing_look *look, int64_t balance_fen, struct billing_share_run *run)
{
    const struct billing_share_store *shares = look->billing->config.shares;
    const struct billing_account *account = look->account;
    struct billing_share_run last;
    int found = shares->run_last(shares->context, account->account_id, &last);

    *run = (struct billing_share_run){ .public_account_id = account->account_id, .at_s = look->now_s,
                                       .from_day = account->settled_day - 1, .to_day = account->settled_day,
                                       .from_total_value = account->settled_total_value,
                                       .to_total_value = account->settled_total_value, .amount_fen = -balance_fen };
    if (found == 1) {
        run->from_day = last.to_day < account->settled_day ? last.to_day : account->settled_day;
        run->from_total_value = last.to_total_value;
    } else if (found == 0) {
        struct billing_daily_charge first;

        /* No charge lies longer before the account than a midnight may. */
        found = billing_charge_after(look->billing, account,
                                     calendar_local_day(account->opened_s, account->zone_offset_s) - BILLING_PROBE_LIMIT, &first);
        if (found == 1) {
            run->from_day = first.from_day;
            run->from_total_value = first.from_total_value;
        }
    }
    return found < 0 ? found : 0;
}

/* The evidence, and the postings. */
static int run_post(struct billing_look *look, const struct ledger_account *wallet, const struct billing_share *rows,
                    int32_t count, struct billing_share_run *run, struct billing_share_part *parts)
{
    const struct billing_share_store *shares = look->billing->config.shares;
    int64_t weights[BILLING_SHARE_LIMIT], parts_fen[BILLING_SHARE_LIMIT];
    int error;

    for (int32_t i = 0; i < count; i++)
        weights[i] = parts[i].weight;
    error = share_split(-run->amount_fen, weights, count, parts_fen);
    if (error == 0)
        error = shares->run_insert(shares->context, run);
    for (int32_t i = 0; error == 0 && i < count; i++) {
        parts[i].amount_fen = -parts_fen[i];
        error = shares->part_insert(shares->context, run->share_run_id, &parts[i]);
        if (error == 0 && parts_fen[i] != 0)
            error = share_post(look, wallet, &rows[i], parts_fen[i]);
    }
    return error;
}

int billing_public_share(struct billing_look *look)
{
    const struct billing_share_store *shares = look->billing->config.shares;
    const struct ledger_store *ledger = look->billing->config.ledger;
    struct billing_share rows[BILLING_SHARE_LIMIT];
    struct billing_share_part parts[BILLING_SHARE_LIMIT];
    struct billing_share_run run;
    struct ledger_account wallet;
    int count, found;

    if (!look->account->is_public)
        return 0;
    found = ledger->account_read(ledger->context, look->account->wallet_id, &wallet);
    if (found <= 0 || ledger_account_balance(&wallet) == 0)
        return found < 0 ? found : 0;
    count = shares->shares_read(shares->context, look->account->account_id, rows, BILLING_SHARE_LIMIT);
    if (count <= 0)
        return count;
    found = run_begin(look, ledger_account_balance(&wallet), &run);
    if (found == 0)
        found = billing_share_weigh(look, rows, count, &run, parts);
    return found <= 0 ? found : run_post(look, &wallet, rows, count, &run, parts);
}
