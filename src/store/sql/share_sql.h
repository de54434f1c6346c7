/* Shares of public meters on SQLite: table account_share. */
#ifndef STORE_SQL_SHARE_SQL_H
#define STORE_SQL_SHARE_SQL_H

#include "billing/share_store.h"
#include "store/store.h"

struct share_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int share_sql_open(struct store *store, struct share_sql **out);

/* Accepts NULL. Close before the store. */
void share_sql_close(struct share_sql *sql);

/* The interface; lives as long as `sql`. */
const struct billing_share_store *share_sql_store(const struct share_sql *sql);

#endif
