/* The last row of a workbook of money: what its columns come to. Rows that were taken back or came to nothing are in the list
 * and not in the sum; the row says how many. Internal to the room. */
#ifndef API_SHEET_SUMS_H
#define API_SHEET_SUMS_H

#include "api/sheet_writer.h"
#include "api/view_store.h"

struct sheet_sums {
    const struct sheet_sum_rule *rule; /* NULL: nothing is summed */
    size_t column_count;               /* that are shown */
    bool summed[SHEET_COLUMN_LIMIT];
    bool overflowed[SHEET_COLUMN_LIMIT];
    int64_t sum_fen[SHEET_COLUMN_LIMIT];
    int64_t left_out;
};

/* row  the first one: the columns are its */
void sheet_sums_begin(struct sheet_sums *sums, enum view view, const struct view_row *row);

void sheet_sums_take(struct sheet_sums *sums, const struct view_row *row);

/* One row, or nothing when nothing is summed.
 * cut  the list goes on behind the last row written */
void sheet_sums_write(const struct sheet_sums *sums, struct sheet_writer *sheet, bool english, bool cut);

#endif
