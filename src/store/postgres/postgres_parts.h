/* Parts of tables are partitions by range; how they are made and dropped stands in schema/postgres/functions.sql. */
#ifndef STORE_POSTGRES_POSTGRES_PARTS_H
#define STORE_POSTGRES_POSTGRES_PARTS_H

#include "store/store_parts.h"

/* store_parts_keep. */
int postgres_parts_keep(struct store *store, const struct store_parts *parts, int64_t *rest);

#endif
