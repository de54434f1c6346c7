#include "store/sql/event_sql.h"

enum {
    ENDPOINT_FIND, ENDPOINT_INSERT, ENDPOINT_UPDATE, ENDPOINTS_COUNT, ENDPOINTS_ANY, ENDPOINTS_WANTING, ENDPOINT_ANSWERED,
    ENDPOINT_MISSED, STATEMENT_COUNT
};

#define OF_MESSAGE " WHERE endpoint_id = (SELECT CAST(recipient AS INTEGER) FROM message WHERE message_id = ?1 AND channel = 5)"

static const char *const texts[STATEMENT_COUNT] = {
    [ENDPOINT_FIND] =
        "SELECT endpoint_id, tenant_id, area_id, generation, rotated_s, created_s, disabled, name, url, kinds"
        " FROM webhook_endpoint WHERE endpoint_id = ?1",
    [ENDPOINT_INSERT] =
        "INSERT INTO webhook_endpoint (tenant_id, area_id, generation, rotated_s, created_s, disabled, name, url, kinds)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    /* Whoever changed something wants to see at once whether it works. */
    [ENDPOINT_UPDATE] =
        "UPDATE webhook_endpoint SET tenant_id = ?1, area_id = ?2, generation = ?3, rotated_s = ?4, created_s = ?5,"
        " disabled = ?6, name = ?7, url = ?8, kinds = ?9, failures = 0, paused_until_s = 0 WHERE endpoint_id = ?10",
    [ENDPOINTS_COUNT] = "SELECT count(*) FROM webhook_endpoint WHERE tenant_id = ?1",
    [ENDPOINTS_ANY] = "SELECT 1 FROM webhook_endpoint LIMIT 1",
    [ENDPOINTS_WANTING] =
        "SELECT e.endpoint_id FROM webhook_endpoint e CROSS JOIN area b ON b.area_id = e.area_id"
        " CROSS JOIN area a ON a.area_id = ?3 WHERE e.tenant_id = ?1 AND e.disabled = 0"
        " AND substr(a.path, 1, length(b.path)) = b.path"
        " AND instr(',' || e.kinds || ',', ',' || ?2 || ',') > 0 ORDER BY e.endpoint_id LIMIT ?4",
    [ENDPOINT_ANSWERED] =
        "UPDATE webhook_endpoint SET failures = 0, paused_until_s = 0, reached_s = ?2" OF_MESSAGE,
    /* Of a round that failed together only the first counts: 10 s, 20 s, ... at most 10 min. */
    [ENDPOINT_MISSED] =
        "UPDATE webhook_endpoint SET failures = failures + 1, failed_s = ?2,"
        " paused_until_s = ?2 + min(600, 10 << min(failures, 6))" OF_MESSAGE " AND paused_until_s <= ?2",
};

static struct statement *take(void *context, size_t index)
{
    struct event_sql *events = context;
    return statement_take(&events->table, index);
}

static int endpoint_find(void *context, int64_t endpoint_id, struct event_endpoint *out)
{
    struct statement *statement = take(context, ENDPOINT_FIND);
    int found;

    statement_bind_integer(statement, 1, endpoint_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct event_endpoint){ .endpoint_id = statement_integer(statement, 0),
                                    .tenant_id = statement_integer(statement, 1),
                                    .area_id = statement_integer(statement, 2),
                                    .generation = statement_integer(statement, 3),
                                    .rotated_s = statement_integer(statement, 4),
                                    .created_s = statement_integer(statement, 5),
                                    .disabled = statement_int(statement, 6) != 0 };
    statement_text(statement, 7, out->name, sizeof out->name);
    statement_text(statement, 8, out->url, sizeof out->url);
    statement_text(statement, 9, out->kinds, sizeof out->kinds);
    statement_end(statement);
    return 1;
}

static void endpoint_bind(struct statement *statement, const struct event_endpoint *endpoint)
{
    const int64_t numbers[] = { endpoint->tenant_id, endpoint->area_id, endpoint->generation, endpoint->rotated_s,
        endpoint->created_s, endpoint->disabled };

    statement_bind_integers(statement, numbers, 6);
    statement_bind_text(statement, 7, endpoint->name);
    statement_bind_text(statement, 8, endpoint->url);
    statement_bind_text(statement, 9, endpoint->kinds);
}

static int endpoint_insert(void *context, struct event_endpoint *endpoint)
{
    struct event_sql *events = context;
    struct statement *statement = take(context, ENDPOINT_INSERT);
    int changed;

    endpoint_bind(statement, endpoint);
    changed = statement_run(statement);
    if (changed > 0) {
        endpoint->endpoint_id = store_last_identifier(events->table.store);
        events->any = true;
    }
    return changed;
}

static int endpoint_update(void *context, const struct event_endpoint *endpoint)
{
    struct statement *statement = take(context, ENDPOINT_UPDATE);

    endpoint_bind(statement, endpoint);
    statement_bind_integer(statement, 10, endpoint->endpoint_id);
    return statement_run(statement);
}

static int endpoints_count(void *context, int64_t tenant_id, int64_t *count)
{
    struct statement *statement = take(context, ENDPOINTS_COUNT);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    found = statement_row(statement);
    if (found == 1) {
        *count = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found;
}

static int endpoints_wanting(void *context, uint32_t tenant_id, const char *kind, int64_t area_id,
                             int64_t out[EVENT_ENDPOINT_LIMIT])
{
    struct statement *statement = take(context, ENDPOINTS_WANTING);
    int count = 0;
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, kind);
    statement_bind_integer(statement, 3, area_id);
    statement_bind_integer(statement, 4, EVENT_ENDPOINT_LIMIT);
    while ((found = statement_row(statement)) == 1)
        out[count++] = statement_integer(statement, 0);
    return found < 0 ? found : count;
}

static int endpoint_reached(void *context, int64_t message_id, bool reached, int64_t now_s)
{
    struct statement *statement = take(context, reached ? ENDPOINT_ANSWERED : ENDPOINT_MISSED);
    int changed;

    statement_bind_integer(statement, 1, message_id);
    statement_bind_integer(statement, 2, now_s);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

int event_sql_open(struct event_sql *events, struct store *connection, struct event_store *store)
{
    int result = statement_table_prepare(&events->table, connection, texts, STATEMENT_COUNT);

    if (result < 0)
        return result;
    *store = (struct event_store){
        .context = events,
        .endpoint_find = endpoint_find,
        .endpoint_insert = endpoint_insert,
        .endpoint_update = endpoint_update,
        .endpoints_count = endpoints_count,
        .endpoints_wanting = endpoints_wanting,
        .endpoint_reached = endpoint_reached,
    };
    struct statement *statement = take(events, ENDPOINTS_ANY);
    result = statement_row(statement);
    events->any = result == 1;
    if (result == 1)
        statement_end(statement);
    return result < 0 ? result : 0;
}

void event_sql_close(struct event_sql *events)
{
    statement_table_finalize(&events->table);
}
