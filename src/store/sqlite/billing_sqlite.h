/* The billing room's store on SQLite: customers, accounts, tariffs, charges, bills, payments, settlements. */
#ifndef STORE_SQLITE_BILLING_SQLITE_H
#define STORE_SQLITE_BILLING_SQLITE_H

#include "billing/billing_store.h"
#include "store/store.h"

struct billing_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int billing_sqlite_open(struct store *store, struct billing_sqlite **out);

/* Accepts NULL. Close before the store. */
void billing_sqlite_close(struct billing_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct billing_store *billing_sqlite_store(const struct billing_sqlite *sqlite);

#endif
