/* The daily close of cash: what the ledger moved, what payments say and what drawers held, each difference named.
 * It is one of the comparisons of payment_reconciliation.h: the channel is "cash", "their" side is the drawers'. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/cash_shift.h"
#include "billing/payment_reconciliation.h"

#define DAY_S 86400

static int difference_add(struct billing *billing, struct payment_difference *row)
{
    const struct payment_order_store *orders = billing->config.orders;
    int resolved = orders->difference_resolved(orders->context, row->run_id, row->number);

    if (resolved != 0)
        return resolved < 0 ? resolved : 0;
    return orders->difference_insert(orders->context, row);
}

static struct payment_difference difference_of(const struct payment_bill_run *run, const char *kind, const char *number)
{
    struct payment_difference row = { .run_id = run->run_id };

    (void)snprintf(row.kind, sizeof row.kind, "%s", kind);
    (void)text_copy(span_of_text(number), row.number, sizeof row.number);
    return row;
}

/* A shift that is not closed is a difference until it is; what its count found was explained when it was closed. */
static int shift_compare(struct billing *billing, const struct payment_bill_run *run, const struct cash_shift *shift)
{
    bool is_closed = shift->state == CASH_SHIFT_CLOSED;
    struct payment_difference row = difference_of(run, is_closed ? "amount_differs" : "status_differs", shift->number);

    if (is_closed && shift->difference_fen == 0)
        return 0;
    row.our_fen = shift->float_fen + shift->cash_fen;
    row.their_fen = shift->state == CASH_SHIFT_OPEN ? 0 : shift->counted_fen;
    if (is_closed) {
        memcpy(row.resolution, "accepted", sizeof "accepted");
        memcpy(row.reason, shift->reason, sizeof row.reason);
        row.resolved_by = shift->confirmed_by != 0 ? shift->confirmed_by : shift->counted_by;
        row.resolved_s = shift->closed_s;
    }
    return difference_add(billing, &row);
}

static int shifts_compare(struct billing *billing, const struct payment_bill_run *run, int64_t from_s)
{
    const struct cash_store *cash = billing->config.cash;
    struct cash_shift shift = { .shift_id = 0 };
    int found;

    while ((found = cash->shift_of_day(cash->context, run->tenant_id, from_s, from_s + DAY_S, shift.shift_id, &shift)) == 1) {
        int error = shift.state == CASH_SHIFT_OPEN ? cash->shift_cash(cash->context, shift.shift_id, &shift.cash_fen) : 0;

        if (error == 0)
            error = shift_compare(billing, run, &shift);
        if (error < 0)
            return error;
    }
    return found;
}

/* Cash that somebody took without a shift lies in nobody's drawer. */
static int loose_compare(struct billing *billing, const struct payment_bill_run *run, int64_t from_s)
{
    const struct cash_store *cash = billing->config.cash;
    struct cash_loose loose = { .cashier = 0 };
    int found;

    while ((found = cash->loose_of_day(cash->context, run->tenant_id, from_s, from_s + DAY_S, loose.cashier, &loose)) == 1) {
        char number[PAYMENT_ORDER_NUMBER_SIZE];
        struct payment_difference row;
        int error;

        (void)snprintf(number, sizeof number, "no-shift-%u", (unsigned)loose.cashier);
        row = difference_of(run, "they_lack", number);
        row.our_fen = loose.amount_fen;
        (void)snprintf(row.reference, sizeof row.reference, "%.*s",
                       (int)text_utf8_cut(span_of_text(loose.name), sizeof row.reference - 1), loose.name);
        error = difference_add(billing, &row);
        if (error < 0)
            return error;
    }
    return found;
}

/* Every payment in cash moved the till by its amount, and every undone one moved it back. */
static int ledger_compare(struct billing *billing, struct payment_bill_run *run, int64_t from_s)
{
    const struct cash_store *cash = billing->config.cash;
    struct payment_difference row = difference_of(run, "amount_differs", "ledger");
    struct cash_day day;
    int error = cash->day_sums(cash->context, run->tenant_id, from_s, from_s + DAY_S, &day);

    if (error < 0)
        return error;
    run->rows = day.payments;
    run->matched = day.in_shifts;
    run->paid_fen = day.taken_fen;
    run->refunded_fen = day.undone_fen;
    row.our_fen = day.ledger_fen;
    row.their_fen = day.taken_fen - day.undone_fen;
    return row.our_fen == row.their_fen ? 0 : difference_add(billing, &row);
}

int cash_reconciliation_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t day,
                            struct payment_bill_run *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_bill_run run = { .day = day, .asked_s = now_s, .tenant_id = scope->tenant_id,
                                    .asked_by = scope->person_id, .channel = "cash" };
    struct billing_policy policy;
    int64_t from_s;
    int error = billing_scope_check_whole(scope);

    if (error == 0)
        error = billing_policy_read(billing, scope->tenant_id, &policy);
    if (error < 0)
        return error;
    if (day < 0 || day > calendar_local_day(now_s, policy.arrears.zone_offset_s))
        return BILLING_ERR_TO_DAY;
    from_s = calendar_midnight(day, policy.arrears.zone_offset_s);
    error = orders->run_ask(orders->context, &run);
    if (error == 0)
        error = orders->differences_clear(orders->context, run.run_id);
    if (error == 0)
        error = ledger_compare(billing, &run, from_s);
    if (error == 0)
        error = loose_compare(billing, &run, from_s);
    if (error == 0)
        error = shifts_compare(billing, &run, from_s);
    run.state = PAYMENT_BILL_DONE;
    run.finished_s = now_s;
    if (error == 0)
        error = orders->run_update(orders->context, &run);
    if (error == 0)
        *out = run;
    return error;
}
