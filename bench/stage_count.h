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
    double seconds;
    uint64_t messages;
    uint64_t allocations;
    double begun_s;
    uint64_t begun_allocations;
};

void stage_begin(struct stage *stage);

/* messages  that went through since stage_begin */
void stage_end(struct stage *stage, uint64_t messages);

/* One line: name, messages, nanoseconds a message, allocations a message, parted by tabs. */
void stage_print(const struct stage *stage);

#endif
