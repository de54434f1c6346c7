/* Tables payment_reconciliation and payment_difference. */
#include "store/sql/payment_sql_internal.h"

enum {
    ORDER_UNRECONCILED, ORDER_RECONCILED, RUN_ASK, RUN_FIND, RUNS_ASK, RUN_READ, RUN_DUE, RUN_UPDATE, DIFFERENCES_CLEAR,
    DIFFERENCE_INSERT, DIFFERENCE_READ, DIFFERENCE_UPDATE, DIFFERENCE_RESOLVED, DIFFERENCE_FOUND, STATEMENT_COUNT
};

#define RUN_COLUMNS \
    "SELECT payment_reconciliation_id, day, next_s, rows, matched, paid_fen, refunded_fen, asked_s, coalesce(finished_s, 0)," \
    " tenant_id, coalesce(asked_by, 0), attempts, CASE state WHEN 'asked' THEN 1 WHEN 'done' THEN 2 ELSE 3 END," \
    " channel, problem FROM payment_reconciliation "

static const char *const texts[STATEMENT_COUNT] = {
    [ORDER_UNRECONCILED] = "SELECT payment_order_id, amount_fen, trade_number, reference FROM payment_order"
        " WHERE channel = ?1 AND paid_s >= ?2 AND paid_s < ?3 AND payment_order_id > ?4 AND tenant_id = ?5"
        " AND reconciled_day IS NULL ORDER BY payment_order_id LIMIT 1",
    [ORDER_RECONCILED] = "UPDATE payment_order SET reconciled_day = ?2 WHERE payment_order_id = ?1",
    [RUN_ASK] = "INSERT INTO payment_reconciliation (tenant_id, day, next_s, asked_by, asked_s, channel, state)"
        " VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, 'asked') ON CONFLICT (tenant_id, channel, day) DO UPDATE SET"
        " state = 'asked', next_s = ?3, attempts = 0, problem = '', asked_by = nullif(?4, 0), asked_s = ?5",
    [RUN_FIND] = RUN_COLUMNS "WHERE tenant_id = ?1 AND day = ?2 AND channel = ?3",
    [RUNS_ASK] = "INSERT INTO payment_reconciliation (tenant_id, day, next_s, asked_s, channel, state)"
        " SELECT DISTINCT tenant_id, CAST(?1 AS INTEGER), CAST(?2 AS INTEGER), CAST(?2 AS INTEGER), ?3, 'asked' FROM payment_order WHERE channel = ?3"
        " ON CONFLICT (tenant_id, channel, day) DO NOTHING",
    [RUN_READ] = RUN_COLUMNS "WHERE payment_reconciliation_id = ?1",
    [RUN_DUE] = RUN_COLUMNS "WHERE state = 'asked' AND channel = ?1 AND next_s <= ?2 ORDER BY next_s LIMIT 1",
    [RUN_UPDATE] = "UPDATE payment_reconciliation SET next_s = ?2, rows = ?3, matched = ?4, paid_fen = ?5, refunded_fen = ?6,"
        " finished_s = nullif(?7, 0), attempts = ?8, state = CASE ?9 WHEN 1 THEN 'asked' WHEN 2 THEN 'done' ELSE 'failed' END,"
        " problem = ?10 WHERE payment_reconciliation_id = ?1",
    [DIFFERENCES_CLEAR] = "DELETE FROM payment_difference WHERE payment_reconciliation_id = ?1 AND resolution = ''",
    [DIFFERENCE_INSERT] = "INSERT INTO payment_difference (payment_reconciliation_id, our_fen, their_fen, is_refund, kind,"
        " number, reference, resolution, reason, resolved_by, resolved_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " nullif(?10, 0), nullif(?11, 0))",
    [DIFFERENCE_READ] = "SELECT x.payment_difference_id, x.payment_reconciliation_id, x.our_fen, x.their_fen, r.tenant_id,"
        " x.is_refund, r.channel, x.kind, x.number, x.reference, x.resolution FROM payment_difference x"
        " JOIN payment_reconciliation r ON r.payment_reconciliation_id = x.payment_reconciliation_id"
        " WHERE x.payment_difference_id = ?1",
    [DIFFERENCE_UPDATE] = "UPDATE payment_difference SET resolved_by = nullif(?2, 0), resolved_s = ?3, resolution = ?4,"
        " reason = ?5 WHERE payment_difference_id = ?1",
    [DIFFERENCE_RESOLVED] = "SELECT 1 FROM payment_difference WHERE payment_reconciliation_id = ?1 AND number = ?2"
        " AND resolution <> '' LIMIT 1",
    [DIFFERENCE_FOUND] = "UPDATE payment_difference SET resolution = 'found', resolved_s = ?1 WHERE number = ?2"
        " AND resolution = '' AND kind = 'they_lack'",
};

