/* Days of quarter-hours at rest, measured on a store that is open: rows, folding, reading, dropping, bytes. */
#ifndef BENCH_INTERVAL_REST_H
#define BENCH_INTERVAL_REST_H

#include "reading/reading_store.h"
#include "store/store.h"

struct reading_room;

/* Prints a line a figure. The first `devices` of the room, at most 1,000: odd ones water in litres, even ones electricity at
 * 0.01 kWh, 64 days each. The store belongs to the room. */
void interval_rest_measure(struct store *store, const struct reading_store *readings, struct reading_room *room,
                           uint32_t devices);

#endif
