/* The ledger's store on SQLite: tables ledger_account, transfer. */
#ifndef STORE_SQLITE_LEDGER_SQLITE_H
#define STORE_SQLITE_LEDGER_SQLITE_H

#include "ledger/ledger_store.h"
#include "store/store.h"

struct ledger_sqlite;

/* `store` must outlive it. A reading connection serves what only reads. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int ledger_sqlite_open(struct store *store, struct ledger_sqlite **out);

/* Accepts NULL. Close before the store. */
void ledger_sqlite_close(struct ledger_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct ledger_store *ledger_sqlite_store(const struct ledger_sqlite *sqlite);

#endif
