/* The embedded database behind store.h: one file, or one in memory. What only this engine has is here; all else is in
 * store.h and statement.h.
 *
 * Durable: write-ahead log with synchronous=FULL, so a commit that returned 0 survives a power cut. */
#ifndef STORE_SQLITE_SQLITE_STORE_H
#define STORE_SQLITE_SQLITE_STORE_H

#include <sqlite3.h>

#include "store/store.h"

/* As store_open. */
int sqlite_store_open(const struct store_config *config, struct store **out);

/* Bring an open database to `version` at most (tests of single migrations); store_open goes to the newest.
 * returns  0; STORE_ERR_* */
int sqlite_store_migrate(sqlite3 *connection, int version);

/* The connection itself; the store must be one of this engine (assertion). */
sqlite3 *sqlite_store_connection(struct store *store);

/* Change the bound of the file, 0 for none: a disk that fills up and is freed again.
 * returns  0; STORE_ERR_* */
int sqlite_store_page_limit(struct store *store, int64_t page_limit);

/* STORE_ERR_* for a result code of SQLite; 0 for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. */
int sqlite_store_error(int result);

#endif
