/* How days of quarter-hours (分时数据) come to rest: what the reading room keeps of them in its store.
 *
 * A day of one channel of one device arrives as one row (interval_arrival): appended, never changed, naming the row of the
 * same device that came before it, as frames do. The newest row of a day says the whole day; so what is filled in or
 * corrected is one more row, whatever was folded meanwhile. Rows are folded in the background into blocks of a month
 * (interval_block), in the order of devices, and then go in one range. Whoever reads lays the blocks down first and the rows
 * that are still there over them, oldest first.
 *
 * Bytes of rows and blocks are series blocks (series_block.h). Slot n is the instant n quarters of an hour after local
 * 1970-01-01T00:00; slot k of a day (interval.h) is 96 * day + k + 1. A run without a quarter-hour beside its hours or half hours
 * is kept at that period. */
#ifndef READING_INTERVAL_STORE_H
#define READING_INTERVAL_STORE_H

#include <stddef.h>
#include <stdint.h>

#define INTERVAL_ROW_SLOTS 96
#define INTERVAL_MONTH_SLOTS (31 * INTERVAL_ROW_SLOTS)
#define INTERVAL_ARRIVAL_SIZE_LIMIT 1536 /* series_block_bound of a day */
#define INTERVAL_BLOCK_SIZE_LIMIT 40960  /* and of a month */

struct interval_arrival {
    uint64_t arrival_id;
    uint64_t previous;    /* arrival_id of the device's row before; 0 or dropped: none */
    uint32_t device_id;
    uint32_t channel;     /* reading_register_channel */
    int32_t day;          /* local days since 1970 */
    int32_t prior_day;    /* the newest day that any earlier row of the device had; 0 none */
    int64_t scale_e3;     /* what flows for one of a value, thousandths, by the transformers of that time */
    int64_t received_s;
    size_t size;
    uint8_t bytes[INTERVAL_ARRIVAL_SIZE_LIMIT];
};

/* One month, one channel, the days of one scale. */
struct interval_block {
    int32_t month;        /* local months since January 1970 */
    uint32_t device_id;
    uint32_t channel;
    int64_t scale_e3;
    int64_t received_s;   /* of the newest row in it */
    size_t size;
    uint8_t bytes[INTERVAL_BLOCK_SIZE_LIMIT];
};

enum interval_fold_stage { INTERVAL_FOLD_IDLE = 0, INTERVAL_FOLD_DEVICES = 1, INTERVAL_FOLD_DROP = 2 };

/* Where folding stands: rows up to until_arrival go into blocks, device by device, then away. */
struct interval_fold {
    uint64_t until_arrival;
    uint32_t after_device; /* the last device that is done */
    int32_t started_day;   /* days since 1970 UTC; 0 never */
    uint8_t stage;         /* enum interval_fold_stage */
};

struct interval_store {
    /* Append; *id of the new row, larger than any before, those dropped too. 0; negative of the store. */
    int (*arrival_insert)(void *context, const struct interval_arrival *row, uint64_t *id);
    /* 1 and *out; 0 none. */
    int (*arrival_read)(void *context, uint64_t arrival_id, struct interval_arrival *out);
    /* The same without the bytes (size 0). */
    int (*arrival_look)(void *context, uint64_t arrival_id, struct interval_arrival *out);
    /* Make row `arrival_id` the oldest of its device. */
    int (*arrival_cut)(void *context, uint64_t arrival_id);
    /* The newest row; 0 when there never was one. */
    int (*arrival_newest)(void *context, uint64_t *id);
    /* Remove at most `limit` of the oldest rows below `before`; the number removed, 0 when none is left. */
    int (*arrivals_drop)(void *context, uint64_t before, int limit);
    /* The block of the month, device and channel in *block with the next larger scale than block->scale_e3: 1; 0 none. */
    int (*block_next)(void *context, struct interval_block *block);
    int (*block_write)(void *context, const struct interval_block *block);
    int (*block_delete)(void *context, const struct interval_block *block);
    /* Remove at most `limit` blocks of months below `before_month`; the number removed. */
    int (*blocks_drop)(void *context, int32_t before_month, int limit);
    int (*fold_read)(void *context, struct interval_fold *out);
    int (*fold_write)(void *context, const struct interval_fold *fold);
};

#endif
