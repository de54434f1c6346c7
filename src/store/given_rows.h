/* Rows in the program's memory as a table of SQL: one statement then reads or writes them all.
 *
 *   INSERT INTO transfer (transfer_id, amount_fen) SELECT v0, v1 FROM given_rows(?1)
 *   SELECT a.* FROM given_rows(?1) g CROSS JOIN ledger_account a ON a.ledger_account_id = g.v0
 *
 * An array of structs is bound to the parameter; a list of columns says where each value lies in a struct. */
#ifndef STORE_GIVEN_ROWS_H
#define STORE_GIVEN_ROWS_H

#include <stddef.h>

#include "store/statement.h"

#define GIVEN_COLUMN_LIMIT 32 /* v0 to v31 */

enum given_type {
    GIVEN_INT64,
    GIVEN_INT32,
    GIVEN_UINT32,
    GIVEN_TEXT,  /* a char array that ends with 0 */
    GIVEN_NAME,  /* a uint8_t that `name` puts into words, which live as long as the program */
    GIVEN_BYTES  /* a struct span; its bytes live as long as the rows */
};

struct given_column {
    size_t offset; /* in the struct */
    enum given_type type;
    const char *(*name)(int number);
};

struct given_rows {
    const void *first;
    size_t size;   /* of one struct */
    size_t count;
    const struct given_column *columns;
    size_t column_count; /* at most GIVEN_COLUMN_LIMIT; the columns after them are NULL */
};

/* Bind at one place (1 is the first). The rows live, unchanged, until the statement has run. */
static inline void given_rows_bind(struct statement *statement, int place, const struct given_rows *rows)
{
    statement->engine->bind_rows(statement, place, rows);
}

#endif
