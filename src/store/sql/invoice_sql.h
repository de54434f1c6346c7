/* Invoices on SQLite. */
#ifndef STORE_SQL_INVOICE_SQL_H
#define STORE_SQL_INVOICE_SQL_H

#include "document/invoice_store.h"
#include "store/store.h"

struct invoice_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int invoice_sql_open(struct store *store, struct invoice_sql **out);

/* Accepts NULL. Close before the store. */
void invoice_sql_close(struct invoice_sql *sql);

/* The interface; lives as long as `sql`. */
const struct invoice_store *invoice_sql_store(const struct invoice_sql *sql);

#endif
