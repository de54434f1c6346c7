/* Counters declared as tables, so that an operator can ask for all of them with their meaning. C11 (atomics).
 *
 * A room declares its rows once and counts by row:
 *
 *     enum { WIRE_RECEIVED, WIRE_DROPPED, WIRE_COUNTER_COUNT };
 *     static const struct counter_description wire_rows[WIRE_COUNTER_COUNT] = {
 *         [WIRE_RECEIVED] = { "wire_datagrams_received", "datagrams taken from the socket" },
 *         [WIRE_DROPPED] = { "wire_datagrams_dropped", "datagrams dropped because the queue was full" },
 *     };
 *     static struct counter wire_values[WIRE_COUNTER_COUNT];
 *     struct counter_table wire_counters = { wire_rows, wire_values, WIRE_COUNTER_COUNT };
 *
 * Values only grow, wrap at 2^64, and may be added to and read from any thread. */
#ifndef BASE_COUNTER_H
#define BASE_COUNTER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct counter_description {
    const char *name;        /* snake_case, begins with the room's name, unit last where there is one */
    const char *description; /* one line for operators */
};

struct counter {
    _Atomic uint64_t value;
};

struct counter_table {
    const struct counter_description *rows;
    struct counter *values; /* `count` of them, zero at start */
    size_t count;
};

/* Add to one row; a row outside the table is a broken program and stops at an assertion. */
void counter_add(struct counter_table *table, size_t row, uint64_t amount);

/* Add one. */
void counter_increment(struct counter_table *table, size_t row);

/* The value now. */
uint64_t counter_read(const struct counter_table *table, size_t row);

#endif
