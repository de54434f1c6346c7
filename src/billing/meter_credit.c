/* Meter-side prepayment: the customer's money moves from the wallet to the meter, once. */
#include "billing/billing_internal.h"

#include <stdio.h>

static int wallet_load(struct billing *billing, const struct billing_account *account, struct ledger_account *wallet)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int found = ledger->account_read(ledger->context, account->wallet_id, wallet);

    return found == 1 ? 0 : found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
}

int billing_purchase_post(struct billing_look *look, const struct ledger_account *wallet, int64_t amount_fen,
                          int64_t *transfer_id)
{
    const struct billing_account *account = look->account;
    struct ledger_transfer transfer = { .debit_account_id = wallet->ledger_account_id,
                                        .credit_account_id = account->meter_credit_id,
                                        .amount_fen = amount_fen,
                                        .reference = (int64_t)look->command.command_id,
                                        .at_s = look->now_s,
                                        .tenant_id = account->tenant_id,
                                        .kind = LEDGER_RECHARGE };
    int error;

    /* By it the money is found again when the command never reaches the meter. */
    (void)snprintf(transfer.key, sizeof transfer.key, "purchase/%lld", (long long)look->command.command_id);
    error = ledger_post(look->billing->config.ledger, &transfer);
    *transfer_id = transfer.transfer_id;
    return error < 0 ? error : 0;
}

/* Money of which the meter takes only multiples of a smallest sum: the rest stays in the wallet. */
static int money_send(struct billing_look *look, const struct ledger_account *wallet, int64_t smallest_fen)
{
    const struct billing_actions *actions = look->billing->config.actions;
    const struct billing_account *account = look->account;
    int64_t amount_fen = ledger_account_available(wallet);
    struct billing_command command;
    int64_t transfer_id;
    int error;

    if (smallest_fen > 1)
        amount_fen -= amount_fen % smallest_fen;
    if (amount_fen <= 0)
        return 0;
    error = actions->request_recharge(actions->context, account->device_id, amount_fen, "top-up 充值", look->now_s, &command);
    if (billing_error_of_store(error)) /* it may be written in part: sent, and not paid for */
        return error;
    if (error < 0) {
        look->retry = true;
        return billing_journal(look->billing, account, "recharge_refused", "", look->now_s);
    }
    look->command = command;
    return billing_purchase_post(look, wallet, amount_fen, &transfer_id);
}

int billing_wallet_push(struct billing_look *look)
{
    const struct billing_actions *actions = look->billing->config.actions;
    const struct billing_account *account = look->account;
    struct billing_holding holding = { .known = false };
    struct ledger_account wallet;
    int error;

    if (account->mode != BILLING_PREPAID_METER || account->device_id == 0 || billing_account_rests(account))
        return 0;
    error = account->holds_units ? billing_carry_send(look) : 0;
    if (error == 0)
        error = wallet_load(look->billing, account, &wallet);
    if (error < 0 || ledger_account_available(&wallet) <= 0)
        return error;
    if (account->holds_units)
        return billing_units_sell(look, &wallet);
    if (actions->holding != NULL)
        error = actions->holding(actions->context, account->device_id, &holding);
    return error < 0 ? error : money_send(look, &wallet, holding.smallest_fen);
}
