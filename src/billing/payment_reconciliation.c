#include "billing/payment_reconciliation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "billing/billing_internal.h"

#define CHANNEL_ZONE_S 28800 /* the channels' day is China's */
#define DAY_S 86400
#define RETRY_S 600

static bool day_ended(int64_t wall_s, int64_t day)
{
    return day >= 0 && day < (wall_s + CHANNEL_ZONE_S) / DAY_S;
}

static struct payment_bill_run run_of(uint32_t tenant_id, uint32_t person_id, int64_t wall_s, int64_t day)
{
    return (struct payment_bill_run){ .day = day, .next_s = wall_s, .asked_s = wall_s, .tenant_id = tenant_id,
                                      .asked_by = person_id, .state = PAYMENT_BILL_ASKED };
}

int payment_reconciliation_ask(struct billing *billing, const struct billing_scope *scope, int64_t wall_s,
                               const char *channel, int64_t day, struct payment_bill_run *out)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_bill_run run = run_of(scope->tenant_id, scope->person_id, wall_s, day);
    int error;

    if (!day_ended(wall_s, day))
        return BILLING_ERR_TO_DAY;
    if (text_copy(span_of_text(channel), run.channel, sizeof run.channel) <= 0)
        return BILLING_ERR_CHANNEL;
    error = orders->run_ask(orders->context, &run);
    if (error == 0)
        *out = run;
    return error;
}

int payment_reconciliation_due(struct billing *billing, int64_t wall_s, const char *channel, int64_t day)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_bill_run run = run_of(0, 0, wall_s, day);

    if (!day_ended(wall_s, day))
        return BILLING_ERR_TO_DAY;
    if (text_copy(span_of_text(channel), run.channel, sizeof run.channel) <= 0)
        return BILLING_ERR_CHANNEL;
    return orders->runs_ask(orders->context, &run);
}

/* What was resolved by a person stays resolved. */
static int difference_add(struct billing *billing, const struct payment_bill_run *run, const char *kind,
                          const struct payment_bill_entry *entry, int64_t our_fen, int64_t their_fen)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_difference row = { .run_id = run->run_id, .our_fen = our_fen, .their_fen = their_fen,
                                      .is_refund = entry->is_refund };
    int resolved = orders->difference_resolved(orders->context, run->run_id, entry->number);

    if (resolved != 0)
        return resolved < 0 ? resolved : 0;
    (void)snprintf(row.kind, sizeof row.kind, "%s", kind);
    memcpy(row.number, entry->number, sizeof row.number);
    memcpy(row.reference, entry->reference, sizeof row.reference);
    return orders->difference_insert(orders->context, &row);
}

/* The order of a row: by its number; a second payment of that order by the channel's own reference. 1; 0 unknown. */
static int entry_order_find(const struct payment_order_store *orders, const struct payment_bill_run *run,
                            const struct payment_bill_entry *entry, struct payment_order *order)
{
    int found = orders->order_find(orders->context, run->channel, entry->number, order);

    if (found != 1 || order->state != PAYMENT_ORDER_PAID || entry->reference[0] == '\0' ||
        strcmp(order->reference, entry->reference) == 0)
        return found;
    return orders->order_find_reference(orders->context, run->channel, entry->reference, order);
}

static int payment_compare(struct billing *billing, struct payment_bill_run *run,
                           const struct payment_bill_entry *entry, int64_t wall_s)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order order;
    int found = entry_order_find(orders, run, entry, &order);
    int error;

    if (found < 0)
        return found;
    if (found == 0)
        return difference_add(billing, run, "we_lack", entry, 0, entry->amount_fen);
    if (order.tenant_id != run->tenant_id)
        return 0;
    if (order.amount_fen != entry->amount_fen)
        return difference_add(billing, run, "amount_differs", entry, order.amount_fen, entry->amount_fen);
    if (order.state != PAYMENT_ORDER_PAID)
        return difference_add(billing, run, "status_differs", entry, 0, entry->amount_fen);
    run->matched++;
    error = orders->order_reconciled(orders->context, order.payment_order_id, run->day);
    return error < 0 ? error : orders->difference_found(orders->context, entry->number, wall_s);
}

