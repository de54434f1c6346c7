/* Where a bench keeps its store: in a file, or on the server of tests/store/postgres_run when that is there. */
#ifndef BENCH_BENCH_PLACE_H
#define BENCH_BENCH_PLACE_H

#include <stdbool.h>

#include "store/store.h"

#define BENCH_PLACE_LIMIT 400 /* characters of a path with its zero */

struct bench_place {
    char path[BENCH_PLACE_LIMIT]; /* for store_config.path */
    bool is_file;
};

/* name  of the file: letters */
void bench_place_make(struct bench_place *place, const char *name);

/* Remove the file with its log; the server goes with the bench. Accepts zeros. */
void bench_place_remove(const struct bench_place *place);

/* The process of the server that works for the store, for bench_clock_process_seconds; 0 for a file. */
long bench_place_process(const struct bench_place *place, struct store *store);

#endif
