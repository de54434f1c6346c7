/* What a long measurement says while it runs, and whether somebody wants it to end. */
#ifndef BENCH_CITY_PROGRESS_H
#define BENCH_CITY_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* So much of `total` is done; written to standard error once a second on a terminal, every ten seconds elsewhere.
 * total  0: not known; then only what is said
 * returns  false: Ctrl-C or the service manager asked to end */
bool city_progress(const char *what, uint64_t done, uint64_t total);

/* The line of progress makes room for others. */
void city_progress_end(void);

/* Whether Ctrl-C or the service manager asked to end; stop_signal_block came first. */
bool city_is_stopped(void);

#endif
