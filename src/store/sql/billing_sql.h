/* The billing room's store on SQLite: customers, accounts, tariffs, charges, bills, payments, settlements. */
#ifndef STORE_SQL_BILLING_SQL_H
#define STORE_SQL_BILLING_SQL_H

#include "billing/billing_store.h"
#include "store/store.h"

struct billing_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int billing_sql_open(struct store *store, struct billing_sql **out);

/* Accepts NULL. Close before the store. */
void billing_sql_close(struct billing_sql *sql);

/* The interface; lives as long as `sql`. */
const struct billing_store *billing_sql_store(const struct billing_sql *sql);

#endif
