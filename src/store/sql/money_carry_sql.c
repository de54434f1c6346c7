#include "store/sql/money_carry_sql.h"

#include <stdlib.h>
#include <string.h>

#include "store/statement_table.h"
#include "store/store_error.h"

enum { INSERT, UPDATE, READ, WAITING_SUM, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [INSERT] = "INSERT INTO money_carry (account_id, from_device_id, to_device_id, at_s, end_total_value, books_fen, shown_s,"
        " shown_fen, amount_fen, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), iif(?7 = 0, NULL, CAST(?8 AS INTEGER)), ?9, ?10)",
    [UPDATE] = "UPDATE money_carry SET amount_fen = ?2, state = ?3 WHERE money_carry_id = ?1",
    [READ] = "SELECT money_carry_id, account_id, from_device_id, to_device_id, at_s, end_total_value, books_fen,"
        " coalesce(shown_s, 0), coalesce(shown_fen, 0), amount_fen, state FROM money_carry WHERE money_carry_id = ?1",
    [WAITING_SUM] = "SELECT coalesce(sum(books_fen), 0), count(*) FROM money_carry WHERE account_id = ?1 AND state <> 'done'",
};

static const char *const states[MONEY_CARRY_STATE_COUNT] = {
    [MONEY_CARRY_ASKED] = "asked", [MONEY_CARRY_OPEN] = "open", [MONEY_CARRY_DONE] = "done",
};

struct money_carry_sql {
    struct statement_table table;
    struct billing_money_carry_store store;
};

static struct statement *bound(void *context, size_t index, const int64_t values[], int count)
{
    struct money_carry_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, index);

    statement_bind_integers(statement, values, count);
    return statement;
}

static int carry_insert(void *context, struct billing_money_carry *row)
{
    struct statement *statement = bound(context, INSERT, (const int64_t[]){ row->account_id, row->from_device_id,
        row->to_device_id, row->at_s, row->end_total_value, row->books_fen, row->shown_s, row->shown_fen, row->amount_fen }, 9);

    statement_bind_text(statement, 10, states[row->state]);
    return statement_run_insert(statement, &row->money_carry_id);
}

static int carry_update(void *context, const struct billing_money_carry *row)
{
    struct statement *statement = bound(context, UPDATE, (const int64_t[]){ row->money_carry_id, row->amount_fen }, 2);

    statement_bind_text(statement, 3, states[row->state]);
    return statement_change(statement);
}

static uint8_t state_of_name(const char *name)
{
    uint8_t state = MONEY_CARRY_ASKED;

    while (state < MONEY_CARRY_DONE && strcmp(states[state], name) != 0)
        state++;
    return state;
}

static int carry_read(void *context, int64_t money_carry_id, struct billing_money_carry *out)
{
    struct statement *statement = bound(context, READ, &money_carry_id, 1);
    int found = statement_row(statement);
    char state[12];

    if (found != 1)
        return found;
    statement_text(statement, 10, state, sizeof state);
    *out = (struct billing_money_carry){ .money_carry_id = statement_integer(statement, 0),
                                         .account_id = statement_integer(statement, 1),
                                         .from_device_id = (uint32_t)statement_integer(statement, 2),
                                         .to_device_id = (uint32_t)statement_integer(statement, 3),
                                         .at_s = statement_integer(statement, 4),
                                         .end_total_value = statement_integer(statement, 5),
                                         .books_fen = statement_integer(statement, 6),
                                         .shown_s = statement_integer(statement, 7),
                                         .shown_fen = statement_integer(statement, 8),
                                         .amount_fen = statement_integer(statement, 9), .state = state_of_name(state) };
    statement_end(statement);
    return 1;
}

static int waiting_sum(void *context, int64_t account_id, int64_t *books_fen, int64_t *count)
{
    struct statement *statement = bound(context, WAITING_SUM, &account_id, 1);
    int found = statement_row(statement);

    if (found < 0)
        return found;
    *books_fen = statement_integer(statement, 0);
    *count = statement_integer(statement, 1);
    statement_end(statement);
    return 0;
}

int money_carry_sql_open(struct store *store, struct money_carry_sql **out)
{
    struct money_carry_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        money_carry_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_money_carry_store){ sql, carry_insert, carry_update, carry_read, waiting_sum };
    *out = sql;
    return 0;
}

void money_carry_sql_close(struct money_carry_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_money_carry_store *money_carry_sql_store(const struct money_carry_sql *sql)
{
    return &sql->store;
}
