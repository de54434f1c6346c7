#include "store/postgres/postgres_store.h"

#include <stdlib.h>
#include <string.h>

#include "store/postgres/citus_distribute.h"
#include "store/postgres/citus_functions.h"
#include "store/postgres/postgres_exchange.h"
#include "store/postgres/postgres_outcome.h"
#include "store/postgres/postgres_parts.h"
#include "store/postgres/postgres_schema.h"
#include "store/postgres/postgres_statement.h"
#include "store/postgres/postgres_text.h"

#define IDENTIFIERS_FOLLOW "SELECT identifiers_follow()"

bool postgres_path_is(const char *path)
{
    return strncmp(path, "postgresql://", 13) == 0 || strncmp(path, "postgres://", 11) == 0;
}

static void engine_close(struct store *store)
{
    struct postgres_store *own = postgres_of(store);

    postgres_connection_close(&own->connection);
    free((void *)(uintptr_t)own->config.path);
    free(own);
}

/* The server hears of it with the first statement. */
static int engine_begin(struct store *store)
{
    struct postgres_store *own = postgres_of(store);

    if (own->in_transaction)
        return STORE_ERR_STATEMENT;
    int error = postgres_exchange_ready(own);
    if (error != 0)
        return error;
    own->transaction = 0;
    own->waiting_count = 0;
    own->begin_waits = true;
    own->in_transaction = true;
    return 0;
}

static int commit_send(struct postgres_store *store)
{
    int error = postgres_exchange_begin(store);

    if (error != 0)
        return error;
    store->connection.may_cancel = false; /* what is on its way to the disk is waited for */
    error = postgres_exchange_send(store, PQsendQueryParams(store->connection.native, "COMMIT", 0, NULL, NULL, NULL, NULL, 0));
    if (error != 0)
        return error;
    PGresult *result = postgres_connection_result(&store->connection);
    error = postgres_connection_error(&store->connection, result);
    if (error == 0 && (result == NULL || strcmp(PQcmdStatus(result), "COMMIT") != 0))
        error = STORE_ERR_STATEMENT; /* a statement had failed: the server rolled back instead, and says so in a word only */
    PQclear(result);
    return postgres_exchange_end(store, error);
}

/* Marks that still wait mark nothing. */
static int engine_commit(struct store *store)
{
    struct postgres_store *own = postgres_of(store);

    own->waiting_count = 0;
    if (own->begin_waits) {
        own->begin_waits = own->in_transaction = false;
        return 0;
    }
    bool was_doomed = own->doomed;
    int error = commit_send(own);
    if (error == STORE_ERR_CONNECTION)
        own->in_transaction = own->doomed = false;
    if (error == STORE_ERR_CONNECTION && own->transaction != 0 && !was_doomed)
        return postgres_outcome_find(own, own->transaction);
    return error;
}

static void engine_rollback(struct store *store)
{
    struct postgres_store *own = postgres_of(store);

    own->waiting_count = 0;
    if (!own->begin_waits && !own->doomed)
        (void)postgres_exchange_text(own, "ROLLBACK"); /* with its connection, it is rolled back, too */
    own->begin_waits = own->in_transaction = own->doomed = false;
}

static bool engine_in_transaction(const struct store *store)
{
    return postgres_of(store)->in_transaction;
}

/* Rows of fixtures and imports may have brought identifiers of their own. */
static int engine_execute(struct store *store, const char *text)
{
    struct postgres_text made;
    int error = postgres_text_make(text, &made);

    if (error != 0)
        return error;
    error = postgres_exchange_text(postgres_of(store), made.text);
    postgres_text_free(&made);
    if (error == 0 && strstr(text, "INSERT") != NULL)
        error = postgres_exchange_text(postgres_of(store), IDENTIFIERS_FOLLOW);
    return error;
}

