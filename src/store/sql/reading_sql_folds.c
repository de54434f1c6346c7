/* Table interval_block, and the rows of interval_day that go into blocks. */
#include <string.h>

#include "store/cut_text.h"
#include "store/sql/reading_sql_internal.h"

enum { ROWS, ROW_DELETE, FOLD_READ, FOLD_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    /* One look into the key for each day that has rows, then neighbours. */
    [ROWS] =
        CUT_OR_WHOLE("WITH days(day) AS MATERIALIZED (SELECT day FROM interval_days_before(?3) AS l(day))",
        "WITH RECURSIVE days(day) AS (SELECT min(day) FROM interval_day UNION ALL"
        " SELECT (SELECT min(n.day) FROM interval_day n WHERE n.day > days.day) FROM days WHERE days.day < ?3)")
        "SELECT i.day, i.device_id, i.channel, i.scale_e3, i.received_s, i.block FROM days"
        " CROSS JOIN interval_day i ON i.day = days.day AND i.device_id > ?1 AND i.device_id <= ?2"
        " WHERE days.day < ?3 ORDER BY i.device_id, i.channel, i.day LIMIT ?4",
    [ROW_DELETE] = "DELETE FROM interval_day WHERE day = ? AND device_id = ? AND channel = ?",
    [FOLD_READ] =
        "SELECT scale_e3, received_s, block FROM interval_block WHERE stretch = ? AND device_id = ? AND channel = ?",
    [FOLD_WRITE] =
        "INSERT INTO interval_block (stretch, device_id, channel, scale_e3, received_s, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (stretch, device_id, channel) DO UPDATE SET scale_e3 = ?4,"
        " received_s = ?5, block = ?6",
};

size_t reading_sql_block_take(struct statement *row, int column, uint8_t *bytes, size_t capacity)
{
    struct span found = statement_bytes(row, column);
    size_t size = found.size <= capacity ? found.size : 0;

    if (size > 0)
        memcpy(bytes, found.bytes, size);
    return size;
}

static void row_take(struct statement *query, struct interval_row *row)
{
    row->day = statement_int(query, 0);
    row->device_id = (uint32_t)statement_integer(query, 1);
    row->channel = (uint32_t)statement_integer(query, 2);
    row->scale_e3 = statement_integer(query, 3);
    row->received_s = statement_integer(query, 4);
    row->block_size = reading_sql_block_take(query, 5, row->block, sizeof row->block);
}

static int interval_rows(void *context, uint32_t after, uint32_t last, int32_t before_day, struct interval_row *rows,
                         int limit)
{
    struct reading_sql *sql = context;
    int count = 0;
    int found = reading_sql_intervals_settle(sql);

    if (found < 0)
        return found;
    struct statement *query = statement_take(&sql->folds, ROWS);
    statement_bind_integers(query, (const int64_t[]){ after, last, before_day, limit }, 4);
    while (count < limit && (found = statement_row(query)) == 1)
        row_take(query, &rows[count++]);
    if (count == limit) {
        statement_end(query);
        return count;
    }
    return found < 0 ? found : count;
}

static int interval_delete(void *context, const struct interval_row *row)
{
    struct reading_sql *sql = context;
    int error = reading_sql_intervals_settle(sql);

    if (error < 0)
        return error;
    struct statement *remove = statement_take(&sql->folds, ROW_DELETE);
    statement_bind_integers(remove, (const int64_t[]){ row->day, row->device_id, row->channel }, 3);
    return statement_change(remove);
}

static int interval_fold_read(void *context, struct interval_fold *fold)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->folds, FOLD_READ);

    statement_bind_integers(query, (const int64_t[]){ fold->stretch, fold->device_id, fold->channel }, 3);
    int found = statement_row(query);
    if (found != 1)
        return found;
    fold->scale_e3 = statement_integer(query, 0);
    fold->received_s = statement_integer(query, 1);
    fold->block_size = reading_sql_block_take(query, 2, fold->block, sizeof fold->block);
    statement_end(query);
    return 1;
}

static int interval_fold_write(void *context, const struct interval_fold *fold)
{
    struct reading_sql *sql = context;
    struct statement *write = statement_take(&sql->folds, FOLD_WRITE);

    statement_bind_integers(
        write, (const int64_t[]){ fold->stretch, fold->device_id, fold->channel, fold->scale_e3, fold->received_s }, 5);
    statement_bind_bytes(write, 6, fold->block, fold->block_size);
    return statement_change(write);
}

int reading_sql_folds_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->folds, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sql->store.interval_rows = interval_rows;
    sql->store.interval_delete = interval_delete;
    sql->store.interval_fold_read = interval_fold_read;
    sql->store.interval_fold_write = interval_fold_write;
    return 0;
}
