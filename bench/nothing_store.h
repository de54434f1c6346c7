/* A store that writes nothing, to measure the room before it alone. */
#ifndef BENCH_NOTHING_STORE_H
#define BENCH_NOTHING_STORE_H

#include "reading/reading_store.h"

/* What `store` would write is dropped: states, midnights, areas, frames, quarter-hours. Of quarter-hours nothing is found either. */
void nothing_store_make(struct reading_store *store);

#endif
