/* A payment taken by mistake, undone while its drawer is open: by two people and a correcting transfer. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/bill_late_fee.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/cash_shift.h"
#include "billing/refund_invoice.h"

#define REASON_LIMIT 120

static const char *const undo_states[CASH_UNDO_STATE_COUNT] = {
    [CASH_UNDO_ASKED] = "asked", [CASH_UNDO_RELEASED] = "released", [CASH_UNDO_REFUSED] = "refused"
};

const char *cash_undo_state_name(int state)
{
    return state > 0 && state < CASH_UNDO_STATE_COUNT ? undo_states[state] : "unknown";
}

int cash_undo_state_of_name(const char *name)
{
    for (int state = 1; state < CASH_UNDO_STATE_COUNT; state++)
        if (strcmp(undo_states[state], name) == 0)
            return state;
    return 0;
}

/* A payment and the account it was for. */
struct undoing {
    struct cash_payment payment;
    struct billing_account account;
};

static int payment_load(struct billing *billing, const struct billing_scope *scope, int64_t payment_id,
                        struct undoing *out)
{
    const struct cash_store *cash = billing->config.cash;
    int found = cash->payment_read(cash->context, payment_id, &out->payment);
    int error;

    if (found < 0)
        return found;
    if (found == 0 || out->payment.tenant_id != scope->tenant_id)
        return CASH_ERR_PAYMENT;
    error = billing_account_load(billing, scope, out->payment.account_id, &out->account);
    return error == BILLING_ERR_ACCOUNT ? CASH_ERR_PAYMENT : error;
}

/* Whether the money is still where the payment put it. */
static int wallet_check(struct billing *billing, const struct undoing *undoing)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer posted;
    int found = ledger->transfer_read(ledger->context, undoing->payment.transfer_id, &posted);

    if (found <= 0)
        return found < 0 ? found : CASH_ERR_PAYMENT;
    if (undoing->account.mode == BILLING_PREPAID_METER || posted.credit_account_id != undoing->account.wallet_id)
        return CASH_ERR_UNDO_METER;
    return 0;
}

/* What went back or elsewhere already must not leave the drawer a second time. */
static int gone_check(struct billing *billing, int64_t payment_id)
{
    const struct case_store *cases = billing->config.cases;
    int64_t gone_fen = 0;
    int error = cases->payment_gone_sum(cases->context, payment_id, &gone_fen);

    return error < 0 ? error : gone_fen > 0 ? CASH_ERR_UNDO_GONE : 0;
}

static int undo_check(struct billing *billing, const struct undoing *undoing, int64_t now_s)
{
    const struct cash_store *cash = billing->config.cash;
    const struct cash_payment *payment = &undoing->payment;
    int32_t zone_offset_s = undoing->account.zone_offset_s;
    struct cash_shift shift;
    int found;

    if (payment->undone_s != 0)
        return CASH_ERR_UNDONE;
    if (billing_method_source(payment->method) == NULL)
        return CASH_ERR_UNDO_CHANNEL;
    if (payment->shift_id == 0)
        return CASH_ERR_UNDO_SHIFT;
    found = cash->shift_read(cash->context, payment->shift_id, &shift);
    if (found < 0)
        return found;
    if (found == 0 || shift.state != CASH_SHIFT_OPEN)
        return CASH_ERR_UNDO_SHIFT;
    if (calendar_local_day(payment->at_s, zone_offset_s) != calendar_local_day(now_s, zone_offset_s))
        return CASH_ERR_UNDO_DAY;
    found = gone_check(billing, payment->payment_id);
    if (found == 0)
        found = billing_payment_invoice_admit(billing, payment->payment_id, payment->amount_fen);
    return found < 0 ? found : wallet_check(billing, undoing);
}

/* It waits among all that waits for a second person, until its day is over. */
static int approval_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                        const struct cash_undo *row, const struct undoing *undoing)
{
    int32_t zone_offset_s = undoing->account.zone_offset_s;
    struct approval approval = { .kind = APPROVAL_PAYMENT_UNDO, .object_id = row->undo_id, .needs_other = true,
                                 .account_id = undoing->account.account_id, .amount_fen = undoing->payment.amount_fen };

    approval.expires_s = calendar_midnight(calendar_local_day(now_s, zone_offset_s) + 1, zone_offset_s);
    (void)text_copy(span_of_text(row->reason), approval.reason, sizeof approval.reason);
    return billing_approval_ask(billing, scope, now_s, &approval);
}

