#include "billing/money_carry.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#define AMOUNT_MAXIMUM_FEN 100000000
#define REASON_LIMIT 120

/* What the days that are not settled yet will cost up to where the meter ended; 0 where it cannot be told. */
static int unsettled_cost(struct billing *billing, const struct billing_account *account, int64_t end_total_value, int64_t now_s,
                          int64_t *cost_fen)
{
    struct billing_stretch stretch = { .from_day = account->settled_day, .from_total_value = account->settled_total_value,
                                       .to_total_value = end_total_value };
    struct billing_day day;
    int error;

    *cost_fen = 0;
    if (end_total_value <= account->settled_total_value)
        return 0;
    stretch.day = calendar_local_day(now_s, account->zone_offset_s);
    if (stretch.day <= stretch.from_day)
        stretch.day = stretch.from_day + 1;
    error = billing_day_rate(billing, account, &stretch, &day);
    if (error == 0)
        *cost_fen = day.charge.total_fen;
    return billing_error_of_store(error) ? error : 0;
}

/* What the old meter still holds by the books; what an earlier one left and nobody has decided about is not in it. */
static int books_read(struct billing *billing, const struct billing_account *account, int64_t now_s,
                      struct billing_money_carry *row)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    int64_t balance_fen = 0, cost_fen = 0, before_fen = 0, count = 0;
    int error = ledger_balance_read(billing->config.ledger, account->meter_credit_id, &balance_fen);

    if (error == 0)
        error = unsettled_cost(billing, account, row->end_total_value, now_s, &cost_fen);
    if (error == 0)
        error = carries->waiting_sum(carries->context, account->account_id, &before_fen, &count);
    row->books_fen = balance_fen - cost_fen - before_fen;
    return error;
}

static int approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const char *reason,
                        const struct billing_money_carry *row, int64_t *approval_id)
{
    struct approval approval = { .kind = APPROVAL_METER_CARRY, .object_id = row->money_carry_id, .account_id = row->account_id,
                                 .amount_fen = row->amount_fen, .needs_other = true };
    int error;

    (void)text_copy(span_of_text(reason), approval.reason, sizeof approval.reason);
    error = billing_approval_ask(billing, scope, now_s, &approval);
    *approval_id = approval.approval_id;
    return error;
}

int billing_money_carry_begin(struct billing *billing, const struct billing_scope *scope, const struct billing_account *account,
                              uint32_t new_device_id, int64_t end_total_value, int64_t now_s)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    struct billing_money_carry row = { .account_id = account->account_id, .at_s = now_s, .end_total_value = end_total_value,
                                       .from_device_id = account->device_id, .to_device_id = new_device_id,
                                       .state = MONEY_CARRY_ASKED };
    struct billing_device device;
    int64_t approval_id;
    int error;

    if (carries == NULL || account->meter_credit_id == 0)
        return 0;
    error = books_read(billing, account, now_s, &row);
    if (error == 0)
        error = billing_device_read(billing, account->device_id, &device);
    if (error == 1) {
        row.shown_s = device.report_s;
        row.shown_fen = device.report_s != 0 ? device.balance_fen : 0;
    }
    if (error < 0 || (row.books_fen == 0 && row.shown_fen == 0))
        return error;
    row.amount_fen = row.books_fen;
    error = carries->insert(carries->context, &row);
    return error < 0 ? error : approval_ask(billing, scope, now_s, "meter exchange 换表结转", &row, &approval_id);
}

int billing_money_carries_settled(struct billing *billing, int64_t account_id)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    int64_t books_fen, count = 0;
    int error = carries == NULL ? 0 : carries->waiting_sum(carries->context, account_id, &books_fen, &count);

    return error < 0 ? error : count > 0 ? CASE_ERR_CARRY_WAITS : 0;
}

/* A carry with its account. */
struct carrying {
    struct billing_money_carry row;
    struct billing_account account;
};

static int carrying_load(struct billing *billing, const struct billing_scope *scope, int64_t money_carry_id, struct carrying *out)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    int found = carries == NULL ? 0 : carries->read(carries->context, money_carry_id, &out->row);
    int error;

    if (found <= 0)
        return found < 0 ? found : CASE_ERR_CARRY;
    error = billing_account_load(billing, scope, out->row.account_id, &out->account);
    return error == BILLING_ERR_ACCOUNT ? CASE_ERR_CARRY : error;
}

