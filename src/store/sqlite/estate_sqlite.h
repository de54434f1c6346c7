/* The estate room's store over SQLite. */
#ifndef STORE_SQLITE_ESTATE_SQLITE_H
#define STORE_SQLITE_ESTATE_SQLITE_H

#include "estate/estate_store.h"
#include "store/store.h"

struct estate_sqlite;

/* returns  0; STORE_ERR_MEMORY, STORE_ERR_STATEMENT */
int estate_sqlite_open(struct store *store, struct estate_sqlite **out);

/* Accepts NULL. */
void estate_sqlite_close(struct estate_sqlite *sqlite);

/* Lives as long as `sqlite`. */
const struct estate_store *estate_sqlite_store(const struct estate_sqlite *sqlite);

#endif
