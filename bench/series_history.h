/* Made-up but plausible histories of meters, the same from the same seed: what the benches of series blocks store. */
#ifndef BENCH_SERIES_HISTORY_H
#define BENCH_SERIES_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

/* Fills `count` values a period apart, from a midnight on. `per_day` 96 or 24. */
typedef void series_history_make(struct random *random, size_t per_day, int64_t *values, size_t count);

struct series_history {
    const char *name;
    series_history_make *make;
};

#define SERIES_HISTORY_COUNT 9
extern const struct series_history series_histories[SERIES_HISTORY_COUNT];

#endif
