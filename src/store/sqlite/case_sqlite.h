/* The cases' store (billing/case_store.h) on SQLite: approvals, refunds. */
#ifndef STORE_SQLITE_CASE_SQLITE_H
#define STORE_SQLITE_CASE_SQLITE_H

#include "billing/case_store.h"
#include "store/store.h"

struct case_sqlite;

/* Prepare the statements on the store's connection. The store must outlive the result.
 * returns  0; STORE_ERR_*; *out untouched on failure */
int case_sqlite_open(struct store *store, struct case_sqlite **out);

/* Accepts NULL. */
void case_sqlite_close(struct case_sqlite *sqlite);

const struct case_store *case_sqlite_store(const struct case_sqlite *sqlite);

#endif
