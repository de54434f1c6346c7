/* Shares of public meters on SQLite: table account_share. */
#ifndef STORE_SQLITE_SHARE_SQLITE_H
#define STORE_SQLITE_SHARE_SQLITE_H

#include "billing/share_store.h"
#include "store/store.h"

struct share_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int share_sqlite_open(struct store *store, struct share_sqlite **out);

/* Accepts NULL. Close before the store. */
void share_sqlite_close(struct share_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct billing_share_store *share_sqlite_store(const struct share_sqlite *sqlite);

#endif
