/* Tables cash_shift, payment_undo and cash_deposit. */
#include "store/sql/cash_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"
#include "store/store_error.h"

enum {
    SHIFT_OPEN_OF, SHIFT_READ, SHIFT_INSERT, SHIFT_UPDATE, SHIFT_CASH, PAYMENT_READ, PAYMENT_UNDONE, BILL_PAID, UNDO_OF_PAYMENT,
    UNDO_READ, UNDO_INSERT, UNDO_UPDATE, DEPOSIT_FIND, DEPOSIT_INSERT, SHIFT_OF_DAY, LOOSE_OF_DAY, DAY_SUMS, STATEMENT_COUNT
};

#define SHIFT_COLUMNS \
    "SELECT h.shift_id, h.opened_s, h.counted_s, h.closed_s, h.float_fen, h.cash_fen, h.counted_fen, h.difference_fen," \
    " h.tenant_id, h.cashier, coalesce(h.counted_by, 0), coalesce(h.confirmed_by, 0)," \
    " CASE h.state WHEN 'open' THEN 1 WHEN 'counted' THEN 2 ELSE 3 END, h.number, h.reason, h.opening_notes, h.notes, a.path" \
    " FROM cash_shift h JOIN person n ON n.person_id = h.cashier JOIN area a ON a.area_id = n.area_id "

#define UNDO_COLUMNS \
    "SELECT undo_id, payment_id, asked_s, decided_s, coalesce(transfer_id, 0), tenant_id, asked_by, coalesce(decided_by, 0)," \
    " CASE state WHEN 'asked' THEN 1 WHEN 'released' THEN 2 ELSE 3 END, reason FROM payment_undo "

static const char *const texts[STATEMENT_COUNT] = {
    [SHIFT_OPEN_OF] = SHIFT_COLUMNS "WHERE h.tenant_id = ?1 AND h.cashier = ?2 AND h.state = 'open'",
    [SHIFT_READ] = SHIFT_COLUMNS "WHERE h.shift_id = ?1",
    [SHIFT_INSERT] = "INSERT INTO cash_shift (tenant_id, cashier, opened_s, float_fen, opening_notes, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, 'open')",
    [SHIFT_UPDATE] = "UPDATE cash_shift SET counted_s = ?2, closed_s = ?3, cash_fen = ?4, counted_fen = ?5,"
        " difference_fen = ?6, counted_by = nullif(?7, 0), confirmed_by = nullif(?8, 0), number = ?9, reason = ?10,"
        " notes = ?11, state = ?12 WHERE shift_id = ?1",
    [SHIFT_CASH] = "SELECT (SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE shift_id = ?1 AND method = 'cash'"
        " AND undone_s = 0) - (SELECT coalesce(sum(amount_fen), 0) FROM refund_part WHERE shift_id = ?1)",
    [PAYMENT_READ] = "SELECT payment_id, account_id, amount_fen, at_s, transfer_id, coalesce(shift_id, 0), undone_s, tenant_id,"
        " coalesce(cashier, 0), receipt, method FROM payment WHERE payment_id = ?1",
    [PAYMENT_UNDONE] = "UPDATE payment SET undone_s = ?2 WHERE payment_id = ?1",
    [BILL_PAID] = "SELECT bill_id FROM bill WHERE account_id = ?1 AND state <> 'reversed' AND paid_fen > 0"
        " ORDER BY to_day DESC LIMIT 1",
    [UNDO_OF_PAYMENT] = UNDO_COLUMNS "WHERE payment_id = ?1 AND state <> 'refused'",
    [UNDO_READ] = UNDO_COLUMNS "WHERE undo_id = ?1",
    [UNDO_INSERT] = "INSERT INTO payment_undo (tenant_id, payment_id, asked_by, asked_s, reason, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, 'asked')",
    [UNDO_UPDATE] = "UPDATE payment_undo SET decided_by = ?2, decided_s = ?3, transfer_id = nullif(?4, 0), state = ?5"
        " WHERE undo_id = ?1",
    [SHIFT_OF_DAY] = SHIFT_COLUMNS "WHERE h.tenant_id = ?1 AND h.opened_s < ?3 AND (h.closed_s = 0 OR h.closed_s >= ?2)"
        " AND h.shift_id > ?4 ORDER BY h.shift_id LIMIT 1",
    [LOOSE_OF_DAY] = "SELECT y.cashier, sum(y.amount_fen), n.display_name FROM payment y JOIN person n ON n.person_id = y.cashier"
        " WHERE y.tenant_id = ?1 AND y.at_s >= ?2 AND y.at_s < ?3 AND y.cashier > ?4 AND y.method = 'cash'"
        " AND y.shift_id IS NULL GROUP BY y.cashier, n.display_name ORDER BY y.cashier LIMIT 1",
    [DAY_SUMS] = "WITH taken AS (SELECT amount_fen, shift_id FROM payment WHERE tenant_id = ?1 AND at_s >= ?2 AND at_s < ?3"
        "  AND method = 'cash'), moved AS (SELECT t.amount_fen, t.kind FROM transfer_block b CROSS JOIN transfer t"
        "  ON t.transfer_id >= b.block * 4096 AND t.transfer_id < b.block * 4096 + 4096"
        "  WHERE b.at_to_s >= ?2 AND b.at_from_s < ?3 AND t.tenant_id = ?1 AND t.at_s >= ?2"
        "  AND t.at_s < ?3 AND t.kind IN ('payment', 'correction') AND (SELECT kind || ':' || name FROM ledger_account"
        "   WHERE ledger_account_id = iif(t.kind = 'payment', t.debit_account_id, t.credit_account_id)) = 'cash:counter')"
        "SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM taken WHERE shift_id IS NOT NULL),"
        " (SELECT coalesce(sum(amount_fen), 0) FROM taken), (SELECT coalesce(sum(y.amount_fen), 0) FROM payment_undo u"
        "  JOIN payment y ON y.payment_id = u.payment_id WHERE u.tenant_id = ?1 AND u.state = 'released' AND u.decided_s >= ?2"
        "  AND u.decided_s < ?3 AND y.method = 'cash'),"
        " (SELECT coalesce(sum(iif(kind = 'payment', amount_fen, -amount_fen)), 0) FROM moved)",
    [DEPOSIT_FIND] = "SELECT deposit_id, amount_fen, at_s, transfer_id, tenant_id, person_id, source, bank, slip, key"
        " FROM cash_deposit WHERE key = ?1",
    [DEPOSIT_INSERT] = "INSERT INTO cash_deposit (tenant_id, amount_fen, person_id, at_s, transfer_id, key, source, bank, slip)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
};

