/* Drafts of prices on SQLite: tables tariff_draft and tariff_draft_account. */
#ifndef STORE_SQLITE_TARIFF_SQLITE_H
#define STORE_SQLITE_TARIFF_SQLITE_H

#include "billing/tariff_draft.h"
#include "store/store.h"

struct tariff_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int tariff_sqlite_open(struct store *store, struct tariff_sqlite **out);

/* Accepts NULL. Close before the store. */
void tariff_sqlite_close(struct tariff_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct tariff_draft_store *tariff_sqlite_store(const struct tariff_sqlite *sqlite);

#endif
