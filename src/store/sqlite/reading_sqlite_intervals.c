#include "store/sqlite/reading_sqlite_internal.h"

#include <string.h>

enum {
    ARRIVAL_INSERT,
    ARRIVAL_READ,
    ARRIVAL_CUT,
    ARRIVAL_NEWEST,
    ARRIVAL_RANGE,
    ARRIVALS_DROP,
    BLOCK_NEXT,
    BLOCK_WRITE,
    BLOCK_DELETE,
    BLOCK_AFTER,
    BLOCKS_DROP,
    MONTHS_DROP,
    FOLD_READ,
    FOLD_WRITE,
    STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [ARRIVAL_INSERT] =
        "INSERT INTO interval_arrival (previous_arrival, device_id, channel, day, prior_day, scale_e3, received_s, block)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [ARRIVAL_READ] =
        "SELECT previous_arrival, device_id, channel, day, prior_day, scale_e3, received_s, block FROM interval_arrival"
        " WHERE arrival_id = ?",
    [ARRIVAL_CUT] = "UPDATE interval_arrival SET previous_arrival = 0 WHERE arrival_id = ?",
    [ARRIVAL_NEWEST] = "SELECT coalesce(max(arrival_id), 0) FROM interval_arrival",
    [ARRIVAL_RANGE] = "SELECT coalesce(min(arrival_id), 0) FROM interval_arrival",
    [ARRIVALS_DROP] = "DELETE FROM interval_arrival WHERE arrival_id < ?",
    [BLOCK_NEXT] =
        "SELECT scale_e3, received_s, block FROM interval_block WHERE month = ? AND device_id = ? AND channel = ?"
        " AND scale_e3 > ? ORDER BY scale_e3 LIMIT 1",
    [BLOCK_WRITE] =
        "INSERT INTO interval_block (month, device_id, channel, scale_e3, received_s, block) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (month, device_id, channel, scale_e3)"
        " DO UPDATE SET received_s = excluded.received_s, block = excluded.block",
    [BLOCK_DELETE] =
        "DELETE FROM interval_block WHERE month = ? AND device_id = ? AND channel = ? AND scale_e3 = ?",
    [BLOCK_AFTER] = "SELECT month, device_id FROM interval_block WHERE month < ? ORDER BY month, device_id LIMIT 1 OFFSET ?",
    [BLOCKS_DROP] = "DELETE FROM interval_block WHERE (month, device_id) <= (?, ?)",
    [MONTHS_DROP] = "DELETE FROM interval_block WHERE month < ?",
    [FOLD_READ] = "SELECT until_arrival, after_device, started_day, stage FROM interval_fold WHERE interval_fold_id = 1",
    [FOLD_WRITE] =
        "UPDATE interval_fold SET until_arrival = ?, after_device = ?, started_day = ?, stage = ? WHERE interval_fold_id = 1",
};

static int arrival_insert(void *context, const struct interval_arrival *row, uint64_t *id)
{
    struct reading_sqlite *sqlite = context;
    struct statement *insert = statement_take(&sqlite->intervals, ARRIVAL_INSERT);
    int64_t identifier;

    statement_bind_integers(insert,
                            (const int64_t[]){ (int64_t)row->previous, row->device_id, row->channel, row->day, row->prior_day,
                                               row->scale_e3, row->received_s },
                            7);
    statement_bind_bytes(insert, 8, row->bytes, row->size);
    int error = statement_run_insert(insert, &identifier);
    if (error == 0)
        *id = (uint64_t)identifier;
    return error;
}

/* Bytes of a column: longer ones than this program writes are a damaged store. */
static int bytes_take(struct statement *row, int column, uint8_t *bytes, size_t capacity, size_t *size)
{
    struct span found = statement_bytes(row, column);

    if (found.size > capacity)
        return STORE_ERR_CORRUPT;
    if (found.size > 0)
        memcpy(bytes, found.bytes, found.size);
    *size = found.size;
    return 0;
}

static int arrival_get(struct reading_sqlite *sqlite, uint64_t arrival_id, bool whole, struct interval_arrival *out)
{
    struct statement *query = statement_take(&sqlite->intervals, ARRIVAL_READ);
    int error = 0;

    statement_bind_integer(query, 1, (int64_t)arrival_id);
    int found = statement_row(query);
    if (found != 1)
        return found;
    out->arrival_id = arrival_id;
    out->previous = (uint64_t)statement_integer(query, 0);
    out->device_id = (uint32_t)statement_integer(query, 1);
    out->channel = (uint32_t)statement_integer(query, 2);
    out->day = statement_int(query, 3);
    out->prior_day = statement_int(query, 4);
    out->scale_e3 = statement_integer(query, 5);
    out->received_s = statement_integer(query, 6);
    out->size = 0;
    if (whole)
        error = bytes_take(query, 7, out->bytes, sizeof out->bytes, &out->size);
    statement_end(query);
    return error != 0 ? error : 1;
}

static int arrival_read(void *context, uint64_t arrival_id, struct interval_arrival *out)
{
    return arrival_get(context, arrival_id, true, out);
}

static int arrival_look(void *context, uint64_t arrival_id, struct interval_arrival *out)
{
    return arrival_get(context, arrival_id, false, out);
}