int cash_undo_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t payment_id,
                  const char *reason, struct cash_undo *out)
{
    const struct cash_store *cash = billing->config.cash;
    struct cash_undo row = { .payment_id = payment_id, .asked_s = now_s, .tenant_id = scope->tenant_id,
                             .asked_by = scope->person_id, .state = CASH_UNDO_ASKED };
    struct undoing undoing;
    struct cash_undo before;
    int error = payment_load(billing, scope, payment_id, &undoing);

    if (error == 0)
        error = undo_check(billing, &undoing, now_s);
    if (error < 0)
        return error;
    if (reason[0] == '\0' || strlen(reason) > REASON_LIMIT)
        return CASH_ERR_REASON;
    (void)text_copy(span_of_text(reason), row.reason, sizeof row.reason);
    error = cash->undo_of_payment(cash->context, payment_id, &before);
    if (error != 0)
        return error < 0 ? error : CASH_ERR_UNDO_ASKED;
    error = cash->undo_insert(cash->context, &row);
    if (error == 0)
        error = approval_ask(billing, scope, now_s, &row, &undoing);
    if (error == 0)
        *out = row;
    return error;
}

/* A bill gives back so much of what was paid of it. Unpaid again, it owes no late fee that is settled. */
static int bill_reopen(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                       int64_t part_fen, int64_t paid_s, int64_t now_s)
{
    const struct billing_bill before = *bill;
    int64_t principal_fen = before.paid_fen < bill->amount_fen ? before.paid_fen : bill->amount_fen;
    int error = 0;

    bill->paid_fen -= part_fen;
    bill->state = BILLING_BILL_ISSUED;
    if (bill->paid_fen < principal_fen)
        error = billing_late_part_forget(billing, bill, calendar_local_day(paid_s, account->zone_offset_s),
                                         principal_fen - bill->paid_fen);
    if (error == 0 && bill->paid_fen < bill->amount_fen)
        error = billing_late_fee_return(billing, account, bill, bill->late_fee_fen, now_s);
    return error < 0 ? error : billing_bill_update(billing, &before, bill);
}

/* What the wallet lacks beyond the open bills. */
static int lacking_read(struct billing *billing, const struct billing_account *account, int64_t *lacking_fen)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill = { .to_day = INT64_MIN };
    int64_t open_fen = 0, balance_fen = 0;
    int found = ledger_balance_read(billing->config.ledger, account->wallet_id, &balance_fen);

    while (found >= 0 && (found = store->bill_unpaid_next(store->context, account->account_id, bill.to_day, &bill)) == 1)
        open_fen += bill.amount_fen + bill.late_fee_fen - bill.paid_fen;
    *lacking_fen = -balance_fen - open_fen;
    return found;
}

/* Bills are paid at most with what the wallet has given: the newest are open again. */
static int bills_reopen(struct billing *billing, const struct billing_account *account, int64_t paid_s, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    const struct cash_store *cash = billing->config.cash;
    struct billing_bill bill;
    int64_t lacking_fen, bill_id;
    int error = lacking_read(billing, account, &lacking_fen);
    int found = 1;

    while (error == 0 && lacking_fen > 0 &&
           (found = cash->bill_paid_newest(cash->context, account->account_id, &bill_id)) == 1) {
        int64_t part_fen;

        found = store->bill_read(store->context, bill_id, &bill);
        if (found <= 0)
            return found;
        part_fen = bill.paid_fen < lacking_fen ? bill.paid_fen : lacking_fen;
        lacking_fen -= part_fen;
        error = bill_reopen(billing, account, &bill, part_fen, paid_s, now_s);
    }
    return found < 0 ? found : error;
}

