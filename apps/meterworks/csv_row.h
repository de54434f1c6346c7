/* Rows of a spreadsheet saved as text (RFC 4180): cells between commas, in quotes where they hold commas, quotes or line
 * ends. A byte order mark at the beginning is passed over, CR LF and LF end a row, empty rows are no rows. */
#ifndef APPS_METERWORKS_CSV_ROW_H
#define APPS_METERWORKS_CSV_ROW_H

#include "base/span.h"

#define CSV_CELL_COUNT 32
#define CSV_CELL_LIMIT 512 /* bytes of a cell with its zero */

enum csv_row_error {
    CSV_ERR_CELLS = -1, /* more cells than CSV_CELL_COUNT */
    CSV_ERR_LONG = -2,  /* a cell that is too long */
    CSV_ERR_QUOTE = -3, /* a quote that does not end, or stands inside a cell */
    CSV_ERR_ZERO = -4   /* a zero byte */
};

struct csv_row {
    size_t count;
    size_t line; /* of the text where the row begins, the first is 1 */
    char cells[CSV_CELL_COUNT][CSV_CELL_LIMIT];
};

/* Where the reading stands. */
struct csv_text {
    struct span rest;
    size_t line;
};

/* `text` must stay as it is while rows are read. */
struct csv_text csv_text_of(struct span text);

/* returns  1 and *row; 0 at the end; CSV_ERR_*, row->line then says where: reading cannot go on */
int csv_row_next(struct csv_text *text, struct csv_row *row);

#endif
