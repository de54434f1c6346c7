#include "store/sql/people_sql.h"

#include <string.h>

enum {
    PERSON_BY_ID, PERSON_BY_LOGIN, PERSON_INSERT, PERSON_UPDATE, ADMINISTRATORS_COUNT, AREA_FIND, SESSION_INSERT,
    SESSION_TOUCH, SESSION_DELETE, SESSIONS_TRIM, SETTING_PUT, AUDIT_INSERT, STATEMENT_COUNT
};

#define PERSON_COLUMNS \
    "SELECT person_id, tenant_id, area_id, failed_count, locked_until_s, created_s, disabled, login, display_name, role," \
    " language, password_hash FROM person "

static const char *const texts[STATEMENT_COUNT] = {
    [PERSON_BY_ID] = PERSON_COLUMNS "WHERE person_id = ?1",
    [PERSON_BY_LOGIN] = PERSON_COLUMNS "WHERE login = ?1",
    [PERSON_INSERT] = "INSERT INTO person (tenant_id, area_id, failed_count, locked_until_s, created_s, disabled, login,"
        " display_name, role, language, password_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [PERSON_UPDATE] = "UPDATE person SET tenant_id = ?1, area_id = ?2, failed_count = ?3, locked_until_s = ?4,"
        " created_s = ?5, disabled = ?6, login = ?7, display_name = ?8, role = ?9, language = ?10, password_hash = ?11"
        " WHERE person_id = ?12",
    [ADMINISTRATORS_COUNT] =
        "SELECT count(*) FROM person WHERE tenant_id = ?1 AND role = 'administrator' AND disabled = 0",
    [AREA_FIND] = "SELECT 1 FROM area WHERE area_id = ?1 AND tenant_id = ?2 AND substr(path, 1, length(?3)) = ?3",
    [SESSION_INSERT] = "INSERT INTO session (token_hash, person_id, csrf_token, created_s, seen_s, expires_s)"
        " VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
    [SESSION_TOUCH] = "UPDATE session SET seen_s = ?2 WHERE token_hash = ?1 AND seen_s < ?2",
    [SESSION_DELETE] = "DELETE FROM session WHERE token_hash = ?1",
    [SESSIONS_TRIM] = "DELETE FROM session WHERE expires_s <= ?3 OR seen_s < ?4 OR (person_id = ?1 AND token_hash NOT IN"
        " (SELECT token_hash FROM session WHERE person_id = ?1 ORDER BY created_s DESC, token_hash LIMIT ?2))",
    [SETTING_PUT] = "INSERT INTO setting (tenant_id, key, value) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value",
    [AUDIT_INSERT] = "INSERT INTO audit (tenant_id, person_id, at_s, action, object_kind, object_id, detail)"
        " VALUES (?1, nullif(?2, 0), ?3, ?4, ?5, nullif(?6, 0), ?7)",
};

static struct statement *take(void *context, size_t index)
{
    struct people_sql *people = context;
    return statement_take(&people->table, index);
}

static int person_row(struct statement *statement, struct person *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->person_id = statement_integer(statement, 0);
    out->tenant_id = statement_integer(statement, 1);
    out->area_id = statement_integer(statement, 2);
    out->failed_count = statement_integer(statement, 3);
    out->locked_until_s = statement_integer(statement, 4);
    out->created_s = statement_integer(statement, 5);
    out->disabled = statement_int(statement, 6) != 0;
    statement_text(statement, 7, out->login, sizeof out->login);
    statement_text(statement, 8, out->display_name, sizeof out->display_name);
    statement_text(statement, 9, out->role, sizeof out->role);
    statement_text(statement, 10, out->language, sizeof out->language);
    statement_text(statement, 11, out->password_hash, sizeof out->password_hash);
    statement_end(statement);
    return 1;
}

static int person_find(void *context, int64_t person_id, struct person *out)
{
    struct statement *statement = take(context, PERSON_BY_ID);
    statement_bind_integer(statement, 1, person_id);
    return person_row(statement, out);
}

static int login_find(void *context, const char *login, struct person *out)
{
    struct statement *statement = take(context, PERSON_BY_LOGIN);
    statement_bind_text(statement, 1, login);
    return person_row(statement, out);
}

static void person_bind(struct statement *statement, const struct person *person)
{
    const int64_t numbers[] = { person->tenant_id, person->area_id, person->failed_count, person->locked_until_s,
        person->created_s, person->disabled };
    const char *const words[] = { person->login, person->display_name, person->role, person->language,
        person->password_hash };

    statement_bind_integers(statement, numbers, 6);
    for (int i = 0; i < 5; i++)
        statement_bind_text(statement, 7 + i, words[i]);
}

