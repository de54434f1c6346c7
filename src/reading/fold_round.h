/* Rounds of folding: once a week through all devices, some at a tick, and where the running one stands. */
#ifndef READING_FOLD_ROUND_H
#define READING_FOLD_ROUND_H

#include <stdint.h>

#define FOLD_DEVICES_AT_ONCE 64 /* some milliseconds */

enum fold_kind { FOLD_INTERVALS, FOLD_MIDNIGHTS, FOLD_KIND_COUNT };

/* Tables interval_progress and midnight_progress. */
struct fold_progress {
    int32_t before_day;    /* days that are folded in this round; never fewer than in the last one */
    int32_t begun_day;     /* when it began, days since 1970 UTC; 0 never */
    uint32_t after_device; /* the last device that is done */
    uint8_t running;
};

struct reading_room;

struct fold_round {
    enum fold_kind kind;
    int32_t age_days; /* younger days are left as they are */
    /* Fold rows of the devices behind progress->after_device and move it on; behind the last device clear `running`.
     * returns  rows folded; negative: *progress does not count */
    int (*devices_fold)(struct reading_room *room, struct fold_progress *progress);
};

/* A step of the running round, or begin one when it is time; what changed of *known is in the undo and in the store.
 * returns  rows folded; READING_ERR_FULL; negative of the store */
int fold_round_tick(struct reading_room *room, const struct fold_round *round, struct fold_progress *known, int64_t now_s);

#endif