struct cash_sql {
    struct statement_table table;
    struct cash_store store;
};

static struct statement *take(void *context, size_t index)
{
    struct cash_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int shift_row(struct statement *statement, struct cash_shift *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct cash_shift){
        .shift_id = statement_integer(statement, 0),
        .opened_s = statement_integer(statement, 1),
        .counted_s = statement_integer(statement, 2),
        .closed_s = statement_integer(statement, 3),
        .float_fen = statement_integer(statement, 4),
        .cash_fen = statement_integer(statement, 5),
        .counted_fen = statement_integer(statement, 6),
        .difference_fen = statement_integer(statement, 7),
        .tenant_id = (uint32_t)statement_integer(statement, 8),
        .cashier = (uint32_t)statement_integer(statement, 9),
        .counted_by = (uint32_t)statement_integer(statement, 10),
        .confirmed_by = (uint32_t)statement_integer(statement, 11),
        .state = (uint8_t)statement_int(statement, 12),
    };
    statement_text(statement, 13, out->number, sizeof out->number);
    statement_text(statement, 14, out->reason, sizeof out->reason);
    statement_text(statement, 15, out->opening_notes, sizeof out->opening_notes);
    statement_text(statement, 16, out->notes, sizeof out->notes);
    statement_text(statement, 17, out->cashier_path, sizeof out->cashier_path);
    statement_end(statement);
    return 1;
}

static int shift_open_of(void *context, uint32_t tenant_id, uint32_t cashier, struct cash_shift *out)
{
    struct statement *statement = take(context, SHIFT_OPEN_OF);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, cashier);
    return shift_row(statement, out);
}

static int shift_read(void *context, int64_t shift_id, struct cash_shift *out)
{
    struct statement *statement = take(context, SHIFT_READ);

    statement_bind_integer(statement, 1, shift_id);
    return shift_row(statement, out);
}

