/* The sum of a contract that ends, each part of it posted: run once to show it and taken back, once to do it. */
#include "base/calendar.h"
#include "base/wide.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#include <stdio.h>
#include <string.h>

#define USUAL_DAYS 30 /* an estimate goes on at the use of so many known days */

int billing_final_settle(struct billing_look *look, const struct billing_final *final)
{
    struct billing *billing = look->billing;
    struct billing_bill bill;
    int error;

    if (look->account->mode != BILLING_POSTPAID)
        return billing_days_end(look, final);
    billing->final = final;
    error = billing_bill_issue(look, final->to_day, &bill);
    billing->final = NULL;
    return error;
}

/* On from the newest midnight at the mean use of the known days before it. */
static int reading_estimate(struct billing *billing, const struct billing_account *account,
                            const struct billing_device *device, int64_t to_day, int64_t *total_value)
{
    const struct billing_store *store = billing->store;
    int64_t newest_value = device->newest_day > 0 ? device->newest_total_value : account->settled_total_value;
    int64_t newest_day = device->newest_day > 0 ? device->newest_day : account->settled_day;
    int64_t before_value, grown_value = 0;
    int found = 0;

    for (int64_t days = USUAL_DAYS; found == 0 && days > 0; days--) {
        found = store->midnight_read(store->context, account->device_id, newest_day - days, &before_value);
        if (found == 1 && to_day > newest_day && before_value <= newest_value &&
            wide_multiply_divide_round(newest_value - before_value, to_day - newest_day, days, &grown_value) < 0)
            return BILLING_ERR_BACKWARD;
    }
    *total_value = newest_value + grown_value;
    if (*total_value < account->settled_total_value)
        *total_value = account->settled_total_value;
    return found < 0 ? found : 0;
}

int billing_closing_read(struct billing *billing, const struct billing_account *account, int64_t now_s,
                         struct closing *row)
{
    struct billing_device device;
    int found;

    row->to_day = calendar_local_day(now_s, account->zone_offset_s) + 1;
    row->read_s = now_s;
    row->total_value = account->device_id == 0 ? account->settled_total_value : row->total_value;
    if (account->device_id == 0) /* days and measures are all that its price asks for */
        return 0;
    found = billing_device_read(billing, account->device_id, &device);
    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_NO_DEVICE;
    if (row->reading == CLOSING_READ_ESTIMATED)
        return reading_estimate(billing, account, &device, row->to_day, &row->total_value);
    if (row->reading == CLOSING_READ_TYPED)
        return row->total_value < account->settled_total_value ? BILLING_ERR_BACKWARD : 0;
    if (device.total_s == 0 || now_s - device.total_s > CLOSING_READING_AGE_S)
        return CASE_ERR_READING_OLD;
    row->total_value = device.total_value;
    row->read_s = device.total_s;
    return device.total_value < account->settled_total_value ? BILLING_ERR_BACKWARD : 0;
}

/* One closing while it is computed. */
struct ending {
    struct billing *billing;
    const struct billing_scope *scope;
    struct closing *row;
    struct billing_account account;
    struct approval_figures *figures;
    int64_t now_s;
};

static int balance_read(const struct ending *ending, int64_t ledger_account_id, int64_t *balance_fen)
{
    *balance_fen = 0;
    return ledger_account_id == 0 ? 0 : ledger_balance_read(ending->billing->config.ledger, ledger_account_id, balance_fen);
}

