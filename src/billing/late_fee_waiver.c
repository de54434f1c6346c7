#include "billing/late_fee_waiver.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

#define REASON_LIMIT 120

/* A bill with its account, and what its fee comes to today: running, and booked. */
struct waiving {
    struct billing_bill bill;
    struct billing_account account;
    int64_t running_fen;
};

static int waiving_load(struct billing *billing, const struct billing_scope *scope, int64_t bill_id, int64_t now_s,
                        struct waiving *out)
{
    const struct billing_store *store = billing->store;
    int result = store->bill_read(store->context, bill_id, &out->bill);

    if (result < 0)
        return result;
    if (result == 0 || out->bill.tenant_id != scope->tenant_id || out->bill.state == BILLING_BILL_REVERSED)
        return CASE_ERR_BILL;
    result = billing_account_load(billing, scope, out->bill.account_id, &out->account);
    if (result < 0)
        return result == BILLING_ERR_ACCOUNT ? CASE_ERR_BILL : result;
    return billing_late_fee_owed(billing, &out->bill, calendar_local_day(now_s, out->account.zone_offset_s), &out->running_fen);
}

static int amount_check(const struct waiving *waiving, int64_t amount_fen)
{
    return amount_fen < 1 || amount_fen > waiving->running_fen + waiving->bill.late_fee_fen ? CASE_ERR_WAIVER_AMOUNT : 0;
}

int billing_late_fee_waive(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t bill_id,
                           int64_t amount_fen, const char *reason, int64_t *approval_id)
{
    const struct case_store *cases = billing->config.cases;
    struct approval approval = { .kind = APPROVAL_LATE_FEE, .object_id = bill_id, .amount_fen = amount_fen,
                                 .needs_other = true };
    struct approval before;
    struct waiving waiving;
    int result = waiving_load(billing, scope, bill_id, now_s, &waiving);

    if (result == 0)
        result = amount_check(&waiving, amount_fen);
    if (result < 0)
        return result;
    if (reason[0] == '\0' || strlen(reason) > REASON_LIMIT)
        return BILLING_ERR_REASON;
    result = cases->approval_of(cases->context, APPROVAL_LATE_FEE, bill_id, &before);
    if (result != 0)
        return result < 0 ? result : CASE_ERR_WAIVER_ASKED;
    approval.account_id = waiving.account.account_id;
    (void)text_copy(span_of_text(reason), approval.reason, sizeof approval.reason);
    result = billing_approval_ask(billing, scope, now_s, &approval);
    if (result == 0)
        *approval_id = approval.approval_id;
    return result;
}

int billing_late_fee_figures(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out)
{
    const struct billing_scope platform = { .tenant_id = row->tenant_id };
    struct waiving waiving;
    int error = waiving_load(billing, &platform, row->object_id, now_s, &waiving);
    int64_t fee_fen;

    if (error < 0)
        return error;
    fee_fen = waiving.running_fen + waiving.bill.late_fee_fen;
    approval_figure_add(out, "late_fee", fee_fen);
    approval_figure_add(out, "late_fee_waived", -row->amount_fen);
    approval_figure_add(out, "late_fee_left", fee_fen - row->amount_fen);
    return amount_check(&waiving, row->amount_fen);
}

/* What was paid of a fee that is waived now is the customer's again. */
static void bill_release(struct billing_bill *bill)
{
    int64_t owed_fen = bill->amount_fen + bill->late_fee_fen;

    if (bill->paid_fen > owed_fen)
        bill->paid_fen = owed_fen;
    if (bill->paid_fen >= owed_fen)
        bill->state = BILLING_BILL_PAID;
}

/* What runs is waived first; what is booked goes back to the wallet, and on to other bills. */
int billing_late_fee_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                             const struct billing_decision *decision, const struct approval *row)
{
    struct billing_paying paying = { now_s, now_s, 0, 0 };
    struct billing_bill before;
    struct billing_look look;
    struct waiving waiving;
    int error = waiving_load(billing, scope, row->object_id, now_s, &waiving);

    (void)decision;
    if (error == 0)
        error = amount_check(&waiving, row->amount_fen);
    if (error < 0)
        return error;
    before = waiving.bill;
    waiving.bill.late_waived_fen += row->amount_fen;
    error = billing_late_fee_return(billing, &waiving.account, &waiving.bill, row->amount_fen - waiving.running_fen, now_s);
    if (error < 0)
        return error;
    if (waiving.bill.late_fee_fen != before.late_fee_fen)
        bill_release(&waiving.bill);
    error = billing_bill_update(billing, &before, &waiving.bill);
    if (error == 0)
        error = billing_bills_pay(billing, &waiving.account, &paying);
    if (error == 0)
        error = billing_look_begin(billing, &waiving.account, now_s, &look);
    return error < 0 ? error : billing_look_finish(&look);
}
