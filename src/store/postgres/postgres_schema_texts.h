/* The schema in words of PostgreSQL, packed into the program by tools/pack_postgres_schema. */
#ifndef STORE_POSTGRES_POSTGRES_SCHEMA_TEXTS_H
#define STORE_POSTGRES_POSTGRES_SCHEMA_TEXTS_H

#include "store/sql/schema.h"

/* Ordered by version. The first begins an empty database; the last is schema_version_newest. */
extern const struct schema_migration postgres_schema_migrations[];
extern const int postgres_schema_migration_count;

/* What statements and tables call; made before the tables, and anew whenever the program's differ. */
extern const char postgres_schema_functions[];

#endif
