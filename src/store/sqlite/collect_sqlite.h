/* The tables of reading plans, tasks and what is missing, for the collect room. */
#ifndef STORE_SQLITE_COLLECT_SQLITE_H
#define STORE_SQLITE_COLLECT_SQLITE_H

#include "collect/collect_store.h"
#include "store/store.h"

struct collect_sqlite;

/* store    outlives the result
 * returns  0; STORE_ERR_*; *out untouched on failure */
int collect_sqlite_open(struct store *store, struct collect_sqlite **out);

/* Accepts NULL. */
void collect_sqlite_close(struct collect_sqlite *sqlite);

/* Lives as long as `sqlite`. */
const struct collect_store *collect_sqlite_store(const struct collect_sqlite *sqlite);

#endif
