/* Memory of folding and of look-ups in folded history; for the files of this room only. */
#ifndef READING_INTERVAL_WORK_H
#define READING_INTERVAL_WORK_H

#include "reading/fold_round.h"
#include "reading/interval_fold.h"

#define INTERVAL_WORK_ROWS 1024 /* in one hand: two years of days of one register, and more */

/* One for the room; of it only `progress` lasts from call to call. */
struct interval_work {
    struct fold_progress progress; /* as in the store */
    struct interval_fold fold;
    struct interval_day days[INTERVAL_FOLD_DAYS];
    int64_t values[INTERVAL_FOLD_SLOTS];
    uint8_t states[INTERVAL_FOLD_SLOTS];
    struct interval_row rows[INTERVAL_WORK_ROWS];
};

#endif
