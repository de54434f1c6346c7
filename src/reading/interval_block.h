/* A day of quarter-hours at rest: one row with a block (series_block.h) of the day's own period. */
#ifndef READING_INTERVAL_BLOCK_H
#define READING_INTERVAL_BLOCK_H

#include <stddef.h>

#include "base/span.h"
#include "reading/interval.h"

#define INTERVAL_BLOCK_LIMIT 1664 /* bytes that no block of a day exceeds */

/* Whether the end of a day agrees with the midnight register; numbers are stored. */
enum interval_sum { INTERVAL_SUM_OPEN = 0, INTERVAL_SUM_AGREES = 1, INTERVAL_SUM_DIFFERS = 2 };

/* A row of interval_day, as long as nobody has looked whether it is there. */
struct interval_key {
    uint32_t device_id;
    uint32_t channel;
    int32_t day;
};

/* Table interval_day. */
struct interval_row {
    uint32_t device_id;
    uint32_t channel;   /* reading_register_channel */
    int32_t day;        /* local day since 1970 */
    uint8_t missing;    /* instants that its period lets expect and that never came */
    uint8_t refused;    /* not believed */
    uint8_t sum;        /* enum interval_sum */
    int64_t scale_e3;   /* what flows for one on the dial, by the transformers of that day */
    int64_t received_s; /* the newest part */
    size_t block_size;
    uint8_t block[INTERVAL_BLOCK_LIMIT];
};

/* Put a judged day into row->block.
 * period_slots  1, 2 or 4; half hours and hours are kept as quarters where the zone does not end on them
 * returns       0; BASE_ERR_FULL, BASE_ERR_RANGE never for a day of judged values */
int interval_block_encode(const struct interval_day *day, int32_t day_number, int32_t zone_offset_s,
                          unsigned period_slots, struct interval_row *row);

/* The day that row->block holds.
 * returns  0; BASE_ERR_SHORT, BASE_ERR_SYNTAX, BASE_ERR_RANGE: the bytes are no such block; *out may hold anything then */
int interval_block_decode(const struct interval_row *row, int32_t zone_offset_s, struct interval_day *out);

/* The same day of any block that may hold it: of a day, or of a folded stretch (interval_fold.h).
 * returns  how many values the day has there, 0 none; BASE_ERR_SHORT, BASE_ERR_SYNTAX, BASE_ERR_RANGE: the bytes are no block
 *          of quarters, half hours or hours; *out may hold anything then */
int interval_block_day(struct span block, int32_t day, int32_t zone_offset_s, struct interval_day *out);

#endif
