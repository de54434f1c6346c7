#include "bench/city_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "apps/meterworks/stop_signal.h"
#include "bench/bench_clock.h"

#define TERMINAL_EVERY_S 1.0
#define FILE_EVERY_S 10.0

static double written_s;
static bool line_open;

bool city_is_stopped(void)
{
    return stop_signal_came();
}

bool city_progress(const char *what, uint64_t done, uint64_t total)
{
    double now_s = bench_clock_seconds(CLOCK_MONOTONIC);
    bool terminal = isatty(STDERR_FILENO) == 1;

    if (now_s - written_s < (terminal ? TERMINAL_EVERY_S : FILE_EVERY_S))
        return !city_is_stopped();
    written_s = now_s;
    fprintf(stderr, "%s  %s", terminal ? "\r\033[K" : "", what);
    if (total > 0)
        fprintf(stderr, ": %" PRIu64 " of %" PRIu64 " (%u %%)", done, total, (unsigned)(100 * done / total));
    fprintf(stderr, "%s", terminal ? "" : "\n");
    line_open = terminal;
    return !city_is_stopped();
}

void city_progress_end(void)
{
    if (line_open)
        fprintf(stderr, "\r\033[K");
    line_open = false;
    written_s = 0;
}
