/* The registry's store on SQLite: tables tenant, area, device. */
#ifndef STORE_SQLITE_REGISTRY_SQLITE_H
#define STORE_SQLITE_REGISTRY_SQLITE_H

#include "registry/registry_store.h"
#include "store/store.h"

struct registry_sqlite;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int registry_sqlite_open(struct store *store, struct registry_sqlite **out);

/* Accepts NULL. Close before the store. */
void registry_sqlite_close(struct registry_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct registry_store *registry_sqlite_store(const struct registry_sqlite *sqlite);

#endif
