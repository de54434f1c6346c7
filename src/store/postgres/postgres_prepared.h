/* A text that the server knows: prepared once on each connection, with what it wants and what it gives. */
#ifndef STORE_POSTGRES_POSTGRES_PREPARED_H
#define STORE_POSTGRES_POSTGRES_PREPARED_H

#include "store/postgres/postgres_exchange.h"
#include "store/postgres/postgres_given.h"
#include "store/postgres/postgres_text.h"

#define POSTGRES_PLACES (POSTGRES_TEXT_PLACES + GIVEN_COLUMN_LIMIT)

struct postgres_prepared {
    struct postgres_text text;
    unsigned number;     /* its name on the server */
    unsigned connection; /* that it is prepared on; 0: none yet */
    int given_place;     /* of given_rows; 0: none. Until rows are bound their types are not known, and nothing is prepared */
    enum given_type given_types[GIVEN_COLUMN_LIMIT];
    size_t given_count;
    char *given_text; /* with arrays in the place of given_rows; NULL before */
    int place_count;  /* of the text; then those of the second and further columns of given rows */
    unsigned place_types[POSTGRES_PLACES];
    int column_count;
    unsigned *column_types;
    char **column_names;
};

/* Translate, and have the server look at it.
 * out      untouched on failure
 * returns  0; STORE_ERR_STATEMENT; STORE_ERR_* */
int postgres_prepared_make(struct postgres_store *store, const char *text, struct postgres_prepared *out);

/* Rows are given: prepare for their types, if that has not been done.
 * returns  0; STORE_ERR_* */
int postgres_prepared_give(struct postgres_store *store, struct postgres_prepared *prepared, const struct given_rows *rows);

/* In an exchange, before the statement itself: what a connection that is new does not know yet.
 * returns  false when it could not be sent */
bool postgres_prepared_send(struct postgres_store *store, struct postgres_prepared *prepared);

/* The server forgets it some time later. Accepts zeros. */
void postgres_prepared_free(struct postgres_store *store, struct postgres_prepared *prepared);

#endif
