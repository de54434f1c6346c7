#include "store/sqlite/sqlite_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/sqlite/given_rows.h"
#include "store/sqlite/schema.h"

#define DEFAULT_BUSY_TIMEOUT_MS 5000
#define DEFAULT_WRITER_CACHE_KIB 131072
#define DEFAULT_READER_CACHE_KIB 8192
/* SQLite's own largest bound (2^32 - 2): what "no bound" means. */
#define PAGE_LIMIT_NONE INT64_C(4294967294)

struct sqlite_store {
    sqlite3 *connection;
    int version;
    int depth; /* of savepoints */
};

struct error_row {
    int result;
    int error;
};

/* By primary result code; extended codes are cut to it first. */
static const struct error_row error_rows[] = {
    { SQLITE_OK, 0 },
    { SQLITE_ROW, 0 },
    { SQLITE_DONE, 0 },
    { SQLITE_FULL, STORE_ERR_FULL },
    { SQLITE_BUSY, STORE_ERR_BUSY },
    { SQLITE_LOCKED, STORE_ERR_BUSY },
    { SQLITE_CORRUPT, STORE_ERR_CORRUPT },
    { SQLITE_NOTADB, STORE_ERR_CORRUPT },
    { SQLITE_IOERR, STORE_ERR_INPUT_OUTPUT },
    { SQLITE_CONSTRAINT, STORE_ERR_CONSTRAINT },
    { SQLITE_CANTOPEN, STORE_ERR_OPEN },
    { SQLITE_PERM, STORE_ERR_OPEN },
    { SQLITE_AUTH, STORE_ERR_OPEN },
    { SQLITE_READONLY, STORE_ERR_READ_ONLY },
    { SQLITE_NOMEM, STORE_ERR_MEMORY },
    { SQLITE_INTERRUPT, STORE_ERR_INTERRUPTED },
};

int sqlite_store_error(int result)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].result == (result & 0xff))
            return error_rows[i].error;
    return STORE_ERR_STATEMENT;
}

static int execute(sqlite3 *connection, const char *text)
{
    return sqlite_store_error(sqlite3_exec(connection, text, NULL, NULL, NULL));
}

