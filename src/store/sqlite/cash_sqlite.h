/* Shifts at the cash desk on SQLite: tables cash_shift, payment_undo and cash_deposit. */
#ifndef STORE_SQLITE_CASH_SQLITE_H
#define STORE_SQLITE_CASH_SQLITE_H

#include "billing/cash_store.h"
#include "store/store.h"

struct cash_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int cash_sqlite_open(struct store *store, struct cash_sqlite **out);

/* Accepts NULL. Close before the store. */
void cash_sqlite_close(struct cash_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct cash_store *cash_sqlite_store(const struct cash_sqlite *sqlite);

#endif
