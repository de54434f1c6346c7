#include "store/sqlite/billing_sqlite.h"
#include "store/sqlite/billing_sqlite_internal.h"

#include <stdlib.h>

static int step_begin(void *context)
{
    struct billing_sqlite *sqlite = context;

    return sqlite_store_savepoint(sqlite->connection);
}

static int step_keep(void *context)
{
    struct billing_sqlite *sqlite = context;

    return sqlite_store_release(sqlite->connection);
}

static int step_revert(void *context)
{
    struct billing_sqlite *sqlite = context;

    return sqlite_store_revert(sqlite->connection);
}

int billing_sqlite_open(struct sqlite_store *store, struct billing_sqlite **out)
{
    struct billing_sqlite *sqlite = calloc(1, sizeof *sqlite);
    int error;

    if (sqlite == NULL)
        return STORE_ERR_MEMORY;
    sqlite->connection = store;
    sqlite->store.context = sqlite;
    sqlite->store.step_begin = step_begin;
    sqlite->store.step_keep = step_keep;
    sqlite->store.step_revert = step_revert;
    error = billing_sqlite_accounts_open(store, sqlite);
    if (error == 0)
        error = billing_sqlite_money_open(store, sqlite);
    if (error < 0) {
        billing_sqlite_close(sqlite);
        return error;
    }
    *out = sqlite;
    return 0;
}

void billing_sqlite_close(struct billing_sqlite *sqlite)
{
    if (sqlite != NULL) {
        statement_table_finalize(&sqlite->money);
        statement_table_finalize(&sqlite->accounts);
    }
    free(sqlite);
}

const struct billing_store *billing_sqlite_store(const struct billing_sqlite *sqlite)
{
    return &sqlite->store;
}
