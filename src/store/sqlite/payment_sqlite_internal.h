/* Shared by the files of payments on SQLite only. */
#ifndef STORE_SQLITE_PAYMENT_SQLITE_INTERNAL_H
#define STORE_SQLITE_PAYMENT_SQLITE_INTERNAL_H

#include "store/sqlite/payment_sqlite.h"
#include "store/statement_table.h"

struct payment_sqlite {
    struct statement_table table;
    struct statement_table bills;
    struct payment_order_store store;
};

/* payment_sqlite_bills.c: prepares its statements and fills its functions into sqlite->store. 0; STORE_ERR_STATEMENT */
int payment_sqlite_bills_open(struct store *store, struct payment_sqlite *sqlite);

#endif
