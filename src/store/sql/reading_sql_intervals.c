/* Tables interval_day and interval_standing. */
#include "store/sql/reading_sql_internal.h"

enum { INTERVAL_READ, INTERVAL_WRITE, STANDINGS, STANDING_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [INTERVAL_READ] =
        "SELECT missing, refused, sum_state, scale_e3, received_s, block FROM interval_day"
        " WHERE day = ? AND device_id = ? AND channel = ?",
    [INTERVAL_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (day, device_id, channel) DO UPDATE SET missing = ?4,"
        " refused = ?5, sum_state = ?6, scale_e3 = ?7, received_s = ?8, block = ?9",
    [STANDINGS] = "SELECT device_id, complete_days, newest_day, first_day, period_slots FROM interval_standing"
                  " WHERE device_id BETWEEN ? AND ? ORDER BY device_id",
    [STANDING_WRITE] =
        "INSERT INTO interval_standing (device_id, complete_days, newest_day, first_day, period_slots)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (device_id) DO UPDATE SET complete_days = ?2, newest_day = ?3,"
        " first_day = ?4, period_slots = ?5",
};

static int interval_read(void *context, struct interval_row *row)
{
    struct reading_sql *sql = context;
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
    sql->store.interval_read = interval_read;
    sql->store.interval_write = interval_write;
    sql->store.standings_walk = standings_walk;
    sql->store.standing_write = standing_write;
    return 0;
}
