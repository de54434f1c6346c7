/* All prepared statements of one file as one indexed array, and short words to bind and step them.
 *
 * A *_sqlite.c file lists its statements in an array of texts indexed by an enum; statement_table_prepare turns the
 * list into prepared statements once. Each use: statement_take, bind_*, then statement_run or statement_row. */
#ifndef STORE_SQLITE_STATEMENT_TABLE_H
#define STORE_SQLITE_STATEMENT_TABLE_H

#include <stdint.h>

#include <sqlite3.h>

#include "base/span.h"
#include "store/sqlite/sqlite_store.h"

#define STATEMENT_TABLE_LIMIT 64

struct statement_table {
    sqlite3 *connection;
    sqlite3_stmt *statements[STATEMENT_TABLE_LIMIT];
    size_t count;
};

/* Prepare every text.
 * count    at most STATEMENT_TABLE_LIMIT
 * returns  0; STORE_ERR_STATEMENT for a text that does not fit the schema; nothing stays prepared on failure */
int statement_table_prepare(struct statement_table *table, struct sqlite_store *store, const char *const texts[],
                            size_t count);

/* Accepts a table of zeros. */
void statement_table_finalize(struct statement_table *table);

/* The statement at `index`, reset and without bindings. */
sqlite3_stmt *statement_take(struct statement_table *table, size_t index);

/* Bind the integers to parameters 1 to count, in order. */
void statement_bind_integers(sqlite3_stmt *statement, const int64_t values[], int count);

/* Bind at one place (1 is the first). Text and bytes are copied; NULL text binds NULL. */
void statement_bind_integer(sqlite3_stmt *statement, int place, int64_t value);
void statement_bind_text(sqlite3_stmt *statement, int place, const char *text);
/* Text that lives as long as the program, such as a name of an enum: not copied. */
void statement_bind_name(sqlite3_stmt *statement, int place, const char *text);
/* Text that lives until the statement has run: not copied. */
void statement_bind_span(sqlite3_stmt *statement, int place, struct span text);
void statement_bind_bytes(sqlite3_stmt *statement, int place, const void *bytes, size_t size);

/* Step a statement that gives no rows, and reset it.
 * returns  rows changed (0 or more); STORE_ERR_* */
int statement_run(sqlite3_stmt *statement);

/* As statement_run where it does not matter how many rows changed: 0; STORE_ERR_* */
int statement_change(sqlite3_stmt *statement);

/* The same for one new row: 0 and the identifier it got; STORE_ERR_* with *identifier untouched */
int statement_run_insert(sqlite3_stmt *statement, int64_t *identifier);

/* Step to the next row.
 * returns  1 a row is there; 0 no more (reset already); STORE_ERR_* (reset already) */
int statement_row(sqlite3_stmt *statement);

/* The integer that the only row of a statement gives, stepped to its end: what RETURNING gives is written only then.
 * returns  1 and *number; 0 no row; STORE_ERR_* */
int statement_number(sqlite3_stmt *statement, int64_t *number);

/* End a query before its last row. */
void statement_end(sqlite3_stmt *statement);

/* Copy column `column` (0 is the first) as text, cut at a code point when it is longer than the buffer; "" for NULL. */
void statement_text(sqlite3_stmt *statement, int column, char *text, size_t capacity);

#endif
