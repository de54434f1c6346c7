#include "base/calendar.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEM_TEXT_LIMIT 46 /* "account":amount and a comma, whatever the numbers */

/* The ledger account, by the kind of charge, that its sums wait on: one each, so that each can be proved. */
static const char *clearing_name(uint8_t kind)
{
    return kind == LEDGER_BILL ? "bills" : "charges";
}

static int clearing_open(struct billing *billing, uint32_t tenant_id, uint8_t kind, int64_t *clearing_id)
{
    return ledger_account_open(billing->config.ledger, tenant_id, LEDGER_CLEARING, clearing_name(kind), clearing_id);
}

/* A transfer of amount_fen from one account to the other; of a negative amount the other way round. */
static int amount_post(struct billing *billing, int64_t from_id, int64_t to_id, int64_t amount_fen,
                       struct ledger_transfer *transfer)
{
    transfer->debit_account_id = amount_fen > 0 ? from_id : to_id;
    transfer->credit_account_id = amount_fen > 0 ? to_id : from_id;
    transfer->amount_fen = amount_fen > 0 ? amount_fen : -amount_fen;
    return ledger_post_named(billing->config.ledger, transfer);
}

static int64_t amount_part(int64_t amount_fen)
{
    if (amount_fen > LEDGER_AMOUNT_MAXIMUM_FEN)
        return LEDGER_AMOUNT_MAXIMUM_FEN;
    return amount_fen < -LEDGER_AMOUNT_MAXIMUM_FEN ? -LEDGER_AMOUNT_MAXIMUM_FEN : amount_fen;
}

static int sum_pass(struct billing *billing, struct billing_item_sum *sum)
{
    int64_t clearing_id;
    int error = clearing_open(billing, sum->tenant_id, sum->kind, &clearing_id);

    while (error >= 0 && sum->amount_fen != 0) {
        struct ledger_transfer transfer = { .at_s = sum->at_s, .value_s = sum->value_s, .tenant_id = sum->tenant_id,
                                            .reference = sum->area_id, .kind = sum->kind };
        int64_t part_fen = amount_part(sum->amount_fen);

        error = amount_post(billing, clearing_id, sum->revenue_id, part_fen, &transfer);
        sum->amount_fen -= part_fen;
    }
    return error;
}

int billing_items_pass(struct billing *billing)
{
    int error = 0;

    for (uint32_t index = 0; error >= 0 && index < billing->sums.count; index++)
        error = sum_pass(billing, &billing->sums.rows[index]);
    billing->sums.count = 0;
    return error < 0 ? error : 0;
}

static int sum_add(struct billing *billing, const struct billing_item_sum *wanted)
{
    struct billing_item_sums *sums = &billing->sums;
    int error = 0;

    /* Neighbours come one after the other: the newest first. */
    for (uint32_t index = sums->count; index-- > 0;) {
        struct billing_item_sum *sum = &sums->rows[index];

        if (sum->revenue_id == wanted->revenue_id && sum->area_id == wanted->area_id && sum->value_s == wanted->value_s &&
            sum->kind == wanted->kind) {
            sum->amount_fen += wanted->amount_fen;
            return 0;
        }
    }
    if (sums->count == BILLING_ITEM_SUM_LIMIT)
        error = billing_items_pass(billing);
    sums->rows[sums->count++] = *wanted;
    return error;
}

static char *integer_write(int64_t value, char *out)
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[20];
    int count = 0;

    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *out++ = '-';
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

struct item_list {
    int32_t count;
    int64_t revenue_ids[CHARGE_ITEM_LIMIT];
    int64_t amounts_fen[CHARGE_ITEM_LIMIT];
};

_Static_assert(CHARGE_ITEM_LIMIT * ITEM_TEXT_LIMIT + 3 <= BILLING_ITEMS_SIZE, "every list fits");

static void items_write(const struct item_list *list, char *out)
{
    *out++ = '{';
    for (int32_t index = 0; index < list->count; index++) {
        if (index > 0)
            *out++ = ',';
        *out++ = '"';
        out = integer_write(list->revenue_ids[index], out);
        *out++ = '"';
        *out++ = ':';
        out = integer_write(list->amounts_fen[index], out);
    }
    *out++ = '}';
    *out = '\0';
}

