#include "store/sqlite/billing_sqlite.h"
#include "store/sqlite/billing_sqlite_internal.h"

#include <stdlib.h>

int billing_sqlite_open(struct store *store, struct billing_sqlite **out)
{
    struct billing_sqlite *sqlite = calloc(1, sizeof *sqlite);
    int error;

    if (sqlite == NULL)
        return STORE_ERR_MEMORY;
    sqlite->store.context = sqlite;
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
