/* When each of many lines is due: a heap, so that what is not due costs nothing. One thread. */
#ifndef APPS_METERWORKS_LINE_TIMER_H
#define APPS_METERWORKS_LINE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct line_timer;

/* For the lines 0 to limit - 1. returns NULL without memory; given back by line_timer_close(), which accepts NULL */
struct line_timer *line_timer_open(uint32_t limit);
void line_timer_close(struct line_timer *timer);

/* Set or move the line's time; INT64_MAX: never. */
void line_timer_set(struct line_timer *timer, uint32_t line, int64_t due_ms);

/* The earliest time of all; INT64_MAX when there is none. */
int64_t line_timer_next(const struct line_timer *timer);

/* The line whose time came first, when it came by now_ms; its time is then never.
 * returns  true with *line */
bool line_timer_take(struct line_timer *timer, int64_t now_ms, uint32_t *line);

#endif
