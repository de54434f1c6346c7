#include "store/sql/unit_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "reading/reading_store.h"
#include "store/statement_table.h"
#include "store/store_error.h"

enum {
    BOOK_READ, BOOK_WRITE, PURCHASE_INSERT, OF_COMMAND, TAKE_BACK, MOVE_UP, PURCHASE_AT, ITEMS_READ, METER_SHOWN,
    METER_PENDING, PUT_BACK, CARRY_INSERT, CARRY_OPEN, CARRY_UPDATE, FAILED_NEXT, STATEMENT_COUNT
};

#define PURCHASE_COLUMNS \
    "SELECT unit_purchase_id, account_id, command_id, transfer_id, at_s, value, from_value, cost_fen, wallet_fen," \
    " tariff_version_id, cycle_before_value, cycle_start_day, taken_back FROM unit_purchase"

static const char *const texts[STATEMENT_COUNT] = {
    [BOOK_READ] = "SELECT bought_value, used_value, charged_value FROM account_units WHERE account_id = ?1",
    [BOOK_WRITE] = "INSERT INTO account_units (account_id, bought_value, used_value, charged_value) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (account_id) DO UPDATE SET bought_value = ?2, used_value = ?3, charged_value = ?4",
    [PURCHASE_INSERT] = "INSERT INTO unit_purchase (account_id, command_id, transfer_id, at_s, value, from_value, cost_fen,"
        " wallet_fen, tariff_version_id, cycle_before_value, cycle_start_day, lines) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12)",
    [OF_COMMAND] = PURCHASE_COLUMNS " WHERE command_id = ?1 AND command_id > 0",
    [TAKE_BACK] = "UPDATE unit_purchase SET taken_back = 1 WHERE unit_purchase_id = ?1",
    [MOVE_UP] = "UPDATE unit_purchase SET from_value = from_value - ?2 WHERE account_id = ?1 AND from_value > ?3"
        " AND taken_back = 0",
    [PURCHASE_AT] = PURCHASE_COLUMNS " WHERE account_id = ?1 AND from_value <= ?2 AND from_value + value > ?2"
        " AND taken_back = 0 ORDER BY from_value DESC LIMIT 1",
    [ITEMS_READ] = "SELECT item, amount_fen FROM unit_purchase_line WHERE unit_purchase_id = ?1 AND amount_fen <> 0"
        " ORDER BY line LIMIT ?2",
    [METER_SHOWN] = "SELECT value, time_s FROM register_reading WHERE device_id = ?1 AND channel = ?2 AND period = 0"
        " ORDER BY time_s DESC LIMIT 1",
    [METER_PENDING] = "SELECT coalesce(sum(value), 0) FROM command WHERE device_id = ?1 AND kind = 'recharge'"
        " AND finished_s IS NULL",
    [PUT_BACK] = "UPDATE unit_purchase SET taken_back = 0, from_value = ?2 WHERE unit_purchase_id = ?1",
    [CARRY_INSERT] = "INSERT INTO unit_carry (account_id, from_device_id, to_device_id, at_s, end_total_value, value, worth_fen,"
        " shown_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, -1))",
    [CARRY_OPEN] = "SELECT unit_carry_id, account_id, from_device_id, to_device_id, at_s, end_total_value, value, worth_fen,"
        " coalesce(shown_value, -1), command_id FROM unit_carry WHERE account_id = ?1 AND done_s IS NULL ORDER BY unit_carry_id LIMIT 1",
    [CARRY_UPDATE] = "UPDATE unit_carry SET command_id = ?2, done_s = nullif(?3, 0) WHERE unit_carry_id = ?1",
    [FAILED_NEXT] = "SELECT command_id FROM command WHERE device_id = ?1 AND command_id > ?3 AND kind = 'recharge'"
        " AND requested_s >= ?2 AND (state = 'failed' OR (state IN ('expired', 'cancelled') AND tries = 0))"
        " ORDER BY command_id LIMIT 1",
};

