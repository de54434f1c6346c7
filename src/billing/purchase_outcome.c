/* How purchases of a meter end that were not simply taken: refused or lost, late, exchanged with the meter. */
#include "billing/billing_internal.h"

#include <stdio.h>

/* The purchase of the account's that a command carries, taken back or not, and the account's book: 1; 0 none. */
static int units_find(struct billing *billing, const struct billing_account *account, int64_t command_id, bool taken_back,
                      struct billing_unit_purchase *row, struct billing_unit_book *book)
{
    const struct billing_unit_store *units = billing->config.units;
    int found = units->purchase_of_command(units->context, command_id, row);

    if (found <= 0 || row->taken_back != taken_back || row->account_id != account->account_id)
        return found < 0 ? found : 0;
    found = billing_unit_book_read(billing, row->account_id, book);
    return found < 0 ? found : 1;
}

/* Units that nobody has used yet can be taken back; the tiers they filled are free again. */
static int units_take_back(struct billing *billing, struct billing_account *account, int64_t command_id)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_purchase row;
    struct billing_unit_book book;
    int found = units_find(billing, account, command_id, false, &row, &book);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_PAYMENT;
    if (book.charged_value > row.from_value)
        return BILLING_ERR_PAYMENT;
    book.bought_value -= row.value;
    if (account->cycle_start_day == row.cycle_start_day)
        account->cycle_used_value -= row.value;
    found = units->purchase_take_back(units->context, &row);
    if (found == 0)
        found = units->book_write(units->context, &book);
    return found < 0 ? found : billing->store->account_update(billing->store->context, account);
}

/* What was posted for a command under a key of this kind: 1; 0 nothing. */
static int transfer_find(struct billing *billing, const char *kind, int64_t command_id, struct ledger_transfer *out)
{
    const struct ledger_store *ledger = billing->config.ledger;
    char key[LEDGER_KEY_SIZE];

    (void)snprintf(key, sizeof key, "%s/%lld", kind, (long long)command_id);
    return ledger->transfer_find_key(ledger->context, key, out);
}

/* The transfer of a purchase by its command; the ledger knows whether it was corrected before. */
static int money_take_back(struct billing *billing, const struct billing_account *account, int64_t command_id, int64_t now_s)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer;
    char key[LEDGER_KEY_SIZE];
    int found = transfer_find(billing, "purchase", command_id, &transfer);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_PAYMENT;
    (void)snprintf(key, sizeof key, "purchase-back/%lld", (long long)command_id);
    found = ledger_reverse(ledger, account->tenant_id, transfer.transfer_id, key, now_s, NULL);
    return found < 0 ? found : 0;
}

static int purchase_take_back(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s)
{
    int result = account->holds_units ? units_take_back(billing, account, command_id) : 0;

    if (result >= 0)
        result = money_take_back(billing, account, command_id, now_s);
    if (result == BILLING_ERR_PAYMENT)
        return 0;
    return result < 0 ? result : billing_journal(billing, account, "recharge_failed", "", now_s);
}

/* The account whose meter it is, ready for a step: 1; 0 none, or none that buys for its meter. */
static int account_of_meter(struct billing *billing, uint32_t device_id, struct billing_account *account)
{
    const struct billing_store *store = billing->store;
    int64_t account_id;
    int found = store->account_of_device(store->context, device_id, &account_id);

    if (found == 1)
        found = store->account_read(store->context, account_id, account);
    return found == 1 ? account->mode == BILLING_PREPAID_METER : found;
}

/* What a command that ended does to the account: 0 and more; negative: it is refused. */
typedef int (*command_ending)(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s);

/* A step of the account whose meter it is: what the command means for units that are carried over, then for a purchase. */
static int ending_take(struct billing *billing, uint32_t device_id, int64_t command_id, int64_t now_s,
                       command_ending carry, command_ending purchase)
{
    struct billing_account account, before;
    bool stepped;
    int result = account_of_meter(billing, device_id, &account);

    if (result <= 0)
        return result;
    before = account;
    result = billing_event_begin(billing, &stepped);
    if (result == 0)
        result = carry(billing, &account, command_id, now_s);
    if (result == 0)
        result = purchase(billing, &account, command_id, now_s);
    return billing_event_end(billing, &before, stepped, result < 0 ? result : 0, now_s);
}

int billing_recharge_failed(struct billing *billing, uint32_t device_id, int64_t command_id, int64_t now_s)
{
    return ending_take(billing, device_id, command_id, now_s, billing_carry_failed, purchase_take_back);
}

/* The transfer of a purchase that was taken back: 1 and *out; 0 it was not. */
static int transfer_taken_back(struct billing *billing, int64_t command_id, struct ledger_transfer *out)
{
    struct ledger_transfer back;
    int found = transfer_find(billing, "purchase-back", command_id, &back);

    return found <= 0 ? found : transfer_find(billing, "purchase", command_id, out);
}

static int money_book_again(struct billing *billing, const struct billing_account *account,
                            const struct ledger_transfer *taken_back, int64_t command_id, int64_t now_s)
{
    struct ledger_transfer transfer = { .debit_account_id = account->wallet_id,
                                        .credit_account_id = account->meter_credit_id,
                                        .amount_fen = taken_back->amount_fen, .reference = command_id, .at_s = now_s,
                                        .tenant_id = account->tenant_id, .kind = LEDGER_RECHARGE };
    int error;

    (void)snprintf(transfer.key, sizeof transfer.key, "purchase-late/%lld", (long long)command_id);
    error = ledger_post(billing->config.ledger, &transfer);
    return error < 0 ? error : 0;
}

/* It takes the last place: what came after it was sold before it was known. */
static int units_put_back(struct billing *billing, struct billing_account *account, int64_t command_id)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_purchase row;
    struct billing_unit_book book;
    int found = units_find(billing, account, command_id, true, &row, &book);

    if (found <= 0)
        return found;
    row.from_value = book.bought_value;
    book.bought_value += row.value;
    if (account->cycle_start_day == row.cycle_start_day)
        account->cycle_used_value += row.value;
    found = units->purchase_put_back(units->context, &row);
    return found < 0 ? found : units->book_write(units->context, &book);
}

static int purchase_book_again(struct billing *billing, struct billing_account *account, int64_t command_id, int64_t now_s)
{
    struct ledger_transfer taken_back;
    int found = transfer_taken_back(billing, command_id, &taken_back);

    if (found <= 0)
        return found;
    found = money_book_again(billing, account, &taken_back, command_id, now_s);
    if (found == 0 && account->holds_units)
        found = units_put_back(billing, account, command_id);
    account->look_s = now_s;
    if (found == 0)
        found = billing->store->account_update(billing->store->context, account);
    return found < 0 ? found : billing_journal(billing, account, "recharge_late", "", now_s);
}

int billing_recharge_arrived(struct billing *billing, uint32_t device_id, int64_t command_id, int64_t now_s)
{
    return ending_take(billing, device_id, command_id, now_s, billing_carry_arrived, purchase_book_again);
}

int billing_purchases_settle(struct billing_look *look)
{
    const struct billing_unit_store *units = look->billing->config.units;
    struct billing_account *account = look->account;
    int64_t command_id = 0;
    int found = 1;

    if (units == NULL || account->mode != BILLING_PREPAID_METER || account->device_id == 0 || look->held_before == 0)
        return 0;
    while ((found = units->recharge_failed_next(units->context, account->device_id, account->opened_s, command_id,
                                                &command_id)) == 1) {
        found = purchase_take_back(look->billing, account, command_id, look->now_s);
        if (found < 0)
            return found;
    }
    return found;
}
