#include "store/sql/estate_sql.h"

#include <stdlib.h>
#include <string.h>

#include "store/sql/archive_rows.h"
#include "store/statement_table.h"

enum {
    LINES,
    LINE_WRITE,
    LINES_DISCONNECT,
    ARCHIVE_WRITE,
    ARCHIVE_TRIM,
    ARCHIVE_DIFFERENCES,
    ARCHIVE_DIFFERENCE_COUNT,
    SYNC_WRITE,
    SYNC_READ,
    SYNC_NEXT,
    SECRET_WRITE,
    SECRET_DELETE,
    SECRET_READ,
    STATEMENT_COUNT
};

#define LINE_COLUMNS \
    "device_id, since_s, last_contact_s, last_data_s, clock_at_s, login_count, clock_error_s, clock_known, connected"
#define SYNC_COLUMNS \
    "device_id, requested_s, finished_s, agreed_s, requested_by, round, written, denied, differences, position, tries," \
    " write, problem, state"

static const char *const texts[STATEMENT_COUNT] = {
    [LINES] = "SELECT " LINE_COLUMNS " FROM line_state ORDER BY device_id",
    [LINE_WRITE] = "INSERT OR REPLACE INTO line_state (" LINE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [LINES_DISCONNECT] = "UPDATE line_state SET connected = 0, since_s = last_contact_s WHERE connected <> 0",
    [ARCHIVE_WRITE] = "INSERT OR REPLACE INTO line_archive (line_device_id, round, number, measurement_point, address,"
                      " collector, port, baud_code, protocol_code, tariffs, user_class)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [ARCHIVE_TRIM] = "DELETE FROM line_archive WHERE line_device_id = ?1 AND round <> ?2",
    [ARCHIVE_DIFFERENCES] =
        ARCHIVE_BOTH
        "SELECT coalesce(o.number, t.number), coalesce(o.number, 0), coalesce(o.address, 0), coalesce(o.collector, 0),"
        " coalesce(o.port, 0), coalesce(o.baud_code, 0), coalesce(o.protocol_code, 0), coalesce(o.tariffs, 0)" ARCHIVE_JOIN
        "WHERE" ARCHIVE_STATE "<> 'agreed' AND coalesce(o.number, t.number) > :after ORDER BY 1 LIMIT :limit",
    [ARCHIVE_DIFFERENCE_COUNT] = ARCHIVE_BOTH "SELECT count(*)" ARCHIVE_JOIN "WHERE" ARCHIVE_STATE "<> 'agreed'",
    [SYNC_WRITE] = "INSERT OR REPLACE INTO line_archive_sync (" SYNC_COLUMNS ")"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SYNC_READ] = "SELECT " SYNC_COLUMNS " FROM line_archive_sync WHERE device_id = ?",
    [SYNC_NEXT] = "SELECT " SYNC_COLUMNS " FROM line_archive_sync WHERE finished_s = 0 AND device_id > ?"
                  " ORDER BY device_id LIMIT 1",
    [SECRET_WRITE] = "INSERT OR REPLACE INTO device_secret (device_id, purpose, sealed) VALUES (?, ?, ?)",
    [SECRET_DELETE] = "DELETE FROM device_secret WHERE device_id = ? AND purpose = ?",
    [SECRET_READ] = "SELECT sealed FROM device_secret WHERE device_id = ? AND purpose = ?",
};

struct estate_sql {
    struct estate_store store;
    struct statement_table table;
};

static int run(struct statement *statement)
{
    int changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int lines_walk(void *context, int (*visit)(void *, const struct estate_line *), void *visitor)
{
    struct estate_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, LINES);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct estate_line line = {
            .device_id = (uint32_t)statement_integer(rows, 0),
            .since_s = statement_integer(rows, 1),
            .last_contact_s = statement_integer(rows, 2),
            .last_data_s = statement_integer(rows, 3),
            .clock_at_s = statement_integer(rows, 4),
            .login_count = (uint32_t)statement_integer(rows, 5),
            .clock_error_s = statement_int(rows, 6),
            .clock_known = statement_int(rows, 7) != 0,
            .connected = statement_int(rows, 8) != 0,
        };
        int answer = visit(visitor, &line);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int line_write(void *context, const struct estate_line *row)
{
    struct estate_sql *sql = context;
    struct statement *write = statement_take(&sql->table, LINE_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ row->device_id, row->since_s, row->last_contact_s, row->last_data_s,
                                               row->clock_at_s, row->login_count, row->clock_error_s, row->clock_known,
                                               row->connected },
                            9);
    return run(write);
}

static int lines_disconnect(void *context)
{
    struct estate_sql *sql = context;
    return run(statement_take(&sql->table, LINES_DISCONNECT));
}

static int archive_write(void *context, uint32_t device_id, uint32_t round, const struct uplink_archive_row *row)
{
    struct estate_sql *sql = context;
    struct statement *write = statement_take(&sql->table, ARCHIVE_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ device_id, round, row->number, row->measurement_point,
                                               (int64_t)row->address, (int64_t)row->collector, row->port, row->baud_code,
                                               row->protocol_code, row->tariffs, row->user_class },
                            11);
    return run(write);
}

static int archive_trim(void *context, uint32_t device_id, uint32_t round)
{
    struct estate_sql *sql = context;
    struct statement *trim = statement_take(&sql->table, ARCHIVE_TRIM);
    statement_bind_integers(trim, (const int64_t[]){ device_id, round }, 2);
    return run(trim);
}

