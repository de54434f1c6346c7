#include "store/sql/command_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"

enum {
    SUMMARIES,
    INSERT,
    UPDATE,
    STEP_INSERT,
    STEP_TIME,
    READ,
    OPEN_NEXT,
    RECHARGE_READ, RECHARGE_LOST_NEXT,
    EXPIRED_NEXT,
    STATEMENT_COUNT
};

#define COLUMNS \
    "command_id, tenant_id, device_id, kind, parameter, value, amount_fen, serial, state, reason, outcome," \
    " coalesce(requested_by, 0), requested_s, expires_s, priority, tries, coalesce(finished_s, 0), document"

static const char *const texts[STATEMENT_COUNT] = {
    [SUMMARIES] = "SELECT device_id, max(serial), sum(finished_s IS NULL),"
                  " max(iif(kind = 'recharge' AND state = 'expired' AND tries > 0, 1, 0)) FROM command GROUP BY device_id",
    [INSERT] = "INSERT INTO command (tenant_id, device_id, value, amount_fen, serial, requested_by, requested_s,"
               " expires_s, priority, tries, kind, parameter, state, reason, outcome, document)"
               " VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [UPDATE] = "UPDATE command SET tries = ?2, expires_s = ?3, finished_s = nullif(?4, 0), state = ?5, outcome = ?6,"
               " serial = ?7 WHERE command_id = ?1",
    [STEP_INSERT] = "INSERT INTO command_step (command_id, step, at_s, state, detail)"
                    " SELECT ?1, coalesce(max(step), 0) + 1, ?2, ?3, ?4 FROM command_step WHERE command_id = ?1",
    [STEP_TIME] = "SELECT at_s FROM command_step WHERE command_id = ? AND state = ? ORDER BY step DESC LIMIT 1",
    [READ] = "SELECT " COLUMNS " FROM command WHERE command_id = ?",
    [OPEN_NEXT] = "SELECT " COLUMNS " FROM command WHERE finished_s IS NULL AND device_id = ?"
                  " AND (priority, command_id) > (?, ?) ORDER BY priority, command_id LIMIT 1",
    [RECHARGE_READ] = "SELECT " COLUMNS " FROM command WHERE serial > 0 AND device_id = ? AND serial = ?"
                      " AND kind = 'recharge' ORDER BY command_id DESC LIMIT 1",
    [RECHARGE_LOST_NEXT] = "SELECT " COLUMNS " FROM command WHERE device_id = ? AND command_id > ? AND kind = 'recharge'"
                           " AND state = 'expired' AND tries > 0 ORDER BY command_id LIMIT 1",
    [EXPIRED_NEXT] = "SELECT " COLUMNS " FROM command WHERE finished_s IS NULL AND expires_s <= ?"
                     " ORDER BY expires_s, command_id LIMIT 1",
};

struct command_sql {
    struct command_store store;
    struct statement_table table;
};

static int summaries_walk(void *context, int (*visit)(void *, const struct command_device_summary *), void *visitor)
{
    struct command_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, SUMMARIES);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct command_device_summary summary = {
            .device_id = (uint32_t)statement_integer(rows, 0),
            .serial = (uint32_t)statement_integer(rows, 1),
            .open_count = (uint32_t)statement_integer(rows, 2),
            .has_lost = statement_int(rows, 3) != 0,
        };
        int answer = visit(visitor, &summary);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int insert(void *context, struct command_record *row)
{
    struct command_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, INSERT);
    char table[COMMAND_TABLE_TEXT_LIMIT];
    statement_bind_integers(statement,
                            (const int64_t[]){ row->tenant_id, row->device_id, row->value, row->amount_fen,
                                               row->serial, row->requested_by, row->requested_s, row->expires_s,
                                               row->priority, row->tries },
                            10);
    statement_bind_text(statement, 11, command_operation_name(row->operation));
    statement_bind_text(statement, 12, command_parameter_name(row->parameter));
    statement_bind_text(statement, 13, command_state_name((enum command_state)row->state));
    statement_bind_text(statement, 14, row->reason);
    statement_bind_text(statement, 15, row->outcome);
    command_table_write(&row->table, table);
    statement_bind_text(statement, 16, table);
    int changed = statement_run(statement);
    if (changed < 0)
        return changed;
    row->command_id = (uint64_t)store_last_identifier(sql->table.store);
    return 0;
}

