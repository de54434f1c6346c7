/* The folder of a city: made by it, removed by it, and large enough. */
#ifndef BENCH_CITY_FOLDER_H
#define BENCH_CITY_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/city_plan.h"

/* Make plan->folder: `wanted`, which must not be there or be empty; NULL: a new one below /var/tmp (or $TMPDIR), on a disk.
 * returns  0; -1 with `problem` */
int city_folder_make(struct city_plan *plan, const char *wanted, char problem[256]);

/* The files in it, and itself. */
void city_folder_remove(const struct city_plan *plan);

/* Bytes that the whole city will need at most, by what was measured. */
int64_t city_folder_need(const struct city_plan *plan);

/* Bytes that are free on its disk; -1 when nobody knows. */
int64_t city_folder_free(const struct city_plan *plan);

/* Bytes of database and log. */
int64_t city_folder_size(const struct city_plan *plan);

#endif
