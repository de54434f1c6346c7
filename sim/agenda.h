/* Who wants to be called next: a heap of times, one entry a subject, which may be moved or taken out.
 *
 * Subjects are small numbers, 0 to capacity - 1. Equal times come in the order in which they were set, so that a run is
 * the same every time. */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#define AGENDA_NEVER INT64_MAX

struct agenda_entry {
    int64_t at_ms;
    uint64_t order;
    uint32_t subject;
};

struct agenda {
    struct agenda_entry *heap; /* 1-based */
    uint32_t *place;           /* of each subject in the heap; 0: not there */
    uint32_t capacity;
    uint32_t count;
    uint64_t order;
};

/* returns  0; -1 no memory */
int agenda_open(struct agenda *agenda, uint32_t capacity);

/* Accepts one that never opened but is zero. */
void agenda_close(struct agenda *agenda);

/* Set or move a subject's time; AGENDA_NEVER takes it out. A subject outside the capacity is ignored. */
void agenda_set(struct agenda *agenda, uint32_t subject, int64_t at_ms);

/* AGENDA_NEVER when nobody wants anything. */
int64_t agenda_first_ms(const struct agenda *agenda);

/* Take out the first subject whose time is at or before now_ms. */
bool agenda_take(struct agenda *agenda, int64_t now_ms, uint32_t *subject, int64_t *at_ms);

#endif
