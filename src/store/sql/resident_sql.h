/* The security room's resident_store over the embedded database. */
#ifndef STORE_SQL_RESIDENT_SQL_H
#define STORE_SQL_RESIDENT_SQL_H

#include "security/resident.h"
#include "store/statement_table.h"

struct resident_sql {
    struct statement_table table;
};

/* Prepare the statements on the writer's connection and fill `store`, which refers to `residents` from then on.
 * people   whose audit trail is used
 * returns  0 or STORE_ERR_* */
int resident_sql_open(struct resident_sql *residents, struct store *connection,
    struct people_store *people, struct resident_store *store);

/* Accepts one that was never opened but is all zeros. */
void resident_sql_close(struct resident_sql *residents);

#endif