static int arrival_cut(void *context, uint64_t arrival_id)
{
    struct reading_sqlite *sqlite = context;
    struct statement *cut = statement_take(&sqlite->intervals, ARRIVAL_CUT);

    statement_bind_integer(cut, 1, (int64_t)arrival_id);
    return statement_change(cut);
}

static int number_read(struct reading_sqlite *sqlite, size_t statement, int64_t *number)
{
    int found = statement_number(statement_take(&sqlite->intervals, statement), number);

    return found < 0 ? found : 0;
}

static int arrival_newest(void *context, uint64_t *id)
{
    int64_t newest = 0;
    int error = number_read(context, ARRIVAL_NEWEST, &newest);

    if (error == 0)
        *id = (uint64_t)newest;
    return error;
}

static int arrivals_drop(void *context, uint64_t before, int limit)
{
    struct reading_sqlite *sqlite = context;
    int64_t oldest = 0;
    int64_t end = (int64_t)before;
    int error = number_read(sqlite, ARRIVAL_RANGE, &oldest);

    if (error != 0 || oldest == 0 || oldest >= end)
        return error;
    struct statement *drop = statement_take(&sqlite->intervals, ARRIVALS_DROP);
    statement_bind_integer(drop, 1, end - oldest > limit ? oldest + limit : end);
    return statement_run(drop);
}

static void block_key_bind(struct statement *statement, const struct interval_block *block)
{
    statement_bind_integers(statement,
                            (const int64_t[]){ block->month, block->device_id, block->channel, block->scale_e3 }, 4);
}

static int block_next(void *context, struct interval_block *block)
{
    struct reading_sqlite *sqlite = context;
    struct statement *query = statement_take(&sqlite->intervals, BLOCK_NEXT);

    block_key_bind(query, block);
    int found = statement_row(query);
    if (found != 1)
        return found;
    block->scale_e3 = statement_integer(query, 0);
    block->received_s = statement_integer(query, 1);
    int error = bytes_take(query, 2, block->bytes, sizeof block->bytes, &block->size);
    statement_end(query);
    return error != 0 ? error : 1;
}

static int block_write(void *context, const struct interval_block *block)
{
    struct reading_sqlite *sqlite = context;
    struct statement *write = statement_take(&sqlite->intervals, BLOCK_WRITE);

    block_key_bind(write, block);
    statement_bind_integer(write, 5, block->received_s);
    statement_bind_bytes(write, 6, block->bytes, block->size);
    return statement_change(write);
}

static int block_delete(void *context, const struct interval_block *block)
{
    struct reading_sqlite *sqlite = context;
    struct statement *remove = statement_take(&sqlite->intervals, BLOCK_DELETE);

    block_key_bind(remove, block);
    return statement_change(remove);
}

static int blocks_drop(void *context, int32_t before_month, int limit)
{
    struct reading_sqlite *sqlite = context;
    struct statement *last = statement_take(&sqlite->intervals, BLOCK_AFTER);

    statement_bind_integers(last, (const int64_t[]){ before_month, limit - 1 }, 2);
    int found = statement_row(last);
    if (found < 0)
        return found;
    struct statement *drop = statement_take(&sqlite->intervals, found == 1 ? BLOCKS_DROP : MONTHS_DROP);
    statement_bind_integer(drop, 1, before_month);
    if (found == 1) {
        statement_bind_integers(drop, (const int64_t[]){ statement_integer(last, 0), statement_integer(last, 1) }, 2);
        statement_end(last);
    }
    return statement_run(drop);
}

static int fold_read(void *context, struct interval_fold *out)
{
    struct reading_sqlite *sqlite = context;
    struct statement *query = statement_take(&sqlite->intervals, FOLD_READ);
    int found = statement_row(query);

    if (found != 1)
        return found < 0 ? found : STORE_ERR_CORRUPT;
    *out = (struct interval_fold){
        .until_arrival = (uint64_t)statement_integer(query, 0),
        .after_device = (uint32_t)statement_integer(query, 1),
        .started_day = statement_int(query, 2),
        .stage = (uint8_t)statement_int(query, 3),
    };
    statement_end(query);
    return 0;
}

static int fold_write(void *context, const struct interval_fold *fold)
{
    struct reading_sqlite *sqlite = context;
    struct statement *write = statement_take(&sqlite->intervals, FOLD_WRITE);

    statement_bind_integers(
        write, (const int64_t[]){ (int64_t)fold->until_arrival, fold->after_device, fold->started_day, fold->stage }, 4);
    return statement_change(write);
}

int reading_sqlite_intervals_open(struct reading_sqlite *sqlite, struct store *store)
{
    int error = statement_table_prepare(&sqlite->intervals, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sqlite->store.intervals = (struct interval_store){
        .arrival_insert = arrival_insert,
        .arrival_read = arrival_read,
        .arrival_look = arrival_look,
        .arrival_cut = arrival_cut,
        .arrival_newest = arrival_newest,
        .arrivals_drop = arrivals_drop,
        .block_next = block_next,
        .block_write = block_write,
        .block_delete = block_delete,
        .blocks_drop = blocks_drop,
        .fold_read = fold_read,
        .fold_write = fold_write,
    };
    return 0;
}
