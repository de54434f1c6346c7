/* Tables bank_mapping, bank_statement and bank_line. */
#include "store/sql/bank_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"
#include "store/store_error.h"

enum {
    MAPPING_READ, MAPPING_PUT, STATEMENT_INSERT, STATEMENT_READ, STATEMENT_UPDATE, STATEMENT_BOOKING, LINE_INSERT, LINE_READ,
    LINE_UPDATE, LINE_CHECKED, LINE_KNOWN, LINES_DROP, CUSTOMER_OF_NUMBER, CUSTOMER_OF_NAME, ACCOUNT_OF_BILL, ACCOUNT_OF_METER,
    ACCOUNT_OF_CUSTOMER, STATEMENT_COUNT
};

#define STATEMENT_COLUMNS \
    "SELECT statement_id, created_s, finished_s, lines, tenant_id, created_by, coalesce(booked_by, 0), state, bank, file_name" \
    " FROM bank_statement "

#define LINE_COLUMNS \
    "SELECT line_id, statement_id, amount_fen, coalesce(account_id, 0), coalesce(payment_id, 0), coalesce(transfer_id, 0)," \
    " assigned_s, row, tenant_id, coalesce(assigned_by, 0), verdict, state, bank, fingerprint, serial, happened, payer," \
    " payer_tail, remark, problem FROM bank_line "

static const char *const texts[STATEMENT_COUNT] = {
    [MAPPING_READ] = "SELECT amount, direction, incoming, serial, time, payer, payer_account, remark FROM bank_mapping"
        " WHERE tenant_id = ?1 AND bank = ?2",
    [MAPPING_PUT] = "INSERT OR REPLACE INTO bank_mapping (tenant_id, bank, amount, direction, incoming, serial, time, payer,"
        " payer_account, remark) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [STATEMENT_INSERT] = "INSERT INTO bank_statement (tenant_id, lines, created_by, created_s, bank, file_name, state)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'checked')",
    [STATEMENT_READ] = STATEMENT_COLUMNS "WHERE statement_id = ?1",
    [STATEMENT_UPDATE] = "UPDATE bank_statement SET finished_s = ?2, booked_by = nullif(?3, 0), state = ?4 WHERE statement_id = ?1",
    [STATEMENT_BOOKING] = STATEMENT_COLUMNS "WHERE state = 'booking' ORDER BY statement_id LIMIT 1",
    [LINE_INSERT] = "INSERT INTO bank_line (statement_id, tenant_id, row, amount_fen, account_id, bank, verdict, fingerprint,"
        " serial, happened, payer, payer_tail, remark, problem, state) VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12, ?13, ?14, 'checked')",
    [LINE_READ] = LINE_COLUMNS "WHERE line_id = ?1",
    [LINE_UPDATE] = "UPDATE bank_line SET account_id = nullif(?2, 0), payment_id = nullif(?3, 0), transfer_id = nullif(?4, 0),"
        " assigned_s = ?5, assigned_by = nullif(?6, 0), verdict = ?7, state = ?8, problem = ?9 WHERE line_id = ?1",
    [LINE_CHECKED] = LINE_COLUMNS "WHERE statement_id = ?1 AND state = 'checked' ORDER BY line_id LIMIT 1",
    [LINE_KNOWN] = "SELECT 1 FROM bank_line WHERE tenant_id = ?1 AND bank = ?2 AND fingerprint = ?3"
        " AND state IN ('booked','suspense','assigned','returned')",
    [LINES_DROP] = "DELETE FROM bank_line WHERE statement_id = ?1 AND state = 'checked'",
    [CUSTOMER_OF_NUMBER] = "SELECT customer_id FROM customer WHERE tenant_id = ?1 AND number = ?2",
    [CUSTOMER_OF_NAME] = "SELECT customer_id FROM customer WHERE tenant_id = ?1 AND name = ?2 AND customer_id > ?3"
        " ORDER BY customer_id LIMIT 1",
    [ACCOUNT_OF_BILL] = "SELECT account_id FROM bill WHERE tenant_id = ?1 AND bill_id = ?2 AND number = ?3",
    [ACCOUNT_OF_METER] = "SELECT k.account_id FROM device d INDEXED BY device_by_meter_tail CROSS JOIN account k"
        " ON k.device_id = d.device_id WHERE d.tenant_id = ?1 AND substr(d.meter_number, -4) = substr(?2, -4)"
        " AND d.meter_number = ?2 AND k.closed_s IS NULL LIMIT 1",
    [ACCOUNT_OF_CUSTOMER] = "SELECT account_id FROM account WHERE customer_id = ?1 AND account_id > ?2 AND closed_s IS NULL"
        " ORDER BY account_id LIMIT 1",
};

struct bank_sql {
    struct statement_table table;
    struct bank_store store;
};

