/* The notify room's event_store over the embedded database. */
#ifndef STORE_SQLITE_EVENT_SQLITE_H
#define STORE_SQLITE_EVENT_SQLITE_H

#include "notify/event.h"
#include "store/statement_table.h"

struct event_sqlite {
    struct statement_table table;
    bool any; /* there is an endpoint: most houses have none, and settle millions of bills */
};

/* Prepare the statements on the writer's connection and fill `store`, which refers to `events` from then on.
 * returns  0 or STORE_ERR_* */
int event_sqlite_open(struct event_sqlite *events, struct store *connection, struct event_store *store);

/* Accepts one that was never opened but is all zeros. */
void event_sqlite_close(struct event_sqlite *events);

#endif
