#include "store/postgres/citus_distribute.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/postgres/citus_places.h"

#define TEXT_LIMIT 512

int citus_present(struct store *store, bool *present)
{
    int64_t count = 0;
    int error = store_number(store, "SELECT count(*) FROM pg_extension WHERE extname = 'citus'", &count);

    if (error == 0)
        *present = count > 0;
    return error;
}

int citus_is_cut(struct store *store, bool *cut)
{
    bool present = false;
    int64_t count = 0;
    int error = citus_present(store, &present);

    if (error == 0 && present)
        error = store_number(store, "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass('daily_reading')", &count);
    if (error == 0)
        *cut = count > 0;
    return error;
}

static int is_cut(struct store *store, const char *name, bool *out)
{
    char text[TEXT_LIMIT];
    int64_t count = 0;
    int error;

    snprintf(text, sizeof text, "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass('%s')", name);
    error = store_number(store, text, &count);
    if (error == 0)
        *out = count > 0;
    return error;
}

/* Rows of one device, or account, lie on one worker, whichever table they are of: the first table decides. */
static int shards_make(struct store *store, const struct citus_table *table, const struct citus_table *first, int shard_count)
{
    const char *column = citus_columns[table->place];
    char text[TEXT_LIMIT];

    if (table == first)
        snprintf(text, sizeof text, "SELECT create_distributed_table('%s', '%s', 'hash', 'none', %d)", table->name, column,
            shard_count);
    else
        snprintf(text, sizeof text, "SELECT create_distributed_table('%s', '%s', 'hash', '%s')", table->name, column, first->name);
    return store_execute(store, text);
}

static int key_change(struct store *store, const struct citus_table *table)
{
    char text[TEXT_LIMIT];

    if (table->key == NULL)
        return 0;
    snprintf(text, sizeof text, "ALTER TABLE %s DROP CONSTRAINT %s_pkey, ADD PRIMARY KEY (%s)", table->name, table->name,
        table->key);
    return store_execute(store, text);
}

/* Rows that were there have been copied, and lie unseen on the coordinator until this. */
static int copied_drop(struct store *store, const struct citus_table *table)
{
    char text[TEXT_LIMIT];

    snprintf(text, sizeof text, "SELECT truncate_local_data_after_distributing_table('%s')", table->name);
    return store_execute(store, text);
}

static int table_cut(struct store *store, const struct citus_table *table, const struct citus_table *first, int shard_count)
{
    int error = store_begin(store);

    if (error != 0)
        return error;
    error = key_change(store, table);
    if (error == 0)
        error = shards_make(store, table, first, shard_count);
    if (error == 0)
        error = copied_drop(store, table);
    if (error == 0)
        error = store_commit(store);
    if (error != 0)
        store_rollback(store);
    return error;
}

/* One connection to each worker, one after the other: a commit is then agreed on with as many as there are workers, not shards.
 * Rows in batches of some hundred are written seven times as fast that way. Connections made from now on have it. Only where it is not
 * so yet: of two who change a database at once PostgreSQL refuses one. */
static int writing_set(struct store *store)
{
    return store_execute(store, "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase"
        " WHERE d.datname = current_database() AND s.setrole = 0"
        " AND 'citus.multi_shard_modify_mode=sequential' = ANY (s.setconfig)) THEN"
        " EXECUTE format('ALTER DATABASE %I SET citus.multi_shard_modify_mode = sequential', current_database()); END IF; END $$");
}

int citus_distribute(struct store *store, int shard_count)
{
    const struct citus_table *first[CITUS_PLACE_COUNT] = { NULL };
    int error = writing_set(store);
    int made = 0;

    for (size_t i = 0; error == 0 && i < citus_table_count; i++) {
        const struct citus_table *table = &citus_tables[i];
        bool cut = false;

        if (citus_columns[table->place] == NULL)
            continue;
        if (first[table->place] == NULL)
            first[table->place] = table;
        error = is_cut(store, table->name, &cut);
        if (error == 0 && !cut) {
            error = table_cut(store, table, first[table->place], shard_count);
            made++;
        }
    }
    return error != 0 ? error : made;
}
