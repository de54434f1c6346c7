#include "store/sql/lease_sql.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/store_error.h"

enum { ROW_READ, ROW_TAKE, ROW_BEAT, ROW_GIVE_BACK, STATEMENT_COUNT };

/* Whoever takes a row that is being taken, or beaten, waits for that transaction and then compares with what it left. */
static const char *const texts[STATEMENT_COUNT] = {
    [ROW_READ] = "SELECT owner, epoch, beat FROM core_lease WHERE shard = ?1",
    [ROW_TAKE] =
        "INSERT INTO core_lease (shard, owner, epoch, beat) VALUES (?1, ?2, ?3 + 1, 0) ON CONFLICT (shard) DO UPDATE"
        " SET owner = excluded.owner, epoch = excluded.epoch, beat = 0"
        " WHERE core_lease.owner = ?5 AND core_lease.epoch = ?3 AND core_lease.beat = ?4",
    [ROW_BEAT] = "UPDATE core_lease SET beat = beat + 1 WHERE shard = ?1 AND epoch = ?2 AND owner <> ''",
    [ROW_GIVE_BACK] = "UPDATE core_lease SET owner = '' WHERE shard = ?1 AND epoch = ?2",
};

static struct statement *take(void *context, size_t index, uint32_t shard)
{
    struct lease_sql *lease = context;
    struct statement *statement = statement_take(&lease->table, index);

    statement_bind_integer(statement, 1, shard);
    return statement;
}

static int row_read(void *context, uint32_t shard, struct lease_row *out)
{
    struct statement *statement = take(context, ROW_READ, shard);
    int found = statement_row(statement);

    *out = (struct lease_row){ 0 };
    if (found <= 0)
        return found;
    statement_text(statement, 0, out->owner, sizeof out->owner);
    out->epoch = (uint64_t)statement_integer(statement, 1);
    out->beat = (uint64_t)statement_integer(statement, 2);
    statement_end(statement);
    return 0;
}

/* In a transaction of its own. returns  rows changed; STORE_ERR_* with nothing stored */
static int run_alone(struct lease_sql *lease, struct statement *statement)
{
    struct store *store = lease->table.store;
    int changed = store_begin(store);

    if (changed == 0)
        changed = statement_run(statement);
    int committed = changed < 0 ? changed : store_commit(store);
    if (committed == 0)
        return changed;
    store_rollback(store);
    return committed;
}

static int row_take(void *context, uint32_t shard, const struct lease_row *seen, const char *owner)
{
    struct statement *statement = take(context, ROW_TAKE, shard);

    statement_bind_text(statement, 2, owner);
    statement_bind_integer(statement, 3, (int64_t)seen->epoch);
    statement_bind_integer(statement, 4, (int64_t)seen->beat);
    statement_bind_text(statement, 5, seen->owner);
    return run_alone(context, statement);
}

static int row_beat(void *context, uint32_t shard, uint64_t epoch)
{
    struct statement *statement = take(context, ROW_BEAT, shard);

    statement_bind_integer(statement, 2, (int64_t)epoch);
    return statement_run(statement);
}

static int row_give_back(void *context, uint32_t shard, uint64_t epoch)
{
    struct statement *statement = take(context, ROW_GIVE_BACK, shard);

    statement_bind_integer(statement, 2, (int64_t)epoch);
    int result = run_alone(context, statement);
    return result < 0 ? result : 0;
}

int lease_sql_open(struct lease_sql *lease, struct store *connection, struct lease_store *store)
{
    int result = statement_table_prepare(&lease->table, connection, texts, STATEMENT_COUNT);

    if (result < 0)
        return result;
    *store = (struct lease_store){ lease, row_read, row_take, row_beat, row_give_back };
    return 0;
}

void lease_sql_close(struct lease_sql *lease)
{
    statement_table_finalize(&lease->table);
}

int lease_sql_shard(struct store *store, uint32_t *out)
{
    int64_t shard;
    int result = store_number(store, "SELECT coalesce(max(shard), 0) FROM core_lease", &shard);

    if (result == 0)
        *out = (uint32_t)shard;
    return result;
}

int lease_sql_shard_set(struct store *store, uint32_t shard)
{
    char text[160];
    uint32_t there = 0;
    int result = store_begin(store);

    (void)snprintf(text, sizeof text, "INSERT INTO core_lease (shard, owner, epoch, beat) SELECT %" PRIu32 ", '', 0, 0"
                   " WHERE NOT EXISTS (SELECT 1 FROM core_lease)", shard);
    if (result == 0)
        result = store_execute(store, text);
    if (result == 0)
        result = lease_sql_shard(store, &there);
    if (result == 0)
        result = there == shard ? store_commit(store) : STORE_ERR_CONSTRAINT;
    if (result < 0)
        store_rollback(store);
    return result;
}
