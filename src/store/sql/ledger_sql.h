/* The ledger's store on SQLite: tables ledger_account, transfer. */
#ifndef STORE_SQL_LEDGER_SQL_H
#define STORE_SQL_LEDGER_SQL_H

#include "ledger/ledger_store.h"
#include "store/store.h"

struct ledger_sql;

/* `store` must outlive it. A reading connection serves what only reads. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int ledger_sql_open(struct store *store, struct ledger_sql **out);

/* Accepts NULL. Close before the store. */
void ledger_sql_close(struct ledger_sql *sql);

/* The interface; lives as long as `sql`. */
const struct ledger_store *ledger_sql_store(const struct ledger_sql *sql);

#endif
