/* Bank statements on SQLite: tables bank_mapping, bank_statement and bank_line. */
#ifndef STORE_SQL_BANK_SQL_H
#define STORE_SQL_BANK_SQL_H

#include "billing/bank_store.h"
#include "store/store.h"

struct bank_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int bank_sql_open(struct store *store, struct bank_sql **out);

/* Accepts NULL. Close before the store. */
void bank_sql_close(struct bank_sql *sql);

/* The interface; lives as long as `sql`. */
const struct bank_store *bank_sql_store(const struct bank_sql *sql);

#endif