static int shift_insert(void *context, struct cash_shift *row)
{
    struct statement *statement = take(context, SHIFT_INSERT);
    const int64_t values[] = { row->tenant_id, row->cashier, row->opened_s, row->float_fen };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, row->opening_notes);
    return statement_run_insert(statement, &row->shift_id);
}

static int shift_update(void *context, const struct cash_shift *row)
{
    struct statement *statement = take(context, SHIFT_UPDATE);
    const int64_t values[] = { row->shift_id, row->counted_s, row->closed_s, row->cash_fen, row->counted_fen,
        row->difference_fen, row->counted_by, row->confirmed_by };

    statement_bind_integers(statement, values, 8);
    statement_bind_text(statement, 9, row->number);
    statement_bind_text(statement, 10, row->reason);
    statement_bind_text(statement, 11, row->notes);
    statement_bind_text(statement, 12, cash_shift_state_name(row->state));
    return statement_change(statement);
}

static int number_read(struct statement *statement, int64_t *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

static int shift_cash(void *context, int64_t shift_id, int64_t *cash_fen)
{
    struct statement *statement = take(context, SHIFT_CASH);
    int found;

    statement_bind_integer(statement, 1, shift_id);
    found = number_read(statement, cash_fen);
    return found < 0 ? found : 0;
}

static int payment_read(void *context, int64_t payment_id, struct cash_payment *out)
{
    struct statement *statement = take(context, PAYMENT_READ);
    int found;

    statement_bind_integer(statement, 1, payment_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct cash_payment){
        .payment_id = statement_integer(statement, 0),
        .account_id = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .at_s = statement_integer(statement, 3),
        .transfer_id = statement_integer(statement, 4),
        .shift_id = statement_integer(statement, 5),
        .undone_s = statement_integer(statement, 6),
        .tenant_id = (uint32_t)statement_integer(statement, 7),
        .cashier = (uint32_t)statement_integer(statement, 8),
    };
    statement_text(statement, 9, out->receipt, sizeof out->receipt);
    statement_text(statement, 10, out->method, sizeof out->method);
    statement_end(statement);
    return 1;
}

static int payment_undone(void *context, int64_t payment_id, int64_t at_s)
{
    struct statement *statement = take(context, PAYMENT_UNDONE);

    statement_bind_integer(statement, 1, payment_id);
    statement_bind_integer(statement, 2, at_s);
    return statement_change(statement);
}

static int bill_paid_newest(void *context, int64_t account_id, int64_t *bill_id)
{
    struct statement *statement = take(context, BILL_PAID);

    statement_bind_integer(statement, 1, account_id);
    return number_read(statement, bill_id);
}

static int undo_row(void *context, size_t index, int64_t identifier, struct cash_undo *out)
{
    struct statement *statement = take(context, index);
    int found;

    statement_bind_integer(statement, 1, identifier);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct cash_undo){
        .undo_id = statement_integer(statement, 0),
        .payment_id = statement_integer(statement, 1),
        .asked_s = statement_integer(statement, 2),
        .decided_s = statement_integer(statement, 3),
        .transfer_id = statement_integer(statement, 4),
        .tenant_id = (uint32_t)statement_integer(statement, 5),
        .asked_by = (uint32_t)statement_integer(statement, 6),
        .decided_by = (uint32_t)statement_integer(statement, 7),
        .state = (uint8_t)statement_int(statement, 8),
    };
    statement_text(statement, 9, out->reason, sizeof out->reason);
    statement_end(statement);
    return 1;
}

static int undo_of_payment(void *context, int64_t payment_id, struct cash_undo *out)
{
    return undo_row(context, UNDO_OF_PAYMENT, payment_id, out);
}

static int undo_read(void *context, int64_t undo_id, struct cash_undo *out)
{
    return undo_row(context, UNDO_READ, undo_id, out);
}

static int undo_insert(void *context, struct cash_undo *row)
{
    struct statement *statement = take(context, UNDO_INSERT);
    const int64_t values[] = { row->tenant_id, row->payment_id, row->asked_by, row->asked_s };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, row->reason);
    return statement_run_insert(statement, &row->undo_id);
}

static int undo_update(void *context, const struct cash_undo *row)
{
    struct statement *statement = take(context, UNDO_UPDATE);
    const int64_t values[] = { row->undo_id, row->decided_by, row->decided_s, row->transfer_id };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, cash_undo_state_name(row->state));
    return statement_change(statement);
}

