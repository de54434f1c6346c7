/* The index of what people look for by a piece of it (schema 0051, base/search_gram.h): kept in the transaction that changes
 * the archive, built in slices for an archive that is older than it. */
#ifndef STORE_SQL_SEARCH_INDEX_H
#define STORE_SQL_SEARCH_INDEX_H

#include <stdbool.h>

#include "store/store.h"

struct search_index;

/* returns  0 with an index to be closed; STORE_ERR_* */
int search_index_open(struct store *store, struct search_index **out);

/* Accepts NULL. */
void search_index_close(struct search_index *index);

/* Bring in what the running transaction changed: right before its commit.
 * returns  0; STORE_ERR_* */
int search_index_update(struct search_index *index);

/* Bring in some of what was there before the index, in the running transaction.
 * rows     at most
 * remains  becomes true when there is more
 * returns  rows brought in; STORE_ERR_* */
int search_index_build(struct search_index *index, int rows, bool *remains);

/* Forget everything, so that search_index_build begins with the first row; in the running transaction.
 * returns  0; STORE_ERR_* */
int search_index_forget(struct search_index *index);

#endif
