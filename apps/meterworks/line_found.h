/* What the last searches for meters found, for people who look. Any thread.
 *
 * Kept in memory only: what a person takes from it into the archive stays, the rest is found again by another search. */
#ifndef APPS_METERWORKS_LINE_FOUND_H
#define APPS_METERWORKS_LINE_FOUND_H

#include <pthread.h>
#include <stdbool.h>

#include "base/line_order.h"

#define LINE_FOUND_SEARCH_LIMIT 16 /* lines; the search begun longest ago gives way */
#define LINE_FOUND_ROW_LIMIT 256   /* of one search; more are not kept */

struct line_found_search {
    uint32_t line_id; /* 0: none */
    uint64_t order_id;
    int64_t started_s;
    int64_t ended_s; /* 0: still searching */
    uint8_t problem; /* enum line_problem, when it has ended */
    uint32_t count;
    struct uplink_archive_row rows[LINE_FOUND_ROW_LIMIT];
};

struct line_found {
    pthread_mutex_t lock;
    struct line_found_search searches[LINE_FOUND_SEARCH_LIMIT];
};

void line_found_open(struct line_found *found);
void line_found_close(struct line_found *found);

/* A search begins; what an earlier one of the line found is forgotten. */
void line_found_begin(struct line_found *found, const struct line_order *order, int64_t now_s);

/* A message on its way to the core: rows or the end of a search are noted, everything else is passed over. */
void line_found_note(struct line_found *found, const struct uplink *uplink);

/* returns  true with *out; false when the line was not searched lately */
bool line_found_read(struct line_found *found, uint32_t line_id, struct line_found_search *out);

#endif
