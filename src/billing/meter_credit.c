/* Meter-side prepayment: the customer's money moves from the wallet to the meter, once. */
#include "billing/billing_internal.h"

#include <stdio.h>

static int wallet_load(struct billing *billing, const struct billing_account *account, struct ledger_account *wallet)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int found = ledger->account_read(ledger->context, account->wallet_id, wallet);

    return found == 1 ? 0 : found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
}

static int push_post(struct billing_look *look, const struct ledger_account *wallet, int64_t amount_fen)
{
    const struct billing_account *account = look->account;
    struct ledger_transfer transfer = { .debit_account_id = account->wallet_id,
                                        .credit_account_id = account->meter_credit_id,
                                        .amount_fen = amount_fen,
                                        .reference = (int64_t)look->command.command_id,
                                        .at_s = look->now_s,
                                        .tenant_id = account->tenant_id,
                                        .kind = LEDGER_RECHARGE };
    int error;

    /* Sums of an account only grow, so "the wallet at these sums" names this transfer and no other. */
    (void)snprintf(transfer.key, sizeof transfer.key, "recharge/%lld/%lld/%lld", (long long)account->wallet_id,
                   (long long)wallet->credits_fen, (long long)wallet->debits_fen);
    error = ledger_post(look->billing->config.ledger, &transfer);
    return error < 0 ? error : 0;
}

int billing_wallet_push(struct billing_look *look)
{
    const struct billing_actions *actions = look->billing->config.actions;
    const struct billing_account *account = look->account;
    struct billing_command command;
    struct ledger_account wallet;
    int64_t amount_fen;
    int error;

    if (account->mode != BILLING_PREPAID_METER || account->device_id == 0 || billing_account_rests(account))
        return 0;
    error = wallet_load(look->billing, account, &wallet);
    if (error < 0)
        return error;
    amount_fen = ledger_account_available(&wallet);
    if (amount_fen <= 0)
        return 0;
    error = actions->request_recharge(actions->context, account->device_id, amount_fen, "top-up 充值", look->now_s, &command);
    if (error < 0) {
        look->retry = true;
        return billing_journal(look->billing, account, "recharge_refused", "", look->now_s);
    }
    look->command = command;
    return push_post(look, &wallet, amount_fen);
}
