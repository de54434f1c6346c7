/* Shifts at the cash desk on SQLite: tables cash_shift, payment_undo and cash_deposit. */
#ifndef STORE_SQL_CASH_SQL_H
#define STORE_SQL_CASH_SQL_H

#include "billing/cash_store.h"
#include "store/store.h"

struct cash_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int cash_sql_open(struct store *store, struct cash_sql **out);

/* Accepts NULL. Close before the store. */
void cash_sql_close(struct cash_sql *sql);

/* The interface; lives as long as `sql`. */
const struct cash_store *cash_sql_store(const struct cash_sql *sql);

#endif
