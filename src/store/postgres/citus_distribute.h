/* Cut the tables that grow with every report into shards and spread them over the workers of a Citus cluster
 * (citus_places.h). The cluster is there already: its coordinator is the store, its workers have been added to it. */
#ifndef STORE_POSTGRES_CITUS_DISTRIBUTE_H
#define STORE_POSTGRES_CITUS_DISTRIBUTE_H

#include <stdbool.h>

#include "store/store.h"

#define CITUS_SHARDS_STANDARD 32 /* of each table: the most workers it can ever lie on */
#define CITUS_SHARDS_LIMIT 4096

/* Whether the database has the extension.
 * returns  0; STORE_ERR_* with *present untouched */
int citus_present(struct store *store, bool *present);

/* Whether tables are cut; false without the extension.
 * returns  0; STORE_ERR_* with *cut untouched */
int citus_is_cut(struct store *store, bool *cut);

/* Each table in a transaction of its own; rows that are there move. Tables that are cut already stay as they are, so what was
 * interrupted is simply done again; so is a program of a newer version. A store asks as before until it is opened anew; opening it for
 * writing makes what its statements then call. Nobody else may write meanwhile.
 * store        open for writing, outside a transaction
 * shard_count  1 to CITUS_SHARDS_LIMIT, for the first table of each column; the others lie as that one does
 * returns      how many tables were cut now; STORE_ERR_* */
int citus_distribute(struct store *store, int shard_count);

#endif