static int refund_compare(struct billing *billing, struct payment_bill_run *run, const struct payment_bill_entry *entry)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_refund refund;
    int found = orders->refund_find(orders->context, run->channel, entry->number, &refund);

    if (found < 0)
        return found;
    if (found == 0)
        return difference_add(billing, run, "we_lack", entry, 0, entry->amount_fen);
    if (refund.tenant_id != run->tenant_id)
        return 0;
    if (refund.amount_fen != entry->amount_fen)
        return difference_add(billing, run, "amount_differs", entry, refund.amount_fen, entry->amount_fen);
    if (refund.state != PAYMENT_REFUND_ROW_DONE)
        return difference_add(billing, run, "status_differs", entry, 0, entry->amount_fen);
    run->matched++;
    return 0;
}

static int entries_compare(struct billing *billing, struct payment_bill_run *run,
                           const struct payment_bill_entry *entries, size_t count, int64_t wall_s)
{
    int error = 0;

    for (size_t i = 0; i < count && error == 0; i++) {
        if (entries[i].is_refund)
            run->refunded_fen += entries[i].amount_fen;
        else
            run->paid_fen += entries[i].amount_fen;
        error = entries[i].is_refund ? refund_compare(billing, run, &entries[i])
                                     : payment_compare(billing, run, &entries[i], wall_s);
    }
    return error;
}

static int entry_compare(const void *a, const void *b)
{
    const struct payment_bill_entry *first = a;
    const struct payment_bill_entry *second = b;

    if (first->is_refund != second->is_refund)
        return first->is_refund ? 1 : -1;
    return strcmp(first->number, second->number);
}

/* Paid orders of the day that are in no bill: what is in this one has just been marked. */
static int absent_find(struct billing *billing, struct payment_bill_run *run, const struct payment_bill_entry *entries,
                       size_t count)
{
    const struct payment_order_store *orders = billing->config.orders;
    int64_t from_s = run->day * DAY_S - CHANNEL_ZONE_S;
    struct payment_order order = { .payment_order_id = 0 };
    int found;
    int error = 0;

    while (error == 0 && (found = orders->order_unreconciled(orders->context, run, from_s, from_s + DAY_S,
                                                             order.payment_order_id, &order)) != 0) {
        struct payment_bill_entry entry = { .is_refund = false };
        bool is_there = false;
        if (found < 0)
            return found;
        memcpy(entry.number, order.trade_number, sizeof entry.number);
        memcpy(entry.reference, order.reference, sizeof entry.reference);
        /* One whose amount differs stands in the list already. */
        is_there = count > 0 && bsearch(&entry, entries, count, sizeof entry, entry_compare) != NULL;
        if (!is_there)
            error = difference_add(billing, run, "they_lack", &entry, order.amount_fen, 0);
    }
    return error;
}

static int bill_missing(struct billing *billing, struct payment_bill_run *run, int64_t wall_s, const char *problem)
{
    const struct payment_order_store *orders = billing->config.orders;

    run->attempts++;
    run->next_s = wall_s + RETRY_S;
    if (run->attempts >= PAYMENT_BILL_ATTEMPTS)
        run->state = PAYMENT_BILL_FAILED;
    (void)snprintf(run->problem, sizeof run->problem, "%.63s", problem);
    return orders->run_update(orders->context, run);
}

