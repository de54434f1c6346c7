/* What settlement reads beside main registers, on SQLite: tables account_measure and register_reading. */
#ifndef STORE_SQL_MEASURE_SQL_H
#define STORE_SQL_MEASURE_SQL_H

#include "billing/measure_store.h"
#include "store/store.h"

struct measure_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int measure_sql_open(struct store *store, struct measure_sql **out);

/* Accepts NULL. Close before the store. */
void measure_sql_close(struct measure_sql *sql);

/* The interface; lives as long as `sql`. */
const struct billing_measure_store *measure_sql_store(const struct measure_sql *sql);

#endif
