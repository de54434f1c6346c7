/* Folding of rows into blocks; for the files of interval_rest only. */
#ifndef READING_INTERVAL_FOLD_H
#define READING_INTERVAL_FOLD_H

#include "reading/interval_rest.h"

#define INTERVAL_FOLD_ROWS 2048 /* of a device in one go; when it has more, the oldest go first */

/* A row that is to be folded. */
struct interval_fold_row {
    uint64_t arrival_id;
    int64_t scale_e3;
    uint32_t channel;
    int32_t day;
};

/* Memory of the folding and of a look-up, one for the room; nothing in it lasts. */
struct interval_fold_work {
    struct interval_fold fold;      /* where folding stands: this lasts, as in the store */
    struct interval_fold_row rows[INTERVAL_FOLD_ROWS];
    struct interval_arrival arrival;
    struct interval_block block;
    int64_t values[INTERVAL_MONTH_SLOTS];
    uint8_t states[INTERVAL_MONTH_SLOTS];
    int64_t scales[31];
    int32_t dropped_month;          /* months below are known to be dropped */
};

/* The local month of a local day, counted from January 1970. */
int32_t interval_month_of_day(int32_t day);

/* Make one day of a history a gap; a day outside it is left alone. */
void interval_history_blank(struct interval_history *history, int32_t day);

/* Write a history as one block at the longest period that holds it. Its values and states are used up.
 * returns  bytes; BASE_ERR_FULL, BASE_ERR_RANGE */
int interval_history_pack(struct interval_history *history, uint8_t *out, size_t capacity);

#endif
