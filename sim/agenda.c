#include "sim/agenda.h"

#include <stdlib.h>
#include <string.h>

int agenda_open(struct agenda *agenda, uint32_t capacity)
{
    memset(agenda, 0, sizeof *agenda);
    agenda->heap = calloc((size_t)capacity + 1, sizeof *agenda->heap);
    agenda->place = calloc((size_t)capacity + 1, sizeof *agenda->place);
    agenda->capacity = capacity;
    if (agenda->heap != NULL && agenda->place != NULL)
        return 0;
    agenda_close(agenda);
    return -1;
}

void agenda_close(struct agenda *agenda)
{
    free(agenda->heap);
    free(agenda->place);
    memset(agenda, 0, sizeof *agenda);
}

static bool before(const struct agenda_entry *a, const struct agenda_entry *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void put(struct agenda *agenda, uint32_t place, struct agenda_entry entry)
{
    agenda->heap[place] = entry;
    agenda->place[entry.subject] = place;
}

static void rise(struct agenda *agenda, uint32_t place, struct agenda_entry entry)
{
    while (place > 1 && before(&entry, &agenda->heap[place / 2])) {
        put(agenda, place, agenda->heap[place / 2]);
        place /= 2;
    }
    put(agenda, place, entry);
}

static void sink(struct agenda *agenda, uint32_t place, struct agenda_entry entry)
{
    for (uint32_t child = place * 2; child <= agenda->count; child = place * 2) {
        if (child < agenda->count && before(&agenda->heap[child + 1], &agenda->heap[child]))
            child++;
        if (!before(&agenda->heap[child], &entry))
            break;
        put(agenda, place, agenda->heap[child]);
        place = child;
    }
    put(agenda, place, entry);
}

static void settle(struct agenda *agenda, uint32_t place, struct agenda_entry entry)
{
    if (place > 1 && before(&entry, &agenda->heap[place / 2]))
        rise(agenda, place, entry);
    else
        sink(agenda, place, entry);
}

static void take_out(struct agenda *agenda, uint32_t place)
{
    struct agenda_entry last = agenda->heap[agenda->count--];

    agenda->place[agenda->heap[place].subject] = 0;
    if (place <= agenda->count)
        settle(agenda, place, last);
}

void agenda_set(struct agenda *agenda, uint32_t subject, int64_t at_ms)
{
    struct agenda_entry entry = { .at_ms = at_ms, .order = agenda->order++, .subject = subject };

    if (subject >= agenda->capacity)
        return;
    if (at_ms == AGENDA_NEVER) {
        if (agenda->place[subject] != 0)
            take_out(agenda, agenda->place[subject]);
        return;
    }
    if (agenda->place[subject] != 0)
        settle(agenda, agenda->place[subject], entry);
    else
        rise(agenda, ++agenda->count, entry);
}

int64_t agenda_first_ms(const struct agenda *agenda)
{
    return agenda->count == 0 ? AGENDA_NEVER : agenda->heap[1].at_ms;
}

bool agenda_take(struct agenda *agenda, int64_t now_ms, uint32_t *subject, int64_t *at_ms)
{
    if (agenda->count == 0 || agenda->heap[1].at_ms > now_ms)
        return false;
    *subject = agenda->heap[1].subject;
    *at_ms = agenda->heap[1].at_ms;
    take_out(agenda, 1);
    return true;
}
