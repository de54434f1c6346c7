/* The watch room's store on SQLite: table event. */
#ifndef STORE_SQL_WATCH_SQL_H
#define STORE_SQL_WATCH_SQL_H

#include "store/store.h"
#include "watch/watch_store.h"

struct watch_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int watch_sql_open(struct store *store, struct watch_sql **out);

/* Accepts NULL. Close before the store. */
void watch_sql_close(struct watch_sql *sql);

/* The interface; lives as long as `sql`. */
const struct watch_store *watch_sql_store(const struct watch_sql *sql);

#endif