static int update(void *context, const struct command_record *row)
{
    struct command_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, UPDATE);
    statement_bind_integers(
        statement, (const int64_t[]){ (int64_t)row->command_id, row->tries, row->expires_s, row->finished_s }, 4);
    statement_bind_text(statement, 5, command_state_name((enum command_state)row->state));
    statement_bind_text(statement, 6, row->outcome);
    statement_bind_integer(statement, 7, row->serial);
    int changed = statement_run(statement);
    if (changed == 0)
        return STORE_ERR_CONSTRAINT;
    return changed < 0 ? changed : 0;
}

static int step_insert(void *context, uint64_t command_id, enum command_state state, int64_t at_s, const char *detail)
{
    struct command_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, STEP_INSERT);
    statement_bind_integers(statement, (const int64_t[]){ (int64_t)command_id, at_s }, 2);
    statement_bind_text(statement, 3, command_state_name(state));
    statement_bind_text(statement, 4, detail);
    int changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int step_time(void *context, uint64_t command_id, enum command_state state, int64_t *at_s)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, STEP_TIME);
    statement_bind_integer(query, 1, (int64_t)command_id);
    statement_bind_text(query, 2, command_state_name(state));
    int found = statement_row(query);
    if (found == 1)
        *at_s = statement_integer(query, 0);
    statement_end(query);
    return found;
}

static int row_take(struct statement *query, struct command_record *out)
{
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct command_record){
        .command_id = (uint64_t)statement_integer(query, 0),
        .tenant_id = (uint32_t)statement_integer(query, 1),
        .device_id = (uint32_t)statement_integer(query, 2),
        .operation = (uint16_t)command_operation_of_name(statement_text_at(query, 3)),
        .parameter = (uint16_t)command_parameter_of_name(statement_text_at(query, 4)),
        .value = statement_integer(query, 5),
        .amount_fen = statement_integer(query, 6),
        .serial = (uint32_t)statement_integer(query, 7),
        .state = (uint8_t)command_state_of_name(statement_text_at(query, 8)),
        .requested_by = (uint32_t)statement_integer(query, 11),
        .requested_s = statement_integer(query, 12),
        .expires_s = statement_integer(query, 13),
        .priority = (uint8_t)statement_int(query, 14),
        .tries = (uint16_t)statement_int(query, 15),
        .finished_s = statement_integer(query, 16),
    };
    statement_text(query, 9, out->reason, sizeof out->reason);
    statement_text(query, 10, out->outcome, sizeof out->outcome);
    const char *document = statement_text_at(query, 17);
    int read = command_table_read(document ? document : "", &out->table);
    statement_end(query);
    return read == 0 ? 1 : STORE_ERR_CONSTRAINT;
}

static int read_row(void *context, uint64_t command_id, struct command_record *out)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, READ);
    statement_bind_integer(query, 1, (int64_t)command_id);
    return row_take(query, out);
}

static int open_next(void *context, uint32_t device_id, uint8_t priority, uint64_t command_id,
                     struct command_record *out)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, OPEN_NEXT);
    statement_bind_integers(query, (const int64_t[]){ device_id, priority, (int64_t)command_id }, 3);
    return row_take(query, out);
}

static int recharge_read(void *context, uint32_t device_id, uint32_t serial, struct command_record *out)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, RECHARGE_READ);
    statement_bind_integers(query, (const int64_t[]){ device_id, serial }, 2);
    return row_take(query, out);
}

static int recharge_lost_next(void *context, uint32_t device_id, uint64_t command_id, struct command_record *out)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, RECHARGE_LOST_NEXT);
    statement_bind_integers(query, (const int64_t[]){ device_id, (int64_t)command_id }, 2);
    return row_take(query, out);
}

static int expired_next(void *context, int64_t now_s, struct command_record *out)
{
    struct command_sql *sql = context;
    struct statement *query = statement_take(&sql->table, EXPIRED_NEXT);
    statement_bind_integer(query, 1, now_s);
    return row_take(query, out);
}

int command_sql_open(struct store *store, struct command_sql **out)
{
    struct command_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = (struct command_store){
        .context = sql,
        .summaries_walk = summaries_walk,
        .insert = insert,
        .update = update,
        .step_insert = step_insert,
        .step_time = step_time,
        .read = read_row,
        .open_next = open_next,
        .recharge_read = recharge_read,
        .recharge_lost_next = recharge_lost_next,
        .expired_next = expired_next,
    };
    *out = sql;
    return 0;
}

void command_sql_close(struct command_sql *sql)
{
    if (sql)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct command_store *command_sql_store(const struct command_sql *sql)
{
    return &sql->store;
}
