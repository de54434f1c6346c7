/* Tables that grow with every day, kept in parts that go at once: on a server, where dropping a part costs nothing and gives its room
 * back. A file has no parts: rows go by slices there, and everything here does nothing. */
#ifndef STORE_STORE_PARTS_H
#define STORE_STORE_PARTS_H

#include "store/store.h"

struct store_parts {
    const char *table;
    /* NULL: its key begins with a number that time gives, a day or a stretch. Else its key counts on, and this column says when a row
     * came, in seconds: all that follows is in seconds then. */
    const char *age_column;
    int64_t width; /* of a part */
    int64_t first; /* parts are made from this on, with age_column: as needed ... */
    int64_t last;  /* ... up to this, and for it */
    int64_t kept;  /* parts that end here or before are dropped */
};

/* Make the parts that rows will need and drop those that are too old, in the writer's transaction; empty ones before `first` go as
 * well. A row that no part takes is stored all the same. While somebody reads the table both may be left to the next time.
 * rest     what is older than this, and has no part that will go, is to be removed by rows: parts->kept, or less where rows between
 *          go with their part soon
 * returns  parts dropped; STORE_ERR_* with *rest untouched */
int store_parts_keep(struct store *store, const struct store_parts *parts, int64_t *rest);

#endif
