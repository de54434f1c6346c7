/* Rows that wait in the program because the connection is wanted for another statement: in memory, and beyond
 * POSTGRES_ROWS_MEMORY in a temporary file without a name. */
#ifndef STORE_POSTGRES_POSTGRES_ROWS_H
#define STORE_POSTGRES_POSTGRES_ROWS_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "store/postgres/postgres_value.h"

#define POSTGRES_ROWS_MEMORY (1 << 20) /* bytes; then the file begins */

struct postgres_rows {
    uint8_t *bytes; /* rows, each: its size, then size and bytes and a zero of every column */
    size_t size;
    size_t capacity;
    size_t read;
    FILE *file; /* NULL: none */
    uint8_t *row; /* the row read last */
    size_t row_capacity;
};

/* Add the only row of `result` behind those that are there.
 * returns  0; STORE_ERR_MEMORY; STORE_ERR_FULL the temporary folder */
int postgres_rows_add(struct postgres_rows *rows, const PGresult *result);

/* Take the next; values[i].bytes live until the next call.
 * returns  1; 0 no more; STORE_ERR_MEMORY; STORE_ERR_INPUT_OUTPUT */
int postgres_rows_next(struct postgres_rows *rows, struct postgres_value values[], int count);

/* Forget all. Accepts zeros. */
void postgres_rows_clear(struct postgres_rows *rows);

#endif
