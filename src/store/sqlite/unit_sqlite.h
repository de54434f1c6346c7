/* Units sold to meters on SQLite: tables account_units, unit_purchase, unit_purchase_line. */
#ifndef STORE_SQLITE_UNIT_SQLITE_H
#define STORE_SQLITE_UNIT_SQLITE_H

#include "billing/unit_store.h"
#include "store/store.h"

struct unit_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int unit_sqlite_open(struct store *store, struct unit_sqlite **out);

/* Accepts NULL. Close before the store. */
void unit_sqlite_close(struct unit_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct billing_unit_store *unit_sqlite_store(const struct unit_sqlite *sqlite);

#endif