static struct statement *take(void *context, size_t index)
{
    struct bank_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int mapping_read(void *context, uint32_t tenant_id, const char *bank, struct bank_mapping *out)
{
    struct statement *statement = take(context, MAPPING_READ);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, bank);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct bank_mapping){ .tenant_id = tenant_id };
    char *const members[] = { out->amount, out->direction, out->incoming, out->serial, out->time, out->payer,
        out->payer_account, out->remark };
    for (int i = 0; i < 8; i++)
        statement_text(statement, i, members[i], BANK_COLUMN_SIZE);
    statement_end(statement);
    return 1;
}

static int mapping_put(void *context, const struct bank_mapping *row)
{
    struct statement *statement = take(context, MAPPING_PUT);
    const char *const members[] = { row->bank, row->amount, row->direction, row->incoming, row->serial, row->time,
        row->payer, row->payer_account, row->remark };

    statement_bind_integer(statement, 1, row->tenant_id);
    for (int i = 0; i < 9; i++)
        statement_bind_text(statement, i + 2, members[i]);
    return statement_change(statement);
}

static int statement_insert(void *context, struct bank_statement *row)
{
    struct statement *statement = take(context, STATEMENT_INSERT);
    const int64_t values[] = { row->tenant_id, row->lines, row->created_by, row->created_s };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, row->bank);
    statement_bind_text(statement, 6, row->file_name);
    return statement_run_insert(statement, &row->statement_id);
}

static int statement_take_row(struct statement *statement, struct bank_statement *out)
{
    char state[16];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct bank_statement){
        .statement_id = statement_integer(statement, 0),
        .created_s = statement_integer(statement, 1),
        .finished_s = statement_integer(statement, 2),
        .lines = statement_int(statement, 3),
        .tenant_id = (uint32_t)statement_integer(statement, 4),
        .created_by = (uint32_t)statement_integer(statement, 5),
        .booked_by = (uint32_t)statement_integer(statement, 6),
    };
    statement_text(statement, 7, state, sizeof state);
    out->state = (uint8_t)bank_statement_state_of_name(state);
    statement_text(statement, 8, out->bank, sizeof out->bank);
    statement_text(statement, 9, out->file_name, sizeof out->file_name);
    statement_end(statement);
    return 1;
}

static int statement_read(void *context, int64_t statement_id, struct bank_statement *out)
{
    struct statement *statement = take(context, STATEMENT_READ);

    statement_bind_integer(statement, 1, statement_id);
    return statement_take_row(statement, out);
}

static int statement_update(void *context, const struct bank_statement *row)
{
    struct statement *statement = take(context, STATEMENT_UPDATE);
    const int64_t values[] = { row->statement_id, row->finished_s, row->booked_by };

    statement_bind_integers(statement, values, 3);
    statement_bind_text(statement, 4, bank_statement_state_name(row->state));
    return statement_change(statement);
}

static int statement_booking(void *context, struct bank_statement *out)
{
    return statement_take_row(take(context, STATEMENT_BOOKING), out);
}

static int line_insert(void *context, struct bank_line *row)
{
    struct statement *statement = take(context, LINE_INSERT);
    const int64_t values[] = { row->statement_id, row->tenant_id, row->row, row->amount_fen, row->account_id };
    const char *const words[] = { row->bank, bank_verdict_name(row->verdict), row->fingerprint, row->serial, row->happened,
        row->payer, row->payer_tail, row->remark, row->problem };

    statement_bind_integers(statement, values, 5);
    for (int i = 0; i < 9; i++)
        statement_bind_text(statement, i + 6, words[i]);
    return statement_run_insert(statement, &row->line_id);
}

static int line_take_row(struct statement *statement, struct bank_line *out)
{
    char word[16];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct bank_line){
        .line_id = statement_integer(statement, 0),
        .statement_id = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .account_id = statement_integer(statement, 3),
        .payment_id = statement_integer(statement, 4),
        .transfer_id = statement_integer(statement, 5),
        .assigned_s = statement_integer(statement, 6),
        .row = statement_int(statement, 7),
        .tenant_id = (uint32_t)statement_integer(statement, 8),
        .assigned_by = (uint32_t)statement_integer(statement, 9),
    };
    statement_text(statement, 10, word, sizeof word);
    out->verdict = (uint8_t)bank_verdict_of_name(word);
    statement_text(statement, 11, word, sizeof word);
    out->state = (uint8_t)bank_line_state_of_name(word);
    statement_text(statement, 12, out->bank, sizeof out->bank);
    statement_text(statement, 13, out->fingerprint, sizeof out->fingerprint);
    statement_text(statement, 14, out->serial, sizeof out->serial);
    statement_text(statement, 15, out->happened, sizeof out->happened);
    statement_text(statement, 16, out->payer, sizeof out->payer);
    statement_text(statement, 17, out->payer_tail, sizeof out->payer_tail);
    statement_text(statement, 18, out->remark, sizeof out->remark);
    statement_text(statement, 19, out->problem, sizeof out->problem);
    statement_end(statement);
    return 1;
}