/* Move the whole balance of `from` to `to`, whatever its sign. */
static int balance_move(const struct ending *ending, int64_t from_id, int64_t to_id, const char *leg, int64_t *moved_fen)
{
    struct ledger_transfer transfer = { .reference = ending->row->account_id, .at_s = ending->now_s,
                                        .tenant_id = ending->row->tenant_id, .kind = LEDGER_MOVE };
    int result = balance_read(ending, from_id, moved_fen);

    if (result < 0 || *moved_fen == 0)
        return result;
    transfer.debit_account_id = *moved_fen > 0 ? from_id : to_id;
    transfer.credit_account_id = *moved_fen > 0 ? to_id : from_id;
    transfer.amount_fen = *moved_fen > 0 ? *moved_fen : -*moved_fen;
    (void)snprintf(transfer.key, sizeof transfer.key, "closing/%lld/%s", (long long)ending->row->closing_id, leg);
    result = ledger_post(ending->billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

static int use_settle(struct ending *ending)
{
    const struct billing_final final = { ending->row->to_day, ending->row->total_value,
                                         ending->row->reading == CLOSING_READ_ESTIMATED && ending->account.device_id != 0 };
    int64_t charged_id = billing_charged_account(&ending->account);
    int64_t before_fen, after_fen;
    struct billing_look look;
    int error = balance_read(ending, charged_id, &before_fen);

    if (error == 0)
        error = billing_look_begin(ending->billing, &ending->account, ending->now_s, &look);
    if (error == 0)
        error = billing_final_settle(&look, &final);
    if (error == 0)
        error = balance_read(ending, charged_id, &after_fen);
    if (error == 0)
        approval_figure_add(ending->figures, "final_use", after_fen - before_fen);
    return error;
}

/* What is owed late is known now. */
static int late_settle(struct ending *ending)
{
    int64_t today = calendar_local_day(ending->now_s, ending->account.zone_offset_s);
    int64_t booked_fen = 0;
    int error = billing_late_fees_end(ending->billing, &ending->account, today, ending->now_s, &booked_fen);

    if (error == 0 && booked_fen != 0)
        approval_figure_add(ending->figures, "late_fee", -booked_fen);
    return error;
}

/* A meter that gave its money back: what remains in the books is where it and they differed. */
static int meter_settle(struct ending *ending)
{
    int64_t rest_fen = 0, adjustment_id;
    int error;

    if (ending->account.mode != BILLING_PREPAID_METER)
        return 0;
    if (ending->row->clear_command_id == 0 && !ending->row->move_balance) {
        error = balance_read(ending, ending->account.meter_credit_id, &rest_fen);
        approval_figure_add(ending->figures, "left_in_meter", rest_fen);
        return error;
    }
    if (ending->row->clear_command_id == 0)
        return 0;
    error = ledger_account_open(ending->billing->config.ledger, ending->row->tenant_id, LEDGER_ADJUSTMENT, "meter drift",
                                &adjustment_id);
    if (error == 0)
        error = balance_move(ending, ending->account.meter_credit_id, adjustment_id, "drift", &rest_fen);
    approval_figure_add(ending->figures, "meter_drift", rest_fen);
    return error;
}

static int account_end(struct ending *ending)
{
    const struct billing_store *store = ending->billing->store;
    const struct case_store *cases = ending->billing->config.cases;
    struct billing_account *account = &ending->account;
    int error;

    account->closed_s = ending->now_s;
    account->closing_id = ending->row->closing_id;
    account->held_error = 0;
    account->look_s = ARREARS_NEVER_S;
    account->arrears = (struct arrears_state){ .stage = ARREARS_GOOD, .stage_since_s = ending->now_s };
    error = store->account_update(store->context, account);
    return error < 0 ? error : cases->account_closing_set(cases->context, account);
}

/* What the meter holds is the next contract's. */
static int meter_follow(struct ending *ending, const struct billing_account *successor)
{
    const struct billing_account *account = &ending->account;
    int64_t meter_fen = 0;
    int error = balance_move(ending, account->meter_credit_id, successor->meter_credit_id, "meter", &meter_fen);

    if (error == 0 && account->holds_units)
        error = billing_units_move(ending->billing, account, successor, meter_fen, ending->now_s);
    approval_figure_add(ending->figures, "meter_to_new", meter_fen);
    return error;
}

/* Area, capacity and demand are those of the place. */
static int measures_follow(struct ending *ending, const struct billing_account *successor)
{
    const struct billing_measure_store *measures = ending->billing->config.measures;
    struct billing_measures row;
    int error = measures != NULL ? measures->measures_read(measures->context, ending->account.account_id, &row) : 0;

    return error < 0 || measures == NULL ? error : measures->measures_write(measures->context, successor->account_id, &row);
}

/* The household is the same: its tiers go on, and so do its measures. */
static int owner_follow(struct ending *ending, struct billing_account *successor)
{
    const struct billing_store *store = ending->billing->store;
    int result = 0;

    if (successor->tariff_id == ending->account.tariff_id) {
        successor->cycle_start_day = ending->account.cycle_start_day;
        successor->cycle_used_value = ending->account.cycle_used_value;
        result = store->account_advance(store->context, successor);
    }
    return result < 0 ? result : measures_follow(ending, successor);
}

/* The next customer takes the meter with this reading as the first one. */
static int successor_open(struct ending *ending)
{
    struct billing *billing = ending->billing;
    const struct billing_account *account = &ending->account;
    struct billing_account_terms terms = {
        .customer_id = ending->row->new_customer_id,
        .tariff_id = ending->row->new_tariff_id != 0 ? ending->row->new_tariff_id : account->tariff_id,
        .low_balance_fen = account->low_balance_fen, .overdraft_fen = account->overdraft_fen,
        .restore_fen = account->restore_fen, .device_id = account->device_id, .persons = account->persons,
        .settlement_day = account->settlement_day, .settlement_months = account->settlement_months,
        .settlement_first_month = account->settlement_first_month, .grace_h = account->grace_h,
        .area_id = account->device_id == 0 ? account->area_id : 0,
    };
    bool changes_owner = ending->row->kind == CLOSING_OWNER_CHANGE;
    struct billing_account successor;
    int64_t moved_fen = 0;
    int result;

    (void)snprintf(terms.payment_mode, sizeof terms.payment_mode, "%s",
                   changes_owner ? ending->row->new_mode : billing_mode_name(account->mode));
    if (changes_owner || account->mode == BILLING_PREPAID_METER)
        (void)snprintf(terms.meter_holds, sizeof terms.meter_holds, "%s",
                       changes_owner ? ending->row->new_holds : account->holds_units ? "units" : "money");
    result = billing_account_open(billing, ending->scope, ending->now_s, &terms, &ending->row->new_account_id);
    if (result == 0)
        result = billing->store->account_read(billing->store->context, ending->row->new_account_id, &successor);
    if (result == 1 && account->device_id == 0)
        result = measures_follow(ending, &successor);
    if (result < 0 || !ending->row->move_balance)
        return result < 0 ? result : 0;
    result = balance_move(ending, account->wallet_id, successor.wallet_id, "moved", &moved_fen);
    approval_figure_add(ending->figures, "moved_to_new", -moved_fen);
    if (result == 0 && changes_owner)
        return owner_follow(ending, &successor);
    return result == 0 && account->meter_credit_id != 0 ? meter_follow(ending, &successor) : result;
}

static int begin_show(struct ending *ending)
{
    const struct closing *row = ending->row;
    int64_t balance_fen;
    int error = balance_read(ending, ending->account.wallet_id, &balance_fen);

    if (ending->account.device_id != 0)
        approval_figure_add(ending->figures, "reading", row->total_value);
    approval_figure_add(ending->figures, "balance", balance_fen - (row->cleared_s != 0 ? row->meter_fen : 0));
    if (row->meter_units_value != 0)
        approval_figure_add(ending->figures, "meter_units", row->meter_units_value);
    if (row->clear_command_id != 0)
        approval_figure_add(ending->figures, "meter_remainder", row->meter_fen);
    return error;
}

/* What is left is paid out, stays, or is owed. */
static int rest_show(struct ending *ending, const struct billing_refund_request *ways, bool sent)
{
    struct billing_refund_request request = *ways;
    struct billing_refund refund;
    int64_t balance_fen;
    int error = balance_read(ending, ending->account.wallet_id, &balance_fen);

    approval_figure_add(ending->figures, balance_fen < 0 ? "debt" : "left", balance_fen);
    if (error < 0 || balance_fen <= 0 || request.rest == REFUND_BY_NONE)
        return error;
    request.account_id = ending->row->account_id;
    request.amount_fen = balance_fen;
    error = billing_refund_payout(ending->billing, ending->scope, ending->now_s, &request, sent, &refund);
    for (int32_t index = 0; error == 0 && index < refund.count; index++) {
        char name[24];

        (void)snprintf(name, sizeof name, "pay_by_%s", refund_route_name(refund.parts[index].route));
        approval_figure_add(ending->figures, name, refund.parts[index].amount_fen);
    }
    if (error == 0 && sent)
        ending->row->refund_id = refund.row.refund_id;
    return error;
}

/* While it waits to be confirmed, the meter's money is shown as if it were back. */
static int meter_assume(struct ending *ending)
{
    struct ledger_transfer transfer = { .debit_account_id = ending->account.meter_credit_id,
                                        .credit_account_id = ending->account.wallet_id,
                                        .amount_fen = ending->row->meter_fen, .reference = ending->row->account_id,
                                        .at_s = ending->now_s, .tenant_id = ending->row->tenant_id, .kind = LEDGER_MOVE };
    int result;

    if (ending->row->clear_command_id == 0 || ending->row->cleared_s != 0 || ending->row->meter_fen <= 0)
        return 0;
    (void)snprintf(transfer.key, sizeof transfer.key, "closing/%lld/cleared", (long long)ending->row->closing_id);
    result = ledger_post(ending->billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

int billing_closing_compute(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            const struct billing_refund_request *ways, bool sent, struct closing *row,
                            struct approval_figures *figures)
{
    struct ending ending = { .billing = billing, .scope = scope, .row = row, .figures = figures, .now_s = now_s };
    int64_t deposit_fen = 0;
    int result = billing->store->account_read(billing->store->context, row->account_id, &ending.account);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_ACCOUNT;
    result = begin_show(&ending);
    if (result == 0)
        result = meter_assume(&ending);
    if (result == 0)
        result = use_settle(&ending);
    if (result == 0)
        result = late_settle(&ending);
    if (result == 0)
        result = meter_settle(&ending);
    if (result == 0)
        result = account_end(&ending);
    if (result == 0 && row->kind == CLOSING_OWNER_CHANGE)
        result = billing_bills_pay(billing, &ending.account, &(struct billing_paying){ now_s, now_s, 0, 0 });
    if (result == 0 && row->kind != CLOSING_MOVE_OUT)
        result = successor_open(&ending);
    if (result == 0 && ending.account.deposit_id != 0)
        result = balance_move(&ending, ending.account.deposit_id, ending.account.wallet_id, "deposit", &deposit_fen);
    if (result == 0 && ending.account.deposit_id != 0)
        approval_figure_add(figures, "deposit", deposit_fen);
    if (result == 0)
        result = billing_bills_pay(billing, &ending.account, &(struct billing_paying){ now_s, now_s, 0, 0 });
    return result < 0 ? result : rest_show(&ending, ways, sent);
}
