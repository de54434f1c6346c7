/* Live events on their way to a hub in another process, as lines of text: what a core tells an api elsewhere.
 *
 *     E 57 1 4 /1/7/ {"event_id":...}   event 57 of tenant 1, kind 4, in an area ("-": of the whole tenant)
 *     R 57 2                            begin anew behind event 57; the core is of shard 2
 *     P                                 nothing happened, and we live
 *
 * Pure; no line is longer than LIVE_LINE_LIMIT with its end. */
#ifndef API_LIVE_LINE_H
#define API_LIVE_LINE_H

#include "api/live.h"
#include "base/span.h"

#define LIVE_LINE_LIMIT 640

enum live_line_kind { LIVE_LINE_EVENT, LIVE_LINE_RESTART, LIVE_LINE_PULSE };

struct live_line {
    enum live_line_kind kind;
    uint32_t shard;        /* of a restart */
    struct live_item item; /* of an event; of a restart only its sequence */
};

/* With the line end. returns  bytes; BASE_ERR_FULL: shorter than LIVE_LINE_LIMIT is `capacity` */
int live_line_write(const struct live_line *line, char *text, size_t capacity);

/* Without its line end.
 * returns  0 with *out; BASE_ERR_SYNTAX with *out untouched */
int live_line_read(struct span text, struct live_line *out);

#endif
