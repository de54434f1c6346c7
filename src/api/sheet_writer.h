/* A spreadsheet (.xlsx, ECMA-376) as a stream: rows go out as they come, memory stays the same for a million of them.
 *
 * A sheet of Excel holds 1,048,576 rows; after SHEET_ROW_LIMIT a further sheet begins, with the titles again. Internal to
 * the room. */
#ifndef API_SHEET_WRITER_H
#define API_SHEET_WRITER_H

#include "api/zip_stream.h"

#define SHEET_CONTENT_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define SHEET_ROW_LIMIT 1000000  /* of one sheet */
#define SHEET_LIMIT 50
#define SHEET_COLUMN_LIMIT 64

struct sheet_writer {
    struct zip_stream zip;
    struct json_writer out;      /* finished bytes; the caller takes and resets them */
    struct json_writer text;     /* XML that is not packed yet */
    const char *titles[SHEET_COLUMN_LIMIT];
    size_t column_count;
    const char *name;            /* of the sheets: "usage", "usage 2" */
    int64_t rows;                /* of the open sheet, the titles not counted */
    int sheet_count;
    bool open;                   /* a sheet is begun */
};

/* titles  of static lifetime, at most SHEET_COLUMN_LIMIT; name at most 20 bytes
 * returns  0; -1 without memory */
int sheet_writer_begin(struct sheet_writer *sheet, const char *name, const char *const titles[], size_t count);

/* One row, cell by cell, in the order of the titles. */
void sheet_row_begin(struct sheet_writer *sheet);
void sheet_cell_empty(struct sheet_writer *sheet);
void sheet_cell_text(struct sheet_writer *sheet, struct span text);
void sheet_cell_title(struct sheet_writer *sheet, struct span text);           /* bold, as the titles are */
void sheet_cell_number(struct sheet_writer *sheet, int64_t value, int scale); /* scale: digits after the point */
void sheet_cell_day(struct sheet_writer *sheet, int64_t day);                 /* days since 1970 */
void sheet_cell_time(struct sheet_writer *sheet, int64_t local_s);            /* seconds since 1970, zone already added */
void sheet_row_end(struct sheet_writer *sheet);

/* Cells that were written before, as XML: sheet_text_of gives what one cell of text looks like. */
void sheet_cells_raw(struct sheet_writer *sheet, struct span cells);
void sheet_text_of(struct json_writer *out, struct span text);

/* Close the sheet and write what holds the book together. */
void sheet_writer_end(struct sheet_writer *sheet);

/* Something went wrong: what is there is no whole book. */
bool sheet_writer_failed(const struct sheet_writer *sheet);

void sheet_writer_free(struct sheet_writer *sheet);

#endif
