/* The two halves of the billing room's store. */
#ifndef STORE_SQLITE_BILLING_SQLITE_INTERNAL_H
#define STORE_SQLITE_BILLING_SQLITE_INTERNAL_H

#include "store/sqlite/billing_sqlite.h"
#include "store/statement_table.h"

struct billing_sqlite {
    struct statement_table accounts; /* customers, accounts, devices, tariffs, settings */
    struct statement_table money;    /* charges, bills, payments, settlements */
    struct billing_store store;
};

/* Each prepares its table and fills its part of sqlite->store. returns 0 or STORE_ERR_* */
int billing_sqlite_accounts_open(struct store *store, struct billing_sqlite *sqlite);
int billing_sqlite_money_open(struct store *store, struct billing_sqlite *sqlite);

#endif
