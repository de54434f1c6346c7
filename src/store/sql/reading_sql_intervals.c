/* Tables interval_day and interval_standing. Where a statement waits for a server, days are kept back and written some hundred in one;
 * what is kept back is read here and not there. */
#include <stdlib.h>
#include <string.h>

#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_error.h"

#define KEPT_LIMIT 256
#define SLOTS 1024 /* a power of two */

enum { INTERVAL_READ, INTERVAL_WRITE, INTERVALS_WRITE, STANDINGS, STANDING_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [INTERVAL_READ] =
        "SELECT missing, refused, sum_state, scale_e3, received_s, block FROM interval_day"
        " WHERE day = ? AND device_id = ? AND channel = ?",
    [INTERVAL_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (day, device_id, channel) DO UPDATE SET missing = ?4,"
        " refused = ?5, sum_state = ?6, scale_e3 = ?7, received_s = ?8, block = ?9",
    [INTERVALS_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8 FROM given_rows(?1) WHERE true ON CONFLICT (day, device_id, channel)"
        " DO UPDATE SET missing = excluded.missing, refused = excluded.refused, sum_state = excluded.sum_state,"
        " scale_e3 = excluded.scale_e3, received_s = excluded.received_s, block = excluded.block",
    [STANDINGS] = "SELECT device_id, complete_days, newest_day, first_day, period_slots FROM interval_standing"
                  " WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [STANDING_WRITE] =
        "INSERT INTO interval_standing (device_id, complete_days, newest_day, first_day, period_slots)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device_id) DO UPDATE SET complete_days = ?2, newest_day = ?3,"
        " first_day = ?4, period_slots = ?5",
};

struct kept_day {
    struct interval_row row;
    uint32_t missing;
    uint32_t refused;
    uint32_t sum;
    struct span block;
};

struct reading_intervals {
    size_t count;
    uint16_t slots[SLOTS]; /* of a key: where its day is, counted from 1; 0: none */
    struct kept_day days[KEPT_LIMIT];
};

static const struct given_column day_columns[] = {
    { offsetof(struct kept_day, row.day), GIVEN_INT32, NULL },
    { offsetof(struct kept_day, row.device_id), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, row.channel), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, missing), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, refused), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, sum), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, row.scale_e3), GIVEN_INT64, NULL },
    { offsetof(struct kept_day, row.received_s), GIVEN_INT64, NULL },
    { offsetof(struct kept_day, block), GIVEN_BYTES, NULL },
};

/* The slot of the key: its own, or the free one where it would be. There are more slots than days. */
static uint16_t *slot_find(struct reading_intervals *kept, const struct interval_row *key)
{
    uint64_t mixed = ((uint64_t)key->device_id << 32 | key->channel) * UINT64_C(0x9e3779b97f4a7c15) + (uint32_t)key->day;

    for (size_t at = (mixed * UINT64_C(0x9e3779b97f4a7c15)) >> 54;; at = (at + 1) % SLOTS) {
        const struct interval_row *row = &kept->days[kept->slots[at] - (kept->slots[at] > 0)].row;
        if (kept->slots[at] == 0 ||
            (row->device_id == key->device_id && row->channel == key->channel && row->day == key->day))
            return &kept->slots[at];
    }
}

static int day_order(const void *left, const void *right)
{
    const struct interval_row *a = &((const struct kept_day *)left)->row;
    const struct interval_row *b = &((const struct kept_day *)right)->row;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->device_id != b->device_id)
        return a->device_id < b->device_id ? -1 : 1;
    return (a->channel > b->channel) - (a->channel < b->channel);
}

void reading_sql_intervals_forget(struct reading_sql *sql)
{
    struct reading_intervals *kept = sql->intervals_kept;

    if (kept == NULL || kept->count == 0)
        return;
    kept->count = 0;
    memset(kept->slots, 0, sizeof kept->slots);
}

