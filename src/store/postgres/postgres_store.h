/* A PostgreSQL server behind store.h. What only this engine has is here; all else is in store.h and statement.h.
 *
 * Durable: synchronous_commit is on, so a commit that returned 0 survives a power cut of the server. */
#ifndef STORE_POSTGRES_POSTGRES_STORE_H
#define STORE_POSTGRES_POSTGRES_STORE_H

#include <stdbool.h>

#include "store/store.h"

/* Does the path mean a server: "postgresql://..." or "postgres://..."? */
bool postgres_path_is(const char *path);

/* As store_open. */
int postgres_store_open(const struct store_config *config, struct store **out);

#endif
