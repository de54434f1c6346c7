/* Figures that are kept of an area and all below it (schema 0056): true with each transaction by triggers and by the reading
 * room, made in slices for an archive that is older than they are. */
#ifndef STORE_SQL_AREA_COUNTS_H
#define STORE_SQL_AREA_COUNTS_H

#include <stdbool.h>

#include "store/store.h"

struct area_counts;

/* returns  0 with counts to be closed; STORE_ERR_* */
int area_counts_open(struct store *store, struct area_counts **out);

/* Accepts NULL. */
void area_counts_close(struct area_counts *counts);

/* Count some of what was there before: meters first, then days, the newest first; in the running transaction. Once all is
 * counted, remove what is left of gaps of days gone by.
 * devices  at most; a day is always one slice
 * remains  becomes true when there is more
 * returns  0; STORE_ERR_* */
int area_counts_build(struct area_counts *counts, int devices, bool *remains);

/* Forget everything, so that area_counts_build begins with the first device, and the next start of a server with the gaps; in
 * the running transaction. Nothing is counted meanwhile.
 * returns  0; STORE_ERR_* */
int area_counts_forget(struct area_counts *counts);

#endif
