/* The watch room's store on SQLite: table event. */
#ifndef STORE_SQLITE_WATCH_SQLITE_H
#define STORE_SQLITE_WATCH_SQLITE_H

#include "store/store.h"
#include "watch/watch_store.h"

struct watch_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int watch_sqlite_open(struct store *store, struct watch_sqlite **out);

/* Accepts NULL. Close before the store. */
void watch_sqlite_close(struct watch_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct watch_store *watch_sqlite_store(const struct watch_sqlite *sqlite);

#endif
