/* Rows of a view as JSON members or CSV cells, masked as the caller's rights demand. Internal to the room. */
#ifndef API_VIEW_JSON_H
#define API_VIEW_JSON_H

#include "api/json_writer.h"
#include "api/view_store.h"

/* The row's columns as members of the object that is open; "a.b" columns that follow one another share one object.
 * reveal   names and phones in full */
void view_json_members(struct json_writer *writer, const struct view_row *row, bool reveal);

/* The row as one object. */
void view_json_object(struct json_writer *writer, const struct view_row *row, bool reveal);

/* The value of the cursor column; false when the view has none. */
bool view_json_cursor(const struct view_row *row, int64_t *cursor);

/* The column names as a CSV line, units in words a spreadsheet's reader expects (_fen becomes _yuan, _value m3 or kWh by device_kind). */
void view_csv_header(struct json_writer *writer, const struct view_row *row);

/* One CSV line: money in yuan, volumes in m3, times as local text. Text that a spreadsheet would take for a formula is
 * disarmed by a leading apostrophe. */
void view_csv_line(struct json_writer *writer, const struct view_row *row, bool reveal, int32_t zone_offset_s);

/* What a cell shows to people: *scale digits after the point; -1: the value is a time. */
int64_t view_csv_number(const struct view_row *row, size_t column, int *scale);

/* A quantity of a meter as people read it: m3 or kWh, heat too (as on the console's pages).
 * value  of the register: 1e-6 m3 or kWh; of heat J
 * scale  digits of the answer after the point */
int64_t view_quantity_number(int64_t value, bool of_heat, int *scale);

/* A text cell as one may see it who may not see names.
 * masked  memory for what is not shown as it is; good until its next use */
struct span view_masked_text(struct json_writer *masked, const struct view_row *row, size_t index);

#endif