int billing_money_carry_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t money_carry_id,
                            int64_t amount_fen, const char *reason, int64_t *approval_id)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    struct carrying carrying;
    int error = carrying_load(billing, scope, money_carry_id, &carrying);

    if (error < 0)
        return error;
    if (carrying.row.state != MONEY_CARRY_OPEN)
        return CASE_ERR_CARRY;
    if (amount_fen < -AMOUNT_MAXIMUM_FEN || amount_fen > AMOUNT_MAXIMUM_FEN)
        return BILLING_ERR_AMOUNT;
    if (reason[0] == '\0' || strlen(reason) > REASON_LIMIT)
        return BILLING_ERR_REASON;
    carrying.row.amount_fen = amount_fen;
    carrying.row.state = MONEY_CARRY_ASKED;
    error = carries->update(carries->context, &carrying.row);
    return error < 0 ? error : approval_ask(billing, scope, now_s, reason, &carrying.row, approval_id);
}

int billing_meter_carry_figures(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out)
{
    const struct billing_scope platform = { .tenant_id = row->tenant_id };
    struct carrying carrying;
    int error = carrying_load(billing, &platform, row->object_id, &carrying);

    (void)now_s;
    if (error < 0)
        return error;
    approval_figure_add(out, "meter_books", carrying.row.books_fen);
    if (carrying.row.shown_s != 0)
        approval_figure_add(out, "meter_shown", carrying.row.shown_fen);
    approval_figure_add(out, "carried", carrying.row.amount_fen);
    approval_figure_add(out, "meter_drift", carrying.row.books_fen - carrying.row.amount_fen);
    return carrying.row.state == MONEY_CARRY_ASKED ? 0 : CASE_ERR_CARRY;
}

/* From the meter's account to another one; below 0 the other way. */
static int money_move(struct billing *billing, const struct carrying *carrying, int64_t amount_fen, int64_t other_id,
                      const char *leg, int64_t now_s)
{
    int64_t meter_id = carrying->account.meter_credit_id;
    struct ledger_transfer transfer = { .debit_account_id = amount_fen > 0 ? meter_id : other_id,
                                        .credit_account_id = amount_fen > 0 ? other_id : meter_id,
                                        .amount_fen = amount_fen > 0 ? amount_fen : -amount_fen,
                                        .reference = carrying->row.money_carry_id, .at_s = now_s,
                                        .tenant_id = carrying->account.tenant_id, .kind = LEDGER_MOVE };
    int result;

    if (amount_fen == 0)
        return 0;
    (void)snprintf(transfer.key, sizeof transfer.key, "meter-carry/%lld/%s", (long long)carrying->row.money_carry_id, leg);
    result = ledger_post(billing->config.ledger, &transfer);
    return result < 0 ? result : 0;
}

/* What was held goes to the wallet, what is left out to the drift: the books keep what the new meter is to be charged. */
int billing_meter_carry_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                const struct billing_decision *decision, const struct approval *row)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    struct carrying carrying;
    int64_t drift_id = 0;
    int error = carrying_load(billing, scope, row->object_id, &carrying);

    (void)decision;
    if (error == 0 && carrying.row.state != MONEY_CARRY_ASKED)
        error = CASE_ERR_CARRY;
    if (error == 0)
        error = ledger_account_open(billing->config.ledger, carrying.account.tenant_id, LEDGER_ADJUSTMENT, "meter drift", &drift_id);
    if (error == 0)
        error = money_move(billing, &carrying, carrying.row.amount_fen, carrying.account.wallet_id, "held", now_s);
    if (error == 0)
        error = money_move(billing, &carrying, carrying.row.books_fen - carrying.row.amount_fen, drift_id, "drift", now_s);
    if (error < 0)
        return error;
    carrying.row.state = MONEY_CARRY_DONE;
    error = carries->update(carries->context, &carrying.row);
    return error < 0 ? error : billing->store->account_look(billing->store->context, carrying.row.account_id, now_s);
}

int billing_meter_carry_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct approval *row)
{
    const struct billing_money_carry_store *carries = billing->config.carries;
    struct carrying carrying;
    int error = carrying_load(billing, scope, row->object_id, &carrying);

    (void)now_s;
    carrying.row.state = MONEY_CARRY_OPEN;
    return error < 0 ? error : carries->update(carries->context, &carrying.row);
}