struct unit_sql {
    struct statement_table table;
    struct billing_unit_store store;
};

static struct statement *take(void *context, size_t index)
{
    struct unit_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int run(void *context, size_t index, const int64_t values[], int count)
{
    struct statement *statement = take(context, index);
    int changed;

    statement_bind_integers(statement, values, count);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int book_read(void *context, int64_t account_id, struct billing_unit_book *out)
{
    struct statement *statement = take(context, BOOK_READ);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_unit_book){ account_id, statement_integer(statement, 0), statement_integer(statement, 1),
                                       statement_integer(statement, 2) };
    statement_end(statement);
    return 1;
}

static int book_write(void *context, const struct billing_unit_book *book)
{
    return run(context, BOOK_WRITE,
               (const int64_t[]){ book->account_id, book->bought_value, book->used_value, book->charged_value }, 4);
}

static int purchase_insert(void *context, struct billing_unit_purchase *row, struct span lines)
{
    struct unit_sql *sql = context;
    struct statement *statement = take(context, PURCHASE_INSERT);
    const int64_t values[] = { row->account_id, row->command_id, row->transfer_id, row->at_s, row->value, row->from_value,
                               row->cost_fen, row->wallet_fen, row->tariff_version_id, row->cycle_before_value,
                               row->cycle_start_day };
    int changed;

    statement_bind_integers(statement, values, 11);
    statement_bind_span(statement, 12, lines);
    changed = statement_run(statement);
    if (changed < 0)
        return changed;
    row->unit_purchase_id = store_last_identifier(sql->table.store);
    return 0;
}

static int purchase_row(struct statement *statement, struct billing_unit_purchase *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct billing_unit_purchase){
        .unit_purchase_id = statement_integer(statement, 0),
        .account_id = statement_integer(statement, 1),
        .command_id = statement_integer(statement, 2),
        .transfer_id = statement_integer(statement, 3),
        .at_s = statement_integer(statement, 4),
        .value = statement_integer(statement, 5),
        .from_value = statement_integer(statement, 6),
        .cost_fen = statement_integer(statement, 7),
        .wallet_fen = statement_integer(statement, 8),
        .tariff_version_id = statement_integer(statement, 9),
        .cycle_before_value = statement_integer(statement, 10),
        .cycle_start_day = statement_integer(statement, 11),
        .taken_back = statement_int(statement, 12) != 0,
    };
    statement_end(statement);
    return 1;
}

static int purchase_of_command(void *context, int64_t command_id, struct billing_unit_purchase *out)
{
    struct statement *statement = take(context, OF_COMMAND);

    statement_bind_integer(statement, 1, command_id);
    return purchase_row(statement, out);
}

static int purchase_take_back(void *context, const struct billing_unit_purchase *row)
{
    int error = run(context, TAKE_BACK, &row->unit_purchase_id, 1);

    return error < 0 ? error : run(context, MOVE_UP, (const int64_t[]){ row->account_id, row->value, row->from_value }, 3);
}

static int purchase_put_back(void *context, const struct billing_unit_purchase *row)
{
    return run(context, PUT_BACK, (const int64_t[]){ row->unit_purchase_id, row->from_value }, 2);
}

static int carry_insert(void *context, struct billing_unit_carry *row)
{
    struct unit_sql *sql = context;
    int error = run(context, CARRY_INSERT,
                    (const int64_t[]){ row->account_id, row->from_device_id, row->to_device_id, row->at_s,
                                       row->end_total_value, row->value, row->worth_fen, row->shown_value }, 8);

    if (error == 0)
        row->unit_carry_id = store_last_identifier(sql->table.store);
    return error;
}

