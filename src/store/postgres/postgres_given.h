/* Rows in the program's memory as arrays: given_rows.h for this engine. */
#ifndef STORE_POSTGRES_POSTGRES_GIVEN_H
#define STORE_POSTGRES_POSTGRES_GIVEN_H

#include "store/given_rows.h"

/* Bytes that grow. */
struct postgres_bytes {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

/* Where given_rows($N) stands in the text: N; 0 when it is not there. */
int postgres_given_place(const char *text);

/* The text with arrays of the columns' types in its place: the first is $N, the others follow `places`. What is not
 * given, to v31, is NULL.
 * returns  owned by the caller; NULL without memory */
char *postgres_given_text(const char *text, int places, const struct given_rows *rows);

/* The same types in the same order? */
bool postgres_given_same(const struct given_rows *rows, const enum given_type types[], size_t count);

/* One column of the rows as a binary array of int8, text or bytea, in place of what `out` holds.
 * returns  0; STORE_ERR_MEMORY, also for more bytes than one value may have (1 GiB) */
int postgres_given_array(const struct given_rows *rows, size_t column, struct postgres_bytes *out);

#endif