static int deposit_find_key(void *context, const char *key, struct cash_deposit *out)
{
    struct statement *statement = take(context, DEPOSIT_FIND);
    int found;

    statement_bind_text(statement, 1, key);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct cash_deposit){
        .deposit_id = statement_integer(statement, 0),
        .amount_fen = statement_integer(statement, 1),
        .at_s = statement_integer(statement, 2),
        .transfer_id = statement_integer(statement, 3),
        .tenant_id = (uint32_t)statement_integer(statement, 4),
        .person_id = (uint32_t)statement_integer(statement, 5),
    };
    statement_text(statement, 6, out->source, sizeof out->source);
    statement_text(statement, 7, out->bank, sizeof out->bank);
    statement_text(statement, 8, out->slip, sizeof out->slip);
    statement_text(statement, 9, out->key, sizeof out->key);
    statement_end(statement);
    return 1;
}

static int deposit_insert(void *context, struct cash_deposit *row)
{
    struct statement *statement = take(context, DEPOSIT_INSERT);
    const int64_t values[] = { row->tenant_id, row->amount_fen, row->person_id, row->at_s, row->transfer_id };

    statement_bind_integers(statement, values, 5);
    statement_bind_text(statement, 6, row->key);
    statement_bind_text(statement, 7, row->source);
    statement_bind_text(statement, 8, row->bank);
    statement_bind_text(statement, 9, row->slip);
    return statement_run_insert(statement, &row->deposit_id);
}

static int shift_of_day(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, int64_t after,
                        struct cash_shift *out)
{
    struct statement *statement = take(context, SHIFT_OF_DAY);
    const int64_t values[] = { tenant_id, from_s, until_s, after };

    statement_bind_integers(statement, values, 4);
    return shift_row(statement, out);
}

static int loose_of_day(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, uint32_t after,
                        struct cash_loose *out)
{
    struct statement *statement = take(context, LOOSE_OF_DAY);
    const int64_t values[] = { tenant_id, from_s, until_s, after };
    int found;

    statement_bind_integers(statement, values, 4);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct cash_loose){ .cashier = (uint32_t)statement_integer(statement, 0),
                                .amount_fen = statement_integer(statement, 1) };
    statement_text(statement, 2, out->name, sizeof out->name);
    statement_end(statement);
    return 1;
}

static int day_sums(void *context, uint32_t tenant_id, int64_t from_s, int64_t until_s, struct cash_day *out)
{
    struct statement *statement = take(context, DAY_SUMS);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, from_s);
    statement_bind_integer(statement, 3, until_s);
    found = statement_row(statement);
    if (found != 1)
        return found < 0 ? found : STORE_ERR_STATEMENT;
    *out = (struct cash_day){
        .payments = statement_integer(statement, 0),
        .in_shifts = statement_integer(statement, 1),
        .taken_fen = statement_integer(statement, 2),
        .undone_fen = statement_integer(statement, 3),
        .ledger_fen = statement_integer(statement, 4),
    };
    statement_end(statement);
    return 0;
}

static const struct cash_store functions = {
    .shift_open_of = shift_open_of,
    .shift_read = shift_read,
    .shift_insert = shift_insert,
    .shift_update = shift_update,
    .shift_cash = shift_cash,
    .payment_read = payment_read,
    .payment_undone = payment_undone,
    .bill_paid_newest = bill_paid_newest,
    .undo_of_payment = undo_of_payment,
    .undo_read = undo_read,
    .undo_insert = undo_insert,
    .undo_update = undo_update,
    .shift_of_day = shift_of_day,
    .loose_of_day = loose_of_day,
    .day_sums = day_sums,
    .deposit_find_key = deposit_find_key,
    .deposit_insert = deposit_insert,
};

int cash_sql_open(struct store *store, struct cash_sql **out)
{
    struct cash_sql *sql = calloc(1, sizeof *sql);
    int error = sql != NULL ? statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT) : STORE_ERR_MEMORY;

    if (error < 0) {
        cash_sql_close(sql);
        return error;
    }
    sql->store = functions;
    sql->store.context = sql;
    *out = sql;
    return 0;
}

void cash_sql_close(struct cash_sql *sql)
{
    if (sql != NULL)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct cash_store *cash_sql_store(const struct cash_sql *sql)
{
    return &sql->store;
}
