/* The estate room's store over SQLite. */
#ifndef STORE_SQL_ESTATE_SQL_H
#define STORE_SQL_ESTATE_SQL_H

#include "estate/estate_store.h"
#include "store/store.h"

struct estate_sql;

/* returns  0; STORE_ERR_MEMORY, STORE_ERR_STATEMENT */
int estate_sql_open(struct store *store, struct estate_sql **out);

/* Accepts NULL. */
void estate_sql_close(struct estate_sql *sql);

/* Lives as long as `sql`. */
const struct estate_store *estate_sql_store(const struct estate_sql *sql);

#endif
