#include "ledger/ledger.h"

#include "base/text.h"
#include "ledger/ledger_internal.h"

#include <assert.h>
#include <string.h>

/* What ledger_post has found out while it checks. */
struct posting {
    const struct ledger_store *store;
    struct ledger_transfer *transfer;
    struct ledger_transfer before; /* the posting that had the key already */
    struct ledger_account debit, credit;
};

int64_t ledger_account_balance(const struct ledger_account *account)
{
    return account->credits_fen - account->debits_fen;
}

int64_t ledger_account_available(const struct ledger_account *account)
{
    return ledger_account_balance(account) - account->held_fen;
}

int ledger_key_check(const char *key)
{
    size_t size = 0;

    for (; size < LEDGER_KEY_SIZE && key[size] != '\0'; size++) {
        if ((uint8_t)key[size] < 0x20 || (uint8_t)key[size] == 0x7f)
            return LEDGER_ERR_KEY;
    }
    return size == 0 || size == LEDGER_KEY_SIZE ? LEDGER_ERR_KEY : 0;
}

/* The same content, whatever the time of the repetition. */
static bool transfer_same(const struct ledger_transfer *a, const struct ledger_transfer *b)
{
    return a->tenant_id == b->tenant_id && a->debit_account_id == b->debit_account_id &&
           a->credit_account_id == b->credit_account_id && a->amount_fen == b->amount_fen && a->kind == b->kind &&
           a->reference == b->reference && a->reverses == b->reverses;
}

/* returns 1 when the key was posted with the same content, 0 when it is new */
static int repetition_check(struct posting *posting)
{
    int found = posting->store->transfer_find_key(posting->store->context, posting->transfer->key, &posting->before);

    if (found <= 0)
        return found;
    return transfer_same(&posting->before, posting->transfer) ? 1 : LEDGER_ERR_KEY_REUSED;
}

static int amount_check(struct posting *posting)
{
    const struct ledger_transfer *transfer = posting->transfer;

    if (transfer->amount_fen <= 0 || transfer->amount_fen > LEDGER_AMOUNT_MAXIMUM_FEN)
        return LEDGER_ERR_AMOUNT;
    return transfer->debit_account_id == transfer->credit_account_id ? LEDGER_ERR_SAME_ACCOUNT : 0;
}

int ledger_accounts_read(const struct ledger_store *store, uint32_t tenant_id, int64_t debit_account_id,
                         int64_t credit_account_id, struct ledger_account *debit, struct ledger_account *credit)
{
    int found = store->account_read(store->context, debit_account_id, debit);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    found = store->account_read(store->context, credit_account_id, credit);
    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_CREDIT_ACCOUNT;
    return debit->tenant_id != tenant_id || credit->tenant_id != tenant_id ? LEDGER_ERR_TENANT : 0;
}

static int accounts_check(struct posting *posting)
{
    const struct ledger_transfer *transfer = posting->transfer;

    return ledger_accounts_read(posting->store, transfer->tenant_id, transfer->debit_account_id,
                                transfer->credit_account_id, &posting->debit, &posting->credit);
}

static int reversal_check(struct posting *posting)
{
    const struct ledger_store *store = posting->store;
    const struct ledger_transfer *transfer = posting->transfer;
    struct ledger_transfer corrected, other;
    int found;

    if (transfer->reverses == 0)
        return 0;
    found = store->transfer_read(store->context, transfer->reverses, &corrected);
    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_REVERSES;
    found = store->transfer_find_reversal(store->context, transfer->reverses, &other);
    if (found != 0)
        return found < 0 ? found : LEDGER_ERR_REVERSED;
    if (corrected.debit_account_id != transfer->credit_account_id ||
        corrected.credit_account_id != transfer->debit_account_id || corrected.amount_fen != transfer->amount_fen)
        return LEDGER_ERR_REVERSAL_CONTENT;
    return 0;
}

static int balances_check(struct posting *posting)
{
    int64_t amount_fen = posting->transfer->amount_fen;

    if (posting->debit.has_minimum &&
        ledger_account_available(&posting->debit) - amount_fen < posting->debit.minimum_fen)
        return LEDGER_ERR_MINIMUM;
    if (posting->debit.debits_fen > LEDGER_SUM_MAXIMUM_FEN - amount_fen ||
        posting->credit.credits_fen > LEDGER_SUM_MAXIMUM_FEN - amount_fen)
        return LEDGER_ERR_OVERFLOW;
    return 0;
}

static int key_check(struct posting *posting)
{
    int error = ledger_key_check(posting->transfer->key);

    return error < 0 ? error : repetition_check(posting);
}

static int key_check_none(struct posting *posting)
{
    return posting->transfer->key[0] != '\0' ? LEDGER_ERR_KEY : 0;
}

/* In the order of precedence of ledger_error.h. returns 1 for a harmless repetition */
static int posting_check(struct posting *posting, int (*first_check)(struct posting *posting))
{
    int (*const checks[])(struct posting *posting) = {
        first_check, amount_check, accounts_check, reversal_check, balances_check,
    };
    int result = 0;

    for (size_t index = 0; result == 0 && index < sizeof checks / sizeof checks[0]; index++)
        result = checks[index](posting);
    return result;
}

static int transfer_append(const struct ledger_store *store, struct ledger_transfer *transfer)
{
    struct ledger_span span = { .at_from_s = transfer->at_s, .at_to_s = transfer->at_s,
                                .value_from_s = transfer->value_s, .value_to_s = transfer->value_s };
    int error = store->transfer_insert(store->context, transfer);

    span.block = transfer->transfer_id / LEDGER_BLOCK;
    return error < 0 ? error : store->span_widen(store->context, &span);
}