static int person_insert(void *context, const struct person *person, int64_t *person_id)
{
    struct people_sql *people = context;
    struct statement *statement = take(context, PERSON_INSERT);
    person_bind(statement, person);
    int result = statement_run(statement);
    if (result > 0)
        *person_id = store_last_identifier(people->table.store);
    return result < 0 ? result : 0;
}

static int person_update(void *context, const struct person *person)
{
    struct statement *statement = take(context, PERSON_UPDATE);
    person_bind(statement, person);
    statement_bind_integer(statement, 12, person->person_id);
    return statement_run(statement);
}

static int administrators_count(void *context, int64_t tenant_id, int64_t *count)
{
    struct statement *statement = take(context, ADMINISTRATORS_COUNT);
    statement_bind_integer(statement, 1, tenant_id);
    int result = statement_row(statement);
    if (result == 1) {
        *count = statement_integer(statement, 0);
        statement_end(statement);
    }
    return result < 0 ? result : 0;
}

static int area_find(void *context, int64_t tenant_id, const char *path, int64_t area_id)
{
    struct statement *statement = take(context, AREA_FIND);
    statement_bind_integer(statement, 1, area_id);
    statement_bind_integer(statement, 2, tenant_id);
    statement_bind_text(statement, 3, path);
    int result = statement_row(statement);
    if (result == 1)
        statement_end(statement);
    return result;
}

static int session_insert(void *context, const struct session *session)
{
    struct statement *statement = take(context, SESSION_INSERT);
    statement_bind_bytes(statement, 1, session->token_hash, sizeof session->token_hash);
    statement_bind_integer(statement, 2, session->person_id);
    statement_bind_text(statement, 3, session->csrf_token);
    statement_bind_integer(statement, 4, session->created_s);
    statement_bind_integer(statement, 5, session->expires_s);
    return statement_run(statement);
}

static int session_touch_row(void *context, const uint8_t token_hash[SECRET_HASH_SIZE], int64_t seen_s)
{
    struct statement *statement = take(context, SESSION_TOUCH);
    statement_bind_bytes(statement, 1, token_hash, SECRET_HASH_SIZE);
    statement_bind_integer(statement, 2, seen_s);
    return statement_run(statement);
}

static int session_delete(void *context, const uint8_t token_hash[SECRET_HASH_SIZE])
{
    struct statement *statement = take(context, SESSION_DELETE);
    statement_bind_bytes(statement, 1, token_hash, SECRET_HASH_SIZE);
    return statement_run(statement);
}

static int sessions_trim(void *context, int64_t person_id, int keep, int64_t wall_s, int64_t idle_since_s)
{
    struct statement *statement = take(context, SESSIONS_TRIM);
    const int64_t numbers[] = { person_id, keep, wall_s, idle_since_s };
    statement_bind_integers(statement, numbers, 4);
    return statement_run(statement);
}

static int setting_put(void *context, int64_t tenant_id, const char *key, const char *value)
{
    struct statement *statement = take(context, SETTING_PUT);
    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, key);
    statement_bind_text(statement, 3, value);
    return statement_run(statement);
}

static int audit_insert(void *context, const struct audit_entry *entry)
{
    struct statement *statement = take(context, AUDIT_INSERT);
    const int64_t numbers[] = { entry->tenant_id, entry->person_id, entry->at_s };
    statement_bind_integers(statement, numbers, 3);
    statement_bind_text(statement, 4, entry->action);
    statement_bind_text(statement, 5, entry->object_kind);
    statement_bind_integer(statement, 6, entry->object_id);
    statement_bind_text(statement, 7, entry->detail);
    int result = statement_run(statement);
    return result < 0 ? result : 0;
}

int people_sql_open(struct people_sql *people, struct store *connection, struct people_store *store)
{
    int result = statement_table_prepare(&people->table, connection, texts, STATEMENT_COUNT);
    if (result != 0)
        return result;
    *store = (struct people_store){
        .context = people,
        .person_find = person_find,
        .login_find = login_find,
        .person_insert = person_insert,
        .person_update = person_update,
        .administrators_count = administrators_count,
        .area_find = area_find,
        .session_insert = session_insert,
        .session_touch = session_touch_row,
        .session_delete = session_delete,
        .sessions_trim = sessions_trim,
        .setting_put = setting_put,
        .audit_insert = audit_insert,
    };
    return 0;
}

void people_sql_close(struct people_sql *people)
{
    statement_table_finalize(&people->table);
}
