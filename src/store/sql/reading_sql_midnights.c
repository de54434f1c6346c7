/* Table midnight_block, and the rows of daily_reading that go into blocks. */
#include <string.h>

#include "store/cut_text.h"
#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"

enum { ROWS, ROWS_DELETE, BLOCK_READ, BLOCK_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    /* One look into the key for each day that has rows, then neighbours. */
    [ROWS] =
        CUT_OR_WHOLE("WITH days(day) AS MATERIALIZED (SELECT day FROM midnight_days_before(?3) AS l(day))",
        "WITH RECURSIVE days(day) AS (SELECT min(day) FROM daily_reading UNION ALL"
        " SELECT (SELECT min(n.day) FROM daily_reading n WHERE n.day > days.day) FROM days WHERE days.day < ?3)")
        "SELECT r.day, r.device_id, r.register_value, r.total_value, r.quality, r.received_s, r.multiplier_e3 FROM days"
        " CROSS JOIN daily_reading r ON r.day = days.day AND r.device_id > ?1 AND r.device_id <= ?2"
        " WHERE days.day < ?3 LIMIT ?4",
    [ROWS_DELETE] = "DELETE FROM daily_reading WHERE (day, device_id) IN (SELECT v0, v1 FROM given_rows(?1))",
    [BLOCK_READ] = "SELECT registers, totals, ratios, arrivals FROM midnight_block WHERE stretch = ? AND device_id = ?",
    [BLOCK_WRITE] =
        "INSERT INTO midnight_block (stretch, device_id, registers, totals, ratios, arrivals)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (stretch, device_id) DO UPDATE SET registers = ?3, totals = ?4, ratios = ?5, arrivals = ?6",
};

static const struct given_column key_columns[] = {
    { offsetof(struct midnight_row, day.day), GIVEN_INT32, NULL },
    { offsetof(struct midnight_row, device_id), GIVEN_UINT32, NULL },
};

static void row_take(struct statement *query, struct midnight_row *row)
{
    row->device_id = (uint32_t)statement_integer(query, 1);
    row->day = (struct reading_day){
        .day = statement_int(query, 0),
        .register_value = statement_integer(query, 2),
        .total_value = statement_integer(query, 3),
        .quality = statement_int(query, 4),
        .received_s = statement_integer(query, 5),
        .multiplier_e3 = statement_integer(query, 6),
    };
}

static int midnights_old(void *context, uint32_t after, uint32_t last, int32_t before_day, struct midnight_row *rows,
                         int limit)
{
    struct reading_sql *sql = context;
    int count = 0;
    int found = reading_sql_days_settle(sql);

    if (found < 0)
        return found;
    struct statement *query = statement_take(&sql->midnights, ROWS);
    statement_bind_integers(query, (const int64_t[]){ after, last, before_day, limit }, 4);
    while (count < limit && (found = statement_row(query)) == 1)
        row_take(query, &rows[count++]);
    if (count == limit) {
        statement_end(query);
        return count;
    }
    return found < 0 ? found : count;
}

static int midnights_delete(void *context, const struct midnight_row *rows, size_t count)
{
    struct reading_sql *sql = context;
    struct statement *remove = statement_take(&sql->midnights, ROWS_DELETE);

    given_rows_bind(remove, 1, &(struct given_rows){ .first = rows, .size = sizeof rows[0], .count = count,
                                                     .columns = key_columns,
                                                     .column_count = sizeof key_columns / sizeof key_columns[0] });
    return statement_change(remove);
}

static int midnight_block_read(void *context, struct midnight_block *block)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->midnights, BLOCK_READ);

    statement_bind_integers(query, (const int64_t[]){ block->stretch, block->device_id }, 2);
    int found = statement_row(query);
    if (found != 1)
        return found;
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        block->sizes[part] = reading_sql_block_take(query, part, block->parts[part], sizeof block->parts[part]);
    statement_end(query);
    return 1;
}

static int midnight_block_write(void *context, const struct midnight_block *block)
{
    struct reading_sql *sql = context;
    struct statement *write = statement_take(&sql->midnights, BLOCK_WRITE);

    statement_bind_integers(write, (const int64_t[]){ block->stretch, block->device_id }, 2);
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        statement_bind_bytes(write, 3 + part, block->parts[part], block->sizes[part]);
    return statement_change(write);
}

int reading_sql_midnights_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->midnights, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sql->store.midnights_old = midnights_old;
    sql->store.midnights_delete = midnights_delete;
    sql->store.midnight_block_read = midnight_block_read;
    sql->store.midnight_block_write = midnight_block_write;
    return 0;
}
