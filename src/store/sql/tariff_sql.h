/* Drafts of prices on SQLite: tables tariff_draft and tariff_draft_account. */
#ifndef STORE_SQL_TARIFF_SQL_H
#define STORE_SQL_TARIFF_SQL_H

#include "billing/tariff_draft.h"
#include "store/store.h"

struct tariff_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int tariff_sql_open(struct store *store, struct tariff_sql **out);

/* Accepts NULL. Close before the store. */
void tariff_sql_close(struct tariff_sql *sql);

/* The interface; lives as long as `sql`. */
const struct tariff_draft_store *tariff_sql_store(const struct tariff_sql *sql);

#endif