static int number_query(sqlite3 *connection, const char *query, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(connection, query, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    int64_t value = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    int error = sqlite_store_error(result);
    if (error == 0)
        *out = value;
    return error;
}

static int pragma_number(sqlite3 *connection, const char *name, int64_t value)
{
    char text[80];
    snprintf(text, sizeof text, "PRAGMA %s = %lld", name, (long long)value);
    return execute(connection, text);
}

/* One migration and its version number are one transaction: a crash leaves the one or the other schema, whole. A table that
 * others refer to may be built anew in it: references are by name, and are minded again afterwards. */
static int migration_apply(sqlite3 *connection, const struct schema_migration *migration)
{
    int error = execute(connection, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
    if (error == 0)
        error = execute(connection, migration->text);
    if (error == 0)
        error = pragma_number(connection, "user_version", migration->version);
    if (error == 0)
        error = execute(connection, "COMMIT");
    if (error != 0)
        execute(connection, "ROLLBACK");
    execute(connection, "PRAGMA foreign_keys = ON");
    return error;
}

int sqlite_store_migrate(sqlite3 *connection, int version)
{
    int64_t found = 0;
    int error = number_query(connection, "PRAGMA user_version", &found);
    if (error == 0 && found > schema_version_newest)
        error = STORE_ERR_NEWER_SCHEMA;
    if (error == 0 && found == 0 && version == schema_version_newest)
        return migration_apply(connection, &schema_whole);
    for (int64_t next = found; error == 0 && next < version; next++)
        error = migration_apply(connection, &schema_migrations[next]);
    return error;
}

static int connection_configure(sqlite3 *connection, const struct sqlite_store_config *config)
{
    char text[160];
    int cache_kib = config->read_only ? DEFAULT_READER_CACHE_KIB : DEFAULT_WRITER_CACHE_KIB;
    if (config->cache_kib > 0)
        cache_kib = config->cache_kib;
    sqlite3_busy_timeout(connection, config->busy_timeout_ms > 0 ? config->busy_timeout_ms : DEFAULT_BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(connection, 1);
    snprintf(text, sizeof text, "PRAGMA foreign_keys = ON; PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY;",
             cache_kib);
    int error = execute(connection, text);
    if (error != 0 || config->read_only)
        return error;
    snprintf(text, sizeof text, "PRAGMA journal_mode = WAL; PRAGMA synchronous = %s; PRAGMA wal_autocheckpoint = 32768;",
             config->synchronous ? config->synchronous : "FULL");
    error = execute(connection, text);
    if (error == 0 && config->page_limit > 0)
        error = pragma_number(connection, "max_page_count", config->page_limit);
    return error;
}

static int schema_check(sqlite3 *connection, bool read_only, int *version)
{
    int64_t found = 0;
    int error = read_only ? 0 : sqlite_store_migrate(connection, schema_version_newest);
    if (error == 0)
        error = number_query(connection, "PRAGMA user_version", &found);
    if (error == 0 && found > schema_version_newest)
        error = STORE_ERR_NEWER_SCHEMA;
    if (error == 0 && found < schema_version_newest)
        error = STORE_ERR_NO_SCHEMA;
    if (error == 0)
        *version = (int)found;
    return error;
}

int sqlite_store_open(const struct sqlite_store_config *config, struct sqlite_store **out)
{
    struct sqlite_store *store = calloc(1, sizeof *store);
    if (!store)
        return STORE_ERR_MEMORY;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, without harm, once a database is open: it would lock each allocation */
    int flags = config->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int error = sqlite_store_error(
        sqlite3_open_v2(config->path, &store->connection, flags | SQLITE_OPEN_NOMUTEX, NULL));
    if (error == 0)
        error = connection_configure(store->connection, config);
    if (error == 0)
        error = given_rows_register(store->connection);
    if (error == 0)
        error = schema_check(store->connection, config->read_only, &store->version);
    if (error != 0) {
        sqlite_store_close(store);
        return error;
    }
    *out = store;
    return 0;
}

void sqlite_store_close(struct sqlite_store *store)
{
    if (!store)
        return;
    sqlite3_close(store->connection);
    free(store);
}

sqlite3 *sqlite_store_connection(struct sqlite_store *store)
{
    return store->connection;
}

int sqlite_store_version(const struct sqlite_store *store)
{
    return store->version;
}

int sqlite_store_begin(struct sqlite_store *store)
{
    store->depth = 0;
    return execute(store->connection, "BEGIN IMMEDIATE");
}

int sqlite_store_commit(struct sqlite_store *store)
{
    if (!sqlite_store_in_transaction(store))
        return STORE_ERR_STATEMENT;
    return execute(store->connection, "COMMIT");
}

void sqlite_store_rollback(struct sqlite_store *store)
{
    store->depth = 0;
    if (sqlite_store_in_transaction(store))
        execute(store->connection, "ROLLBACK");
}

static int savepoint_execute(struct sqlite_store *store, const char *format, int depth)
{
    char text[80];
    snprintf(text, sizeof text, format, depth, depth);
    return execute(store->connection, text);
}

int sqlite_store_savepoint(struct sqlite_store *store)
{
    int error = savepoint_execute(store, "SAVEPOINT step_%d", store->depth + 1);
    if (error == 0)
        store->depth++;
    return error;
}

int sqlite_store_release(struct sqlite_store *store)
{
    int error = savepoint_execute(store, "RELEASE step_%d", store->depth);
    if (error == 0)
        store->depth--;
    return error;
}

int sqlite_store_revert(struct sqlite_store *store)
{
    int error = savepoint_execute(store, "ROLLBACK TO step_%d; RELEASE step_%d", store->depth);
    if (error == 0)
        store->depth--;
    return error;
}

bool sqlite_store_in_transaction(const struct sqlite_store *store)
{
    return sqlite3_get_autocommit(store->connection) == 0;
}

int sqlite_store_execute(struct sqlite_store *store, const char *text)
{
    return execute(store->connection, text);
}

int sqlite_store_number(struct sqlite_store *store, const char *query, int64_t *out)
{
    return number_query(store->connection, query, out);
}

int sqlite_store_page_limit(struct sqlite_store *store, int64_t page_limit)
{
    return pragma_number(store->connection, "max_page_count", page_limit > 0 ? page_limit : PAGE_LIMIT_NONE);
}

void sqlite_store_checkpoint(struct sqlite_store *store)
{
    sqlite3_wal_checkpoint_v2(store->connection, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}
