/* The security room's partner_store over the embedded database. */
#ifndef STORE_SQL_PARTNER_SQL_H
#define STORE_SQL_PARTNER_SQL_H

#include "security/partner.h"
#include "store/statement_table.h"

struct partner_sql {
    struct statement_table table;
};

/* Prepare the statements on the writer's connection and fill `store`, which refers to `partners` from then on.
 * returns  0 or STORE_ERR_* */
int partner_sql_open(struct partner_sql *partners, struct store *connection, struct partner_store *store);

/* Accepts one that was never opened but is all zeros. */
void partner_sql_close(struct partner_sql *partners);

#endif
