#include "store/sql/resident_sql.h"

#include <string.h>

enum {
    CUSTOMER_FIND, LOGIN_FIND, LOGIN_OF_CUSTOMER, LOGIN_PUT, LOGIN_DELETE, PHONE_FIND, PHONE_INSERT, PHONE_TOKEN_PUT,
    PHONE_PAYER_PUT, PHONE_BINDINGS_DELETE, PHONE_DELETE, PHONE_TOUCH,
    PHONES_SWEEP_BINDINGS, PHONES_SWEEP, BINDING_INSERT, BINDING_FIND, BINDING_OF, BINDING_DELETE, BINDINGS_COUNT,
    BINDINGS_TRIM, STATEMENT_COUNT
};

#define LOGIN_COLUMNS \
    "SELECT customer_id, tenant_id, failed_count, locked_until_s, issued_s, one_time, login, password_hash" \
    " FROM resident_login "

static const char *const texts[STATEMENT_COUNT] = {
    [CUSTOMER_FIND] = "SELECT 1 FROM customer c WHERE c.customer_id = ?1 AND c.tenant_id = ?2 AND (EXISTS (SELECT 1"
        " FROM area a WHERE a.tenant_id = ?2 AND a.path = ?3 AND a.parent_area_id IS NULL) OR EXISTS (SELECT 1"
        " FROM account k JOIN area a USING (area_id) WHERE k.customer_id = c.customer_id"
        " AND substr(a.path, 1, length(?3)) = ?3))",
    [LOGIN_FIND] = LOGIN_COLUMNS "WHERE login = ?1",
    [LOGIN_OF_CUSTOMER] = LOGIN_COLUMNS "WHERE customer_id = ?1",
    [LOGIN_PUT] = "INSERT INTO resident_login (customer_id, tenant_id, failed_count, locked_until_s, issued_s, one_time,"
        " login, password_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (customer_id) DO UPDATE SET"
        " failed_count = ?3, locked_until_s = ?4, issued_s = ?5, one_time = ?6, login = ?7, password_hash = ?8",
    [LOGIN_DELETE] = "DELETE FROM resident_login WHERE customer_id = ?1",
    [PHONE_FIND] = "SELECT resident_phone_id, tenant_id, seen_s, csrf_token, name FROM resident_phone"
        " WHERE resident_phone_id = ?1",
    [PHONE_INSERT] = "INSERT INTO resident_phone (tenant_id, seen_s, token_hash, csrf_token, name)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
    [PHONE_TOKEN_PUT] = "UPDATE resident_phone SET token_hash = ?2, csrf_token = ?3 WHERE resident_phone_id = ?1",
    [PHONE_PAYER_PUT] = "UPDATE resident_phone SET payer_channel = ?2, payer_id = ?3 WHERE resident_phone_id = ?1",
    [PHONE_BINDINGS_DELETE] = "DELETE FROM resident_binding WHERE resident_phone_id = ?1",
    [PHONE_DELETE] = "DELETE FROM resident_phone WHERE resident_phone_id = ?1",
    [PHONE_TOUCH] = "UPDATE resident_phone SET seen_s = ?2 WHERE resident_phone_id = ?1 AND seen_s < ?2",
    [PHONES_SWEEP_BINDINGS] = "DELETE FROM resident_binding WHERE resident_phone_id IN"
        " (SELECT resident_phone_id FROM resident_phone WHERE seen_s < ?1)",
    [PHONES_SWEEP] = "DELETE FROM resident_phone WHERE seen_s < ?1",
    [BINDING_INSERT] = "INSERT INTO resident_binding (resident_phone_id, customer_id, bound_s) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (resident_phone_id, customer_id) DO NOTHING",
    [BINDING_FIND] = "SELECT b.resident_binding_id, b.resident_phone_id, b.customer_id, p.tenant_id"
        " FROM resident_binding b JOIN resident_phone p USING (resident_phone_id) WHERE b.resident_binding_id = ?1",
    [BINDING_OF] = "SELECT 1 FROM resident_binding WHERE resident_phone_id = ?1 AND customer_id = ?2",
    [BINDING_DELETE] = "DELETE FROM resident_binding WHERE resident_binding_id = ?1",
    [BINDINGS_COUNT] = "SELECT count(*) FROM resident_binding WHERE resident_phone_id = ?1",
    [BINDINGS_TRIM] = "DELETE FROM resident_binding WHERE customer_id = ?1 AND resident_phone_id <> ?2"
        " AND resident_binding_id NOT IN (SELECT b.resident_binding_id FROM resident_binding b"
        "  JOIN resident_phone p USING (resident_phone_id) WHERE b.customer_id = ?1 AND b.resident_phone_id <> ?2"
        "  ORDER BY p.seen_s DESC, b.resident_binding_id DESC LIMIT ?3)",
};