static int line_read(void *context, int64_t line_id, struct bank_line *out)
{
    struct statement *statement = take(context, LINE_READ);

    statement_bind_integer(statement, 1, line_id);
    return line_take_row(statement, out);
}

static int line_update(void *context, const struct bank_line *row)
{
    struct statement *statement = take(context, LINE_UPDATE);
    const int64_t values[] = { row->line_id, row->account_id, row->payment_id, row->transfer_id, row->assigned_s,
        row->assigned_by };

    statement_bind_integers(statement, values, 6);
    statement_bind_text(statement, 7, bank_verdict_name(row->verdict));
    statement_bind_text(statement, 8, bank_line_state_name(row->state));
    statement_bind_text(statement, 9, row->problem);
    return statement_change(statement);
}

static int line_checked(void *context, int64_t statement_id, struct bank_line *out)
{
    struct statement *statement = take(context, LINE_CHECKED);

    statement_bind_integer(statement, 1, statement_id);
    return line_take_row(statement, out);
}

/* 1 and the number in the only column; 0 no row. */
static int number_take(struct statement *statement, int64_t *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

static int line_known(void *context, uint32_t tenant_id, const char *bank, const char *fingerprint)
{
    struct statement *statement = take(context, LINE_KNOWN);
    int64_t one;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, bank);
    statement_bind_text(statement, 3, fingerprint);
    return number_take(statement, &one);
}

static int lines_drop(void *context, int64_t statement_id)
{
    struct statement *statement = take(context, LINES_DROP);

    statement_bind_integer(statement, 1, statement_id);
    return statement_change(statement);
}

static int by_text(void *context, size_t index, uint32_t tenant_id, const char *text, int64_t *identifier)
{
    struct statement *statement = take(context, index);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, text);
    return number_take(statement, identifier);
}

static int customer_of_number(void *context, uint32_t tenant_id, const char *number, int64_t *customer_id)
{
    return by_text(context, CUSTOMER_OF_NUMBER, tenant_id, number, customer_id);
}

static int account_of_meter(void *context, uint32_t tenant_id, const char *number, int64_t *account_id)
{
    return by_text(context, ACCOUNT_OF_METER, tenant_id, number, account_id);
}

static int customer_of_name(void *context, uint32_t tenant_id, const char *name, int64_t after, int64_t *customer_id)
{
    struct statement *statement = take(context, CUSTOMER_OF_NAME);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, name);
    statement_bind_integer(statement, 3, after);
    return number_take(statement, customer_id);
}

/* "B20260601-000001" ends with the bill's identifier. */
static int account_of_bill(void *context, uint32_t tenant_id, const char *number, int64_t *account_id)
{
    struct statement *statement;
    const char *dash = number;

    for (const char *at = number; *at != '\0'; at++)
        dash = *at == '-' ? at + 1 : dash;
    if (number[0] != 'B' || dash == number)
        return 0;
    statement = take(context, ACCOUNT_OF_BILL);
    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, strtoll(dash, NULL, 10));
    statement_bind_text(statement, 3, number);
    return number_take(statement, account_id);
}

static int account_of_customer(void *context, int64_t customer_id, int64_t after, int64_t *account_id)
{
    struct statement *statement = take(context, ACCOUNT_OF_CUSTOMER);

    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, after);
    return number_take(statement, account_id);
}

static const struct bank_store functions = {
    .mapping_read = mapping_read,
    .mapping_put = mapping_put,
    .statement_insert = statement_insert,
    .statement_read = statement_read,
    .statement_update = statement_update,
    .statement_booking = statement_booking,
    .line_insert = line_insert,
    .line_read = line_read,
    .line_update = line_update,
    .line_checked = line_checked,
    .line_known = line_known,
    .lines_drop = lines_drop,
    .customer_of_number = customer_of_number,
    .customer_of_name = customer_of_name,
    .account_of_bill = account_of_bill,
    .account_of_meter = account_of_meter,
    .account_of_customer = account_of_customer,
};

int bank_sql_open(struct store *store, struct bank_sql **out)
{
    struct bank_sql *sql = calloc(1, sizeof *sql);
    int error = sql != NULL ? statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT) : STORE_ERR_MEMORY;

    if (error < 0) {
        bank_sql_close(sql);
        return error;
    }
    sql->store = functions;
    sql->store.context = sql;
    *out = sql;
    return 0;
}

void bank_sql_close(struct bank_sql *sql)
{
    if (sql != NULL)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct bank_store *bank_sql_store(const struct bank_sql *sql)
{
    return &sql->store;
}
