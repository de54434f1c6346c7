/* The cases' store (billing/case_store.h) on SQLite: approvals, refunds. */
#ifndef STORE_SQL_CASE_SQL_H
#define STORE_SQL_CASE_SQL_H

#include "billing/case_store.h"
#include "store/store.h"

struct case_sql;

/* Prepare the statements on the store's connection. The store must outlive the result.
 * returns  0; STORE_ERR_*; *out untouched on failure */
int case_sql_open(struct store *store, struct case_sql **out);

/* Accepts NULL. */
void case_sql_close(struct case_sql *sql);

const struct case_store *case_sql_store(const struct case_sql *sql);

#endif
