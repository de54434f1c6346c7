#include "store/sql/partner_sql.h"

#include <string.h>

enum {
    PARTNER_FIND, PARTNER_INSERT, PARTNER_UPDATE, PARTNERS_COUNT, DEVICES_DELETE, DEVICES_INSERT, TOKEN_INSERT,
    TOKEN_FIND, TOKEN_REVOKE, TOKEN_USED, TOKENS_COUNT, REQUEST_FIND, REQUEST_INSERT, REQUESTS_COUNT, STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [PARTNER_FIND] =
        "SELECT partner_id, tenant_id, area_id, person_id, created_s, per_minute, closings_per_day, is_signed, reveal,"
        " disabled, name, interfaces, networks FROM partner WHERE partner_id = ?1",
    [PARTNER_INSERT] =
        "INSERT INTO partner (tenant_id, area_id, person_id, created_s, per_minute, closings_per_day, is_signed, reveal,"
        " disabled, name, interfaces, networks) VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [PARTNER_UPDATE] =
        "UPDATE partner SET tenant_id = ?1, area_id = ?2, person_id = nullif(?3, 0), created_s = ?4, per_minute = ?5,"
        " closings_per_day = ?6, is_signed = ?7, reveal = ?8, disabled = ?9, name = ?10, interfaces = ?11,"
        " networks = ?12 WHERE partner_id = ?13",
    [PARTNERS_COUNT] = "SELECT count(*) FROM partner WHERE tenant_id = ?1",
    [DEVICES_DELETE] = "DELETE FROM partner_device WHERE partner_id = ?1",
    [DEVICES_INSERT] =
        "INSERT INTO partner_device (partner_id, device_id) SELECT DISTINCT CAST(?1 AS INTEGER), d.device_id FROM json_each(?4) w"
        " CROSS JOIN device d ON d.device_id = CAST(w.value AS INTEGER) CROSS JOIN area a ON a.area_id = d.area_id"
        " WHERE d.tenant_id = ?2 AND substr(a.path, 1, length(?3)) = ?3",
    [TOKEN_INSERT] =
        "INSERT INTO partner_token (partner_id, created_s, expires_s, hint, token_hash) VALUES (?1, ?2, ?3, ?4, ?5)",
    [TOKEN_FIND] = "SELECT partner_id FROM partner_token WHERE token_id = ?1",
    [TOKEN_REVOKE] = "UPDATE partner_token SET revoked_s = ?2 WHERE token_id = ?1 AND revoked_s = 0",
    [TOKEN_USED] = "UPDATE partner_token SET used_s = ?2, used_from = ?3 WHERE token_id = ?1 AND used_s < ?2",
    [TOKENS_COUNT] =
        "SELECT count(*) FROM partner_token WHERE partner_id = ?1 AND revoked_s = 0 AND expires_s > ?2",
    [REQUEST_FIND] =
        "SELECT partner_id, device_id, command_id, at_s, number, mode FROM partner_request"
        " WHERE partner_id = ?1 AND number = ?2",
    [REQUEST_INSERT] =
        "INSERT INTO partner_request (partner_id, device_id, command_id, at_s, number, mode)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [REQUESTS_COUNT] = "SELECT count(*) FROM partner_request WHERE partner_id = ?1 AND mode = ?2 AND at_s >= ?3",
};

static struct statement *take(void *context, size_t index)
{
    struct partner_sql *partners = context;
    return statement_take(&partners->table, index);
}

static int64_t newest_row(const void *context)
{
    const struct partner_sql *partners = context;
    return store_last_identifier(partners->table.store);
}

static int partner_find(void *context, int64_t partner_id, struct partner *out)
{
    struct statement *statement = take(context, PARTNER_FIND);
    int found;

    statement_bind_integer(statement, 1, partner_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct partner){ .partner_id = statement_integer(statement, 0),
                             .tenant_id = statement_integer(statement, 1),
                             .area_id = statement_integer(statement, 2),
                             .person_id = statement_integer(statement, 3),
                             .created_s = statement_integer(statement, 4),
                             .per_minute = statement_integer(statement, 5),
                             .closings_per_day = statement_integer(statement, 6),
                             .is_signed = statement_int(statement, 7) != 0,
                             .reveal = statement_int(statement, 8) != 0,
                             .disabled = statement_int(statement, 9) != 0 };
    statement_text(statement, 10, out->name, sizeof out->name);
    statement_text(statement, 11, out->interfaces, sizeof out->interfaces);
    statement_text(statement, 12, out->networks, sizeof out->networks);
    statement_end(statement);
    return 1;
}

static void partner_bind(struct statement *statement, const struct partner *partner)
{
    const int64_t numbers[] = { partner->tenant_id, partner->area_id, partner->person_id, partner->created_s,
        partner->per_minute, partner->closings_per_day, partner->is_signed, partner->reveal, partner->disabled };

    statement_bind_integers(statement, numbers, 9);
    statement_bind_text(statement, 10, partner->name);
    statement_bind_text(statement, 11, partner->interfaces);
    statement_bind_text(statement, 12, partner->networks);
}

static int partner_insert(void *context, struct partner *partner)
{
    struct statement *statement = take(context, PARTNER_INSERT);
    int changed;

    partner_bind(statement, partner);
    changed = statement_run(statement);
    if (changed > 0)
        partner->partner_id = newest_row(context);
    return changed;
}

