/* Table interval_day. */
#include "store/sqlite/reading_sqlite_internal.h"

enum { INTERVAL_READ, INTERVAL_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [INTERVAL_READ] =
        "SELECT missing, refused, sum_state, scale_e3, received_s, block FROM interval_day"
        " WHERE day = ? AND device_id = ? AND channel = ?",
    [INTERVAL_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (day, device_id, channel) DO UPDATE SET missing = ?4,"
        " refused = ?5, sum_state = ?6, scale_e3 = ?7, received_s = ?8, block = ?9",
};

static int interval_read(void *context, struct interval_row *row)
{
    struct reading_sqlite *sqlite = context;
    struct statement *query = statement_take(&sqlite->intervals, INTERVAL_READ);
    statement_bind_integers(query, (const int64_t[]){ row->day, row->device_id, row->channel }, 3);
    int found = statement_row(query);
    if (found != 1)
        return found;
    row->missing = (uint8_t)statement_int(query, 0);
    row->refused = (uint8_t)statement_int(query, 1);
    row->sum = (uint8_t)statement_int(query, 2);
    row->scale_e3 = statement_integer(query, 3);
    row->received_s = statement_integer(query, 4);
    row->block_size = reading_sqlite_block_take(query, 5, row->block, sizeof row->block);
    statement_end(query);
    return 1;
}

static int interval_write(void *context, const struct interval_row *row)
{
    struct reading_sqlite *sqlite = context;
    struct statement *write = statement_take(&sqlite->intervals, INTERVAL_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ row->day, row->device_id, row->channel, row->missing, row->refused,
                                               row->sum, row->scale_e3, row->received_s },
                            8);
    statement_bind_bytes(write, 9, row->block, row->block_size);
    return statement_change(write);
}

int reading_sqlite_intervals_open(struct reading_sqlite *sqlite, struct store *store)
{
    int error = statement_table_prepare(&sqlite->intervals, store, texts, STATEMENT_COUNT);
    if (error != 0)
        return error;
    sqlite->store.interval_read = interval_read;
    sqlite->store.interval_write = interval_write;
    return 0;
}
