/* All prepared statements of one file as one indexed array.
 *
 * A *_sql.c file lists its statements in an array of texts indexed by an enum; statement_table_prepare turns the
 * list into prepared statements once. Each use: statement_take, bind_*, then statement_run or statement_row. */
#ifndef STORE_STATEMENT_TABLE_H
#define STORE_STATEMENT_TABLE_H

#include "store/statement.h"

#define STATEMENT_TABLE_LIMIT 64

struct statement_table {
    struct store *store;
    struct statement *statements[STATEMENT_TABLE_LIMIT];
    size_t count;
};

/* Prepare every text.
 * count    at most STATEMENT_TABLE_LIMIT
 * returns  0; STORE_ERR_STATEMENT for a text that does not fit the schema; nothing stays prepared on failure */
int statement_table_prepare(struct statement_table *table, struct store *store, const char *const texts[], size_t count);

/* Accepts a table of zeros. */
void statement_table_finalize(struct statement_table *table);

/* The statement at `index`, reset and without bindings. */
struct statement *statement_take(struct statement_table *table, size_t index);

#endif
