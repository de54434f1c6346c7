/* Table interval_standing. Where a statement waits for a server, rows are kept back and written some hundred in one. */
#include <stdlib.h>

#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_error.h"

#define KEPT_LIMIT 512

enum { STANDINGS, STANDING_WRITE, STANDINGS_WRITE, STATEMENT_COUNT };

#define ROW_CHANGE \
    " ON CONFLICT (device_id) DO UPDATE SET complete_days = excluded.complete_days, newest_day = excluded.newest_day," \
    " first_day = excluded.first_day, period_slots = excluded.period_slots"

static const char *const texts[STATEMENT_COUNT] = {
    [STANDINGS] = "SELECT device_id, complete_days, newest_day, first_day, period_slots FROM interval_standing"
                  " WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [STANDING_WRITE] =
        "INSERT INTO interval_standing (device_id, complete_days, newest_day, first_day, period_slots) VALUES (?, ?, ?, ?, ?)" ROW_CHANGE,
    [STANDINGS_WRITE] =
        "INSERT INTO interval_standing (device_id, complete_days, newest_day, first_day, period_slots)"
        " SELECT v0, v1, v2, v3, v4 FROM given_rows(?1) WHERE true" ROW_CHANGE,
};

struct standing_row {
    uint32_t device_id;
    uint32_t arrival;
    uint32_t complete_days;
    uint32_t newest_day;
    uint32_t first_day;
    uint32_t period_slots;
};

struct reading_standings {
    size_t count;
    struct standing_row rows[KEPT_LIMIT];
};

static const struct given_column columns[] = {
    { offsetof(struct standing_row, device_id), GIVEN_UINT32, NULL },
    { offsetof(struct standing_row, complete_days), GIVEN_UINT32, NULL },
    { offsetof(struct standing_row, newest_day), GIVEN_UINT32, NULL },
    { offsetof(struct standing_row, first_day), GIVEN_UINT32, NULL },
    { offsetof(struct standing_row, period_slots), GIVEN_UINT32, NULL },
};

static int row_order(const void *left, const void *right)
{
    const struct standing_row *a = left;
    const struct standing_row *b = right;

    if (a->device_id != b->device_id)
        return a->device_id < b->device_id ? -1 : 1;
    return (a->arrival > b->arrival) - (a->arrival < b->arrival);
}

/* One statement writes a row once: of a device's standings the last one stays. */
static size_t rows_unite(struct reading_standings *kept)
{
    size_t count = 0;

    qsort(kept->rows, kept->count, sizeof kept->rows[0], row_order);
    for (size_t i = 0; i < kept->count; i++) {
        count -= count > 0 && kept->rows[count - 1].device_id == kept->rows[i].device_id;
        kept->rows[count++] = kept->rows[i];
    }
    return count;
}

void reading_sql_standings_forget(struct reading_sql *sql)
{
    if (sql->standings_kept != NULL)
        sql->standings_kept->count = 0;
}

int reading_sql_standings_settle(struct reading_sql *sql)
{
    struct reading_standings *kept = sql->standings_kept;

    if (kept == NULL || kept->count == 0)
        return 0;
    struct given_rows given = { .first = kept->rows, .size = sizeof kept->rows[0], .count = rows_unite(kept), .columns = columns,
                                .column_count = sizeof columns / sizeof columns[0] };
    struct statement *write = statement_take(&sql->standings, STANDINGS_WRITE);
    kept->count = 0;
    given_rows_bind(write, 1, &given);
    return statement_change(write);
}

static int standings_walk(void *context, uint32_t first, uint32_t last,
                          int (*visit)(void *, uint32_t, const struct interval_standing *), void *visitor)
{
    struct reading_sql *sql = context;
    int found = reading_sql_standings_settle(sql);

    if (found != 0)
        return found;
    struct statement *rows = statement_take(&sql->standings, STANDINGS);
    statement_bind_integers(rows, (const int64_t[]){ first, last }, 2);
    while ((found = statement_row(rows)) == 1) {
        struct interval_standing standing = {
            .complete_days = (uint32_t)statement_integer(rows, 1), .newest_day = (uint16_t)statement_int(rows, 2),
            .first_day = (uint16_t)statement_int(rows, 3), .period_slots = (uint8_t)statement_int(rows, 4),
        };
        int answer = visit(visitor, (uint32_t)statement_integer(rows, 0), &standing);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int standing_keep(struct reading_sql *sql, uint32_t device_id, const struct interval_standing *standing)
{
    struct reading_standings *kept = sql->standings_kept;
    int error = kept->count == KEPT_LIMIT ? reading_sql_standings_settle(sql) : 0;

    if (error != 0)
        return error;
    kept->rows[kept->count] = (struct standing_row){ device_id, (uint32_t)kept->count, standing->complete_days, standing->newest_day,
                                                     standing->first_day, standing->period_slots };
    kept->count++;
    return 0;
}

static int standing_write(void *context, uint32_t device_id, const struct interval_standing *standing)
{
    struct reading_sql *sql = context;

    if (sql->standings_kept != NULL)
        return standing_keep(sql, device_id, standing);
    struct statement *write = statement_take(&sql->standings, STANDING_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ device_id, standing->complete_days, standing->newest_day,
                                               standing->first_day, standing->period_slots },
                            5);
    return statement_change(write);
}

int reading_sql_standings_open(struct reading_sql *sql, struct store *store)
{
    if (store_answers_late(store)) {
        sql->standings_kept = calloc(1, sizeof *sql->standings_kept);
        if (sql->standings_kept == NULL)
            return STORE_ERR_MEMORY;
    }
    sql->store.standings_walk = standings_walk;
    sql->store.standing_write = standing_write;
    return statement_table_prepare(&sql->standings, store, texts, STATEMENT_COUNT);
}

void reading_sql_standings_close(struct reading_sql *sql)
{
    statement_table_finalize(&sql->standings);
    free(sql->standings_kept);
    sql->standings_kept = NULL;
}
