#include "store/sql/watch_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"

enum { EVENT_INSERT, EVENT_OPEN, EVENT_CLEAR, EVENT_READ, EVENT_ACKNOWLEDGE, CONDITIONS, STATEMENT_COUNT };

#define COLUMNS \
    "event_id, raised_s, received_s, coalesce(cleared_s, 0), coalesce(acknowledged_s, 0), coalesce(acknowledged_by, 0)," \
    " tenant_id, device_id, severity, kind, detail"

static const char *const texts[STATEMENT_COUNT] = {
    [EVENT_INSERT] = "INSERT INTO event (tenant_id, device_id, severity, raised_s, received_s, kind, detail)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?)",
    [EVENT_OPEN] = "SELECT " COLUMNS " FROM event WHERE cleared_s IS NULL AND device_id = ? AND kind = ?"
                   " ORDER BY event_id DESC LIMIT 1",
    [EVENT_CLEAR] = "UPDATE event SET cleared_s = ?2 WHERE event_id = ?1",
    [EVENT_READ] = "SELECT " COLUMNS " FROM event WHERE event_id = ?",
    [EVENT_ACKNOWLEDGE] = "UPDATE event SET acknowledged_s = ?2, acknowledged_by = ?3 WHERE event_id = ?1",
    [CONDITIONS] = "SELECT device_id, kind FROM event WHERE cleared_s IS NULL"
                   " AND kind IN ('silent', 'clock_error', 'set_aside', 'command_failed', 'line_offline', 'unknown_point',"
                   " 'archive_differs', 'old_data', 'never_quiet', 'address_conflict') ORDER BY device_id",
};

struct watch_sql {
    struct watch_store store;
    struct statement_table table;
};

static int event_insert(void *context, struct watch_event *event)
{
    struct watch_sql *sql = context;
    struct statement *insert = statement_take(&sql->table, EVENT_INSERT);
    statement_bind_integers(
        insert,
        (const int64_t[]){ event->tenant_id, event->device_id, event->severity, event->raised_s, event->received_s },
        5);
    statement_bind_text(insert, 6, event->kind);
    statement_bind_text(insert, 7, event->detail);
    int changed = statement_run(insert);
    if (changed < 0)
        return changed;
    event->event_id = store_last_identifier(sql->table.store);
    return 0;
}

static int row_take(struct statement *query, struct watch_event *out)
{
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct watch_event){
        .event_id = statement_integer(query, 0),
        .raised_s = statement_integer(query, 1),
        .received_s = statement_integer(query, 2),
        .cleared_s = statement_integer(query, 3),
        .acknowledged_s = statement_integer(query, 4),
        .acknowledged_by = (uint32_t)statement_integer(query, 5),
        .tenant_id = (uint32_t)statement_integer(query, 6),
        .device_id = (uint32_t)statement_integer(query, 7),
        .severity = statement_int(query, 8),
    };
    statement_text(query, 9, out->kind, sizeof out->kind);
    statement_text(query, 10, out->detail, sizeof out->detail);
    statement_end(query);
    return 1;
}

static int event_open(void *context, uint32_t device_id, const char *kind, struct watch_event *out)
{
    struct watch_sql *sql = context;
    struct statement *query = statement_take(&sql->table, EVENT_OPEN);
    statement_bind_integer(query, 1, device_id);
    statement_bind_text(query, 2, kind);
    return row_take(query, out);
}

static int event_clear(void *context, int64_t event_id, int64_t cleared_s)
{
    struct watch_sql *sql = context;
    struct statement *update = statement_take(&sql->table, EVENT_CLEAR);
    statement_bind_integers(update, (const int64_t[]){ event_id, cleared_s }, 2);
    int changed = statement_run(update);
    return changed < 0 ? changed : 0;
}

static int event_read(void *context, int64_t event_id, struct watch_event *out)
{
    struct watch_sql *sql = context;
    struct statement *query = statement_take(&sql->table, EVENT_READ);
    statement_bind_integer(query, 1, event_id);
    return row_take(query, out);
}

static int event_acknowledge(void *context, int64_t event_id, uint32_t person_id, int64_t at_s)
{
    struct watch_sql *sql = context;
    struct statement *update = statement_take(&sql->table, EVENT_ACKNOWLEDGE);
    statement_bind_integers(update, (const int64_t[]){ event_id, at_s, person_id }, 3);
    int changed = statement_run(update);
    return changed < 0 ? changed : 0;
}

static int conditions_walk(void *context, int (*visit)(void *, uint32_t, const char *), void *visitor)
{
    struct watch_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, CONDITIONS);
    int found;
    while ((found = statement_row(rows)) == 1) {
        char kind[WATCH_KIND_LIMIT];
        statement_text(rows, 1, kind, sizeof kind);
        int answer = visit(visitor, (uint32_t)statement_integer(rows, 0), kind);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

int watch_sql_open(struct store *store, struct watch_sql **out)
{
    struct watch_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = (struct watch_store){
        .context = sql,
        .event_insert = event_insert,
        .event_open = event_open,
        .event_clear = event_clear,
        .event_read = event_read,
        .event_acknowledge = event_acknowledge,
        .conditions_walk = conditions_walk,
    };
    *out = sql;
    return 0;
}

void watch_sql_close(struct watch_sql *sql)
{
    if (sql)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct watch_store *watch_sql_store(const struct watch_sql *sql)
{
    return &sql->store;
}