static int payment_reverse(struct billing *billing, struct undoing *undoing, int64_t now_s, struct cash_undo *row)
{
    const struct cash_store *cash = billing->config.cash;
    struct ledger_transfer correction;
    struct billing_look look;
    char key[LEDGER_KEY_SIZE];
    int error;

    (void)snprintf(key, sizeof key, "undo/%lld", (long long)undoing->payment.payment_id);
    error = ledger_reverse(billing->config.ledger, row->tenant_id, undoing->payment.transfer_id, key, now_s, &correction);
    if (error >= 0) {
        row->transfer_id = correction.transfer_id;
        error = cash->payment_undone(cash->context, undoing->payment.payment_id, now_s);
    }
    if (error == 0)
        error = bills_reopen(billing, &undoing->account, undoing->payment.at_s, now_s);
    if (error == 0)
        error = billing_money_tell(billing, &(struct billing_money){
            .tenant_id = row->tenant_id, .account_id = undoing->account.account_id, .kind = BILLING_MONEY_REVERSED,
            .subject_id = undoing->payment.payment_id, .amount_fen = undoing->payment.amount_fen,
            .method = undoing->payment.method, .reference = "" });
    if (error == 0)
        error = billing_look_begin(billing, &undoing->account, now_s, &look);
    return error < 0 ? error : billing_look_finish(&look);
}

static int undo_load(struct billing *billing, const struct billing_scope *scope, int64_t undo_id, struct cash_undo *row,
                     struct undoing *undoing)
{
    const struct cash_store *cash = billing->config.cash;
    int found = cash->undo_read(cash->context, undo_id, row);
    int error;

    if (found < 0)
        return found;
    if (found == 0 || row->tenant_id != scope->tenant_id)
        return CASH_ERR_UNDO;
    error = payment_load(billing, scope, row->payment_id, undoing);
    if (error < 0)
        return error == CASH_ERR_PAYMENT ? CASH_ERR_UNDO : error;
    return row->state == CASH_UNDO_ASKED ? 0 : CASH_ERR_UNDO_DECIDED;
}

int billing_undo_figures(struct billing *billing, const struct approval *row, int64_t now_s, struct approval_figures *out)
{
    const struct billing_scope platform = { .tenant_id = row->tenant_id };
    struct undoing undoing;
    struct cash_undo undo;
    int64_t balance_fen = 0;
    int error = undo_load(billing, &platform, row->object_id, &undo, &undoing);

    if (error == 0)
        error = billing_balance(billing, &undoing.account, &balance_fen);
    if (error < 0)
        return error;
    approval_figure_add(out, "amount", undoing.payment.amount_fen);
    approval_figure_add(out, "balance", balance_fen);
    return undo_check(billing, &undoing, now_s);
}

static int undo_settle(struct billing *billing, const struct billing_scope *scope, int64_t now_s, enum cash_undo_state state,
                       struct cash_undo *undo)
{
    const struct cash_store *cash = billing->config.cash;

    undo->state = (uint8_t)state;
    undo->decided_by = scope->person_id;
    undo->decided_s = now_s;
    return cash->undo_update(cash->context, undo);
}

/* Neither who asked nor who took the money. */
int billing_undo_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_decision *decision, const struct approval *row)
{
    struct undoing undoing;
    struct cash_undo undo;
    int error = undo_load(billing, scope, row->object_id, &undo, &undoing);

    (void)decision;
    if (error == 0 && scope->person_id == undoing.payment.cashier)
        error = CASH_ERR_SAME_PERSON;
    if (error == 0)
        error = undo_check(billing, &undoing, now_s);
    if (error == 0)
        error = payment_reverse(billing, &undoing, now_s, &undo);
    return error < 0 ? error : undo_settle(billing, scope, now_s, CASH_UNDO_RELEASED, &undo);
}

int billing_undo_refuse(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const struct approval *row)
{
    struct undoing undoing;
    struct cash_undo undo;
    int error = undo_load(billing, scope, row->object_id, &undo, &undoing);

    return error < 0 ? error : undo_settle(billing, scope, now_s, CASH_UNDO_REFUSED, &undo);
}

int cash_undo_decide(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t undo_id,
                     bool release, struct cash_undo *out)
{
    const struct cash_store *cash = billing->config.cash;
    struct undoing undoing;
    struct cash_undo undo;
    int result = undo_load(billing, scope, undo_id, &undo, &undoing);

    if (result == 0)
        result = billing_approval_decide_object(billing, scope, now_s, APPROVAL_PAYMENT_UNDO, undo_id, release,
                                                CASH_ERR_UNDO_DECIDED);
    if (result == 0)
        result = cash->undo_read(cash->context, undo_id, out);
    return result < 0 ? result : 0;
}
