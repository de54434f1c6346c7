#include "store/sqlite/sqlite_store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/sqlite/given_rows_table.h"
#include "store/sqlite/midnight_table.h"
#include "store/sqlite/search_functions.h"
#include "store/sql/schema.h"
#include "store/sqlite/sqlite_statement.h"
#include "store/sqlite/view_functions.h"
#include "store/store_engine.h"

#define DEFAULT_BUSY_TIMEOUT_MS 5000
#define DEFAULT_WRITER_CACHE_KIB 131072
#define DEFAULT_READER_CACHE_KIB 8192
/* SQLite's own largest bound (2^32 - 2): what "no bound" means. */
#define PAGE_LIMIT_NONE INT64_C(4294967294)

#define PROGRESS_STEPS 20000 /* of SQLite's machine between two questions whether anyone still waits */

struct sqlite_store {
    struct store store;
    sqlite3 *connection;
    bool (*abandoned)(void *context);
    void *abandoned_context;
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

static int connection_configure(sqlite3 *connection, const struct store_config *config)
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

static struct sqlite_store *of(const struct store *store)
{
    return (struct sqlite_store *)(uintptr_t)store;
}

static void engine_close(struct store *store)
{
    sqlite3_close(of(store)->connection);
    free(store);
}

static int engine_begin(struct store *store)
{
    sqlite3 *connection = of(store)->connection;

    return execute(connection, sqlite3_db_readonly(connection, "main") == 1 ? "BEGIN" : "BEGIN IMMEDIATE");
}

static int engine_commit(struct store *store)
{
    return execute(of(store)->connection, "COMMIT");
}

static void engine_rollback(struct store *store)
{
    execute(of(store)->connection, "ROLLBACK");
}

static bool engine_in_transaction(const struct store *store)
{
    return sqlite3_get_autocommit(of(store)->connection) == 0;
}

static int engine_execute(struct store *store, const char *text)
{
    return execute(of(store)->connection, text);
}

static int64_t engine_last_identifier(const struct store *store)
{
    return sqlite3_last_insert_rowid(of(store)->connection);
}

static int progress_ask(void *context)
{
    const struct sqlite_store *store = context;

    return store->abandoned(store->abandoned_context) ? 1 : 0;
}

static void engine_abandon_ask(struct store *store, bool (*abandoned)(void *context), void *context)
{
    of(store)->abandoned = abandoned;
    of(store)->abandoned_context = context;
    sqlite3_progress_handler(of(store)->connection, abandoned != NULL ? PROGRESS_STEPS : 0,
                             abandoned != NULL ? progress_ask : NULL, store);
}

static void engine_checkpoint(struct store *store)
{
    sqlite3_wal_checkpoint_v2(of(store)->connection, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static int engine_prepare(struct store *store, const char *text, struct statement **out)
{
    return sqlite_statement_prepare(store, of(store)->connection, text, out);
}

static int engine_parts_keep(struct store *store, const struct store_parts *parts, int64_t *rest)
{
    (void)store;
    *rest = parts->kept;
    return 0;
}

static const struct store_engine engine = {
    .close = engine_close,
    .begin = engine_begin,
    .commit = engine_commit,
    .rollback = engine_rollback,
    .in_transaction = engine_in_transaction,
    .execute = engine_execute,
    .mark = engine_execute,
    .last_identifier = engine_last_identifier,
    .abandon_ask = engine_abandon_ask,
    .checkpoint = engine_checkpoint,
    .parts_keep = engine_parts_keep,
    .prepare = engine_prepare,
};

int sqlite_store_open(const struct store_config *config, struct store **out)
{
    struct sqlite_store *store = calloc(1, sizeof *store);
    if (!store)
        return STORE_ERR_MEMORY;
    store->store.engine = &engine;
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, without harm, once a database is open: it would lock each allocation */
    int flags = config->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int error = sqlite_store_error(
        sqlite3_open_v2(config->path, &store->connection, flags | SQLITE_OPEN_NOMUTEX, NULL));
    if (error == 0)
        error = connection_configure(store->connection, config);
    if (error == 0)
        error = given_rows_table_register(store->connection);
    if (error == 0)
        error = search_functions_register(store->connection);
    if (error == 0)
        error = view_functions_register(store->connection);
    if (error == 0)
        error = midnight_table_register(store->connection);
    if (error == 0)
        error = schema_check(store->connection, config->read_only, &store->store.version);
    if (error != 0) {
        engine_close(&store->store);
        return error;
    }
    *out = &store->store;
    return 0;
}

sqlite3 *sqlite_store_connection(struct store *store)
{
    assert(store->engine == &engine);
    return of(store)->connection;
}

int sqlite_store_page_limit(struct store *store, int64_t page_limit)
{
    return pragma_number(sqlite_store_connection(store), "max_page_count", page_limit > 0 ? page_limit : PAGE_LIMIT_NONE);
}