int reading_sql_intervals_settle(struct reading_sql *sql)
{
    struct reading_intervals *kept = sql->intervals_kept;

    if (kept == NULL || kept->count == 0)
        return 0;
    qsort(kept->days, kept->count, sizeof kept->days[0], day_order);
    for (size_t i = 0; i < kept->count; i++)
        kept->days[i].block = span_of_bytes(kept->days[i].row.block, kept->days[i].row.block_size);
    struct statement *write = statement_take(&sql->intervals, INTERVALS_WRITE);
    given_rows_bind(write, 1, &(struct given_rows){ .first = kept->days, .size = sizeof kept->days[0], .count = kept->count,
                                                    .columns = day_columns,
                                                    .column_count = sizeof day_columns / sizeof day_columns[0] });
    reading_sql_intervals_forget(sql);
    return statement_change(write);
}

/* A day that is kept back already is replaced. */
static int day_keep(struct reading_sql *sql, const struct interval_row *row)
{
    struct reading_intervals *kept = sql->intervals_kept;
    uint16_t *slot = slot_find(kept, row);

    if (*slot == 0 && kept->count == KEPT_LIMIT) {
        int error = reading_sql_intervals_settle(sql);
        if (error != 0)
            return error;
        slot = slot_find(kept, row);
    }
    if (*slot == 0)
        *slot = (uint16_t)++kept->count;
    kept->days[*slot - 1] = (struct kept_day){ .row = *row, .missing = row->missing, .refused = row->refused, .sum = row->sum };
    return 0;
}

static bool kept_read(struct reading_intervals *kept, struct interval_row *row)
{
    const uint16_t *slot = kept != NULL ? slot_find(kept, row) : NULL;

    if (slot == NULL || *slot == 0)
        return false;
    *row = kept->days[*slot - 1].row;
    return true;
}

static int interval_read(void *context, struct interval_row *row)
{
    struct reading_sql *sql = context;
    if (kept_read(sql->intervals_kept, row))
        return 1;
    struct statement *query = statement_take(&sql->intervals, INTERVAL_READ);
    statement_bind_integers(query, (const int64_t[]){ row->day, row->device_id, row->channel }, 3);
    int found = statement_row(query);
    if (found != 1)
        return found;
    row->missing = (uint8_t)statement_int(query, 0);
    row->refused = (uint8_t)statement_int(query, 1);
    row->sum = (uint8_t)statement_int(query, 2);
    row->scale_e3 = statement_integer(query, 3);
    row->received_s = statement_integer(query, 4);
    row->block_size = reading_sql_block_take(query, 5, row->block, sizeof row->block);
    statement_end(query);
    return 1;
}

static int interval_write(void *context, const struct interval_row *row)
{
    struct reading_sql *sql = context;
    if (sql->intervals_kept != NULL)
        return day_keep(sql, row);
    struct statement *write = statement_take(&sql->intervals, INTERVAL_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ row->day, row->device_id, row->channel, row->missing, row->refused,
                                               row->sum, row->scale_e3, row->received_s },
                            8);
    statement_bind_bytes(write, 9, row->block, row->block_size);
    return statement_change(write);
}

static int standings_walk(void *context, uint32_t first, uint32_t last,
                          int (*visit)(void *, uint32_t, const struct interval_standing *), void *visitor)
{
    struct reading_sql *sql = context;
    struct statement *rows = statement_take(&sql->intervals, STANDINGS);
    int found;
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

static int standing_write(void *context, uint32_t device_id, const struct interval_standing *standing)
{
    struct reading_sql *sql = context;
    struct statement *write = statement_take(&sql->intervals, STANDING_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ device_id, standing->complete_days, standing->newest_day,
                                               standing->first_day, standing->period_slots },
                            5);
    return statement_change(write);
}

int reading_sql_intervals_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->intervals, store, texts, STATEMENT_COUNT);
    if (error != 0)
        return error;
    if (store_answers_late(store)) {
        sql->intervals_kept = calloc(1, sizeof *sql->intervals_kept);
        if (sql->intervals_kept == NULL)
            return STORE_ERR_MEMORY;
    }
    sql->store.interval_read = interval_read;
    sql->store.interval_write = interval_write;
    sql->store.standings_walk = standings_walk;
    sql->store.standing_write = standing_write;
    return 0;
}

void reading_sql_intervals_close(struct reading_sql *sql)
{
    statement_table_finalize(&sql->intervals);
    free(sql->intervals_kept);
    sql->intervals_kept = NULL;
}
