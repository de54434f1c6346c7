/* The lease room's lease_store over a store. */
#ifndef STORE_SQL_LEASE_SQL_H
#define STORE_SQL_LEASE_SQL_H

#include "lease/lease.h"
#include "store/statement_table.h"

struct lease_sql {
    struct statement_table table;
};

/* Prepare the statements on a writing connection and fill `store`, which refers to `lease` from then on.
 * returns  0 or STORE_ERR_* */
int lease_sql_open(struct lease_sql *lease, struct store *connection, struct lease_store *store);

/* Accepts one that was never opened but is all zeros. */
void lease_sql_close(struct lease_sql *lease);

#endif
