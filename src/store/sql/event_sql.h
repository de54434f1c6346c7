/* The notify room's event_store over the embedded database. */
#ifndef STORE_SQL_EVENT_SQL_H
#define STORE_SQL_EVENT_SQL_H

#include "notify/event.h"
#include "store/statement_table.h"

struct event_sql {
    struct statement_table table;
    bool any; /* there is an endpoint: most houses have none, and settle millions of bills */
};

/* Prepare the statements on the writer's connection and fill `store`, which refers to `events` from then on.
 * returns  0 or STORE_ERR_* */
int event_sql_open(struct event_sql *events, struct store *connection, struct event_store *store);

/* Accepts one that was never opened but is all zeros. */
void event_sql_close(struct event_sql *events);

#endif