static struct statement *take(void *context, size_t index)
{
    struct resident_sql *residents = context;
    return statement_take(&residents->table, index);
}

static struct statement *take_with(void *context, size_t index, int64_t first, int64_t second)
{
    struct statement *statement = take(context, index);
    statement_bind_integer(statement, 1, first);
    if (statement_places(statement) > 1)
        statement_bind_integer(statement, 2, second);
    return statement;
}

/* Only whether there is a row. */
static int row_exists(struct statement *statement)
{
    int result = statement_row(statement);
    if (result == 1)
        statement_end(statement);
    return result;
}

static int customer_find(void *context, int64_t tenant_id, const char *path, int64_t customer_id)
{
    struct statement *statement = take_with(context, CUSTOMER_FIND, customer_id, tenant_id);
    statement_bind_text(statement, 3, path);
    return row_exists(statement);
}

static int login_row(struct statement *statement, struct resident_login *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->customer_id = statement_integer(statement, 0);
    out->tenant_id = statement_integer(statement, 1);
    out->failed_count = statement_integer(statement, 2);
    out->locked_until_s = statement_integer(statement, 3);
    out->issued_s = statement_integer(statement, 4);
    out->one_time = statement_int(statement, 5) != 0;
    statement_text(statement, 6, out->login, sizeof out->login);
    statement_text(statement, 7, out->password_hash, sizeof out->password_hash);
    statement_end(statement);
    return 1;
}

static int login_find(void *context, const char *login, struct resident_login *out)
{
    struct statement *statement = take(context, LOGIN_FIND);
    statement_bind_text(statement, 1, login);
    return login_row(statement, out);
}

static int login_of_customer(void *context, int64_t customer_id, struct resident_login *out)
{
    return login_row(take_with(context, LOGIN_OF_CUSTOMER, customer_id, 0), out);
}

static int login_put(void *context, const struct resident_login *login)
{
    struct statement *statement = take(context, LOGIN_PUT);
    const int64_t numbers[] = { login->customer_id, login->tenant_id, login->failed_count, login->locked_until_s,
        login->issued_s, login->one_time };
    statement_bind_integers(statement, numbers, 6);
    statement_bind_text(statement, 7, login->login);
    statement_bind_text(statement, 8, login->password_hash);
    return statement_run(statement);
}

static int login_delete(void *context, int64_t customer_id)
{
    return statement_run(take_with(context, LOGIN_DELETE, customer_id, 0));
}

static int phone_find(void *context, int64_t phone_id, struct resident_phone *out)
{
    struct statement *statement = take_with(context, PHONE_FIND, phone_id, 0);
    int found = statement_row(statement);

    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->phone_id = statement_integer(statement, 0);
    out->tenant_id = statement_integer(statement, 1);
    out->seen_s = statement_integer(statement, 2);
    statement_text(statement, 3, out->csrf_token, sizeof out->csrf_token);
    statement_text(statement, 4, out->name, sizeof out->name);
    statement_end(statement);
    return 1;
}

static int phone_insert(void *context, const struct resident_phone *phone, int64_t *phone_id)
{
    struct resident_sql *residents = context;
    struct statement *statement = take_with(context, PHONE_INSERT, phone->tenant_id, phone->seen_s);
    statement_bind_bytes(statement, 3, phone->token_hash, sizeof phone->token_hash);
    statement_bind_text(statement, 4, phone->csrf_token);
    statement_bind_text(statement, 5, phone->name);
    int result = statement_run(statement);
    if (result > 0)
        *phone_id = store_last_identifier(residents->table.store);
    return result < 0 ? result : 0;
}