static int carry_open(void *context, int64_t account_id, struct billing_unit_carry *out)
{
    struct statement *statement = take(context, CARRY_OPEN);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_unit_carry){
        .unit_carry_id = statement_integer(statement, 0),
        .account_id = statement_integer(statement, 1),
        .from_device_id = (uint32_t)statement_integer(statement, 2),
        .to_device_id = (uint32_t)statement_integer(statement, 3),
        .at_s = statement_integer(statement, 4),
        .end_total_value = statement_integer(statement, 5),
        .value = statement_integer(statement, 6),
        .worth_fen = statement_integer(statement, 7),
        .shown_value = statement_integer(statement, 8),
        .command_id = statement_integer(statement, 9),
    };
    statement_end(statement);
    return 1;
}

static int carry_update(void *context, const struct billing_unit_carry *row)
{
    return run(context, CARRY_UPDATE, (const int64_t[]){ row->unit_carry_id, row->command_id, row->done_s }, 3);
}

static int recharge_failed_next(void *context, uint32_t device_id, int64_t since_s, int64_t command_id, int64_t *out)
{
    struct statement *statement = take(context, FAILED_NEXT);
    int found;

    statement_bind_integers(statement, (const int64_t[]){ device_id, since_s, command_id }, 3);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

static int purchase_at(void *context, int64_t account_id, int64_t place_value, struct billing_unit_purchase *out)
{
    struct statement *statement = take(context, PURCHASE_AT);

    statement_bind_integers(statement, (const int64_t[]){ account_id, place_value }, 2);
    return purchase_row(statement, out);
}

static int items_read(void *context, int64_t unit_purchase_id, struct billing_bill_line *out, int32_t capacity)
{
    struct statement *statement = take(context, ITEMS_READ);
    int count = 0;
    int found;

    statement_bind_integers(statement, (const int64_t[]){ unit_purchase_id, capacity }, 2);
    while ((found = statement_row(statement)) == 1 && count < capacity) {
        memset(&out[count], 0, sizeof out[count]);
        statement_text(statement, 0, out[count].item, sizeof out[count].item);
        out[count++].amount_fen = statement_integer(statement, 1);
    }
    statement_end(statement);
    return found < 0 ? found : count;
}

static int shown_read(void *context, uint32_t device_id, enum quantity quantity, struct billing_meter_units *out)
{
    struct statement *statement = take(context, METER_SHOWN);
    int found;

    statement_bind_integers(statement, (const int64_t[]){ device_id, reading_register_channel(quantity, 0, 0) }, 2);
    found = statement_row(statement);
    if (found != 1)
        return found;
    out->value = statement_integer(statement, 0);
    out->shown_s = statement_integer(statement, 1);
    statement_end(statement);
    return 1;
}

static int meter_read(void *context, uint32_t device_id, struct billing_meter_units *out)
{
    struct statement *statement;
    struct billing_meter_units shown = { .shown_s = 0 };
    int found = shown_read(context, device_id, QUANTITY_BALANCE_ENERGY, &shown);

    if (found == 0)
        found = shown_read(context, device_id, QUANTITY_BALANCE_VOLUME, &shown);
    if (found < 0)
        return found;
    statement = take(context, METER_PENDING);
    statement_bind_integer(statement, 1, device_id);
    found = statement_row(statement);
    if (found < 0)
        return found;
    shown.pending_value = statement_integer(statement, 0);
    statement_end(statement);
    *out = shown;
    return 0;
}

int unit_sql_open(struct store *store, struct unit_sql **out)
{
    struct unit_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        unit_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_unit_store){
        .context = sql,
        .book_read = book_read,
        .book_write = book_write,
        .purchase_insert = purchase_insert,
        .purchase_of_command = purchase_of_command,
        .purchase_take_back = purchase_take_back,
        .purchase_put_back = purchase_put_back,
        .carry_insert = carry_insert,
        .carry_open = carry_open,
        .carry_update = carry_update,
        .recharge_failed_next = recharge_failed_next,
        .purchase_at = purchase_at,
        .items_read = items_read,
        .meter_read = meter_read,
    };
    *out = sql;
    return 0;
}

void unit_sql_close(struct unit_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_unit_store *unit_sql_store(const struct unit_sql *sql)
{
    return &sql->store;
}