static void named_bind(struct statement *statement, const char *name, int64_t value)
{
    statement_bind_integer(statement, statement_place(statement, name), value);
}

static int archive_differences(void *context, uint32_t device_id, uint16_t after, struct uplink_archive_row rows[],
                               int limit)
{
    struct estate_sql *sql = context;
    struct statement *query = statement_take(&sql->table, ARCHIVE_DIFFERENCES);
    named_bind(query, ":line", device_id);
    named_bind(query, ":after", after);
    named_bind(query, ":limit", limit);
    int count = 0;
    int found;
    while ((found = statement_row(query)) == 1 && count < limit)
        rows[count++] = (struct uplink_archive_row){
            .number = (uint16_t)statement_int(query, 0),
            .measurement_point = (uint16_t)statement_int(query, 1),
            .address = (uint64_t)statement_integer(query, 2),
            .collector = (uint64_t)statement_integer(query, 3),
            .port = (uint8_t)statement_int(query, 4),
            .baud_code = (uint8_t)statement_int(query, 5),
            .protocol_code = (uint8_t)statement_int(query, 6),
            .tariffs = (uint8_t)statement_int(query, 7),
        };
    statement_end(query);
    return found < 0 ? found : count;
}

static int archive_difference_count(void *context, uint32_t device_id)
{
    struct estate_sql *sql = context;
    struct statement *query = statement_take(&sql->table, ARCHIVE_DIFFERENCE_COUNT);
    named_bind(query, ":line", device_id);
    int found = statement_row(query);
    int count = found == 1 ? statement_int(query, 0) : 0;
    statement_end(query);
    return found < 0 ? found : count;
}

static int sync_write(void *context, const struct estate_sync *row)
{
    struct estate_sql *sql = context;
    struct statement *write = statement_take(&sql->table, SYNC_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ row->device_id, row->requested_s, row->finished_s, row->agreed_s,
                                               row->requested_by, row->round, row->written, row->denied,
                                               row->differences, row->position, row->tries, row->write, row->problem },
                            13);
    statement_bind_text(write, 14, estate_sync_state_name(row->state));
    return run(write);
}

static int sync_row(struct statement *query, struct estate_sync *row)
{
    int found = statement_row(query);
    if (found != 1)
        return found;
    *row = (struct estate_sync){
        .device_id = (uint32_t)statement_integer(query, 0),
        .requested_s = statement_integer(query, 1),
        .finished_s = statement_integer(query, 2),
        .agreed_s = statement_integer(query, 3),
        .requested_by = (uint32_t)statement_integer(query, 4),
        .round = (uint32_t)statement_integer(query, 5),
        .written = (uint32_t)statement_integer(query, 6),
        .denied = (uint32_t)statement_integer(query, 7),
        .differences = (uint32_t)statement_integer(query, 8),
        .position = (uint16_t)statement_int(query, 9),
        .tries = (uint16_t)statement_int(query, 10),
        .write = statement_int(query, 11) != 0,
        .problem = (uint8_t)statement_int(query, 12),
        .state = (uint8_t)estate_sync_state_of_name(statement_text_at(query, 13)),
    };
    statement_end(query);
    return 1;
}

static int sync_read(void *context, uint32_t device_id, struct estate_sync *row)
{
    struct estate_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SYNC_READ);
    statement_bind_integer(query, 1, device_id);
    return sync_row(query, row);
}

static int sync_next(void *context, uint32_t after_device_id, struct estate_sync *row)
{
    struct estate_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SYNC_NEXT);
    statement_bind_integer(query, 1, after_device_id);
    return sync_row(query, row);
}

static int secret_write(void *context, uint32_t device_id, const char *purpose, const uint8_t *sealed, size_t size)
{
    struct estate_sql *sql = context;
    struct statement *write = statement_take(&sql->table, size > 0 ? SECRET_WRITE : SECRET_DELETE);
    statement_bind_integer(write, 1, device_id);
    statement_bind_text(write, 2, purpose);
    if (size > 0)
        statement_bind_bytes(write, 3, sealed, size);
    return run(write);
}

static int secret_read(void *context, uint32_t device_id, const char *purpose, uint8_t *sealed)
{
    struct estate_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SECRET_READ);
    statement_bind_integer(query, 1, device_id);
    statement_bind_text(query, 2, purpose);
    int found = statement_row(query);
    if (found != 1)
        return found;
    struct span bytes = statement_bytes(query, 0);
    if (bytes.size > 0 && bytes.size <= ESTATE_SECRET_LIMIT)
        memcpy(sealed, bytes.bytes, bytes.size);
    statement_end(query);
    return bytes.size <= ESTATE_SECRET_LIMIT ? (int)bytes.size : STORE_ERR_CONSTRAINT;
}

int estate_sql_open(struct store *store, struct estate_sql **out)
{
    struct estate_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = (struct estate_store){
        .context = sql,
        .lines_walk = lines_walk,
        .line_write = line_write,
        .lines_disconnect = lines_disconnect,
        .archive_write = archive_write,
        .archive_trim = archive_trim,
        .archive_differences = archive_differences,
        .archive_difference_count = archive_difference_count,
        .sync_write = sync_write,
        .sync_read = sync_read,
        .sync_next = sync_next,
        .secret_write = secret_write,
        .secret_read = secret_read,
    };
    *out = sql;
    return 0;
}

void estate_sql_close(struct estate_sql *sql)
{
    if (sql)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct estate_store *estate_sql_store(const struct estate_sql *sql)
{
    return &sql->store;
}
