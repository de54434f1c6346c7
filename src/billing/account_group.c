/* Accounts that are paid together and cut off together. */
#include "billing/billing_internal.h"

#include <stdio.h>

static bool groupable(const struct billing_account *account)
{
    return account->closed_s == 0 && account->mode == BILLING_PREPAID_PLATFORM && account->main_account_id == 0 &&
           !account->is_public;
}

/* What the wallet holds or owes goes to another wallet; a wallet is left once, so its number names the posting. */
static int wallet_move(struct billing *billing, const struct billing_account *account, int64_t to_wallet_id, int64_t now_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .reference = account->account_id, .at_s = now_s, .tenant_id = account->tenant_id,
                                        .kind = LEDGER_MOVE };
    struct ledger_account wallet;
    int64_t balance_fen;
    int result = ledger->account_read(ledger->context, account->wallet_id, &wallet);

    if (result <= 0)
        return result < 0 ? result : LEDGER_ERR_DEBIT_ACCOUNT;
    if (wallet.held_fen != 0)
        return BILLING_ERR_GROUP_HELD;
    balance_fen = ledger_account_balance(&wallet);
    if (balance_fen == 0)
        return 0;
    transfer.debit_account_id = balance_fen > 0 ? account->wallet_id : to_wallet_id;
    transfer.credit_account_id = balance_fen > 0 ? to_wallet_id : account->wallet_id;
    transfer.amount_fen = balance_fen > 0 ? balance_fen : -balance_fen;
    (void)snprintf(transfer.key, sizeof transfer.key, "group/%lld", (long long)account->wallet_id);
    result = ledger_post(ledger, &transfer);
    return result < 0 ? result : 0;
}

static int member_store(struct billing *billing, struct billing_account *account, int64_t main_account_id, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    int error = store->account_group_set(store->context, account->account_id, main_account_id);

    account->look_s = now_s;
    return error < 0 ? error : store->account_update(store->context, account);
}

static int group_leave(struct billing *billing, struct billing_account *account, int64_t now_s)
{
    int error;

    if (account->main_account_id == 0)
        return 0;
    error = ledger_account_add(billing->config.ledger, account->tenant_id, LEDGER_WALLET, "", &account->wallet_id);
    return error < 0 ? error : member_store(billing, account, 0, now_s);
}

int billing_group_join(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                       int64_t main_account_id)
{
    const struct billing_store *store = billing->store;
    struct billing_account account, main_account;
    int64_t member_id;
    int result = billing_account_load(billing, scope, account_id, &account);

    if (result < 0)
        return result;
    if (main_account_id == 0)
        return group_leave(billing, &account, now_s);
    result = billing_account_load(billing, scope, main_account_id, &main_account);
    if (result == 0)
        result = store->account_member_next(store->context, account_id, 0, &member_id);
    if (result < 0)
        return result;
    if (result == 1 || account_id == main_account_id || !groupable(&account) || !groupable(&main_account))
        return BILLING_ERR_GROUP;
    result = wallet_move(billing, &account, main_account.wallet_id, now_s);
    if (result < 0)
        return result;
    account.wallet_id = main_account.wallet_id;
    result = store->account_look(store->context, main_account_id, now_s);
    return result < 0 ? result : member_store(billing, &account, main_account_id, now_s);
}

/* Behind a main account that is cut off: the protected keep their supply; a valve that is open still, because its room came
 * later, was protected until now or its command was refused, waits for the permitted hours and for its place in the day. */
static int member_stage(struct billing_look *look, enum arrears_stage *stage)
{
    struct billing_account *account = look->account;
    bool left = false;
    int error = billing_account_place(look->billing, account);

    if (error < 0)
        return error;
    if (account->device_id == 0 || account->protected_until_s > look->now_s) {
        *stage = ARREARS_OVERDRAFT;
        return 0;
    }
    if (account->arrears.stage == ARREARS_CUT)
        return 0;
    if (arrears_cut_moment_s(&look->policy.arrears, look->now_s) == look->now_s)
        error = billing_closings_left(look, &left);
    *stage = left ? ARREARS_CUT : ARREARS_FINAL_NOTICE;
    return error;
}

int billing_member_follow(struct billing_look *look, const struct arrears_state *of_main)
{
    struct billing_account *account = look->account;
    enum arrears_stage stage = of_main->stage;
    bool was_cut = account->arrears.stage == ARREARS_CUT;
    int error = stage == ARREARS_CUT ? member_stage(look, &stage) : 0;

    if (error < 0 || account->arrears.stage == stage)
        return error;
    account->arrears = (struct arrears_state){ stage, look->now_s, of_main->final_notice_s };
    if (was_cut == (stage == ARREARS_CUT))
        return 0;
    return was_cut ? billing_valve_open(look) : billing_valve_close(look);
}

int64_t billing_member_next_s(const struct billing_look *look)
{
    const struct arrears_facts facts = { .level = ARREARS_FINAL_NOTICE };

    return look->account->arrears.stage == ARREARS_FINAL_NOTICE
               ? arrears_next_s(&look->policy.arrears, &facts, &look->account->arrears, look->now_s)
               : ARREARS_NEVER_S;
}

static int member_look(struct billing *billing, int64_t account_id, const struct arrears_state *of_main, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_account account;
    struct billing_look look;
    int result = store->account_read(store->context, account_id, &account);

    if (result == 1)
        result = billing_look_begin(billing, &account, now_s, &look);
    if (result == 0)
        result = billing_member_follow(&look, of_main);
    if (result < 0)
        return result;
    if (look.retry)
        account.look_s = now_s + BILLING_RETRY_S;
    else if (billing_member_next_s(&look) < account.look_s)
        account.look_s = billing_member_next_s(&look);
    return store->account_update(store->context, &account);
}

int billing_group_follow(struct billing_look *look)
{
    const struct billing_store *store = look->billing->store;
    const struct billing_account *account = look->account;
    int64_t member_id = 0;
    int found;

    while ((found = store->account_member_next(store->context, account->account_id, member_id, &member_id)) == 1) {
        int error = member_look(look->billing, member_id, &account->arrears, look->now_s);

        if (error < 0)
            return error;
    }
    return found;
}

int billing_group_main_look(struct billing_look *look)
{
    const struct billing_store *store = look->billing->store;
    int64_t main_account_id = look->account->main_account_id;
    struct billing_account main_account;
    struct billing_look main_look;
    int result;

    if (main_account_id == 0)
        return 0;
    if (look->paid_fen == 0)
        return store->account_look(store->context, main_account_id, look->now_s);
    result = store->account_read(store->context, main_account_id, &main_account);
    if (result <= 0)
        return result;
    result = billing_look_begin(look->billing, &main_account, look->now_s, &main_look);
    main_look.paid_fen = look->paid_fen;
    if (result == 0)
        result = billing_look_finish(&main_look);
    look->restored |= main_look.restored;
    return result;
}
