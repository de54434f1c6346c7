/* Table state_log: states of a storm, appended. */
#include "store/sql/reading_sql_internal.h"

enum { APPEND, WALK, DROP, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [APPEND] = "INSERT INTO state_log (log_id, states) VALUES (?, ?)",
    [WALK] = "SELECT log_id, states FROM state_log ORDER BY log_id",
    [DROP] = "DELETE FROM state_log WHERE log_id <= ?",
};

static int state_log_append(void *context, int64_t log_id, struct span states)
{
    struct reading_sql *sql = context;
    struct statement *append = statement_take(&sql->states, APPEND);

    statement_bind_integer(append, 1, log_id);
    statement_bind_bytes(append, 2, states.bytes, states.size);
    return statement_change(append);
}

static int state_log_walk(void *context, int (*visit)(void *, int64_t, struct span), void *visitor)
{
    struct reading_sql *sql = context;
    struct statement *rows = statement_take(&sql->states, WALK);
    int found;

    while ((found = statement_row(rows)) == 1) {
        int answer = visit(visitor, statement_integer(rows, 0), statement_bytes(rows, 1));
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int state_log_drop(void *context, int64_t log_id)
{
    struct reading_sql *sql = context;
    struct statement *drop = statement_take(&sql->states, DROP);

    statement_bind_integer(drop, 1, log_id);
    return statement_change(drop);
}

int reading_sql_states_open(struct reading_sql *sql, struct store *store)
{
    sql->store.state_log_append = state_log_append;
    sql->store.state_log_walk = state_log_walk;
    sql->store.state_log_drop = state_log_drop;
    return statement_table_prepare(&sql->states, store, texts, STATEMENT_COUNT);
}
