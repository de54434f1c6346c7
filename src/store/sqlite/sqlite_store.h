/* One connection to the embedded database: opening, migrating, transactions.
 *
 * The core holds the only writing connection; each api thread opens its own reading one. A store belongs to one
 * thread. Durable: write-ahead log with synchronous=FULL, so a commit that returned 0 survives a power cut.
 *
 * A full disk may make SQLite undo the whole transaction by itself: after any negative answer inside a transaction,
 * call sqlite_store_rollback (it accepts that nothing is left to undo) and let the rooms undo their memory
 * (base/undo.h). */
#ifndef STORE_SQLITE_SQLITE_STORE_H
#define STORE_SQLITE_SQLITE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/store_error.h"

struct sqlite_store;

struct sqlite_store_config {
    const char *path;         /* file, made when missing; ":memory:" for a store that lives as long as its connection */
    bool read_only;           /* never writes, never migrates; needs a file that has been migrated already */
    int busy_timeout_ms;      /* how long to wait for another process's lock; 0 means 5,000 */
    int cache_kib;            /* page cache; 0 means 131,072 for the writer, 8,192 for a reader */
    int64_t page_limit;       /* 0 none; else the file may have so many pages of 4,096 bytes (tests of a full disk) */
    const char *synchronous;  /* NULL means "FULL"; benchmarks may say "OFF" */
};

/* Open, and bring the schema to this program's version (not when read_only).
 * returns  0; STORE_ERR_OPEN, STORE_ERR_NEWER_SCHEMA, STORE_ERR_NO_SCHEMA (read_only), STORE_ERR_CORRUPT,
 *          STORE_ERR_FULL, STORE_ERR_BUSY, STORE_ERR_MEMORY ... ; *out untouched on failure */
int sqlite_store_open(const struct sqlite_store_config *config, struct sqlite_store **out);

/* Bring an open database to `version` at most (tests of single migrations); sqlite_store_open goes to the newest. */
int sqlite_store_migrate(sqlite3 *connection, int version);

/* Accepts NULL. Every statement prepared on the connection must have been finalized. */
void sqlite_store_close(struct sqlite_store *store);

/* The connection itself, for the *_sqlite.c files of this room. */
sqlite3 *sqlite_store_connection(struct sqlite_store *store);

/* Schema version found in the file. */
int sqlite_store_version(const struct sqlite_store *store);

/* The writer's transaction. begin takes the write lock at once. After commit answered negative nothing of the
 * transaction is stored; call rollback. Each returns 0 or STORE_ERR_*. */
int sqlite_store_begin(struct sqlite_store *store);
int sqlite_store_commit(struct sqlite_store *store);
void sqlite_store_rollback(struct sqlite_store *store);

/* A step inside the transaction that can be taken back alone; they nest. release keeps it, revert undoes it (and
 * removes the mark). */
int sqlite_store_savepoint(struct sqlite_store *store);
int sqlite_store_release(struct sqlite_store *store);
int sqlite_store_revert(struct sqlite_store *store);

/* True between begin and commit or rollback, unless SQLite has rolled back by itself. */
bool sqlite_store_in_transaction(const struct sqlite_store *store);

/* Statements without parameters and rows: schema, pragmas, fixtures of tests. */
int sqlite_store_execute(struct sqlite_store *store, const char *text);

/* The first column of the first row of a query without parameters; 0 when there is no row. */
int sqlite_store_number(struct sqlite_store *store, const char *query, int64_t *out);

/* Change the bound of the file, 0 for none: a disk that fills up and is freed again. */
int sqlite_store_page_limit(struct sqlite_store *store, int64_t page_limit);

/* Move the log into the database file so that it does not grow; call when idle. Never fails: it is tried again. */
void sqlite_store_checkpoint(struct sqlite_store *store);

/* STORE_ERR_* for a result code of SQLite; 0 for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. */
int sqlite_store_error(int result);

#endif
