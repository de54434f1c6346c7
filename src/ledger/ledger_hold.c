/* Pre-deductions: money that is reserved first, and moved or given back later. */
#include "ledger/ledger_internal.h"

#include <stdio.h>

/* The same request, whatever has become of it and whenever it is repeated. */
static bool hold_same(const struct ledger_hold *a, const struct ledger_hold *b)
{
    return a->tenant_id == b->tenant_id && a->debit_account_id == b->debit_account_id &&
           a->credit_account_id == b->credit_account_id && a->amount_fen == b->amount_fen && a->kind == b->kind &&
           a->reference == b->reference;
}

static int hold_check(const struct ledger_hold *hold)
{
    if (hold->amount_fen <= 0 || hold->amount_fen > LEDGER_AMOUNT_MAXIMUM_FEN)
        return LEDGER_ERR_AMOUNT;
    if (hold->debit_account_id == hold->credit_account_id)
        return LEDGER_ERR_SAME_ACCOUNT;
    return hold->expires_s <= hold->at_s || hold->expires_s > hold->at_s + LEDGER_HOLD_MAXIMUM_S ? LEDGER_ERR_EXPIRY : 0;
}

static int money_reserve(const struct ledger_store *store, const struct ledger_hold *hold)
{
    struct ledger_account debit, credit;
    int error = ledger_accounts_read(store, hold->tenant_id, hold->debit_account_id, hold->credit_account_id, &debit,
                                     &credit);

    if (error < 0)
        return error;
    if (debit.has_minimum && ledger_account_available(&debit) - hold->amount_fen < debit.minimum_fen)
        return LEDGER_ERR_MINIMUM;
    if (debit.held_fen > LEDGER_SUM_MAXIMUM_FEN - hold->amount_fen)
        return LEDGER_ERR_OVERFLOW;
    debit.held_fen += hold->amount_fen;
    return store->account_update(store->context, &debit);
}

int ledger_hold(const struct ledger_store *store, struct ledger_hold *hold)
{
    struct ledger_hold before;
    int result = ledger_key_check(hold->key);

    if (result == 0)
        result = store->hold_find_key(store->context, hold->key, &before);
    if (result == 1) {
        if (!hold_same(&before, hold))
            return LEDGER_ERR_KEY_REUSED;
        *hold = before;
        return 1;
    }
    if (result == 0)
        result = hold_check(hold);
    if (result == 0)
        result = money_reserve(store, hold);
    hold->state = LEDGER_HOLD_PENDING;
    return result < 0 ? result : store->hold_insert(store->context, hold);
}

/* Take the reservation off the account and write what became of the hold. */
static int hold_settle(const struct ledger_store *store, struct ledger_hold *hold, enum ledger_hold_state state,
                       int64_t at_s)
{
    struct ledger_account debit;
    int found = store->account_read(store->context, hold->debit_account_id, &debit);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    debit.held_fen -= hold->amount_fen;
    hold->state = (uint8_t)state;
    hold->settled_s = at_s;
    found = store->account_update(store->context, &debit);
    return found < 0 ? found : store->hold_update(store->context, hold);
}

static int hold_find(const struct ledger_store *store, uint32_t tenant_id, int64_t hold_id, struct ledger_hold *hold)
{
    int found = store->hold_read(store->context, hold_id, hold);

    if (found < 0)
        return found;
    return found == 0 || hold->tenant_id != tenant_id ? LEDGER_ERR_HOLD : 0;
}

/* The reservation goes first, so that the posting finds its money free; then the posting, then its number. */
static int hold_move(const struct ledger_store *store, struct ledger_hold *hold, int64_t amount_fen, int64_t at_s)
{
    struct ledger_transfer transfer = { .debit_account_id = hold->debit_account_id,
                                        .credit_account_id = hold->credit_account_id,
                                        .amount_fen = amount_fen,
                                        .reference = hold->reference,
                                        .at_s = at_s,
                                        .tenant_id = hold->tenant_id,
                                        .kind = hold->kind };
    int error = hold_settle(store, hold, LEDGER_HOLD_POSTED, at_s);

    (void)snprintf(transfer.key, sizeof transfer.key, "hold/%lld", (long long)hold->hold_id);
    if (error >= 0)
        error = ledger_post(store, &transfer);
    hold->posted_fen = amount_fen;
    hold->transfer_id = transfer.transfer_id;
    return error < 0 ? error : store->hold_update(store->context, hold);
}

int ledger_hold_post(const struct ledger_store *store, uint32_t tenant_id, int64_t hold_id, int64_t amount_fen,
                     int64_t at_s, struct ledger_hold *hold)
{
    struct ledger_hold found;
    int result = hold_find(store, tenant_id, hold_id, &found);

    if (result < 0)
        return result;
    if (found.state == LEDGER_HOLD_POSTED && found.posted_fen == amount_fen)
        result = 1;
    else if (found.state != LEDGER_HOLD_PENDING || at_s >= found.expires_s)
        return LEDGER_ERR_HOLD_SETTLED;
    else if (amount_fen <= 0 || amount_fen > found.amount_fen)
        return LEDGER_ERR_HOLD_AMOUNT;
    else
        result = hold_move(store, &found, amount_fen, at_s);
    if (result >= 0 && hold != NULL)
        *hold = found;
    return result;
}

int ledger_hold_void(const struct ledger_store *store, uint32_t tenant_id, int64_t hold_id, int64_t at_s,
                     struct ledger_hold *hold)
{
    struct ledger_hold found;
    int result = hold_find(store, tenant_id, hold_id, &found);

    if (result < 0)
        return result;
    if (found.state == LEDGER_HOLD_POSTED)
        return LEDGER_ERR_HOLD_SETTLED;
    result = found.state != LEDGER_HOLD_PENDING ? 1 : hold_settle(store, &found, LEDGER_HOLD_VOIDED, at_s);
    if (result >= 0 && hold != NULL)
        *hold = found;
    return result;
}

int ledger_holds_expire(const struct ledger_store *store, int64_t now_s, int32_t limit)
{
    int32_t done = 0;

    for (; done < limit; done++) {
        struct ledger_hold hold;
        int result = store->hold_expired(store->context, now_s, &hold);

        if (result <= 0)
            return result < 0 ? result : done;
        result = hold_settle(store, &hold, LEDGER_HOLD_EXPIRED, now_s);
        if (result < 0)
            return result;
    }
    return done;
}
