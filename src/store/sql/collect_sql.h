/* The tables of reading plans, tasks and what is missing, for the collect room. */
#ifndef STORE_SQL_COLLECT_SQL_H
#define STORE_SQL_COLLECT_SQL_H

#include "collect/collect_store.h"
#include "store/store.h"

struct collect_sql;

/* store    outlives the result
 * returns  0; STORE_ERR_*; *out untouched on failure */
int collect_sql_open(struct store *store, struct collect_sql **out);

/* Accepts NULL. */
void collect_sql_close(struct collect_sql *sql);

/* Lives as long as `sql`. */
const struct collect_store *collect_sql_store(const struct collect_sql *sql);

#endif