/* A mark outside a transaction begins one; its release ends it. */
static int first_mark(struct postgres_store *own, const char *text)
{
    bool releases = strstr(text, "RELEASE") != NULL;

    if (strncmp(text, "SAVEPOINT ", 10) == 0) {
        snprintf(own->first_mark, sizeof own->first_mark, "%s", text + 10);
        return engine_begin(&own->store);
    }
    if (releases)
        own->first_mark[0] = '\0';
    if (strncmp(text, "RELEASE", 7) == 0)
        return engine_commit(&own->store);
    engine_rollback(&own->store);
    return releases ? 0 : engine_begin(&own->store);
}

/* Is it about the mark that began the transaction, or would begin one? */
static bool first_mark_is(const struct postgres_store *own, const char *text)
{
    const char *name = strstr(text, own->first_mark);

    if (own->first_mark[0] == '\0')
        return !own->in_transaction && strncmp(text, "SAVEPOINT ", 10) == 0;
    return name != NULL && strchr("; ", name[strlen(own->first_mark)]) != NULL; /* strchr finds the end as well */
}

/* A mark that is released before anything was done behind it need not be made. */
static int engine_mark(struct store *store, const char *text)
{
    struct postgres_store *own = postgres_of(store);
    int last = own->waiting_count - 1;
    const char *name = strchr(text, ' ');

    if (first_mark_is(own, text))
        return first_mark(own, text);
    if (strncmp(text, "ROLLBACK", 8) == 0)
        return postgres_exchange_text(own, text);

    if (strncmp(text, "RELEASE", 7) == 0 && last >= 0 && strncmp(own->waiting[last], "SAVEPOINT", 9) == 0 &&
        strcmp(strchr(own->waiting[last], ' '), name) == 0) {
        own->waiting_count = last;
        return 0;
    }
    return postgres_exchange_wait(own, text);
}

static int64_t engine_last_identifier(const struct store *store)
{
    return postgres_statement_last_identifier(postgres_of(store));
}

static void engine_abandon_ask(struct store *store, bool (*abandoned)(void *context), void *context)
{
    postgres_of(store)->connection.abandoned = abandoned;
    postgres_of(store)->connection.abandoned_context = context;
}

/* The server does it by itself. */
static void engine_checkpoint(struct store *store)
{
    (void)store;
}

static int engine_prepare(struct store *store, const char *text, struct statement **out)
{
    return postgres_statement_prepare(postgres_of(store), text, out);
}

static const struct store_engine engine = {
    .answers_late = true,
    .close = engine_close,
    .begin = engine_begin,
    .commit = engine_commit,
    .rollback = engine_rollback,
    .in_transaction = engine_in_transaction,
    .execute = engine_execute,
    .mark = engine_mark,
    .last_identifier = engine_last_identifier,
    .abandon_ask = engine_abandon_ask,
    .checkpoint = engine_checkpoint,
    .parts_keep = postgres_parts_keep,
    .prepare = engine_prepare,
};

static int schema_open(struct store *store, bool read_only)
{
    int version = 0;
    int error = read_only ? 0 : postgres_schema_migrate(store);

    if (error == 0)
        error = postgres_schema_check(store, &version);
    if (error == 0)
        error = citus_is_cut(store, &postgres_of(store)->is_cut);
    if (error == 0 && postgres_of(store)->is_cut && !read_only)
        error = postgres_exchange_text(postgres_of(store), citus_functions);
    if (error == 0)
        store->version = version;
    return error;
}

int postgres_store_open(const struct store_config *config, struct store **out)
{
    struct postgres_store *store = calloc(1, sizeof *store);
    char *path = strdup(config->path);

    if (store == NULL || path == NULL) {
        free(store);
        free(path);
        return STORE_ERR_MEMORY;
    }
    store->store.engine = &engine;
    store->config = *config;
    store->config.path = path;
    int error = postgres_exchange_ready(store);
    if (error == STORE_ERR_CONNECTION)
        error = STORE_ERR_OPEN;
    if (error == 0)
        error = schema_open(&store->store, config->read_only);
    store->config.why = NULL; /* the caller's, for the time of this call */
    if (error != 0) {
        engine_close(&store->store);
        return error;
    }
    *out = &store->store;
    return 0;
}
