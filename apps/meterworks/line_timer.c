#include "apps/meterworks/line_timer.h"

#include <stdlib.h>

/* entries[1] is the earliest; each is no later than those at twice its place and one behind. */
struct line_timer {
    uint32_t count;
    uint32_t *entries; /* lines, at 1 to count */
    uint32_t *places;  /* of each line in entries; 0: has no time */
    int64_t *due_ms;   /* of each line */
};

struct line_timer *line_timer_open(uint32_t limit)
{
    struct line_timer *timer = calloc(1, sizeof *timer);

    if (timer == NULL)
        return NULL;
    timer->entries = calloc((size_t)limit + 1, sizeof *timer->entries);
    timer->places = calloc(limit, sizeof *timer->places);
    timer->due_ms = calloc(limit, sizeof *timer->due_ms);
    if (timer->entries != NULL && timer->places != NULL && timer->due_ms != NULL)
        return timer;
    line_timer_close(timer);
    return NULL;
}

void line_timer_close(struct line_timer *timer)
{
    if (timer == NULL)
        return;
    free(timer->entries);
    free(timer->places);
    free(timer->due_ms);
    free(timer);
}

static void entry_put(struct line_timer *timer, uint32_t place, uint32_t line)
{
    timer->entries[place] = line;
    timer->places[line] = place;
}

static int64_t due_at(const struct line_timer *timer, uint32_t place)
{
    return timer->due_ms[timer->entries[place]];
}

static void sift_up(struct line_timer *timer, uint32_t place)
{
    uint32_t line = timer->entries[place];

    for (; place > 1 && due_at(timer, place / 2) > timer->due_ms[line]; place /= 2)
        entry_put(timer, place, timer->entries[place / 2]);
    entry_put(timer, place, line);
}

static void sift_down(struct line_timer *timer, uint32_t place)
{
    uint32_t line = timer->entries[place];

    while (place * 2 <= timer->count) {
        uint32_t below = place * 2;
        if (below < timer->count && due_at(timer, below + 1) < due_at(timer, below))
            below++;
        if (due_at(timer, below) >= timer->due_ms[line])
            break;
        entry_put(timer, place, timer->entries[below]);
        place = below;
    }
    entry_put(timer, place, line);
}

static void entry_remove(struct line_timer *timer, uint32_t place)
{
    uint32_t last = timer->entries[timer->count--];

    timer->places[timer->entries[place]] = 0;
    if (place > timer->count)
        return;
    entry_put(timer, place, last);
    sift_up(timer, place);
    sift_down(timer, timer->places[last]);
}

void line_timer_set(struct line_timer *timer, uint32_t line, int64_t due_ms)
{
    if (due_ms == INT64_MAX) {
        if (timer->places[line] != 0)
            entry_remove(timer, timer->places[line]);
        return;
    }
    timer->due_ms[line] = due_ms;
    if (timer->places[line] == 0)
        entry_put(timer, ++timer->count, line);
    sift_up(timer, timer->places[line]);
    sift_down(timer, timer->places[line]);
}

int64_t line_timer_next(const struct line_timer *timer)
{
    return timer->count > 0 ? due_at(timer, 1) : INT64_MAX;
}

bool line_timer_take(struct line_timer *timer, int64_t now_ms, uint32_t *line)
{
    if (line_timer_next(timer) > now_ms || timer->count == 0)
        return false;
    *line = timer->entries[1];
    entry_remove(timer, 1);
    return true;
}
