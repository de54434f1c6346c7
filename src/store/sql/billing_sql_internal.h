/* The two halves of the billing room's store. */
#ifndef STORE_SQL_BILLING_SQL_INTERNAL_H
#define STORE_SQL_BILLING_SQL_INTERNAL_H

#include "store/sql/billing_sql.h"
#include "store/statement_table.h"

struct billing_sql {
    struct statement_table accounts; /* customers, accounts, devices, tariffs, settings */
    struct statement_table money;    /* charges, bills, payments, settlements */
    struct billing_store store;
};

/* Each prepares its table and fills its part of sql->store. returns 0 or STORE_ERR_* */
int billing_sql_accounts_open(struct store *store, struct billing_sql *sql);
int billing_sql_money_open(struct store *store, struct billing_sql *sql);

#endif
