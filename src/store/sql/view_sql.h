/* The api's view_store over the embedded database: a few reading connections, each with the views prepared as needed.
 *
 * Thread-safe. A view that nobody waits for any more is interrupted (view_query.abandoned). */
#ifndef STORE_SQL_VIEW_SQL_H
#define STORE_SQL_VIEW_SQL_H

#include "api/view_store.h"
#include "store/store_error.h"

#define VIEW_SQLITE_READER_LIMIT 8

struct view_sql;

/* path     the database file, migrated already
 * readers  1 to VIEW_SQLITE_READER_LIMIT; more threads than readers wait for one another
 * returns  0 with *out owned by the caller and *store referring to it; STORE_ERR_* */
int view_sql_open(const char *path, unsigned readers, struct view_sql **out, struct view_store *store);

/* No reading may be in flight. NULL is accepted. */
void view_sql_close(struct view_sql *views);

/* Prepare every view once, to find a text that does not fit the schema.
 * failed   the first view that does not; untouched on success
 * returns  0 or STORE_ERR_STATEMENT */
int view_sql_check(struct view_sql *views, enum view *failed);

#endif