static int partner_update(void *context, const struct partner *partner)
{
    struct statement *statement = take(context, PARTNER_UPDATE);

    partner_bind(statement, partner);
    statement_bind_integer(statement, 13, partner->partner_id);
    return statement_run(statement);
}

/* The number of a bound query's only row. */
static int number_read(struct statement *statement, int64_t *out)
{
    int found = statement_row(statement);

    if (found == 1) {
        *out = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found;
}

static int partners_count(void *context, int64_t tenant_id, int64_t *count)
{
    struct statement *statement = take(context, PARTNERS_COUNT);

    statement_bind_integer(statement, 1, tenant_id);
    return number_read(statement, count);
}

static int devices_write(void *context, const struct partner *partner, const char *path, const char *list)
{
    struct statement *statement = take(context, DEVICES_DELETE);
    int changed;

    statement_bind_integer(statement, 1, partner->partner_id);
    changed = statement_run(statement);
    if (changed < 0 || list[0] == '\0')
        return changed < 0 ? changed : 0;
    statement = take(context, DEVICES_INSERT);
    statement_bind_integer(statement, 1, partner->partner_id);
    statement_bind_integer(statement, 2, partner->tenant_id);
    statement_bind_text(statement, 3, path);
    statement_bind_text(statement, 4, list);
    return statement_run(statement);
}

static int token_insert(void *context, struct partner_token *token)
{
    struct statement *statement = take(context, TOKEN_INSERT);
    const int64_t numbers[] = { token->partner_id, token->created_s, token->expires_s };
    int changed;

    statement_bind_integers(statement, numbers, 3);
    statement_bind_text(statement, 4, token->hint);
    statement_bind_bytes(statement, 5, token->token_hash, sizeof token->token_hash);
    changed = statement_run(statement);
    if (changed > 0)
        token->token_id = newest_row(context);
    return changed;
}

static int token_find(void *context, int64_t token_id, int64_t *partner_id)
{
    struct statement *statement = take(context, TOKEN_FIND);

    statement_bind_integer(statement, 1, token_id);
    return number_read(statement, partner_id);
}

static int token_revoke(void *context, int64_t token_id, int64_t wall_s)
{
    struct statement *statement = take(context, TOKEN_REVOKE);

    statement_bind_integer(statement, 1, token_id);
    statement_bind_integer(statement, 2, wall_s);
    return statement_run(statement);
}

static int token_used(void *context, int64_t token_id, int64_t wall_s, const char *from)
{
    struct statement *statement = take(context, TOKEN_USED);

    statement_bind_integer(statement, 1, token_id);
    statement_bind_integer(statement, 2, wall_s);
    statement_bind_text(statement, 3, from);
    return statement_run(statement);
}

static int tokens_count(void *context, int64_t partner_id, int64_t wall_s, int64_t *count)
{
    struct statement *statement = take(context, TOKENS_COUNT);

    statement_bind_integer(statement, 1, partner_id);
    statement_bind_integer(statement, 2, wall_s);
    return number_read(statement, count);
}

static int request_find(void *context, int64_t partner_id, const char *number, struct partner_request *out)
{
    struct statement *statement = take(context, REQUEST_FIND);
    int found;

    statement_bind_integer(statement, 1, partner_id);
    statement_bind_text(statement, 2, number);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct partner_request){ .partner_id = statement_integer(statement, 0),
                                     .device_id = statement_integer(statement, 1),
                                     .command_id = statement_integer(statement, 2),
                                     .at_s = statement_integer(statement, 3) };
    statement_text(statement, 4, out->number, sizeof out->number);
    statement_text(statement, 5, out->mode, sizeof out->mode);
    statement_end(statement);
    return 1;
}

static int request_insert(void *context, const struct partner_request *request)
{
    struct statement *statement = take(context, REQUEST_INSERT);
    const int64_t numbers[] = { request->partner_id, request->device_id, request->command_id, request->at_s };

    statement_bind_integers(statement, numbers, 4);
    statement_bind_text(statement, 5, request->number);
    statement_bind_text(statement, 6, request->mode);
    return statement_run(statement);
}

static int requests_count(void *context, int64_t partner_id, const char *mode, int64_t since_s, int64_t *count)
{
    struct statement *statement = take(context, REQUESTS_COUNT);

    statement_bind_integer(statement, 1, partner_id);
    statement_bind_text(statement, 2, mode);
    statement_bind_integer(statement, 3, since_s);
    return number_read(statement, count);
}

int partner_sql_open(struct partner_sql *partners, struct store *connection, struct partner_store *store)
{
    int result = statement_table_prepare(&partners->table, connection, texts, STATEMENT_COUNT);

    if (result < 0)
        return result;
    *store = (struct partner_store){
        .context = partners,
        .partner_find = partner_find,
        .partner_insert = partner_insert,
        .partner_update = partner_update,
        .partners_count = partners_count,
        .devices_write = devices_write,
        .token_insert = token_insert,
        .token_find = token_find,
        .token_revoke = token_revoke,
        .token_used = token_used,
        .tokens_count = tokens_count,
        .request_find = request_find,
        .request_insert = request_insert,
        .requests_count = requests_count,
    };
    return 0;
}

void partner_sql_close(struct partner_sql *partners)
{
    statement_table_finalize(&partners->table);
}
