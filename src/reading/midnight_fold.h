/* Midnights folded into blocks of 256 days (日冻结读数归并): how they rest for years.
 *
 * A midnight arrives as a row of daily_reading and stays one for some months (setting daily_fold_days): all that bills and
 * collection look at every day. Then it is laid into the block of its stretch and device (midnight_block.h), and its row goes, in one
 * transaction: a midnight is in one place, at any time. A correction of a folded midnight opens the block, mends and packs it again.
 * One that comes late is a row until the next round. Should both be there, the row counts.
 *
 * 256 days, because a row of 600 bytes leaves little of a page of 4,096 unused: blocks of 512 days have 3 % fewer bytes in them, but
 * take 2.8 times the room on the disk. */
#ifndef READING_MIDNIGHT_FOLD_H
#define READING_MIDNIGHT_FOLD_H

#include "reading/midnight_block.h"

#define MIDNIGHT_FOLD_SETTING "daily_fold_days"
#define MIDNIGHT_FOLD_AGE_DAYS 124 /* younger midnights are rows where no tenant has set more or less */

struct reading_room;

/* What folded history says of a midnight: 1 and *out; 0 nothing; READING_ERR_STORED: its block is damaged; negative of the
 * store. */
int midnight_fold_day(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out);

/* Put another content into a folded midnight; its ratio stays.
 * returns  0; READING_ERR_STORED: it is not there, or its block is damaged; negative of the store */
int midnight_fold_mend(struct reading_room *room, uint32_t device_id, const struct reading_day *day);

/* Fold a bounded number of midnights, in the core's transaction. Begins a round once a week. A block that is damaged is left
 * alone with its device's rows, and told (reading_damage_take).
 * returns  rows folded; READING_ERR_FULL; negative of the store */
int midnight_fold_tick(struct reading_room *room, int64_t now_s);

#endif
