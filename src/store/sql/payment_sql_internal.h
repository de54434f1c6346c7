/* Shared by the files of payments on SQLite only. */
#ifndef STORE_SQL_PAYMENT_SQL_INTERNAL_H
#define STORE_SQL_PAYMENT_SQL_INTERNAL_H

#include "store/sql/payment_sql.h"
#include "store/statement_table.h"

struct payment_sql {
    struct statement_table table;
    struct statement_table bills;
    struct payment_order_store store;
};

/* payment_sql_bills.c: prepares its statements and fills its functions into sql->store. 0; STORE_ERR_STATEMENT */
int payment_sql_bills_open(struct store *store, struct payment_sql *sql);

#endif