static int posting_write(struct posting *posting)
{
    const struct ledger_store *store = posting->store;
    struct ledger_transfer *transfer = posting->transfer;
    struct ledger_account *debit = &posting->debit, *credit = &posting->credit;
    int error = ledger_period_place(store, transfer);

    assert(transfer->amount_fen > 0 && debit->ledger_account_id != credit->ledger_account_id);
    transfer->debit_before = debit->last_transfer_id;
    transfer->credit_before = credit->last_transfer_id;
    if (error >= 0)
        error = transfer_append(store, transfer);
    debit->debits_fen += transfer->amount_fen;
    credit->credits_fen += transfer->amount_fen;
    debit->last_transfer_id = credit->last_transfer_id = transfer->transfer_id;
    if (error >= 0)
        error = store->account_update(store->context, debit);
    if (error >= 0)
        error = store->account_update(store->context, credit);
    return error < 0 ? error : 0;
}

int ledger_post(const struct ledger_store *store, struct ledger_transfer *transfer)
{
    struct posting posting = { .store = store, .transfer = transfer };
    int result = posting_check(&posting, key_check);

    if (result == 1)
        *transfer = posting.before;
    return result != 0 ? result : posting_write(&posting);
}

int ledger_post_named(const struct ledger_store *store, struct ledger_transfer *transfer)
{
    struct posting posting = { .store = store, .transfer = transfer };
    int result = posting_check(&posting, key_check_none);

    return result != 0 ? result : posting_write(&posting);
}

int ledger_reverse(const struct ledger_store *store, uint32_t tenant_id, int64_t transfer_id, const char *key,
                   int64_t at_s, struct ledger_transfer *out)
{
    struct ledger_transfer corrected, mirror;
    int result = store->transfer_read(store->context, transfer_id, &corrected);

    if (result <= 0)
        return result < 0 ? result : LEDGER_ERR_REVERSES;
    mirror = (struct ledger_transfer){
        .debit_account_id = corrected.credit_account_id,
        .credit_account_id = corrected.debit_account_id,
        .amount_fen = corrected.amount_fen,
        .reference = corrected.reference,
        .reverses = transfer_id,
        .at_s = at_s,
        .value_s = corrected.late_s != 0 ? corrected.late_s : corrected.value_s,
        .tenant_id = tenant_id,
        .kind = LEDGER_CORRECTION,
    };
    if (text_copy(span_of_text(key), mirror.key, sizeof mirror.key) < 0)
        return LEDGER_ERR_KEY;
    result = ledger_post(store, &mirror);
    if (result >= 0 && out != NULL)
        *out = mirror;
    return result;
}

int ledger_account_add(const struct ledger_store *store, uint32_t tenant_id, enum ledger_account_kind kind,
                       const char *name, int64_t *ledger_account_id)
{
    struct ledger_account account = { .tenant_id = tenant_id, .kind = (uint8_t)kind };
    int error;

    if (text_copy(span_of_text(name), account.name, sizeof account.name) < 0)
        return LEDGER_ERR_KEY;
    error = store->account_insert(store->context, &account);
    if (error >= 0)
        *ledger_account_id = account.ledger_account_id;
    return error < 0 ? error : 0;
}

int ledger_account_open(const struct ledger_store *store, uint32_t tenant_id, enum ledger_account_kind kind,
                        const char *name, int64_t *ledger_account_id)
{
    struct ledger_account account;
    int found = store->account_find(store->context, tenant_id, kind, name, &account);

    if (found == 0)
        return ledger_account_add(store, tenant_id, kind, name, ledger_account_id);
    if (found > 0)
        *ledger_account_id = account.ledger_account_id;
    return found < 0 ? found : 0;
}

int ledger_balance_read(const struct ledger_store *store, int64_t ledger_account_id, int64_t *balance_fen)
{
    struct ledger_account account;
    int found = store->account_read(store->context, ledger_account_id, &account);

    if (found <= 0)
        return found < 0 ? found : LEDGER_ERR_DEBIT_ACCOUNT;
    *balance_fen = ledger_account_balance(&account);
    return 0;
}

struct verifying {
    struct ledger_verification result;
    int (*report)(void *context, const struct ledger_difference *difference);
    void *context;
};

static void row_add(struct ledger_trial_row *row, const struct ledger_sums *sums)
{
    row->debits_fen += sums->debits_fen;
    row->credits_fen += sums->credits_fen;
    row->held_fen += sums->held_fen;
    row->accounts++;
}

static int account_verify(void *visitor, const struct ledger_account *account, const struct ledger_sums *sums)
{
    struct verifying *verifying = visitor;
    struct ledger_trial_balance *trial = &verifying->result.trial;

    row_add(&trial->rows[0], sums);
    if (account->kind > 0 && account->kind < LEDGER_KIND_COUNT)
        row_add(&trial->rows[account->kind], sums);
    if (account->debits_fen == sums->debits_fen && account->credits_fen == sums->credits_fen &&
        account->held_fen == sums->held_fen && account->last_transfer_id == sums->last_transfer_id)
        return 0;
    verifying->result.differences++;
    if (verifying->report == NULL)
        return 0;
    return verifying->report(verifying->context, &(struct ledger_difference){ *account, *sums });
}

int ledger_verify(const struct ledger_store *store, uint32_t tenant_id,
                  int (*report)(void *context, const struct ledger_difference *difference), void *context,
                  struct ledger_verification *out)
{
    struct verifying verifying = { .report = report, .context = context };
    const struct ledger_trial_row *all = &verifying.result.trial.rows[0];
    int error = store->accounts_walk(store->context, tenant_id, account_verify, &verifying);

    if (error < 0)
        return error;
    verifying.result.balanced = all->debits_fen == all->credits_fen && verifying.result.differences == 0;
    *out = verifying.result;
    return 0;
}
