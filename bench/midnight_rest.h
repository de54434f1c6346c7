/* Midnights at rest, measured on a store that is open: rows, folding, reading, dropping, bytes by kind of meter. */
#ifndef BENCH_MIDNIGHT_REST_H
#define BENCH_MIDNIGHT_REST_H

#include "reading/reading_store.h"
#include "store/store.h"

struct reading_room;

/* Prints a line a figure. The first `devices` of the room, at most 999, have a counting kind of series_history.h each in turn, and three
 * stretches of midnights; what the store had of midnights is removed first. The store belongs to the room. */
void midnight_rest_measure(struct store *store, const struct reading_store *readings, struct reading_room *room,
                           uint32_t devices);

#endif
