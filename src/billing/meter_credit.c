/* Meter-side prepayment: the customer's money moves from the wallet to the meter, once. */
#include "billing/billing_internal.h"

#include <stdio.h>

/* Sums of an account only grow, so "the wallet at these credits" names this transfer and no other. */
static int push_key(struct billing *billing, const struct billing_account *account, char key[LEDGER_KEY_SIZE])
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account wallet;
    int found = ledger->account_read(ledger->context, account->wallet_id, &wallet);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    (void)snprintf(key, LEDGER_KEY_SIZE, "recharge/%lld/%lld", (long long)account->wallet_id,
                   (long long)wallet.credits_fen);
    return 0;
}

static int push_post(struct billing_look *look, int64_t amount_fen)
{
    const struct billing_account *account = look->account;
    struct ledger_transfer transfer = { .debit_account_id = account->wallet_id,
                                        .credit_account_id = account->meter_credit_id,
                                        .amount_fen = amount_fen,
                                        .reference = (int64_t)look->command.command_id,
                                        .at_s = look->now_s,
                                        .tenant_id = account->tenant_id,
                                        .kind = LEDGER_RECHARGE };
    int error = push_key(look->billing, account, transfer.key);

    if (error == 0)
        error = ledger_post(look->billing->config.ledger, &transfer);
    return error < 0 ? error : 0;
}

int billing_wallet_push(struct billing_look *look)
{
    const struct billing_actions *actions = look->billing->config.actions;
    const struct billing_account *account = look->account;
    struct billing_command command;
    int64_t amount_fen;
    int error;

    if (account->mode != BILLING_PREPAID_METER || account->device_id == 0)
        return 0;
    error = ledger_balance_read(look->billing->config.ledger, account->wallet_id, &amount_fen);
    if (error < 0 || amount_fen <= 0)
        return error;
    error = actions->request_recharge(actions->context, account->device_id, amount_fen, "top-up 充值", look->now_s, &command);
    if (error < 0) {
        look->retry = true;
        return billing_journal(look->billing, account, "recharge_refused", "", look->now_s);
    }
    look->command = command;
    return push_post(look, amount_fen);
}
