/* One connection to where everything rests: opening, transactions, one-off statements. Whichever database is behind it,
 * a store is used by these words and those of statement.h.
 *
 * The core holds the only writing connection; each api thread opens its own reading one. A store belongs to one
 * thread. Durable: a commit that returned 0 survives a power cut.
 *
 * A full disk may make the database undo the whole transaction by itself: after any negative answer inside a
 * transaction, call store_rollback (it accepts that nothing is left to undo) or take back the step that failed
 * (store_revert), and let the rooms undo their memory (base/undo.h). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store_error.h"

struct store;

#define STORE_WHY_SIZE 160
#define STORE_SESSION_LIMIT 4 /* texts of store_session */

struct store_config {
    const char *path;         /* file, made when missing; ":memory:" for a store that lives as long as its connection;
                                 "postgresql://..." for a server. Kept by the caller until store_open has answered */
    bool read_only;           /* never writes, never migrates; needs a store that has been migrated already */
    bool alone;               /* on a server: nobody else who wants it alone may have it open; STORE_ERR_BUSY. What a program
                                 keeps in memory must not be changed by another */
    int busy_timeout_ms;      /* how long to wait for another process's lock; 0 means 5,000 */
    int idle_limit_ms;        /* of a writer on a server: a transaction in which nothing is said for so long is undone; 0 none */
    int cache_kib;            /* page cache; 0 means 131,072 for the writer, 8,192 for a reader; a server has its own */
    int64_t page_limit;       /* 0 none; else the file may have so many pages of 4,096 bytes (tests of a full disk) */
    const char *synchronous;  /* NULL means "FULL"; benchmarks may say "OFF" */
    char *why;                /* NULL, or room for STORE_WHY_SIZE: a server's own words when it cannot be opened, one line;
                               * "" when it said nothing. Written by store_open only */
};

/* Open, and bring the schema to this program's version (not when read_only).
 * returns  0; STORE_ERR_OPEN, STORE_ERR_NEWER_SCHEMA, STORE_ERR_NO_SCHEMA (read_only), STORE_ERR_CORRUPT,
 *          STORE_ERR_FULL, STORE_ERR_BUSY, STORE_ERR_MEMORY ... ; *out untouched on failure */
int store_open(const struct store_config *config, struct store **out);

/* Accepts NULL. Every statement prepared on the connection must have been finalized. */
void store_close(struct store *store);

/* Schema version found in the store. */
int store_version(const struct store *store);

/* Does every statement wait for another process to answer? Then rows go many to a statement (given_rows.h), also where a file takes
 * them sooner one by one. */
bool store_answers_late(const struct store *store);

/* The writer's transaction. begin takes the write lock at once (on a server: with the first statement). After commit answered negative nothing of the
 * transaction is stored; call rollback. Each returns 0 or STORE_ERR_*.
 * A store that only reads takes no lock: all that is read until commit is of one state, that of the first statement. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* A step inside the transaction that can be taken back alone; they nest. release keeps it, revert undoes it (and
 * removes the mark). Each returns 0 or STORE_ERR_*. */
int store_savepoint(struct store *store);
int store_release(struct store *store);
int store_revert(struct store *store);

/* True between begin and commit or rollback, unless the database has rolled back by itself. */
bool store_in_transaction(const struct store *store);

/* Statements without parameters and rows: schema, settings, fixtures of tests.
 * returns  0; STORE_ERR_* */
int store_execute(struct store *store, const char *text);

/* The same for what belongs to a session, as a temporary table does: it is done again, outside transactions, whenever the server is
 * connected anew, before anything else is. The same text a second time is not kept twice.
 * text     of static lifetime; at most STORE_SESSION_LIMIT different ones
 * returns  0; STORE_ERR_* and the text is not kept */
int store_session(struct store *store, const char *text);

/* The first column of the first row of a query without parameters; 0 when there is no row.
 * returns  0; STORE_ERR_* with *out untouched */
int store_number(struct store *store, const char *query, int64_t *out);

/* The identifier that the row inserted last got from the database; meaningful right after the INSERT of one row into a
 * table whose identifier was left out. */
int64_t store_last_identifier(const struct store *store);

/* Ask during each query whether anyone still waits for it; a query that is abandoned ends with STORE_ERR_INTERRUPTED.
 * abandoned  called now and then on the thread of the store; true ends the query. NULL: ask no more */
void store_abandon_ask(struct store *store, bool (*abandoned)(void *context), void *context);

/* Move what was logged into its place so that the log does not grow; call when idle. Never fails: it is tried again. */
void store_checkpoint(struct store *store);

#endif
