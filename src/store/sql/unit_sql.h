/* Units sold to meters on SQLite: tables account_units, unit_purchase, unit_purchase_line. */
#ifndef STORE_SQL_UNIT_SQL_H
#define STORE_SQL_UNIT_SQL_H

#include "billing/unit_store.h"
#include "store/store.h"

struct unit_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int unit_sql_open(struct store *store, struct unit_sql **out);

/* Accepts NULL. Close before the store. */
void unit_sql_close(struct unit_sql *sql);

/* The interface; lives as long as `sql`. */
const struct billing_unit_store *unit_sql_store(const struct unit_sql *sql);

#endif
