#include "bench/stage_count.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/bench_clock.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name)
#endif

/* The C library's own, which ours below stand in front of. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *before, size_t size);

static uint64_t allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *before, size_t size)
{
    allocations++;
    return __libc_realloc(before, size);
}

static long server_process;

void stage_server_set(long process)
{
    server_process = process;
}

void stage_begin(struct stage *stage)
{
    stage->begun_wall_s = bench_clock_seconds(CLOCK_MONOTONIC);
    stage->begun_server_s = bench_clock_process_seconds(server_process);
    stage->begun_allocations = allocations;
    stage->begun_s = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID);
    CALLGRIND_TOGGLE_COLLECT;
}

void stage_end(struct stage *stage, uint64_t messages)
{
    CALLGRIND_TOGGLE_COLLECT;
    if (stage->warming) {
        CALLGRIND_ZERO_STATS;
        return;
    }
    stage->seconds += bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID) - stage->begun_s;
    stage->server_s += bench_clock_process_seconds(server_process) - stage->begun_server_s;
    stage->wall_s += bench_clock_seconds(CLOCK_MONOTONIC) - stage->begun_wall_s;
    stage->allocations += allocations - stage->begun_allocations;
    stage->messages += messages;
    CALLGRIND_DUMP_STATS_AT(stage->name);
}

void stage_print(const struct stage *stage)
{
    double messages = stage->messages > 0 ? (double)stage->messages : 1;
    printf("%s\t%llu\t%.0f\t%.4f\t%.0f\t%.0f\n", stage->name, (unsigned long long)stage->messages,
           stage->seconds * 1e9 / messages, (double)stage->allocations / messages, stage->wall_s * 1e9 / messages,
           stage->server_s * 1e9 / messages);
}
