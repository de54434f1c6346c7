/* Walks a template: measures, breaks pages, and draws when there is something to draw on. Internal to the room.
 *
 * The same walk is made twice: first with nothing to draw on, for the number of pages and the height of paper without
 * one, then on the surface. Lengths are points from the page's upper left corner. */
#ifndef DOCUMENT_LAYOUT_H
#define DOCUMENT_LAYOUT_H

#include <cairo.h>
#include <pango/pango.h>

#include "document/document_render.h"

#define LAYOUT_TEXT_LIMIT 8000 /* bytes of one cell with its values in it */

struct layout {
    const struct document_request *request;
    const struct document_template *template;
    PangoContext *context;
    cairo_t *cairo;             /* NULL: only measure */
    int only_page;              /* draw this page alone; 0 all */
    int (*page_end)(struct layout *layout); /* after each page that is drawn; may be NULL. 0 or DOCUMENT_ERR_* */
    const struct document_row *row;
    double width, height;       /* of the page; height 0 while paper without one is measured */
    double margin;              /* at the sides */
    double margin_top;          /* at top and bottom */
    double foot_height;
    double y;
    double left;                /* where words begin, and the room they have beside it: of the page, or of a sheet's field */
    double space;
    double field_bottom;        /* of a sheet's field; 0 outside one */
    int page;
    int pages;                  /* of the first walk */
    int line;                   /* of the template, where the walk is */
    char text[LAYOUT_TEXT_LIMIT];
};

/* Begin with a template and its fonts.
 * returns  0; DOCUMENT_ERR_FONT, DOCUMENT_ERR_MEMORY */
int layout_open(struct layout *layout, const struct document_request *request);
void layout_close(struct layout *layout);

/* Walk once. Before the second walk layout->pages and height are those of the first.
 * returns  0 with layout->page the number of pages and y the end of the last; DOCUMENT_ERR_* */
int layout_walk(struct layout *layout);

/* layout_cell.c: the text of a cell with its values in place, into layout->text.
 * returns  bytes; DOCUMENT_ERR_TEXT */
int layout_text_expand(struct layout *layout, struct span source);

/* layout_cell.c: the height of a line of cells, and, unless `draw` is false, the cells on the page at layout->y.
 * shape    whose widths, aligns and grid count: a row itself, or the table of head and each
 * bold     all cells
 * returns  0 with *height; DOCUMENT_ERR_* */
int layout_cells(struct layout *layout, const struct document_element *element, const struct document_element *shape,
    bool bold, bool draw, double *height);

/* layout_code.c: a QR code of layout->text at layout->y; nothing when that is empty.
 * returns  0 with *height; DOCUMENT_ERR_QR */
int layout_code(struct layout *layout, const struct document_element *element, bool draw, double *height);

/* layout_code.c: a bar code likewise. returns  0 with *height; DOCUMENT_ERR_BARS */
int layout_bars(struct layout *layout, const struct document_element *element, bool draw, double *height);

/* layout_sheet.c: a field for each row of the list, drawn by layout_element_place. 0 or DOCUMENT_ERR_* */
int layout_sheet_place(struct layout *layout, int32_t index);

/* One element at layout->y.
 * index    moves to the last element that is done with
 * returns  0; DOCUMENT_ERR_* */
int layout_element_place(struct layout *layout, int32_t *index);

/* Room for `height` below, on a new page if need be.
 * returns  0; 1: a new page has begun; DOCUMENT_ERR_HEIGHT, DOCUMENT_ERR_PAGES */
int layout_room_make(struct layout *layout, double height);

/* Is this page drawn on this walk? */
bool layout_is_drawn(const struct layout *layout);

#define LAYOUT_POINTS_PER_MM (72.0 / 25.4)
#define LAYOUT_POINTS(millimetres_e2) ((double)(millimetres_e2) / 100.0 * LAYOUT_POINTS_PER_MM)

#endif
