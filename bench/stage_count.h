/* What one stage of many messages costs: processor time of this thread, allocations of the whole program, and, under
 * valgrind's callgrind, instructions (stage_bench.py adds them up from what it dumps).
 *
 * A program that links this file has its malloc, calloc and realloc counted, those of libraries too. One thread. */
#ifndef BENCH_STAGE_COUNT_H
#define BENCH_STAGE_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* A stage may begin and end many times; what is between counts together. Begins as zeros and its name. */
struct stage {
    const char *name; /* without a tab */
    bool warming;     /* tables still grow: nothing of it counts */
    double seconds;        /* of this thread's processor */
    double wall_s;
    double server_s;       /* of the server's processor, for us */
    uint64_t messages;
    uint64_t allocations;
    double begun_s;
    double begun_wall_s;
    double begun_server_s;
    uint64_t begun_allocations;
};

/* The process of the database's server that works for this thread (bench_place.h); 0, as at first: none. */
void stage_server_set(long process);

void stage_begin(struct stage *stage);

/* messages  that went through since stage_begin */
void stage_end(struct stage *stage, uint64_t messages);

/* One line, parted by tabs: name, messages; a message: nanoseconds of our processor, allocations, nanoseconds on the wall, nanoseconds
 * of the server's processor. */
void stage_print(const struct stage *stage);

#endif
