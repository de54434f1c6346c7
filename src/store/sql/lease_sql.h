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

/* The shard that rests in this database: that of its row, 0 when there is none.
 * returns  0; STORE_ERR_*, STATEMENT from a database of before there were leases among them */
int lease_sql_shard(struct store *store, uint32_t *out);

/* Say which it is, while nobody has ever owned one here. Own transaction.
 * returns  0; STORE_ERR_CONSTRAINT: the database holds another shard; STORE_ERR_* with nothing stored */
int lease_sql_shard_set(struct store *store, uint32_t shard);

#endif
