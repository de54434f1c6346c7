/* The security room's people_store over the embedded database. */
#ifndef STORE_SQL_PEOPLE_SQL_H
#define STORE_SQL_PEOPLE_SQL_H

#include "security/people.h"
#include "store/statement_table.h"

struct people_sql {
    struct statement_table table;
};

/* Prepare the statements on the writer's connection and fill `store`, which refers to `people` from then on.
 * returns  0 or STORE_ERR_* */
int people_sql_open(struct people_sql *people, struct store *connection, struct people_store *store);

/* Accepts one that was never opened but is all zeros. */
void people_sql_close(struct people_sql *people);

#endif
