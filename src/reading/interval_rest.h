/* Days of quarter-hours at rest: read, kept, folded (interval_store.h says how they lie).
 *
 * Handing over a day: fill a struct interval_row, values and states slot by slot as interval.h numbers them (slot k is k + 1
 * quarters after the local midnight of `day`; a slot without a value has the state 255), merged with what
 * interval_rest_find gave before, and call interval_rest_keep inside the core's transaction. The whole day is replaced, in
 * folded history too. */
#ifndef READING_INTERVAL_REST_H
#define READING_INTERVAL_REST_H

#include "base/span.h"
#include "reading/interval_store.h"
#include "reading/series_block.h"

struct reading_room;

struct interval_row {
    uint32_t device_id;
    uint32_t channel;   /* reading_register_channel */
    int32_t day;        /* local days since 1970 */
    int64_t scale_e3;
    int64_t received_s;
    int64_t values[INTERVAL_ROW_SLOTS];
    uint8_t states[INTERVAL_ROW_SLOTS]; /* the caller's own, kept as they are; SERIES_STATE_GAP no value */
};

/* The day of row->device_id, channel and day, wherever it rests: 1 and the rest of *row; 0 nothing is kept of it, *row
 * untouched; READING_ERR_STORED; negative of the store. A day newer than any known is answered without a look into the
 * store. */
int interval_rest_find(struct reading_room *room, struct interval_row *row);

/* Keep the day as `row` says it: one row appended, and the state's head moved to it.
 * returns  0; READING_ERR_MEMORY, READING_ERR_FULL; negative of the store */
int interval_rest_keep(struct reading_room *room, const struct interval_row *row);

/* A stretch of whole days, filled piece by piece. The arrays are the caller's: day_count * INTERVAL_ROW_SLOTS values and
 * states, day_count scales. */
struct interval_history {
    int32_t first_day;
    int32_t day_count;
    int64_t *values;
    uint8_t *states;
    int64_t *scales;    /* 0: nothing is kept of the day */
};

/* Gaps everywhere. */
void interval_history_clear(struct interval_history *history);

/* Lay a piece over a history: the block of a month, or the row of a day, which replaces that day. Blocks first, rows in
 * their order.
 * day      of a row; INTERVAL_HISTORY_BLOCK for a block
 * returns  0; BASE_ERR_*: the bytes are no series block, and parts of the piece may lie there */
#define INTERVAL_HISTORY_BLOCK INT32_MIN
int interval_history_lay(struct interval_history *history, int32_t day, int64_t scale_e3, struct span bytes);

/* A bounded part of folding, and of dropping months older than `keep_months` (0: none); in the core's transaction.
 * returns  what was done, 0 when nothing is due; READING_ERR_STORED, READING_ERR_FULL; negative of the store */
int interval_rest_tick(struct reading_room *room, int64_t now_s, int32_t keep_months);

#endif
