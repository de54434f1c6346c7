#include "store/store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "store/postgres/postgres_store.h"
#include "store/sqlite/sqlite_store.h"
#include "store/store_engine.h"

int store_open(const struct store_config *config, struct store **out)
{
    if (config->why != NULL)
        config->why[0] = '\0';
    return postgres_path_is(config->path) ? postgres_store_open(config, out) : sqlite_store_open(config, out);
}

void store_close(struct store *store)
{
    if (store != NULL)
        store->engine->close(store);
}

int store_version(const struct store *store)
{
    return store->version;
}

bool store_answers_late(const struct store *store)
{
    return store->engine->answers_late;
}

int store_begin(struct store *store)
{
    store->depth = 0;
    return store->engine->begin(store);
}

int store_commit(struct store *store)
{
    if (!store_in_transaction(store))
        return STORE_ERR_STATEMENT;
    return store->engine->commit(store);
}

void store_rollback(struct store *store)
{
    store->depth = 0;
    if (store_in_transaction(store))
        store->engine->rollback(store);
}

static int savepoint_execute(struct store *store, int (*execute)(struct store *store, const char *text),
                             const char *format, int depth)
{
    char text[80];

    snprintf(text, sizeof text, format, depth, depth);
    return execute(store, text);
}

int store_savepoint(struct store *store)
{
    int error = savepoint_execute(store, store->engine->mark, "SAVEPOINT step_%d", store->depth + 1);

    if (error == 0)
        store->depth++;
    return error;
}

int store_release(struct store *store)
{
    int error = savepoint_execute(store, store->engine->mark, "RELEASE step_%d", store->depth);

    if (error == 0)
        store->depth--;
    return error;
}

int store_revert(struct store *store)
{
    int error = savepoint_execute(store, store->engine->mark, "ROLLBACK TO step_%d; RELEASE step_%d", store->depth);

    if (error == 0)
        store->depth--;
    return error;
}

bool store_in_transaction(const struct store *store)
{
    return store->engine->in_transaction(store);
}

int store_execute(struct store *store, const char *text)
{
    return store->engine->execute(store, text);
}

int store_session(struct store *store, const char *text)
{
    int error = store_execute(store, text);

    if (error != 0)
        return error;
    for (int i = 0; i < store->session_count; i++)
        if (strcmp(store->session_texts[i], text) == 0)
            return 0;
    assert(store->session_count < STORE_SESSION_LIMIT);
    store->session_texts[store->session_count++] = text;
    return 0;
}

int store_number(struct store *store, const char *query, int64_t *out)
{
    struct statement *statement;
    int64_t value = 0;
    int found = statement_prepare(store, query, &statement);

    if (found < 0)
        return found;
    found = statement_row(statement);
    if (found == 1)
        value = statement_integer(statement, 0);
    statement_finalize(statement);
    if (found < 0)
        return found;
    *out = value;
    return 0;
}

int64_t store_last_identifier(const struct store *store)
{
    return store->engine->last_identifier(store);
}

void store_abandon_ask(struct store *store, bool (*abandoned)(void *context), void *context)
{
    store->engine->abandon_ask(store, abandoned, context);
}

void store_checkpoint(struct store *store)
{
    store->engine->checkpoint(store);
}

int store_parts_keep(struct store *store, const struct store_parts *parts, int64_t *rest)
{
    return store->engine->parts_keep(store, parts, rest);
}
