/* The text of a statement as PostgreSQL takes it: the rooms' files write theirs for SQLite.
 *
 * given_rows(?1) stays in the text as given_rows($1): postgres_statement.c puts arrays in its place once the columns are
 * known, which is when rows are bound. */
#ifndef STORE_POSTGRES_POSTGRES_TEXT_H
#define STORE_POSTGRES_POSTGRES_TEXT_H

#define POSTGRES_TEXT_PLACES 99 /* a text with more is refused */

struct postgres_text {
    char *text;      /* places are $1, $2 ... */
    int places;      /* the highest number */
    char **names;    /* of places: ":name" with its colon, NULL for ?1 */
    unsigned *types; /* of places, where they are known: by what a name means, or text for one that is not used; else 0 */
    char *probe;     /* the text without questions whether a place is NULL: they would leave its type open */
};

/* Translate one statement. Prepare `probe` first: what the server says of its places is the type of those in `text`, a 64-bit
 * number for a shorter one.
 * out      owned by the caller, given back with postgres_text_free; untouched on failure
 * returns  0; STORE_ERR_STATEMENT for a text that cannot be translated; STORE_ERR_MEMORY */
int postgres_text_make(const char *text, struct postgres_text *out);

/* Accepts zeros. */
void postgres_text_free(struct postgres_text *text);

#endif
