#include "store/sql/billing_sql.h"
#include "store/sql/billing_sql_internal.h"

#include <stdlib.h>

int billing_sql_open(struct store *store, struct billing_sql **out)
{
    struct billing_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    sql->store.context = sql;
    error = billing_sql_accounts_open(store, sql);
    if (error == 0)
        error = billing_sql_money_open(store, sql);
    if (error < 0) {
        billing_sql_close(sql);
        return error;
    }
    *out = sql;
    return 0;
}

void billing_sql_close(struct billing_sql *sql)
{
    if (sql != NULL) {
        statement_table_finalize(&sql->money);
        statement_table_finalize(&sql->accounts);
    }
    free(sql);
}

const struct billing_store *billing_sql_store(const struct billing_sql *sql)
{
    return &sql->store;
}
