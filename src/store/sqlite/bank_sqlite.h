/* Bank statements on SQLite: tables bank_mapping, bank_statement and bank_line. */
#ifndef STORE_SQLITE_BANK_SQLITE_H
#define STORE_SQLITE_BANK_SQLITE_H

#include "billing/bank_store.h"
#include "store/store.h"

struct bank_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int bank_sqlite_open(struct store *store, struct bank_sqlite **out);

/* Accepts NULL. Close before the store. */
void bank_sqlite_close(struct bank_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct bank_store *bank_sqlite_store(const struct bank_sqlite *sqlite);

#endif
