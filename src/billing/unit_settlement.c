/* What units cost on the day they are used: what they were bought for, the oldest first. */
#include "base/wide.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

#define PURCHASES_WALKED 10000 /* of one stretch: a bound, never reached */

int billing_unit_book_read(struct billing *billing, int64_t account_id, struct billing_unit_book *book)
{
    const struct billing_unit_store *units = billing->config.units;
    int found = units->book_read(units->context, account_id, book);

    if (found == 0)
        *book = (struct billing_unit_book){ .account_id = account_id };
    return found < 0 ? found : 0;
}

static int item_add(struct charge *charge, const char *name, int64_t amount_fen)
{
    int32_t index = 0;

    while (index < charge->item_count && strcmp(charge->items[index].name, name) != 0)
        index++;
    if (index == CHARGE_ITEM_LIMIT)
        return RATING_ERR_SEGMENTS;
    if (index == charge->item_count) {
        charge->items[index] = (struct charge_item){ .amount_fen = 0 };
        (void)snprintf(charge->items[index].name, sizeof charge->items[index].name, "%s", name);
        charge->item_count++;
    }
    charge->items[index].amount_fen += amount_fen;
    charge->total_fen += amount_fen;
    return 0;
}

/* The part of a purchase between two of its own places. Each item is cut towards zero at both ends, so that all parts of it
 * add up to what it cost. */
static int part_add(struct billing *billing, const struct billing_unit_purchase *row, int64_t from_value, int64_t to_value,
                    struct charge *charge)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_bill_line items[CHARGE_ITEM_LIMIT];
    int count = units->items_read(units->context, row->unit_purchase_id, items, CHARGE_ITEM_LIMIT);
    int error = count < 0 ? count : 0;

    for (int index = 0; error == 0 && index < count; index++) {
        int64_t before_fen, after_fen;

        error = wide_multiply_divide_truncate(items[index].amount_fen, from_value, row->value, &before_fen);
        if (error == 0)
            error = wide_multiply_divide_truncate(items[index].amount_fen, to_value, row->value, &after_fen);
        if (error == 0)
            error = item_add(charge, items[index].item, after_fen - before_fen);
    }
    return error;
}

/* What the units between two places were bought for. */
static int places_rate(struct billing *billing, int64_t account_id, int64_t from_value, int64_t to_value,
                       struct charge *charge)
{
    const struct billing_unit_store *units = billing->config.units;
    int error = 0;

    memset(charge, 0, offsetof(struct charge, lines));
    for (int walked = 0; error == 0 && from_value < to_value && walked < PURCHASES_WALKED; walked++) {
        struct billing_unit_purchase row;
        int64_t end_value;
        int found = units->purchase_at(units->context, account_id, from_value, &row);

        if (found <= 0)
            return found;
        end_value = row.from_value + row.value < to_value ? row.from_value + row.value : to_value;
        error = part_add(billing, &row, from_value - row.from_value, end_value - row.from_value, charge);
        from_value = end_value;
    }
    return error;
}

/* More may have been used than was bought: the meter lends it, and the next purchase pays for it. */
static int64_t chargeable(const struct billing_unit_book *book)
{
    int64_t value = book->used_value < book->bought_value ? book->used_value : book->bought_value;

    return value > book->charged_value ? value : book->charged_value;
}

static int charge_enter(struct billing_look *look, const struct billing_stretch *stretch, const struct charge *charge)
{
    struct billing *billing = look->billing;
    struct billing_account *account = look->account;
    struct billing_daily_charge row = { .account_id = account->account_id, .day = stretch->day,
                                        .from_day = stretch->from_day, .from_total_value = stretch->from_total_value,
                                        .to_total_value = stretch->to_total_value,
                                        .cycle_used_value = account->cycle_used_value, .amount_fen = charge->total_fen,
                                        .charged_s = look->now_s };
    struct billing_posting posting = { LEDGER_CHARGE, row.account_id, row.day + 1, row.charged_s };
    struct billing_tariff_version version;
    struct billing_posted posted;
    const struct tariff *tariff;
    int error = billing_tariff_on(billing, account->tariff_id, stretch->day, &version, &tariff);

    if (error == 0)
        error = billing_items_post(billing, account, charge, &posting, &posted);
    if (error < 0)
        return error;
    row.tariff_version_id = version.tariff_version_id;
    row.transfer_id = posted.transfer_id;
    memcpy(row.items, posted.items, sizeof row.items);
    return billing->store->charge_insert(billing->store->context, &row);
}

int billing_units_charge(struct billing_look *look, const struct billing_stretch *stretch)
{
    const struct billing_unit_store *units = look->billing->config.units;
    struct billing_account *account = look->account;
    struct billing_unit_book book;
    struct charge charge;
    int64_t until_value;
    int error = billing_unit_book_read(look->billing, account->account_id, &book);

    book.used_value += stretch->to_total_value - stretch->from_total_value;
    until_value = chargeable(&book);
    if (error == 0)
        error = places_rate(look->billing, account->account_id, book.charged_value, until_value, &charge);
    if (error == 0)
        error = charge_enter(look, stretch, &charge);
    book.charged_value = until_value;
    if (error == 0)
        error = units->book_write(units->context, &book);
    if (error < 0)
        return error;
    account->settled_day = stretch->day + 1;
    account->settled_total_value = stretch->to_total_value;
    account->midnight_known = false;
    return 0;
}

int billing_units_correct(struct billing *billing, struct billing_account *account)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_book book;
    int64_t total_value;
    int found = billing->store->midnight_read(billing->store->context, account->device_id, account->settled_day,
                                              &total_value);

    if (found <= 0)
        return found;
    found = billing_unit_book_read(billing, account->account_id, &book);
    if (found < 0)
        return found;
    book.used_value += total_value - account->settled_total_value;
    account->settled_total_value = total_value;
    return units->book_write(units->context, &book);
}

int billing_units_worth(struct billing *billing, const struct billing_account *account, int64_t value, int64_t *fen)
{
    struct billing_unit_book book;
    struct charge charge;
    int error = billing_unit_book_read(billing, account->account_id, &book);

    if (value > book.bought_value)
        value = book.bought_value;
    if (error == 0)
        error = places_rate(billing, account->account_id, book.bought_value - (value > 0 ? value : 0), book.bought_value,
                            &charge);
    if (error == 0)
        *fen = charge.total_fen;
    return error;
}

int billing_meter_units_worth(struct billing *billing, const struct billing_account *account, int64_t *fen)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_meter_units shown;
    int found = units->meter_read(units->context, account->device_id, &shown);

    if (found < 0 || shown.shown_s == 0)
        return found < 0 ? found : 0;
    found = billing_units_worth(billing, account, shown.value + shown.pending_value, fen);
    return found < 0 ? found : 1;
}

int billing_units_move(struct billing *billing, const struct billing_account *from, const struct billing_account *to,
                       int64_t cost_fen, int64_t now_s)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_purchase row = { .account_id = to->account_id, .at_s = now_s, .cost_fen = cost_fen,
                                         .cycle_start_day = to->cycle_start_day };
    struct billing_unit_book book;
    struct charge charge;
    int error = billing_unit_book_read(billing, from->account_id, &book);

    row.value = book.bought_value - book.charged_value;
    if (error < 0 || row.value == 0)
        return error;
    error = places_rate(billing, from->account_id, book.charged_value, book.bought_value, &charge);
    if (error == 0)
        error = units->purchase_insert(units->context, &row, billing_lines_write(billing, &charge));
    book = (struct billing_unit_book){ .account_id = to->account_id, .bought_value = row.value };
    return error < 0 ? error : units->book_write(units->context, &book);
}
