/* Pre-deductions of a wallet. */
#include "base/text.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

#define KEY_LIMIT 64

static int request_check(const struct billing_hold_request *request)
{
    static const char *const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_:";
    size_t key_size = strlen(request->key), item_size = strlen(request->item);

    if (key_size == 0 || key_size > KEY_LIMIT || strspn(request->key, letters) != key_size)
        return BILLING_ERR_KEY;
    return item_size == 0 || strspn(request->item, "abcdefghijklmnopqrstuvwxyz_") != item_size ? BILLING_ERR_ITEM : 0;
}

/* A wallet has no minimum of its own: what it may owe is a term of the account. */
static int funds_check(struct billing *billing, const struct billing_account *account, int64_t amount_fen)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_account wallet;
    int found = ledger->account_read(ledger->context, account->wallet_id, &wallet);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    return ledger_account_available(&wallet) + account->overdraft_fen < amount_fen ? BILLING_ERR_FUNDS : 0;
}

/* 1 and *out when the key came before; 0. */
static int repetition_find(struct billing *billing, const struct ledger_hold *hold, struct ledger_hold *out)
{
    const struct ledger_store *ledger = billing->config.ledger;

    return ledger->hold_find_key(ledger->context, hold->key, out);
}

int billing_hold_place(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                       const struct billing_hold_request *request, struct ledger_hold *out)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_hold hold = { .amount_fen = request->amount_fen, .reference = request->account_id, .at_s = now_s,
                                .tenant_id = scope->tenant_id, .kind = LEDGER_CHARGE };
    struct billing_account account;
    struct ledger_hold before;
    int result = request_check(request);

    if (result == 0)
        result = billing_account_load(billing, scope, request->account_id, &account);
    if (result < 0)
        return result;
    (void)snprintf(hold.key, sizeof hold.key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    hold.debit_account_id = account.wallet_id;
    hold.expires_s = request->duration_s <= LEDGER_HOLD_MAXIMUM_S ? now_s + request->duration_s : INT64_MAX;
    result = repetition_find(billing, &hold, &before);
    if (result == 0 && account.closed_s != 0)
        result = BILLING_ERR_ACCOUNT_CLOSED;
    if (result == 0)
        result = funds_check(billing, &account, request->amount_fen);
    if (result >= 0)
        result = ledger_account_open(ledger, scope->tenant_id, LEDGER_REVENUE, request->item, &hold.credit_account_id);
    if (result == 0)
        result = ledger_hold(ledger, &hold);
    if (result >= 0)
        *out = hold;
    return result;
}

int billing_hold_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t hold_id,
                        int64_t amount_fen, struct ledger_hold *out)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct billing_account account;
    struct ledger_hold hold;
    int result = ledger->hold_read(ledger->context, hold_id, &hold);

    if (result <= 0)
        return result < 0 ? result : LEDGER_ERR_HOLD;
    result = billing_account_load(billing, scope, hold.reference, &account);
    if (result < 0)
        return result == BILLING_ERR_ACCOUNT ? LEDGER_ERR_HOLD : result;
    result = amount_fen == 0 ? ledger_hold_void(ledger, scope->tenant_id, hold_id, now_s, &hold)
                             : ledger_hold_post(ledger, scope->tenant_id, hold_id, amount_fen, now_s, &hold);
    account.look_s = now_s;
    if (result == 0 && amount_fen != 0)
        result = billing->store->account_update(billing->store->context, &account);
    if (result >= 0)
        *out = hold;
    return result;
}
