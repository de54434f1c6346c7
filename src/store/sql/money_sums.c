#include "store/sql/money_sums.h"

#include <stdlib.h>

#include "store/sql/money_flow.h"
#include "store/statement_table.h"
#include "store/store_error.h"

enum { FOLD_READ, PART_CLEAR, PART_FILL, DAYS_ADD, MONTHS_ADD, FOLD_MOVE, BOOKS_READ, BOOKS_ADD, BOOKS_MOVE, STATEMENT_COUNT };

/* What one part of the transfers adds, found once for the sums of days and of months. */
#define PART_TABLE \
    "CREATE TEMP TABLE IF NOT EXISTS money_part (tenant_id INTEGER, area_id INTEGER, flow TEXT, day INTEGER, name TEXT," \
    " amount_fen INTEGER, transfers INTEGER)"
#define ADD_UP(table) " DO UPDATE SET amount_fen = " table ".amount_fen + excluded.amount_fen, transfers = " table ".transfers + excluded.transfers"

/* Each group counts for its area, for every area above, and (as 0) for the whole tenant. */
static const char *const texts[STATEMENT_COUNT] = {
    [FOLD_READ] = "SELECT transfer_id, coalesce((SELECT max(transfer_id) FROM transfer), 0) FROM money_fold",
    [PART_CLEAR] = "DELETE FROM temp.money_part",
    [PART_FILL] = "WITH RECURSIVE" MONEY_FLOWS_ABOVE("t.transfer_id > ?1 AND t.transfer_id <= ?2")
        " INSERT INTO temp.money_part SELECT tenant_id, at, flow, day, name, sum(amount_fen), sum(transfers) FROM ("
        "  SELECT flow.*, above.at AS at FROM flow CROSS JOIN above ON above.area_id = flow.area_id"
        "  UNION ALL SELECT flow.*, 0 FROM flow) GROUP BY 1, 2, 3, 4, 5",
    [DAYS_ADD] = "INSERT INTO money_day (tenant_id, area_id, flow, day, name, amount_fen, transfers)"
        " SELECT * FROM temp.money_part WHERE true ON CONFLICT (tenant_id, area_id, flow, day, name)" ADD_UP("money_day"),
    [MONTHS_ADD] = "INSERT INTO money_month (tenant_id, area_id, flow, month_day, name, amount_fen, transfers)"
        " SELECT tenant_id, area_id, flow, " MONEY_MONTH("day") ", name, sum(amount_fen), sum(transfers) FROM temp.money_part"
        " WHERE true GROUP BY 1, 2, 3, 4, 5 ON CONFLICT (tenant_id, area_id, flow, month_day, name)" ADD_UP("money_month"),
    [FOLD_MOVE] = "UPDATE money_fold SET transfer_id = ?1",
    [BOOKS_READ] = "SELECT transfer_id, coalesce((SELECT max(transfer_id) FROM transfer), 0) FROM book_fold",
    [BOOKS_ADD] = "WITH" BOOKED("t.transfer_id > ?1 AND t.transfer_id <= ?2")
        " INSERT INTO book_day (tenant_id, by_value, day, kind, name, debits_fen, credits_fen) SELECT * FROM (" BOOKED_DAYS ") d WHERE true"
        " ON CONFLICT (tenant_id, by_value, day, kind, name) DO UPDATE SET debits_fen = book_day.debits_fen + excluded.debits_fen,"
        " credits_fen = book_day.credits_fen + excluded.credits_fen",
    [BOOKS_MOVE] = "UPDATE book_fold SET transfer_id = ?1",
};

struct money_sums {
    struct statement_table table;
};

int money_sums_open(struct store *store, struct money_sums **out)
{
    struct money_sums *sums = calloc(1, sizeof *sums);
    int error;

    if (sums == NULL)
        return STORE_ERR_MEMORY;
    error = store_session(store, PART_TABLE);
    if (error == 0)
        error = statement_table_prepare(&sums->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sums);
        return error;
    }
    *out = sums;
    return 0;
}

void money_sums_close(struct money_sums *sums)
{
    if (sums != NULL)
        statement_table_finalize(&sums->table);
    free(sums);
}

static int folded_move(struct money_sums *sums, size_t move, int64_t to_id)
{
    struct statement *statement = statement_take(&sums->table, move);
    int changed;

    statement_bind_integer(statement, 1, to_id);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int span_run(struct money_sums *sums, size_t text, int64_t from_id, int64_t to_id)
{
    struct statement *statement = statement_take(&sums->table, text);

    statement_bind_integer(statement, 1, from_id);
    statement_bind_integer(statement, 2, to_id);
    return statement_change(statement);
}

static int part_add(struct money_sums *sums, int64_t from_id, int64_t to_id)
{
    int error = statement_change(statement_take(&sums->table, PART_CLEAR));

    if (error == 0)
        error = span_run(sums, PART_FILL, from_id, to_id);
    if (error == 0)
        error = statement_change(statement_take(&sums->table, DAYS_ADD));
    return error < 0 ? error : statement_change(statement_take(&sums->table, MONTHS_ADD));
}

static int books_add(struct money_sums *sums, int64_t from_id, int64_t to_id)
{
    return span_run(sums, BOOKS_ADD, from_id, to_id);
}

/* One kind of sums: `read` tells how far it is, `move` says it. */
static int fold(struct money_sums *sums, size_t read, size_t move, int (*add)(struct money_sums *, int64_t, int64_t), int64_t limit)
{
    struct statement *statement = statement_take(&sums->table, read);
    int64_t from_id, newest_id, to_id;
    int result = statement_row(statement);

    if (result != 1)
        return result;
    from_id = statement_integer(statement, 0);
    newest_id = statement_integer(statement, 1);
    statement_end(statement);
    if (newest_id <= from_id)
        return 0;
    to_id = newest_id - from_id > limit ? from_id + limit : newest_id;
    result = add(sums, from_id, to_id);
    if (result >= 0)
        result = folded_move(sums, move, to_id);
    return result < 0 ? result : to_id < newest_id;
}

int money_sums_fold(struct money_sums *sums, int64_t limit)
{
    int flows = fold(sums, FOLD_READ, FOLD_MOVE, part_add, limit);
    int books = flows < 0 ? flows : fold(sums, BOOKS_READ, BOOKS_MOVE, books_add, limit);

    return books < 0 ? books : flows == 1 || books == 1;
}
