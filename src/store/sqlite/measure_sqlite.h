/* What settlement reads beside main registers, on SQLite: tables account_measure and register_reading. */
#ifndef STORE_SQLITE_MEASURE_SQLITE_H
#define STORE_SQLITE_MEASURE_SQLITE_H

#include "billing/measure_store.h"
#include "store/store.h"

struct measure_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int measure_sqlite_open(struct store *store, struct measure_sqlite **out);

/* Accepts NULL. Close before the store. */
void measure_sqlite_close(struct measure_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct billing_measure_store *measure_sqlite_store(const struct measure_sqlite *sqlite);

#endif