int payment_reconciliation_take(struct billing *billing, int64_t wall_s, int64_t run_id,
                                struct payment_bill_entry *entries, size_t count, const char *problem)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_bill_run run;
    int result = orders->run_read(orders->context, run_id, &run);

    if (result <= 0 || run.state != PAYMENT_BILL_ASKED)
        return result < 0 ? result : 0;
    if (problem != NULL)
        return bill_missing(billing, &run, wall_s, problem);
    if (count > 0)
        qsort(entries, count, sizeof entries[0], entry_compare);
    run.rows = (int64_t)count;
    run.matched = run.paid_fen = run.refunded_fen = 0;
    result = orders->differences_clear(orders->context, run.run_id);
    if (result == 0)
        result = entries_compare(billing, &run, entries, count, wall_s);
    if (result == 0)
        result = absent_find(billing, &run, entries, count);
    run.state = PAYMENT_BILL_DONE;
    run.finished_s = wall_s;
    run.problem[0] = '\0';
    return result < 0 ? result : orders->run_update(orders->context, &run);
}

/* The channel has paid out a refund that we still wait for, or that it had called failed: a person has seen its bill. */
static int refund_book(struct billing *billing, const struct billing_scope *scope, const struct payment_difference *row,
                       int64_t wall_s, int64_t now_s)
{
    const struct payment_order_store *orders = billing->config.orders;
    struct payment_order_outcome outcome = { .word = PAYMENT_WORD_PAID, .is_refund = true, .amount_fen = row->their_fen,
                                             .channel = row->channel, .number = row->number,
                                             .reference = row->reference, .code = "bill" };
    struct payment_refund refund;
    int result = payment_order_outcome_take(billing, wall_s, now_s, &outcome, NULL);

    if (result == 0)
        result = orders->refund_find(orders->context, row->channel, row->number, &refund);
    if (result == 1 && refund.state == PAYMENT_REFUND_ROW_DISPUTED)
        result = payment_refund_resolve(billing, scope, now_s, refund.payment_refund_id, true, &refund);
    if (result < 0)
        return result;
    return refund.state == PAYMENT_REFUND_ROW_DONE ? 0 : BILLING_ERR_DIFFERENCE_BOOK;
}

/* The channel took money for an order that is still open, closed or disputed with us: it is the customer's. */
static int difference_book(struct billing *billing, const struct billing_scope *scope, const struct payment_difference *row,
                           int64_t wall_s, int64_t now_s)
{
    struct payment_order_outcome outcome = { .word = PAYMENT_WORD_PAID, .amount_fen = row->their_fen,
                                             .channel = row->channel, .number = row->number,
                                             .reference = row->reference, .code = "bill" };
    struct payment_order order;
    int error;

    if (row->is_refund && strcmp(row->kind, "status_differs") == 0)
        return refund_book(billing, scope, row, wall_s, now_s);
    if (row->is_refund || row->their_fen == 0 || strcmp(row->kind, "amount_differs") == 0)
        return BILLING_ERR_DIFFERENCE_BOOK;
    error = payment_order_outcome_take(billing, wall_s, now_s, &outcome, &order);
    if (error == BILLING_ERR_ORDER)
        return BILLING_ERR_DIFFERENCE_BOOK;
    return error == 0 && order.state != PAYMENT_ORDER_PAID ? BILLING_ERR_DIFFERENCE_BOOK : error;
}

int payment_difference_resolve(struct billing *billing, const struct billing_scope *scope, int64_t wall_s, int64_t now_s,
                               int64_t difference_id, const char *action, const char *reason)
{
    const struct payment_order_store *orders = billing->config.orders;
    bool books = strcmp(action, "book") == 0;
    struct payment_difference row;
    int result = orders->difference_read(orders->context, difference_id, &row);

    if (result < 0)
        return result;
    if (result == 0 || row.tenant_id != scope->tenant_id)
        return BILLING_ERR_DIFFERENCE;
    if (row.resolution[0] != '\0')
        return BILLING_ERR_DIFFERENCE_RESOLVED;
    result = books ? difference_book(billing, scope, &row, wall_s, now_s) : 0;
    if (result < 0)
        return result;
    (void)snprintf(row.resolution, sizeof row.resolution, "%s", books ? "booked" : "accepted");
    (void)snprintf(row.reason, sizeof row.reason, "%.127s", reason);
    row.resolved_by = scope->person_id;
    row.resolved_s = wall_s;
    return orders->difference_update(orders->context, &row);
}
