/* The registry's store on SQLite: tables tenant, area, device. */
#ifndef STORE_SQL_REGISTRY_SQL_H
#define STORE_SQL_REGISTRY_SQL_H

#include "registry/registry_store.h"
#include "store/store.h"

struct registry_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int registry_sql_open(struct store *store, struct registry_sql **out);

/* Accepts NULL. Close before the store. */
void registry_sql_close(struct registry_sql *sql);

/* The interface; lives as long as `sql`. */
const struct registry_store *registry_sql_store(const struct registry_sql *sql);

#endif
