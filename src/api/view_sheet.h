/* Rows of a view as rows of a spreadsheet, with titles that people read. Internal to the room. */
#ifndef API_VIEW_SHEET_H
#define API_VIEW_SHEET_H

#include "api/sheet_writer.h"
#include "api/view_store.h"

/* Titles of the columns that are shown; a column without words of its own keeps its name.
 * titles   SHEET_COLUMN_LIMIT of them; they live as long as the row's columns
 * returns  how many */
size_t view_sheet_titles(const struct view_row *row, bool english, const char *titles[SHEET_COLUMN_LIMIT]);

/* One row; names and phones are masked unless `reveal`. */
void view_sheet_row(struct sheet_writer *sheet, const struct view_row *row, bool reveal, int32_t zone_offset_s);

#endif
