/* Invoices on SQLite. */
#ifndef STORE_SQLITE_INVOICE_SQLITE_H
#define STORE_SQLITE_INVOICE_SQLITE_H

#include "document/invoice_store.h"
#include "store/store.h"

struct invoice_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int invoice_sqlite_open(struct store *store, struct invoice_sqlite **out);

/* Accepts NULL. Close before the store. */
void invoice_sqlite_close(struct invoice_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct invoice_store *invoice_sqlite_store(const struct invoice_sqlite *sqlite);

#endif
