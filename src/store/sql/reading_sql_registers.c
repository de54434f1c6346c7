/* Tables register_reading and register_conflict. */
#include "store/sql/reading_sql_internal.h"

enum {
    REGISTER_INSERT,
    REGISTER_READ,
    REGISTER_MARK,
    CONFLICT_INSERT,
    CHANNEL_NEXT,
    CHANNEL_TRIM,
    STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [REGISTER_INSERT] =
        "INSERT INTO register_reading (device_id, channel, period, time_s, value, scale_e3, quality, received_s)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    [REGISTER_READ] =
        "SELECT value, scale_e3, quality, received_s FROM register_reading"
        " WHERE device_id = ? AND channel = ? AND period = ? AND time_s = ?",
    [REGISTER_MARK] =
        "UPDATE register_reading SET quality = ?5 WHERE device_id = ?1 AND channel = ?2 AND period = ?3 AND time_s = ?4",
    [CONFLICT_INSERT] =
        "INSERT INTO register_conflict (device_id, channel, period, time_s, value, received_s)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM register_conflict WHERE device_id = ?1) < ?7"
        " AND NOT EXISTS (SELECT 1 FROM register_conflict WHERE device_id = ?1 AND channel = ?2 AND period = ?3 AND time_s = ?4"
        "  AND value = ?5)",
    [CHANNEL_NEXT] =
        "SELECT device_id, channel FROM register_reading WHERE (device_id, channel, period, time_s) > (?1, ?2, 3, 0)"
        " ORDER BY device_id, channel, period, time_s LIMIT 1",
    /* The oldest ones first, a bounded number: the key is in this order. */
    [CHANNEL_TRIM] =
        "DELETE FROM register_reading WHERE device_id = ?1 AND channel = ?2 AND period = 0 AND time_s < ?3"
        " AND time_s <= (SELECT max(time_s) FROM (SELECT time_s FROM register_reading WHERE device_id = ?1 AND channel = ?2"
        " AND period = 0 AND time_s < ?3 ORDER BY time_s LIMIT ?4))",
};

static int register_insert(void *context, const struct reading_register *row)
{
    struct reading_sql *sql = context;
    struct statement *insert = statement_take(&sql->registers, REGISTER_INSERT);
    statement_bind_integers(insert,
                            (const int64_t[]){ row->device_id, row->channel, row->period, row->time_s, row->value,
                                               row->scale_e3, row->quality, row->received_s },
                            8);
    return statement_run(insert);
}

static int register_read(void *context, struct reading_register *row)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->registers, REGISTER_READ);
    statement_bind_integers(query, (const int64_t[]){ row->device_id, row->channel, row->period, row->time_s }, 4);
    int found = statement_row(query);
    if (found != 1)
        return found;
    row->value = statement_integer(query, 0);
    row->scale_e3 = statement_integer(query, 1);
    row->quality = (uint8_t)statement_int(query, 2);
    row->received_s = statement_integer(query, 3);
    statement_end(query);
    return 1;
}

static int register_mark(void *context, const struct reading_register *row)
{
    struct reading_sql *sql = context;
    struct statement *update = statement_take(&sql->registers, REGISTER_MARK);
    statement_bind_integers(
        update, (const int64_t[]){ row->device_id, row->channel, row->period, row->time_s, row->quality }, 5);
    int changed = statement_run(update);
    return changed < 0 ? changed : 0;
}

static int conflict_insert(void *context, const struct reading_register *row)
{
    struct reading_sql *sql = context;
    struct statement *insert = statement_take(&sql->registers, CONFLICT_INSERT);
    statement_bind_integers(insert,
                            (const int64_t[]){ row->device_id, row->channel, row->period, row->time_s, row->value,
                                               row->received_s, READING_REGISTER_CONFLICT_LIMIT },
                            7);
    return statement_run(insert);
}

static int registers_trim(void *context, struct reading_register *at, int64_t before_s, int limit)
{
    struct reading_sql *sql = context;
    struct statement *next = statement_take(&sql->registers, CHANNEL_NEXT);
    statement_bind_integers(next, (const int64_t[]){ at->device_id, at->channel }, 2);
    int found = statement_row(next);
    if (found < 0)
        return found;
    *at = (struct reading_register){ .device_id = 0 };
    if (found == 0)
        return 0;
    at->device_id = (uint32_t)statement_integer(next, 0);
    at->channel = (uint32_t)statement_integer(next, 1);
    statement_end(next);
    struct statement *trim = statement_take(&sql->registers, CHANNEL_TRIM);
    statement_bind_integers(trim, (const int64_t[]){ at->device_id, at->channel, before_s, limit }, 4);
    return statement_run(trim);
}

int reading_sql_registers_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->registers, store, texts, STATEMENT_COUNT);
    if (error != 0)
        return error;
    sql->store.register_insert = register_insert;
    sql->store.register_read = register_read;
    sql->store.register_mark = register_mark;
    sql->store.conflict_insert = conflict_insert;
    sql->store.registers_trim = registers_trim;
    return 0;
}