/* Reads what items_write wrote. */
static void items_read(const char *text, struct item_list *list)
{
    list->count = 0;
    while (list->count < CHARGE_ITEM_LIMIT && (text = strchr(text, '"')) != NULL) {
        char *end;

        list->revenue_ids[list->count] = strtoll(text + 1, &end, 10);
        if (end[0] != '"' || end[1] != ':')
            return;
        list->amounts_fen[list->count++] = strtoll(end + 2, &end, 10);
        text = end;
    }
}

static int items_open(struct billing *billing, uint32_t tenant_id, const struct charge *charge, struct item_list *list)
{
    int error = 0;

    list->count = 0;
    for (int32_t index = 0; error >= 0 && index < charge->item_count; index++) {
        if (charge->items[index].amount_fen == 0)
            continue;
        list->amounts_fen[list->count] = charge->items[index].amount_fen;
        error = ledger_account_open(billing->config.ledger, tenant_id, LEDGER_REVENUE, charge->items[index].name,
                                    &list->revenue_ids[list->count++]);
    }
    return error;
}

/* sign: 1 to revenue, -1 back */
static int items_sum(struct billing *billing, const struct billing_account *account, const struct item_list *list,
                     const struct billing_posting *posting, int64_t sign)
{
    int error = 0;

    for (int32_t index = 0; error >= 0 && index < list->count; index++)
        error = sum_add(billing, &(struct billing_item_sum){
            .tenant_id = account->tenant_id, .kind = (uint8_t)posting->kind, .at_s = posting->at_s,
            .value_s = calendar_midnight(posting->until_day, account->zone_offset_s) - 1,
            .area_id = account->area_id, .revenue_id = list->revenue_ids[index], .amount_fen = sign * list->amounts_fen[index] });
    if (billing->batch_open)
        return error;
    if (error >= 0)
        error = billing_items_pass(billing);
    billing->sums.count = 0;
    return error;
}

int billing_items_name(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       char items[BILLING_ITEMS_SIZE])
{
    struct item_list list;
    int error = items_open(billing, account->tenant_id, charge, &list);

    if (error >= 0)
        items_write(&list, items);
    return error;
}

int billing_items_post(struct billing *billing, const struct billing_account *account, const struct charge *charge,
                       const struct billing_posting *posting, struct billing_posted *posted)
{
    struct ledger_transfer transfer = {
        .reference = posting->reference, .at_s = posting->at_s,
        .value_s = calendar_midnight(posting->until_day, account->zone_offset_s) - 1,
        .tenant_id = account->tenant_id, .kind = (uint8_t)posting->kind
    };
    struct item_list list;
    int64_t clearing_id;
    int error = items_open(billing, account->tenant_id, charge, &list);

    if (error >= 0)
        error = clearing_open(billing, account->tenant_id, transfer.kind, &clearing_id);
    if (error >= 0 && charge->total_fen != 0)
        error = amount_post(billing, billing_charged_account(account), clearing_id, charge->total_fen, &transfer);
    if (error < 0)
        return error;
    posted->transfer_id = transfer.transfer_id;
    items_write(&list, posted->items);
    return items_sum(billing, account, &list, posting, 1);
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

int billing_items_take_back(struct billing *billing, const struct billing_account *account,
                            const struct billing_posted *posted, const struct billing_posting *posting)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer;
    struct item_list list;
    char key[LEDGER_KEY_SIZE];
    int result = posted->transfer_id == 0 ? 0 : ledger->transfer_read(ledger->context, posted->transfer_id, &transfer);

    if (result == 1) {
        (void)snprintf(key, sizeof key, "correct/%lld", (long long)posted->transfer_id);
        result = ledger_reverse(ledger, account->tenant_id, posted->transfer_id, key, posting->at_s, NULL);
        if (result >= 0)
            result = mirror_follow(billing, account, &transfer, posting->at_s);
    }
    if (result < 0)
        return result;
    items_read(posted->items, &list);
    return items_sum(billing, account, &list, posting, -1);
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
