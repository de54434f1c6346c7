#include "store/postgres/postgres_schema.h"

int postgres_schema_check(struct store *store, int *version)
{
    int64_t found = 0;
    int error = store_number(store, "SELECT max(version) FROM schema_version", &found);

    if (error == 0)
        *version = (int)found;
    return error;
}

int postgres_schema_migrate(struct store *store)
{
    return store_execute(store, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)");
}
