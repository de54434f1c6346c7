/* The rows of given_rows.h as a virtual table of SQLite. */
#ifndef STORE_SQLITE_GIVEN_ROWS_TABLE_H
#define STORE_SQLITE_GIVEN_ROWS_TABLE_H

#include <sqlite3.h>

#include "store/given_rows.h"

/* Adds the table to a connection.
 * returns  0; STORE_ERR_* */
int given_rows_table_register(sqlite3 *connection);

/* Bind at one place (1 is the first). The rows live, unchanged, until the statement has run.
 * returns  result code of SQLite */
int given_rows_table_bind(sqlite3_stmt *statement, int place, const struct given_rows *rows);

#endif
