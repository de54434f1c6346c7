#include "base/calendar.h"
#include "billing/billing_internal.h"

#include <stdio.h>

static int item_post(struct billing *billing, const struct billing_account *account, const struct charge_item *item,
                     struct ledger_transfer *transfer)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int64_t charged = billing_charged_account(account);
    int64_t revenue;
    int result;

    if (item->amount_fen == 0)
        return 0;
    result = ledger_account_open(ledger, account->tenant_id, LEDGER_REVENUE, item->name, &revenue);
    if (result < 0)
        return result;
    transfer->debit_account_id = item->amount_fen > 0 ? charged : revenue;
    transfer->credit_account_id = item->amount_fen > 0 ? revenue : charged;
    transfer->amount_fen = item->amount_fen > 0 ? item->amount_fen : -item->amount_fen;
    result = ledger_post(ledger, transfer);
    return result < 0 ? result : 0;
}

int billing_items_post(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       const struct billing_posting *posting)
{
    int64_t value_s = calendar_midnight(posting->until_day, account->zone_offset_s) - 1;
    int error = 0;

    for (int32_t index = 0; error == 0 && index < charge->item_count; index++) {
        struct ledger_transfer transfer = {
            .reference = posting->reference, .at_s = posting->at_s, .value_s = value_s,
            .tenant_id = account->tenant_id, .kind = (uint8_t)posting->kind
        };
        int size = snprintf(transfer.key, sizeof transfer.key, "%s/%s", posting->prefix, charge->items[index].name);

        if (size < 0 || (size_t)size >= sizeof transfer.key)
            return LEDGER_ERR_KEY;
        error = item_post(billing, account, &charge->items[index], &transfer);
    }
    return error;
}

/* What was charged to a wallet that the account has left since goes on to the wallet that it uses now. */
static int mirror_follow(struct billing *billing, const struct billing_account *account,
                         const struct ledger_transfer *posted, int64_t at_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    int64_t charged = billing_charged_account(account);
    struct ledger_transfer transfer = { .amount_fen = posted->amount_fen, .reference = account->account_id, .at_s = at_s,
                                        .tenant_id = account->tenant_id, .kind = LEDGER_MOVE };
    struct ledger_account debit;
    int found;

    if (posted->debit_account_id == charged || posted->credit_account_id == charged)
        return 0;
    found = ledger->account_read(ledger->context, posted->debit_account_id, &debit);
    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    transfer.debit_account_id = debit.kind == LEDGER_WALLET ? posted->debit_account_id : charged;
    transfer.credit_account_id = debit.kind == LEDGER_WALLET ? charged : posted->credit_account_id;
    (void)snprintf(transfer.key, sizeof transfer.key, "follow/%lld", (long long)posted->transfer_id);
    found = ledger_post(ledger, &transfer);
    return found < 0 ? found : 0;
}

int billing_item_reverse(struct billing *billing, const struct billing_account *account, const char *prefix,
                         const char *name, int64_t at_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer posted;
    char key[LEDGER_KEY_SIZE];
    int found;

    (void)snprintf(key, sizeof key, "%s/%s", prefix, name);
    found = ledger->transfer_find_key(ledger->context, key, &posted);
    if (found <= 0)
        return found;
    (void)snprintf(key, sizeof key, "correct/%lld", (long long)posted.transfer_id);
    found = ledger_reverse(ledger, account->tenant_id, posted.transfer_id, key, at_s, NULL);
    return found < 0 ? found : mirror_follow(billing, account, &posted, at_s);
}

int billing_items_reverse(struct billing *billing, const struct billing_account *account, const struct tariff *tariff,
                          const char *prefix, int64_t at_s)
{
    int error = 0;

    for (int32_t index = 0; error == 0 && index < tariff->item_count; index++)
        error = billing_item_reverse(billing, account, prefix, tariff->items[index].name, at_s);
    for (int32_t index = 0; error == 0 && index < tariff->fixed_count; index++)
        error = billing_item_reverse(billing, account, prefix, tariff->fixed[index].name, at_s);
    if (error == 0 && tariff->allowance_e4 > 0)
        error = billing_item_reverse(billing, account, prefix, tariff->allowance_name, at_s);
    if (error == 0 && tariff->power_factor_adjusted)
        error = billing_item_reverse(billing, account, prefix, CHARGE_POWER_FACTOR_ITEM, at_s);
    return error < 0 ? error : billing_item_reverse(billing, account, prefix, CHARGE_MINIMUM_ITEM, at_s);
}
