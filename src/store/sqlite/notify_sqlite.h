/* The outbox on SQLite: table notice. */
#ifndef STORE_SQLITE_NOTIFY_SQLITE_H
#define STORE_SQLITE_NOTIFY_SQLITE_H

#include "notify/notify.h"
#include "store/sqlite/sqlite_store.h"

struct notify_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int notify_sqlite_open(struct sqlite_store *store, struct notify_sqlite **out);

/* Accepts NULL. Close before the store. */
void notify_sqlite_close(struct notify_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct notify_store *notify_sqlite_store(const struct notify_sqlite *sqlite);

#endif