static int phone_token_put(void *context, const struct resident_phone *phone)
{
    struct statement *statement = take(context, PHONE_TOKEN_PUT);
    statement_bind_integer(statement, 1, phone->phone_id);
    statement_bind_bytes(statement, 2, phone->token_hash, sizeof phone->token_hash);
    statement_bind_text(statement, 3, phone->csrf_token);
    return statement_run(statement);
}

static int phone_payer_put(void *context, int64_t phone_id, const char *channel, const char *payer_id)
{
    struct statement *statement = take(context, PHONE_PAYER_PUT);
    statement_bind_integer(statement, 1, phone_id);
    statement_bind_text(statement, 2, channel);
    statement_bind_text(statement, 3, payer_id);
    return statement_run(statement);
}

static int phone_delete(void *context, int64_t phone_id)
{
    int result = statement_run(take_with(context, PHONE_BINDINGS_DELETE, phone_id, 0));
    return result < 0 ? result : statement_run(take_with(context, PHONE_DELETE, phone_id, 0));
}

static int phone_touch(void *context, int64_t phone_id, int64_t seen_s)
{
    return statement_run(take_with(context, PHONE_TOUCH, phone_id, seen_s));
}

static int phones_sweep(void *context, int64_t idle_since_s)
{
    int result = statement_run(take_with(context, PHONES_SWEEP_BINDINGS, idle_since_s, 0));
    return result < 0 ? result : statement_run(take_with(context, PHONES_SWEEP, idle_since_s, 0));
}

static int binding_insert(void *context, int64_t phone_id, int64_t customer_id, int64_t bound_s)
{
    struct statement *statement = take_with(context, BINDING_INSERT, phone_id, customer_id);
    statement_bind_integer(statement, 3, bound_s);
    return statement_run(statement);
}

static int binding_find(void *context, int64_t binding_id, struct resident_binding *out)
{
    struct statement *statement = take_with(context, BINDING_FIND, binding_id, 0);
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct resident_binding){
        .binding_id = statement_integer(statement, 0),
        .phone_id = statement_integer(statement, 1),
        .customer_id = statement_integer(statement, 2),
        .tenant_id = statement_integer(statement, 3),
    };
    statement_end(statement);
    return 1;
}

static int binding_of(void *context, int64_t phone_id, int64_t customer_id)
{
    return row_exists(take_with(context, BINDING_OF, phone_id, customer_id));
}

static int binding_delete(void *context, int64_t binding_id)
{
    return statement_run(take_with(context, BINDING_DELETE, binding_id, 0));
}

static int bindings_count(void *context, int64_t phone_id, int64_t *count)
{
    struct statement *statement = take_with(context, BINDINGS_COUNT, phone_id, 0);
    int result = statement_row(statement);
    if (result == 1) {
        *count = statement_integer(statement, 0);
        statement_end(statement);
    }
    return result < 0 ? result : 0;
}

static int bindings_trim(void *context, int64_t customer_id, int64_t phone_id, int keep)
{
    struct statement *statement = take_with(context, BINDINGS_TRIM, customer_id, phone_id);
    statement_bind_integer(statement, 3, keep);
    return statement_run(statement);
}

int resident_sql_open(struct resident_sql *residents, struct store *connection,
    struct people_store *people, struct resident_store *store)
{
    int result = statement_table_prepare(&residents->table, connection, texts, STATEMENT_COUNT);
    if (result != 0)
        return result;
    *store = (struct resident_store){
        .context = residents,
        .people = people,
        .customer_find = customer_find,
        .login_find = login_find,
        .login_of_customer = login_of_customer,
        .login_put = login_put,
        .login_delete = login_delete,
        .phone_find = phone_find,
        .phone_insert = phone_insert,
        .phone_token_put = phone_token_put,
        .phone_payer_put = phone_payer_put,
        .phone_delete = phone_delete,
        .phone_touch = phone_touch,
        .phones_sweep = phones_sweep,
        .binding_insert = binding_insert,
        .binding_find = binding_find,
        .binding_of = binding_of,
        .binding_delete = binding_delete,
        .bindings_count = bindings_count,
        .bindings_trim = bindings_trim,
    };
    return 0;
}

void resident_sql_close(struct resident_sql *residents)
{
    statement_table_finalize(&residents->table);
}
