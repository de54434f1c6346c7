#include "store/postgres/postgres_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "store/postgres/postgres_exchange.h"
#include "store/postgres/postgres_names.h"
#include "store/postgres/postgres_schema_texts.h"
#include "store/statement.h"

/* One row a migration; `functions` tells the texts that were made with it from those of another program. */
#define VERSION_TABLE \
    "CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL PRIMARY KEY, functions bigint NOT NULL)"
/* Whoever else would migrate waits. */
#define BEGIN "BEGIN; LOCK TABLE schema_version IN EXCLUSIVE MODE"
#define HAS_VERSIONS "SELECT count(*) FROM pg_tables WHERE tablename = 'schema_version' AND schemaname = current_schema()"

static int run(struct store *store, const char *text)
{
    return postgres_exchange_text(postgres_of(store), text);
}

static int version_read(struct store *store, int64_t *version)
{
    int64_t there = 0;
    int error = store_number(store, HAS_VERSIONS, &there);

    *version = 0;
    if (error == 0 && there > 0)
        error = store_number(store, "SELECT max(version) FROM schema_version", version);
    return error;
}

int postgres_schema_check(struct store *store, int *version)
{
    int64_t found = 0;
    int error = version_read(store, &found);

    if (error == 0 && found > schema_version_newest)
        error = STORE_ERR_NEWER_SCHEMA;
    if (error == 0 && found < schema_version_newest)
        error = STORE_ERR_NO_SCHEMA;
    if (error == 0)
        *version = (int)found;
    return error;
}

/* Texts are compared as UTF-8: another encoding could not hold what people write. */
static int encoding_check(struct store *store)
{
    int64_t is_utf8 = 0;
    int error = store_number(store, "SELECT count(*) FROM pg_database WHERE datname = current_database()"
                                    " AND pg_encoding_to_char(encoding) = 'UTF8'", &is_utf8);

    if (error != 0 || is_utf8 == 1)
        return error;
    if (postgres_of(store)->config.why != NULL)
        (void)snprintf(postgres_of(store)->config.why, STORE_WHY_SIZE, "it must be made with encoding UTF8");
    return STORE_ERR_OPEN;
}

/* The functions that statements call, those of the program's names behind those of the file; NULL without memory. */
static char *functions_make(int64_t *digest)
{
    static const struct hash_key key = { 0 };
    size_t capacity = strlen(postgres_schema_functions) + POSTGRES_NAMES_SIZE;
    char *text = malloc(capacity);

    if (text == NULL)
        return NULL;
    struct writer out = writer_of_buffer(text, capacity);
    writer_text(&out, postgres_schema_functions);
    postgres_names_write(&out);
    *digest = (int64_t)(hash_siphash(key, writer_span(&out)) >> 1);
    (void)writer_terminate(&out);
    if (!out.overflow)
        return text;
    free(text);
    return NULL;
}

static int version_note(struct store *store, int version, int64_t digest)
{
    char text[200];

    snprintf(text, sizeof text, "INSERT INTO schema_version VALUES (%d, %lld) ON CONFLICT (version) DO UPDATE"
                                " SET functions = excluded.functions", version, (long long)digest);
    return run(store, text);
}

static int migrations_apply(struct store *store, int64_t found, int64_t digest)
{
    int error = 0;

    for (int i = 0; error == 0 && i < postgres_schema_migration_count; i++) {
        if (postgres_schema_migrations[i].version <= found)
            continue;
        if (found > 0)
            log_write(LOG_STORE, LOG_INFO, "", "the database is brought to version %d of the schema (%s)",
                      postgres_schema_migrations[i].version, postgres_schema_migrations[i].name);
        error = run(store, postgres_schema_migrations[i].text);
        if (error == 0)
            error = version_note(store, postgres_schema_migrations[i].version, digest);
    }
    return error;
}

/* Inside the transaction that holds the table of versions. */
static int schema_bring(struct store *store, const char *functions, int64_t digest)
{
    int64_t found = 0, made_with = 0;
    int error = version_read(store, &found);

    if (error == 0 && found > schema_version_newest)
        error = STORE_ERR_NEWER_SCHEMA;
    if (error == 0)
        error = store_number(store, "SELECT max(functions) FROM schema_version WHERE version ="
                                    " (SELECT max(version) FROM schema_version)", &made_with);
    if (error == 0 && made_with != digest)
        error = run(store, functions);
    if (error == 0 && made_with != digest && found > 0)
        error = version_note(store, (int)found, digest);
    return error == 0 ? migrations_apply(store, found, digest) : error;
}

int postgres_schema_migrate(struct store *store)
{
    int64_t digest = 0;
    char *functions = functions_make(&digest);
    int error = functions == NULL ? STORE_ERR_MEMORY : encoding_check(store);

    if (error == 0)
        error = run(store, VERSION_TABLE);
    if (error == 0)
        error = run(store, BEGIN);
    if (error == 0)
        error = schema_bring(store, functions, digest);
    if (error == 0)
        error = run(store, "SELECT identifiers_follow(); COMMIT");
    if (error != 0)
        (void)run(store, "ROLLBACK");
    free(functions);
    return error;
}