static struct statement *take(void *context, size_t index)
{
    struct payment_sql *sql = context;

    return statement_take(&sql->bills, index);
}

static int run(struct statement *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

static int order_unreconciled(void *context, const struct payment_bill_run *row, int64_t from_s, int64_t until_s,
                              int64_t after, struct payment_order *out)
{
    struct statement *statement = take(context, ORDER_UNRECONCILED);
    int found;

    statement_bind_text(statement, 1, row->channel);
    statement_bind_integer(statement, 2, from_s);
    statement_bind_integer(statement, 3, until_s);
    statement_bind_integer(statement, 4, after);
    statement_bind_integer(statement, 5, row->tenant_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct payment_order){ .payment_order_id = statement_integer(statement, 0),
                                   .amount_fen = statement_integer(statement, 1) };
    statement_text(statement, 2, out->trade_number, sizeof out->trade_number);
    statement_text(statement, 3, out->reference, sizeof out->reference);
    statement_end(statement);
    return 1;
}

static int order_reconciled(void *context, int64_t payment_order_id, int64_t day)
{
    struct statement *statement = take(context, ORDER_RECONCILED);

    statement_bind_integer(statement, 1, payment_order_id);
    statement_bind_integer(statement, 2, day);
    return run(statement);
}

static int run_row(struct statement *statement, struct payment_bill_run *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct payment_bill_run){
        .run_id = statement_integer(statement, 0),
        .day = statement_integer(statement, 1),
        .next_s = statement_integer(statement, 2),
        .rows = statement_integer(statement, 3),
        .matched = statement_integer(statement, 4),
        .paid_fen = statement_integer(statement, 5),
        .refunded_fen = statement_integer(statement, 6),
        .asked_s = statement_integer(statement, 7),
        .finished_s = statement_integer(statement, 8),
        .tenant_id = (uint32_t)statement_integer(statement, 9),
        .asked_by = (uint32_t)statement_integer(statement, 10),
        .attempts = statement_int(statement, 11),
        .state = (uint8_t)statement_int(statement, 12),
    };
    statement_text(statement, 13, out->channel, sizeof out->channel);
    statement_text(statement, 14, out->problem, sizeof out->problem);
    statement_end(statement);
    return 1;
}

static int run_ask(void *context, struct payment_bill_run *row)
{
    struct statement *statement = take(context, RUN_ASK);
    const int64_t values[] = { row->tenant_id, row->day, row->next_s, row->asked_by, row->asked_s };
    int error;

    statement_bind_integers(statement, values, 5);
    statement_bind_text(statement, 6, row->channel);
    error = run(statement);
    if (error < 0)
        return error;
    statement = take(context, RUN_FIND);
    statement_bind_integers(statement, values, 2);
    statement_bind_text(statement, 3, row->channel);
    error = run_row(statement, row);
    return error == 1 ? 0 : error == 0 ? STORE_ERR_CONSTRAINT : error;
}

static int runs_ask(void *context, const struct payment_bill_run *row)
{
    struct statement *statement = take(context, RUNS_ASK);

    statement_bind_integer(statement, 1, row->day);
    statement_bind_integer(statement, 2, row->next_s);
    statement_bind_text(statement, 3, row->channel);
    return run(statement);
}

static int run_read(void *context, int64_t run_id, struct payment_bill_run *out)
{
    struct statement *statement = take(context, RUN_READ);

    statement_bind_integer(statement, 1, run_id);
    return run_row(statement, out);
}

