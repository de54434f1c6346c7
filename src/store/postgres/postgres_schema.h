/* The schema of the rooms in a PostgreSQL database: in the first schema of the connection's search_path. */
#ifndef STORE_POSTGRES_POSTGRES_SCHEMA_H
#define STORE_POSTGRES_POSTGRES_SCHEMA_H

#include "store/store.h"

/* The version that is there, when it is this program's.
 * returns  0; STORE_ERR_NO_SCHEMA for an older one or none; STORE_ERR_NEWER_SCHEMA; STORE_ERR_* */
int postgres_schema_check(struct store *store, int *version);

/* Bring an open store to this program's version. Called outside a transaction, only by a store that may write.
 * returns  0; STORE_ERR_NEWER_SCHEMA; STORE_ERR_* */
int postgres_schema_migrate(struct store *store);

#endif
