/* Memory of folding midnights and of look-ups in what is folded; for the files of this room only. */
#ifndef READING_MIDNIGHT_WORK_H
#define READING_MIDNIGHT_WORK_H

#include "reading/fold_round.h"
#include "reading/reading_store.h"

#define MIDNIGHT_WORK_ROWS 512 /* in one hand: some milliseconds */

/* One for the room; of it only `progress` and `at_once` last from call to call. */
struct midnight_work {
    struct fold_progress progress; /* as in the store */
    uint32_t at_once;                  /* devices looked at by the next slice: fewer where there is much to do */
    struct midnight_block block;
    struct midnight_days days;
    struct midnight_row rows[MIDNIGHT_WORK_ROWS];
    struct midnight_row laid[MIDNIGHT_WORK_ROWS];
};

#endif