static int run_due(void *context, const char *channel, int64_t now_s, struct payment_bill_run *out)
{
    struct statement *statement = take(context, RUN_DUE);

    statement_bind_text(statement, 1, channel);
    statement_bind_integer(statement, 2, now_s);
    return run_row(statement, out);
}

static int run_update(void *context, const struct payment_bill_run *row)
{
    struct statement *statement = take(context, RUN_UPDATE);
    const int64_t values[] = { row->run_id, row->next_s, row->rows, row->matched, row->paid_fen, row->refunded_fen,
        row->finished_s, row->attempts, row->state };

    statement_bind_integers(statement, values, 9);
    statement_bind_text(statement, 10, row->problem);
    return run(statement);
}

static int differences_clear(void *context, int64_t run_id)
{
    struct statement *statement = take(context, DIFFERENCES_CLEAR);

    statement_bind_integer(statement, 1, run_id);
    return run(statement);
}

static int difference_insert(void *context, const struct payment_difference *row)
{
    struct statement *statement = take(context, DIFFERENCE_INSERT);
    const int64_t values[] = { row->run_id, row->our_fen, row->their_fen, row->is_refund };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, row->kind);
    statement_bind_text(statement, 6, row->number);
    statement_bind_text(statement, 7, row->reference);
    statement_bind_text(statement, 8, row->resolution);
    statement_bind_text(statement, 9, row->reason);
    statement_bind_integer(statement, 10, row->resolved_by);
    statement_bind_integer(statement, 11, row->resolved_s);
    return run(statement);
}

static int difference_read(void *context, int64_t difference_id, struct payment_difference *out)
{
    struct statement *statement = take(context, DIFFERENCE_READ);
    int found;

    statement_bind_integer(statement, 1, difference_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct payment_difference){
        .difference_id = statement_integer(statement, 0),
        .run_id = statement_integer(statement, 1),
        .our_fen = statement_integer(statement, 2),
        .their_fen = statement_integer(statement, 3),
        .tenant_id = (uint32_t)statement_integer(statement, 4),
        .is_refund = statement_int(statement, 5) != 0,
    };
    statement_text(statement, 6, out->channel, sizeof out->channel);
    statement_text(statement, 7, out->kind, sizeof out->kind);
    statement_text(statement, 8, out->number, sizeof out->number);
    statement_text(statement, 9, out->reference, sizeof out->reference);
    statement_text(statement, 10, out->resolution, sizeof out->resolution);
    statement_end(statement);
    return 1;
}

static int difference_update(void *context, const struct payment_difference *row)
{
    struct statement *statement = take(context, DIFFERENCE_UPDATE);
    const int64_t values[] = { row->difference_id, row->resolved_by, row->resolved_s };

    statement_bind_integers(statement, values, 3);
    statement_bind_text(statement, 4, row->resolution);
    statement_bind_text(statement, 5, row->reason);
    return run(statement);
}

static int difference_resolved(void *context, int64_t run_id, const char *number)
{
    struct statement *statement = take(context, DIFFERENCE_RESOLVED);
    int found;

    statement_bind_integer(statement, 1, run_id);
    statement_bind_text(statement, 2, number);
    found = statement_row(statement);
    if (found == 1)
        statement_end(statement);
    return found;
}

static int difference_found(void *context, const char *number, int64_t now_s)
{
    struct statement *statement = take(context, DIFFERENCE_FOUND);

    statement_bind_integer(statement, 1, now_s);
    statement_bind_text(statement, 2, number);
    return run(statement);
}

int payment_sql_bills_open(struct store *store, struct payment_sql *sql)
{
    int error = statement_table_prepare(&sql->bills, store, texts, STATEMENT_COUNT);

    if (error < 0)
        return error;
    sql->store.order_unreconciled = order_unreconciled;
    sql->store.order_reconciled = order_reconciled;
    sql->store.run_ask = run_ask;
    sql->store.runs_ask = runs_ask;
    sql->store.run_read = run_read;
    sql->store.run_due = run_due;
    sql->store.run_update = run_update;
    sql->store.differences_clear = differences_clear;
    sql->store.difference_insert = difference_insert;
    sql->store.difference_read = difference_read;
    sql->store.difference_update = difference_update;
    sql->store.difference_resolved = difference_resolved;
    sql->store.difference_found = difference_found;
    return 0;
}
