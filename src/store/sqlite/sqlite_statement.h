/* Statements of the embedded database behind statement.h. */
#ifndef STORE_SQLITE_SQLITE_STATEMENT_H
#define STORE_SQLITE_SQLITE_STATEMENT_H

#include <sqlite3.h>

#include "store/statement.h"

/* As statement_prepare. */
int sqlite_statement_prepare(struct store *store, sqlite3 *connection, const char *text, struct statement **out);

#endif
