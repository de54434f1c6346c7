/* Days of quarter-hours folded into blocks of eight days (分时数据归并): how they rest for years.
 *
 * A day arrives as a row of its own (interval_block.h) and stays one for INTERVAL_FOLD_AGE_DAYS. Then it is laid into the
 * block of its stretch, device and channel, and its row goes, in one transaction. The row counts before the block: what comes
 * late or is corrected afterwards is a row again, merged by the same rules with what the block says (interval_fold_day), until
 * the next round lays it over the old. A day that counts with another ratio of transformers than its block stays a row: an old
 * value is never shown with a new ratio.
 *
 * Eight days, because a row of some 600 bytes leaves little of a page of 4,096 unused: blocks of 32 days have 2 % fewer bytes in
 * them, but take 1.8 times the room on the disk. */
#ifndef READING_INTERVAL_FOLD_H
#define READING_INTERVAL_FOLD_H

#include "reading/interval_block.h"

#define INTERVAL_FOLD_DAYS 8           /* of a stretch: stretch n is days 8 n to 8 n + 7 */
#define INTERVAL_FOLD_SLOTS (INTERVAL_FOLD_DAYS * INTERVAL_SLOTS)
#define INTERVAL_FOLD_SIZE_LIMIT 10240 /* bytes that no block of a stretch exceeds */
#define INTERVAL_FOLD_AGE_DAYS 33      /* younger days are rows */

/* Table interval_block. */
struct interval_fold {
    int32_t stretch;
    uint32_t device_id;
    uint32_t channel;   /* reading_register_channel */
    int64_t scale_e3;   /* what flows for one on the dial */
    int64_t received_s; /* of the newest row in it */
    size_t block_size;
    uint8_t block[INTERVAL_FOLD_SIZE_LIMIT];
};

struct reading_room;

/* The stretch of a day. */
int32_t interval_fold_stretch(int32_t day);

/* What folded history says of the day in *row: 1 with *day and the row's scale and time of arrival; 0 nothing;
 * READING_ERR_STORED; negative of the store. */
int interval_fold_day(struct reading_room *room, struct interval_row *row, int32_t zone_offset_s, struct interval_day *day);

/* Fold a bounded number of devices, in the core's transaction. Begins a round once a week. What is damaged is left alone, and
 * told (reading_damage_take).
 * returns  rows folded; READING_ERR_FULL; negative of the store */
int interval_fold_tick(struct reading_room *room, int64_t now_s);

#endif
