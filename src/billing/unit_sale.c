/* Selling units: whole ones at the price in force, to a meter that counts units down by itself. */
#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "rating/tariff_unit.h"
#include "rating/unit_purchase.h"

#include <stdio.h>

/* A unit has one price: what depends on the hour, the month or the demand cannot be in it. */
static bool sells_units(const struct tariff *tariff)
{
    return tariff->period_count == 0 && tariff->fixed_count == 0 && tariff->minimum_quantity_e4 == 0 &&
           tariff->minimum_charge_fen == 0 && !tariff->power_factor_adjusted && tariff->allowance_e4 == 0;
}

int billing_unit_tariff_check(struct billing *billing, const struct billing_account *account, int64_t day)
{
    struct billing_tariff_version version;
    const struct tariff *tariff;
    int error = billing_tariff_on(billing, account->tariff_id, day, &version, &tariff);

    return error < 0 ? error : sells_units(tariff) ? 0 : BILLING_ERR_UNIT_TARIFF;
}

/* The tiers are walked by what was bought in the cycle, as the meter will count it down. */
static int quote_make(struct billing *billing, const struct billing_account *account, int64_t money_fen, int64_t now_s,
                      struct billing_unit_quote *out)
{
    int64_t day = calendar_local_day(now_s, account->zone_offset_s);
    struct billing_tariff_version version;
    const struct tariff *tariff;
    struct charge_usage like;
    int error = billing_tariff_on(billing, account->tariff_id, day, &version, &tariff);

    if (error == 0 && !sells_units(tariff))
        error = BILLING_ERR_UNIT_TARIFF;
    if (error < 0)
        return error;
    out->money_fen = money_fen;
    out->unit_value = tariff_unit_value(tariff) * TARIFF_QUANTITY_ONE;
    out->tariff_version_id = version.tariff_version_id;
    out->cycle_start_day = tariff_cycle_start(tariff, day);
    out->cycle_before_value = out->cycle_start_day == account->cycle_start_day ? account->cycle_used_value : 0;
    out->units = 0;
    like = billing_usage_of(account, tariff, day);
    like.used_e4 = billing_quantity_e4(tariff, out->cycle_before_value);
    if (money_fen > 0)
        error = unit_purchase_compute(tariff, &like, money_fen, &out->units, &out->cost_fen);
    if (out->units > BILLING_UNITS_LIMIT)
        out->units = BILLING_UNITS_LIMIT;
    if (error == 0)
        error = unit_purchase_charge(tariff, &like, out->units, &out->charge);
    out->cost_fen = out->charge.total_fen;
    out->rest_fen = money_fen - out->cost_fen;
    return error;
}

int billing_unit_quote_read(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t account_id,
                            int64_t amount_fen, struct billing_unit_quote *out)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct billing_account account;
    struct ledger_account wallet;
    int result = amount_fen < 0 || amount_fen > BILLING_PAYMENT_MAXIMUM_FEN ? BILLING_ERR_AMOUNT : 0;

    if (result == 0)
        result = billing_account_load(billing, scope, account_id, &account);
    if (result < 0)
        return result;
    if (account.closed_s != 0)
        return BILLING_ERR_ACCOUNT_CLOSED;
    if (!account.holds_units)
        return BILLING_ERR_OWNER;
    result = ledger->account_read(ledger->context, account.wallet_id, &wallet);
    if (result <= 0)
        return result < 0 ? result : LEDGER_ERR_DEBIT_ACCOUNT;
    return quote_make(billing, &account, ledger_account_available(&wallet) + amount_fen, now_s, out);
}

/* The purchase with its explanation, and the book that has it. */
static int purchase_enter(struct billing *billing, const struct charge *charge, struct billing_unit_purchase *row)
{
    const struct billing_unit_store *units = billing->config.units;
    struct billing_unit_book book;
    int error = billing_unit_book_read(billing, row->account_id, &book);

    row->from_value = book.bought_value;
    book.bought_value += row->value;
    if (error == 0)
        error = units->purchase_insert(units->context, row, billing_lines_write(billing, charge));
    return error < 0 ? error : units->book_write(units->context, &book);
}

static struct billing_unit_purchase purchase_of(const struct billing_look *look, const struct billing_unit_quote *quote)
{
    return (struct billing_unit_purchase){ .account_id = look->account->account_id,
                                           .command_id = (int64_t)look->command.command_id,
                                           .at_s = look->now_s,
                                           .value = quote->units * quote->unit_value,
                                           .cost_fen = quote->cost_fen,
                                           .wallet_fen = quote->rest_fen,
                                           .tariff_version_id = quote->tariff_version_id,
                                           .cycle_before_value = quote->cycle_before_value,
                                           .cycle_start_day = quote->cycle_start_day };
}

int billing_units_sell(struct billing_look *look, const struct ledger_account *wallet)
{
    const struct billing_actions *actions = look->billing->config.actions;
    struct billing_account *account = look->account;
    struct billing_unit_purchase row;
    struct billing_unit_quote quote;
    struct billing_command command;
    int error = quote_make(look->billing, account, ledger_account_available(wallet), look->now_s, &quote);

    if (error < 0 && !billing_error_of_store(error)) {
        look->account->held_error = error;
        return 0;
    }
    if (error < 0 || quote.units == 0)
        return error;
    error = actions->request_units(actions->context, account->device_id, quote.units * quote.unit_value, "top-up 充值",
                                   look->now_s, &command);
    if (billing_error_of_store(error)) /* it may be written in part: sent, and not paid for */
        return error;
    if (error < 0) {
        look->retry = true;
        return billing_journal(look->billing, account, "recharge_refused", "", look->now_s);
    }
    look->command = command;
    look->unchanged = false;
    row = purchase_of(look, &quote);
    error = quote.cost_fen > 0 ? billing_purchase_post(look, wallet, quote.cost_fen, &row.transfer_id) : 0;
    account->cycle_start_day = quote.cycle_start_day;
    account->cycle_used_value = quote.cycle_before_value + row.value;
    return error < 0 ? error : purchase_enter(look->billing, &quote.charge, &row);
}
